#pragma once
#include "lazuli/core/kernel.h"

/// The slots of batch norm with what follows it in one pass, and of group norm. core/slots.h has batch_norm itself, and tells what holds for all slots.
namespace [[gnu::visibility("default")]] lazuli {

// out = max(batch_norm(in) + residual, 0), a NaN stays; residual has the sizes of in, or is undefined. Else as batch_norm.
inline constinit Kernel<void(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& residual, const Tensor& weight,
                             const Tensor& bias, Tensor& running_mean, Tensor& running_var, bool training, double momentum, double eps)>
    batch_norm_relu_kernel{"batch_norm_relu"};
// Its gradients, any of them may be undefined, from that of out and from out.
inline constinit Kernel<void(Tensor& grad_in, Tensor& grad_residual, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& out,
                             const Tensor& in, const Tensor& mean, const Tensor& rstd, const Tensor& weight, bool training)>
    batch_norm_relu_backward_kernel{"batch_norm_relu_backward"};

// Group norm of in [n, c, spatial..]: each of the `groups` runs of channels of a sample by its own mean and rstd, [n * groups] of float32, or float64 for float64, then weight and bias
// [c], which may be undefined. Floating point.
inline constinit Kernel<void(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, int64_t groups,
                             double eps)>
    group_norm_kernel{"group_norm"};
// Any of the three outputs may be undefined.
inline constinit Kernel<void(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                             const Tensor& rstd, const Tensor& weight, int64_t groups)>
    group_norm_backward_kernel{"group_norm_backward"};

}  // namespace lazuli
