#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/factory.h"

/// Functions of one tensor, element by element. Results have self's sizes and layout. "Floating": integers and bool become the default dtype first; complex numbers are taken
/// where nothing else is said. The in-place forms throw Error where the result does not cast to self's dtype (integers, for floating ones).
namespace lazuli {

/// |x|; real for complex numbers; not for bool.
Tensor abs(const Tensor& self);
/// -1, 0 or 1; not for complex.
Tensor sign(const Tensor& self);
/// sign for real numbers, x / |x| (0 at 0) for complex ones.
Tensor sgn(const Tensor& self);
/// Whether the sign bit is set (true for -0.0); bool. Not for complex.
Tensor signbit(const Tensor& self);
/// x * x.
Tensor square(const Tensor& self);
/// Rounding down, up, to the nearest (halves to even; `decimals` digits after the point), towards zero. Integers stay as they are. Not for bool or complex.
Tensor floor(const Tensor& self);
Tensor ceil(const Tensor& self);
Tensor round(const Tensor& self, int64_t decimals = 0);
Tensor trunc(const Tensor& self);
inline Tensor fix(const Tensor& self) { return trunc(self); }
/// x - trunc(x); floating point only.
Tensor frac(const Tensor& self);
/// Mantissa in (-1, -1/2] or [1/2, 1) and int32 exponent: x = mantissa * 2^exponent. Floating point only.
FrexpResult frexp(const Tensor& self);
struct NanToNumOptions {
  std::optional<double> nan = {}, posinf = {}, neginf = {};
  template <class O = NanToNumOptions>
  static constexpr auto members() {
    return Members{member("nan", &O::nan), member("posinf", &O::posinf), member("neginf", &O::neginf)};
  }
};
namespace with_options {
Tensor nan_to_num(const Tensor& self, NanToNumOptions options);
}
/// NaN, inf and -inf replaced by `nan` and, unless given, the greatest and least number of the dtype.
template <class Nan = NanToNumOptions>
Tensor nan_to_num(const Tensor& self, Nan nan = {}, std::optional<double> posinf = {}, std::optional<double> neginf = {}) {
  return with_options::nan_to_num(self, by_position<NanToNumOptions>(std::move(nan), posinf, neginf));
}
/// ~x: the bits of integers, not for bool.
Tensor bitwise_not(const Tensor& self);
/// Whether x is zero; bool.
Tensor logical_not(const Tensor& self);

/// Floating: 1/x, square root and its reciprocal, exponentials and logarithms (log1p(x) = log(1 + x), expm1(x) = exp(x) - 1).
Tensor reciprocal(const Tensor& self);
Tensor sqrt(const Tensor& self);
Tensor rsqrt(const Tensor& self);
Tensor exp(const Tensor& self);
Tensor exp2(const Tensor& self);
Tensor expm1(const Tensor& self);
Tensor log(const Tensor& self);
Tensor log2(const Tensor& self);
Tensor log10(const Tensor& self);
Tensor log1p(const Tensor& self);

/// Floating: trigonometric and hyperbolic functions and their inverses.
Tensor sin(const Tensor& self);
Tensor cos(const Tensor& self);
Tensor tan(const Tensor& self);
Tensor asin(const Tensor& self);
Tensor acos(const Tensor& self);
Tensor atan(const Tensor& self);
Tensor sinh(const Tensor& self);
Tensor cosh(const Tensor& self);
Tensor tanh(const Tensor& self);
Tensor asinh(const Tensor& self);
Tensor acosh(const Tensor& self);
Tensor atanh(const Tensor& self);
/// Degrees to radians and back; not for complex.
Tensor deg2rad(const Tensor& self);
Tensor rad2deg(const Tensor& self);
/// Floating: sin(pi x) / (pi x), 1 at 0.
Tensor sinc(const Tensor& self);
/// Floating: 1 / (1 + exp(-x)).
Tensor sigmoid(const Tensor& self);

Tensor& abs_(const Tensor& self);
Tensor& sign_(const Tensor& self);
Tensor& sgn_(const Tensor& self);
Tensor& square_(const Tensor& self);
Tensor& floor_(const Tensor& self);
Tensor& ceil_(const Tensor& self);
Tensor& round_(const Tensor& self, int64_t decimals = 0);
Tensor& trunc_(const Tensor& self);
Tensor& frac_(const Tensor& self);
namespace with_options {
Tensor& nan_to_num_(const Tensor& self, NanToNumOptions options);
}
template <class Nan = NanToNumOptions>
Tensor& nan_to_num_(const Tensor& self, Nan nan = {}, std::optional<double> posinf = {}, std::optional<double> neginf = {}) {
  return with_options::nan_to_num_(self, by_position<NanToNumOptions>(std::move(nan), posinf, neginf));
}
Tensor& bitwise_not_(const Tensor& self);
Tensor& logical_not_(const Tensor& self);
Tensor& reciprocal_(const Tensor& self);
Tensor& sqrt_(const Tensor& self);
Tensor& rsqrt_(const Tensor& self);
Tensor& exp_(const Tensor& self);
Tensor& exp2_(const Tensor& self);
Tensor& expm1_(const Tensor& self);
Tensor& log_(const Tensor& self);
Tensor& log2_(const Tensor& self);
Tensor& log10_(const Tensor& self);
Tensor& log1p_(const Tensor& self);
Tensor& sin_(const Tensor& self);
Tensor& cos_(const Tensor& self);
Tensor& tan_(const Tensor& self);
Tensor& asin_(const Tensor& self);
Tensor& acos_(const Tensor& self);
Tensor& atan_(const Tensor& self);
Tensor& sinh_(const Tensor& self);
Tensor& cosh_(const Tensor& self);
Tensor& tanh_(const Tensor& self);
Tensor& asinh_(const Tensor& self);
Tensor& acosh_(const Tensor& self);
Tensor& atanh_(const Tensor& self);
Tensor& deg2rad_(const Tensor& self);
Tensor& rad2deg_(const Tensor& self);
Tensor& sinc_(const Tensor& self);
Tensor& sigmoid_(const Tensor& self);

}  // namespace lazuli
