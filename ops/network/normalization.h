#pragma once
#include "lazuli/core/tensor.h"

/// Normalization, for floating point. Statistics are kept in float32 (float64 for float64). Wrong ranks and feature counts throw Error naming both
/// sizes.
namespace lazuli {

/// (x - mean) / sqrt(var + eps) * weight + bias for each channel (dimension 1) of input [n, c, ..]. `training`: with the batch's own statistics
/// (biased variance), and
/// running_mean, running_var, where given, move towards them (unbiased variance) by `momentum`; otherwise with the running ones. All parameters are
/// [c].
/// Throws Error when training with a single value per channel.
Tensor batch_norm(const Tensor& input, const OptionalTensor& running_mean, const OptionalTensor& running_var, const OptionalTensor& weight = {},
                  const OptionalTensor& bias = {}, bool training = false, double momentum = 0.1, double eps = 1e-5);
/// The same with the statistics of each sample and channel apart (`use_input_stats`); the running ones then move towards their mean over the samples.
Tensor instance_norm(const Tensor& input, const OptionalTensor& running_mean = {}, const OptionalTensor& running_var = {},
                     const OptionalTensor& weight = {}, const OptionalTensor& bias = {}, bool use_input_stats = true, double momentum = 0.1,
                     double eps = 1e-5);
/// (x - mean) / sqrt(var + eps) * weight + bias over the last dimensions, which have the sizes `normalized_shape`; so have weight and bias.
Tensor layer_norm(const Tensor& input, const Shape& normalized_shape, const OptionalTensor& weight = {}, const OptionalTensor& bias = {},
                  double eps = 1e-5);
/// x / sqrt(mean(x * x) + eps) * weight over the last dimensions. eps: that of the dtype, unless given. Complex too.
Tensor rms_norm(const Tensor& input, const Shape& normalized_shape, const OptionalTensor& weight = {}, std::optional<double> eps = {});
/// layer_norm over each of num_groups groups of channels of input [n, c, ..]; weight and bias [c].
Tensor group_norm(const Tensor& input, int64_t num_groups, const OptionalTensor& weight = {}, const OptionalTensor& bias = {}, double eps = 1e-5);
/// x / (k + alpha * mean of x * x over `size` neighbouring channels)^beta, input [n, c, ..] with at least three dimensions.
Tensor local_response_norm(const Tensor& input, int64_t size, double alpha = 1e-4, double beta = 0.75, double k = 1);
/// x / max(p-norm of x along dim, eps); complex too.
Tensor normalize(const Tensor& input, double p = 2, int64_t dim = 1, double eps = 1e-12);

}  // namespace lazuli
