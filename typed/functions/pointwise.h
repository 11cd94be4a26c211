#pragma once
#include "lazuli/ops/network/dropout.h"
#include "lazuli/ops/pointwise/activation.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/special.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/rules/broadcast.h"
#include "lazuli/typed/rules/shape.h"

/// Elementwise functions of typed tensors. Two operands broadcast, and their dtypes are promoted.
namespace lazuli {

namespace typed {
template <AnyTyped A, DType dtype>
using SameShape = Typed<Element<dtype>, ShapeOfTensor<A>, WhereOf<A>>;
template <class S>
concept Arithmetic = std::is_arithmetic_v<S>;
/// Options of the untyped function, but no further tensors: those have typed forms of their own.
template <class O>
concept PlainOption = !AnyTyped<O> && !std::is_convertible_v<O, const Tensor&>;
}  // namespace typed

// Of one operand: the shape stays. `dtype` says what becomes of the elements' type.
#define LAZULI_TYPED_UNARY(name, dtype)                                                               \
  template <typed::AnyTyped A, typed::PlainOption... Options>                                         \
  typed::SameShape<A, dtype(typed::dtype_of_tensor<A>)> name(const A& a, const Options&... options) { \
    return {typed::Unchecked(), lazuli::name(typed::untyped(a), options...)};                         \
  }
namespace typed {
constexpr DType kept(DType t) { return t; }
constexpr DType boolean(DType) { return kBool; }
}  // namespace typed
LAZULI_TYPED_UNARY(sign, typed::kept)
LAZULI_TYPED_UNARY(sgn, typed::kept)
LAZULI_TYPED_UNARY(square, typed::kept)
LAZULI_TYPED_UNARY(floor, typed::kept)
LAZULI_TYPED_UNARY(ceil, typed::kept)
LAZULI_TYPED_UNARY(round, typed::kept)
LAZULI_TYPED_UNARY(trunc, typed::kept)
LAZULI_TYPED_UNARY(frac, typed::kept)
LAZULI_TYPED_UNARY(nan_to_num, typed::kept)
LAZULI_TYPED_UNARY(neg, typed::kept)
LAZULI_TYPED_UNARY(positive, typed::kept)
LAZULI_TYPED_UNARY(bitwise_not, typed::kept)
LAZULI_TYPED_UNARY(abs, real_dtype)
LAZULI_TYPED_UNARY(signbit, typed::boolean)
LAZULI_TYPED_UNARY(logical_not, typed::boolean)
LAZULI_TYPED_UNARY(isfinite, typed::boolean)
LAZULI_TYPED_UNARY(isinf, typed::boolean)
LAZULI_TYPED_UNARY(isnan, typed::boolean)
LAZULI_TYPED_UNARY(isneginf, typed::boolean)
LAZULI_TYPED_UNARY(isposinf, typed::boolean)
LAZULI_TYPED_UNARY(isreal, typed::boolean)
LAZULI_TYPED_UNARY(reciprocal, typed::floating)
LAZULI_TYPED_UNARY(sqrt, typed::floating)
LAZULI_TYPED_UNARY(rsqrt, typed::floating)
LAZULI_TYPED_UNARY(exp, typed::floating)
LAZULI_TYPED_UNARY(exp2, typed::floating)
LAZULI_TYPED_UNARY(expm1, typed::floating)
LAZULI_TYPED_UNARY(log, typed::floating)
LAZULI_TYPED_UNARY(log2, typed::floating)
LAZULI_TYPED_UNARY(log10, typed::floating)
LAZULI_TYPED_UNARY(log1p, typed::floating)
LAZULI_TYPED_UNARY(sin, typed::floating)
LAZULI_TYPED_UNARY(cos, typed::floating)
LAZULI_TYPED_UNARY(tan, typed::floating)
LAZULI_TYPED_UNARY(asin, typed::floating)
LAZULI_TYPED_UNARY(acos, typed::floating)
LAZULI_TYPED_UNARY(atan, typed::floating)
LAZULI_TYPED_UNARY(sinh, typed::floating)
LAZULI_TYPED_UNARY(cosh, typed::floating)
LAZULI_TYPED_UNARY(tanh, typed::floating)
LAZULI_TYPED_UNARY(asinh, typed::floating)
LAZULI_TYPED_UNARY(acosh, typed::floating)
LAZULI_TYPED_UNARY(atanh, typed::floating)
LAZULI_TYPED_UNARY(deg2rad, typed::floating)
LAZULI_TYPED_UNARY(rad2deg, typed::floating)
LAZULI_TYPED_UNARY(sinc, typed::floating)
LAZULI_TYPED_UNARY(sigmoid, typed::floating)
LAZULI_TYPED_UNARY(erf, typed::floating)
LAZULI_TYPED_UNARY(erfc, typed::floating)
LAZULI_TYPED_UNARY(erfinv, typed::floating)
LAZULI_TYPED_UNARY(lgamma, typed::floating)
LAZULI_TYPED_UNARY(digamma, typed::floating)
LAZULI_TYPED_UNARY(i0, typed::floating)
LAZULI_TYPED_UNARY(relu, typed::kept)
LAZULI_TYPED_UNARY(relu6, typed::kept)
LAZULI_TYPED_UNARY(hardtanh, typed::kept)
LAZULI_TYPED_UNARY(leaky_relu, typed::kept)
LAZULI_TYPED_UNARY(rrelu, typed::kept)
LAZULI_TYPED_UNARY(elu, typed::kept)
LAZULI_TYPED_UNARY(celu, typed::kept)
LAZULI_TYPED_UNARY(selu, typed::kept)
LAZULI_TYPED_UNARY(gelu, typed::kept)
LAZULI_TYPED_UNARY(silu, typed::kept)
LAZULI_TYPED_UNARY(mish, typed::kept)
LAZULI_TYPED_UNARY(hardsigmoid, typed::kept)
LAZULI_TYPED_UNARY(hardswish, typed::kept)
LAZULI_TYPED_UNARY(softplus, typed::kept)
LAZULI_TYPED_UNARY(softsign, typed::floating)
LAZULI_TYPED_UNARY(logsigmoid, typed::kept)
LAZULI_TYPED_UNARY(hardshrink, typed::kept)
LAZULI_TYPED_UNARY(softshrink, typed::kept)
LAZULI_TYPED_UNARY(tanhshrink, typed::kept)
LAZULI_TYPED_UNARY(threshold, typed::kept)
LAZULI_TYPED_UNARY(dropout, typed::kept)
#undef LAZULI_TYPED_UNARY

// Of two operands, and of one and a number.
#define LAZULI_TYPED_BINARY(name, dtype)                                                                         \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A, typed::AnyTyped B, typed::PlainOption... Options),             \
                        (typed::Binary<#name, dtype(typed::promoted_of<A, B>), &typed::rules::broadcast, A, B>), \
                        (const A& a, const B& b, const Options&... options), lazuli::name(typed::untyped(a), typed::untyped(b), options...))
#define LAZULI_TYPED_BINARY_NUMBER(name, dtype)                                                               \
  template <typed::AnyTyped A, typed::Arithmetic S, typed::PlainOption... Options>                            \
  typed::SameShape<A, dtype((typed::promoted_with<A, S>))> name(const A& a, S b, const Options&... options) { \
    return {typed::Unchecked(), lazuli::name(typed::untyped(a), Scalar(b), options...)};                      \
  }
#define LAZULI_TYPED_BINARY_BOTH(name, dtype) \
  LAZULI_TYPED_BINARY(name, dtype);           \
  LAZULI_TYPED_BINARY_NUMBER(name, dtype)
LAZULI_TYPED_BINARY_BOTH(add, typed::kept)
LAZULI_TYPED_BINARY_BOTH(sub, typed::kept)
LAZULI_TYPED_BINARY_BOTH(mul, typed::kept)
LAZULI_TYPED_BINARY_BOTH(true_divide, typed::floating)
LAZULI_TYPED_BINARY_BOTH(floor_divide, typed::kept)
LAZULI_TYPED_BINARY_BOTH(remainder, typed::kept)
LAZULI_TYPED_BINARY_BOTH(fmod, typed::kept)
LAZULI_TYPED_BINARY_BOTH(pow, typed::kept)
LAZULI_TYPED_BINARY_BOTH(eq, typed::boolean)
LAZULI_TYPED_BINARY_BOTH(ne, typed::boolean)
LAZULI_TYPED_BINARY_BOTH(lt, typed::boolean)
LAZULI_TYPED_BINARY_BOTH(le, typed::boolean)
LAZULI_TYPED_BINARY_BOTH(gt, typed::boolean)
LAZULI_TYPED_BINARY_BOTH(ge, typed::boolean)
LAZULI_TYPED_BINARY(div, typed::floating);
LAZULI_TYPED_BINARY(atan2, typed::floating);
LAZULI_TYPED_BINARY(maximum, typed::kept);
LAZULI_TYPED_BINARY(minimum, typed::kept);
LAZULI_TYPED_BINARY(fmax, typed::kept);
LAZULI_TYPED_BINARY(fmin, typed::kept);
LAZULI_TYPED_BINARY(hypot, typed::kept);
LAZULI_TYPED_BINARY(copysign, typed::floating);
LAZULI_TYPED_BINARY(logaddexp, typed::kept);
LAZULI_TYPED_BINARY(logaddexp2, typed::kept);
LAZULI_TYPED_BINARY(xlogy, typed::floating);
LAZULI_TYPED_BINARY(gcd, typed::kept);
LAZULI_TYPED_BINARY(lcm, typed::kept);
LAZULI_TYPED_BINARY(bitwise_and, typed::kept);
LAZULI_TYPED_BINARY(bitwise_or, typed::kept);
LAZULI_TYPED_BINARY(bitwise_xor, typed::kept);
LAZULI_TYPED_BINARY(logical_and, typed::boolean);
LAZULI_TYPED_BINARY(logical_or, typed::boolean);
LAZULI_TYPED_BINARY(logical_xor, typed::boolean);
#undef LAZULI_TYPED_BINARY_BOTH
#undef LAZULI_TYPED_BINARY_NUMBER
#undef LAZULI_TYPED_BINARY

#define LAZULI_TYPED_OPERATOR(sign, name, dtype)                                                                                          \
  LAZULI_TYPED_FUNCTION(operator sign, (typed::AnyTyped A, typed::AnyTyped B),                                                            \
                        (typed::Binary<name, dtype(typed::promoted_of<A, B>), &typed::rules::broadcast, A, B>), (const A& a, const B& b), \
                        typed::untyped(a) sign typed::untyped(b));                                                                        \
  template <typed::AnyTyped A, typed::Arithmetic S>                                                                                       \
  typed::SameShape<A, dtype((typed::promoted_with<A, S>))> operator sign(const A& a, S b) {                                               \
    return {typed::Unchecked(), typed::untyped(a) sign Scalar(b)};                                                                        \
  }                                                                                                                                       \
  template <typed::AnyTyped A, typed::Arithmetic S>                                                                                       \
  typed::SameShape<A, dtype((typed::promoted_with<A, S>))> operator sign(S a, const A& b) {                                               \
    return {typed::Unchecked(), Scalar(a) sign typed::untyped(b)};                                                                        \
  }
LAZULI_TYPED_OPERATOR(+, "add", typed::kept)
LAZULI_TYPED_OPERATOR(-, "sub", typed::kept)
LAZULI_TYPED_OPERATOR(*, "mul", typed::kept)
LAZULI_TYPED_OPERATOR(/, "div", typed::floating)
LAZULI_TYPED_OPERATOR(%, "remainder", typed::kept)
LAZULI_TYPED_OPERATOR(==, "eq", typed::boolean)
LAZULI_TYPED_OPERATOR(!=, "ne", typed::boolean)
LAZULI_TYPED_OPERATOR(<, "lt", typed::boolean)
LAZULI_TYPED_OPERATOR(<=, "le", typed::boolean)
LAZULI_TYPED_OPERATOR(>, "gt", typed::boolean)
LAZULI_TYPED_OPERATOR(>=, "ge", typed::boolean)
LAZULI_TYPED_OPERATOR(&, "bitwise_and", typed::kept)
LAZULI_TYPED_OPERATOR(|, "bitwise_or", typed::kept)
LAZULI_TYPED_OPERATOR(^, "bitwise_xor", typed::kept)
#undef LAZULI_TYPED_OPERATOR
template <typed::AnyTyped A>
A operator-(const A& a) {
  return {typed::Unchecked(), -typed::untyped(a)};
}

namespace typed {
/// Of three operands that broadcast; the dtype that of the last two.
template <Text op, AnyTyped A, AnyTyped B, AnyTyped C>
using Ternary = Result<op,
                       FirstRefusal<OneDevice<WhereOf<A>, WhereOf<B>>, OneDevice<TogetherOf<A, B>, WhereOf<C>>,
                                    Ruled<&rules::broadcast3, ShapeOfTensor<A>, ShapeOfTensor<B>, ShapeOfTensor<C>>>,
                       Element<promoted_of<B, C>>, Together<TogetherOf<A, B>, WhereOf<C>>>;
template <AnyTyped A, AnyTyped B, AnyTyped C>
using WhereResult =
    Result<"where",
           FirstRefusal<DTypeIs<ElementOfTensor<A>, rules::Wanted::boolean>, OneDevice<WhereOf<A>, WhereOf<B>>,
                        OneDevice<TogetherOf<A, B>, WhereOf<C>>, Ruled<&rules::broadcast3, ShapeOfTensor<A>, ShapeOfTensor<B>, ShapeOfTensor<C>>>,
           Element<promoted_of<B, C>>, Together<TogetherOf<A, B>, WhereOf<C>>>;
template <AnyTyped A, AnyTyped M>
using Masked = Result<"masked_fill",
                      FirstRefusal<DTypeIs<ElementOfTensor<M>, rules::Wanted::boolean>, OneDevice<WhereOf<A>, WhereOf<M>>,
                                   Ruled<&rules::broadcast, ShapeOfTensor<A>, ShapeOfTensor<M>>>,
                      ElementOfTensor<A>, TogetherOf<A, M>>;
}  // namespace typed
LAZULI_TYPED_FUNCTION(where, (typed::AnyTyped C, typed::AnyTyped A, typed::AnyTyped B), (typed::WhereResult<C, A, B>),
                      (const C& condition, const A& a, const B& b), lazuli::where(typed::untyped(condition), typed::untyped(a), typed::untyped(b)));
LAZULI_TYPED_FUNCTION(addcmul, (typed::AnyTyped A, typed::AnyTyped B, typed::AnyTyped C), (typed::Ternary<"addcmul", A, B, C>),
                      (const A& self, const B& b, const C& c, const Scalar& value = 1),
                      lazuli::addcmul(typed::untyped(self), typed::untyped(b), typed::untyped(c), value));
LAZULI_TYPED_FUNCTION(addcdiv, (typed::AnyTyped A, typed::AnyTyped B, typed::AnyTyped C), (typed::Ternary<"addcdiv", A, B, C>),
                      (const A& self, const B& b, const C& c, const Scalar& value = 1),
                      lazuli::addcdiv(typed::untyped(self), typed::untyped(b), typed::untyped(c), value));
LAZULI_TYPED_FUNCTION(lerp, (typed::AnyTyped A, typed::AnyTyped B), (typed::BinaryAlike<"lerp", &typed::rules::broadcast, A, B>),
                      (const A& self, const B& end, const Scalar& weight), lazuli::lerp(typed::untyped(self), typed::untyped(end), weight));
LAZULI_TYPED_FUNCTION(masked_fill, (typed::AnyTyped A, typed::AnyTyped M), (typed::Masked<A, M>), (const A& self, const M& mask, const Scalar& value),
                      lazuli::masked_fill(typed::untyped(self), typed::untyped(mask), value));

// Along a dimension: the shape stays.
namespace typed {
template <Text op, DType dtype, AnyTyped A, int64_t dim, auto rule = &rules::along<>>
using Along = Unary<op, dtype, rule, A, Number<dim>>;
}
#define LAZULI_TYPED_ALONG(name, dtype, mistake)                                                                                        \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim, typed::AnyTyped A),                                                                         \
                        (typed::Along<#name, dtype(typed::dtype_of_tensor<A>), A, dim, &typed::rules::along<typed::Mistake::mistake>>), \
                        (const A& a), lazuli::name(typed::untyped(a), dim))
LAZULI_TYPED_ALONG(softmax, typed::floating, softmax_error_dim_out_of_range);
LAZULI_TYPED_ALONG(log_softmax, typed::floating, softmax_error_dim_out_of_range);
LAZULI_TYPED_ALONG(softmin, typed::floating, softmax_error_dim_out_of_range);
LAZULI_TYPED_ALONG(cumsum, typed::summed, dimension_error_out_of_range);
LAZULI_TYPED_ALONG(cumprod, typed::summed, dimension_error_out_of_range);
LAZULI_TYPED_ALONG(logcumsumexp, typed::floating, dimension_error_out_of_range);
#undef LAZULI_TYPED_ALONG

}  // namespace lazuli
