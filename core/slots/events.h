#pragma once
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>

#include "lazuli/core/tensor.h"

/// What happens, told to who listens: every call of a kernel slot with its arguments, transfers, reads of single values, loops on the host, memory taken and given back.
/// Profilers, memory trackers and recorders are listeners. While nobody listens it costs one branch a call.
namespace lazuli {

struct KernelBase;

/// Who serves a slot call. What the last two do is seen as calls and transfers inside of theirs; so is what a device's function leaves to others.
enum class ServedBy : uint8_t {
  Device,     // the function of the device (of the CPU, for tensors there)
  Composite,  // calls of other slots
  Fallback    // the CPU, on copies
};

/// One argument of a slot call, as the function gets it: a view that lives as long as the call. Arguments that change from step to step (a place in the random stream, an
/// optimizer's learning rate and step) come by reference: `address()` is that of the caller's object.
class SlotArgument {
 public:
  enum class Kind : uint8_t {
    Output /*a tensor that is written*/,
    Input,
    Inputs,
    Sizes /*a Shape*/,
    Integer,
    Real,
    Flag,
    Number /*a Scalar*/,
    Code /*which operator*/,
    Options /*a struct with members*/
  };
  Kind kind() const { return kind_; }
  const void* address() const { return address_; }
  /// The tensors of an Output, Input (one each, perhaps undefined) or Inputs; empty for other kinds.
  std::span<const Tensor> tensors() const;
  // One for each of the other kinds; asked of an argument of another kind: Error.
  const Shape& sizes() const { return get<Shape>(Kind::Sizes); }
  int64_t integer() const { return get<int64_t>(Kind::Integer); }
  double real() const { return get<double>(Kind::Real); }
  bool flag() const { return get<bool>(Kind::Flag); }
  const Scalar& number() const { return get<Scalar>(Kind::Number); }
  /// The code as a number, and its name: "Add".
  int code() const;
  std::string_view code_name() const;
  /// The struct (or the code), if it is a T; else null.
  template <class T>
  const T* as() const {
    return about_ && *about_->type == typeid(T) ? static_cast<const T*>(address_) : nullptr;
  }
  /// Calls f(name, value) for each member of an Options argument, in order; numbers and flags as Scalars.
  template <class F>
  void for_each_member(F f) const {
    if (kind_ != Kind::Options) return;
    about_->visit(
        address_, [](void* to, const char* name, const Scalar& value) { (*static_cast<F*>(to))(name, value); }, &f);
  }

  /// A view of a slot's argument of the declared type T.
  template <class T>
  static SlotArgument of(const std::remove_reference_t<T>& value);

 private:
  using Visit = void(void* to, const char* name, const Scalar& value);
  // What there is to know of a type of codes or options.
  struct About {
    const std::type_info* type;
    int (*code)(const void* at);
    std::string_view (*name)(const void* at);
    void (*visit)(const void* at, Visit* visit, void* to);
  };
  template <class T>
  static const About* about();

  SlotArgument(Kind kind, const void* address, const About* about) : address_(address), about_(about), kind_(kind) {}
  template <class T>
  const T& get(Kind wanted) const {
    if (kind_ != wanted) [[unlikely]]
      fail_kind();
    return *static_cast<const T*>(address_);
  }
  [[noreturn]] void fail_kind() const;

