#pragma once
#include <atomic>
#include <cstdint>

#include "lazuli/core/tensor.h"

namespace lazuli {

/// What every slot has, whatever its signature: a name, one function for each device type, and counts.
struct KernelBase {
  const char* name;
  std::atomic<void*> functions[kMaxDeviceTypes] = {};
  std::atomic<uint64_t> fallbacks{0};  // calls that were served by copies to the CPU

  explicit constexpr KernelBase(const char* kernel_name) : name(kernel_name) {}
  bool has(Device device) const { return device.is_meta() || functions[int(device.type)].load(std::memory_order_relaxed); }
};

/// Sees every slot call: the memory tracker, kernel timing, and the recording of whole steps. Null almost always.
struct KernelListener {
  virtual ~KernelListener() = default;
  virtual void before(const KernelBase& kernel, Device device) = 0;
  virtual void after(const KernelBase& kernel, Device device) = 0;
};
extern thread_local constinit KernelListener* kernel_listener;

/// What to do for a slot that the device's backend lacks: copy to the CPU and back with one warning per slot, or throw.
enum class MissingKernel : uint8_t { FallBackToCpu, Throw };
void set_missing_kernel_policy(MissingKernel policy);

namespace detail {
void begin_fallback(KernelBase& kernel, Device device);  // counts, warns once, or throws
Tensor fallback_copy(const Tensor& t, Device device);
void fallback_copy_back(Tensor& to, const Tensor& from);

template <class T>
struct FallbackArgument {  // anything that is not a tensor goes through as it is
  T value;
  FallbackArgument(T v, Device) : value(v) {}
  T get() { return value; }
};
template <>
struct FallbackArgument<const Tensor&> {
  Tensor host;
  FallbackArgument(const Tensor& t, Device) : host(t.defined() ? fallback_copy(t, kCPU) : t) {}
  const Tensor& get() { return host; }
};
template <>
struct FallbackArgument<Tensor&> {
  Tensor &device_tensor, host;
  FallbackArgument(Tensor& t, Device) : device_tensor(t), host(t.defined() ? fallback_copy(t, kCPU) : t) {}
  ~FallbackArgument() {
    if (device_tensor.defined()) fallback_copy_back(device_tensor, host);
  }
  Tensor& get() { return host; }
};
}  // namespace detail

template <class Signature>
class Kernel;

/// A kernel slot: a named signature with one function per device type. A slot takes allocated outputs (`Tensor&`) and inputs (`const Tensor&`);
/// it never allocates results, records gradients or checks users' arguments. On the meta device it does nothing.
template <class... Args>
class Kernel<void(Args...)> : public KernelBase {
 public:
  using Function = void (*)(Args...);
  using KernelBase::KernelBase;

  void set(DeviceType device, Function f) { functions[int(device)].store(reinterpret_cast<void*>(f), std::memory_order_release); }

  /// Runs the device's function. `device` is that of the outputs.
  void operator()(Device device, Args... args) {
    if (device.is_meta()) return;
    auto f = reinterpret_cast<Function>(functions[int(device.type)].load(std::memory_order_relaxed));
    if (!f) [[unlikely]] return fall_back(device, args...);
    if (!kernel_listener) [[likely]] return f(args...);
    kernel_listener->before(*this, device);
    f(args...);
    kernel_listener->after(*this, device);
  }

 private:
  void fall_back(Device device, Args... args) {
    detail::begin_fallback(*this, device);
    run_on_cpu(reinterpret_cast<Function>(functions[0].load()), detail::FallbackArgument<Args>(args, device)...);
  }
  static void run_on_cpu(Function f, detail::FallbackArgument<Args>... args) { f(args.get()...); }
};

}  // namespace lazuli
