#include "lazuli/training/confusion.h"

#include <limits>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"

namespace lazuli::training {

ConfusionMatrix::ConfusionMatrix(int64_t num_classes, double threshold) : num_classes_(num_classes), threshold_(threshold) {
  if (num_classes < 2) fail("ConfusionMatrix", "num_classes", "at least 2", std::to_string(num_classes));
}

void ConfusionMatrix::update(const Tensor& predictions, const Tensor& target) {
  no_grad guard;
  const Tensor said = detail::predicted_classes("ConfusionMatrix", predictions, target, threshold_).reshape({-1}),
               truth = target.to(kInt64).reshape({-1});
  for (const Tensor& classes : {said, truth})
    if (classes.is_cpu() && classes.numel() > 0 && (classes.min().item<int64_t>() < 0 || classes.max().item<int64_t>() >= num_classes_))
      fail(ErrorKind::Index, "ConfusionMatrix", classes.is_same(said) ? "predictions" : "target", "classes below " + std::to_string(num_classes_),
           std::to_string((classes.min().item<int64_t>() < 0 ? classes.min() : classes.max()).item<int64_t>()));
  const Tensor counts = bincount(truth * num_classes_ + said, {}, num_classes_ * num_classes_);
  counts_ = counts_.defined() ? counts_ + counts : counts;
}

Tensor ConfusionMatrix::compute() const {
  if (!counts_.defined()) return zeros({num_classes_, num_classes_}, kInt64);
  if (counts_.numel() != num_classes_ * num_classes_)
    fail(ErrorKind::Index, "ConfusionMatrix", "target", "classes below " + std::to_string(num_classes_), "others");
  return counts_.view({num_classes_, num_classes_});
}

namespace {

Tensor share(const Tensor& part, const Tensor& whole) { return where(whole.eq(0), zeros_like(part), part / whole); }
Tensor hits(const Tensor& matrix) { return matrix.diagonal().to(kFloat64); }

}  // namespace

Tensor ConfusionMatrix::precision() const {
  const Tensor matrix = compute();
  return share(hits(matrix), matrix.sum(0).to(kFloat64));
}
Tensor ConfusionMatrix::recall() const {
  const Tensor matrix = compute();
  return share(hits(matrix), matrix.sum(1).to(kFloat64));
}
Tensor ConfusionMatrix::f1() const {
  const Tensor matrix = compute();
  return share(hits(matrix) * 2.0, (matrix.sum(0) + matrix.sum(1)).to(kFloat64));
}

namespace detail {

FromConfusion::FromConfusion(int64_t num_classes, Average average, double threshold) : matrix_(num_classes, threshold), average_(average) {
  if (average == Average::Binary && num_classes != 2)
    fail("ConfusionMatrix", "average", "Micro, Macro or Weighted for more than two classes", "Binary");
}

double FromConfusion::compute() const {
  const Tensor counts = matrix_.compute();
  const double all = counts.sum().item<double>();
  if (all == 0) return std::numeric_limits<double>::quiet_NaN();
  // Counted together, what is missed in one class is wrong in another: precision, recall and F1 are all the share of hits.
  if (average_ == Average::Micro) return hits(counts).sum().item<double>() / all;
  const Tensor values = by_class(matrix_);
  if (average_ == Average::Binary) return values[1].item<double>();
  if (average_ == Average::Macro) return values.mean().item<double>();
  return (values * counts.sum(1).to(kFloat64)).sum().item<double>() / all;
}

}  // namespace detail

}  // namespace lazuli::training
