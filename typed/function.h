#pragma once
#include "lazuli/typed/tensor.h"

/// What the typed functions are made with.
namespace lazuli::typed {

template <AnyTyped A, AnyTyped B>
using TogetherOf = Together<WhereOf<A>, WhereOf<B>>;
template <auto rule, AnyTyped A, class... Arguments>
using RuledOf = Ruled<rule, ShapeOfTensor<A>, Arguments...>;
template <int64_t number>
using Number = std::integral_constant<int64_t, number>;
template <bool value>
using Flag = std::integral_constant<bool, value>;

/// Of one operand, by a rule of its shape.
template <Text op, DType dtype, auto rule, AnyTyped A, class... Arguments>
using Unary = Result<op, RuledOf<rule, A, Arguments...>, Element<dtype>, WhereOf<A>>;
/// Of two, whose devices agree.
template <Text op, DType dtype, auto rule, AnyTyped A, AnyTyped B, class... Arguments>
using Binary = Result<op, FirstRefusal<OneDevice<WhereOf<A>, WhereOf<B>>, Ruled<rule, ShapeOfTensor<A>, ShapeOfTensor<B>, Arguments...>>,
                      Element<dtype>, TogetherOf<A, B>>;
/// Of two of one dtype, whose devices agree.
template <Text op, auto rule, AnyTyped A, AnyTyped B, class... Arguments>
using BinaryAlike = Result<op,
                           FirstRefusal<OneDevice<WhereOf<A>, WhereOf<B>>, SameDType<ElementOfTensor<A>, ElementOfTensor<B>>,
                                        Ruled<rule, ShapeOfTensor<A>, ShapeOfTensor<B>, Arguments...>>,
                           ElementOfTensor<A>, TogetherOf<A, B>>;

template <AnyTyped A, AnyTyped B>
inline constexpr DType promoted_of = promoted(dtype_of_tensor<A>, ShapeOfTensor<A>::rank, dtype_of_tensor<B>, ShapeOfTensor<B>::rank);
/// The dtype with a C++ number: one of a higher category decides.
template <AnyTyped A, class S>
constexpr DType dtype_with_number() {
  if constexpr (!std::is_arithmetic_v<S>) return kBool;  // asked for before the constraint that refuses it
  else if (category(dtype_of<S>()) <= category(dtype_of_tensor<A>)) return dtype_of_tensor<A>;
  else return std::is_floating_point_v<S> ? kFloat32 : kInt64;
}
template <AnyTyped A, class S>
inline constexpr DType promoted_with = dtype_with_number<A, S>();

/// Integers as the untyped functions take them.
template <class List>
lazuli::Shape list_of() {
  return lazuli::Shape(List::value.at, List::rank);
}
template <int64_t... dims>
const lazuli::DimList& dims_list() {
  static const lazuli::DimList list{dims...};
  return list;
}
template <int64_t... dim>
std::optional<int64_t> optional_dim() {
  std::optional<int64_t> only;
  ((only = dim), ...);
  return only;
}

/// keepdim as a type, so that it takes part in the result's shape: `sum<1>(x, typed::keepdim)`.
struct Keepdim {};
inline constexpr Keepdim keepdim{};

}  // namespace lazuli::typed

#define LAZULI_TYPED_PLAIN(...) __VA_ARGS__
/// A typed function: the call that the rule allows, and the one that it refuses. The second has no body: it would be compiled, and complained of, beside the user's line.
#define LAZULI_TYPED_FUNCTION(name, head, result, parameters, ...)                                              \
  template <LAZULI_TYPED_PLAIN head>                                                                            \
  requires(LAZULI_TYPED_PLAIN result::fine) auto name parameters->decltype(LAZULI_TYPED_PLAIN result::make()) { \
    return LAZULI_TYPED_PLAIN result::from(__VA_ARGS__);                                                        \
  }                                                                                                             \
  template <LAZULI_TYPED_PLAIN head>                                                                            \
  requires(!LAZULI_TYPED_PLAIN result::fine) auto name parameters->decltype(LAZULI_TYPED_PLAIN result::make())
