#include <cmath>

#include "lazuli/core/random/generator.h"
#include "lazuli/distributions/distributions.h"
#include "lazuli/ops/linalg/covariance.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/statistics.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;
namespace d = lazuli::distributions;

namespace {
double number(const Tensor& t) { return t.item<double>(); }
const Tensor kCovariance = tensor({{2.0, 0.6, 0.1}, {0.6, 1.5, -0.4}, {0.1, -0.4, 1.0}}, kFloat64);
const Tensor kLoc = tensor({1.0, -2.0, 0.5}, kFloat64);
}  // namespace

TEST_CASE("multivariate normal: by covariance, precision and factor", "[distributions]") {
  manual_seed(1);
  const d::MultivariateNormal by_covariance(kLoc, kCovariance), by_factor(kLoc, {.scale_tril = by_covariance.scale_tril});
  CHECK(allclose(by_covariance.covariance_matrix(), kCovariance, 1e-12, 1e-12));
  const d::MultivariateNormal by_precision(kLoc, {.precision_matrix = by_covariance.precision_matrix()});
  CHECK(allclose(by_precision.covariance_matrix(), kCovariance, 1e-10, 1e-10));
  const Tensor x = tensor({0.3, -1.0, 2.0}, kFloat64), v = x - kLoc;
  const double quadratic = number(matmul(v, matmul(by_covariance.precision_matrix(), v)));
  const double determinant = 2 * (1.5 * 1 - 0.16) - 0.6 * (0.6 * 1 + 0.04) + 0.1 * (-0.24 - 0.15);
  CHECK(number(by_factor.log_prob(x)) == Approx(-(quadratic + 3 * std::log(2 * M_PI) + std::log(determinant)) / 2));
  CHECK(number(by_covariance.entropy()) == Approx((3 * (1 + std::log(2 * M_PI)) + std::log(determinant)) / 2));
  CHECK(allclose(by_covariance.variance(), tensor({2.0, 1.5, 1.0}, kFloat64)));
  const Tensor draws = by_covariance.rsample({40000});
  CHECK(allclose(mean(draws, 0), kLoc, 0, 0.04));
  CHECK(allclose(cov(draws.t()), kCovariance, 0, 0.06));
  CHECK(by_covariance.expand({4})->sample({2}).sizes() == Shape{2, 4, 3});
  CHECK_THROWS_AS(d::MultivariateNormal(kLoc, -kCovariance), Error);
  CHECK_THROWS_AS(d::MultivariateNormal(kLoc, d::CovarianceOptions{}), Error);
}

TEST_CASE("low rank normal: as the full one", "[distributions]") {
  manual_seed(2);
  const Tensor factor = tensor({{1.0, 0.2}, {-0.5, 0.3}, {0.4, 1.0}}, kFloat64), diag = tensor({0.5, 1.0, 0.7}, kFloat64);
  const d::LowRankMultivariateNormal low(kLoc, factor, diag);
  const d::MultivariateNormal full(kLoc, low.covariance_matrix());
  const Tensor x = tensor({{0.3, -1.0, 2.0}, {0.0, 0.0, 0.0}}, kFloat64);
  CHECK(allclose(low.log_prob(x), full.log_prob(x), 1e-10, 1e-10));
  CHECK(number(low.entropy()) == Approx(number(full.entropy())));
  CHECK(allclose(low.variance(), full.variance()));
  CHECK(allclose(cov(low.sample({40000}).t()), low.covariance_matrix(), 0, 0.08));
}

