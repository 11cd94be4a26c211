// Divergences in closed form, by pairs of classes.
#include <cmath>
#include <limits>
#include <numbers>

#include "lazuli/core/error.h"
#include "lazuli/distributions/distributions.h"
#include "lazuli/distributions/kl.h"
#include "lazuli/distributions/support.h"
#include "lazuli/ops/reduce/softmax.h"

namespace lazuli::distributions {
namespace {

constexpr double kEuler = std::numbers::egamma, kInf = std::numeric_limits<double>::infinity();
const double kLog2Pi = std::log(2 * std::numbers::pi);

Tensor log_beta(const Tensor& a, const Tensor& b) { return lgamma(a) + lgamma(b) - lgamma(a + b); }
Tensor diagonal_of(const Tensor& t) { return diagonal(t, 0, -2, -1); }
// p log(p / q), 0 where p is 0 and infinite where only q is.
Tensor ratio_term(const Tensor& p, const Tensor& q) { return where(p == 0, 0.0, where(q == 0, full_like(p, kInf), p * (log(p) - log(q)))); }

Tensor kl(const Normal& p, const Normal& q) {
  const Tensor ratio = square(p.scale / q.scale);
  return (ratio + square((p.loc - q.loc) / q.scale) - 1 - log(ratio)) / 2;
}
Tensor kl(const LogNormal& p, const LogNormal& q) { return kl(Normal(p.loc, p.scale), Normal(q.loc, q.scale)); }
Tensor kl(const HalfNormal& p, const HalfNormal& q) { return kl(Normal(0, p.scale), Normal(0, q.scale)); }
Tensor kl(const Laplace& p, const Laplace& q) {
  const Tensor ratio = p.scale / q.scale, distance = abs(p.loc - q.loc);
  return -log(ratio) + distance / q.scale + ratio * exp(-distance / p.scale) - 1;
}
Tensor kl(const Uniform& p, const Uniform& q) {
  return where((q.low > p.low) | (q.high < p.high), full_like(p.low, kInf), log((q.high - q.low) / (p.high - p.low)));
}
Tensor kl(const Cauchy& p, const Cauchy& q) { return log((square(p.scale + q.scale) + square(p.loc - q.loc)) / (p.scale * q.scale * 4)); }
Tensor kl(const Gumbel& p, const Gumbel& q) {
  const Tensor ratio = p.scale / q.scale, t = (q.loc - p.loc) / q.scale;
  return -log(ratio) - t + ratio * kEuler + exp(t + lgamma(1 + ratio)) - (1 + kEuler);
}
Tensor kl(const Exponential& p, const Exponential& q) {
  const Tensor ratio = q.rate / p.rate;
  return ratio - 1 - log(ratio);
}
Tensor kl(const Gamma& p, const Gamma& q) {
  return q.concentration * log(p.rate / q.rate) + lgamma(q.concentration) - lgamma(p.concentration) +
         (p.concentration - q.concentration) * digamma(p.concentration) + (q.rate - p.rate) * (p.concentration / p.rate);
}
Tensor kl(const Chi2& p, const Chi2& q) { return kl(Gamma(p.df / 2, 0.5), Gamma(q.df / 2, 0.5)); }
Tensor kl(const InverseGamma& p, const InverseGamma& q) { return kl(Gamma(p.concentration, p.rate), Gamma(q.concentration, q.rate)); }
Tensor kl(const Beta& p, const Beta& q) {
  const Tensor total = p.concentration1 + p.concentration0;
  return log_beta(q.concentration1, q.concentration0) - log_beta(p.concentration1, p.concentration0) +
         (p.concentration1 - q.concentration1) * digamma(p.concentration1) + (p.concentration0 - q.concentration0) * digamma(p.concentration0) +
         (q.concentration1 + q.concentration0 - total) * digamma(total);
}
Tensor kl(const Pareto& p, const Pareto& q) {
  const Tensor ratio = q.alpha / p.alpha;
  return where(p.scale < q.scale, full_like(p.scale, kInf), q.alpha * log(p.scale / q.scale) - log(ratio) + ratio - 1);
}
Tensor kl(const Bernoulli& p, const Bernoulli& q) { return ratio_term(p.probs, q.probs) + ratio_term(1 - p.probs, 1 - q.probs); }
Tensor kl(const Binomial& p, const Binomial& q) {
  const Tensor each = kl(Bernoulli(p.probs), Bernoulli(q.probs));
  if (!all(p.total_count.detach() == q.total_count.detach()).item<bool>()) {
    if (any(p.total_count.detach() < q.total_count.detach()).item<bool>())
      fail(ErrorKind::NotSupported, "kl_divergence", "q", "a total_count that is not above that of p", "a greater one");
    return where(p.total_count > q.total_count, full_like(each, kInf), p.total_count * each);
  }
  return p.total_count * each;
}
Tensor kl(const Geometric& p, const Geometric& q) { return -p.entropy() - log1p(-q.probs) / p.probs - q.logits; }
Tensor kl(const Poisson& p, const Poisson& q) { return p.rate * (log(p.rate) - log(q.rate)) - (p.rate - q.rate); }
Tensor kl(const ContinuousBernoulli& p, const ContinuousBernoulli& q) {
  const Tensor zero = zeros_like(p.probs);
  return p.mean() * (p.logits - q.logits) + p.log_prob(zero) - q.log_prob(zero);
}
Tensor kl(const Categorical& p, const Categorical& q) {
  if (p.probs.sizes()[-1] != q.probs.sizes()[-1])
    fail("kl_divergence", "q", std::to_string(p.probs.sizes()[-1]) + " categories", std::to_string(q.probs.sizes()[-1]));
  const Tensor term = where(p.probs == 0, 0.0, where(q.probs == 0, full_like(p.probs, kInf), p.probs * (p.logits - q.logits)));
  return sum(term, -1);
}
Tensor kl(const OneHotCategorical& p, const OneHotCategorical& q) {
  return kl(Categorical(ProbsOrLogits{.logits = p.logits}), Categorical(ProbsOrLogits{.logits = q.logits}));
}
Tensor kl(const Dirichlet& p, const Dirichlet& q) {
  const Tensor total = sum(p.concentration, -1), other = sum(q.concentration, -1);
  const Tensor terms = (p.concentration - q.concentration) * (digamma(p.concentration) - digamma(total).unsqueeze(-1));
  return lgamma(total) - lgamma(other) - sum(lgamma(p.concentration) - lgamma(q.concentration), -1) + sum(terms, -1);
}
Tensor kl(const MultivariateNormal& p, const MultivariateNormal& q) {
  const int64_t n = p.event_shape()[0];
  if (q.event_shape()[0] != n) fail("kl_divergence", "q", "vectors of " + std::to_string(n), std::to_string(q.event_shape()[0]));
  const Shape batch = broadcast_shapes(p.batch_shape(), q.batch_shape(), "kl_divergence"), matrices = detail::joined(batch, {n, n});
  const Tensor lower = q.scale_tril.expand(matrices);
  const Tensor spread = sum(square(detail::solve_lower(lower, p.scale_tril.expand(matrices))), Shape{-2, -1});
  const Tensor distance = sum(square(detail::solve_lower(lower, (q.loc - p.loc).expand(detail::joined(batch, {n})).unsqueeze(-1))), Shape{-2, -1});
  const Tensor logs = sum(log(diagonal_of(q.scale_tril)), -1) - sum(log(diagonal_of(p.scale_tril)), -1);
  return logs + (spread + distance - double(n)) / 2;
}
Tensor kl(const Independent& p, const Independent& q) {
  if (p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims)
    fail(ErrorKind::NotSupported, "kl_divergence", "q", "as many reinterpreted dimensions as p has", std::to_string(q.reinterpreted_batch_ndims));
  return detail::sum_last(kl_divergence(*p.base, *q.base), p.reinterpreted_batch_ndims);
}
Tensor kl(const Normal& p, const Gumbel& q) {
  const Tensor mean_ratio = p.loc / q.scale, var_ratio = square(p.scale / q.scale), loc_ratio = q.loc / q.scale;
  return -log(square(p.scale / q.scale) * (2 * std::numbers::pi)) / 2 - 0.5 + mean_ratio - loc_ratio + exp(-mean_ratio + var_ratio / 2 + loc_ratio);
}
Tensor kl(const Normal& p, const Laplace& q) {
  const Tensor shift = p.loc - q.loc, z = shift / (p.scale * std::numbers::sqrt2);
  const Tensor reach = p.scale * std::sqrt(2 / std::numbers::pi) * exp(-square(z)) + shift * erf(z);
  return -log(p.scale / q.scale) + reach / q.scale - (0.5 + std::log(std::numbers::pi) / 2 - std::log(2.0) / 2);
}
Tensor kl(const Uniform& p, const Normal& q) {
  const Tensor width = p.high - p.low, middle = (p.high + p.low) / 2;
  return -log(width) + kLog2Pi / 2 + log(q.scale) + (square(width) / 12 + square(middle - q.loc)) / (square(q.scale) * 2);
}
Tensor kl(const Exponential& p, const Gamma& q) {
  const Tensor ratio = q.rate / p.rate;
  return -q.concentration * log(ratio) + ratio + lgamma(q.concentration) + q.concentration * kEuler - (1 + kEuler);
}
Tensor kl(const Gamma& p, const Exponential& q) { return -p.entropy() - log(q.rate) + q.rate * p.concentration / p.rate; }

constexpr detail::Divergence kRules[] = {detail::when<Normal, Normal, kl>,
                                         detail::when<LogNormal, LogNormal, kl>,
                                         detail::when<HalfNormal, HalfNormal, kl>,
                                         detail::when<Laplace, Laplace, kl>,
                                         detail::when<Uniform, Uniform, kl>,
                                         detail::when<Cauchy, Cauchy, kl>,
                                         detail::when<Gumbel, Gumbel, kl>,
                                         detail::when<Exponential, Exponential, kl>,
                                         detail::when<Gamma, Gamma, kl>,
                                         detail::when<Chi2, Chi2, kl>,
                                         detail::when<InverseGamma, InverseGamma, kl>,
                                         detail::when<Beta, Beta, kl>,
                                         detail::when<Pareto, Pareto, kl>,
                                         detail::when<Bernoulli, Bernoulli, kl>,
                                         detail::when<Binomial, Binomial, kl>,
                                         detail::when<Geometric, Geometric, kl>,
                                         detail::when<Poisson, Poisson, kl>,
                                         detail::when<ContinuousBernoulli, ContinuousBernoulli, kl>,
                                         detail::when<Categorical, Categorical, kl>,
                                         detail::when<OneHotCategorical, OneHotCategorical, kl>,
                                         detail::when<Dirichlet, Dirichlet, kl>,
                                         detail::when<MultivariateNormal, MultivariateNormal, kl>,
                                         detail::when<Independent, Independent, kl>,
                                         detail::when<Normal, Gumbel, kl>,
                                         detail::when<Normal, Laplace, kl>,
                                         detail::when<Uniform, Normal, kl>,
                                         detail::when<Exponential, Gamma, kl>,
                                         detail::when<Gamma, Exponential, kl>};

}  // namespace

Tensor kl_divergence(const Distribution& p, const Distribution& q) {
  for (detail::Divergence rule : kRules)
    if (Tensor out = rule(p, q); out.defined()) return out;
  if (Tensor out = detail::mixed_divergence(p, q); out.defined()) return out;
  fail(ErrorKind::NotSupported, "kl_divergence", "", "distributions whose divergence has a closed form here", p.name() + " and " + q.name());
}

}  // namespace lazuli::distributions
