#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// Normalization, for floating point. Statistics are kept in float32 (float64 for float64). Wrong ranks and feature counts throw Error naming both
/// sizes.
/// More than two optional arguments are one struct (core/by_position.h has the rule), called FunctionOptions where the module's own options are others.
namespace lazuli {

struct BatchNormFunctionOptions {
  OptionalTensor weight = {}, bias = {};
  bool training = false;
  double momentum = 0.1;
  double eps = 1e-5;
  template <class O = BatchNormFunctionOptions>
  static constexpr auto members() {
    return Members{member("weight", &O::weight), member("bias", &O::bias), member("training", &O::training), member("momentum", &O::momentum),
                   member("eps", &O::eps)};
  }
};
namespace with_options {
Tensor batch_norm(const Tensor& input, const OptionalTensor& running_mean, const OptionalTensor& running_var, BatchNormFunctionOptions options);
}
/// (x - mean) / sqrt(var + eps) * weight + bias for each channel (dimension 1) of input [n, c, ..]. `training`: with the batch's own statistics
/// (biased variance), and
/// running_mean, running_var, where given, move towards them (unbiased variance) by `momentum`; otherwise with the running ones. All parameters are
/// [c].
/// Throws Error when training with a single value per channel.
template <class Weight = BatchNormFunctionOptions>
Tensor batch_norm(const Tensor& input, const OptionalTensor& running_mean, const OptionalTensor& running_var, Weight weight = {},
                  const OptionalTensor& bias = {}, bool training = false, double momentum = 0.1, double eps = 1e-5) {
  return with_options::batch_norm(input, running_mean, running_var,
                                  by_position<BatchNormFunctionOptions>(std::move(weight), bias, training, momentum, eps));
}
/// relu(batch_norm(input, ..) + residual) in one pass over memory, forward and backward; residual, if given, has the sizes and dtype of input.
/// Throws as batch_norm does, and for a residual that does not fit.
Tensor batch_norm_relu(const Tensor& input, const OptionalTensor& residual, const OptionalTensor& running_mean, const OptionalTensor& running_var,
                       BatchNormFunctionOptions options = {});

struct InstanceNormFunctionOptions {
  OptionalTensor running_mean = {}, running_var = {}, weight = {}, bias = {};
  bool use_input_stats = true;
  double momentum = 0.1;
  double eps = 1e-5;
  template <class O = InstanceNormFunctionOptions>
  static constexpr auto members() {
    return Members{member("running_mean", &O::running_mean),
                   member("running_var", &O::running_var),
                   member("weight", &O::weight),
                   member("bias", &O::bias),
                   member("use_input_stats", &O::use_input_stats),
                   member("momentum", &O::momentum),
                   member("eps", &O::eps)};
  }
};
/// The same with the statistics of each sample and channel apart (`use_input_stats`); the running ones then move towards their mean over the samples.
Tensor instance_norm(const Tensor& input, InstanceNormFunctionOptions options = {});

struct LayerNormFunctionOptions {
  OptionalTensor weight = {}, bias = {};
  double eps = 1e-5;
  template <class O = LayerNormFunctionOptions>
  static constexpr auto members() {
    return Members{member("weight", &O::weight), member("bias", &O::bias), member("eps", &O::eps)};
  }
};
using GroupNormFunctionOptions = LayerNormFunctionOptions;
namespace with_options {
Tensor layer_norm(const Tensor& input, const Shape& normalized_shape, LayerNormFunctionOptions options);
}
/// (x - mean) / sqrt(var + eps) * weight + bias over the last dimensions, which have the sizes `normalized_shape`; so have weight and bias.
template <class Weight = LayerNormFunctionOptions>
Tensor layer_norm(const Tensor& input, const Shape& normalized_shape, Weight weight = {}, const OptionalTensor& bias = {}, double eps = 1e-5) {
  return with_options::layer_norm(input, normalized_shape, by_position<LayerNormFunctionOptions>(std::move(weight), bias, eps));
}
/// x / sqrt(mean(x * x) + eps) * weight over the last dimensions. eps: that of the dtype, unless given. Complex too.
Tensor rms_norm(const Tensor& input, const Shape& normalized_shape, const OptionalTensor& weight = {}, std::optional<double> eps = {});
namespace with_options {
Tensor group_norm(const Tensor& input, int64_t num_groups, GroupNormFunctionOptions options);
}
/// layer_norm over each of num_groups groups of channels of input [n, c, ..]; weight and bias [c].
template <class Weight = GroupNormFunctionOptions>
Tensor group_norm(const Tensor& input, int64_t num_groups, Weight weight = {}, const OptionalTensor& bias = {}, double eps = 1e-5) {
  return with_options::group_norm(input, num_groups, by_position<GroupNormFunctionOptions>(std::move(weight), bias, eps));
}

struct LocalResponseNormOptions {
  double alpha = 1e-4, beta = 0.75, k = 1;
  template <class O = LocalResponseNormOptions>
  static constexpr auto members() {
    return Members{member("alpha", &O::alpha), member("beta", &O::beta), member("k", &O::k)};
  }
};
/// x / (k + alpha * mean of x * x over `size` neighbouring channels)^beta, input [n, c, ..] with at least three dimensions.
Tensor local_response_norm(const Tensor& input, int64_t size, LocalResponseNormOptions options = {});

struct NormalizeOptions {
  double p = 2;
  int64_t dim = 1;
  double eps = 1e-12;
  template <class O = NormalizeOptions>
  static constexpr auto members() {
    return Members{member("p", &O::p), member("dim", &O::dim), member("eps", &O::eps)};
  }
};
namespace with_options {
Tensor normalize(const Tensor& input, NormalizeOptions options);
}
/// x / max(p-norm of x along dim, eps); complex too.
template <class P = NormalizeOptions>
Tensor normalize(const Tensor& input, P p = {}, int64_t dim = 1, double eps = 1e-12) {
  return with_options::normalize(input, by_position<NormalizeOptions>(std::move(p), dim, eps));
}

}  // namespace lazuli
