// Every distribution over numbers beside numeric integrals (sums) of its own density and statistics of its own draws.
#include <cmath>
#include <functional>
#include <limits>
#include <sstream>

#include "lazuli/core/random/generator.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/distributions/distributions.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;
namespace d = lazuli::distributions;

namespace {

double number(const Tensor& t) { return t.item<double>(); }
Tensor grid(double from, double to, int64_t n) { return (arange(n, {.dtype = kFloat64}) + 0.5) * ((to - from) / double(n)) + from; }
Tensor p(double x) { return tensor(x, kFloat64); }

struct Moments {
  double total = 0, mean = 0, variance = 0, entropy = 0;
};
// Of a density over (from, to), by the middles of many pieces; of a mass function over whole numbers.
Moments moments_of(const d::Distribution& of, const Tensor& x, double width) {
  const std::vector<double> at = values(x), log_p = values(of.log_prob(x));
  Moments m;
  for (size_t i = 0; i < at.size(); ++i) {
    const double w = std::exp(log_p[i]) * width;
    m.total += w, m.mean += w * at[i];
    if (w > 0) m.entropy -= w * log_p[i];
  }
  for (size_t i = 0; i < at.size(); ++i) m.variance += std::exp(log_p[i]) * width * (at[i] - m.mean) * (at[i] - m.mean);
  return m;
}
// Largest distance between the draws' distribution function and the given one.
double kolmogorov(const d::Distribution& of, const Tensor& sorted) {
  const std::vector<double> f = values(of.cdf(sorted));
  double worst = 0;
  for (size_t i = 0; i < f.size(); ++i)
    worst = std::max({worst, std::abs(f[i] - double(i) / double(f.size())), std::abs(f[i] - double(i + 1) / double(f.size()))});
  return worst;
}

struct Case {
  std::shared_ptr<d::Distribution> of;
  double from, to;  // where its mass lies
  bool cdf = true, icdf = true, entropy = true, moments = true;
};
template <class D>
std::shared_ptr<d::Distribution> made(const D& of) {
  return std::make_shared<D>(of);
}

void check_statistics(const Case& c, const Moments& m) {
  const int64_t n = 20000;
  const Tensor draws = c.of->sample({n});
  REQUIRE(draws.sizes() == Shape{n});
  CHECK_FALSE(draws.requires_grad());
  if (c.moments) {
    CHECK(number(c.of->mean()) == Approx(m.mean).epsilon(2e-3).margin(1e-3));
    CHECK(number(c.of->variance()) == Approx(m.variance).epsilon(5e-3).margin(1e-3));
    CHECK(number(c.of->stddev()) == Approx(std::sqrt(m.variance)).epsilon(5e-3).margin(1e-3));
    CHECK(std::abs(number(draws.to(kFloat64).mean()) - m.mean) < 5 * std::sqrt(m.variance / double(n)));
  }
  if (c.entropy) CHECK(number(c.of->entropy()) == Approx(m.entropy).epsilon(2e-3).margin(2e-3));
}

}  // namespace

