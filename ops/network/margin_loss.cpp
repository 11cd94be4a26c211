#include "lazuli/ops/network/margin_loss.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/index/gather_checks.h"
#include "lazuli/ops/network/loss_support.h"
#include "lazuli/ops/pointwise/activation.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/reduce/scan.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

Tensor soft_margin_loss(const Tensor& input, const Tensor& target, Reduction reduction) {
  if (const Casting cast{Cast::Float32, input, target}) return soft_margin_loss(cast(input), cast(target), reduction);
  need_differentiable("soft_margin_loss", input, "input");
  need_defined("soft_margin_loss", target, "target");
  if (!can_broadcast_to(target.sizes(), input.sizes()))
    fail("soft_margin_loss", "target", "sizes that broadcast to those of input, " + to_string(input.sizes()), to_string(target.sizes()));
  return losses::reduced(-logsigmoid(to(target, input.dtype()) * input), reduction);
}

Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin, Reduction reduction) {
  if (const Casting cast{Cast::Float32, input1, input2, target})
    return margin_ranking_loss(cast(input1), cast(input2), cast(target), margin, reduction);
  need_defined("margin_ranking_loss", input1, "input1", input2, "input2", target, "target");
  if (input1.dim() != input2.dim() || input1.dim() != target.dim())
    fail("margin_ranking_loss", "target", "as many dimensions as the inputs " + to_string(input1.sizes()) + " and " + to_string(input2.sizes()),
         to_string(target.sizes()));
  return losses::reduced(clamp_min(-target * (input1 - input2) + Scalar(margin), Scalar(0)), reduction);
}

Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target, double margin, Reduction reduction) {
  if (const Casting cast{Cast::Float32, input, target}) return hinge_embedding_loss(cast(input), cast(target), margin, reduction);
  need_defined("hinge_embedding_loss", input, "input", target, "target");
  Tensor apart = where(target != Scalar(1), clamp_min(Scalar(margin) - input, Scalar(0)), Scalar(0));
  return losses::reduced(apart + where(target != Scalar(-1), input, Scalar(0)), reduction);
}

Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin, Reduction reduction) {
  if (const Casting cast{Cast::Float32, input1, input2, target})
    return cosine_embedding_loss(cast(input1), cast(input2), cast(target), margin, reduction);
  need_defined("cosine_embedding_loss", input1, "input1", input2, "input2", target, "target");
  if (target.dim() > 1) fail("cosine_embedding_loss", "target", "0-d or 1-d", "sizes " + to_string(target.sizes()));
  if (input1.dim() != target.dim() + 1 || input2.dim() != target.dim() + 1)
    fail("cosine_embedding_loss", "input1 and input2", "one dimension more than target " + to_string(target.sizes()),
         to_string(input1.sizes()) + " and " + to_string(input2.sizes()));
  const Scalar tiny(1e-12);
  Tensor size1 = sum(input1 * input1, -1) + tiny, size2 = sum(input2 * input2, -1) + tiny;
  Tensor c = sum(input1 * input2, -1) / sqrt(size1 * size2);
  return losses::reduced(
      where(target == Scalar(1), Scalar(1) - c, Scalar(0)) + where(target == Scalar(-1), clamp_min(c - Scalar(margin), Scalar(0)), Scalar(0)),
      reduction);
}

