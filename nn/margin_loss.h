#pragma once
#include "lazuli/nn/loss.h"
#include "lazuli/ops/network/margin_loss.h"

/// Losses that ask for a margin between scores, and others of ranking and labels; ops/network/margin_loss.h has the formulas.
namespace lazuli::nn {

class SoftMarginLoss : public PlainLoss {
 public:
  using PlainLoss::PlainLoss;
  Tensor forward(const Tensor& input, const Tensor& target) override;
};
class MultiLabelMarginLoss : public PlainLoss {
 public:
  using PlainLoss::PlainLoss;
  Tensor forward(const Tensor& input, const Tensor& target) override;
};

struct MultiLabelSoftMarginLossOptions {
  OptionalTensor weight = {};
  Reduction reduction = Reduction::Mean;
  template <class O = MultiLabelSoftMarginLossOptions>
  static constexpr auto members() {
    return Members{member("weight", &O::weight), member("reduction", &O::reduction)};
  }
};
class MultiLabelSoftMarginLoss : public BinaryModule {
 public:
  using Options = MultiLabelSoftMarginLossOptions;
  explicit MultiLabelSoftMarginLoss(const MultiLabelSoftMarginLossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target) override;
  MultiLabelSoftMarginLossOptions options;
  Buffer weight;
};
struct MultiMarginLossOptions {
  int64_t p = 1;
  double margin = 1;
  OptionalTensor weight = {};
  Reduction reduction = Reduction::Mean;
  template <class O = MultiMarginLossOptions>
  static constexpr auto members() {
    return Members{member("p", &O::p), member("margin", &O::margin), member("weight", &O::weight), member("reduction", &O::reduction)};
  }
};
class MultiMarginLoss : public BinaryModule {
 public:
  using Options = MultiMarginLossOptions;
  explicit MultiMarginLoss(const MultiMarginLossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target) override;
  MultiMarginLossOptions options;
  Buffer weight;
};
struct HingeEmbeddingLossOptions {
  double margin = 1;
  Reduction reduction = Reduction::Mean;
  template <class O = HingeEmbeddingLossOptions>
  static constexpr auto members() {
    return Members{member("margin", &O::margin), member("reduction", &O::reduction)};
  }
};
class HingeEmbeddingLoss : public BinaryModule {
 public:
  using Options = HingeEmbeddingLossOptions;
  explicit HingeEmbeddingLoss(const HingeEmbeddingLossOptions& o = {}) : options(o) {}
  Tensor forward(const Tensor& input, const Tensor& target) override;
  HingeEmbeddingLossOptions options;
};

struct MarginRankingLossOptions {
  double margin = 0;
  Reduction reduction = Reduction::Mean;
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
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target) override;
  MarginRankingLossOptions options;
};
struct CosineEmbeddingLossOptions {
  double margin = 0;
  Reduction reduction = Reduction::Mean;
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
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target) override;
  CosineEmbeddingLossOptions options;
};
struct TripletMarginLossOptions {
  double margin = 1;
  double p = 2;
  double eps = 1e-6;
  bool swap = false;
  Reduction reduction = Reduction::Mean;
  template <class O = TripletMarginLossOptions>
  static constexpr auto members() {
    return Members{member("margin", &O::margin), member("p", &O::p), member("eps", &O::eps), member("swap", &O::swap),
                   member("reduction", &O::reduction)};
  }
};
/// loss(anchor, positive, negative)
class TripletMarginLoss : public TernaryModule {
 public:
  using Options = TripletMarginLossOptions;
  explicit TripletMarginLoss(const TripletMarginLossOptions& o = {}) : options(o) {}
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) override;
  TripletMarginLossOptions options;
};
struct TripletMarginWithDistanceLossOptions {
  Tensor (*distance_function)(const Tensor&, const Tensor&) = nullptr;  // null: pairwise_distance
  double margin = 1;
  bool swap = false;
  Reduction reduction = Reduction::Mean;
  template <class O = TripletMarginWithDistanceLossOptions>
  static constexpr auto members() {
    return Members{member("margin", &O::margin), member("swap", &O::swap), member("reduction", &O::reduction)};
  }
};
class TripletMarginWithDistanceLoss : public TernaryModule {
 public:
  using Options = TripletMarginWithDistanceLossOptions;
  explicit TripletMarginWithDistanceLoss(const TripletMarginWithDistanceLossOptions& o = {}) : options(o) {}
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) override;
  TripletMarginWithDistanceLossOptions options;
};

}  // namespace lazuli::nn
