#include "lazuli/training/meter.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"

namespace lazuli::training {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

void add(Tensor& sum, const Tensor& more) { sum = sum.defined() ? sum + more.to(sum.device()) : more; }

double ratio(const Tensor& sum, double count) { return count > 0 ? sum.item<double>() / count : kNothing; }

void check_defined(const char* meter, const Tensor& predictions, const Tensor& target) {
  if (!predictions.defined()) fail_undefined(meter, "predictions");
  if (!target.defined()) fail_undefined(meter, "target");
}

}  // namespace

namespace detail {

Tensor predicted_classes(const char* meter, const Tensor& predictions, const Tensor& target, double threshold) {
  check_defined(meter, predictions, target);
  if (predictions.sizes() == target.sizes()) return predictions.is_floating_point() ? predictions.gt(threshold).to(kInt64) : predictions.to(kInt64);
  const int64_t dims = target.dim() + 1;
  bool fits = predictions.dim() == dims && dims >= 2 && predictions.size(0) == target.size(0);
  for (int64_t d = 2; fits && d < dims; ++d) fits = predictions.size(d) == target.size(d - 1);
  if (!fits)
    fail(meter, "predictions", "scores [n, classes, ...] of target " + to_string(target.sizes()) + ", or classes of these sizes",
         to_string(predictions.sizes()));
  return predictions.argmax(1);
}

}  // namespace detail

void RunningMean::update(double value, double weight) { number_ += value * weight, weight_ += weight; }

void RunningMean::update(const Tensor& value, double weight) {
  no_grad guard;
  if (!value.defined()) fail_undefined("RunningMean", "value");
  if (value.numel() != 1) fail("RunningMean", "value", "one number", to_string(value.sizes()));
  add(sum_, value.detach().reshape({}).to(kFloat64) * weight);
  weight_ += weight;
}

double RunningMean::compute() const { return weight_ > 0 ? (number_ + (sum_.defined() ? sum_.item<double>() : 0)) / weight_ : kNothing; }

void Accuracy::update(const Tensor& predictions, const Tensor& target) {
  no_grad guard;
  const Tensor classes = detail::predicted_classes("Accuracy", predictions, target, threshold_);
  add(correct_, classes.eq(target).sum());
  count_ += target.numel();
}

double Accuracy::compute() const { return ratio(correct_, double(count_)); }

TopK::TopK(int64_t k) : k_(k) {
  if (k < 1) fail("TopK", "k", "at least 1", std::to_string(k));
}

void TopK::update(const Tensor& predictions, const Tensor& target) {
  no_grad guard;
  check_defined("TopK", predictions, target);
  if (predictions.dim() != 2 || target.dim() != 1 || predictions.size(0) != target.size(0))
    fail("TopK", "predictions", "scores [n, classes] of target " + to_string(target.sizes()), to_string(predictions.sizes()));
  const Tensor best = std::get<1>(topk(predictions, std::min(k_, predictions.size(1)), 1));
  add(correct_, best.eq(target.unsqueeze(1)).sum());
  count_ += target.numel();
}

double TopK::compute() const { return ratio(correct_, double(count_)); }

void Perplexity::update(const Tensor& predictions, const Tensor& target) {
  no_grad guard;
  check_defined("Perplexity", predictions, target);
  if (predictions.dim() != target.dim() + 1 || predictions.numel() == 0 || predictions.numel() / predictions.size(-1) != target.numel())
    fail("Perplexity", "predictions", "scores of all classes for target " + to_string(target.sizes()), to_string(predictions.sizes()));
  const Tensor rows = predictions.reshape({-1, predictions.size(-1)}), classes = target.reshape({-1});
  add(sum_, cross_entropy(rows, classes, {.ignore_index = ignore_index_, .reduction = Reduction::Sum}).to(kFloat64));
  add(count_, classes.ne(ignore_index_).sum());
}

double Perplexity::compute() const {
  const double count = count_.defined() ? count_.item<double>() : 0;
  return count > 0 ? std::exp(sum_.item<double>() / count) : kNothing;
}

void AUROC::update(const Tensor& predictions, const Tensor& target) {
  no_grad guard;
  check_defined("AUROC", predictions, target);
  const bool fits = target.dim() == 1 && (predictions.dim() == 1 || predictions.dim() == 2) && predictions.size(0) == target.size(0);
  if (!fits) fail("AUROC", "predictions", "scores [n] or [n, classes] of target [n]", to_string(predictions.sizes()));
  scores_.push_back(predictions.detach());
  targets_.push_back(target.detach());
}

namespace {

// The Mann-Whitney statistic: the ranks of the positive scores, ties sharing their mean rank.
double area(const std::vector<double>& scores, const std::vector<bool>& positive, int64_t which) {
  std::vector<size_t> order(scores.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return scores[a] < scores[b]; });
  double ranks = 0, positives = 0;
  for (size_t begin = 0, end; begin < order.size(); begin = end) {
    end = begin;
    while (end < order.size() && scores[order[end]] == scores[order[begin]]) ++end;
    if (end == begin) ++end;  // NaN
    const double rank = double(begin + 1 + end) / 2;
    for (size_t i = begin; i < end; ++i)
      if (positive[order[i]]) ranks += rank, positives += 1;
  }
  const double negatives = double(scores.size()) - positives;
  if (positives == 0 || negatives == 0)
    fail(ErrorKind::State, "AUROC", "target", "examples of class " + std::to_string(which) + " and others",
         positives == 0 ? "none of it" : "none but it");
  return (ranks - positives * (positives + 1) / 2) / (positives * negatives);
}

}  // namespace

double AUROC::compute() const {
  if (scores_.empty()) return kNothing;
  const Tensor scores = cat(scores_), target = cat(targets_);
  const std::vector<int64_t> truth = target.to_vector<int64_t>();
  auto area_of = [&](const Tensor& column, int64_t which) {
    std::vector<bool> positive(truth.size());
    for (size_t i = 0; i < truth.size(); ++i) positive[i] = truth[i] == which;
    return area(column.to_vector<double>(), positive, which);
  };
  if (scores.dim() == 1) return area_of(scores, 1);
  double sum = 0;
  for (int64_t c = 0; c < scores.size(1); ++c) sum += area_of(scores.select(1, c), c);
  return sum / double(scores.size(1));
}

}  // namespace lazuli::training
