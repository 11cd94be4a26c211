#include "lazuli/ops/reduce/softmax.h"

#include <cmath>

#include "lazuli/autograd/autograd.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor logits(DType dtype = kFloat64) { return to(sin(arange(60, {.dtype = kFloat64})) * Scalar(3), dtype).reshape({3, 4, 5}); }
Tensor composite(const Tensor& x, int64_t dim) { return exp(x - logsumexp(x, dim, true)); }
}  // namespace

TEST_CASE("fused softmax is its composite, forward and backward", "[ops]") {
  for (DType dtype : {kFloat32, kFloat64})
    for (int64_t dim = 0; dim < 3; ++dim) {
      Tensor a = logits(dtype).requires_grad_(), b = logits(dtype).requires_grad_(), weight = logits(dtype);
      Tensor x = softmax(a, dim), y = composite(b, dim);
      double tolerance = dtype == kFloat64 ? 1e-12 : 1e-5;
      CHECK(allclose(x, y, tolerance, tolerance));
      x.backward(weight);
      y.backward(weight);
      CHECK(allclose(a.grad(), b.grad(), tolerance, tolerance));
      Tensor c = logits(dtype).requires_grad_(), d = logits(dtype).requires_grad_();
      log_softmax(c, dim).backward(weight);
      log(composite(d, dim)).backward(weight);
      CHECK(allclose(c.grad(), d.grad(), 10 * tolerance, 10 * tolerance));
    }
}

TEST_CASE("gradients of the softmax family, both orders", "[ops]") {
  for (int64_t dim : {0, -1}) {
    check_gradients([&](const Tensor& x) { return softmax(x, dim); }, {logits().select(0, 0).clone().requires_grad_()});
    check_gradients([&](const Tensor& x) { return log_softmax(x, dim); }, {logits().select(0, 0).clone().requires_grad_()});
    check_gradients([&](const Tensor& x) { return softmin(x, dim); }, {logits().select(0, 0).clone().requires_grad_()});
  }
}

TEST_CASE("softmax: extremes, dtypes, errors", "[ops]") {
  CHECK(near(softmax(tensor({1000.0, 1000.0}, kFloat64), 0), {0.5, 0.5}));
  CHECK(near(softmax(tensor({-INFINITY, 0.0}, kFloat64), 0), {0, 1}));
  CHECK(softmax(tensor({1, 2}), 0, kFloat32).dtype() == kFloat32);
  CHECK(softmax(tensor(3.0), 0).item<double>() == 1);
  CHECK_THROWS_AS(softmax(tensor({1, 2}), 0), Error);
  CHECK(kind_of([&] { softmax(logits(), 3); }) == ErrorKind::Index);
  CHECK(softmax(empty({2, 3}, kFloat32, kMeta), 1).sizes() == Shape{2, 3});
}

TEST_CASE("Gumbel softmax samples the categories", "[ops]") {
  Tensor probabilities = tensor({0.5, 0.2, 0.3}, kFloat64), rows = log(probabilities).unsqueeze(0).expand({20000, 3});
  Tensor hard = gumbel_softmax(rows, 0.5, true, -1, Generator(3));
  CHECK(allclose(sum(hard, 1), ones({20000}, kFloat64)));
  CHECK(allclose(mean(hard, 0), probabilities, 0, 0.02));
  for (bool one_hot : {false, true}) {  // the hard sample has the gradient of the soft one
    Tensor x = logits().select(0, 0).clone().requires_grad_(), y = logits().select(0, 0).clone().requires_grad_(), weight = logits().select(0, 1);
    gumbel_softmax(x, 2, one_hot, 0, Generator(1)).backward(weight);
    gumbel_softmax(y, 2, false, 0, Generator(1)).backward(weight);
    CHECK(allclose(x.grad(), y.grad()));
  }
}

TEST_CASE("softmax of one long line", "[ops]") {
  const int64_t n = 8 * 16384 + 1234;
  for (DType dtype : {kFloat32, kFloat64, kBFloat16}) {
    const Tensor x = (sin(arange(n, {.dtype = kFloat64})) * 5.0).to(dtype), y = softmax(x, 0), wide = x.to(kFloat64);
    const Tensor wanted = exp(wide) / exp(wide).sum();
    const double close = dtype == kFloat64 ? 1e-12 : dtype == kFloat32 ? 2e-6 : 1e-2;
    CHECK(allclose(y.to(kFloat64), wanted, close, 0));
    CHECK(allclose(log_softmax(x, 0).to(kFloat64), log(wanted), close, close));
    const ThreadLimit one(1);
    CHECK(equal(softmax(x, 0), y));
  }
  Tensor x = zeros({n}, kFloat64);
  x[7] = INFINITY;
  CHECK(softmax(x, 0).isnan().all().item<bool>());
  CHECK(softmax(zeros({n}, kFloat64) - INFINITY, 0).isnan().all().item<bool>());
}

TEST_CASE("softmax and its kin are special functions, too", "[ops]") {
  const Tensor x = tensor({{1., 2.}, {3., 5.}});
  CHECK(equal(special::softmax(x, 1), softmax(x, 1)));
  CHECK(equal(special::log_softmax(x, 0, kFloat64), log_softmax(x, 0, kFloat64)));
  CHECK(equal(special::logsumexp(x, 1), logsumexp(x, 1)));
  CHECK(equal(special::round(x / 3, 1), round(x / 3, 1)));
}
