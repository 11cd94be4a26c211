#include "lazuli/nn/loss.h"

#include "lazuli/ops/ops.h"

namespace lazuli::nn {

CrossEntropyLoss::CrossEntropyLoss(const CrossEntropyLossOptions& o) : options(o), weight(this, "weight", o.weight.value_or(Tensor())) { options.weight.reset(); }
Tensor CrossEntropyLoss::forward(const Tensor& input, const Tensor& target) {
  return cross_entropy(input, target, given(weight), options.reduction, options.ignore_index, options.label_smoothing);
}

}  // namespace lazuli::nn
