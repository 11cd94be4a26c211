#include "lazuli/ops/pointwise/activation.h"

#include <cmath>

#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/special.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"

// The members of Tensor that are this family's functions.
namespace lazuli {

Tensor Tensor::abs() const { return lazuli::abs(*this); }
Tensor Tensor::sign() const { return lazuli::sign(*this); }
Tensor Tensor::sgn() const { return lazuli::sgn(*this); }
Tensor Tensor::signbit() const { return lazuli::signbit(*this); }
Tensor Tensor::square() const { return lazuli::square(*this); }
Tensor Tensor::floor() const { return lazuli::floor(*this); }
Tensor Tensor::ceil() const { return lazuli::ceil(*this); }
Tensor Tensor::round(int64_t decimals) const { return lazuli::round(*this, decimals); }
Tensor Tensor::trunc() const { return lazuli::trunc(*this); }
Tensor Tensor::fix() const { return lazuli::fix(*this); }
Tensor Tensor::frac() const { return lazuli::frac(*this); }
FrexpResult Tensor::frexp() const { return lazuli::frexp(*this); }
Tensor Tensor::nan_to_num(std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) const {
  return lazuli::nan_to_num(*this, nan, posinf, neginf);
}
Tensor Tensor::bitwise_not() const { return lazuli::bitwise_not(*this); }
Tensor Tensor::logical_not() const { return lazuli::logical_not(*this); }
Tensor Tensor::reciprocal() const { return lazuli::reciprocal(*this); }
Tensor Tensor::sqrt() const { return lazuli::sqrt(*this); }
Tensor Tensor::rsqrt() const { return lazuli::rsqrt(*this); }
Tensor Tensor::exp() const { return lazuli::exp(*this); }
Tensor Tensor::exp2() const { return lazuli::exp2(*this); }
Tensor Tensor::expm1() const { return lazuli::expm1(*this); }
Tensor Tensor::log() const { return lazuli::log(*this); }
Tensor Tensor::log2() const { return lazuli::log2(*this); }
Tensor Tensor::log10() const { return lazuli::log10(*this); }
Tensor Tensor::log1p() const { return lazuli::log1p(*this); }
Tensor Tensor::sin() const { return lazuli::sin(*this); }
Tensor Tensor::cos() const { return lazuli::cos(*this); }
Tensor Tensor::tan() const { return lazuli::tan(*this); }
Tensor Tensor::asin() const { return lazuli::asin(*this); }
Tensor Tensor::acos() const { return lazuli::acos(*this); }
Tensor Tensor::atan() const { return lazuli::atan(*this); }
Tensor Tensor::sinh() const { return lazuli::sinh(*this); }
Tensor Tensor::cosh() const { return lazuli::cosh(*this); }
Tensor Tensor::tanh() const { return lazuli::tanh(*this); }
Tensor Tensor::asinh() const { return lazuli::asinh(*this); }
Tensor Tensor::acosh() const { return lazuli::acosh(*this); }
Tensor Tensor::atanh() const { return lazuli::atanh(*this); }
Tensor Tensor::deg2rad() const { return lazuli::deg2rad(*this); }
Tensor Tensor::rad2deg() const { return lazuli::rad2deg(*this); }
Tensor Tensor::sinc() const { return lazuli::sinc(*this); }
Tensor Tensor::sigmoid() const { return lazuli::sigmoid(*this); }
Tensor& Tensor::abs_() const { return lazuli::abs_(self()); }
Tensor& Tensor::sign_() const { return lazuli::sign_(self()); }
Tensor& Tensor::sgn_() const { return lazuli::sgn_(self()); }
Tensor& Tensor::square_() const { return lazuli::square_(self()); }
Tensor& Tensor::floor_() const { return lazuli::floor_(self()); }
Tensor& Tensor::ceil_() const { return lazuli::ceil_(self()); }
Tensor& Tensor::round_(int64_t decimals) const { return lazuli::round_(self(), decimals); }
Tensor& Tensor::trunc_() const { return lazuli::trunc_(self()); }
Tensor& Tensor::frac_() const { return lazuli::frac_(self()); }
Tensor& Tensor::nan_to_num_(std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) const {
  return lazuli::nan_to_num_(self(), nan, posinf, neginf);
}
Tensor& Tensor::bitwise_not_() const { return lazuli::bitwise_not_(self()); }
Tensor& Tensor::logical_not_() const { return lazuli::logical_not_(self()); }
Tensor& Tensor::reciprocal_() const { return lazuli::reciprocal_(self()); }
Tensor& Tensor::sqrt_() const { return lazuli::sqrt_(self()); }
Tensor& Tensor::rsqrt_() const { return lazuli::rsqrt_(self()); }
Tensor& Tensor::exp_() const { return lazuli::exp_(self()); }
Tensor& Tensor::exp2_() const { return lazuli::exp2_(self()); }
Tensor& Tensor::expm1_() const { return lazuli::expm1_(self()); }
Tensor& Tensor::log_() const { return lazuli::log_(self()); }
Tensor& Tensor::log2_() const { return lazuli::log2_(self()); }
Tensor& Tensor::log10_() const { return lazuli::log10_(self()); }
Tensor& Tensor::log1p_() const { return lazuli::log1p_(self()); }
Tensor& Tensor::sin_() const { return lazuli::sin_(self()); }
Tensor& Tensor::cos_() const { return lazuli::cos_(self()); }
Tensor& Tensor::tan_() const { return lazuli::tan_(self()); }
Tensor& Tensor::asin_() const { return lazuli::asin_(self()); }
Tensor& Tensor::acos_() const { return lazuli::acos_(self()); }
Tensor& Tensor::atan_() const { return lazuli::atan_(self()); }
Tensor& Tensor::sinh_() const { return lazuli::sinh_(self()); }
Tensor& Tensor::cosh_() const { return lazuli::cosh_(self()); }
Tensor& Tensor::tanh_() const { return lazuli::tanh_(self()); }
Tensor& Tensor::asinh_() const { return lazuli::asinh_(self()); }
Tensor& Tensor::acosh_() const { return lazuli::acosh_(self()); }
Tensor& Tensor::atanh_() const { return lazuli::atanh_(self()); }
Tensor& Tensor::deg2rad_() const { return lazuli::deg2rad_(self()); }
Tensor& Tensor::rad2deg_() const { return lazuli::rad2deg_(self()); }
Tensor& Tensor::sinc_() const { return lazuli::sinc_(self()); }
Tensor& Tensor::sigmoid_() const { return lazuli::sigmoid_(self()); }

Tensor Tensor::pow(const Tensor& exponent) const { return lazuli::pow(*this, exponent); }
Tensor Tensor::pow(const Scalar& exponent) const { return lazuli::pow(*this, exponent); }
Tensor Tensor::float_power(const Tensor& exponent) const { return lazuli::float_power(*this, exponent); }
Tensor Tensor::float_power(const Scalar& exponent) const { return lazuli::float_power(*this, exponent); }
Tensor Tensor::atan2(const Tensor& other) const { return lazuli::atan2(*this, other); }
Tensor Tensor::maximum(const Tensor& other) const { return lazuli::maximum(*this, other); }
Tensor Tensor::minimum(const Tensor& other) const { return lazuli::minimum(*this, other); }
Tensor Tensor::fmax(const Tensor& other) const { return lazuli::fmax(*this, other); }
Tensor Tensor::fmin(const Tensor& other) const { return lazuli::fmin(*this, other); }
Tensor Tensor::hypot(const Tensor& other) const { return lazuli::hypot(*this, other); }
Tensor Tensor::copysign(const Tensor& other) const { return lazuli::copysign(*this, other); }
Tensor Tensor::copysign(const Scalar& other) const { return lazuli::copysign(*this, other); }
Tensor Tensor::nextafter(const Tensor& other) const { return lazuli::nextafter(*this, other); }
Tensor Tensor::heaviside(const Tensor& values) const { return lazuli::heaviside(*this, values); }
Tensor Tensor::ldexp(const Tensor& other) const { return lazuli::ldexp(*this, other); }
Tensor Tensor::logaddexp(const Tensor& other) const { return lazuli::logaddexp(*this, other); }
Tensor Tensor::logaddexp2(const Tensor& other) const { return lazuli::logaddexp2(*this, other); }
Tensor Tensor::xlogy(const Tensor& other) const { return lazuli::xlogy(*this, other); }
Tensor Tensor::xlogy(const Scalar& other) const { return lazuli::xlogy(*this, other); }
Tensor Tensor::gcd(const Tensor& other) const { return lazuli::gcd(*this, other); }
Tensor Tensor::lcm(const Tensor& other) const { return lazuli::lcm(*this, other); }
Tensor Tensor::bitwise_and(const Tensor& other) const { return lazuli::bitwise_and(*this, other); }
Tensor Tensor::bitwise_or(const Tensor& other) const { return lazuli::bitwise_or(*this, other); }
Tensor Tensor::bitwise_xor(const Tensor& other) const { return lazuli::bitwise_xor(*this, other); }
Tensor Tensor::bitwise_left_shift(const Tensor& other) const { return lazuli::bitwise_left_shift(*this, other); }
Tensor Tensor::bitwise_right_shift(const Tensor& other) const { return lazuli::bitwise_right_shift(*this, other); }
Tensor Tensor::bitwise_and(const Scalar& other) const { return lazuli::bitwise_and(*this, other); }
Tensor Tensor::bitwise_or(const Scalar& other) const { return lazuli::bitwise_or(*this, other); }
Tensor Tensor::bitwise_xor(const Scalar& other) const { return lazuli::bitwise_xor(*this, other); }
Tensor Tensor::bitwise_left_shift(const Scalar& other) const { return lazuli::bitwise_left_shift(*this, other); }
Tensor Tensor::bitwise_right_shift(const Scalar& other) const { return lazuli::bitwise_right_shift(*this, other); }
Tensor Tensor::logical_and(const Tensor& other) const { return lazuli::logical_and(*this, other); }
Tensor Tensor::logical_or(const Tensor& other) const { return lazuli::logical_or(*this, other); }
Tensor Tensor::logical_xor(const Tensor& other) const { return lazuli::logical_xor(*this, other); }
Tensor& Tensor::pow_(const Tensor& exponent) const { return lazuli::pow_(self(), exponent); }
Tensor& Tensor::pow_(const Scalar& exponent) const { return lazuli::pow_(self(), exponent); }
Tensor& Tensor::float_power_(const Tensor& exponent) const { return lazuli::float_power_(self(), exponent); }
Tensor& Tensor::float_power_(const Scalar& exponent) const { return lazuli::float_power_(self(), exponent); }
Tensor& Tensor::atan2_(const Tensor& other) const { return lazuli::atan2_(self(), other); }
Tensor& Tensor::hypot_(const Tensor& other) const { return lazuli::hypot_(self(), other); }
Tensor& Tensor::copysign_(const Tensor& other) const { return lazuli::copysign_(self(), other); }
Tensor& Tensor::copysign_(const Scalar& other) const { return lazuli::copysign_(self(), other); }
Tensor& Tensor::nextafter_(const Tensor& other) const { return lazuli::nextafter_(self(), other); }
Tensor& Tensor::heaviside_(const Tensor& values) const { return lazuli::heaviside_(self(), values); }
Tensor& Tensor::ldexp_(const Tensor& other) const { return lazuli::ldexp_(self(), other); }
Tensor& Tensor::xlogy_(const Tensor& other) const { return lazuli::xlogy_(self(), other); }
Tensor& Tensor::xlogy_(const Scalar& other) const { return lazuli::xlogy_(self(), other); }
Tensor& Tensor::gcd_(const Tensor& other) const { return lazuli::gcd_(self(), other); }
Tensor& Tensor::lcm_(const Tensor& other) const { return lazuli::lcm_(self(), other); }
Tensor& Tensor::bitwise_and_(const Tensor& other) const { return lazuli::bitwise_and_(self(), other); }
Tensor& Tensor::bitwise_or_(const Tensor& other) const { return lazuli::bitwise_or_(self(), other); }
Tensor& Tensor::bitwise_xor_(const Tensor& other) const { return lazuli::bitwise_xor_(self(), other); }
Tensor& Tensor::bitwise_left_shift_(const Tensor& other) const { return lazuli::bitwise_left_shift_(self(), other); }
Tensor& Tensor::bitwise_right_shift_(const Tensor& other) const { return lazuli::bitwise_right_shift_(self(), other); }
Tensor& Tensor::bitwise_and_(const Scalar& other) const { return lazuli::bitwise_and_(self(), other); }
Tensor& Tensor::bitwise_or_(const Scalar& other) const { return lazuli::bitwise_or_(self(), other); }
Tensor& Tensor::bitwise_xor_(const Scalar& other) const { return lazuli::bitwise_xor_(self(), other); }
Tensor& Tensor::bitwise_left_shift_(const Scalar& other) const { return lazuli::bitwise_left_shift_(self(), other); }
Tensor& Tensor::bitwise_right_shift_(const Scalar& other) const { return lazuli::bitwise_right_shift_(self(), other); }
Tensor& Tensor::logical_and_(const Tensor& other) const { return lazuli::logical_and_(self(), other); }
Tensor& Tensor::logical_or_(const Tensor& other) const { return lazuli::logical_or_(self(), other); }
Tensor& Tensor::logical_xor_(const Tensor& other) const { return lazuli::logical_xor_(self(), other); }

Tensor Tensor::add(const Tensor& other, const Scalar& alpha) const { return lazuli::add(*this, other, alpha); }
Tensor Tensor::add(const Scalar& other, const Scalar& alpha) const { return lazuli::add(*this, other, alpha); }
Tensor Tensor::sub(const Tensor& other, const Scalar& alpha) const { return lazuli::sub(*this, other, alpha); }
Tensor Tensor::sub(const Scalar& other, const Scalar& alpha) const { return lazuli::sub(*this, other, alpha); }
Tensor Tensor::mul(const Tensor& other) const { return lazuli::mul(*this, other); }
Tensor Tensor::mul(const Scalar& other) const { return lazuli::mul(*this, other); }
Tensor Tensor::div(const Tensor& other, std::optional<std::string> rounding_mode) const { return lazuli::div(*this, other, rounding_mode); }
Tensor Tensor::div(const Scalar& other, std::optional<std::string> rounding_mode) const { return lazuli::div(*this, other, rounding_mode); }
Tensor Tensor::true_divide(const Tensor& other) const { return lazuli::true_divide(*this, other); }
Tensor Tensor::true_divide(const Scalar& other) const { return lazuli::true_divide(*this, other); }
Tensor Tensor::floor_divide(const Tensor& other) const { return lazuli::floor_divide(*this, other); }
Tensor Tensor::floor_divide(const Scalar& other) const { return lazuli::floor_divide(*this, other); }
Tensor Tensor::remainder(const Tensor& other) const { return lazuli::remainder(*this, other); }
Tensor Tensor::remainder(const Scalar& other) const { return lazuli::remainder(*this, other); }
Tensor Tensor::fmod(const Tensor& other) const { return lazuli::fmod(*this, other); }
Tensor Tensor::fmod(const Scalar& other) const { return lazuli::fmod(*this, other); }
Tensor Tensor::neg() const { return lazuli::neg(*this); }
Tensor Tensor::positive() const { return lazuli::positive(*this); }
Tensor& Tensor::add_(const Tensor& other, const Scalar& alpha) const { return lazuli::add_(self(), other, alpha); }
Tensor& Tensor::add_(const Scalar& other, const Scalar& alpha) const { return lazuli::add_(self(), other, alpha); }
Tensor& Tensor::sub_(const Tensor& other, const Scalar& alpha) const { return lazuli::sub_(self(), other, alpha); }
Tensor& Tensor::sub_(const Scalar& other, const Scalar& alpha) const { return lazuli::sub_(self(), other, alpha); }
Tensor& Tensor::mul_(const Tensor& other) const { return lazuli::mul_(self(), other); }
Tensor& Tensor::mul_(const Scalar& other) const { return lazuli::mul_(self(), other); }
Tensor& Tensor::div_(const Tensor& other, std::optional<std::string> rounding_mode) const { return lazuli::div_(self(), other, rounding_mode); }
Tensor& Tensor::div_(const Scalar& other, std::optional<std::string> rounding_mode) const { return lazuli::div_(self(), other, rounding_mode); }
Tensor& Tensor::floor_divide_(const Tensor& other) const { return lazuli::floor_divide_(self(), other); }
Tensor& Tensor::floor_divide_(const Scalar& other) const { return lazuli::floor_divide_(self(), other); }
Tensor& Tensor::remainder_(const Tensor& other) const { return lazuli::remainder_(self(), other); }
Tensor& Tensor::remainder_(const Scalar& other) const { return lazuli::remainder_(self(), other); }
Tensor& Tensor::fmod_(const Tensor& other) const { return lazuli::fmod_(self(), other); }
Tensor& Tensor::fmod_(const Scalar& other) const { return lazuli::fmod_(self(), other); }
Tensor& Tensor::neg_() const { return lazuli::neg_(self()); }

Tensor Tensor::clamp(std::optional<Scalar> min, std::optional<Scalar> max) const { return lazuli::clamp(*this, min, max); }
Tensor Tensor::clamp(const OptionalTensor& min, const OptionalTensor& max) const { return lazuli::clamp(*this, min, max); }
Tensor Tensor::clamp_min(const Scalar& min) const { return lazuli::clamp_min(*this, min); }
Tensor Tensor::clamp_min(const Tensor& min) const { return lazuli::clamp_min(*this, min); }
Tensor Tensor::clamp_max(const Scalar& max) const { return lazuli::clamp_max(*this, max); }
Tensor Tensor::clamp_max(const Tensor& max) const { return lazuli::clamp_max(*this, max); }
Tensor Tensor::lerp(const Tensor& end, const Tensor& weight) const { return lazuli::lerp(*this, end, weight); }
Tensor Tensor::lerp(const Tensor& end, const Scalar& weight) const { return lazuli::lerp(*this, end, weight); }
Tensor Tensor::addcmul(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return lazuli::addcmul(*this, tensor1, tensor2, value);
}
Tensor Tensor::addcdiv(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return lazuli::addcdiv(*this, tensor1, tensor2, value);
}
Tensor Tensor::masked_fill(const Tensor& mask, const Scalar& value) const { return lazuli::masked_fill(*this, mask, value); }
Tensor Tensor::masked_fill(const Tensor& mask, const Tensor& value) const { return lazuli::masked_fill(*this, mask, value); }
Tensor& Tensor::clamp_(std::optional<Scalar> min, std::optional<Scalar> max) const { return lazuli::clamp_(self(), min, max); }
Tensor& Tensor::clamp_(const OptionalTensor& min, const OptionalTensor& max) const { return lazuli::clamp_(self(), min, max); }
Tensor& Tensor::clamp_min_(const Scalar& min) const { return lazuli::clamp_min_(self(), min); }
Tensor& Tensor::clamp_min_(const Tensor& min) const { return lazuli::clamp_min_(self(), min); }
Tensor& Tensor::clamp_max_(const Scalar& max) const { return lazuli::clamp_max_(self(), max); }
Tensor& Tensor::clamp_max_(const Tensor& max) const { return lazuli::clamp_max_(self(), max); }
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const { return lazuli::lerp_(self(), end, weight); }
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& weight) const { return lazuli::lerp_(self(), end, weight); }
Tensor& Tensor::addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return lazuli::addcmul_(self(), tensor1, tensor2, value);
}
Tensor& Tensor::addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return lazuli::addcdiv_(self(), tensor1, tensor2, value);
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Scalar& value) const { return lazuli::masked_fill_(self(), mask, value); }
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const { return lazuli::masked_fill_(self(), mask, value); }

