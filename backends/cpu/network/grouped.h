#pragma once
#include "lazuli/core/tensor.h"

/// Gradients of the weights of convolutions in many groups of few or odd channels, each of them a small product that stays in the cache. Per-sample gradients are such ones, with the
/// samples as groups.
namespace lazuli::cpu {

/// Says whether the convolution is one of these (float32, up to two dimensions), and then has done it; the arguments are those of the slot in core/slots/window_slots.h.
bool grouped_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                             const Shape& dilation, int64_t groups);

}  // namespace lazuli::cpu
