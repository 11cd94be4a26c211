#pragma once
#include "lazuli/ops/network/loss.h"
#include "lazuli/ops/table/bind.h"

/// What the losses share. Not for users.
namespace lazuli {

template <>
struct bind::Unbox<Reduction> {
  static constexpr CppType kCode = CppType::String;
  static Reduction get(Value& value) { return parse_reduction(value.to_string()); }
};

namespace losses {

/// Differentiable: the mean, the sum, or as it is.
Tensor reduced(const Tensor& loss, Reduction reduction);
/// Number of targets that count: weight[target] (or 1) summed over those other than ignore_index; 0-d.
Tensor total_weight(const Tensor& target, const Tensor& weight, int64_t ignore_index);
/// As cross_entropy, from differentiable operators alone: what the fused kernel is tested against.
Tensor cross_entropy_composite(const Tensor& input, const Tensor& target, const OptionalTensor& weight, Reduction reduction, int64_t ignore_index,
                               double label_smoothing);

}  // namespace losses
}  // namespace lazuli
