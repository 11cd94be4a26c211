#include "lazuli/distributions/real.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "lazuli/autograd/modes.h"
#include "lazuli/distributions/support.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli::distributions {
namespace {

constexpr double kPi = std::numbers::pi, kEuler = std::numbers::egamma, kInf = std::numeric_limits<double>::infinity();
const double kLog2Pi = std::log(2 * kPi), kRoot2 = std::numbers::sqrt2;

Tensor constant(const Tensor& like, double value) { return full_like(like, value).detach(); }
void check_probability(const Distribution& d, const Tensor& value) {
  detail::check_parameter(d.name(), "value", "probabilities in [0, 1]", value, (value.detach() >= 0) & (value.detach() <= 1));
}

}  // namespace

Normal::Normal(const Parameter& location, const Parameter& spread) {
  const auto all = detail::broadcast_all("Normal", {&location, &spread});
  loc = all[0], scale = all[1], batch_shape_ = loc.sizes();
  detail::check_positive("Normal", "scale", scale);
}
Tensor Normal::rsample(const Shape& sample_shape) const { return loc + scale * detail::normals(extended(sample_shape), loc); }
Tensor Normal::log_prob(const Tensor& value) const { return -square((value - loc) / scale) / 2 - log(scale) - kLog2Pi / 2; }
Tensor Normal::entropy() const { return log(scale) + (0.5 + kLog2Pi / 2); }
Tensor Normal::variance() const { return square(scale); }
Tensor Normal::cdf(const Tensor& value) const { return special::ndtr((value - loc) / scale); }
Tensor Normal::icdf(const Tensor& value) const { return loc + scale * erfinv(value * 2 - 1) * kRoot2; }

LogNormal::LogNormal(const Parameter& location, const Parameter& spread) {
  const auto all = detail::broadcast_all("LogNormal", {&location, &spread});
  loc = all[0], scale = all[1], batch_shape_ = loc.sizes();
  detail::check_positive("LogNormal", "scale", scale);
}
Tensor LogNormal::rsample(const Shape& sample_shape) const { return exp(Normal(loc, scale).rsample(sample_shape)); }
Tensor LogNormal::log_prob(const Tensor& value) const {
  check_support(value, value.detach() > 0, "values above 0");
  return Normal(loc, scale).log_prob(log(value)) - log(value);
}
Tensor LogNormal::entropy() const { return Normal(loc, scale).entropy() + loc; }
Tensor LogNormal::mean() const { return exp(loc + square(scale) / 2); }
Tensor LogNormal::mode() const { return exp(loc - square(scale)); }
Tensor LogNormal::variance() const { return expm1(square(scale)) * exp(loc * 2 + square(scale)); }
Tensor LogNormal::cdf(const Tensor& value) const {
  check_support(value, value.detach() >= 0, "values that are not negative");
  return Normal(loc, scale).cdf(log(value));
}
Tensor LogNormal::icdf(const Tensor& value) const { return exp(Normal(loc, scale).icdf(value)); }

Uniform::Uniform(const Parameter& from, const Parameter& to) {
  const auto all = detail::broadcast_all("Uniform", {&from, &to});
  low = all[0], high = all[1], batch_shape_ = low.sizes();
  detail::check_parameter("Uniform", "high", "values above low", high, low.detach() < high.detach());
}
Tensor Uniform::rsample(const Shape& sample_shape) const {
  return low + (high - low) * rand(extended(sample_shape), {.dtype = low.dtype(), .device = low.device()});
}
Tensor Uniform::log_prob(const Tensor& value) const {
  const Tensor v = value.detach(), inside = (v >= low.detach()) & (v <= high.detach());
  check_support(value, inside, "values from low to high");
  const Tensor counted = inside & (v < high.detach());
  return where(counted, 0.0, constant(low, -kInf)) - log(high - low);
}
Tensor Uniform::entropy() const { return log(high - low); }
Tensor Uniform::mean() const { return (high + low) / 2; }
Tensor Uniform::mode() const { return constant(low, std::nan("")); }
Tensor Uniform::variance() const { return square(high - low) / 12; }
Tensor Uniform::cdf(const Tensor& value) const { return clamp((value - low) / (high - low), Scalar(0), Scalar(1)); }
Tensor Uniform::icdf(const Tensor& value) const {
  check_probability(*this, value);
  return value * (high - low) + low;
}

