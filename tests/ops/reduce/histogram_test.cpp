#include "lazuli/ops/reduce/histogram.h"

#include "lazuli/ops/index/sort.h"
#include "lazuli/ops/reduce/reduction.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

TEST_CASE("histograms have the gradients of weights, of densities by edges, and of edges by the data", "[ops]") {
  const Tensor x = tensor({0.1, 0.4, 0.35, 0.9, 1.7}, kFloat64), w = leaf({1.0, 2.0, 0.5, 3.0, 1.5}), edges = leaf({0.0, 0.3, 0.7, 1.0});
  const auto bins = tensor({0.0, 0.3, 0.7, 1.0}, kFloat64);
  const Tensor hist = std::get<0>(histogram(x, bins, w));
  CHECK(near(hist, {1, 2.5, 3}));
  CHECK(hist.requires_grad());
  check_gradients([&](const Tensor& weight) { return std::get<0>(histogram(x, bins, weight)); }, {w});
  check_gradients([&](const Tensor& e, const Tensor& weight) { return std::get<0>(histogram(x, e, weight, true)); }, {edges, w});
  check_gradients([](const Tensor& t) { return std::get<1>(histogram(t, 4)); }, {leaf({0.1, 0.4, 0.35, 0.9})});
  check_gradients([](const Tensor& t) { return std::get<0>(histogram(t, 3, {.density = true})); }, {leaf({0.1, 0.42, 0.37, 0.9})});
  const Tensor points = leaf({{0.1, 0.2}, {0.5, 0.9}, {0.8, 0.35}});
  check_gradients(
      [](const Tensor& t, const Tensor& weight) {
        return std::get<0>(histogramdd(t, {2, 3}, {.weight = weight, .density = true}));
      },
      {points, leaf({1.0, 2.0, 0.5})});
  check_gradients([](const Tensor& t) { return sum(std::get<1>(histogramdd(t, {2, 3}))[1] * tensor({1.0, 2.0, 3.0, 4.0}, kFloat64)); }, {points});
}

TEST_CASE("entries of unique share the gradient of their value", "[ops]") {
  const Tensor x = leaf({3.0, 1.0, 3.0, 2.0});
  const Tensor out = std::get<0>(unique(x));
  CHECK(near(out, {1, 2, 3}));
  (out * tensor({1.0, 10.0, 100.0}, kFloat64)).sum().backward();
  CHECK(near(x.grad(), {50, 1, 50, 10}));
  check_gradients([](const Tensor& t) { return square(std::get<0>(unique(t))); }, {leaf({3.0, 1.0, 2.0})});
  check_gradients([](const Tensor& t) { return square(std::get<0>(unique_consecutive(t))); }, {leaf({3.0, 1.0, 2.0})});
  check_gradients([](const Tensor& t) { return square(std::get<0>(unique(t, {.dim = 1}))); }, {leaf({{3.0, 1.0, 2.0}, {1.0, 5.0, 4.0}})});
  CHECK_FALSE(std::get<1>(unique(x)).defined());
}
