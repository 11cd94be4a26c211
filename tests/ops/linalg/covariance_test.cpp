#include "lazuli/ops/linalg/covariance.h"

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/linalg/distance.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/statistics.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/finite_difference.h"
#include "lazuli/ops/shape/join.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor wave(const Shape& sizes, double phase) {
  return (sin(arange(sizes.numel(), {.dtype = kFloat64}) * Scalar(0.7) + Scalar(phase)) * Scalar(2)).reshape(sizes);
}
Tensor wave_leaf(const Shape& sizes, double phase) { return wave(sizes, phase).requires_grad_(); }
}  // namespace

TEST_CASE("covariance and correlation", "[ops]") {
  Tensor x = wave({2, 5}, 0);
  CHECK(cov(x.select(0, 0)).item<double>() == Approx(var(x.select(0, 0)).item<double>()));
  Tensor twice = cat({x, x.narrow(1, 1, 1)}, 1);  // the second observation counts twice
  CHECK(allclose(cov(x, 0, tensor({1, 2, 1, 1, 1})), cov(twice, 0)));
  CHECK(near(corrcoef(x).select(0, 0).narrow(0, 0, 1), {1}));
  check_gradients([](const Tensor& t) { return cov(t); }, {wave_leaf({2, 4}, 0)});
  check_gradients([](const Tensor& t, const Tensor& w) { return cov(t, 1, none, w * w); }, {wave_leaf({2, 4}, 0), wave_leaf({4}, 1)});
  check_gradients([](const Tensor& t) { return corrcoef(t).select(0, 0).select(0, 1); }, {wave_leaf({2, 4}, 0)});
  CHECK_THROWS_AS(cov(wave({2, 2, 2}, 0)), Error);
  CHECK_THROWS_AS(cov(x, 1, tensor({1, 2})), Error);
  CHECK_THROWS_AS(cov(x, 1, none, tensor({1.0, -1.0, 1.0, 1.0, 1.0}, kFloat64)), Error);
}

TEST_CASE("covariance with weights of float32, or counts, does not lose the digits of float64", "[ops]") {
  const Tensor x = wave({2, 5}, 0), narrow = tensor({0.1, 0.7, 0.3, 0.9, 0.2}), counts = tensor({3, 1, 2, 1, 1});
  for (const OptionalTensor& weights : {OptionalTensor(), OptionalTensor(narrow)})
    for (const OptionalTensor& times : {OptionalTensor(), OptionalTensor(counts)}) {
      const Tensor here = cov(x, 1, times, weights), far = cov(x + Scalar(1e6), 1, times, weights);
      CHECK(far.dtype() == kFloat64);
      CHECK(allclose(here, far, 1e-8, 1e-8));
    }
  CHECK(allclose(cov(x, 1, none, narrow), cov(x, 1, none, narrow.to(kFloat64)), 1e-6, 0));
}

TEST_CASE("distances of rows, renorm", "[ops]") {
  Tensor x = wave({3, 2}, 0), y = wave({4, 2}, 1);
  CHECK(cdist(x, y).sizes() == Shape{3, 4});
  CHECK(cdist(x, y).select(0, 1).select(0, 2).item<double>() == Approx(dist(x.select(0, 1), y.select(0, 2)).item<double>()));
  CHECK(pdist(x).sizes() == Shape{3});
  CHECK(allclose(pdist(x, 1).select(0, 1), dist(x.select(0, 0), x.select(0, 2), 1)));
  check_gradients([](const Tensor& a, const Tensor& b) { return cdist(a, b, 3); }, {wave_leaf({2, 3, 2}, 0), wave_leaf({2, 2}, 1)});
  check_gradients([](const Tensor& a) { return pdist(a); }, {wave_leaf({3, 2}, 0)});
  Tensor r = renorm(x * Scalar(10), 2, 0, 1);
  CHECK(allclose(norm(r, 2, 1), ones({3}, kFloat64), 1e-6, 1e-6));
  check_gradients([](const Tensor& a) { return renorm(a, 2, 0, 1); }, {wave_leaf({3, 2}, 1)});
  CHECK_THROWS_AS(renorm(x.select(0, 0), 2, 0, 1), Error);
  CHECK_THROWS_AS(cdist(x, wave({4, 3}, 0)), Error);
}