Tensor Tensor::eq(const Tensor& other) const { return lazuli::eq(*this, other); }
Tensor Tensor::ne(const Tensor& other) const { return lazuli::ne(*this, other); }
Tensor Tensor::lt(const Tensor& other) const { return lazuli::lt(*this, other); }
Tensor Tensor::le(const Tensor& other) const { return lazuli::le(*this, other); }
Tensor Tensor::gt(const Tensor& other) const { return lazuli::gt(*this, other); }
Tensor Tensor::ge(const Tensor& other) const { return lazuli::ge(*this, other); }
Tensor Tensor::eq(const Scalar& other) const { return lazuli::eq(*this, other); }
Tensor Tensor::ne(const Scalar& other) const { return lazuli::ne(*this, other); }
Tensor Tensor::lt(const Scalar& other) const { return lazuli::lt(*this, other); }
Tensor Tensor::le(const Scalar& other) const { return lazuli::le(*this, other); }
Tensor Tensor::gt(const Scalar& other) const { return lazuli::gt(*this, other); }
Tensor Tensor::ge(const Scalar& other) const { return lazuli::ge(*this, other); }
Tensor& Tensor::eq_(const Tensor& other) const { return lazuli::eq_(self(), other); }
Tensor& Tensor::ne_(const Tensor& other) const { return lazuli::ne_(self(), other); }
Tensor& Tensor::lt_(const Tensor& other) const { return lazuli::lt_(self(), other); }
Tensor& Tensor::le_(const Tensor& other) const { return lazuli::le_(self(), other); }
Tensor& Tensor::gt_(const Tensor& other) const { return lazuli::gt_(self(), other); }
Tensor& Tensor::ge_(const Tensor& other) const { return lazuli::ge_(self(), other); }
Tensor& Tensor::eq_(const Scalar& other) const { return lazuli::eq_(self(), other); }
Tensor& Tensor::ne_(const Scalar& other) const { return lazuli::ne_(self(), other); }
Tensor& Tensor::lt_(const Scalar& other) const { return lazuli::lt_(self(), other); }
Tensor& Tensor::le_(const Scalar& other) const { return lazuli::le_(self(), other); }
Tensor& Tensor::gt_(const Scalar& other) const { return lazuli::gt_(self(), other); }
Tensor& Tensor::ge_(const Scalar& other) const { return lazuli::ge_(self(), other); }
Tensor Tensor::isnan() const { return lazuli::isnan(*this); }
Tensor Tensor::isinf() const { return lazuli::isinf(*this); }
Tensor Tensor::isfinite() const { return lazuli::isfinite(*this); }
Tensor Tensor::isposinf() const { return lazuli::isposinf(*this); }
Tensor Tensor::isneginf() const { return lazuli::isneginf(*this); }
Tensor Tensor::isreal() const { return lazuli::isreal(*this); }
Tensor Tensor::isclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return lazuli::isclose(*this, other, rtol, atol, equal_nan);
}
bool Tensor::allclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return lazuli::allclose(*this, other, rtol, atol, equal_nan);
}
bool Tensor::equal(const Tensor& other) const { return lazuli::equal(*this, other); }
bool Tensor::is_nonzero() const { return lazuli::is_nonzero(*this); }
bool Tensor::is_conj() const { return lazuli::is_conj(*this); }
bool Tensor::is_neg() const { return lazuli::is_neg(*this); }
bool Tensor::is_signed() const { return lazuli::is_signed(*this); }
bool Tensor::is_same_size(const Tensor& other) const { return lazuli::is_same_size(*this, other); }