TEST_CASE("categories: one number, one vector, counts", "[distributions]") {
  manual_seed(3);
  const Tensor weights = tensor({{1.0, 3.0, 4.0}, {2.0, 2.0, 0.0}}, kFloat64);
  const d::Categorical c(weights);
  CHECK(near(c.probs, {0.125, 0.375, 0.5, 0.5, 0.5, 0}));
  CHECK(c.sample({7}).sizes() == Shape{7, 2});
  CHECK(c.sample().dtype() == kInt64);
  CHECK(near(c.log_prob(tensor({2, 0})), {std::log(0.5), std::log(0.5)}));
  CHECK(c.log_prob(zeros({5, 1}, kInt64)).sizes() == Shape{5, 2});
  CHECK(near(c.entropy(), {-(0.125 * std::log(0.125) + 0.375 * std::log(0.375) + 0.5 * std::log(0.5)), std::log(2.0)}));
  CHECK(c.mode().to_vector<int64_t>() == std::vector<int64_t>{2, 0});
  CHECK(c.enumerate_support().sizes() == Shape{3, 2});
  CHECK_THROWS_AS(c.log_prob(tensor(3)), Error);
  const Tensor draws = c.sample({20000}).select(1, 0);
  CHECK(number(mean((draws == 1).to(kFloat64))) == Approx(0.375).margin(0.015));

  const d::OneHotCategorical one(d::ProbsOrLogits{.logits = log(weights.select(0, 0))});
  CHECK(one.event_shape() == Shape{3});
  CHECK(near(sum(one.sample({10}), -1), std::vector<double>(10, 1)));
  CHECK(number(one.log_prob(tensor({0.0, 1.0, 0.0}, kFloat64))) == Approx(std::log(0.375)));
  Tensor logits = zeros({3}, kFloat64).requires_grad_();
  const Tensor straight = d::OneHotCategoricalStraightThrough(d::ProbsOrLogits{.logits = logits}).rsample();
  CHECK(number(sum(straight)) == Approx(1));
  straight.select(0, 0).backward();
  CHECK(logits.grad().select(0, 0).item<double>() == Approx(2.0 / 9));

  const d::Multinomial m(4, weights.select(0, 0));
  CHECK(number(sum(m.sample())) == 4);
  CHECK(number(m.log_prob(tensor({1.0, 1.0, 2.0}, kFloat64))) == Approx(std::log(12 * 0.125 * 0.375 * 0.25)));
  double entropy = 0, total = 0;
  for (int a = 0; a <= 4; ++a)
    for (int b = 0; a + b <= 4; ++b) {
      const double log_p = number(m.log_prob(tensor({double(a), double(b), double(4 - a - b)}, kFloat64)));
      total += std::exp(log_p), entropy -= std::exp(log_p) * log_p;
    }
  CHECK(total == Approx(1));
  CHECK(number(m.entropy()) == Approx(entropy));
  CHECK(near(m.mean(), {0.5, 1.5, 2}));
}

TEST_CASE("Dirichlet, logistic normal and relaxed categories: on the simplex", "[distributions]") {
  manual_seed(4);
  const Tensor a = tensor({2.0, 3.0, 5.0}, kFloat64);
  const d::Dirichlet dirichlet(a);
  const Tensor draws = dirichlet.rsample({20000});
  CHECK(allclose(sum(draws, -1), ones({20000}, kFloat64)));
  CHECK(allclose(mean(draws, 0), dirichlet.mean(), 0, 0.01));
  CHECK(allclose(var(draws, 0), dirichlet.variance(), 0.06, 0));
  CHECK(number(dirichlet.log_prob(tensor({0.2, 0.3, 0.5}, kFloat64))) ==
        Approx(std::log(0.2) + 2 * std::log(0.3) + 4 * std::log(0.5) + std::lgamma(10) - std::lgamma(2) - std::lgamma(3) - std::lgamma(5)));
  CHECK(number(dirichlet.entropy()) == Approx(-number(mean(dirichlet.log_prob(draws)))).margin(0.02));

  // Each density is that of a variate: the mean of 1 over it is the simplex's area, 1/2 of coordinates.
  const d::LogisticNormal logistic(tensor({0.2, -0.3}, kFloat64), tensor({0.5, 0.8}, kFloat64));
  CHECK(logistic.event_shape() == Shape{3});
  const d::RelaxedOneHotCategorical relaxed(0.8, {.probs = tensor({0.2, 0.3, 0.5}, kFloat64)});
  for (const d::Distribution* of : {static_cast<const d::Distribution*>(&logistic), static_cast<const d::Distribution*>(&relaxed)}) {
    double total = 0;  // over a grid of the first two coordinates
    const int n = 400;
    for (int i = 0; i < n; ++i) {
      const Tensor x = full({n - i}, (i + 0.5) / n, {.dtype = kFloat64}), y = (arange(n - i, {.dtype = kFloat64}) + 0.25) / double(n);
      const Tensor rest = clamp_min(1 - x - y, 1e-9);
      total += number(sum(exp(of->log_prob(stack({x, y, rest}, -1))))) / (n * n);
    }
    INFO(of->name());
    CHECK(total == Approx(1).margin(0.03));
    CHECK(allclose(sum(of->sample({50}), -1), ones({50}, kFloat64)));
  }
}

