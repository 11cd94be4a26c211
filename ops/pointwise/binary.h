#pragma once
#include "lazuli/core/factory.h"

/// Functions of two tensors, element by element, broadcast and promoted; arithmetic and comparisons have files of their own. "Floating": integers and bool become the
/// default dtype first. "Real": throws Error for complex numbers.
namespace lazuli {

/// self to the power of exponent. Throws Error for integers to a negative integer number.
Tensor pow(const Tensor& self, const Tensor& exponent);
Tensor pow(const Tensor& self, const Scalar& exponent);
Tensor pow(const Scalar& self, const Tensor& exponent);
Tensor pow(...) = delete;  // pow(tensor or number x, tensor or number exponent)
/// The same computed in float64 (complex128 where complex).
Tensor float_power(const Tensor& self, const Tensor& exponent);
Tensor float_power(const Tensor& self, const Scalar& exponent);
Tensor float_power(const Scalar& self, const Tensor& exponent);
Tensor float_power(...) = delete;  // float_power(tensor or number x, tensor or number exponent)
/// Floating, real: the angle of the point (other, self), in [-pi, pi].
Tensor atan2(const Tensor& self, const Tensor& other);
/// Real: the greater and the lesser; NaN where either is (maximum, minimum) or where both are (fmax, fmin).
Tensor maximum(const Tensor& self, const Tensor& other);
Tensor minimum(const Tensor& self, const Tensor& other);
Tensor fmax(const Tensor& self, const Tensor& other);
Tensor fmin(const Tensor& self, const Tensor& other);
/// Real: sqrt(self^2 + other^2) without overflow between; floating point only.
Tensor hypot(const Tensor& self, const Tensor& other);
/// Floating, real: |self| with the sign of other.
Tensor copysign(const Tensor& self, const Tensor& other);
Tensor copysign(const Tensor& self, const Scalar& other);
Tensor copysign(...) = delete;  // copysign(x, tensor or number)
/// The next number after self towards other; floating point only.
Tensor nextafter(const Tensor& self, const Tensor& other);
/// Real: 0 where self < 0, `values` where self == 0, 1 where self > 0. Both of one dtype.
Tensor heaviside(const Tensor& self, const Tensor& values);
/// self * 2^other.
Tensor ldexp(const Tensor& self, const Tensor& other);
/// Floating point: log(exp(self) + exp(other)), and to base 2.
Tensor logaddexp(const Tensor& self, const Tensor& other);
Tensor logaddexp2(const Tensor& self, const Tensor& other);
/// Floating, real: self * log(other), 0 where self is 0 (and other is not NaN).
Tensor xlogy(const Tensor& self, const Tensor& other);
Tensor xlogy(const Tensor& self, const Scalar& other);
Tensor xlogy(const Scalar& self, const Tensor& other);
Tensor xlogy(...) = delete;  // xlogy(tensor or number x, tensor or number)
/// Integers: the greatest common divisor, the least common multiple.
Tensor gcd(const Tensor& self, const Tensor& other);
Tensor lcm(const Tensor& self, const Tensor& other);
/// Integers and bool; shifts: integers.
Tensor bitwise_and(const Tensor& self, const Tensor& other);
Tensor bitwise_or(const Tensor& self, const Tensor& other);
Tensor bitwise_xor(const Tensor& self, const Tensor& other);
Tensor bitwise_left_shift(const Tensor& self, const Tensor& other);
Tensor bitwise_right_shift(const Tensor& self, const Tensor& other);
Tensor bitwise_and(const Tensor& self, const Scalar& other);
Tensor bitwise_and(...) = delete;  // bitwise_and(x, tensor or number)
Tensor bitwise_or(const Tensor& self, const Scalar& other);
Tensor bitwise_or(...) = delete;  // bitwise_or(x, tensor or number)
Tensor bitwise_xor(const Tensor& self, const Scalar& other);
Tensor bitwise_xor(...) = delete;  // bitwise_xor(x, tensor or number)
Tensor bitwise_left_shift(const Tensor& self, const Scalar& other);
Tensor bitwise_left_shift(...) = delete;  // bitwise_left_shift(x, tensor or number)
Tensor bitwise_right_shift(const Tensor& self, const Scalar& other);
Tensor bitwise_right_shift(...) = delete;  // bitwise_right_shift(x, tensor or number)
/// Any dtype, non-zero is true; bool.
Tensor logical_and(const Tensor& self, const Tensor& other);
Tensor logical_or(const Tensor& self, const Tensor& other);
Tensor logical_xor(const Tensor& self, const Tensor& other);

Tensor& pow_(const Tensor& self, const Tensor& exponent);
Tensor& pow_(const Tensor& self, const Scalar& exponent);
Tensor& pow_(...) = delete;  // pow_(x, tensor or number exponent)
Tensor& float_power_(const Tensor& self, const Tensor& exponent);
Tensor& float_power_(const Tensor& self, const Scalar& exponent);
Tensor& float_power_(...) = delete;  // float_power_(x, tensor or number exponent)
Tensor& atan2_(const Tensor& self, const Tensor& other);
Tensor& hypot_(const Tensor& self, const Tensor& other);
Tensor& copysign_(const Tensor& self, const Tensor& other);
Tensor& copysign_(const Tensor& self, const Scalar& other);
Tensor& copysign_(...) = delete;  // copysign_(x, tensor or number)
Tensor& nextafter_(const Tensor& self, const Tensor& other);
Tensor& heaviside_(const Tensor& self, const Tensor& values);
Tensor& ldexp_(const Tensor& self, const Tensor& other);
Tensor& xlogy_(const Tensor& self, const Tensor& other);
Tensor& xlogy_(const Tensor& self, const Scalar& other);
Tensor& xlogy_(...) = delete;  // xlogy_(x, tensor or number)
Tensor& gcd_(const Tensor& self, const Tensor& other);
Tensor& lcm_(const Tensor& self, const Tensor& other);
Tensor& bitwise_and_(const Tensor& self, const Tensor& other);
Tensor& bitwise_or_(const Tensor& self, const Tensor& other);
Tensor& bitwise_xor_(const Tensor& self, const Tensor& other);
Tensor& bitwise_left_shift_(const Tensor& self, const Tensor& other);
Tensor& bitwise_right_shift_(const Tensor& self, const Tensor& other);
Tensor& bitwise_and_(const Tensor& self, const Scalar& other);
Tensor& bitwise_and_(...) = delete;  // bitwise_and_(x, tensor or number)
Tensor& bitwise_or_(const Tensor& self, const Scalar& other);
Tensor& bitwise_or_(...) = delete;  // bitwise_or_(x, tensor or number)
Tensor& bitwise_xor_(const Tensor& self, const Scalar& other);
Tensor& bitwise_xor_(...) = delete;  // bitwise_xor_(x, tensor or number)
Tensor& bitwise_left_shift_(const Tensor& self, const Scalar& other);
Tensor& bitwise_left_shift_(...) = delete;  // bitwise_left_shift_(x, tensor or number)
Tensor& bitwise_right_shift_(const Tensor& self, const Scalar& other);
Tensor& bitwise_right_shift_(...) = delete;  // bitwise_right_shift_(x, tensor or number)
Tensor& logical_and_(const Tensor& self, const Tensor& other);
Tensor& logical_or_(const Tensor& self, const Tensor& other);
Tensor& logical_xor_(const Tensor& self, const Tensor& other);

}  // namespace lazuli
