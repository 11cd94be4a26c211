#pragma once
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/normalization_slots.h"

/// The slots that register_norm fills.
namespace lazuli::cpu {

void layer_norm(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, double eps);
void layer_norm_backward(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                         const Tensor& rstd, const Tensor& weight);
void batch_norm(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, Tensor& running_mean,
                Tensor& running_var, bool training, double momentum, double eps);
void batch_norm_backward(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                         const Tensor& rstd, const Tensor& weight, bool training);
void batch_norm_relu(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& residual, const Tensor& weight, const Tensor& bias,
                     Tensor& running_mean, Tensor& running_var, bool training, double momentum, double eps);
void batch_norm_relu_backward(Tensor& grad_in, Tensor& grad_residual, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& out,
                              const Tensor& in, const Tensor& mean, const Tensor& rstd, const Tensor& weight, bool training);
void group_norm(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, int64_t groups, double eps);
void group_norm_backward(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                         const Tensor& rstd, const Tensor& weight, int64_t groups);

/// Calls f(T()) with the element type; refuses all but floating point.
template <class F>
void for_float(const char* op, DType dtype, F&& f) {
  if (!is_floating_point(dtype)) refuse_dtype(op, dtype);
  dispatch(dtype, [&](auto t) {
    if constexpr (is_float_type<decltype(t)>) f(t);
  });
}

}  // namespace lazuli::cpu
