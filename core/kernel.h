#pragma once
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "lazuli/core/open/opened.h"
#include "lazuli/core/slots/events.h"

namespace lazuli {

/// How often a slot's calls on devices other than the CPU were served, and by what.
struct KernelCounts {
  const char* name = "";
  uint64_t device = 0, composite = 0, cpu = 0;
};

/// What every slot has, whatever its signature: a name, for each device type one function with the dtypes it takes, a composite of other slots, and counts.
struct KernelBase {
  const char* name;
  std::atomic<void*> direct{nullptr};  // the CPU's function, where it takes all dtypes
  std::atomic<void*> functions[kMaxDeviceTypes] = {};
  std::atomic<uint64_t> dtypes[kMaxDeviceTypes] = {};
  std::atomic<void*> composite{nullptr};
  std::atomic<void*> batch_rule{nullptr};  // a batching::BatchRule (core/vmap/call.h): how vmap calls it for all samples at once
  std::atomic<uint64_t> device_calls{0}, composite_calls{0}, cpu_calls{0};
  KernelBase* next = nullptr;  // of all slots with a function
  std::atomic<bool> listed{false}, warned{false};

  explicit constexpr KernelBase(const char* kernel_name) : name(kernel_name) {}
  /// Whether the device's own function takes tensors of this dtype. The meta device takes all.
  bool supports(Device device, DType dtype) const {
    return device.is_meta() || (functions[int(device.type)].load(std::memory_order_relaxed) && types_on(device).has(dtype));
  }
  /// What was said to `set`.
  DTypeSet types_on(Device device) const { return DTypeSet(dtypes[int(device.type)].load(std::memory_order_relaxed)); }
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

/// What to do for a slot that the device's backend lacks and that has no composite: copy to the CPU and back with one warning per slot, or throw.
enum class MissingKernel : uint8_t { FallBackToCpu, Throw };
void set_missing_kernel_policy(MissingKernel policy);

namespace detail {
/// Calls `slot` with the arguments at these addresses, in their order.
using CallAt = void (*)(KernelBase& slot, Device device, const void* const* arguments);
/// Inside a vmap: makes a call with batched tensors, for all samples; false where none is batched.
bool call_batched(KernelBase& slot, Device device, std::span<const SlotArgument> arguments, CallAt call);

void begin_fallback(KernelBase& kernel, Device device);  // counts, warns once, or throws
[[noreturn]] void fail_no_kernel(const KernelBase& kernel, Device device, DTypeSet asked);
[[noreturn]] void fail_not_on_host(const KernelBase& kernel, std::initializer_list<Device> there);
Tensor fallback_copy(const Tensor& t);
void fallback_copy_back(Tensor& to, const Tensor& from);

inline DTypeSet dtype_in(const Tensor& t) { return t.defined() ? DTypeSet{t.body()->dtype} : DTypeSet(); }

inline Device device_in(const Tensor& t) { return t.defined() ? t.body()->device : kCPU; }
Device device_in(std::span<const Tensor> list);
template <class T>
Device device_in(const T&) {
  return kCPU;
}

// What dtypes a slot's argument asks of a function, and how it travels to the CPU. Anything that is no tensor goes as it is.
template <class T>
struct KernelArgument {
  static DTypeSet dtypes(const T&) { return {}; }
  T value;
  explicit KernelArgument(T v) : value(v) {}
  T get() { return value; }
  void finish() {}
};
template <>
struct KernelArgument<const Tensor&> {
  static DTypeSet dtypes(const Tensor& t) { return dtype_in(t); }
  Tensor host;
  explicit KernelArgument(const Tensor& t) : host(t.defined() ? fallback_copy(t) : t) {}
  const Tensor& get() { return host; }
  void finish() {}
};
template <>
struct KernelArgument<Tensor&> {
  static DTypeSet dtypes(const Tensor& t) { return dtype_in(t); }
  Tensor &device_tensor, host;
  explicit KernelArgument(Tensor& t) : device_tensor(t), host(t.defined() ? fallback_copy(t) : t) {}
  Tensor& get() { return host; }
  void finish() {
    if (device_tensor.defined()) fallback_copy_back(device_tensor, host);
  }
};
template <>
struct KernelArgument<std::span<const Tensor>> {
  static DTypeSet dtypes(std::span<const Tensor> list);
  std::vector<Tensor> host;
  explicit KernelArgument(std::span<const Tensor> list);
  std::span<const Tensor> get();
  void finish() {}
};
}  // namespace detail

template <class Signature>
class Kernel;

/// A kernel slot: a named signature with one function per device type. A slot takes allocated outputs (`Tensor&`) and inputs (`const Tensor&`);
/// it never allocates results, records gradients or checks users' arguments. On the meta device it does nothing.
/// Whoever listens (events.h) is told each call.
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
  /// Throws Error (NotSupported) where none of them takes these dtypes, and (Argument) on the CPU for a tensor that is elsewhere, which no operator has looked at.
  void operator()(Device device, Args... args) {
    if (device.is_cpu() && !detail::slots_watched) [[likely]]
      if (auto f = reinterpret_cast<Function>(direct.load(std::memory_order_relaxed))) [[likely]] {
        if ((detail::device_in(args).is_cpu() && ...)) [[likely]]
          return f(args...);
        fail_elsewhere(args...);
      }
    call(device, args...);
  }