TEST_CASE("Wishart and LKJ: moments", "[distributions]") {
  manual_seed(5);
  const d::Wishart w(7.0, {.covariance_matrix = kCovariance});
  CHECK(allclose(d::Wishart(7.0, kCovariance).scale_tril, w.scale_tril));
  CHECK(allclose(mean(w.rsample({20000}), 0), w.mean(), 0, 0.15));
  CHECK(allclose(w.mean(), kCovariance * 7, 1e-10, 1e-10));
  // One dimension: S times a chi-squared variate.
  const d::Wishart one(tensor(5.0, kFloat64), {.covariance_matrix = tensor({{2.0}}, kFloat64)});
  const Tensor x = tensor({{3.0}}, kFloat64);
  CHECK(number(one.log_prob(x)) == Approx(number(d::Chi2(tensor(5.0, kFloat64)).log_prob(tensor(1.5, kFloat64))) - std::log(2.0)));
  CHECK(number(one.entropy()) == Approx(number(d::Chi2(tensor(5.0, kFloat64)).entropy()) + std::log(2.0)));
  CHECK(number(w.entropy()) == Approx(-number(mean(w.log_prob(w.sample({4000}))))).margin(0.15));

  const d::LKJCholesky lkj(3, tensor(1.0, kFloat64));
  const Tensor factors = lkj.sample({20000}), correlations = matmul(factors, factors.transpose(-2, -1));
  CHECK(allclose(diagonal(correlations, 0, -2, -1), ones({20000, 3}, kFloat64), 1e-6, 1e-6));
  // With concentration 1 an entry of a correlation matrix of 3 is 2 B - 1 for B of Beta(3/2, 3/2): variance 1/4.
  for (int i = 1; i < 3; ++i)
    for (int j = 0; j < i; ++j) {
      const Tensor r = correlations.select(-2, i).select(-1, j);
      CHECK(number(mean(r)) == Approx(0).margin(0.02));
      CHECK(number(var(r)) == Approx(0.25).epsilon(0.05));
    }
  // Of 2: density of L = [[1, 0], [r, sqrt(1 - r^2)]] by r is 1/2.
  const Tensor r = tensor(0.6, kFloat64);
  CHECK(number(d::LKJCholesky(2, tensor(1.0, kFloat64)).log_prob(tensor({{1.0, 0.0}, {0.6, 0.8}}, kFloat64))) == Approx(std::log(0.5)));
}

