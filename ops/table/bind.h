#pragma once
#include <span>

#include "lazuli/ops/table/value.h"

/// How a C++ function is called with boxed values: a thunk for each signature, shared by all functions that have it.
/// Only conversions are here; what a user may pass instead of what is decided by the schema (bind_arguments).
namespace lazuli::bind {

/// The parameter types that a bound function may have, so that a schema line can be checked against it.
enum class CppType : uint8_t {
  Tensor,
  TensorRef,
  OptTensor,
  Tensors,
  OptTensors,
  Scalar,
  OptScalar,
  Scalars,
  Int,
  OptInt,
  Shape,
  OptShape,
  Float,
  OptFloat,
  Floats,
  OptFloats,
  Bool,
  OptBool,
  Bools,
  String,
  OptString,
  Strings,
  DType,
  OptDType,
  Device,
  OptDevice,
  Generator,
  Any,
  AnyList
};

template <class T>
struct Unbox {
  static_assert(!sizeof(T*), "ops/table/bind.h knows no such parameter type: bind a lambda that takes one of those in CppType");
};

#define LAZULI_UNBOX(Type, code)                    \
  template <>                                       \
  struct Unbox<Type> {                              \
    static constexpr CppType kCode = CppType::code; \
    static Type get(Value& value);                  \
  };
LAZULI_UNBOX(Tensor, Tensor)  // None gives an undefined tensor
LAZULI_UNBOX(std::optional<Tensor>, OptTensor)
LAZULI_UNBOX(std::vector<Tensor>, Tensors)
LAZULI_UNBOX(std::vector<std::optional<Tensor>>, OptTensors)
LAZULI_UNBOX(Scalar, Scalar)
LAZULI_UNBOX(std::optional<Scalar>, OptScalar)
LAZULI_UNBOX(std::vector<Scalar>, Scalars)
LAZULI_UNBOX(int64_t, Int)
LAZULI_UNBOX(std::optional<int64_t>, OptInt)
LAZULI_UNBOX(Shape, Shape)
LAZULI_UNBOX(std::vector<int64_t>, Shape)
LAZULI_UNBOX(std::optional<Shape>, OptShape)
LAZULI_UNBOX(double, Float)
LAZULI_UNBOX(std::optional<double>, OptFloat)
LAZULI_UNBOX(std::vector<double>, Floats)
LAZULI_UNBOX(std::optional<std::vector<double>>, OptFloats)
LAZULI_UNBOX(bool, Bool)
LAZULI_UNBOX(std::optional<bool>, OptBool)
LAZULI_UNBOX(std::vector<bool>, Bools)
LAZULI_UNBOX(std::string, String)
LAZULI_UNBOX(std::string_view, String)
LAZULI_UNBOX(std::optional<std::string>, OptString)
LAZULI_UNBOX(std::optional<std::string_view>, OptString)
LAZULI_UNBOX(std::vector<std::string>, Strings)
LAZULI_UNBOX(DType, DType)
LAZULI_UNBOX(std::optional<DType>, OptDType)
LAZULI_UNBOX(Device, Device)
LAZULI_UNBOX(std::optional<Device>, OptDevice)
LAZULI_UNBOX(std::optional<Generator>, Generator)
LAZULI_UNBOX(Value, Any)
LAZULI_UNBOX(std::vector<Value>, AnyList)
#undef LAZULI_UNBOX
template <>
struct Unbox<Tensor&> {
  static constexpr CppType kCode = CppType::TensorRef;
  static Tensor& get(Value& value);
};

/// `const T&` and `T` alike; `Tensor&` stays itself.
template <class T>
using UnboxOf = Unbox<std::conditional_t<std::is_same_v<T, Tensor&>, Tensor&, std::remove_cvref_t<T>>>;

template <class R>
concept TupleLike = requires {
  std::tuple_size<R>::value;
};

/// Appends a result; a tuple or pair gives one for each member.
template <class R>
void box(std::vector<Value>& results, R&& result) {
  using T = std::remove_cvref_t<R>;
  if constexpr (TupleLike<T>) {
    [&]<size_t... I>(std::index_sequence<I...>) { (results.emplace_back(get<I>(result)), ...); }
    (std::make_index_sequence<std::tuple_size<T>::value>());
  } else {
    results.emplace_back(result);
  }
}

using AnyFunction = void (*)();
using Thunk = void (*)(AnyFunction function, Value* args, std::vector<Value>& results);

template <class R, class... A>
void thunk(AnyFunction function, Value* args, std::vector<Value>& results) {
  auto typed = reinterpret_cast<R (*)(A...)>(function);
  [&]<size_t... I>(std::index_sequence<I...>) {
    (void)args;
    if constexpr (std::is_void_v<R>) typed(UnboxOf<A>::get(args[I])...);
    else box(results, typed(UnboxOf<A>::get(args[I])...));
  }
  (std::index_sequence_for<A...>());
}

/// A function with its signature taken off: everything that a call by name needs.
struct Erased {
  AnyFunction function = nullptr;
  Thunk thunk = nullptr;
  std::span<const CppType> parameters;
};

template <class... A>
inline constexpr CppType parameter_codes[] = {UnboxOf<A>::kCode..., CppType::Any};

template <class R, class... A>
Erased erase(R (*function)(A...)) {
  return {reinterpret_cast<AnyFunction>(function), &thunk<R, A...>, {parameter_codes<A...>, sizeof...(A)}};
}

}  // namespace lazuli::bind