TEST_CASE("derivatives of samples", "[ops]") {
  Tensor y = tensor({1.0, 4.0, 9.0, 16.0}, kFloat64);
  CHECK(near(gradient(y)[0], {3, 4, 6, 7}));
  CHECK(near(gradient(y, std::vector<double>{1.0}, {}, 2)[0], {2, 4, 6, 8}));
  Tensor x = tensor({1.0, 2.0, 3.0, 4.0}, kFloat64);
  CHECK(near(gradient(y, std::vector<Tensor>{x}, {}, 2)[0], {2, 4, 6, 8}));
  CHECK(gradient(wave({3, 4}, 0)).size() == 2);
  CHECK_THROWS_AS(gradient(tensor({1.0})), Error);
  CHECK_THROWS_AS(gradient(y, std::vector<double>{1.0}, {0, 0}), Error);
}

TEST_CASE("distances of many rows are those of few, and have their gradients", "[ops]") {
  const Tensor x = wave({30, 7}, 0), y = cat({wave({8, 7}, 1), x.narrow(0, 0, 1)}, 0);
  const auto by_rows = [](const Tensor& a, const Tensor& b, double p) {
    std::vector<Tensor> rows;
    for (int64_t i = 0; i < a.size(0); ++i) rows.push_back(linalg::vector_norm(a.select(0, i) - b, p, -1));
    return stack(rows);
  };
  CHECK(allclose(cdist(x, y), by_rows(x, y, 2), 1e-7, 1e-7));
  for (double p : {1.0, 3.0}) CHECK(allclose(cdist(x, y, p), by_rows(x, y, p), 1e-12, 1e-12));
  const Tensor wide = wave({40, 60}, 0), far = wave({100, 60}, 1);  // more differences than are kept at once
  for (double p : {0.0, 1.0, 4.0}) CHECK(allclose(cdist(wide, far, p), by_rows(wide, far, p), 1e-12, 1e-12));
  Tensor a = wave_leaf({30, 3}, 0), b = wave_leaf({2, 3}, 1), c = a.detach().requires_grad_(), d = b.detach().requires_grad_();
  const Tensor weights = wave({30, 2}, 2);
  const auto got = autograd::grad({sum(cdist(a, b) * weights)}, {a, b}), wanted = autograd::grad({sum(by_rows(c, d, 2) * weights)}, {c, d});
  for (size_t k = 0; k < 2; ++k) CHECK(allclose(got[k], wanted[k], 1e-6, 1e-6));
  check_gradients([](const Tensor& s, const Tensor& t) { return cdist(s, t); }, {wave_leaf({27, 2}, 0), wave_leaf({2, 2}, 1)});
  Tensor same = wave_leaf({30, 4}, 0);
  CHECK(values(autograd::grad({sum(cdist(same, same.detach().narrow(0, 0, 1)))}, {same})[0].narrow(0, 0, 1)) == std::vector<double>(4, 0.0));
}

TEST_CASE("equal rows are at distance 0, where gradients of every order are 0", "[ops]") {
  for (double p : {0.5, 1.0, 1.5, 2.0, 3.0, double(INFINITY)}) {
    Tensor x = tensor({{1., 2.}, {3., 4.5}}, kFloat64).requires_grad_(), y = tensor({{1., 2.}}, kFloat64).requires_grad_();
    Tensor first = autograd::grad({cdist(x, y, p)[0].sum()}, {x}, {.create_graph = true})[0];
    CHECK(equal(first.detach(), zeros({2, 2}, kFloat64)));
    for (const Tensor& second : autograd::grad({first.sum()}, {x, y}, {.allow_unused = true}))
      if (second.defined()) CHECK(equal(second, zeros_like(second)));
    Tensor rows = tensor({{1., 2.}, {3., 4.5}, {1., 2.}}, kFloat64).requires_grad_();
    Tensor slope = autograd::grad({pdist(rows, p).sum()}, {rows}, {.create_graph = true})[0];
    for (const Tensor& second : autograd::grad({square(slope).sum()}, {rows}, {.allow_unused = true}))
      if (second.defined()) CHECK(isfinite(second).all().item<bool>());
    check_gradients([p](const Tensor& a, const Tensor& b) { return cdist(a, b, p); }, {wave_leaf({3, 2}, 0), wave_leaf({2, 2}, 1)});
  }
  Tensor many = ones({30, 2}, kFloat64).requires_grad_();  // by products
  Tensor first = autograd::grad({cdist(many, many).sum()}, {many}, {.create_graph = true})[0];
  CHECK(equal(autograd::grad({first.sum()}, {many})[0], zeros({30, 2}, kFloat64)));
  // Of equal greatest parts each counts wholly, as in PyTorch.
  Tensor x = zeros({1, 2}, kFloat64).requires_grad_();
  cdist(x, tensor({{2., -2.}}, kFloat64), INFINITY).sum().backward();
  CHECK(values(x.grad()) == std::vector<double>{-1, 1});
}
