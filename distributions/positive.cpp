#include "lazuli/distributions/positive.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "lazuli/distributions/support.h"

namespace lazuli::distributions {
namespace {

constexpr double kEuler = std::numbers::egamma, kInf = std::numeric_limits<double>::infinity(), kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr const char *kPositive = "values above 0", *kNotNegative = "values that are not negative";

Tensor constant(const Tensor& like, double value) { return full_like(like, value).detach(); }
Tensor inside_unit(const Tensor& value) { return (value.detach() > 0) & (value.detach() < 1); }
Tensor log_beta(const Tensor& a, const Tensor& b) { return lgamma(a) + lgamma(b) - lgamma(a + b); }

}  // namespace

Exponential::Exponential(const Parameter& r) {
  rate = detail::broadcast_all("Exponential", {&r})[0], batch_shape_ = rate.sizes();
  detail::check_positive("Exponential", "rate", rate);
}
Tensor Exponential::rsample(const Shape& sample_shape) const {
  return exponential_(empty(extended(sample_shape), {.dtype = rate.dtype(), .device = rate.device()})) / rate;
}
Tensor Exponential::log_prob(const Tensor& value) const {
  check_support(value, value.detach() >= 0, kNotNegative);
  return log(rate) - rate * value;
}
Tensor Exponential::entropy() const { return 1 - log(rate); }
Tensor Exponential::mean() const { return reciprocal(rate); }
Tensor Exponential::mode() const { return zeros_like(rate); }
Tensor Exponential::variance() const { return reciprocal(square(rate)); }
Tensor Exponential::cdf(const Tensor& value) const {
  check_support(value, value.detach() >= 0, kNotNegative);
  return -expm1(-rate * value);
}
Tensor Exponential::icdf(const Tensor& value) const { return -log1p(-value) / rate; }

Gamma::Gamma(const Parameter& a, const Parameter& r) {
  const auto all = detail::broadcast_all("Gamma", {&a, &r});
  concentration = all[0], rate = all[1], batch_shape_ = rate.sizes();
  detail::check_positive("Gamma", "concentration", concentration);
  detail::check_positive("Gamma", "rate", rate);
}
Tensor Gamma::rsample(const Shape& sample_shape) const { return detail::standard_gamma(concentration.expand(extended(sample_shape))) / rate; }
Tensor Gamma::log_prob(const Tensor& value) const {
  check_support(value, value.detach() >= 0, kNotNegative);
  return xlogy(concentration, rate) + xlogy(concentration - 1, value) - rate * value - lgamma(concentration);
}
Tensor Gamma::entropy() const { return concentration - log(rate) + lgamma(concentration) + (1 - concentration) * digamma(concentration); }
Tensor Gamma::mean() const { return concentration / rate; }
Tensor Gamma::mode() const { return clamp_min(concentration - 1, 0) / rate; }
Tensor Gamma::variance() const { return concentration / square(rate); }
Tensor Gamma::cdf(const Tensor& value) const {
  check_support(value, value.detach() >= 0, kNotNegative);
  return igamma(concentration, rate * value);
}

Chi2::Chi2(const Parameter& freedom) {
  df = detail::broadcast_all("Chi2", {&freedom})[0], batch_shape_ = df.sizes();
  detail::check_positive("Chi2", "df", df);
}
Tensor Chi2::rsample(const Shape& sample_shape) const { return Gamma(df / 2, 0.5).rsample(sample_shape); }
Tensor Chi2::log_prob(const Tensor& value) const { return Gamma(df / 2, 0.5).log_prob(value); }
Tensor Chi2::entropy() const { return Gamma(df / 2, 0.5).entropy(); }
Tensor Chi2::mean() const { return df; }
Tensor Chi2::mode() const { return clamp_min(df - 2, 0); }
Tensor Chi2::variance() const { return df * 2; }
Tensor Chi2::cdf(const Tensor& value) const { return Gamma(df / 2, 0.5).cdf(value); }

InverseGamma::InverseGamma(const Parameter& a, const Parameter& r) {
  const auto all = detail::broadcast_all("InverseGamma", {&a, &r});
  concentration = all[0], rate = all[1], batch_shape_ = rate.sizes();
  detail::check_positive("InverseGamma", "concentration", concentration);
  detail::check_positive("InverseGamma", "rate", rate);
}
Tensor InverseGamma::rsample(const Shape& sample_shape) const { return reciprocal(Gamma(concentration, rate).rsample(sample_shape)); }
Tensor InverseGamma::log_prob(const Tensor& value) const {
  check_support(value, value.detach() > 0, kPositive);
  return Gamma(concentration, rate).log_prob(reciprocal(value)) - log(value) * 2;
}
Tensor InverseGamma::entropy() const { return concentration + log(rate) + lgamma(concentration) - (1 + concentration) * digamma(concentration); }
Tensor InverseGamma::mean() const { return where(concentration > 1, rate / (concentration - 1), constant(rate, kInf)); }
Tensor InverseGamma::mode() const { return rate / (concentration + 1); }
Tensor InverseGamma::variance() const {
  return where(concentration > 2, square(rate) / (square(concentration - 1) * (concentration - 2)), constant(rate, kInf));
}
Tensor InverseGamma::cdf(const Tensor& value) const {
  check_support(value, value.detach() >= 0, kNotNegative);
  return igammac(concentration, rate / value);
}

Beta::Beta(const Parameter& a, const Parameter& b) {
  const auto all = detail::broadcast_all("Beta", {&a, &b});
  concentration1 = all[0], concentration0 = all[1], batch_shape_ = concentration1.sizes();
  detail::check_positive("Beta", "concentration1", concentration1);
  detail::check_positive("Beta", "concentration0", concentration0);
}
Tensor Beta::rsample(const Shape& sample_shape) const {
  const Shape sizes = extended(sample_shape);
  const Tensor a = detail::standard_gamma(concentration1.expand(sizes)), b = detail::standard_gamma(concentration0.expand(sizes));
  return a / (a + b);
}
Tensor Beta::log_prob(const Tensor& value) const {
  check_support(value, (value.detach() >= 0) & (value.detach() <= 1), "values in [0, 1]");
  return xlogy(concentration1 - 1, value) + special::xlog1py(concentration0 - 1, -value) - log_beta(concentration1, concentration0);
}
Tensor Beta::entropy() const {
  const Tensor &a = concentration1, &b = concentration0;
  return log_beta(a, b) - (a - 1) * digamma(a) - (b - 1) * digamma(b) + (a + b - 2) * digamma(a + b);
}
Tensor Beta::mean() const { return concentration1 / (concentration1 + concentration0); }
Tensor Beta::mode() const {
  const Tensor &a = concentration1, &b = concentration0;
  const Tensor at_end = where(a < b, 0.0, where(a > b, 1.0, constant(a, kNaN)));  // of a density that is greatest at an end, or at both
  const Tensor up = clamp_min(a - 1, 0), down = clamp_min(b - 1, 0), at_a_slope = (a > 1) | (b > 1);
  return where(at_a_slope, up / where(at_a_slope, up + down, 1.0), at_end);
}
Tensor Beta::variance() const {
  const Tensor total = concentration1 + concentration0;
  return concentration1 * concentration0 / (square(total) * (total + 1));
}

Kumaraswamy::Kumaraswamy(const Parameter& a, const Parameter& b) {
  const auto all = detail::broadcast_all("Kumaraswamy", {&a, &b});
  concentration1 = all[0], concentration0 = all[1], batch_shape_ = concentration1.sizes();
  detail::check_positive("Kumaraswamy", "concentration1", concentration1);
  detail::check_positive("Kumaraswamy", "concentration0", concentration0);
}
Tensor Kumaraswamy::rsample(const Shape& sample_shape) const { return icdf(detail::uniforms(extended(sample_shape), concentration1)); }
Tensor Kumaraswamy::log_prob(const Tensor& value) const {
  check_support(value, inside_unit(value), "values in (0, 1)");
  const Tensor &a = concentration1, &b = concentration0;
  return log(a) + log(b) + (a - 1) * log(value) + (b - 1) * log1p(-pow(value, a));
}
Tensor Kumaraswamy::entropy() const {
  const Tensor t1 = 1 - reciprocal(concentration1), t0 = 1 - reciprocal(concentration0), harmonic = digamma(concentration0 + 1) + kEuler;
  return t0 + t1 * harmonic - log(concentration1) - log(concentration0);
}
namespace {
// The n-th moment: b B(1 + n / a, b)
Tensor kumaraswamy_moment(const Tensor& a, const Tensor& b, double n) { return exp(log(b) + log_beta(1 + n / a, b)); }
}  // namespace
Tensor Kumaraswamy::mean() const { return kumaraswamy_moment(concentration1, concentration0, 1); }
Tensor Kumaraswamy::mode() const {
  const Tensor &a = concentration1, &b = concentration0;
  const Tensor inner = pow((a - 1) / (a * b - 1), reciprocal(a));
  return where((a < 1) | (b < 1), constant(a, kNaN), inner);
}
Tensor Kumaraswamy::variance() const { return kumaraswamy_moment(concentration1, concentration0, 2) - square(mean()); }
Tensor Kumaraswamy::cdf(const Tensor& value) const {
  check_support(value, (value.detach() >= 0) & (value.detach() <= 1), "values in [0, 1]");
  return 1 - pow(1 - pow(value, concentration1), concentration0);
}
Tensor Kumaraswamy::icdf(const Tensor& value) const { return pow(-expm1(log1p(-value) / concentration0), reciprocal(concentration1)); }

FisherSnedecor::FisherSnedecor(const Parameter& a, const Parameter& b) {
  const auto all = detail::broadcast_all("FisherSnedecor", {&a, &b});
  df1 = all[0], df2 = all[1], batch_shape_ = df1.sizes();
  detail::check_positive("FisherSnedecor", "df1", df1);
  detail::check_positive("FisherSnedecor", "df2", df2);
}
Tensor FisherSnedecor::rsample(const Shape& sample_shape) const {
  return Gamma(df1 / 2, df1 / 2).rsample(sample_shape) / Gamma(df2 / 2, df2 / 2).rsample(sample_shape);
}
Tensor FisherSnedecor::log_prob(const Tensor& value) const {
  check_support(value, value.detach() > 0, kPositive);
  const Tensor a = df1 / 2, b = df2 / 2, ratio = df1 / df2;
  return a * log(ratio) + (a - 1) * log(value) - (a + b) * log1p(ratio * value) - log_beta(a, b);
}
Tensor FisherSnedecor::mean() const { return where(df2 > 2, df2 / (df2 - 2), constant(df2, kNaN)); }
Tensor FisherSnedecor::mode() const { return where(df1 > 2, (df1 - 2) / df1 * df2 / (df2 + 2), constant(df1, kNaN)); }
Tensor FisherSnedecor::variance() const {
  return where(df2 > 4, square(df2) * (df1 + df2 - 2) * 2 / (df1 * square(df2 - 2) * (df2 - 4)), constant(df2, kNaN));
}

Pareto::Pareto(const Parameter& s, const Parameter& a) {
  const auto all = detail::broadcast_all("Pareto", {&s, &a});
  scale = all[0], alpha = all[1], batch_shape_ = scale.sizes();
  detail::check_positive("Pareto", "scale", scale);
  detail::check_positive("Pareto", "alpha", alpha);
}
Tensor Pareto::rsample(const Shape& sample_shape) const { return scale * exp(Exponential(alpha).rsample(sample_shape)); }
Tensor Pareto::log_prob(const Tensor& value) const {
  check_support(value, value.detach() >= scale.detach(), "values from scale on");
  return log(alpha) + alpha * log(scale) - (alpha + 1) * log(value);
}
Tensor Pareto::entropy() const { return log(scale / alpha) + 1 + reciprocal(alpha); }
Tensor Pareto::mean() const { return where(alpha > 1, alpha * scale / (alpha - 1), constant(alpha, kInf)); }
Tensor Pareto::mode() const { return scale; }
Tensor Pareto::variance() const { return where(alpha > 2, square(scale) * alpha / (square(alpha - 1) * (alpha - 2)), constant(alpha, kInf)); }
Tensor Pareto::cdf(const Tensor& value) const {
  check_support(value, value.detach() >= scale.detach(), "values from scale on");
  return -expm1(-alpha * log(value / scale));
}
Tensor Pareto::icdf(const Tensor& value) const { return scale * exp(-log1p(-value) / alpha); }

GeneralizedPareto::GeneralizedPareto(const Parameter& location, const Parameter& s, const Parameter& c) {
  const auto all = detail::broadcast_all("GeneralizedPareto", {&location, &s, &c});
  loc = all[0], scale = all[1], concentration = all[2], batch_shape_ = scale.sizes();
  detail::check_positive("GeneralizedPareto", "scale", scale);
}
Tensor GeneralizedPareto::rsample(const Shape& sample_shape) const { return icdf(detail::uniforms(extended(sample_shape), loc)); }
namespace {
constexpr const char* kTail = "values from loc on, and for a negative concentration up to loc - scale / concentration";
Tensor in_tail(const Tensor& z, const Tensor& concentration) {
  return (z.detach() >= 0) & ((concentration.detach() >= 0) | (z.detach() * concentration.detach() >= -1));
}
}  // namespace
Tensor GeneralizedPareto::log_prob(const Tensor& value) const {
  const Tensor z = (value - loc) / scale, none = abs(concentration.detach()) < detail::epsilon_of(loc), c = where(none, 1.0, concentration);
  check_support(value, in_tail(z, concentration), kTail);
  return where(none, -z, -(1 + reciprocal(c)) * log1p(c * z)) - log(scale);
}
Tensor GeneralizedPareto::entropy() const { return log(scale) + concentration + 1; }
Tensor GeneralizedPareto::mean() const { return where(concentration < 1, loc + scale / (1 - concentration), constant(loc, kInf)); }
Tensor GeneralizedPareto::mode() const { return loc; }
Tensor GeneralizedPareto::variance() const {
  const Tensor& c = concentration;
  return where(c < 0.5, square(scale) / (square(1 - c) * (1 - c * 2)), constant(loc, kInf));
}
Tensor GeneralizedPareto::cdf(const Tensor& value) const {
  const Tensor z = (value - loc) / scale, none = abs(concentration.detach()) < detail::epsilon_of(loc), c = where(none, 1.0, concentration);
  check_support(value, in_tail(z, concentration), kTail);
  return where(none, -expm1(-z), -expm1(-log1p(c * z) / c));
}
Tensor GeneralizedPareto::icdf(const Tensor& value) const {
  const Tensor none = abs(concentration.detach()) < detail::epsilon_of(loc), c = where(none, 1.0, concentration), tail = log1p(-value);
  return loc + scale * where(none, -tail, expm1(-c * tail) / c);
}

Weibull::Weibull(const Parameter& s, const Parameter& c) {
  const auto all = detail::broadcast_all("Weibull", {&s, &c});
  scale = all[0], concentration = all[1], batch_shape_ = scale.sizes();
  detail::check_positive("Weibull", "scale", scale);
  detail::check_positive("Weibull", "concentration", concentration);
}
Tensor Weibull::rsample(const Shape& sample_shape) const { return icdf(detail::uniforms(extended(sample_shape), scale)); }
Tensor Weibull::log_prob(const Tensor& value) const {
  check_support(value, value.detach() > 0, kPositive);
  const Tensor z = log(value / scale);
  return log(concentration / scale) + (concentration - 1) * z - exp(concentration * z);
}
Tensor Weibull::entropy() const { return (1 - reciprocal(concentration)) * kEuler + log(scale / concentration) + 1; }
Tensor Weibull::mean() const { return scale * exp(lgamma(1 + reciprocal(concentration))); }
Tensor Weibull::mode() const {
  const Tensor& c = concentration;
  return where(c > 1, scale * pow(clamp_min((c - 1) / c, 0), reciprocal(c)), zeros_like(c));
}
Tensor Weibull::variance() const {
  const Tensor r = reciprocal(concentration);
  return square(scale) * (exp(lgamma(1 + r * 2)) - exp(lgamma(1 + r) * 2));
}
Tensor Weibull::cdf(const Tensor& value) const {
  check_support(value, value.detach() >= 0, kNotNegative);
  return -expm1(-pow(value / scale, concentration));
}
Tensor Weibull::icdf(const Tensor& value) const { return scale * pow(-log1p(-value), reciprocal(concentration)); }

}  // namespace lazuli::distributions