TEST_CASE("made of others: independent, transformed, mixed", "[distributions]") {
  manual_seed(6);
  const d::Normal base(zeros({4, 3}, kFloat64), 2);
  const d::Independent joined(base, 1);
  CHECK(joined.batch_shape() == Shape{4});
  CHECK(joined.event_shape() == Shape{3});
  const Tensor x = joined.sample();
  CHECK(allclose(joined.log_prob(x), sum(base.log_prob(x), -1)));
  CHECK(allclose(joined.entropy(), sum(base.entropy(), -1)));
  CHECK(joined.expand({5, 4})->sample().sizes() == Shape{5, 4, 3});
  CHECK_THROWS_AS(d::Independent(base, 3), Error);

  const Tensor y = tensor({0.3, 1.7}, kFloat64);
  const d::TransformedDistribution log_normal(d::Normal(tensor(0.2, kFloat64), 0.5), d::ExpTransform());
  CHECK(allclose(log_normal.log_prob(y), d::LogNormal(tensor(0.2, kFloat64), 0.5).log_prob(y), 1e-12, 1e-12));
  const d::TransformedDistribution falling(d::Uniform(tensor(0.0, kFloat64), 1), d::AffineTransform(1, -2));
  CHECK(number(falling.cdf(tensor(0.0, kFloat64))) == Approx(0.5));
  CHECK(number(falling.icdf(tensor(0.25, kFloat64))) == Approx(-0.5));

  const d::MixtureSameFamily mixture(d::Categorical(tensor({0.25, 0.75}, kFloat64)),
                                     d::Independent(d::Normal(tensor({{-1.0, 0.0}, {3.0, 1.0}}, kFloat64), 0.5), 1));
  CHECK(mixture.event_shape() == Shape{2});
  CHECK(allclose(mixture.mean(), tensor({2.0, 0.75}, kFloat64)));
  const Tensor draws = mixture.sample({20000});
  CHECK(allclose(mean(draws, 0), mixture.mean(), 0, 0.05));
  CHECK(allclose(var(draws, 0), mixture.variance(), 0.05, 0));
  CHECK(mixture.log_prob(draws).sizes() == Shape{20000});
}

TEST_CASE("transforms: inverse and Jacobian", "[distributions]") {
  const std::vector<std::shared_ptr<d::Transform>> all{std::make_shared<d::AffineTransform>(1, -3), std::make_shared<d::ExpTransform>(),
                                                       std::make_shared<d::SigmoidTransform>(),     std::make_shared<d::TanhTransform>(),
                                                       std::make_shared<d::SoftplusTransform>(),    std::make_shared<d::PowerTransform>(2.5)};
  const Tensor x = tensor({0.2, 0.7, 1.3}, kFloat64);
  for (size_t i = 0; i < all.size(); ++i) {
    INFO("transform " << i);
    const Tensor y = all[i]->forward(x);
    CHECK(allclose(all[i]->inverse(y), x, 1e-10, 1e-10));
    const Tensor slope = (all[i]->forward(x + 1e-6) - all[i]->forward(x - 1e-6)) / 2e-6;
    CHECK(allclose(all[i]->log_abs_det_jacobian(x, y), log(abs(slope)), 1e-6, 1e-6));
  }
  const d::StickBreakingTransform stick;
  const Tensor y = stick.forward(x);
  CHECK(y.sizes() == Shape{4});
  CHECK(number(sum(y)) == Approx(1));
  CHECK(allclose(stick.inverse(y), x, 1e-9, 1e-9));
  const d::ComposeTransform both({all[0], all[1]});
  CHECK(allclose(both.forward(x), exp(1 - x * 3), 1e-12, 1e-12));
  CHECK(allclose(both.log_abs_det_jacobian(x, both.forward(x)), 1 - x * 3 + std::log(3.0), 1e-12, 1e-12));
  CHECK(both.sign() == -1);
}