TEST_CASE("continuous distributions: density, moments, entropy, distribution function and draws agree", "[distributions]") {
  manual_seed(3);
  const std::vector<Case> cases{
      {made(d::Normal(p(0.5), 2)), -15, 16},
      {made(d::LogNormal(p(0.2), 0.5)), 0, 40},
      {made(d::Uniform(p(-1), 3)), -1, 3},
      {made(d::Laplace(p(1), 0.7)), -20, 22},
      {made(d::Cauchy(p(1), 0.5)), -4000, 4000, true, true, false, false},
      {made(d::Gumbel(p(0.3), 1.5)), -10, 50},
      {made(d::HalfNormal(p(1.5))), 0, 15},
      {made(d::HalfCauchy(p(0.5))), 0, 4000, true, true, false, false},
      {made(d::StudentT(p(9), 0.5, 2)), -300, 301, false, false},
      {made(d::VonMises(p(0.4), 2)), -M_PI, M_PI, false, false, false, false},
      {made(d::Exponential(p(1.5))), 0, 25},
      {made(d::Gamma(p(2.5), 1.5)), 0, 30, true, false},
      {made(d::Gamma(p(0.6), 0.5)), 0, 80, true, false, false},  // its density has no end at 0
      {made(d::Chi2(p(5))), 0, 80, true, false},
      {made(d::InverseGamma(p(6), 2)), 0, 40, true, false},
      {made(d::Beta(p(2), 3.5)), 0, 1, false, false},
      {made(d::Kumaraswamy(p(2), 3)), 0, 1},
      {made(d::FisherSnedecor(p(5), 14)), 0, 400, false, false, false},
      {made(d::Pareto(p(1.5), 7)), 1.5, 60},
      {made(d::GeneralizedPareto(p(0.5), 1, 0.1)), 0.5, 400},
      {made(d::GeneralizedPareto(p(0.5), 1, -0.3)), 0.5, 0.5 + 1 / 0.3},
      {made(d::GeneralizedPareto(p(0.5), 1, 0.0)), 0.5, 40},
      {made(d::Weibull(p(1.5), 2)), 0, 12},
      {made(d::ContinuousBernoulli(p(0.3))), 0, 1},
      {made(d::ContinuousBernoulli(p(0.5002))), 0, 1},
      {made(d::RelaxedBernoulli(p(0.7), {.probs = p(0.4)})), 0, 1, false, false, false, false},
      {made(d::TransformedDistribution(d::Normal(p(0.2), 0.5), d::ExpTransform())), 0, 40, true, true, false, false},
      {made(d::MixtureSameFamily(d::Categorical(tensor({0.3, 0.7}, kFloat64)), d::Normal(tensor({-1.0, 2.0}, kFloat64), 0.5))), -8, 9, true, false,
       false},
  };
  for (const Case& c : cases) {
    INFO(c.of->to_string() << " over " << c.from << " to " << c.to);
    const int64_t pieces = 400000;
    const Moments m = moments_of(*c.of, grid(c.from, c.to, pieces), (c.to - c.from) / double(pieces));
    CHECK(m.total == Approx(1).margin(c.moments || c.to - c.from < 100 ? 2e-3 : 1e-2));
    check_statistics(c, m);
    if (c.cdf) CHECK(kolmogorov(*c.of, std::get<0>(c.of->sample({4000}).sort())) < 1.95 / std::sqrt(4000.0));  // one in a thousand is further off
    if (c.icdf) {
      const Tensor q = grid(0, 1, 20);
      CHECK(near(c.of->cdf(c.of->icdf(q)), values(q)));
    }
    const Shape wide{3, 2};
    const auto expanded = c.of->expand(wide);
    CHECK(expanded->batch_shape() == wide);
    CHECK(expanded->sample({5}).sizes() == Shape{5, 3, 2});
    CHECK(expanded->log_prob(c.of->sample()).sizes() == wide);
  }
}

TEST_CASE("discrete distributions: masses, moments, entropy and draws agree", "[distributions]") {
  manual_seed(4);
  const std::vector<Case> cases{
      {made(d::Bernoulli(p(0.3))), 0, 2},
      {made(d::Bernoulli({.logits = p(-1)})), 0, 2},
      {made(d::Geometric(p(0.3))), 0, 200},
      {made(d::Binomial(7, p(0.4))), 0, 8},
      {made(d::Binomial(100, {.logits = p(0.5)})), 0, 101},
      {made(d::NegativeBinomial(p(3.5), p(0.4))), 0, 300, false, false, false},
      {made(d::Poisson(p(4.5))), 0, 100, false, false, false},
  };
  for (const Case& c : cases) {
    INFO(c.of->to_string());
    const Moments m = moments_of(*c.of, arange(c.from, c.to, 1, {.dtype = kFloat64}), 1);
    CHECK(m.total == Approx(1).margin(1e-9));
    check_statistics(c, m);
  }
  CHECK(near(d::Bernoulli(p(0.3)).enumerate_support(), {0, 1}));
  CHECK(d::Binomial(3, tensor({0.2, 0.4}, kFloat64)).enumerate_support().sizes() == Shape{4, 2});
  CHECK_THROWS_AS(d::Binomial(tensor({1.0, 2.0}), 0.5).enumerate_support(), Error);
}

