#pragma once
#include <array>
#include <span>

#include "lazuli/core/in_braces.h"
#include "lazuli/ops/table/value.h"

/// How a C++ function is called with boxed values: a thunk for each signature, shared by all functions that have it. A struct of options (core/described.h) stands for its members, in
/// their order and under their names.
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
LAZULI_UNBOX(OptionalShape, OptShape)
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

[[noreturn]] void fail_unnamed(const char* argument, const std::string& choices, const std::string& got);
/// Enums by the names of their values.
template <NamedEnum T>
struct Unbox<T> {
  static constexpr CppType kCode = CppType::String;
  static T get(Value& value, const char* argument = "an argument") {
    const std::string& text = value.to_string();
    if (std::optional<T> found = named<T>(text)) return *found;
    std::string choices;
    for (const auto& [known, name] : names_of(T())) choices += (choices.empty() ? "'" : ", '") + std::string(name) + "'";
    fail_unnamed(argument, choices, text);
  }
};

/// `const T&` and `T` alike; `Tensor&` stays itself.
template <class T>
using UnboxOf = Unbox<std::conditional_t<std::is_same_v<T, Tensor&>, Tensor&, std::remove_cvref_t<T>>>;

template <class R>
concept TupleLike = requires {
  std::tuple_size<R>::value;
};

/// Appends a result; a tuple, a pair or a struct that lists its tensors gives one for each member.
template <class R>
void box(std::vector<Value>& results, R&& result) {
  using T = std::remove_cvref_t<R>;
  if constexpr (TupleLike<T>) {
    [&]<size_t... I>(std::index_sequence<I...>) { (results.emplace_back(get<I>(result)), ...); }
    (std::make_index_sequence<std::tuple_size<T>::value>());
  } else if constexpr (ListsTensors<T>) {
    box(results, result.tensors());
  } else {
    results.emplace_back(result);
  }
}

/// What one parameter of a function is in a schema line: itself, or the members of a struct of options.
template <class A>
struct Parameter {
  static constexpr std::array<CppType, 1> codes{UnboxOf<A>::kCode};
  static constexpr std::array<const char*, 1> names{nullptr};
  static decltype(auto) get(Value* args) { return UnboxOf<A>::get(*args); }
};
template <class A>
requires Described<std::remove_cvref_t<A>>
struct Parameter<A> {
  using Options = std::remove_cvref_t<A>;
  static_assert(!requires_braces<Options>, "options that begin with sizes have members for numbers in braces");
  template <class O, class T>
  static constexpr CppType code_of(const Member<O, T>&) {
    return UnboxOf<T>::kCode;
  }
  static constexpr auto codes = apply_members([](const auto&... m) { return std::array{code_of(m)...}; }, Options::members());
  static constexpr auto names = apply_members([](const auto&... m) { return std::array{m.name...}; }, Options::members());
  static Options get(Value* args) {
    Options options;
    for_each_member(options, [&]<class T>(const auto& m, T& value) {
      if constexpr (NamedEnum<T>) value = Unbox<T>::get(*args++, m.name);
      else value = UnboxOf<T>::get(*args++);
    });
    return options;
  }
};

template <class T, size_t... N>
constexpr auto joined(const std::array<T, N>&... parts) {
  std::array<T, (N + ... + 0)> all{};
  size_t at = 0;
  auto append = [&](const auto& part) {
    for (const T& item : part) all[at++] = item;
  };
  (append(parts), ...);
  return all;
}
template <class... A>
inline constexpr auto parameter_codes = joined<CppType>(Parameter<A>::codes...);
template <class... A>
inline constexpr auto parameter_names = joined<const char*>(Parameter<A>::names...);

/// Where the values of the I-th parameter begin.
template <class... A>
constexpr size_t first_value(size_t parameter) {
  const size_t counts[] = {Parameter<A>::codes.size()..., 0};
  size_t first = 0;
  for (size_t i = 0; i < parameter; ++i) first += counts[i];
  return first;
}

using AnyFunction = void (*)();
using Thunk = void (*)(AnyFunction function, Value* args, std::vector<Value>& results);

template <class R, class... A>
void thunk(AnyFunction function, Value* args, std::vector<Value>& results) {
  auto typed = reinterpret_cast<R (*)(A...)>(function);
  [&]<size_t... I>(std::index_sequence<I...>) {
    (void)args;
    if constexpr (std::is_void_v<R>) typed(Parameter<A>::get(args + first_value<A...>(I))...);
    else box(results, typed(Parameter<A>::get(args + first_value<A...>(I))...));
  }
  (std::index_sequence_for<A...>());
}

/// A function with its signature taken off: everything that a call by name needs.
struct Erased {
  AnyFunction function = nullptr;
  Thunk thunk = nullptr;
  std::span<const CppType> parameters;
  std::span<const char* const> names;  // of the members of a struct of options; null elsewhere
};

template <class R, class... A>
Erased erase(R (*function)(A...)) {
  return {reinterpret_cast<AnyFunction>(function), &thunk<R, A...>, parameter_codes<A...>, parameter_names<A...>};
}

}  // namespace lazuli::bind
