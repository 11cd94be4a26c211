#include "lazuli/ops/random/random.h"

#include <cmath>

#include "lazuli/core/random/philox.h"
#include "lazuli/core/slots/codes.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
double mean_of(const Tensor& t) { return mean(to(t, kFloat64)).item<double>(); }
double std_of(const Tensor& t) {
  Tensor x = to(t, kFloat64), d = sub(x, mean(x));
  return std::sqrt(mean(mul(d, d)).item<double>());
}
}  // namespace

TEST_CASE("the same seed gives the same numbers, another one others", "[ops]") {
  Generator a(5), b(5), c(6);
  Tensor x = randn({100}, {}, a);
  CHECK(equal(x, randn({100}, {}, b)));
  CHECK_FALSE(equal(x, randn({100}, {}, c)));
  CHECK_FALSE(equal(x, randn({100}, {}, a)));
  manual_seed(1);
  Tensor y = rand({10});
  manual_seed(1);
  CHECK(equal(y, rand({10})));
}

TEST_CASE("distributions have their moments and bounds", "[ops]") {
  Generator g(7);
  int64_t n = 40000;
  Tensor u = rand({n}, {}, g);
  CHECK(mean_of(u) == Approx(0.5).margin(0.01));
  CHECK(amin(u).item<double>() >= 0);
  CHECK(amax(u).item<double>() < 1);
  for (DType t : {kFloat32, kFloat64, kFloat16, kBFloat16}) {
    Tensor z = randn({n}, {.dtype = t}, g);
    CHECK(z.dtype() == t);
    CHECK(mean_of(z) == Approx(0).margin(0.02));
    CHECK(std_of(z) == Approx(1).margin(0.02));
  }
  Tensor i = randint(-3, 4, {n}, {}, g);
  CHECK(i.dtype() == kInt64);
  CHECK(amin(i).item<double>() == -3);
  CHECK(amax(i).item<double>() == 3);
  CHECK(mean_of(exponential_(u, 2, g)) == Approx(0.5).margin(0.02));
  CHECK(mean_of(bernoulli_(u, 0.3, g)) == Approx(0.3).margin(0.01));
  CHECK(mean_of(geometric_(u, 0.25, g)) == Approx(4).margin(0.1));
  CHECK(mean_of(log(log_normal_(u, 1, 0.5, g))) == Approx(1).margin(0.02));
  CHECK(mean_of(bernoulli(full({n}, 0.7), g)) == Approx(0.7).margin(0.01));
  CHECK(mean_of(poisson(full({n}, 3.0), g)) == Approx(3).margin(0.05));
  CHECK(std_of(poisson(full({n}, 50.0), g)) == Approx(std::sqrt(50)).margin(0.15));
  CHECK(mean_of(normal(full({n}, 2.0), full({1}, 3.0), g)) == Approx(2).margin(0.06));
  CHECK(std_of(abs(randn({n}, {.dtype = kComplex128}, g))) == Approx(std::sqrt(1 - M_PI / 4)).margin(0.02));
}

TEST_CASE("permutations and draws by weight", "[ops]") {
  Generator g(3);
  Tensor p = randperm(50, {}, g);
  CHECK(equal(std::get<0>(sort(p)), arange(50)));
  CHECK_FALSE(equal(p, arange(50)));
  Tensor weights = tensor({0., 1., 3., 0.});
  Tensor drawn = multinomial(expand(weights, {20000, 4}), 1, true, g);
  CHECK(drawn.sizes() == Shape{20000, 1});
  CHECK(amin(drawn).item<double>() == 1);
  CHECK(amax(drawn).item<double>() == 2);
  CHECK(mean_of(drawn) == Approx(1.75).margin(0.02));
  CHECK(equal(std::get<0>(sort(multinomial(weights, 2, false, g))), tensor({1, 2})));
  CHECK_THROWS_WITH(multinomial(weights, 3, false, g), Contains("positive weights"));
  CHECK_THROWS_WITH(multinomial(weights, 5, false, g), Contains("4 categories"));
  CHECK_THROWS_WITH(multinomial(tensor({-1., 1.}), 1), Contains("not negative"));
}

TEST_CASE("wrong parameters of distributions are errors, before anything is written", "[ops]") {
  Tensor x = zeros({3});
  CHECK_THROWS_WITH(normal_(x, 0, -1), Contains("std"));
  CHECK_THROWS_WITH(uniform_(x, 2, 1), Contains("from"));
  CHECK_THROWS_WITH(bernoulli_(x, 1.5), Contains("[0, 1]"));
  CHECK_THROWS_WITH(bernoulli(full({2}, 1.5)), Contains("[0, 1]"));
  CHECK_THROWS_WITH(exponential_(x, 0), Contains("positive"));
  CHECK_THROWS_WITH(geometric_(x, 1), Contains("(0, 1)"));
  CHECK_THROWS_WITH(randint(3, 3, {2}), Contains("high"));
  CHECK_THROWS_WITH(rand({2}, kInt64), Contains("floating point"));
  CHECK_THROWS_WITH(normal(zeros({1}), full({1}, -1.0)), Contains("std"));
  CHECK(equal(x, zeros({3})));
}