Tensor losses::triplet(const Tensor& positive_distance, const Tensor& negative_distance, const Tensor& swapped,
                       TripletMarginWithDistanceLossOptions options) {
  check_members("triplet_margin_with_distance_loss", options);
  if (!(options.margin > 0)) fail("triplet_margin_with_distance_loss", "margin", "a number above 0", std::to_string(options.margin));
  Tensor negative = swapped.defined() ? minimum(negative_distance, swapped) : negative_distance;
  return reduced(clamp_min(Scalar(options.margin) + positive_distance - negative, Scalar(0)), options.reduction);
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, TripletMarginLossOptions options) {
  if (const Casting cast{Cast::Float32, anchor, positive, negative})
    return triplet_margin_loss(cast(anchor), cast(positive), cast(negative), options);
  need_defined("triplet_margin_loss", anchor, "anchor", positive, "positive", negative, "negative");
  check_members("triplet_margin_loss", options);
  if (anchor.dim() != positive.dim() || anchor.dim() != negative.dim())
    fail("triplet_margin_loss", "anchor, positive and negative", "as many dimensions each",
         to_string(anchor.sizes()) + ", " + to_string(positive.sizes()) + " and " + to_string(negative.sizes()));
  auto distance = [&](const Tensor& a, const Tensor& b) { return pairwise_distance(a, b, {.p = options.p, .eps = options.eps}); };
  return triplet_margin_with_distance_loss(anchor, positive, negative, distance,
                                           {.margin = options.margin, .swap = options.swap, .reduction = options.reduction});
}
Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                         TripletMarginWithDistanceLossOptions options) {
  auto distance = [&](const Tensor& a, const Tensor& b) {
    return options.distance_function ? options.distance_function(a, b) : pairwise_distance(a, b);
  };
  return triplet_margin_with_distance_loss(anchor, positive, negative, distance, options);
}

Tensor multi_margin_loss(const Tensor& input, const Tensor& target, MultiMarginLossOptions options) {
  if (const Casting cast{Cast::Float32, input, target, options}) return multi_margin_loss(cast(input), cast(target), cast(options));
  need_defined("multi_margin_loss", input, "input", target, "target");
  const char* op = "multi_margin_loss";
  check_members(op, options);
  const auto& [p, margin, weight, reduction] = options;
  if (input.dim() > 2 || input.numel() == 0) fail(op, "input", "[n, c] or [c], with elements", to_string(input.sizes()));
  int64_t n = input.dim() == 2 ? input.sizes()[0] : 1, c = input.numel() / n;
  if (target.dim() > 1 || target.numel() != n) fail(op, "target", "a class for each of " + std::to_string(n) + " rows", to_string(target.sizes()));
  if (target.dtype() != kInt64) fail(ErrorKind::Type, op, "target", "int64 classes", name(target.dtype()));
  detail::check_device(op, "target", input, target);
  if (weight && weight->defined() && weight->numel() != c)
    fail(op, "weight", "one weight for each of " + std::to_string(c) + " classes", to_string(weight->sizes()));
  Tensor x = input.reshape({n, c}), index = target.reshape({n, 1});
  if (target.device().is_cpu())
    need_values(ErrorKind::Index, op, "target", "classes in [0, " + std::to_string(c) + ")", target, (target >= Scalar(0)) & (target < Scalar(c)));
  Tensor one = new_tensor({n, 1}, x.dtype(), x.device());
  fill_kernel(one.device(), one, 1);
  Tensor over = clamp_min(Scalar(margin) - reduction::take_along(x, 1, index) + x, Scalar(0));
  if (p == 2) over = square(over);
  if (weight && weight->defined()) over = over * reduction::take_along(weight->reshape({1, c}).expand({n, c}), 1, index);
  Tensor loss = sum(masked_fill(over, to(reduction::put_along(one, 1, index, c), kBool), Scalar(0)), 1) / Scalar(double(c));
  return losses::reduced(reduction == Reduction::None && target.dim() == 0 ? loss.reshape({}) : loss, reduction);
}

Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target, Reduction reduction) {
  if (const Casting cast{Cast::Float32, input, target}) return multilabel_margin_loss(cast(input), cast(target), reduction);
  need_defined("multilabel_margin_loss", input, "input", target, "target");
  const char* op = "multilabel_margin_loss";
  if (input.dim() > 2 || input.numel() == 0) fail(op, "input", "[n, c] or [c], with elements", to_string(input.sizes()));
  if (!(target.sizes() == input.sizes())) fail(op, "target", "the sizes of input, " + to_string(input.sizes()), to_string(target.sizes()));
  if (target.dtype() != kInt64) fail(ErrorKind::Type, op, "target", "int64 classes", name(target.dtype()));
  detail::check_device(op, "target", input, target);
  int64_t n = input.dim() == 2 ? input.sizes()[0] : 1, c = input.numel() / n;
  Tensor x = input.reshape({n, c}), labels = target.reshape({n, c});
  if (target.device().is_cpu())
    need_values(ErrorKind::Index, op, "target", "classes in [0, " + std::to_string(c) + "), ended by -1", target,
                (target >= Scalar(-1)) & (target < Scalar(c)));
  Tensor valid = to(cumprod(to(labels >= Scalar(0), kInt64), 1), x.dtype());
  Tensor index = clamp_min(labels, Scalar(0)), other = to(reduction::put_along(valid, 1, index, c) == Scalar(0), x.dtype());
  Tensor score = reduction::take_along(x, 1, index);
  Tensor over = clamp_min(Scalar(1) - score.unsqueeze(2) + x.unsqueeze(1), Scalar(0)) * valid.unsqueeze(2) * other.unsqueeze(1);
  Tensor loss = sum(over, {1, 2}) / Scalar(double(c));
  return losses::reduced(reduction == Reduction::None && input.dim() < 2 ? loss.reshape({}) : loss, reduction);
}

Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target, const OptionalTensor& weight, Reduction reduction) {
  need_defined("multilabel_soft_margin_loss", input, "input", target, "target");
  Tensor loss = -(target * logsigmoid(input) + (Scalar(1) - target) * logsigmoid(-input));
  if (weight && weight->defined()) loss = loss * *weight;
  return losses::reduced(mean(loss, -1), reduction);
}

