#pragma once
#include "lazuli/core/kernel.h"

/// The slots of batch norm with what follows it in one pass. core/slots.h has batch_norm itself, and tells what holds for all slots.
namespace [[gnu::visibility("default")]] lazuli {

// out = max(batch_norm(in) + residual, 0), a NaN stays; residual has the sizes of in, or is undefined. Else as batch_norm.
inline constinit Kernel<void(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& residual, const Tensor& weight,
                             const Tensor& bias, Tensor& running_mean, Tensor& running_var, bool training, double momentum, double eps)>
    batch_norm_relu_kernel{"batch_norm_relu"};
// Its gradients, any of them may be undefined, from that of out and from out.
inline constinit Kernel<void(Tensor& grad_in, Tensor& grad_residual, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& out,
                             const Tensor& in, const Tensor& mean, const Tensor& rstd, const Tensor& weight, bool training)>
    batch_norm_relu_backward_kernel{"batch_norm_relu_backward"};

}  // namespace lazuli
