#pragma once
#include "lazuli/core/tensor.h"

/// Normalization layers' functions, for floating point. Statistics are kept in float32 (float64 for float64). Wrong ranks and feature counts throw Error naming both sizes.
namespace lazuli {

/// (x - mean) / sqrt(var + eps) * weight + bias for each channel (dimension 1) of input [n, c, ..]. `training`: with the batch's own statistics (biased variance), and
/// running_mean, running_var, where given, move towards them (unbiased variance) by `momentum`; otherwise with the running ones. All parameters are [c].
/// Throws Error when training with a single value per channel.
Tensor batch_norm(const Tensor& input, const OptionalTensor& running_mean, const OptionalTensor& running_var, const OptionalTensor& weight = {}, const OptionalTensor& bias = {},
                  bool training = false, double momentum = 0.1, double eps = 1e-5);

}  // namespace lazuli