  const void* address_;
  const About* about_;
  Kind kind_;
};

/// A call of a slot: `arguments` are all of its arguments in the order of core/slots.h.
struct SlotCall {
  const KernelBase& slot;
  Device device;
  ServedBy by;
  std::span<const SlotArgument> arguments;
};
/// "binary(Add, out float32[2, 3], float32[2, 3], float32[3] strides [0, 1], {p0=0, p1=0}) on cpu"
std::string to_string(const SlotCall& call);
std::string to_string(const SlotArgument& argument);

/// Bytes on their way between two devices, or within one.
struct Transfer {
  Device to, from;
  int64_t bytes;
  const void *target, *source;
  bool waits;  // done when it ends
};

/// Memory of a tensor, from the device's allocator; `bytes` as they were asked for. `pinned`: memory of the host that `device` copies from and to.
struct Allocation {
  const void* data;
  int64_t bytes;
  Device device;
  bool pinned;
};

/// Is told what happens on the thread that it listens on (see Listening). What it does itself while it is told is not told to anybody, and it begins and ends no listening
/// then. What a function other than the noexcept ones throws comes out of the operator: the call, copy or allocation does not take place.
class EventListener {
 public:
  virtual ~EventListener() = default;
  /// Each call that begins ends, also when it throws.
  virtual void call_begins(const SlotCall&) {}
  virtual void call_ends(const SlotCall&, bool /*threw*/) noexcept {}
  virtual void transfer_begins(const Transfer&) {}
  virtual void transfer_ends(const Transfer&) noexcept {}
  /// The host reads the tensor's value: `item()`, and `to_vector()` of many.
  virtual void value_read(const Tensor&) {}
  /// A function without a slot computes on the host, whatever the device of its tensors; no calls tell what it does.
  virtual void host_loop(std::string_view /*function*/, Device) {}
  virtual void allocated(const Allocation&) noexcept {}
  virtual void freed(const Allocation&) noexcept {}
};

/// `listener` listens on this thread for as long as this lives. Several may: all are told, the newest first at a beginning and last at an end. One that comes in the middle of a call
/// is told neither its beginning nor its end.
class [[nodiscard]] Listening {
 public:
  explicit Listening(EventListener& listener);
  ~Listening();
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  friend struct Events;
  EventListener& listener_;
  Listening *older_, *newer_ = nullptr;
  int64_t open_calls_ = 0, open_transfers_ = 0;
};

/// While one lives, this thread's slot calls run the composite wherever a slot has one, on every device, so that it can be held against the kernel.
class [[nodiscard]] ComposeGuard {
 public:
  ComposeGuard();
  ~ComposeGuard();
  ComposeGuard(const ComposeGuard&) = delete;
  ComposeGuard& operator=(const ComposeGuard&) = delete;
};

namespace detail {
/// Somebody listens on this thread, or composites are preferred: the way of a slot call is not the shortest.
extern thread_local constinit bool slots_watched;
bool listening();
bool composing();

/// The innermost vmap that this thread is inside of; 0 outside. Slot calls then go by their batching rules (core/vmap/call.h).
extern thread_local constinit uint64_t newest_batch_level;
void set_newest_batch_level(uint64_t level);

/// Tells a call's beginning, and its end when it goes.
class CallScope {
 public:
  explicit CallScope(const SlotCall& call);
  ~CallScope();

 private:
  const SlotCall& call_;
  int exceptions_;
};
class TransferScope {
 public:
  explicit TransferScope(const Transfer& transfer) : transfer_(transfer), told_(slots_watched && tell_begin()) {}
  ~TransferScope() {
    if (told_) tell_end();
  }

 private:
  bool tell_begin();
  void tell_end() noexcept;
  const Transfer transfer_;
  bool told_;
};
void tell_value_read(const Tensor& t);
void tell_host_loop(std::string_view function, Device device);
void tell_allocated(const Allocation& memory) noexcept;
void tell_freed(const Allocation& memory) noexcept;
}  // namespace detail

template <class T>
const SlotArgument::About* SlotArgument::about() {
  static constexpr About about{&typeid(T),
                               [](const void* at) {
                                 if constexpr (std::is_enum_v<T>) return int(*static_cast<const T*>(at));
                                 else return 0;
                               },
                               [](const void* at) -> std::string_view {
                                 if constexpr (std::is_enum_v<T>) return name(*static_cast<const T*>(at));
                                 else return {};
                               },
                               [](const void* at, Visit* visit, void* to) {
                                 if constexpr (requires { T::members(); })
                                   std::apply([&](const auto&... m) { (visit(to, m.name, static_cast<const T*>(at)->*m.place), ...); }, T::members());
                               }};
  return &about;
}

template <class T>
SlotArgument SlotArgument::of(const std::remove_reference_t<T>& value) {
  using Value = std::remove_cvref_t<T>;
  const void* at = &value;
  if constexpr (std::is_same_v<T, Tensor&>) return {Kind::Output, at, nullptr};
  else if constexpr (std::is_same_v<T, const Tensor&>) return {Kind::Input, at, nullptr};
  else if constexpr (std::is_same_v<Value, std::span<const Tensor>>) return {Kind::Inputs, at, nullptr};
  else if constexpr (std::is_same_v<Value, Shape>) return {Kind::Sizes, at, nullptr};
  else if constexpr (std::is_same_v<Value, int64_t>) return {Kind::Integer, at, nullptr};
  else if constexpr (std::is_same_v<Value, double>) return {Kind::Real, at, nullptr};
  else if constexpr (std::is_same_v<Value, bool>) return {Kind::Flag, at, nullptr};
  else if constexpr (std::is_same_v<Value, Scalar>) return {Kind::Number, at, nullptr};
  else if constexpr (std::is_enum_v<Value>) return {Kind::Code, at, about<Value>()};
  else {
    static_assert(
        requires { Value::members(); },
        "a slot's argument is a tensor, a number, a code, sizes, or a struct that lists its members (core/slots/codes.h)");
    return {Kind::Options, at, about<Value>()};
  }
}

}  // namespace lazuli