TEST_CASE("logits of 0 have the gradients of their neighbours", "[distributions]") {
  const auto slope = [](auto f, double at) {
    Tensor logits = p(at).requires_grad_();
    const std::vector<Tensor> g = autograd::grad({f(logits)}, {logits});
    return g[0].item<double>();
  };
  const auto check = [&](auto f) { CHECK(slope(f, 0) == Approx((slope(f, 1e-6) + slope(f, -1e-6)) / 2).margin(1e-9)); };
  check([](const Tensor& l) { return d::Bernoulli({.logits = l}).log_prob(p(1)); });
  check([](const Tensor& l) { return d::Bernoulli({.logits = l}).entropy(); });
  check([](const Tensor& l) { return d::Geometric({.logits = l}).entropy(); });
  check([](const Tensor& l) { return d::Binomial(5, {.logits = l}).log_prob(p(2)); });
  check([](const Tensor& l) { return d::NegativeBinomial(5, {.logits = l}).log_prob(p(2)); });
  check([](const Tensor& l) { return d::ContinuousBernoulli({.logits = l}).log_prob(p(0.25)); });
  CHECK(d::Bernoulli({.logits = tensor({-12.f, 12.f})}).log_prob(tensor({0.f, 1.f})).to_vector<float>()[0] == Approx(-6.144193e-6).epsilon(1e-5));
  CHECK(d::Bernoulli({.logits = tensor({-12.f, 12.f})}).log_prob(tensor({0.f, 1.f})).to_vector<float>()[1] == Approx(-6.144193e-6).epsilon(1e-5));
}

TEST_CASE("cdf refuses what is outside of the support, where the formula means nothing", "[distributions]") {
  const Tensor below = tensor({-1.0}, kFloat64);
  CHECK_THROWS_AS(d::Exponential(p(2)).cdf(below), Error);
  CHECK_THROWS_AS(d::Gamma(p(2), p(1)).cdf(below), Error);
  CHECK_THROWS_AS(d::Chi2(p(2)).cdf(below), Error);
  CHECK_THROWS_AS(d::InverseGamma(p(2), p(1)).cdf(below), Error);
  CHECK_THROWS_AS(d::Kumaraswamy(p(2), p(1)).cdf(below), Error);
  CHECK_THROWS_AS(d::Pareto(p(2), p(1)).cdf(below), Error);
  CHECK_THROWS_AS(d::Weibull(p(2), p(1)).cdf(below), Error);
  CHECK_THROWS_AS(d::GeneralizedPareto(p(0), p(1), p(0.5)).cdf(below), Error);
  CHECK_THROWS_AS(d::LogNormal(p(0), p(1)).cdf(below), Error);
  CHECK_THROWS_AS(d::HalfNormal(p(1)).cdf(below), Error);
  CHECK_THROWS_AS(d::HalfCauchy(p(1)).cdf(below), Error);
  CHECK(d::Uniform(p(0), p(1)).cdf(below).item<double>() == 0);
  // the ends have a value, where a density may have none
  CHECK(d::Weibull(p(2), p(1)).cdf(p(0)).item<double>() == 0);
  CHECK(d::LogNormal(p(0), p(1)).cdf(p(0)).item<double>() == 0);
  CHECK(d::InverseGamma(p(2), p(1)).cdf(p(0)).item<double>() == 0);
  CHECK(d::Kumaraswamy(p(2), p(3)).cdf(p(0)).item<double>() == 0);
  CHECK(d::Kumaraswamy(p(2), p(3)).cdf(p(1)).item<double>() == 1);
}

TEST_CASE("rsample: gradients by the parameters", "[distributions]") {
  // The mean of many draws moves as the mean does.
  const auto slope = [](auto make, double at) {
    manual_seed(7);
    Tensor parameter = tensor(at, {.dtype = kFloat64, .requires_grad = true});
    make(parameter).rsample({40000}).mean().backward();
    return parameter.grad().template item<double>();
  };
  CHECK(slope([](const Tensor& t) { return d::Gamma(t, 2.0); }, 0.7) == Approx(0.5).epsilon(0.05));
  CHECK(slope([](const Tensor& t) { return d::Gamma(t, 2.0); }, 30) == Approx(0.5).epsilon(0.05));
  CHECK(slope([](const Tensor& t) { return d::Gamma(t, 1.0); }, 20000) == Approx(1).epsilon(0.05));
  CHECK(slope([](const Tensor& t) { return d::Gamma(3.0, t); }, 2) == Approx(-0.75).epsilon(0.05));
  CHECK(slope([](const Tensor& t) { return d::Beta(t, 2.0); }, 3) == Approx(2.0 / 25).epsilon(0.05));
  CHECK(slope([](const Tensor& t) { return d::Normal(1.0, t); }, 2) == Approx(0).margin(0.03));
  CHECK(slope([](const Tensor& t) { return d::Weibull(t, 2.0); }, 2) == Approx(std::sqrt(M_PI) / 2).epsilon(0.05));
  CHECK(kind_of([] { d::Poisson(2.0).rsample(); }) == ErrorKind::NotSupported);
}

