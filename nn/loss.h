#pragma once
#include "lazuli/nn/linear.h"
#include "lazuli/ops/loss.h"

/// Losses as modules: `loss(input, target)`; ops/loss.h has the formulas.
namespace lazuli::nn {

struct CrossEntropyLossOptions {
  OptionalTensor weight = {};  // [classes]
  int64_t ignore_index = -100;
  Reduction reduction = Reduction::Mean;
  double label_smoothing = 0;
};
class CrossEntropyLoss : public BinaryModule {
 public:
  using Options = CrossEntropyLossOptions;
  explicit CrossEntropyLoss(const CrossEntropyLossOptions& options = {});
  Tensor forward(const Tensor& input, const Tensor& target) override;
  CrossEntropyLossOptions options;
  Buffer weight;
};

}  // namespace lazuli::nn
