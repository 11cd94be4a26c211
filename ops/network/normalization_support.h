#pragma once
#include "lazuli/core/tensor.h"

/// The fused operators of normalization.h from differentiable operators alone: what they are tested against, and what their backward is made of
/// where it is recorded itself.
namespace lazuli::normalization {

Tensor layer_norm_composite(const Tensor& input, const Shape& normalized_shape, const OptionalTensor& weight, const OptionalTensor& bias, double eps);
Tensor rms_norm_composite(const Tensor& input, const Shape& normalized_shape, const OptionalTensor& weight, double eps);
/// With the batch's statistics; no running ones.
Tensor batch_norm_composite(const Tensor& input, const OptionalTensor& weight, const OptionalTensor& bias, double eps);

}  // namespace lazuli::normalization