TEST_CASE("kl_divergence: closed forms beside means over draws", "[distributions]") {
  manual_seed(8);
  const auto p = [](double v) { return tensor(v, kFloat64); };
  const auto check = [](const d::Distribution& a, const d::Distribution& b, double margin = 0.03) {
    const Tensor draws = a.sample({20000});
    INFO(a.to_string() << " and " << b.to_string());
    CHECK(number(d::kl_divergence(a, b)) == Approx(number(mean(a.log_prob(draws) - b.log_prob(draws)))).margin(margin));
  };
  check(d::Normal(p(0), 1), d::Normal(p(0.5), 1.5));
  check(d::LogNormal(p(0), 1), d::LogNormal(p(0.5), 1.5));
  check(d::HalfNormal(p(1)), d::HalfNormal(p(1.5)));
  check(d::Laplace(p(0), 1), d::Laplace(p(0.5), 1.5));
  check(d::Uniform(p(0), 1), d::Uniform(p(-1), 2));
  check(d::Cauchy(p(0), 1), d::Cauchy(p(0.5), 1.5));
  check(d::Gumbel(p(0), 1), d::Gumbel(p(0.5), 1.5));
  check(d::Exponential(p(1)), d::Exponential(p(1.5)));
  check(d::Gamma(p(2), 1), d::Gamma(p(1.5), 1.2));
  check(d::Chi2(p(3)), d::Chi2(p(4)));
  check(d::InverseGamma(p(3), 1), d::InverseGamma(p(4), 2));
  check(d::Beta(p(2), 3), d::Beta(p(1.5), 1));
  check(d::Pareto(p(2), 3), d::Pareto(p(1), 4));
  check(d::Bernoulli(p(0.3)), d::Bernoulli(p(0.5)));
  check(d::Binomial(5, p(0.3)), d::Binomial(5, p(0.5)));
  check(d::Geometric(p(0.3)), d::Geometric(p(0.5)));
  check(d::Poisson(p(3)), d::Poisson(p(2)));
  check(d::ContinuousBernoulli(p(0.3)), d::ContinuousBernoulli(p(0.6)));
  check(d::Normal(p(0), 1), d::Gumbel(p(0.5), 1.5));
  check(d::Normal(p(0), 1), d::Laplace(p(0.5), 1.5));
  check(d::Uniform(p(0), 1), d::Normal(p(0.5), 1.5));
  check(d::Exponential(p(1)), d::Gamma(p(1.5), 1.2));
  check(d::Gamma(p(2), 1), d::Exponential(p(0.8)));
  check(d::Dirichlet(tensor({1.0, 2.0}, kFloat64)), d::Dirichlet(tensor({2.0, 1.5}, kFloat64)));
  check(d::Categorical(tensor({0.2, 0.8}, kFloat64)), d::Categorical(tensor({0.5, 0.5}, kFloat64)));
  check(d::OneHotCategorical(tensor({0.2, 0.8}, kFloat64)), d::OneHotCategorical(tensor({0.5, 0.5}, kFloat64)));
  check(d::MultivariateNormal(kLoc, kCovariance), d::MultivariateNormal(kLoc + 0.3, kCovariance * 1.5));
  check(d::Independent(d::Normal(kLoc, 1), 1), d::Independent(d::Normal(kLoc + 0.3, 1.2), 1));
  CHECK(kind_of([&] { d::kl_divergence(d::Normal(), d::Poisson(1)); }) == ErrorKind::NotSupported);
  CHECK(std::isinf(number(d::kl_divergence(d::Uniform(p(0), 2), d::Uniform(p(0), 1)))));
}

