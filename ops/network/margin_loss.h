#pragma once
#include <functional>

#include "lazuli/ops/linalg/distance.h"
#include "lazuli/ops/network/loss.h"

/// Losses that ask for a margin between scores, and others of ranking and labels.
namespace lazuli {

/// log(1 + exp(-target * input)), target of 1 and -1.
Tensor soft_margin_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean);
/// max(0, -target * (input1 - input2) + margin), all of as many dimensions.
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0,
                           Reduction reduction = Reduction::Mean);
/// input where target is 1, max(0, margin - input) where it is -1.
Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target, double margin = 1, Reduction reduction = Reduction::Mean);
/// With c the cosine similarity over the last dimension: 1 - c where target is 1, max(0, c - margin) where it is -1. Inputs [n, d] or [d].
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0,
                             Reduction reduction = Reduction::Mean);
struct TripletMarginLossOptions {
  double margin = 1;
  double p = 2;
  double eps = 1e-6;
  bool swap = false;
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = TripletMarginLossOptions>
  static constexpr auto members() {
    return Members{member("margin", &O::margin, {.above = 0}), member("p", &O::p), member("eps", &O::eps), member("swap", &O::swap),
                   member("reduction", &O::reduction)};
  }
};
/// max(0, d(anchor, positive) - d(anchor, negative) + margin), d the pairwise p-distance; `swap` takes the lesser of d(anchor, negative) and
/// d(positive, negative).
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, TripletMarginLossOptions options = {});

struct MultiMarginLossOptions {
  int64_t p = 1;
  double margin = 1;
  OptionalTensor weight = {};
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = MultiMarginLossOptions>
  static constexpr auto members() {
    return Members{member("p", &O::p, {.least = 1, .most = 2}), member("margin", &O::margin), member("weight", &O::weight),
                   member("reduction", &O::reduction)};
  }
};
/// For input [n, c] (or [c]) and classes [n]: sum over the other classes j of max(0, margin - input[target] + input[j])^p / c, times weight[target].
/// p is 1 or 2.
Tensor multi_margin_loss(const Tensor& input, const Tensor& target, MultiMarginLossOptions options = {});

/// For input and labels [n, c] (or [c]), each row of labels ending at the first -1: sum over labels i and other classes j of max(0, 1 - input[i] +
/// input[j]) / c.
Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean);
/// The mean over the last dimension of the binary cross entropy of sigmoid(input).
Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target, const OptionalTensor& weight = {},
                                   Reduction reduction = Reduction::Mean);

struct TripletMarginWithDistanceLossOptions {
  std::function<Tensor(const Tensor&, const Tensor&)> distance_function = {};  // none: pairwise_distance
  double margin = 1;
  bool swap = false;
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = TripletMarginWithDistanceLossOptions>
  static constexpr auto members() {
    return Members{member("margin", &O::margin), member("swap", &O::swap), member("reduction", &O::reduction)};
  }
};
namespace losses {
Tensor triplet(const Tensor& positive_distance, const Tensor& negative_distance, const Tensor& swapped, TripletMarginWithDistanceLossOptions options);
}
/// triplet_margin_loss with a distance of one's own: the option, or (second form) anything that is called with two tensors.
Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                         TripletMarginWithDistanceLossOptions options = {});
template <class Distance>
requires std::is_invocable_r_v<Tensor, Distance&, const Tensor&, const Tensor&> Tensor triplet_margin_with_distance_loss(
    const Tensor& anchor, const Tensor& positive, const Tensor& negative, Distance&& distance, TripletMarginWithDistanceLossOptions options = {}) {
  return losses::triplet(distance(anchor, positive), distance(anchor, negative), options.swap ? distance(positive, negative) : Tensor(), options);
}
Tensor triplet_margin_with_distance_loss(...) = delete;  // triplet_margin_with_distance_loss(anchor, positive, negative, [distance], [options])

}  // namespace lazuli