Tensor Tensor::real() const { return lazuli::real(*this); }
Tensor Tensor::imag() const { return lazuli::imag(*this); }
Tensor Tensor::conj() const { return lazuli::conj(*this); }
Tensor Tensor::conj_physical() const { return lazuli::conj_physical(*this); }
Tensor& Tensor::conj_physical_() const { return lazuli::conj_physical_(self()); }
Tensor Tensor::resolve_conj() const { return lazuli::resolve_conj(*this); }
Tensor Tensor::resolve_neg() const { return lazuli::resolve_neg(*this); }
Tensor Tensor::angle() const { return lazuli::angle(*this); }

Tensor Tensor::relu() const { return lazuli::relu(*this); }
Tensor Tensor::prelu(const Tensor& weight) const { return lazuli::prelu(*this, weight); }
Tensor Tensor::hardshrink(const Scalar& lambda) const { return lazuli::hardshrink(*this, lambda); }
Tensor& Tensor::relu_() const { return lazuli::relu_(self()); }

Tensor Tensor::erf() const { return lazuli::erf(*this); }
Tensor Tensor::erfc() const { return lazuli::erfc(*this); }
Tensor Tensor::erfinv() const { return lazuli::erfinv(*this); }
Tensor Tensor::lgamma() const { return lazuli::lgamma(*this); }
Tensor Tensor::digamma() const { return lazuli::digamma(*this); }
Tensor Tensor::mvlgamma(int64_t p) const { return lazuli::mvlgamma(*this, p); }
Tensor Tensor::i0() const { return lazuli::i0(*this); }
Tensor Tensor::logit(std::optional<double> eps) const { return lazuli::logit(*this, eps); }
Tensor Tensor::igamma(const Tensor& other) const { return lazuli::igamma(*this, other); }
Tensor Tensor::igammac(const Tensor& other) const { return lazuli::igammac(*this, other); }
Tensor& Tensor::erf_() const { return lazuli::erf_(self()); }
Tensor& Tensor::erfc_() const { return lazuli::erfc_(self()); }
Tensor& Tensor::erfinv_() const { return lazuli::erfinv_(self()); }
Tensor& Tensor::lgamma_() const { return lazuli::lgamma_(self()); }
Tensor& Tensor::digamma_() const { return lazuli::digamma_(self()); }
Tensor& Tensor::polygamma_(int64_t n) const { return lazuli::polygamma_(self(), n); }
Tensor& Tensor::mvlgamma_(int64_t p) const { return lazuli::mvlgamma_(self(), p); }
Tensor& Tensor::i0_() const { return lazuli::i0_(self()); }
Tensor& Tensor::logit_(std::optional<double> eps) const { return lazuli::logit_(self(), eps); }
Tensor& Tensor::igamma_(const Tensor& other) const { return lazuli::igamma_(self(), other); }
Tensor& Tensor::igammac_(const Tensor& other) const { return lazuli::igammac_(self(), other); }

Tensor& Tensor::fix_() const { return lazuli::trunc_(self()); }
Tensor& Tensor::true_divide_(const Tensor& other) const { return lazuli::div_(self(), other); }
Tensor& Tensor::true_divide_(const Scalar& other) const { return lazuli::div_(self(), other); }
Tensor Tensor::operator-() const { return lazuli::neg(*this); }
Tensor Tensor::where(const Tensor& condition, const Tensor& other) const { return lazuli::where(condition, *this, other); }
Tensor Tensor::where(const Tensor& condition, const Scalar& other) const { return lazuli::where(condition, *this, other); }
Tensor Tensor::polygamma(int64_t n) const { return lazuli::polygamma(n, *this); }

}  // namespace lazuli
