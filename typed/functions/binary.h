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
// Options that the untyped function takes.
#define LAZULI_TYPED_OPTIONS(name) \
  decltype(lazuli::name(std::declval<const Tensor&>(), std::declval<const Tensor&>(), std::declval<const Options&>()...))
#define LAZULI_TYPED_BINARY(name, dtype) LAZULI_TYPED_BINARY_OF(Elementwise, name, dtype)
#define LAZULI_TYPED_BINARY_OF(Kind, name, dtype)                                                                                         \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A, typed::AnyTyped B, typed::PlainOption... Options, class = LAZULI_TYPED_OPTIONS(name)),  \
                        (typed::Kind<#name, dtype(typed::promoted_of<A, B>), A, B>), (const A& a, const B& b, const Options&... options), \
                        lazuli::name(typed::untyped(a), typed::untyped(b), options...));                                                  \
  LAZULI_TYPED_REFUSED(name, #name "(a, b, options..)")
// The second operand may be a number.
#define LAZULI_TYPED_BINARY_BOTH(name, dtype)                                                                                                    \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A, typed::Operand B, typed::PlainOption... Options, class = LAZULI_TYPED_OPTIONS(name)),          \
                        (typed::Elementwise<#name, dtype(typed::promoted_of<A, B>), A, B>), (const A& a, const B& b, const Options&... options), \
                        lazuli::name(typed::untyped(a), typed::untyped(b), options...));                                                         \
  LAZULI_TYPED_REFUSED(name, #name "(a, b, options..)");
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
LAZULI_TYPED_BINARY_OF(Integers, gcd, typed::kept);
LAZULI_TYPED_BINARY_OF(Integers, lcm, typed::kept);
LAZULI_TYPED_BINARY_OF(Integers, bitwise_and, typed::kept);
LAZULI_TYPED_BINARY_OF(Integers, bitwise_or, typed::kept);
LAZULI_TYPED_BINARY_OF(Integers, bitwise_xor, typed::kept);
LAZULI_TYPED_BINARY(logical_and, typed::boolean);
LAZULI_TYPED_BINARY(logical_or, typed::boolean);
LAZULI_TYPED_BINARY(logical_xor, typed::boolean);
#undef LAZULI_TYPED_BINARY_BOTH
#undef LAZULI_TYPED_BINARY
#undef LAZULI_TYPED_BINARY_OF
#undef LAZULI_TYPED_OPTIONS

#define LAZULI_TYPED_OPERATOR(sign, Kind, name, dtype)                                                                                            \
  LAZULI_TYPED_FUNCTION(operator sign, (typed::Operand A, typed::OperandBeside<A> B), (typed::Kind<name, dtype(typed::promoted_of<A, B>), A, B>), \
                        (const A& a, const B& b), typed::untyped(a) sign typed::untyped(b));
LAZULI_TYPED_OPERATOR(+, Elementwise, "add", typed::kept)
LAZULI_TYPED_OPERATOR(-, Elementwise, "sub", typed::kept)
LAZULI_TYPED_OPERATOR(*, Elementwise, "mul", typed::kept)
LAZULI_TYPED_OPERATOR(/, Elementwise, "div", typed::floating)
LAZULI_TYPED_OPERATOR(%, Elementwise, "remainder", typed::kept)
LAZULI_TYPED_OPERATOR(==, Elementwise, "eq", typed::boolean)
LAZULI_TYPED_OPERATOR(!=, Elementwise, "ne", typed::boolean)
LAZULI_TYPED_OPERATOR(<, Elementwise, "lt", typed::boolean)
LAZULI_TYPED_OPERATOR(<=, Elementwise, "le", typed::boolean)
LAZULI_TYPED_OPERATOR(>, Elementwise, "gt", typed::boolean)
LAZULI_TYPED_OPERATOR(>=, Elementwise, "ge", typed::boolean)
LAZULI_TYPED_OPERATOR(&, Integers, "bitwise_and", typed::kept)
LAZULI_TYPED_OPERATOR(|, Integers, "bitwise_or", typed::kept)
LAZULI_TYPED_OPERATOR(^, Integers, "bitwise_xor", typed::kept)
#undef LAZULI_TYPED_OPERATOR
#define LAZULI_TYPED_OPERATOR(sign, name)                                  \
  template <class A, class B>                                              \
  requires typed::Unlikely<std::remove_cvref_t<A>, std::remove_cvref_t<B>> \
  auto operator sign(A&&, B&&)->decltype(typed::Refused<name, "tensor " #sign " tensor or number", typed::Given<>, A, B>::make())
LAZULI_TYPED_OPERATOR(+, "add");
LAZULI_TYPED_OPERATOR(-, "sub");
LAZULI_TYPED_OPERATOR(*, "mul");
LAZULI_TYPED_OPERATOR(/, "div");
#undef LAZULI_TYPED_OPERATOR
template <typed::AnyTyped A>
A operator-(const A& a) {
  return {typed::Unchecked(), -typed::untyped(a)};
}

namespace special {
#define LAZULI_TYPED_BINARY(name)                                                                                                     \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A, typed::AnyTyped B),                                                                 \
                        (typed::Binary<"special." #name, typed::floating(typed::promoted_of<A, B>), &typed::rules::broadcast, A, B>), \
                        (const A& a, const B& b), special::name(typed::untyped(a), typed::untyped(b)));                               \
  LAZULI_TYPED_REFUSED_IN(special, "special." #name, name, #name "(a, b)")
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
