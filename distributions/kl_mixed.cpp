// Divergences of pairs of different classes: KL(p || q) = -H(p) - E[log q(x)], where the expectation over p takes a few moments of x.
#include <cmath>
#include <limits>
#include <numbers>
#include <typeinfo>

#include "lazuli/distributions/distributions.h"
#include "lazuli/distributions/kl.h"
#include "lazuli/distributions/support.h"

namespace lazuli::distributions {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// E[log x]
Tensor mean_log(const Beta& p) { return digamma(p.concentration1) - digamma(p.concentration1 + p.concentration0); }
Tensor mean_log(const Pareto& p) { return log(p.scale) + reciprocal(p.alpha); }
Tensor mean_log(const Uniform& p) { return (xlogy(p.high, p.high) - xlogy(p.low, p.low)) / (p.high - p.low) - 1; }

// E[exp(-t x)]
Tensor mean_exp(const Exponential& p, const Tensor& t) { return p.rate / (p.rate + t); }
Tensor mean_exp(const Gamma& p, const Tensor& t) { return pow(p.rate / (p.rate + t), p.concentration); }
Tensor mean_exp(const Uniform& p, const Tensor& t) { return (exp(-t * p.low) - exp(-t * p.high)) / (t * (p.high - p.low)); }

// E[log q(x)] for x drawn from p
Tensor mean_log_prob(const Exponential& q, const auto& p) { return log(q.rate) - q.rate * p.mean(); }
Tensor mean_log_prob(const Gamma& q, const auto& p) {
  return q.concentration * log(q.rate) - lgamma(q.concentration) + (q.concentration - 1) * mean_log(p) - q.rate * p.mean();
}
Tensor mean_log_prob(const Normal& q, const auto& p) {
  return -(p.variance() + square(p.mean() - q.loc)) / (square(q.scale) * 2) - log(q.scale) - std::log(2 * std::numbers::pi) / 2;
}
Tensor mean_log_prob(const Gumbel& q, const auto& p) {
  return -log(q.scale) - (p.mean() - q.loc) / q.scale - exp(q.loc / q.scale) * mean_exp(p, reciprocal(q.scale));
}
Tensor mean_log_prob(const Uniform& q, const auto&) { return -log(q.high - q.low); }
Tensor mean_log_prob(const Beta& q, const Uniform& p) {
  const Tensor a = q.concentration1, b = q.concentration0;
  return (a - 1) * mean_log(p) + (b - 1) * mean_log(Uniform(1 - p.high, 1 - p.low)) + lgamma(a + b) - lgamma(a) - lgamma(b);
}
Tensor mean_log_prob(const Pareto& q, const Uniform& p) { return log(q.alpha) + q.alpha * log(q.scale) - (q.alpha + 1) * mean_log(p); }
// Linear in x.
Tensor mean_log_prob(const ContinuousBernoulli& q, const auto& p) { return q.log_prob(zeros_like(q.probs)) + q.logits * p.mean(); }
Tensor mean_log_prob(const Poisson& q, const Bernoulli& p) { return xlogy(p.probs, q.rate) - q.rate; }

template <class P, class Q>
Tensor cross(const P& p, const Q& q) {
  return -p.entropy() - mean_log_prob(q, p);
}
// Infinite where p reaches what q does not.
template <class P, class Q, Tensor (*outside)(const P&, const Q&)>
Tensor cross_inside(const P& p, const Q& q) {
  const Tensor out = cross(p, q);
  return where(outside(p, q), full_like(out, kInf), out);
}
Tensor outside_unit(const Uniform& p) { return (p.low.detach() < 0) | (p.high.detach() > 1); }
template <class Q>
Tensor below_zero(const Uniform& p, const Q&) {
  return p.low.detach() < 0;
}
template <class Q>
Tensor beyond_unit(const Uniform& p, const Q&) {
  return outside_unit(p);
}
template <class P>
Tensor unit_beyond(const P&, const Uniform& q) {
  return (q.low.detach() > 0) | (q.high.detach() < 1);
}
Tensor below_scale(const Uniform& p, const Pareto& q) { return p.low.detach() < q.scale.detach(); }

// q has no density on a part of p's support.
template <class P, class Q>
Tensor infinite(const P& p, const Q& q) {
  return full_like(p.mean(), kInf).expand(broadcast_shapes(p.batch_shape(), q.batch_shape(), "kl_divergence"));
}

MultivariateNormal dense(const LowRankMultivariateNormal& p) { return {p.loc, p.covariance_matrix()}; }
Tensor low_ranks(const LowRankMultivariateNormal& p, const LowRankMultivariateNormal& q) { return kl_divergence(dense(p), dense(q)); }
Tensor low_rank_first(const LowRankMultivariateNormal& p, const MultivariateNormal& q) { return kl_divergence(dense(p), q); }
Tensor low_rank_second(const MultivariateNormal& p, const LowRankMultivariateNormal& q) { return kl_divergence(p, dense(q)); }
Tensor half_cauchy(const HalfCauchy& p, const HalfCauchy& q) { return kl_divergence(Cauchy(0, p.scale), Cauchy(0, q.scale)); }
Tensor logistic_normal(const LogisticNormal& p, const LogisticNormal& q) {
  return detail::sum_last(kl_divergence(Normal(p.loc, p.scale), Normal(q.loc, q.scale)), 1);
}

// The same object, or one of a class without parameters.
bool same(const Transform& a, const Transform& b) {
  if (&a == &b) return true;
  const std::type_info& type = typeid(a);
  return type == typeid(b) && type != typeid(AffineTransform) && type != typeid(PowerTransform) && type != typeid(ComposeTransform);
}
// A map with an inverse does not change the divergence.
Tensor transformed(const TransformedDistribution& p, const TransformedDistribution& q) {
  bool equal = p.transforms.size() == q.transforms.size() && p.event_shape() == q.event_shape();
  for (size_t i = 0; equal && i < p.transforms.size(); ++i) equal = same(*p.transforms[i], *q.transforms[i]);
  if (!equal) return {};
  return detail::sum_last(kl_divergence(*p.base, *q.base), p.event_shape().size() - p.base->event_shape().size());
}

template <class P, class Q>
constexpr detail::Divergence kCross = detail::when<P, Q, cross<P, Q>>;
template <class P, class Q, Tensor (*outside)(const P&, const Q&)>
constexpr detail::Divergence kInside = detail::when<P, Q, cross_inside<P, Q, outside>>;

constexpr detail::Divergence kRules[] = {
    kCross<Bernoulli, Poisson>,
    kCross<Beta, ContinuousBernoulli>,
    kCross<Beta, Exponential>,
    kCross<Beta, Gamma>,
    kCross<Beta, Normal>,
    kInside<Beta, Uniform, unit_beyond<Beta>>,
    kCross<ContinuousBernoulli, Exponential>,
    kCross<ContinuousBernoulli, Normal>,
    kInside<ContinuousBernoulli, Uniform, unit_beyond<ContinuousBernoulli>>,
    kCross<Exponential, Gumbel>,
    kCross<Exponential, Normal>,
    kCross<Gamma, Gumbel>,
    kCross<Gamma, Normal>,
    kCross<Gumbel, Normal>,
    kCross<Laplace, Normal>,
    kCross<Pareto, Exponential>,
    kCross<Pareto, Gamma>,
    kCross<Pareto, Normal>,
    kInside<Uniform, Beta, beyond_unit<Beta>>,
    kInside<Uniform, ContinuousBernoulli, beyond_unit<ContinuousBernoulli>>,
    kInside<Uniform, Exponential, below_zero<Exponential>>,
    kInside<Uniform, Gamma, below_zero<Gamma>>,
    kCross<Uniform, Gumbel>,
    kInside<Uniform, Pareto, below_scale>,
    detail::when<LowRankMultivariateNormal, LowRankMultivariateNormal, low_ranks>,
    detail::when<LowRankMultivariateNormal, MultivariateNormal, low_rank_first>,
    detail::when<MultivariateNormal, LowRankMultivariateNormal, low_rank_second>,
    detail::when<HalfCauchy, HalfCauchy, half_cauchy>,
    detail::when<LogisticNormal, LogisticNormal, logistic_normal>,
    detail::when<TransformedDistribution, TransformedDistribution, transformed>,
};

// p against each of Q.
template <class P, class... Q>
Tensor infinite_pairs(const Distribution& p, const Distribution& q) {
  Tensor out;
  (void)((out = detail::when<P, Q, infinite<P, Q>>(p, q), out.defined()) || ...);
  return out;
}
constexpr detail::Divergence kInfinite[] = {
    infinite_pairs<Beta, Pareto>,
    infinite_pairs<ContinuousBernoulli, Pareto>,
    infinite_pairs<Exponential, Beta, ContinuousBernoulli, Pareto, Uniform>,
    infinite_pairs<Gamma, Beta, ContinuousBernoulli, Pareto, Uniform>,
    infinite_pairs<Gumbel, Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform>,
    infinite_pairs<Laplace, Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform>,
    infinite_pairs<Normal, Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform>,
    infinite_pairs<Pareto, Beta, ContinuousBernoulli, Uniform>,
    infinite_pairs<Poisson, Bernoulli, Binomial>,
};

}  // namespace

Tensor detail::mixed_divergence(const Distribution& p, const Distribution& q) {
  if (const auto* chi2 = dynamic_cast<const Chi2*>(&p)) return kl_divergence(Gamma(chi2->df / 2, 0.5), q);
  if (const auto* chi2 = dynamic_cast<const Chi2*>(&q)) return kl_divergence(p, Gamma(chi2->df / 2, 0.5));
  for (Divergence rule : kRules)
    if (Tensor out = rule(p, q); out.defined()) return out;
  for (Divergence rule : kInfinite)
    if (Tensor out = rule(p, q); out.defined()) return out;
  return {};
}

}  // namespace lazuli::distributions
