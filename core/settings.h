#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "lazuli/core/device.h"
#include "lazuli/core/dtype.h"

/// What holds for the whole process unless said otherwise, each with a guard that sets it for the length of a block. Threads: core/threads/parallel.h; the precision of
/// products: core/slots/matmul_precision.h; printing: core/print.h.
namespace lazuli {

/// Where tensors are made when no device is said: of this thread, the CPU at first.
Device get_default_device();
void set_default_device(Device device);

/// The default dtype, by PyTorch's names of tensor types ("torch.DoubleTensor") or as a dtype; of "torch.cuda.FloatTensor" the device as well.
/// Throws Error for a type that is not floating point, and for other texts.
void set_default_tensor_type(std::string_view type);
void set_default_tensor_type(DType type);

/// Deterministic mode: what could differ from run to run does not, or is refused. `deterministic_changes()` lists what it changes. The library's own kernels give the same result each
/// time for one number of threads, in every mode; gradients of convolutions by cuDNN only in this one. With `warn_only` what has no deterministic form warns instead of throwing.
void use_deterministic_algorithms(bool mode, bool warn_only = false);
bool are_deterministic_algorithms_enabled();
bool is_deterministic_algorithms_warn_only_enabled();
/// The same by word or number: "default" (0), "warn" (1), "error" (2). Throws Error for others.
void set_deterministic_debug_mode(std::string_view mode);
void set_deterministic_debug_mode(int mode);
int get_deterministic_debug_mode();
/// In deterministic mode: new memory without values (`empty`, `resize_` and their kin) is filled with NaN, or the greatest value of an integer dtype. On at first.
void set_fill_uninitialized_memory(bool fill);
bool fills_uninitialized_memory();
/// What deterministic mode changes, one line each.
std::vector<std::string> deterministic_changes();
/// For a kernel or function whose result may differ from run to run: in deterministic mode it throws Error (NotSupported), or warns.
void alert_not_deterministic(std::string_view function);

/// Whether `warn_once` warns each time.
void set_warn_always(bool always);
bool is_warn_always_enabled();

/// How many operators may run at a time. PyTorch's number, kept and given back: here the operators of one thread run one after the other.
int get_num_interop_threads();
/// Throws Error for n < 1.
void set_num_interop_threads(int n);

/// Always true: libraries with the old std::string do not link.
constexpr bool compiled_with_cxx11_abi() { return true; }

namespace detail {
extern thread_local constinit Device default_device;
/// Sets a value for the length of a block.
template <auto get, auto set>
class [[nodiscard]] SettingGuard {
 public:
  template <class T>
  explicit SettingGuard(const T& value) : before_(get()) {
    set(value);
  }
  ~SettingGuard() { set(before_); }
  SettingGuard(const SettingGuard&) = delete;
  SettingGuard& operator=(const SettingGuard&) = delete;

 private:
  decltype(get()) before_;
};
}  // namespace detail

inline Device get_default_device() { return detail::default_device; }

using DefaultDeviceGuard = detail::SettingGuard<&get_default_device, &set_default_device>;
using DefaultDTypeGuard = detail::SettingGuard<&get_default_dtype, &set_default_dtype>;
using WarnAlwaysGuard = detail::SettingGuard<&is_warn_always_enabled, &set_warn_always>;

/// `DeterministicGuard guard;` or `guard(true, /*warn_only=*/true)`.
class [[nodiscard]] DeterministicGuard {
 public:
  explicit DeterministicGuard(bool mode = true, bool warn_only = false);
  ~DeterministicGuard();
  DeterministicGuard(const DeterministicGuard&) = delete;
  DeterministicGuard& operator=(const DeterministicGuard&) = delete;

 private:
  bool mode_, warn_only_;
};

}  // namespace lazuli
