#include "lazuli/ops/reduce/scan.h"

#include <cmath>

#include "lazuli/core/threads/parallel.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/statistics.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor wave(const Shape& sizes, double phase) {
  return (sin(arange(sizes.numel(), {.dtype = kFloat64}) * Scalar(0.7) + Scalar(phase)) * Scalar(2)).reshape(sizes);
}
Tensor wave_leaf(const Shape& sizes, double phase) { return wave(sizes, phase).requires_grad_(); }
Tensor complex_leaf(const Shape& sizes) { return complex(wave(sizes, 0), wave(sizes, 2)).requires_grad_(); }
}  // namespace

TEST_CASE("running sums and products", "[ops]") {
  CHECK(cumsum(tensor({1, 2, 3}, kInt32), 0).to_vector<int64_t>() == std::vector<int64_t>{1, 3, 6});
  CHECK(cumsum(tensor({true, true}), 0).dtype() == kInt64);
  CHECK(near(cumprod(tensor({{1.0, 2.0}, {3.0, 4.0}}, kFloat64), 1), {1, 2, 3, 12}));
  CHECK(cumsum(tensor(2.0), 0).item<double>() == 2);
  CHECK(cumsum(zeros({0, 3}), 0).sizes() == Shape{0, 3});
  CHECK(kind_of([] { cumsum(zeros({2}), 1); }) == ErrorKind::Index);
  Tensor x = tensor({1.0, 2.0, 3.0}, kFloat64);
  cumsum_(x, 0);
  CHECK(near(x, {1, 3, 6}));
  auto [values, indices] = cummax(tensor({1.0, 3.0, 2.0, 3.0}, kFloat64), 0);
  CHECK(near(values, {1, 3, 3, 3}));
  CHECK(indices.to_vector<int64_t>() == std::vector<int64_t>{0, 1, 1, 3});
}

TEST_CASE("gradients of running reductions, both orders", "[ops]") {
  for (int64_t dim : {0, -1}) {
    check_gradients([&](const Tensor& x) { return cumsum(x * x, dim); }, {wave_leaf({2, 3}, 0)});
    check_gradients([&](const Tensor& x) { return cumprod(x, dim); }, {wave_leaf({2, 3}, 1)});
    check_gradients([&](const Tensor& x) { return logcumsumexp(x, dim); }, {wave_leaf({2, 3}, 1)});
    check_gradients([&](const Tensor& x) { return std::get<0>(cummax(x, dim)); }, {wave_leaf({2, 3}, 1)});
    check_gradients([&](const Tensor& x) { return std::get<0>(cummin(x, dim)); }, {wave_leaf({2, 3}, 1)});
  }
  check_gradients([](const Tensor& x) { return cumprod(x, 0); }, {leaf({2.0, 0.0, -1.5, 0.0, 3.0})});
  check_gradients([](const Tensor& x) { return cumprod(x, 0); }, {complex_leaf({3})});
  check_gradients([](const Tensor& x) { return logcumsumexp(x, 0); }, {complex_leaf({3})});
}

TEST_CASE("differences and trapezoids", "[ops]") {
  CHECK(diff(tensor({1, 4, 9, 16}), 2).to_vector<int64_t>() == std::vector<int64_t>{2, 2});
  CHECK(diff(tensor({1, 4}), 1, -1, tensor({0}), tensor({5})).to_vector<int64_t>() == std::vector<int64_t>{1, 3, 1});
  CHECK(diff(tensor({true, false, false})).to_vector<bool>() == std::vector<bool>{true, false});
  CHECK(diff(tensor({1, 2}), 5).numel() == 0);
  CHECK_THROWS_AS(diff(tensor({1, 2}), -1), Error);
  CHECK_THROWS_AS(diff(tensor(1)), Error);
  CHECK(trapezoid(tensor({1.0, 5.0, 10.0}, kFloat64)).item<double>() == 10.5);
  CHECK(trapezoid(tensor({1.0, 5.0, 10.0}, kFloat64), tensor({1.0, 3.0, 6.0}, kFloat64)).item<double>() == 28.5);
  CHECK(near(cumulative_trapezoid(tensor({1.0, 5.0, 10.0}, kFloat64), 2), {6, 21}));
  check_gradients([](const Tensor& y, const Tensor& x) { return trapezoid(y, x, 0); }, {wave_leaf({3, 2}, 0), wave_leaf({3}, 1)});
}

TEST_CASE("variance and standard deviation: corrections, gradients", "[ops]") {
  Tensor x = tensor({{1.0, 2.0, 4.0}, {3.0, 3.0, 3.0}}, kFloat64);
  CHECK(near(var(x, 1), {7.0 / 3, 0}));
  CHECK(near(var(x, 1, false), {14.0 / 9, 0}));
  CHECK(near(std::get<1>(var_mean(x, 1)), {7.0 / 3, 3}));
  CHECK(std::isnan(var(tensor({1.0})).item<double>()));
  CHECK(var(complex_leaf({4})).dtype() == kFloat64);
  check_gradients([](const Tensor& t) { return var(t, 0, 0.5, true); }, {wave_leaf({3, 2}, 0)});
  check_gradients([](const Tensor& t) { return lazuli::std(t, {0, 1}); }, {wave_leaf({3, 2}, 0)});
  check_gradients([](const Tensor& t) { return std_mean(t, 1); }, {wave_leaf({2, 3}, 0)});
  check_gradients([](const Tensor& t) { return var(t); }, {complex_leaf({4})});
  CHECK_THROWS_AS(var(tensor({1, 2})), Error);
}

