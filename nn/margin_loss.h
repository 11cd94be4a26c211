#pragma once
#include "lazuli/nn/loss.h"
#include "lazuli/ops/network/margin_loss.h"

/// Losses that ask for a margin between scores, and others of ranking and labels; ops/network/margin_loss.h has the formulas.
namespace lazuli::nn {

// Those of the functions.
using lazuli::MultiMarginLossOptions, lazuli::TripletMarginLossOptions, lazuli::TripletMarginWithDistanceLossOptions;

class SoftMarginLoss : public PlainLoss {
 public:
  using PlainLoss::PlainLoss;
  template <class = void>
  explicit SoftMarginLoss(...) = delete;  // SoftMarginLoss([reduction]) or SoftMarginLoss({.reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
};
class MultiLabelMarginLoss : public PlainLoss {
 public:
  using PlainLoss::PlainLoss;
  template <class = void>
  explicit MultiLabelMarginLoss(...) = delete;  // MultiLabelMarginLoss([reduction]) or MultiLabelMarginLoss({.reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
};

struct MultiLabelSoftMarginLossOptions {
  OptionalTensor weight = {};
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = MultiLabelSoftMarginLossOptions>
  static constexpr auto members() {
    return Members{member("weight", &O::weight), member("reduction", &O::reduction)};
  }
};
class MultiLabelSoftMarginLoss : public BinaryModule {
 public:
  using Options = MultiLabelSoftMarginLossOptions;
  explicit MultiLabelSoftMarginLoss(const MultiLabelSoftMarginLossOptions& options = {});
  template <class = void>
  explicit MultiLabelSoftMarginLoss(...) = delete;  // MultiLabelSoftMarginLoss({.weight, .reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  MultiLabelSoftMarginLossOptions options;
  Buffer weight;
};
class MultiMarginLoss : public BinaryModule {
 public:
  using Options = MultiMarginLossOptions;
  explicit MultiMarginLoss(const MultiMarginLossOptions& options = {});
  template <class = void>
  explicit MultiMarginLoss(...) = delete;  // MultiMarginLoss({.p, .margin, .weight, .reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  MultiMarginLossOptions options;
  Buffer weight;
};
struct HingeEmbeddingLossOptions {
  double margin = 1;
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = HingeEmbeddingLossOptions>
  static constexpr auto members() {
    return Members{member("margin", &O::margin), member("reduction", &O::reduction)};
  }
};
class HingeEmbeddingLoss : public BinaryModule {
 public:
  using Options = HingeEmbeddingLossOptions;
  explicit HingeEmbeddingLoss(const HingeEmbeddingLossOptions& o = {}) : options(o) {}
  template <class = void>
  explicit HingeEmbeddingLoss(...) = delete;  // HingeEmbeddingLoss({.margin, .reduction})
  Tensor forward(const Tensor& input, const Tensor& target) override;
  HingeEmbeddingLossOptions options;
};

struct MarginRankingLossOptions {
  double margin = 0;
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = MarginRankingLossOptions>
  static constexpr auto members() {
    return Members{member("margin", &O::margin), member("reduction", &O::reduction)};
  }
};
/// loss(input1, input2, target)
class MarginRankingLoss : public TernaryModule {
 public:
  using Options = MarginRankingLossOptions;
  explicit MarginRankingLoss(const MarginRankingLossOptions& o = {}) : options(o) {}
  template <class = void>
  explicit MarginRankingLoss(...) = delete;  // MarginRankingLoss({.margin, .reduction})
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target) override;
  MarginRankingLossOptions options;
};
struct CosineEmbeddingLossOptions {
  double margin = 0;
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = CosineEmbeddingLossOptions>
  static constexpr auto members() {
    return Members{member("margin", &O::margin), member("reduction", &O::reduction)};
  }
};
/// loss(input1, input2, target)
class CosineEmbeddingLoss : public TernaryModule {
 public:
  using Options = CosineEmbeddingLossOptions;
  explicit CosineEmbeddingLoss(const CosineEmbeddingLossOptions& o = {}) : options(o) {}
  template <class = void>
  explicit CosineEmbeddingLoss(...) = delete;  // CosineEmbeddingLoss({.margin, .reduction})
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target) override;
  CosineEmbeddingLossOptions options;
};
/// loss(anchor, positive, negative)
class TripletMarginLoss : public TernaryModule {
 public:
  using Options = TripletMarginLossOptions;
  explicit TripletMarginLoss(const TripletMarginLossOptions& o = {}) : options(o) {}
  template <class = void>
  explicit TripletMarginLoss(...) = delete;  // TripletMarginLoss({.margin, .p, .eps, .swap, .reduction})
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) override;
  TripletMarginLossOptions options;
};
class TripletMarginWithDistanceLoss : public TernaryModule {
 public:
  using Options = TripletMarginWithDistanceLossOptions;
  explicit TripletMarginWithDistanceLoss(const TripletMarginWithDistanceLossOptions& o = {}) : options(o) {}
  template <class = void>
  explicit TripletMarginWithDistanceLoss(...) = delete;  // TripletMarginWithDistanceLoss({.margin, .swap, .reduction})
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) override;
  TripletMarginWithDistanceLossOptions options;
};

}  // namespace lazuli::nn
