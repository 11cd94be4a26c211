#pragma once
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "lazuli/core/tensor.h"

namespace lazuli {

/// Some of the element types.
struct DTypeSet {
  uint16_t bits = 0;
  constexpr DTypeSet() = default;
  constexpr explicit DTypeSet(uint16_t b) : bits(b) {}
  constexpr DTypeSet(std::initializer_list<DType> types) {
    for (DType t : types) bits |= uint16_t(1u << int(t));
  }
  constexpr bool has(DType t) const { return bits >> int(t) & 1; }
};
inline constexpr DTypeSet kEveryDType{uint16_t((1u << kDTypeCount) - 1)};

/// How often a slot's calls on devices other than the CPU were served, and by what.
struct KernelCounts {
  const char* name = "";
  uint64_t device = 0, composite = 0, cpu = 0;
};

/// What every slot has, whatever its signature: a name, for each device type one function with the dtypes it takes, a composite of other slots, and counts.
struct KernelBase {
  const char* name;
  std::atomic<void*> functions[kMaxDeviceTypes] = {};
  std::atomic<uint16_t> dtypes[kMaxDeviceTypes] = {};
  std::atomic<void*> composite{nullptr};
  std::atomic<uint64_t> device_calls{0}, composite_calls{0}, cpu_calls{0};
  KernelBase* next = nullptr;  // of all slots with a function
  std::atomic<bool> listed{false};

  explicit constexpr KernelBase(const char* kernel_name) : name(kernel_name) {}
  /// Whether the device's own function takes tensors of this dtype. The meta device takes all.
  bool supports(Device device, DType dtype) const {
    return device.is_meta() || (functions[int(device.type)].load(std::memory_order_relaxed) && DTypeSet(dtypes[int(device.type)]).has(dtype));
  }
  /// Puts it among those that are counted.
  void list();

 protected:
  void set_function(DeviceType device, void* function, DTypeSet types);
};

/// The counts of all slots that a device other than the CPU has called; `kernel_summary` is the same as a table to read.
std::vector<KernelCounts> kernel_counts();
std::string kernel_summary();
void reset_kernel_counts();

/// For a function that has no slot and computes on the host: counted, warned of and refused like a slot that runs on the CPU for `device`. `name` outlives the process.
void count_host_loop(const char* name, Device device);

/// Sees every slot call: the memory tracker, kernel timing, and the recording of whole steps. Null almost always.
struct KernelListener {
  virtual ~KernelListener() = default;
  virtual void before(const KernelBase& kernel, Device device) = 0;
  virtual void after(const KernelBase& kernel, Device device) = 0;
};
extern thread_local constinit KernelListener* kernel_listener;

/// What to do for a slot that the device's backend lacks and that has no composite: copy to the CPU and back with one warning per slot, or throw.
enum class MissingKernel : uint8_t { FallBackToCpu, Throw };
void set_missing_kernel_policy(MissingKernel policy);

namespace detail {
void begin_fallback(KernelBase& kernel, Device device);  // counts, warns once, or throws
Tensor fallback_copy(const Tensor& t);
void fallback_copy_back(Tensor& to, const Tensor& from);

// What a slot's argument asks of a device's function, and how it travels to the CPU. Anything that is no tensor goes as it is.
template <class T>
struct KernelArgument {
  static bool fits(DTypeSet, T) { return true; }
  T value;
  explicit KernelArgument(T v) : value(v) {}
  T get() { return value; }
  void finish() {}
};
template <>
struct KernelArgument<const Tensor&> {
  static bool fits(DTypeSet types, const Tensor& t) { return !t.defined() || types.has(t.body()->dtype); }
  Tensor host;
  explicit KernelArgument(const Tensor& t) : host(t.defined() ? fallback_copy(t) : t) {}
  const Tensor& get() { return host; }
  void finish() {}
};
template <>
struct KernelArgument<Tensor&> {
  static bool fits(DTypeSet types, const Tensor& t) { return !t.defined() || types.has(t.body()->dtype); }
  Tensor &device_tensor, host;
  explicit KernelArgument(Tensor& t) : device_tensor(t), host(t.defined() ? fallback_copy(t) : t) {}
  Tensor& get() { return host; }
  void finish() {
    if (device_tensor.defined()) fallback_copy_back(device_tensor, host);
  }
};
template <>
struct KernelArgument<std::span<const Tensor>> {
  static bool fits(DTypeSet types, std::span<const Tensor> list) {
    for (const Tensor& t : list)
      if (t.defined() && !types.has(t.dtype())) return false;
    return true;
  }
  std::vector<Tensor> host;
  explicit KernelArgument(std::span<const Tensor> list) {
    for (const Tensor& t : list) host.push_back(t.defined() ? fallback_copy(t) : t);
  }
  std::span<const Tensor> get() { return host; }
  void finish() {}
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

  /// `types`: the dtypes of tensors that `f` takes; a call with another one goes the way of a missing function.
  void set(DeviceType device, Function f, DTypeSet types = kEveryDType) { set_function(device, reinterpret_cast<void*>(f), types); }
  /// The same in terms of other slots, for every device that has no function of its own.
  void set_composite(Function f) { composite.store(reinterpret_cast<void*>(f), std::memory_order_release); }

  /// Runs the device's function, else the composite, else the CPU's function on copies. `device` is that of the outputs.
  void operator()(Device device, Args... args) {
    if (device.is_meta()) return;
    auto f = reinterpret_cast<Function>(functions[int(device.type)].load(std::memory_order_relaxed));
    if (!device.is_cpu() || !f) [[unlikely]] {
      if (!f || !(detail::KernelArgument<Args>::fits(DTypeSet(dtypes[int(device.type)].load(std::memory_order_relaxed)), args) && ...))
        return without_kernel(device, args...);
      device_calls.fetch_add(1, std::memory_order_relaxed);
    }
    if (!kernel_listener) [[likely]]
      return f(args...);
    kernel_listener->before(*this, device);
    f(args...);
    kernel_listener->after(*this, device);
  }

  /// What a call does where the device has no function for it. A device's function may call this itself for the cases that it leaves to others.
  void without_kernel(Device device, Args... args) {
    auto substitute = reinterpret_cast<Function>(composite.load(std::memory_order_acquire));
    if (substitute && !device.is_cpu()) {
      composite_calls.fetch_add(1, std::memory_order_relaxed);
      return substitute(args...);
    }
    on_cpu(device, args...);
  }
  /// For a composite that leaves a call to the CPU after all: counted as the CPU's.
  void decline(Device device, Args... args) {
    if (!device.is_cpu()) composite_calls.fetch_sub(1, std::memory_order_relaxed);
    on_cpu(device, args...);
  }

 private:
  void on_cpu(Device device, Args... args) {
    detail::begin_fallback(*this, device);
    run_on_cpu(reinterpret_cast<Function>(functions[0].load()), detail::KernelArgument<Args>(args)...);
  }
  static void run_on_cpu(Function f, detail::KernelArgument<Args>... args) {
    f(args.get()...);
    (args.finish(), ...);
  }
};

}  // namespace lazuli