void register_margin_loss(OpTable& table) {
  table.add("soft_margin_loss(Tensor input, Tensor target, *, str reduction='mean') -> Tensor", &soft_margin_loss);
  table.add("margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin=0.0, *, str reduction='mean') -> Tensor",
            &margin_ranking_loss);
  table.add("hinge_embedding_loss(Tensor input, Tensor target, float margin=1.0, *, str reduction='mean') -> Tensor", &hinge_embedding_loss);
  table.add("cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0.0, *, str reduction='mean') -> Tensor",
            &cosine_embedding_loss);
  table.add(
      "triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1.0, float p=2.0, float eps=1e-06, bool swap=False, *, str "
      "reduction='mean') -> Tensor",
      &triplet_margin_loss);
  table.add(
      "triplet_margin_with_distance_loss(Tensor anchor, Tensor positive, Tensor negative, *, float margin=1.0, bool swap=False, str "
      "reduction='mean') "
      "-> Tensor",
      [](const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin, bool swap, const std::string& reduction) {
        const auto wanted = named<Reduction>(reduction);
        if (!wanted) fail("triplet_margin_with_distance_loss", "reduction", "'none', 'mean' or 'sum'", "'" + reduction + "'");
        need_defined("triplet_margin_with_distance_loss", anchor, "anchor", positive, "positive", negative, "negative");
        return triplet_margin_with_distance_loss(anchor, positive, negative, {.margin = margin, .swap = swap, .reduction = *wanted});
      });
  table.add("multi_margin_loss(Tensor input, Tensor target, int p=1, float margin=1.0, Tensor? weight=None, *, str reduction='mean') -> Tensor",
            &multi_margin_loss);
  table.add("multilabel_margin_loss(Tensor input, Tensor target, *, str reduction='mean') -> Tensor", &multilabel_margin_loss);
  table.add("multilabel_soft_margin_loss(Tensor input, Tensor target, Tensor? weight=None, *, str reduction='mean') -> Tensor",
            &multilabel_soft_margin_loss);
}

}  // namespace lazuli