  /// What a call does where the device has no function for it. A device's function may call this itself for the cases that it leaves to others.
  void without_kernel(Device device, Args... args) {
    if (auto substitute = reinterpret_cast<Function>(composite.load(std::memory_order_acquire))) {
      if (!device.is_cpu()) composite_calls.fetch_add(1, std::memory_order_relaxed);
      return told(ServedBy::Composite, device, substitute, args...);
    }
    on_cpu(device, args...);
  }
  /// For a composite that leaves a call to the CPU after all: counted as the CPU's.
  void decline(Device device, Args... args) {
    if (!device.is_cpu()) composite_calls.fetch_sub(1, std::memory_order_relaxed);
    on_cpu(device, args...);
  }

 private:
  [[noreturn, gnu::noinline]] void fail_elsewhere(const std::remove_reference_t<Args>&... args) const {
    detail::fail_not_on_host(*this, {detail::device_in(args)...});
  }
  [[gnu::noinline]] void call(Device device, Args... args) {
    if (device.is_meta()) return;
    if (detail::newest_batch_level && batched(device, args...)) return;
    if (device.is_cpu() && !(detail::device_in(args).is_cpu() && ...)) fail_elsewhere(args...);
    if (detail::slots_opened.load(std::memory_order_relaxed) && opened(device, args...)) return;
    const bool compose = detail::composing() && composite.load(std::memory_order_relaxed);
    if (compose || !takes(device, args...)) return without_kernel(device, args...);
    if (!device.is_cpu()) device_calls.fetch_add(1, std::memory_order_relaxed);
    told(ServedBy::Device, device, own(device), args...);
  }
  // What programs have registered: their kernels, and dtypes whose elements a slot only moves.
  [[gnu::noinline]] bool opened(Device device, Args... args) {
    const SlotArgument views[] = {SlotArgument::of<Args>(args)...};
    if (detail::serve_opened(*this, device, views)) return true;
    if (!detail::only_moves(*this, views)) return false;
    std::tuple<detail::Carried<Args>...> movable(args...);
    std::apply([&](auto&... argument) { (*this)(device, argument.get()...); }, movable);
    return true;
  }
  bool batched(Device device, Args... args) {
    const SlotArgument views[] = {SlotArgument::of<Args>(args)...};
    return detail::call_batched(*this, device, views, [](KernelBase& slot, Device on, const void* const* at) {
      call_at(static_cast<Kernel&>(slot), on, at, std::index_sequence_for<Args...>());
    });
  }
  template <size_t... I>
  static void call_at(Kernel& slot, Device device, const void* const* at, std::index_sequence<I...>) {
    slot(device, *static_cast<std::remove_reference_t<Args>*>(const_cast<void*>(at[I]))...);
  }
  Function own(Device device) const { return reinterpret_cast<Function>(functions[int(device.type)].load(std::memory_order_relaxed)); }
  static DTypeSet asked(const std::remove_reference_t<Args>&... args) { return (DTypeSet() | ... | detail::KernelArgument<Args>::dtypes(args)); }
  bool takes(Device device, const std::remove_reference_t<Args>&... args) const { return own(device) && types_on(device).covers(asked(args...)); }

  void on_cpu(Device device, Args... args) {
    const bool there = takes(kCPU, args...);
    if (!there && (device.is_cpu() || !composite.load(std::memory_order_relaxed))) detail::fail_no_kernel(*this, device, asked(args...));
    if (device.is_cpu()) return told(ServedBy::Device, device, own(device), args...);
    detail::begin_fallback(*this, device);
    told(
        ServedBy::Fallback, device, [this](Args... a) { on_copies(std::tuple{detail::KernelArgument<Args>(a)...}); }, args...);
  }
  void on_copies(std::tuple<detail::KernelArgument<Args>...> copies) {  // made and written back in the order of the arguments
    std::apply(
        [this](auto&... copy) {
          (*this)(kCPU, copy.get()...);
          (copy.finish(), ...);
        },
        copies);
  }
  template <class F>
  void told(ServedBy by, Device device, const F& f, Args... args) {
    if (!detail::slots_watched || !detail::listening()) [[likely]]
      return f(args...);
    const SlotArgument views[] = {SlotArgument::of<Args>(args)...};
    const SlotCall event{*this, device, by, views};
    const detail::CallScope scope(event);
    f(args...);
  }
};

}  // namespace lazuli
