#pragma once
#include "lazuli/torch/options.h"

namespace torch::nn {

struct LossOptions : detail::Chain<lazuli::nn::LossOptions> {
  LossOptions() = default;
  LossOptions(lazuli::Reduction reduction) { options.reduction = reduction; }
  LossOptions(Word reduction) : LossOptions(lazuli::Reduction(reduction)) {}
  LAZULI_TORCH_OPTION(LossOptions, reduction)
};
using MSELossOptions = LossOptions;
using L1LossOptions = LossOptions;
using SoftMarginLossOptions = LossOptions;
struct CrossEntropyLossOptions : detail::Chain<lazuli::CrossEntropyLossOptions> {
  CrossEntropyLossOptions() = default;
  LAZULI_TORCH_OPTION(CrossEntropyLossOptions, weight)
  LAZULI_TORCH_OPTION(CrossEntropyLossOptions, ignore_index)
  LAZULI_TORCH_OPTION(CrossEntropyLossOptions, label_smoothing)
  LAZULI_TORCH_OPTION(CrossEntropyLossOptions, reduction)
};
struct NLLLossOptions : detail::Chain<lazuli::NLLLossOptions> {
  NLLLossOptions() = default;
  LAZULI_TORCH_OPTION(NLLLossOptions, weight)
  LAZULI_TORCH_OPTION(NLLLossOptions, ignore_index)
  LAZULI_TORCH_OPTION(NLLLossOptions, reduction)
};
struct BCELossOptions : detail::Chain<lazuli::nn::BCELossOptions> {
  BCELossOptions() = default;
  LAZULI_TORCH_OPTION(BCELossOptions, weight)
  LAZULI_TORCH_OPTION(BCELossOptions, reduction)
};
struct BCEWithLogitsLossOptions : detail::Chain<lazuli::BCEWithLogitsLossOptions> {
  BCEWithLogitsLossOptions() = default;
  LAZULI_TORCH_OPTION(BCEWithLogitsLossOptions, weight)
  LAZULI_TORCH_OPTION(BCEWithLogitsLossOptions, pos_weight)
  LAZULI_TORCH_OPTION(BCEWithLogitsLossOptions, reduction)
};
struct SmoothL1LossOptions : detail::Chain<lazuli::nn::SmoothL1LossOptions> {
  SmoothL1LossOptions() = default;
  SmoothL1LossOptions(lazuli::Reduction reduction) { options.reduction = reduction; }
  SmoothL1LossOptions(Word reduction) : SmoothL1LossOptions(lazuli::Reduction(reduction)) {}
  LAZULI_TORCH_OPTION(SmoothL1LossOptions, beta)
  LAZULI_TORCH_OPTION(SmoothL1LossOptions, reduction)
};
struct HuberLossOptions : detail::Chain<lazuli::nn::HuberLossOptions> {
  HuberLossOptions() = default;
  HuberLossOptions(lazuli::Reduction reduction) { options.reduction = reduction; }
  HuberLossOptions(Word reduction) : HuberLossOptions(lazuli::Reduction(reduction)) {}
  LAZULI_TORCH_OPTION(HuberLossOptions, delta)
  LAZULI_TORCH_OPTION(HuberLossOptions, reduction)
};
struct KLDivLossOptions : detail::Chain<lazuli::nn::KLDivLossOptions> {
  KLDivLossOptions() = default;
  KLDivLossOptions(lazuli::Reduction reduction) { options.reduction = reduction; }
  KLDivLossOptions(Word reduction) : KLDivLossOptions(lazuli::Reduction(reduction)) {}
  LAZULI_TORCH_OPTION(KLDivLossOptions, log_target)
  LAZULI_TORCH_OPTION(KLDivLossOptions, reduction)
};

struct CTCLossOptions : detail::Chain<lazuli::nn::CTCLossOptions> {
  CTCLossOptions() = default;
  LAZULI_TORCH_OPTION(CTCLossOptions, blank)
  LAZULI_TORCH_OPTION(CTCLossOptions, zero_infinity)
  LAZULI_TORCH_OPTION(CTCLossOptions, reduction)
};
struct TripletMarginLossOptions : detail::Chain<lazuli::nn::TripletMarginLossOptions> {
  TripletMarginLossOptions() = default;
  LAZULI_TORCH_OPTION(TripletMarginLossOptions, margin)
  LAZULI_TORCH_OPTION(TripletMarginLossOptions, p)
  LAZULI_TORCH_OPTION(TripletMarginLossOptions, eps)
  LAZULI_TORCH_OPTION(TripletMarginLossOptions, swap)
  LAZULI_TORCH_OPTION(TripletMarginLossOptions, reduction)
};
struct TripletMarginWithDistanceLossOptions : detail::Chain<lazuli::TripletMarginWithDistanceLossOptions> {
  TripletMarginWithDistanceLossOptions() = default;
  template <class F>
  TripletMarginWithDistanceLossOptions& distance_function(F function) {
    return options.distance_function = std::move(function), *this;
  }
  const auto& distance_function() const { return options.distance_function; }
  LAZULI_TORCH_OPTION(TripletMarginWithDistanceLossOptions, margin)
  LAZULI_TORCH_OPTION(TripletMarginWithDistanceLossOptions, swap)
  LAZULI_TORCH_OPTION(TripletMarginWithDistanceLossOptions, reduction)
};
struct AdaptiveLogSoftmaxWithLossOptions : detail::Chain<lazuli::nn::AdaptiveLogSoftmaxWithLossOptions, int64_t, int64_t, Shape> {
  AdaptiveLogSoftmaxWithLossOptions(int64_t in_features, int64_t n_classes, const std::vector<int64_t>& cutoffs)
      : Chain(in_features, n_classes, Shape(cutoffs)) {}
  LAZULI_TORCH_OPTION(AdaptiveLogSoftmaxWithLossOptions, div_value)
  LAZULI_TORCH_OPTION(AdaptiveLogSoftmaxWithLossOptions, head_bias)
};
struct HingeEmbeddingLossOptions : detail::Chain<lazuli::nn::HingeEmbeddingLossOptions> {
  HingeEmbeddingLossOptions() = default;
  LAZULI_TORCH_OPTION(HingeEmbeddingLossOptions, margin)
  LAZULI_TORCH_OPTION(HingeEmbeddingLossOptions, reduction)
};
struct CosineEmbeddingLossOptions : detail::Chain<lazuli::nn::CosineEmbeddingLossOptions> {
  CosineEmbeddingLossOptions() = default;
  LAZULI_TORCH_OPTION(CosineEmbeddingLossOptions, margin)
  LAZULI_TORCH_OPTION(CosineEmbeddingLossOptions, reduction)
};
struct MarginRankingLossOptions : detail::Chain<lazuli::nn::MarginRankingLossOptions> {
  MarginRankingLossOptions() = default;
  LAZULI_TORCH_OPTION(MarginRankingLossOptions, margin)
  LAZULI_TORCH_OPTION(MarginRankingLossOptions, reduction)
};
struct PoissonNLLLossOptions : detail::Chain<lazuli::PoissonNLLLossOptions> {
  PoissonNLLLossOptions() = default;
  LAZULI_TORCH_OPTION(PoissonNLLLossOptions, log_input)
  LAZULI_TORCH_OPTION(PoissonNLLLossOptions, full)
  LAZULI_TORCH_OPTION(PoissonNLLLossOptions, eps)
  LAZULI_TORCH_OPTION(PoissonNLLLossOptions, reduction)
};
struct MultiMarginLossOptions : detail::Chain<lazuli::MultiMarginLossOptions> {
  MultiMarginLossOptions() = default;
  LAZULI_TORCH_OPTION(MultiMarginLossOptions, p)
  LAZULI_TORCH_OPTION(MultiMarginLossOptions, margin)
  LAZULI_TORCH_OPTION(MultiMarginLossOptions, weight)
  LAZULI_TORCH_OPTION(MultiMarginLossOptions, reduction)
};
struct MultiLabelSoftMarginLossOptions : detail::Chain<lazuli::nn::MultiLabelSoftMarginLossOptions> {
  MultiLabelSoftMarginLossOptions() = default;
  LAZULI_TORCH_OPTION(MultiLabelSoftMarginLossOptions, weight)
  LAZULI_TORCH_OPTION(MultiLabelSoftMarginLossOptions, reduction)
};
using MultiLabelMarginLossOptions = LossOptions;

}  // namespace torch::nn
