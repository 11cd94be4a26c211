#pragma once
#include <cmath>
#include <memory>
#include <span>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

#include "lazuli/core/kernel.h"

/// What a list of calls has to know of a slot: how it is called with arguments that somebody keeps, and how such arguments are copied and compared.
namespace lazuli::recording {

/// The type of an argument of a slot that is no tensor, and what can be done with a value of it at some address.
struct ValueType {
  const std::type_info* type;
  std::shared_ptr<void> (*copy)(const void* value);
  void (*assign)(void* to, const void* from);
  bool (*equal)(const void* a, const void* b);
  SlotArgument (*view)(const void* value);

  template <class T>
  static const ValueType* of();
};

struct ArgumentType {
  SlotArgument::Kind kind;
  const ValueType* value;  // null for tensors and lists of them
};

struct SlotType {
  KernelBase* slot;
  lazuli::detail::CallAt call;
  std::vector<ArgumentType> arguments;
};

/// Null for a slot that nobody made known. All of core/slots are.
const SlotType* slot_type(const KernelBase& slot);
const SlotType* slot_type(std::string_view name);
/// Whether it is one of the library's, and not a program's.
bool is_library_slot(const KernelBase& slot);

/// Makes a slot of a program known, once, so that calls of it can be recorded. For any thread.
void know_slot(SlotType type);
template <class... Args>
SlotType type_of(Kernel<void(Args...)>& slot);
template <class... Args>
void know_slot(Kernel<void(Args...)>& slot) {
  know_slot(type_of(slot));
}

// ---- how ----

namespace typing {
// Options by their members: there may be padding between them. A NaN equals itself.
template <class T>
bool same_value(const T& a, const T& b) {
  if constexpr (requires { T::members(); }) {
    return std::apply([&](const auto&... m) { return (same_value(a.*m.place, b.*m.place) && ...); }, T::members());
  } else if constexpr (std::is_same_v<T, Scalar>) {
    if (a.kind() != b.kind()) return false;
    if (a.is_integral()) return a.template to<int64_t>() == b.template to<int64_t>();
    const auto x = a.template to<complex128>(), y = b.template to<complex128>();
    return same_value(x.real(), y.real()) && same_value(x.imag(), y.imag());
  } else if constexpr (std::is_floating_point_v<T>) {
    return a == b ? std::signbit(a) == std::signbit(b) : a != a && b != b;
  } else {
    return a == b;
  }
}
}  // namespace typing

template <class T>
const ValueType* ValueType::of() {
  static constexpr ValueType type{
      &typeid(T), [](const void* value) { return std::shared_ptr<void>(std::make_shared<T>(*static_cast<const T*>(value))); },
      [](void* to, const void* from) { *static_cast<T*>(to) = *static_cast<const T*>(from); },
      [](const void* a, const void* b) { return typing::same_value(*static_cast<const T*>(a), *static_cast<const T*>(b)); },
      [](const void* value) { return SlotArgument::of<const T>(*static_cast<const T*>(value)); }};
  return &type;
}

namespace typing {
template <class T>
ArgumentType argument_type() {
  using Value = std::remove_cvref_t<T>;
  if constexpr (std::is_same_v<T, Tensor&>) return {SlotArgument::Kind::Output, nullptr};
  else if constexpr (std::is_same_v<T, const Tensor&>) return {SlotArgument::Kind::Input, nullptr};
  else if constexpr (std::is_same_v<Value, std::span<const Tensor>>) return {SlotArgument::Kind::Inputs, nullptr};
  else {
    const Value value{};
    return {SlotArgument::of<T>(value).kind(), ValueType::of<Value>()};
  }
}
template <class... Args>
void call_at(KernelBase& slot, Device device, const void* const* at) {
  [&]<size_t... I>(std::index_sequence<I...>) {
    static_cast<Kernel<void(Args...)>&>(slot)(device, *static_cast<std::remove_reference_t<Args>*>(const_cast<void*>(at[I]))...);
  }
  (std::index_sequence_for<Args...>());
}
}  // namespace typing

template <class... Args>
SlotType type_of(Kernel<void(Args...)>& slot) {
  return {&slot, &typing::call_at<Args...>, {typing::argument_type<Args>()...}};
}

}  // namespace lazuli::recording
