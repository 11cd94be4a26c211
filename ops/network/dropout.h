#pragma once
#include "lazuli/core/generator.h"
#include "lazuli/core/tensor.h"

/// Random zeros while training, with numbers from `generator` or the default one; floating point and complex. Without `training`, or with p 0, they
/// return the input itself.
/// Throw Error for p outside [0, 1].
namespace lazuli {

/// Each element 0 with probability p, else times 1 / (1 - p).
Tensor dropout(const Tensor& input, double p = 0.5, bool training = true, const std::optional<Generator>& generator = {});
Tensor& dropout_(Tensor& input, double p = 0.5, bool training = true, const std::optional<Generator>& generator = {});
/// Whole channels: of [n, c, l] or [c, l]; of [n, c, h, w] (3-d: [n, c, l]); of [n, c, d, h, w] or [c, d, h, w].
Tensor dropout1d(const Tensor& input, double p = 0.5, bool training = true, const std::optional<Generator>& generator = {});
Tensor dropout2d(const Tensor& input, double p = 0.5, bool training = true, const std::optional<Generator>& generator = {});
Tensor dropout3d(const Tensor& input, double p = 0.5, bool training = true, const std::optional<Generator>& generator = {});
/// For SELU: dropped elements take its negative limit, and mean and variance stay as they were (https://arxiv.org/abs/1706.02515). The second: whole
/// channels.
Tensor alpha_dropout(const Tensor& input, double p = 0.5, bool training = false, const std::optional<Generator>& generator = {});
Tensor feature_alpha_dropout(const Tensor& input, double p = 0.5, bool training = false, const std::optional<Generator>& generator = {});

}  // namespace lazuli