Laplace::Laplace(const Parameter& location, const Parameter& spread) {
  const auto all = detail::broadcast_all("Laplace", {&location, &spread});
  loc = all[0], scale = all[1], batch_shape_ = loc.sizes();
  detail::check_positive("Laplace", "scale", scale);
}
Tensor Laplace::rsample(const Shape& sample_shape) const {
  const Tensor u = detail::uniforms(extended(sample_shape), loc) * 2 - 1;
  return loc - scale * sign(u) * log1p(-clamp_max(abs(u), 1 - detail::epsilon_of(loc) / 2));
}
Tensor Laplace::log_prob(const Tensor& value) const { return -log(scale * 2) - abs(value - loc) / scale; }
Tensor Laplace::entropy() const { return log(scale * 2) + 1; }
Tensor Laplace::variance() const { return square(scale) * 2; }
Tensor Laplace::cdf(const Tensor& value) const { return 0.5 - sign(value - loc) * expm1(-abs(value - loc) / scale) * 0.5; }
Tensor Laplace::icdf(const Tensor& value) const { return loc - scale * sign(value - 0.5) * log1p(abs(value - 0.5) * -2); }

Cauchy::Cauchy(const Parameter& location, const Parameter& spread) {
  const auto all = detail::broadcast_all("Cauchy", {&location, &spread});
  loc = all[0], scale = all[1], batch_shape_ = loc.sizes();
  detail::check_positive("Cauchy", "scale", scale);
}
Tensor Cauchy::rsample(const Shape& sample_shape) const {
  return loc + scale * cauchy_(empty(extended(sample_shape), {.dtype = loc.dtype(), .device = loc.device()}));
}
Tensor Cauchy::log_prob(const Tensor& value) const { return -std::log(kPi) - log(scale) - log1p(square((value - loc) / scale)); }
Tensor Cauchy::entropy() const { return log(scale) + std::log(4 * kPi); }
Tensor Cauchy::mean() const { return constant(loc, std::nan("")); }
Tensor Cauchy::variance() const { return constant(loc, kInf); }
Tensor Cauchy::cdf(const Tensor& value) const { return atan((value - loc) / scale) / kPi + 0.5; }
Tensor Cauchy::icdf(const Tensor& value) const { return tan((value - 0.5) * kPi) * scale + loc; }

Gumbel::Gumbel(const Parameter& location, const Parameter& spread) {
  const auto all = detail::broadcast_all("Gumbel", {&location, &spread});
  loc = all[0], scale = all[1], batch_shape_ = loc.sizes();
  detail::check_positive("Gumbel", "scale", scale);
}
Tensor Gumbel::rsample(const Shape& sample_shape) const { return icdf(detail::uniforms(extended(sample_shape), loc)); }
Tensor Gumbel::log_prob(const Tensor& value) const {
  const Tensor z = (value - loc) / scale;
  return -(z + exp(-z)) - log(scale);
}
Tensor Gumbel::entropy() const { return log(scale) + (1 + kEuler); }
Tensor Gumbel::mean() const { return loc + scale * kEuler; }
Tensor Gumbel::variance() const { return square(scale) * (kPi * kPi / 6); }
Tensor Gumbel::cdf(const Tensor& value) const { return exp(-exp(-(value - loc) / scale)); }
Tensor Gumbel::icdf(const Tensor& value) const { return loc - scale * log(-log(value)); }

HalfNormal::HalfNormal(const Parameter& spread) {
  scale = detail::broadcast_all("HalfNormal", {&spread})[0], batch_shape_ = scale.sizes();
  detail::check_positive("HalfNormal", "scale", scale);
}
Tensor HalfNormal::rsample(const Shape& sample_shape) const { return abs(Normal(0, scale).rsample(sample_shape)); }
Tensor HalfNormal::log_prob(const Tensor& value) const {
  check_support(value, value.detach() >= 0, "values that are not negative");
  return Normal(0, scale).log_prob(value) + std::log(2.0);
}
Tensor HalfNormal::entropy() const { return Normal(0, scale).entropy() - std::log(2.0); }
Tensor HalfNormal::mean() const { return scale * std::sqrt(2 / kPi); }
Tensor HalfNormal::mode() const { return zeros_like(scale); }
Tensor HalfNormal::variance() const { return square(scale) * (1 - 2 / kPi); }
Tensor HalfNormal::cdf(const Tensor& value) const {
  check_support(value, value.detach() >= 0, "values that are not negative");
  return Normal(0, scale).cdf(value) * 2 - 1;
}
Tensor HalfNormal::icdf(const Tensor& value) const { return Normal(0, scale).icdf((value + 1) / 2); }