TEST_CASE("kl_divergence of different classes: closed forms beside means over draws, infinite where q has no density", "[distributions]") {
  manual_seed(9);
  const auto p = [](double v) { return tensor(v, kFloat64); };
  const auto made = [](const auto& of) -> d::DistributionPtr { return std::make_shared<std::decay_t<decltype(of)>>(of); };
  const d::DistributionPtr beta = made(d::Beta(p(2), 3)), cb = made(d::ContinuousBernoulli(p(0.3))), exponential = made(d::Exponential(p(1.3))),
                           gamma = made(d::Gamma(p(2), 1.5)), chi2 = made(d::Chi2(p(3))), gumbel = made(d::Gumbel(p(0.2), 0.7)),
                           laplace = made(d::Laplace(p(0.3), 0.6)), normal = made(d::Normal(p(0.4), 0.9)), pareto = made(d::Pareto(p(1), 6)),
                           uniform = made(d::Uniform(p(0.2), 0.9)), wide = made(d::Uniform(p(-0.5), 1.5)), low = made(d::Pareto(p(0.1), 2));
  const auto close = [](const d::DistributionPtr& a, const d::DistributionPtr& b) {
    const Tensor draws = a->sample({40000});
    INFO(a->to_string() << " and " << b->to_string());
    CHECK(number(d::kl_divergence(*a, *b)) == Approx(number(mean(a->log_prob(draws) - b->log_prob(draws)))).epsilon(0.03).margin(0.03));
  };
  for (const auto& [a, others] :
       std::vector<std::pair<d::DistributionPtr, std::vector<d::DistributionPtr>>>{{beta, {cb, exponential, gamma, chi2, normal, wide}},
                                                                                   {cb, {exponential, normal, wide}},
                                                                                   {exponential, {gamma, chi2, gumbel, normal}},
                                                                                   {gamma, {chi2, exponential, gumbel, normal}},
                                                                                   {chi2, {gamma, exponential}},
                                                                                   {gumbel, {normal}},
                                                                                   {laplace, {normal}},
                                                                                   {normal, {gumbel, laplace}},
                                                                                   {pareto, {exponential, gamma, normal}},
                                                                                   {uniform, {beta, cb, exponential, gamma, gumbel, normal, low}}})
    for (const d::DistributionPtr& b : others) close(a, b);
  close(made(d::Bernoulli(p(0.3))), made(d::Poisson(p(0.8))));
  close(made(d::HalfCauchy(p(1))), made(d::HalfCauchy(p(1.5))));
  const d::ExpTransform exp;
  close(made(d::TransformedDistribution(d::Normal(p(0), 1), exp)), made(d::TransformedDistribution(d::Normal(p(0.3), 1.2), exp)));

  for (const auto& [a, others] :
       std::vector<std::pair<d::DistributionPtr, std::vector<d::DistributionPtr>>>{{beta, {pareto, uniform}},
                                                                                   {cb, {pareto, uniform}},
                                                                                   {exponential, {beta, cb, pareto, uniform}},
                                                                                   {gamma, {beta, cb, pareto, uniform}},
                                                                                   {gumbel, {beta, cb, exponential, gamma, pareto, uniform}},
                                                                                   {laplace, {beta, cb, exponential, gamma, pareto, uniform}},
                                                                                   {normal, {beta, cb, exponential, gamma, chi2, pareto, uniform}},
                                                                                   {pareto, {beta, cb, uniform, made(d::Normal(p(0), 1))}},
                                                                                   {wide, {beta, cb, exponential, gamma, pareto}}})
    for (const d::DistributionPtr& b : others) {
      INFO(a->to_string() << " and " << b->to_string());
      if (a == pareto && b->name() == "Normal") CHECK(std::isinf(number(d::kl_divergence(d::Pareto(p(1), 2), *b))));
      else CHECK(std::isinf(number(d::kl_divergence(*a, *b))));
    }
  CHECK(d::kl_divergence(d::Normal(zeros({3}), 1), d::Beta(ones({2, 1}), 1)).sizes() == Shape{2, 3});
  CHECK(std::isinf(number(d::kl_divergence(d::Poisson(p(1)), d::Bernoulli(p(0.5))))));
  const d::LowRankMultivariateNormal low_rank(kLoc, ones({kLoc.size(0), 1}, kFloat64), ones_like(kLoc));
  const d::MultivariateNormal full(kLoc, low_rank.covariance_matrix()), other(kLoc + 0.3, kCovariance);
  CHECK(number(d::kl_divergence(low_rank, full)) == Approx(0).margin(1e-12));
  CHECK(number(d::kl_divergence(low_rank, other)) == Approx(number(d::kl_divergence(full, other))));
  CHECK(number(d::kl_divergence(other, low_rank)) == Approx(number(d::kl_divergence(other, full))));
  // Gradients reach both sides.
  const Tensor a = tensor(0.4, kFloat64).requires_grad_(), b = tensor(1.5, kFloat64).requires_grad_();
  d::kl_divergence(d::Normal(a, 1), d::Normal(0, b)).backward();
  d::kl_divergence(d::Exponential(b), d::Normal(a, 1)).backward();
  CHECK(a.grad().defined());
  CHECK(b.grad().defined());
}
