#include "lazuli/ops/network/ctc_loss.h"

#include <cmath>

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/ops/shape/copy.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {

Tensor log_probs(const Shape& sizes) {
  return log_softmax((sin(arange(sizes.numel(), {.dtype = kFloat64}) * Scalar(1.7)) * Scalar(2)).reshape(sizes), -1);
}

// The definition: the sum over all paths that give the target once repeats and blanks are taken out.
double by_enumeration(const Tensor& p, const std::vector<int64_t>& target) {
  int64_t steps = p.sizes()[0], classes = p.sizes()[1], paths = 1;
  std::vector<double> v = p.to_vector<double>();
  for (int64_t t = 0; t < steps; ++t) paths *= classes;
  double total = 0;
  for (int64_t code = 0; code < paths; ++code) {
    std::vector<int64_t> read;
    double score = 0;
    for (int64_t t = 0, rest = code, before = 0; t < steps; ++t, rest /= classes) {
      int64_t c = rest % classes;
      score += v[size_t(t * classes + c)];
      if (c != 0 && c != before) read.push_back(c);
      before = c;
    }
    if (read == target) total += std::exp(score);
  }
  return -std::log(total);
}

}  // namespace

TEST_CASE("CTC loss is the sum over all alignments", "[ops]") {
  Tensor p = log_probs({5, 3});
  for (std::vector<int64_t> target : {std::vector<int64_t>{1, 2}, {1, 1}, {2}, {2, 1, 2}, {}}) {
    Tensor t = from_vector(target, {int64_t(target.size())});
    CHECK(ctc_loss(p, t, Shape{5}, Shape{int64_t(target.size())}, {.reduction = Reduction::None}).item<double>() ==
          Approx(by_enumeration(p, target)));
  }
}

TEST_CASE("CTC loss: batches, lengths, reductions, gradients", "[ops]") {
  Tensor p = log_probs({5, 2, 3}), padded = tensor({{1, 2, 0}, {2, 0, 0}}), joined = tensor({1, 2, 2});
  Tensor each = ctc_loss(p, padded, {5, 4}, {2, 1}, {.reduction = Reduction::None});
  CHECK(each.to_vector<double>()[0] == Approx(by_enumeration(p.select(1, 0), {1, 2})));
  CHECK(each.to_vector<double>()[1] == Approx(by_enumeration(p.select(1, 1).narrow(0, 0, 4), {2})));
  CHECK(allclose(ctc_loss(p, joined, tensor({5, 4}), tensor({2, 1}), {.reduction = Reduction::None}), each));
  CHECK(ctc_loss(p, padded, {5, 4}, {2, 1}).item<double>() == Approx((each.to_vector<double>()[0] / 2 + each.to_vector<double>()[1]) / 2));
  check_gradients(
      [&](const Tensor& x) {
        return ctc_loss(log_softmax(x, -1), joined, {5, 4}, {2, 1}, {.reduction = Reduction::Sum});
      },
      {p.clone().requires_grad_()});
  // a target that is too long for the input
  Tensor q = log_probs({2, 1, 3}).requires_grad_();
  CHECK(std::isinf(ctc_loss(q, tensor({{1, 1}}), {2}, {2}).item<double>()));
  Tensor zero = ctc_loss(q, tensor({{1, 1}}), {2}, {2}, {.zero_infinity = true});
  CHECK(zero.item<double>() == 0);
  zero.backward();
  CHECK(near(q.grad(), {0, 0, 0, 0, 0, 0}));
}

TEST_CASE("CTC loss: where no alignment exists the gradient is NaN up to the input's end, and 0 with zero_infinity", "[ops]") {
  for (bool zero_infinity : {false, true}) {
    Tensor p = log_probs({3, 2, 3}).requires_grad_();
    ctc_loss(p, tensor({{1, 1}, {1, 2}}), {2, 3}, {2, 2}, {.reduction = Reduction::None, .zero_infinity = zero_infinity}).sum().backward();
    const Tensor impossible = p.grad().select(1, 0), possible = p.grad().select(1, 1);
    CHECK(isnan(impossible.narrow(0, 0, 2)).all().item<bool>() == !zero_infinity);
    CHECK(isnan(impossible).any().item<bool>() == !zero_infinity);
    CHECK(equal(impossible[2], zeros({3}, kFloat64)));
    CHECK(isfinite(possible).all().item<bool>());
    CHECK(possible.abs().sum().item<double>() > 0.1);
  }
}

TEST_CASE("CTC loss refuses lengths and classes that do not fit", "[ops]") {
  Tensor p = log_probs({5, 2, 3});
  CHECK_THROWS_AS(ctc_loss(p, tensor({{1, 2}, {1, 2}}), {6, 5}, {2, 2}), Error);
  CHECK_THROWS_AS(ctc_loss(p, tensor({{1, 2}, {1, 2}}), {5, 5}, {3, 2}), Error);
  CHECK_THROWS_AS(ctc_loss(p, tensor({{1, 2}, {1, 2}}), {5}, {2, 2}), Error);
  CHECK(kind_of([&] { ctc_loss(p, tensor({{1, 3}, {1, 2}}), {5, 5}, {2, 2}); }) == ErrorKind::Index);
  CHECK(kind_of([&] { ctc_loss(p, tensor({{1, 0}, {1, 2}}), {5, 5}, {2, 2}); }) == ErrorKind::Index);
  CHECK(kind_of([&] { ctc_loss(p, tensor({{1, 2}, {1, 2}}), {5, 5}, {2, 2}, {.blank = 3}); }) == ErrorKind::Index);
}

TEST_CASE("CTC loss: each step's gradient sums to zero, as that of logits does", "[ops]") {
  Tensor p = log_probs({5, 2, 3}).requires_grad_();
  Tensor grad = autograd::grad({ctc_loss(p, tensor({{1, 2}, {2, 0}}), {5, 4}, {2, 1}, {.reduction = Reduction::Sum})}, {p})[0];
  CHECK(allclose(sum(grad, -1), zeros({5, 2}, {.dtype = kFloat64}), 1e-9, 1e-12));
  CHECK(values(grad[4][1]) == std::vector<double>{0, 0, 0});  // after the end
}
