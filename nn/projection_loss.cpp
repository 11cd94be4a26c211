#include "lazuli/nn/projection_loss.h"

#include <cmath>

#include "lazuli/nn/module/factory.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn {

LinearCrossEntropyLoss::LinearCrossEntropyLoss(int64_t in, int64_t classes, const Options& o)
    : in_features(in),
      num_classes(classes),
      options(detail::checked("LinearCrossEntropyLoss", o)),
      weight(this, "weight", o.weight.value_or(Tensor())),
      linear(this, "linear", in_features, classes * options.out_features.numel(), detail::as_whole(o, LinearOptions{.bias = o.bias})) {
  options.weight.reset();
}
Tensor LinearCrossEntropyLoss::forward(const Tensor& input, const Tensor& target) {
  Shape scored = options.out_features;
  scored.insert(0, num_classes);
  Shape sizes = scored;
  sizes.push_back(in_features);
  return linear_cross_entropy(input, linear->weight.reshape(sizes), target,
                              {.linear_bias = options.bias ? OptionalTensor(linear->bias.reshape(scored)) : OptionalTensor(),
                               .weight = given(weight),
                               .ignore_index = options.ignore_index,
                               .label_smoothing = options.label_smoothing,
                               .reduction = options.reduction});
}

namespace {
const Shape& checked_cutoffs(const Shape& cutoffs, int64_t classes) {
  int64_t before = 0;
  for (int64_t c : cutoffs) {
    if (c <= before || c >= classes)
      fail("AdaptiveLogSoftmaxWithLoss", "cutoffs", "increasing positive numbers below n_classes " + std::to_string(classes), to_string(cutoffs));
    before = c;
  }
  if (cutoffs.empty()) fail("AdaptiveLogSoftmaxWithLoss", "cutoffs", "at least one", "none");
  return cutoffs;
}
}  // namespace

AdaptiveLogSoftmaxWithLoss::AdaptiveLogSoftmaxWithLoss(int64_t in, int64_t classes, const Shape& given_cutoffs, const Options& o)
    : in_features(in),
      n_classes(classes),
      shortlist_size(checked_cutoffs(given_cutoffs, classes)[0]),
      n_clusters(given_cutoffs.size()),
      cutoffs(given_cutoffs),
      options(o),
      head(this, "head", in, shortlist_size + n_clusters, detail::as_whole(o, LinearOptions{.bias = o.head_bias})),
      tail(this, "tail") {
  for (int64_t i = 0; i < n_clusters; ++i) {
    auto hidden = int64_t(std::floor(double(in) / std::pow(o.div_value, double(i + 1))));
    const LinearOptions part = detail::as_whole(o, LinearOptions{.bias = false});
    tail->push_back(Sequential(Linear(in, hidden, part), Linear(hidden, upper_bound(i) - cutoffs[i], part)));
  }
}

AdaptiveLogSoftmaxWithLoss::Result AdaptiveLogSoftmaxWithLoss::forward(const Tensor& given_input, const Tensor& given_target) {
  bool batched = given_target.dim() > 0;
  if (given_target.dim() > 1 || given_input.dim() != given_target.dim() + 1 || (batched && given_input.size(0) != given_target.size(0)))
    fail("AdaptiveLogSoftmaxWithLoss", "target", "sizes [n] with input [n, in_features], or neither with n",
         to_string(given_target.sizes()) + " with input " + to_string(given_input.sizes()));
  Tensor input = batched ? given_input : given_input.unsqueeze(0), target = batched ? given_target : given_target.unsqueeze(0);
  need_values(ErrorKind::Index, "AdaptiveLogSoftmaxWithLoss", "target", "classes from 0 to " + std::to_string(n_classes - 1), target,
              (target >= 0) & (target < n_classes));

  Tensor output = zeros(target.sizes(), input.dtype(), input.device());
  Tensor in_head = target;  // for each row the column of the head: its class, or its cluster
  for (int64_t i = 0; i < n_clusters; ++i) {
    int64_t low = cutoffs[i], high = upper_bound(i);
    Tensor rows = nonzero((target >= low) & (target < high)).squeeze(Shape{1});
    if (rows.numel() == 0) continue;
    Tensor of_cluster = log_softmax((*tail)[i](index_select(input, 0, rows)), 1);
    Tensor within = (index_select(target, 0, rows) - low).unsqueeze(1);
    output = index_copy(output, 0, rows, gather(of_cluster, 1, within).squeeze(Shape{1}));
    in_head = index_fill(in_head, 0, rows, shortlist_size + i);
  }
  output = output + gather(log_softmax(head(input), 1), 1, in_head.unsqueeze(1)).squeeze(Shape{1});
  Tensor loss = mean(-output);
  return {batched ? output : output.squeeze(Shape{0}), loss};
}

AdaptiveLogSoftmaxWithLoss::Result AdaptiveLogSoftmaxWithLoss::forward_with_target(const Tensor& input, const Tensor& target) {
  return (*this)(input, target);
}
Tensor AdaptiveLogSoftmaxWithLoss::all_log_prob(const Tensor& input, const Tensor& head_output) {
  Tensor of_head = log_softmax(head_output, 1);
  std::vector<Tensor> parts{of_head.narrow(1, 0, shortlist_size)};
  for (int64_t i = 0; i < n_clusters; ++i) parts.push_back(log_softmax((*tail)[i](input), 1) + of_head.narrow(1, shortlist_size + i, 1));
  return cat(parts, 1);
}
Tensor AdaptiveLogSoftmaxWithLoss::log_prob(const Tensor& input) { return all_log_prob(input, head(input)); }
Tensor AdaptiveLogSoftmaxWithLoss::predict(const Tensor& input) { return argmax(log_prob(input), 1); }

void list_projection_losses(ModuleTable& table) { table.add<LinearCrossEntropyLoss, AdaptiveLogSoftmaxWithLoss>(); }

}  // namespace lazuli::nn
