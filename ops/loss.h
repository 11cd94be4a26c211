#pragma once
#include <string_view>

#include "lazuli/core/tensor.h"

/// Losses. `reduction` says what becomes of the elements' losses.
namespace lazuli {

/// As they are, their mean, or their sum.
enum class Reduction : uint8_t { None, Mean, Sum };
/// "none", "mean" or "sum". Throws Error naming `op` for any other text.
Reduction parse_reduction(std::string_view text, const char* op = "loss");

/// Cross entropy between softmax(input) and the target. input [n, c, ..] (or [c]): logits. target: classes [n, ..] in [0, c) or `ignore_index`, or probabilities of input's sizes.
/// weight [c] scales each class, and the mean is then the weighted one. label_smoothing mixes the target with the uniform distribution.
/// Throws Error for sizes that do not agree, a class out of range (Index), or a label_smoothing outside [0, 1].
Tensor cross_entropy(const Tensor& input, const Tensor& target, const OptionalTensor& weight = {}, Reduction reduction = Reduction::Mean, int64_t ignore_index = -100, double label_smoothing = 0);

}  // namespace lazuli