HalfCauchy::HalfCauchy(const Parameter& spread) {
  scale = detail::broadcast_all("HalfCauchy", {&spread})[0], batch_shape_ = scale.sizes();
  detail::check_positive("HalfCauchy", "scale", scale);
}
Tensor HalfCauchy::rsample(const Shape& sample_shape) const { return abs(Cauchy(0, scale).rsample(sample_shape)); }
Tensor HalfCauchy::log_prob(const Tensor& value) const {
  check_support(value, value.detach() >= 0, "values that are not negative");
  return Cauchy(0, scale).log_prob(value) + std::log(2.0);
}
Tensor HalfCauchy::entropy() const { return Cauchy(0, scale).entropy() - std::log(2.0); }
Tensor HalfCauchy::mean() const { return constant(scale, kInf); }
Tensor HalfCauchy::mode() const { return zeros_like(scale); }
Tensor HalfCauchy::variance() const { return constant(scale, kInf); }
Tensor HalfCauchy::cdf(const Tensor& value) const {
  check_support(value, value.detach() >= 0, "values that are not negative");
  return Cauchy(0, scale).cdf(value) * 2 - 1;
}
Tensor HalfCauchy::icdf(const Tensor& value) const { return Cauchy(0, scale).icdf((value + 1) / 2); }

StudentT::StudentT(const Parameter& freedom, const Parameter& location, const Parameter& spread) {
  const auto all = detail::broadcast_all("StudentT", {&freedom, &location, &spread});
  df = all[0], loc = all[1], scale = all[2], batch_shape_ = loc.sizes();
  detail::check_positive("StudentT", "df", df);
  detail::check_positive("StudentT", "scale", scale);
}
Tensor StudentT::rsample(const Shape& sample_shape) const {
  const Shape sizes = extended(sample_shape);
  const Tensor chi2 = detail::standard_gamma((df / 2).expand(sizes)) * 2;
  return loc + scale * detail::normals(sizes, loc) * rsqrt(chi2 / df);
}
Tensor StudentT::log_prob(const Tensor& value) const {
  const Tensor y = (value - loc) / scale;
  const Tensor norm = log(scale) + log(df) / 2 + std::log(kPi) / 2 + lgamma(df / 2) - lgamma((df + 1) / 2);
  return (df + 1) * log1p(square(y) / df) * -0.5 - norm;
}
Tensor StudentT::entropy() const {
  const Tensor half = (df + 1) / 2;
  const Tensor log_beta = lgamma(df / 2) + std::log(kPi) / 2 - lgamma(half);
  return log(scale) + half * (digamma(half) - digamma(df / 2)) + log(df) / 2 + log_beta;
}
Tensor StudentT::mean() const { return where(df > 1, loc, constant(loc, std::nan(""))); }
Tensor StudentT::variance() const {
  const Tensor finite = square(scale) * df / (df - 2);
  return where(df > 2, finite, where(df > 1, constant(df, kInf), constant(df, std::nan(""))));
}

VonMises::VonMises(const Parameter& location, const Parameter& strength) {
  const auto all = detail::broadcast_all("VonMises", {&location, &strength});
  loc = all[0], concentration = all[1], batch_shape_ = loc.sizes();
  detail::check_positive("VonMises", "concentration", concentration);
}
// By rejection from a wrapped Cauchy distribution (Best and Fisher, 1979), all places at once until each has one.
Tensor VonMises::sample(const Shape& sample_shape) const {
  no_grad guard;
  const Shape sizes = extended(sample_shape);
  if (loc.device().is_meta()) return empty(sizes, {.dtype = loc.dtype(), .device = loc.device()});
  const Tensor k = to(concentration, kFloat64).expand(sizes), tau = sqrt(square(k) * 4 + 1) + 1, rho = (tau - sqrt(tau * 2)) / (k * 2);
  const Tensor r = where(k < 1e-5, 1 / k + k, (square(rho) + 1) / (rho * 2));
  Tensor out = zeros(sizes, {.dtype = kFloat64, .device = loc.device()}), done = zeros(sizes, {.dtype = kBool, .device = loc.device()});
  for (int tries = 0; tries < 1000; ++tries) {
    const Tensor u1 = detail::uniforms(sizes, k), u2 = detail::uniforms(sizes, k), u3 = detail::uniforms(sizes, k);
    const Tensor z = cos(u1 * kPi), f = (r * z + 1) / (r + z), c = k * (r - f);
    const Tensor accept = ((c * (2 - c) - u2) > 0) | ((log(c / u2) + 1 - c) >= 0);
    out = where(accept & ~done, sign(u3 - 0.5) * acos(clamp(f, Scalar(-1), Scalar(1))), out);
    done = done | accept;
    if (all(done).item<bool>()) break;
  }
  return remainder(to(out, loc.dtype()) + loc + kPi, 2 * kPi) - kPi;
}
Tensor VonMises::log_prob(const Tensor& value) const {
  // log(i0(k)) without overflow
  return concentration * cos(value - loc) - kLog2Pi - log(special::i0e(concentration)) - concentration;
}
Tensor VonMises::variance() const { return 1 - special::i1e(concentration) / special::i0e(concentration); }

}  // namespace lazuli::distributions
