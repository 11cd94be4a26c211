#include "lazuli/nn/loss.h"

#include "lazuli/nn/distance.h"
#include "lazuli/nn/margin_loss.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/shape/creation.h"

namespace lazuli::nn {

namespace {
// A weight among the options becomes a buffer, so that it moves with the module.
Tensor taken(const OptionalTensor& weight) { return weight.value_or(Tensor()); }
// The options with that buffer in its place.
template <class Options>
Options with(Options options, const Tensor& weight) {
  options.weight = given(weight);
  return options;
}
}  // namespace

Tensor MSELoss::forward(const Tensor& input, const Tensor& target) { return mse_loss(input, target, options.reduction); }
Tensor L1Loss::forward(const Tensor& input, const Tensor& target) { return l1_loss(input, target, options.reduction); }

CrossEntropyLoss::CrossEntropyLoss(const Options& o) : options(o), weight(this, "weight", taken(o.weight)) { options.weight.reset(); }
Tensor CrossEntropyLoss::forward(const Tensor& input, const Tensor& target) { return cross_entropy(input, target, with(options, weight)); }
NLLLoss::NLLLoss(const Options& o) : options(o), weight(this, "weight", taken(o.weight)) { options.weight.reset(); }
Tensor NLLLoss::forward(const Tensor& input, const Tensor& target) { return nll_loss(input, target, with(options, weight)); }
BCELoss::BCELoss(const Options& o) : options(o), weight(this, "weight", taken(o.weight)) { options.weight.reset(); }
Tensor BCELoss::forward(const Tensor& input, const Tensor& target) { return binary_cross_entropy(input, target, given(weight), options.reduction); }
BCEWithLogitsLoss::BCEWithLogitsLoss(const Options& o)
    : options(o), weight(this, "weight", taken(o.weight)), pos_weight(this, "pos_weight", taken(o.pos_weight)) {
  options.weight.reset();
  options.pos_weight.reset();
}
Tensor BCEWithLogitsLoss::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy_with_logits(input, target, {.weight = given(weight), .pos_weight = given(pos_weight), .reduction = options.reduction});
}
Tensor SmoothL1Loss::forward(const Tensor& input, const Tensor& target) { return smooth_l1_loss(input, target, options.reduction, options.beta); }
Tensor HuberLoss::forward(const Tensor& input, const Tensor& target) { return huber_loss(input, target, options.reduction, options.delta); }
Tensor KLDivLoss::forward(const Tensor& input, const Tensor& target) { return kl_div(input, target, options.reduction, options.log_target); }
Tensor PoissonNLLLoss::forward(const Tensor& input, const Tensor& target) { return poisson_nll_loss(input, target, options); }
Tensor GaussianNLLLoss::forward(const Tensor& input, const Tensor& target, const Tensor& var) {
  return gaussian_nll_loss(input, target, var, options);
}
Tensor GaussianNLLLoss::operator()(const Tensor& input, const Tensor& target, double var) {
  return TernaryModule::operator()(input, target, full_like(input, var));
}

Tensor SoftMarginLoss::forward(const Tensor& input, const Tensor& target) { return soft_margin_loss(input, target, options.reduction); }
Tensor MultiLabelMarginLoss::forward(const Tensor& input, const Tensor& target) { return multilabel_margin_loss(input, target, options.reduction); }
MultiLabelSoftMarginLoss::MultiLabelSoftMarginLoss(const Options& o) : options(o), weight(this, "weight", taken(o.weight)) { options.weight.reset(); }
Tensor MultiLabelSoftMarginLoss::forward(const Tensor& input, const Tensor& target) {
  return multilabel_soft_margin_loss(input, target, given(weight), options.reduction);
}
MultiMarginLoss::MultiMarginLoss(const Options& o) : options(o), weight(this, "weight", taken(o.weight)) { options.weight.reset(); }
Tensor MultiMarginLoss::forward(const Tensor& input, const Tensor& target) { return multi_margin_loss(input, target, with(options, weight)); }
Tensor HingeEmbeddingLoss::forward(const Tensor& input, const Tensor& target) {
  return hinge_embedding_loss(input, target, options.margin, options.reduction);
}
Tensor MarginRankingLoss::forward(const Tensor& a, const Tensor& b, const Tensor& target) {
  return margin_ranking_loss(a, b, target, options.margin, options.reduction);
}
Tensor CosineEmbeddingLoss::forward(const Tensor& a, const Tensor& b, const Tensor& target) {
  return cosine_embedding_loss(a, b, target, options.margin, options.reduction);
}
Tensor TripletMarginLoss::forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) {
  return triplet_margin_loss(anchor, positive, negative, options);
}
Tensor TripletMarginWithDistanceLoss::forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) {
  return triplet_margin_with_distance_loss(anchor, positive, negative, options);
}

Tensor CosineSimilarity::forward(const Tensor& a, const Tensor& b) { return cosine_similarity(a, b, options.dim, options.eps); }
Tensor PairwiseDistance::forward(const Tensor& a, const Tensor& b) { return pairwise_distance(a, b, options); }

CTCLoss::CTCLoss(const CTCLossOptions& o) : options(detail::checked("CTCLoss", o)) {}
Tensor CTCLoss::forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths) {
  return ctc_loss(log_probs, targets, input_lengths, target_lengths, options);
}
Tensor CTCLoss::forward(const Tensor& log_probs, const Tensor& targets, const Shape& input_lengths, const Shape& target_lengths) {
  return ctc_loss(log_probs, targets, input_lengths, target_lengths, options);
}

void list_losses(ModuleTable& table) {
  table.add<MSELoss, L1Loss, CrossEntropyLoss, NLLLoss, BCELoss, BCEWithLogitsLoss>();
  table.add<SmoothL1Loss, HuberLoss, KLDivLoss, PoissonNLLLoss, GaussianNLLLoss>();
  table.add<SoftMarginLoss, MultiLabelMarginLoss, MultiLabelSoftMarginLoss, MultiMarginLoss, HingeEmbeddingLoss>();
  table.add<MarginRankingLoss, CosineEmbeddingLoss, TripletMarginLoss, TripletMarginWithDistanceLoss>();
  table.add<CosineSimilarity, PairwiseDistance, CTCLoss>();
}

}  // namespace lazuli::nn
