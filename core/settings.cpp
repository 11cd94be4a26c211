#include "lazuli/core/settings.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "lazuli/core/backend.h"
#include "lazuli/core/error.h"
#include "lazuli/core/warning.h"

namespace lazuli {
namespace {

std::atomic<bool> deterministic{false}, warn_only_mode{false}, fill_memory{true}, always{false};
std::atomic<int> interop{0};

struct TypeName {
  std::string_view name;
  DType dtype;
};
constexpr TypeName kTypeNames[] = {{"FloatTensor", kFloat32}, {"DoubleTensor", kFloat64}, {"HalfTensor", kFloat16}, {"BFloat16Tensor", kBFloat16}};

}  // namespace

thread_local constinit Device detail::default_device;

void set_default_device(Device device) {
  if (!device.is_cpu() && !device.is_meta()) backend_of(device);  // throws for one that is not there
  detail::default_device = device;
}

void set_default_tensor_type(std::string_view type) {
  const std::string_view bare = type.starts_with("torch.") ? type.substr(6) : type;
  const bool cuda = bare.starts_with("cuda.");
  for (const TypeName& known : kTypeNames) {
    if (known.name != (cuda ? bare.substr(5) : bare)) continue;
    set_default_device(cuda ? Device(DeviceType::CUDA) : kCPU);
    return set_default_dtype(known.dtype);
  }
  fail(ErrorKind::Type, "set_default_tensor_type", "type", "a floating point tensor type, such as \"torch.FloatTensor\"",
       "\"" + std::string(type) + "\"");
}
void set_default_tensor_type(DType type) { set_default_dtype(type); }

void use_deterministic_algorithms(bool mode, bool warn_only) {
  deterministic = mode;
  warn_only_mode = mode && warn_only;
}
bool are_deterministic_algorithms_enabled() { return deterministic.load(std::memory_order_relaxed); }
bool is_deterministic_algorithms_warn_only_enabled() { return warn_only_mode; }

void set_deterministic_debug_mode(std::string_view mode) {
  if (mode == "default") return use_deterministic_algorithms(false);
  if (mode == "warn") return use_deterministic_algorithms(true, true);
  if (mode == "error") return use_deterministic_algorithms(true);
  fail("set_deterministic_debug_mode", "mode", "\"default\", \"warn\" or \"error\"", "\"" + std::string(mode) + "\"");
}
void set_deterministic_debug_mode(int mode) {
  if (mode < 0 || mode > 2) fail("set_deterministic_debug_mode", "mode", "0, 1 or 2", std::to_string(mode));
  use_deterministic_algorithms(mode > 0, mode == 1);
}
int get_deterministic_debug_mode() { return !deterministic ? 0 : warn_only_mode ? 1 : 2; }

void set_fill_uninitialized_memory(bool fill) { fill_memory = fill; }
bool fills_uninitialized_memory() { return deterministic.load(std::memory_order_relaxed) && fill_memory; }

std::vector<std::string> deterministic_changes() {
  return {
      "empty, empty_like, empty_strided, new_empty, new_empty_strided, resize_: memory without values is filled with NaN, or the greatest value of "
      "an integer dtype, or true "
      "(set_fill_uninitialized_memory)",
      "kernels that a program registers as not deterministic (registry::KernelConfig::deterministic = false), and functions that call "
      "alert_not_deterministic: an Error, or a "
      "warning with warn_only",
      "convolutions on CUDA devices where cuDNN is: only by its algorithms that give the same result each time"};
}

void alert_not_deterministic(std::string_view function) {
  if (!are_deterministic_algorithms_enabled()) return;
  const std::string text = std::string(function) + " may give another result each time";
  if (warn_only_mode) return warn_once(text);
  fail(ErrorKind::NotSupported, function, "", "a deterministic algorithm (use_deterministic_algorithms is on)",
       "one whose result may differ from run to run");
}

void set_warn_always(bool value) { always = value; }
bool is_warn_always_enabled() { return always; }

int get_num_interop_threads() {
  const int set = interop;
  return set ? set : int(std::max(1u, std::thread::hardware_concurrency()));
}
void set_num_interop_threads(int n) {
  if (n < 1) fail("set_num_interop_threads", "n", "at least 1", std::to_string(n));
  interop = n;
}

DeterministicGuard::DeterministicGuard(bool mode, bool warn_only)
    : mode_(are_deterministic_algorithms_enabled()), warn_only_(is_deterministic_algorithms_warn_only_enabled()) {
  use_deterministic_algorithms(mode, warn_only);
}
DeterministicGuard::~DeterministicGuard() { use_deterministic_algorithms(mode_, warn_only_); }

}  // namespace lazuli