TEST_CASE("distributions: what they refuse", "[distributions]") {
  CHECK(error_of([] { d::Normal(0, -1); }).find("Normal: argument 'scale': expected values above 0, got -1") == 0);
  CHECK_THROWS_AS(d::Uniform(1, 1), Error);
  CHECK_THROWS_AS(d::Bernoulli(1.5), Error);
  CHECK_THROWS_AS(d::Bernoulli(d::ProbsOrLogits{}), Error);
  CHECK_THROWS_AS(d::Bernoulli({.probs = p(0.5), .logits = p(0)}), Error);
  CHECK_THROWS_AS(d::Normal(tensor({1, 2}), 1), Error);
  CHECK_THROWS_AS(d::Normal(zeros({2}), zeros({3}) + 1), Error);
  CHECK_THROWS_AS(d::Exponential(1).log_prob(tensor(-1.0)), Error);
  CHECK_THROWS_AS(d::Poisson(1).log_prob(tensor(1.5)), Error);
  CHECK_THROWS_AS(d::Beta(1, 1).log_prob(tensor({0.5, 2.0})), Error);
  CHECK(kind_of([] { d::Normal().enumerate_support(); }) == ErrorKind::NotSupported);
  d::set_default_validate_args(false);
  CHECK_NOTHROW(d::Normal(0, -1));
  d::set_default_validate_args(true);
  CHECK(d::Normal(tensor(1.0f), 2).loc.dtype() == kFloat32);
  CHECK(d::Normal(1, p(2)).loc.dtype() == kFloat64);
  CHECK(d::Normal(0, 1).to_string() == "Normal(loc: 0, scale: 1)");
  CHECK(d::Cauchy(0, 1).variance().item<double>() == std::numeric_limits<double>::infinity());
  CHECK(d::Beta(p(0.6), 1.2).mode().item<double>() == 0);
  CHECK(d::Beta(p(1.5), 0.5).mode().item<double>() == 1);
  CHECK(d::Beta(p(3), 2).mode().item<double>() == Approx(2.0 / 3));
  CHECK(d::Uniform(0, 1).mode().isnan().item<bool>());
  std::ostringstream printed;
  printed << d::Normal(0, 1);
  CHECK(printed.str() == "Normal(loc: 0, scale: 1)");
  CHECK(d::Gamma(ones({3}), 2.0).to_string() == "Gamma(concentration: of sizes [3], rate: of sizes [3])");
}

TEST_CASE("transforms are given by value, and turn round", "[distributions]") {
  using namespace lazuli::distributions;
  const Tensor x = tensor({0.5, -1.0, 2.0}, kFloat64);
  const TransformedDistribution shifted(Normal(0.0, 1.0), {AffineTransform(1.0, 0.5), ExpTransform()});
  const LogNormal known(1.0, 0.5);
  const Tensor y = exp(x);
  CHECK(allclose(shifted.log_prob(y), known.log_prob(y)));
  const ComposeTransform both({AffineTransform(1.0, 0.5), ExpTransform()});
  CHECK(allclose(both(x), exp(1 + 0.5 * x)));

  const TransformPtr back = both.inv();
  CHECK(allclose(back->forward(both(x)), x));
  CHECK(allclose(back->inverse(x), both(x)));
  CHECK(allclose(back->log_abs_det_jacobian(both(x), x), -both.log_abs_det_jacobian(x, both(x))));
  CHECK(allclose(back->inv()->forward(x), both(x)));
  CHECK(StickBreakingTransform().inv()->forward_shape({4}) == Shape{3});
  CHECK(AffineTransform(0.0, -1.0).inv()->sign() == -1);
  const TransformedDistribution logs(LogNormal(0.0, 1.0), ExpTransform().inv());
  CHECK(allclose(logs.log_prob(x), Normal(0.0, 1.0).log_prob(x)));

  struct Twice : Transform {
    Tensor forward(const Tensor& v) const override { return v * 2; }
    Tensor inverse(const Tensor& v) const override { return v / 2; }
  };
  CHECK(allclose(InverseTransform(Twice())(x), x / 2));
  CHECK_THROWS_AS(Twice().inv(), Error);
}
