#pragma once
#include "lazuli/ops/network/loss.h"

/// What the losses share. Not for users.
namespace lazuli {

namespace losses {

/// Differentiable: the mean, the sum, or as it is.
Tensor reduced(const Tensor& loss, Reduction reduction);
/// Number of targets that count: weight[target] (or 1) summed over those other than ignore_index; 0-d.
Tensor total_weight(const Tensor& target, const Tensor& weight, int64_t ignore_index);
/// As cross_entropy, from differentiable operators alone: what the fused kernel is tested against.
Tensor cross_entropy_composite(const Tensor& input, const Tensor& target, CrossEntropyLossOptions options);

}  // namespace losses
}  // namespace lazuli
