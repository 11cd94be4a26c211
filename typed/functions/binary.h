#pragma once
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/polynomial.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/typed/functions/unary.h"
#include "lazuli/typed/rules/broadcast.h"

/// Elementwise functions of two typed tensors, which broadcast and whose dtypes are promoted, and of one and a number.
namespace lazuli {

namespace typed {
/// float_power: the widest real or complex numbers.
constexpr DType widest(DType t) { return is_complex(t) ? kComplex128 : kFloat64; }
}  // namespace typed
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
LAZULI_TYPED_BINARY_BOTH(rsub, typed::kept)
LAZULI_TYPED_BINARY_BOTH(float_power, typed::widest)
LAZULI_TYPED_BINARY_BOTH(clamp_min, typed::kept)
LAZULI_TYPED_BINARY_BOTH(clamp_max, typed::kept)
LAZULI_TYPED_BINARY_BOTH(subtract, typed::kept)
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
LAZULI_TYPED_BINARY(igamma, typed::floating);
LAZULI_TYPED_BINARY(igammac, typed::floating);
LAZULI_TYPED_BINARY(ldexp, typed::floating);
LAZULI_TYPED_BINARY(nextafter, typed::kept);
LAZULI_TYPED_BINARY(heaviside, typed::kept);
LAZULI_TYPED_BINARY(bitwise_left_shift, typed::kept);
LAZULI_TYPED_BINARY(bitwise_right_shift, typed::kept);
LAZULI_TYPED_BINARY(isclose, typed::boolean);
LAZULI_TYPED_BINARY(arctan2, typed::floating);
LAZULI_TYPED_BINARY(multiply, typed::kept);
LAZULI_TYPED_BINARY(divide, typed::floating);
LAZULI_TYPED_BINARY(greater, typed::boolean);
LAZULI_TYPED_BINARY(greater_equal, typed::boolean);
LAZULI_TYPED_BINARY(less, typed::boolean);
LAZULI_TYPED_BINARY(less_equal, typed::boolean);
LAZULI_TYPED_BINARY(not_equal, typed::boolean);
LAZULI_TYPED_BINARY(complex, complex_dtype);
LAZULI_TYPED_BINARY(polar, complex_dtype);
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

namespace special {
#define LAZULI_TYPED_BINARY(name)                                                                                                     \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A, typed::AnyTyped B),                                                                 \
                        (typed::Binary<"special." #name, typed::floating(typed::promoted_of<A, B>), &typed::rules::broadcast, A, B>), \
                        (const A& a, const B& b), special::name(typed::untyped(a), typed::untyped(b)))
LAZULI_TYPED_BINARY(xlog1py);
LAZULI_TYPED_BINARY(zeta);
LAZULI_TYPED_BINARY(chebyshev_polynomial_t);
LAZULI_TYPED_BINARY(chebyshev_polynomial_u);
LAZULI_TYPED_BINARY(chebyshev_polynomial_v);
LAZULI_TYPED_BINARY(chebyshev_polynomial_w);
LAZULI_TYPED_BINARY(shifted_chebyshev_polynomial_t);
LAZULI_TYPED_BINARY(shifted_chebyshev_polynomial_u);
LAZULI_TYPED_BINARY(shifted_chebyshev_polynomial_v);
LAZULI_TYPED_BINARY(shifted_chebyshev_polynomial_w);
LAZULI_TYPED_BINARY(hermite_polynomial_h);
LAZULI_TYPED_BINARY(hermite_polynomial_he);
LAZULI_TYPED_BINARY(laguerre_polynomial_l);
LAZULI_TYPED_BINARY(legendre_polynomial_p);
#undef LAZULI_TYPED_BINARY
using lazuli::xlogy;
}  // namespace special

}  // namespace lazuli
