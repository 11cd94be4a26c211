#pragma once
#include "lazuli/typed/refusal.h"
#include "lazuli/typed/rules/broadcast.h"
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

/// Of one operand, by a rule of its shape. Classes and no aliases: the compiler reads a function's result when the function is called.
template <Text op, DType dtype, auto rule, AnyTyped A, class... Arguments>
struct Unary : Result<op, RuledOf<rule, A, Arguments...>, Element<dtype>, WhereOf<A>> {};
/// Of two, whose devices agree.
template <Text op, DType dtype, auto rule, AnyTyped A, AnyTyped B, class... Arguments>
struct Binary : Result<op, FirstRefusal<OneDevice<WhereOf<A>, WhereOf<B>>, Ruled<rule, ShapeOfTensor<A>, ShapeOfTensor<B>, Arguments...>>,
                       Element<dtype>, TogetherOf<A, B>> {};
/// Of two of one dtype, whose devices agree.
template <Text op, auto rule, AnyTyped A, AnyTyped B, class... Arguments>
struct BinaryAlike : Result<op,
                            FirstRefusal<OneDevice<WhereOf<A>, WhereOf<B>>, SameDType<ElementOfTensor<A>, ElementOfTensor<B>>,
                                         Ruled<rule, ShapeOfTensor<A>, ShapeOfTensor<B>, Arguments...>>,
                            ElementOfTensor<A>, TogetherOf<A, B>> {};

template <class S>
concept Arithmetic = std::is_arithmetic_v<S>;
/// A typed tensor, or a C++ number.
template <class X>
concept Operand = AnyTyped<X> || Arithmetic<X>;
/// One of both is a typed tensor.
template <class B, class A>
concept OperandBeside = AnyTyped<B> ||(AnyTyped<A>&& Arithmetic<B>);
/// A number as the untyped functions take it.
template <Arithmetic S>
Scalar untyped(S number) {
  return Scalar(number);
}

/// The dtype of two operands. Of a tensor and a number the tensor's, unless the number is of a higher category. (Asked for before the constraint that refuses what is no operand.)
template <class A, class B>
inline constexpr DType promoted_of = kBool;
template <AnyTyped A, AnyTyped B>
inline constexpr DType promoted_of<A, B> = promoted(dtype_of_tensor<A>, ShapeOfTensor<A>::rank, dtype_of_tensor<B>, ShapeOfTensor<B>::rank);
template <AnyTyped A, Arithmetic S>
inline constexpr DType promoted_of<A, S> = category(dtype_of<S>()) <= category(dtype_of_tensor<A>) ? dtype_of_tensor<A>
                                           : std::is_floating_point_v<S>                           ? kFloat32
                                                                                                   : kInt64;
template <Arithmetic S, AnyTyped A>
inline constexpr DType promoted_of<S, A> = promoted_of<A, S>;
/// Elementwise, of two typed tensors, which broadcast and lie on one device, or of one and a number.
template <Text op, DType dtype, class A, class B>
struct Elementwise;
template <Text op, DType dtype, AnyTyped A, AnyTyped B>
struct Elementwise<op, dtype, A, B> : Binary<op, dtype, &rules::broadcast, A, B> {};
template <Text op, DType dtype, AnyTyped A, Arithmetic S>
struct Elementwise<op, dtype, A, S> : Unary<op, dtype, &rules::same, A> {};
template <Text op, DType dtype, Arithmetic S, AnyTyped A>
struct Elementwise<op, dtype, S, A> : Unary<op, dtype, &rules::same, A> {};
/// The same of integers and bool.
template <Text op, DType dtype, Operand A, Operand B>
struct Integers : Result<op, FirstRefusal<DTypeIs<Element<dtype>, rules::Wanted::integer>, typename Elementwise<op, dtype, A, B>::Rule>,
                         Element<dtype>, typename Elementwise<op, dtype, A, B>::Place> {};

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
struct Keepdim {
  static constexpr bool keeps = true;
};
inline constexpr Keepdim keepdim{};
/// What stands where nothing is said.
struct Dropdim {
  static constexpr bool keeps = false;
};
/// A bool is taken to be refused by its rule (keepdim_is_a_type).
template <class K>
concept KeepdimOrNot = std::is_same_v<K, Keepdim> || std::is_same_v<K, Dropdim> || std::is_same_v<K, bool>;
template <class K>
inline constexpr bool keeps = K::keeps;
template <>
inline constexpr bool keeps<bool> = false;
namespace rules {
constexpr Ruling keepdim_is_a_type(Writer& say, bool got_bool) {
  if (!got_bool) return {};
  say << "keepdim belongs to the result: typed::keepdim in place of a bool";
  return Mistake::shape_error_mismatch;
}
}  // namespace rules
/// A rule of an operand and of keepdim.
template <auto rule, class Keep, class A, class... Arguments>
using Kept = FirstRefusal<Ruled<&rules::keepdim_is_a_type, Flag<std::is_same_v<Keep, bool>>>, RuledOf<rule, A, Arguments..., Flag<keeps<Keep>>>>;

}  // namespace lazuli::typed

#define LAZULI_TYPED_PLAIN(...) __VA_ARGS__
/// A typed function: the call that the rule allows, and the one that it refuses. The second has no body: it would be compiled, and complained of, beside the user's line.
#define LAZULI_TYPED_FUNCTION(name, head, result, parameters, ...)                                   \
  template <LAZULI_TYPED_PLAIN head, class Out = LAZULI_TYPED_PLAIN result>                          \
  requires(Out::fine) auto name parameters->decltype(Out::make()) { return Out::from(__VA_ARGS__); } \
  template <LAZULI_TYPED_PLAIN head, class Out = LAZULI_TYPED_PLAIN result>                          \
  requires(!Out::fine) auto name parameters->decltype(Out::make())
