#pragma once
#include <optional>
#include <type_traits>
#include <vector>

#include "lazuli/core/tensor.h"

/// Mixed precision: while an `autocast` lives, operators that gain by it compute in float16 or bfloat16, those that need it in float32.
namespace lazuli::amp {

struct AutocastOptions {
  std::optional<DType> dtype = {};
  bool enabled = true;
  std::optional<bool> cache_enabled = {};
};

/// While it lives, operators of this thread on `device`'s kind of device follow their policies (docs/mixed_precision.md has the lists). Guards nest: the innermost counts.
/// A weight that is a leaf is cast once under the outermost guard and again only when its version has changed. Backwards run without: their formulas compute in the dtypes of the forward.
///   {
///     autocast guard(kCPU, kBFloat16);
///     loss = cross_entropy(net(x), y);
///   }
///   loss.backward();
/// `dtype`: float16 or bfloat16, by default that of the kind of device (bfloat16 on the CPU, float16 elsewhere). `enabled` false: switched off for the block.
class [[nodiscard]] autocast {
 public:
  explicit autocast(Device device, std::optional<DType> dtype = {}, bool enabled = true, std::optional<bool> cache_enabled = {});
  autocast(Device device, const AutocastOptions& options) : autocast(device, options.dtype, options.enabled, options.cache_enabled) {}
  ~autocast();
  autocast(const autocast&) = delete;
  autocast& operator=(const autocast&) = delete;

 private:
  Device device_;
  DType dtype_before_;
  bool enabled_before_, cache_before_;
};

// The same as functions; of this thread.
bool is_autocast_enabled(Device device = DeviceType::CUDA);
void set_autocast_enabled(Device device, bool enabled);
DType get_autocast_dtype(Device device);
/// Throws Error (Type) for a dtype other than float16 and bfloat16.
void set_autocast_dtype(Device device, DType dtype);
bool is_autocast_cache_enabled();
void set_autocast_cache_enabled(bool enabled);
void clear_autocast_cache();
/// How deep guards are nested now; the cache is dropped when the outermost ends.
int autocast_increment_nesting();
int autocast_decrement_nesting();
bool is_autocast_available(Device device);

inline bool is_autocast_cpu_enabled() { return is_autocast_enabled(DeviceType::CPU); }
inline void set_autocast_cpu_enabled(bool enabled) { set_autocast_enabled(DeviceType::CPU, enabled); }
inline DType get_autocast_cpu_dtype() { return get_autocast_dtype(DeviceType::CPU); }
inline void set_autocast_cpu_dtype(DType dtype) { set_autocast_dtype(DeviceType::CPU, dtype); }
inline DType get_autocast_gpu_dtype() { return get_autocast_dtype(DeviceType::CUDA); }
inline void set_autocast_gpu_dtype(DType dtype) { set_autocast_dtype(DeviceType::CUDA, dtype); }
// There are no such devices here.
inline bool is_autocast_ipu_enabled() { return false; }
inline bool is_autocast_xla_enabled() { return false; }
inline DType get_autocast_ipu_dtype() { return kFloat16; }
inline DType get_autocast_xla_dtype() { return kBFloat16; }

namespace detail {
/// A bit for each kind of device whose operators follow their policies in this thread.
extern thread_local constinit uint32_t autocast_devices;

/// Policies do not hold while it lives.
class Suspended {
 public:
  Suspended() : before_(autocast_devices) { autocast_devices = 0; }
  ~Suspended() { autocast_devices = before_; }
  Suspended(const Suspended&) = delete;
  Suspended& operator=(const Suspended&) = delete;

 private:
  uint32_t before_;
};
}  // namespace detail

/// All of this thread's state, to be set again elsewhere: a recomputed forward casts as the first did.
struct AutocastState {
  uint32_t devices = 0, bfloat16 = 0;  // a bit for each kind of device
  bool cache = true;
  static AutocastState current();

  /// The state is this one for as long as the scope lives.
  class [[nodiscard]] Scope;
};
class AutocastState::Scope {
 public:
  explicit Scope(const AutocastState& state);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  AutocastState before_;
};

}  // namespace lazuli::amp

namespace lazuli {

using amp::autocast;

/// What autocast makes of an operator's float16, bfloat16 and float32 tensors; others, float64 too, stay what they are. The last three hold on GPUs only, as in PyTorch.
enum class Cast : uint8_t { Lower /*the guard's dtype*/, Float32, Widest /*that of the widest of them*/, LowerOnGpu, Float32OnGpu, WidestOnGpu };

/// The line by which an operator says its policy; false where autocast is off. What runs inside follows no further policies.
///   Tensor attention_scores(const Tensor& q, const Tensor& k) {
///     if (const Casting cast{Cast::Lower, q, k}) return attention_scores(cast(q), cast(k));
///     ...
class [[nodiscard]] Casting {
 public:
  template <class... T>
  explicit Casting(Cast policy, const T&... tensors) {
    if (amp::detail::autocast_devices) [[unlikely]] {
      (look(tensors), ...);
      begin(policy);
    }
  }
  ~Casting() {
    if (active_) amp::detail::autocast_devices = before_;
  }
  Casting(const Casting&) = delete;
  Casting& operator=(const Casting&) = delete;
  explicit operator bool() const { return active_; }

  /// The tensor in its new dtype, differentiably.
  Tensor operator()(const Tensor& t) const;
  std::optional<Tensor> operator()(const std::optional<Tensor>& t) const;
  std::vector<Tensor> operator()(const std::vector<Tensor>& tensors) const;
  /// Options whose tensors are cast.
  template <class O>
  requires requires { O::members(); }
  O operator()(O options) const {
    for_each_member(options, [this](const auto&, auto& value) { this->cast_member(value); });
    return options;
  }

 private:
  template <class M>
  void cast_member(M& member) const {
    if constexpr (std::is_same_v<M, std::optional<Tensor>>) member = (*this)(member);
  }
  template <class O>
  requires requires { O::members(); }
  void look(const O&) {}  // what comes with its input
  void look(const Tensor& t);
  void look(const std::optional<Tensor>& t) {
    if (t) look(*t);
  }
  void look(const std::vector<Tensor>& tensors) {
    for (const Tensor& t : tensors) look(t);
  }
  void begin(Cast policy);
  bool active_ = false, any_ = false, float32_ = false, float64_ = false;
  Device device_;
  DType to_ = kFloat32;
  uint32_t before_ = 0;
};

}  // namespace lazuli
