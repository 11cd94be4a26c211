#include "lazuli/distributions/vector.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/distributions/discrete.h"
#include "lazuli/distributions/positive.h"
#include "lazuli/distributions/real.h"
#include "lazuli/distributions/support.h"
#include "lazuli/distributions/transforms.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"

namespace lazuli::distributions {
namespace {

const double kLog2Pi = std::log(2 * std::numbers::pi), kNaN = std::numeric_limits<double>::quiet_NaN();

Shape without(const Shape& sizes, int64_t last) { return Shape(sizes.data(), sizes.size() - last); }
void need_dims(const char* owner, const char* argument, const Tensor& t, int64_t dims) {
  if (!t.defined()) fail_undefined(owner, argument);
  if (!t.is_floating_point()) fail(ErrorKind::Type, owner, argument, "a floating point dtype", lazuli::name(t.dtype()));
  if (t.dim() < dims || (dims == 2 && t.sizes()[-1] != t.sizes()[-2]))
    fail(owner, argument, dims == 2 ? "square matrices" : "at least one dimension", "sizes " + lazuli::to_string(t.sizes()));
}
Tensor transposed(const Tensor& t) { return t.transpose(-2, -1); }
Tensor diagonal_of(const Tensor& t) { return diagonal(t, 0, -2, -1); }
Tensor identity(int64_t n, const Tensor& like) { return eye(n, {}, {.dtype = like.dtype(), .device = like.device()}); }
Tensor outer_square(const Tensor& lower) { return matmul(lower, transposed(lower)); }

// The Cholesky factor of the covariance, whichever of the three was given.
Tensor factor_of(const char* owner, const CovarianceOptions& spread) {
  const int given = spread.covariance_matrix.has_value() + spread.precision_matrix.has_value() + spread.scale_tril.has_value();
  if (given != 1) fail(owner, "covariance_matrix", "one of covariance_matrix, precision_matrix and scale_tril", std::to_string(given));
  if (spread.scale_tril) {
    need_dims(owner, "scale_tril", *spread.scale_tril, 2);
    const Tensor d = diagonal_of(*spread.scale_tril);
    detail::check_parameter(owner, "scale_tril", "lower triangular matrices with a diagonal above 0", d, d.detach() > 0);
    return tril(*spread.scale_tril);
  }
  if (spread.covariance_matrix) {
    need_dims(owner, "covariance_matrix", *spread.covariance_matrix, 2);
    return detail::cholesky(owner, *spread.covariance_matrix);
  }
  // With P = L' L'^T of P turned about its other diagonal: the factor of P^-1 is the inverse of L' turned, transposed.
  need_dims(owner, "precision_matrix", *spread.precision_matrix, 2);
  const Tensor& p = *spread.precision_matrix;
  const Tensor turned = flip(detail::cholesky(owner, flip(p, {-2, -1})), {-2, -1}), upper = transposed(turned);
  return detail::solve_lower(upper, identity(p.sizes()[-1], p));
}
// log of the multivariate gamma function of p at t
Tensor log_multigamma(const Tensor& t, int64_t p) { return mvlgamma(t, p); }

// |L^-1 v|^2 for vectors along the last dimension
Tensor mahalanobis(const Tensor& lower, const Tensor& v) {
  const Shape batch = broadcast_shapes(without(lower.sizes(), 2), without(v.sizes(), 1), "log_prob");
  const int64_t n = v.sizes()[-1];
  return sum(square(detail::solve_lower(lower.expand(detail::joined(batch, {n, n})), v.expand(detail::joined(batch, {n})).unsqueeze(-1)).squeeze(-1)),
             -1);
}

}  // namespace

Dirichlet::Dirichlet(const Tensor& a) : concentration(a) {
  need_dims("Dirichlet", "concentration", a, 1);
  detail::check_positive("Dirichlet", "concentration", a);
  batch_shape_ = without(a.sizes(), 1), event_shape_ = {a.sizes()[-1]};
}
Tensor Dirichlet::rsample(const Shape& sample_shape) const {
  const Tensor g = detail::standard_gamma(concentration.expand(extended(sample_shape)));
  return g / sum(g, -1, true);
}
Tensor Dirichlet::log_prob(const Tensor& value) const {
  const Tensor v = value.detach();
  check_support(value, (v >= 0) & (abs(sum(v, -1, true) - 1) < 1e-6 + 100 * detail::epsilon_of(v)), "vectors that are not negative, of sum 1");
  return sum(xlogy(concentration - 1, value), -1) + lgamma(sum(concentration, -1)) - sum(lgamma(concentration), -1);
}
Tensor Dirichlet::entropy() const {
  const double k = double(concentration.sizes()[-1]);
  const Tensor total = sum(concentration, -1);
  return sum(lgamma(concentration), -1) - lgamma(total) - (k - total) * digamma(total) - sum((concentration - 1) * digamma(concentration), -1);
}
Tensor Dirichlet::mean() const { return concentration / sum(concentration, -1, true); }
Tensor Dirichlet::mode() const {
  const Tensor less = clamp_min(concentration - 1, 0), inner = less / sum(less, -1, true);
  const Tensor corner = full_like(concentration, 1.0 / double(concentration.sizes()[-1]));
  return where(lazuli::all(concentration < 1, -1, true), corner, inner);
}
Tensor Dirichlet::variance() const {
  const Tensor total = sum(concentration, -1, true);
  return concentration * (total - concentration) / (square(total) * (total + 1));
}

MultivariateNormal::MultivariateNormal(const Tensor& location, const CovarianceOptions& spread) {
  need_dims(class_name, "loc", location, 1);
  scale_tril = factor_of(class_name, spread);
  const int64_t n = location.sizes()[-1];
  if (scale_tril.sizes()[-1] != n) fail(class_name, "loc", std::to_string(scale_tril.sizes()[-1]) + " values", std::to_string(n));
  batch_shape_ = broadcast_shapes(without(location.sizes(), 1), without(scale_tril.sizes(), 2), class_name), event_shape_ = {n};
  loc = location.expand(detail::joined(batch_shape_, {n})), scale_tril = scale_tril.expand(detail::joined(batch_shape_, {n, n}));
}
Tensor MultivariateNormal::covariance_matrix() const { return outer_square(scale_tril); }
Tensor MultivariateNormal::precision_matrix() const {
  const Tensor inverse = detail::solve_lower(scale_tril, identity(event_shape_[0], loc).expand(scale_tril.sizes()));
  return matmul(transposed(inverse), inverse);
}
Tensor MultivariateNormal::rsample(const Shape& sample_shape) const {
  return loc + matmul(scale_tril, detail::normals(extended(sample_shape), loc).unsqueeze(-1)).squeeze(-1);
}
Tensor MultivariateNormal::log_prob(const Tensor& value) const {
  return (mahalanobis(scale_tril, value - loc) + double(event_shape_[0]) * kLog2Pi) / -2 - sum(log(diagonal_of(scale_tril)), -1);
}
Tensor MultivariateNormal::entropy() const { return sum(log(diagonal_of(scale_tril)), -1) + double(event_shape_[0]) / 2 * (1 + kLog2Pi); }
Tensor MultivariateNormal::variance() const { return sum(square(scale_tril), -1); }

LowRankMultivariateNormal::LowRankMultivariateNormal(const Tensor& location, const Tensor& factor, const Tensor& diag) {
  need_dims(class_name, "loc", location, 1);
  need_dims(class_name, "cov_diag", diag, 1);
  if (!factor.defined()) fail_undefined(class_name, "cov_factor");
  const int64_t n = location.sizes()[-1];
  if (factor.dim() < 2 || factor.sizes()[-2] != n || diag.sizes()[-1] != n)
    fail(class_name, "cov_factor", "[.., " + std::to_string(n) + ", rank], and cov_diag [.., " + std::to_string(n) + "]",
         "sizes " + lazuli::to_string(factor.sizes()));
  detail::check_positive(class_name, "cov_diag", diag);
  const Shape vectors = broadcast_shapes(without(location.sizes(), 1), without(diag.sizes(), 1), class_name);
  batch_shape_ = broadcast_shapes(vectors, without(factor.sizes(), 2), class_name), event_shape_ = {n};
  loc = location.expand(detail::joined(batch_shape_, {n})), cov_diag = diag.expand(detail::joined(batch_shape_, {n}));
  cov_factor = factor.expand(detail::joined(batch_shape_, {n, factor.sizes()[-1]}));
}
Tensor LowRankMultivariateNormal::covariance_matrix() const { return matmul(cov_factor, transposed(cov_factor)) + diag_embed(cov_diag); }
Tensor LowRankMultivariateNormal::capacitance() const {
  const Tensor scaled = transposed(cov_factor / cov_diag.unsqueeze(-1));
  return detail::cholesky(class_name, matmul(scaled, cov_factor) + identity(cov_factor.sizes()[-1], loc));
}
Tensor LowRankMultivariateNormal::log_determinant(const Tensor& c) const { return sum(log(diagonal_of(c)), -1) * 2 + sum(log(cov_diag), -1); }
Tensor LowRankMultivariateNormal::rsample(const Shape& sample_shape) const {
  const Shape sizes = extended(sample_shape), ranks = detail::joined(without(sizes, 1), {cov_factor.sizes()[-1]});
  return loc + matmul(cov_factor, detail::normals(ranks, loc).unsqueeze(-1)).squeeze(-1) + sqrt(cov_diag) * detail::normals(sizes, loc);
}
Tensor LowRankMultivariateNormal::log_prob(const Tensor& value) const {
  // S^-1 = d^-1 - d^-1 W C^-1 W^T d^-1 (Woodbury)
  const Tensor c = capacitance(), v = value - loc, scaled = v / cov_diag;
  const Tensor inner = matmul(transposed(cov_factor), scaled.unsqueeze(-1)).squeeze(-1);
  return (sum(v * scaled, -1) - mahalanobis(c, inner) + log_determinant(c) + double(event_shape_[0]) * kLog2Pi) / -2;
}
Tensor LowRankMultivariateNormal::entropy() const { return (log_determinant(capacitance()) + double(event_shape_[0]) * (1 + kLog2Pi)) / 2; }
Tensor LowRankMultivariateNormal::variance() const { return sum(square(cov_factor), -1) + cov_diag; }

LogisticNormal::LogisticNormal(const Tensor& location, const Tensor& spread) {
  need_dims(class_name, "loc", location, 1);
  need_dims(class_name, "scale", spread, 1);
  const Parameter a(location), b(spread);
  const auto all = detail::broadcast_all(class_name, {&a, &b});
  loc = all[0], scale = all[1], batch_shape_ = without(loc.sizes(), 1), event_shape_ = {loc.sizes()[-1] + 1};
  detail::check_positive(class_name, "scale", scale);
}
Tensor LogisticNormal::rsample(const Shape& sample_shape) const {
  const Shape sizes = detail::joined(detail::joined(sample_shape, batch_shape_), {loc.sizes()[-1]});
  return StickBreakingTransform().forward(loc + scale * detail::normals(sizes, loc));
}
Tensor LogisticNormal::log_prob(const Tensor& value) const {
  const StickBreakingTransform t;
  const Tensor x = t.inverse(value);
  return sum(Normal(loc, scale).log_prob(x), -1) - t.log_abs_det_jacobian(x, value);
}

RelaxedBernoulli::RelaxedBernoulli(const Parameter& t, const ProbsOrLogits& given) {
  const Bernoulli hard(given);
  const Parameter p(hard.probs), l(hard.logits);
  const auto all = detail::broadcast_all(class_name, {&t, &p, &l});
  temperature = all[0], probs = all[1], logits = all[2], batch_shape_ = probs.sizes();
  detail::check_positive(class_name, "temperature", temperature);
}
Tensor RelaxedBernoulli::rsample(const Shape& sample_shape) const {
  const Tensor u = detail::uniforms(extended(sample_shape), logits);
  return sigmoid((log(u) - log1p(-u) + logits) / temperature);
}
Tensor RelaxedBernoulli::log_prob(const Tensor& value) const {
  check_support(value, (value.detach() > 0) & (value.detach() < 1), "values in (0, 1)");
  const Tensor x = log(value) - log1p(-value), difference = logits - x * temperature;
  return log(temperature) + difference - softplus(difference) * 2 - log(value) - log1p(-value);
}

RelaxedOneHotCategorical::RelaxedOneHotCategorical(double t, const ProbsOrLogits& given) : temperature(t) {
  if (!(t > 0)) fail(class_name, "temperature", "a number above 0", std::to_string(t));
  const Categorical hard(given);
  probs = hard.probs, logits = hard.logits, batch_shape_ = hard.batch_shape(), event_shape_ = {probs.sizes()[-1]};
}
Tensor RelaxedOneHotCategorical::rsample(const Shape& sample_shape) const {
  const Tensor noise = -log(-log(detail::uniforms(extended(sample_shape), logits)));
  return softmax((logits + noise) / temperature, -1);
}
Tensor RelaxedOneHotCategorical::log_prob(const Tensor& value) const {
  check_support(value, value.detach() > 0, "vectors above 0, of sum 1");
  const double k = double(event_shape_[0]);
  const Tensor score = logits - log(value) * temperature;
  return std::lgamma(k) + (k - 1) * std::log(temperature) + sum(score - logsumexp(score, -1, true), -1) - sum(log(value), -1);
}

Wishart::Wishart(const Parameter& freedom, const CovarianceOptions& spread) {
  scale_tril = factor_of(class_name, spread);
  const int64_t n = scale_tril.sizes()[-1];
  const Parameter beside(scale_tril.select(-1, 0).select(-1, 0));
  df = detail::broadcast_all(class_name, {&freedom, &beside})[0];
  batch_shape_ = df.sizes(), event_shape_ = {n, n};
  detail::check_parameter(class_name, "df", "degrees of freedom above the size of the matrices less 1", df, df.detach() > double(n - 1));
  scale_tril = scale_tril.expand(detail::joined(batch_shape_, {n, n}));
}
Tensor Wishart::covariance_matrix() const { return outer_square(scale_tril); }
Tensor Wishart::rsample(const Shape& sample_shape) const {
  const Shape sizes = extended(sample_shape);
  const int64_t n = event_shape_[0];
  const Tensor place = arange(0, n, 1, {.dtype = df.dtype(), .device = df.device()});
  const Tensor a = ((df.unsqueeze(-1) - place) / 2).expand(without(sizes, 1));
  const Tensor bartlett = tril(detail::normals(sizes, df), -1) + diag_embed(sqrt(detail::standard_gamma(a) * 2));
  return outer_square(matmul(scale_tril, bartlett));
}
Tensor Wishart::log_prob(const Tensor& value) const {
  const int64_t n = event_shape_[0];
  const Tensor lower = detail::cholesky(class_name, value), nu = df, log_scale = sum(log(diagonal_of(scale_tril)), -1);
  const Shape sizes = broadcast_shapes(value.sizes(), scale_tril.sizes(), class_name);
  const Tensor inner = detail::solve_lower(scale_tril.expand(sizes), lower.expand(sizes));  // tr(S^-1 X) = |L^-1 chol(X)|^2
  return (nu - double(n + 1)) * sum(log(diagonal_of(lower)), -1) - sum(square(inner), Shape{-2, -1}) / 2 - nu * double(n) * (std::log(2.0) / 2) -
         nu * log_scale - log_multigamma(nu / 2, n);
}
Tensor Wishart::entropy() const {
  const double n = double(event_shape_[0]);
  const Tensor place = arange(0, event_shape_[0], 1, {.dtype = df.dtype(), .device = df.device()});
  const Tensor digammas = sum(digamma((df.unsqueeze(-1) - place) / 2), -1), log_scale = sum(log(diagonal_of(scale_tril)), -1);
  return log_scale * (n + 1) + n * (n + 1) / 2 * std::log(2.0) + log_multigamma(df / 2, event_shape_[0]) - (df - (n + 1)) / 2 * digammas + df * n / 2;
}
Tensor Wishart::mean() const { return covariance_matrix() * df.unsqueeze(-1).unsqueeze(-1); }
Tensor Wishart::mode() const {
  const Tensor factor = df - double(event_shape_[0] + 1);
  return covariance_matrix() * where(factor > 0, factor, kNaN).unsqueeze(-1).unsqueeze(-1);
}
Tensor Wishart::variance() const {
  const Tensor v = covariance_matrix(), d = diagonal_of(v);
  return (square(v) + d.unsqueeze(-1) * d.unsqueeze(-2)) * df.unsqueeze(-1).unsqueeze(-1);
}

LKJCholesky::LKJCholesky(int64_t n, const Parameter& c) : dim(n) {
  if (n < 2) fail(class_name, "dim", "at least 2", std::to_string(n));
  concentration = detail::broadcast_all(class_name, {&c})[0], batch_shape_ = concentration.sizes(), event_shape_ = {n, n};
  detail::check_positive(class_name, "concentration", concentration);
}
// Row by row: the square of a row's length below the diagonal is a Beta variate, its direction uniform on the sphere.
Tensor LKJCholesky::sample(const Shape& sample_shape) const {
  no_grad guard;
  const Shape sizes = extended(sample_shape), rows = without(sizes, 1);
  const Tensor place = arange(0, dim - 1, 1, {.dtype = concentration.dtype(), .device = concentration.device()});
  const Tensor before = cat({zeros_like(place.narrow(0, 0, 1)), place});  // entries below the diagonal, less 1
  const Tensor b = concentration.unsqueeze(-1) + double(dim - 2) / 2 - before * 0.5;
  const Tensor y = Beta((before * 0.5 + 0.5).expand(rows), b.expand(rows)).sample().unsqueeze(-1);
  const Tensor noise = tril(detail::normals(sizes, concentration), -1), length = sqrt(sum(square(noise), -1, true));
  const Tensor direction = where(length > 0, noise / clamp_min(length, 1e-30), 0.0);
  const Tensor w = sqrt(y) * direction;
  return w + diag_embed(sqrt(clamp_min(1 - sum(square(w), -1), detail::epsilon_of(w))));
}
Tensor LKJCholesky::log_prob(const Tensor& value) const {
  const Tensor d = diagonal_of(value).narrow(-1, 1, dim - 1);
  const Tensor k = arange(2, dim + 1, 1, {.dtype = concentration.dtype(), .device = concentration.device()});
  const Tensor order = (concentration - 1).unsqueeze(-1) * 2 + (double(dim) - k);
  const Tensor unnormalized = sum(order * log(d), -1);
  const double m = double(dim - 1);
  const Tensor alpha = concentration + m / 2, denominator = lgamma(alpha) * m, numerator = log_multigamma(alpha - 0.5, dim - 1);
  return unnormalized - (numerator - denominator + m * std::log(std::numbers::pi) / 2);
}

}  // namespace lazuli::distributions