TEST_CASE("random fills write through views and cut the gradient", "[ops]") {
  Generator g(2);
  Tensor x = zeros({4, 4});
  Tensor column = select(x, 1, 2);
  normal_(column, 5, 0.1, g);
  CHECK(mean_of(column) == Approx(5).margin(0.3));
  CHECK(sum(select(x, 1, 1)).item<double>() == 0);
  Tensor leaf = ones({3}, {.requires_grad = true}), y = mul(leaf, 2);
  uniform_(y);
  sum(y).backward();
  CHECK(equal(leaf.grad(), zeros({3})));
  CHECK_THROWS_WITH(normal_(leaf), Contains("leaf"));
  CHECK(rand({2, 3}, {.device = kMeta}).sizes() == Shape{2, 3});
}

TEST_CASE("a probability or weight that is none is told with its place", "[ops]") {
  CHECK(error_of([] {
          bernoulli(tensor({{0.5, 1.0}, {0.25, 1.5}}, kFloat32));
        }) == "bernoulli: argument 'self': expected probabilities in [0, 1], got 1.5 at [1, 1]");
  CHECK(error_of([] { bernoulli(full({}, NAN)); }) == "bernoulli: argument 'self': expected probabilities in [0, 1], got nan");
  CHECK(error_of([] {
          multinomial(tensor({{1.0, 2.0}, {-1.0, 2.0}}), 1);
        }) == "multinomial: argument 'self': expected weights that are finite and not negative, got -1 at [1, 0]");
  CHECK(error_of([] {
          multinomial(tensor({{1.0, 2.0}, {0.0, 0.0}}), 1);
        }) == "multinomial: argument 'self': expected rows of weights with a positive sum, got 0 at [1, 0]");
  CHECK(error_of([] { poisson(tensor({1.0, -2.0}, kFloat32)); }) == "poisson: argument 'self': expected rates that are not negative, got -2 at [1]");
  CHECK(error_of([] {
          normal(zeros({2}), tensor({1.0, -2.0}, kFloat32));
        }) == "normal: argument 'std': expected standard deviations that are not negative, got -2 at [1]");
}

namespace {
// Fisher and Yates as it is written in books, from the same draws.
std::vector<int64_t> permutation(int64_t n, const PhiloxState& state) {
  std::vector<int64_t> p(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) p[size_t(i)] = i;
  for (int64_t i = 0; i < n; ++i) {
    const uint64_t draw = philox(state.seed, state.offset + uint64_t(i / 2)).pair(int(i % 2));
    std::swap(p[size_t(i)], p[size_t(i) + size_t((static_cast<unsigned __int128>(draw) * uint64_t(n - i)) >> 64)]);
  }
  return p;
}
}  // namespace

TEST_CASE("a permutation is the same for any number of threads, across its chunks", "[ops]") {
  const int threads = get_num_threads();
  for (int64_t n : {1, 2, 101, (1 << 18) - 1, (1 << 18) + 1, 600001}) {
    INFO(n);
    std::vector<int64_t> results[2];
    for (int k = 0; k < 2; ++k) {
      set_num_threads(k ? 4 : 1);
      results[k] = randperm(n, {}, Generator(5)).to_vector<int64_t>();
    }
    CHECK(results[0] == results[1]);
    CHECK(results[0] == permutation(n, Generator(5).take(uint64_t(n))));
  }
  set_num_threads(4);
  const std::vector<double> many = poisson(full({5000}, 20.0), Generator(3)).to_vector<double>();
  set_num_threads(1);
  CHECK(many == poisson(full({5000}, 20.0), Generator(3)).to_vector<double>());
  set_num_threads(threads);
}

TEST_CASE("random numbers are the same for any number of threads", "[ops]") {
  constexpr int64_t n = 200003;
  auto all = [&](int threads) {
    ThreadLimit limit(threads);
    Generator g(77);
    const Tensor x = zeros({n}), rates = full({5000}, 12.5), weights = rand({300, 50}, {}, g);
    std::vector<Tensor> found;
    for (DType dtype : {kFloat16, kFloat32, kFloat64, kComplex64}) {
      found.push_back(rand({n}, {.dtype = dtype}, g));
      found.push_back(randn({n}, {.dtype = dtype}, g));
    }
    for (const Tensor& t :
         {randint(1000, {n}, {}, g), randperm(n, {}, g), bernoulli(x + 0.5, g), poisson(rates, g), multinomial(weights, 20, true, g),
          multinomial(weights, 20, false, g), dropout(x + 1, 0.5, true, g), rrelu(x - 1, 0.1, 0.9, true, g)})
      found.push_back(t);
    for (auto fill : {+[](Tensor&t, const Generator&r) { exponential_(t, 1, r); }, +[](Tensor&t, const Generator&r) { cauchy_(t, 0, 1, r); },
                      +[](Tensor&t, const Generator&r) { log_normal_(t, 0, 1, r); }, +[](Tensor&t, const Generator&r) { geometric_(t, 0.25, r); }}) {
      Tensor t = zeros({n});
      fill(t, g);
      found.push_back(t);
    }
    return found;
  };
  const std::vector<Tensor> one = all(1), four = all(4);
  for (size_t i = 0; i < one.size(); ++i) {
    INFO(i);
    CHECK(equal(one[i], four[i]));
  }
}