TEST_CASE("medians, modes and quantiles", "[ops]") {
  CHECK(median(tensor({3.0, 1.0, 4.0, 2.0}, kFloat64)).item<double>() == 2);
  CHECK(std::isnan(median(tensor({3.0, NAN, 1.0}, kFloat64)).item<double>()));
  CHECK(nanmedian(tensor({3.0, NAN, 1.0}, kFloat64)).item<double>() == 1);
  auto [values, indices] = median(tensor({{5, 1, 3}, {2, 9, 4}}), 1, true);
  CHECK(values.to_vector<int64_t>() == std::vector<int64_t>{3, 4});
  CHECK(indices.to_vector<int64_t>() == std::vector<int64_t>{2, 2});
  auto [most, where] = mode(tensor({2, 1, 2, 1, 3}));
  CHECK(most.item<int64_t>() == 1);
  CHECK(where.item<int64_t>() == 3);
  Tensor x = tensor({{4.0, 1.0, 3.0, 2.0}, {8.0, NAN, 6.0, 7.0}}, kFloat64);
  CHECK(quantile(x.select(0, 0), 0.5).item<double>() == 2.5);
  CHECK(quantile(x.select(0, 0), 0.4, {.interpolation = "lower"}).item<double>() == 2);
  CHECK(quantile(x.select(0, 0), 0.4, {.interpolation = "higher"}).item<double>() == 3);
  CHECK(quantile(x.select(0, 0), 0.4, {.interpolation = "midpoint"}).item<double>() == 2.5);
  CHECK(std::isnan(quantile(x, 0.5, 1).to_vector<double>()[1]));
  CHECK(near(nanquantile(x, 0.5, 1), {2.5, 7}));
  CHECK(quantile(x, tensor({0.1, 0.9, 0.5}, kFloat64), 1, true).sizes() == Shape{3, 2, 1});
  CHECK(near(quantile(x.select(0, 0), tensor({0.0, 1.0}, kFloat64)), {1, 4}));
  CHECK_THROWS_AS(quantile(x, 1.5), Error);
  CHECK_THROWS_AS(quantile(x, 0.5, {.interpolation = "cubic"}), Error);
  check_gradients([](const Tensor& t) { return quantile(t, 0.3, 1); }, {wave_leaf({2, 5}, 0)});
  check_gradients([](const Tensor& t) { return std::get<0>(median(t, 0)); }, {wave_leaf({3, 2}, 0)});
}

TEST_CASE("norms: orders, gradients, zeros", "[ops]") {
  Tensor x = tensor({3.0, -4.0, 0.0}, kFloat64);
  CHECK(norm(x).item<double>() == 5);
  CHECK(norm(x, 1).item<double>() == 7);
  CHECK(norm(x, INFINITY).item<double>() == 4);
  CHECK(norm(x, -INFINITY).item<double>() == 0);
  CHECK(norm(x, 0).item<double>() == 2);
  CHECK(norm(complex_leaf({2})).dtype() == kFloat64);
  for (double p : {2.0, 1.0, 3.0, 1.5, 0.5, double(INFINITY), -1.0}) {
    INFO(p);
    check_gradients([&](const Tensor& t) { return linalg::vector_norm(t, p, 0); }, {wave_leaf({3, 2}, 1)});
    check_gradients([&](const Tensor& t) { return norm(t, p, {}, true); }, {complex_leaf({3})});
  }
  Tensor z = leaf({0.0, 0.0});
  norm(z).backward();
  CHECK(near(z.grad(), {0, 0}));
  CHECK_THROWS_AS(norm(zeros({0}), INFINITY), Error);
  CHECK(norm(zeros({0})).item<double>() == 0);
  CHECK(dist(x, tensor({0.0, 0.0, 0.0}, kFloat64)).item<double>() == 5);
}

TEST_CASE("long lines are scanned in blocks, the same for any number of threads", "[ops]") {
  const int64_t n = 4 * 4 * 4096 + 5000;
  const Tensor ones_at = ones({2, n}, kInt64);
  CHECK(equal(cumsum(ones_at, 1)[1], arange(1, n + 1)));
  const Tensor x = sin(arange(n, {.dtype = kFloat64})), sums = cumsum(x, 0);
  CHECK(sums[-1].item<double>() == Approx(sum(x).item<double>()).margin(1e-9));
  CHECK(allclose(diff(sums), x.slice(0, 1), 0, 1e-9));
  const Tensor near_one = 1.0 + x * 1e-6, products = cumprod(near_one, 0);
  CHECK(products[-1].item<double>() == Approx(prod(near_one).item<double>()));
  CHECK(allclose(products.slice(0, 1) / products.slice(0, 0, -1), near_one.slice(0, 1)));
  CHECK(allclose(logcumsumexp(x, 0), log(cumsum(exp(x), 0))));
  CHECK(equal(cumsum(complex(x, -x), 0), complex(sums, -sums)));
  const ThreadLimit one(1);
  CHECK(equal(cumsum(x, 0), sums));
}
