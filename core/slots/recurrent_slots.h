#pragma once
#include "lazuli/core/kernel.h"

/// The slots of recurrent networks: what a step does beside its products. core/slots.h tells what holds for all slots. All tensors are contiguous, floating point and of one dtype;
/// gates are [n, count * h], all others [n, h].
namespace [[gnu::visibility("default")]] lazuli {

// gates (read and written) are i, f, g, o before their functions, and become sigmoid(i), sigmoid(f), tanh(g), sigmoid(o); c = f c_before + i g; tanh_c = tanh(c); out = o tanh_c.
inline constinit Kernel<void(Tensor& gates, Tensor& c, Tensor& tanh_c, Tensor& out, const Tensor& c_before)> lstm_gates_kernel{"lstm_gates"};
// Gradients of the gates before their functions and of c_before, from those of out and c.
inline constinit Kernel<void(Tensor& grad_gates, Tensor& grad_before, const Tensor& grad_out, const Tensor& grad_c, const Tensor& gates,
                             const Tensor& c_before, const Tensor& tanh_c)>
    lstm_gates_backward_kernel{"lstm_gates_backward"};

// gates = r, z, n with r = sigmoid(x_r + h_r), z = sigmoid(x_z + h_z), n = tanh(x_n + r h_n), of from_x and from_h [n, 3 h]; out = n + z (before - n).
inline constinit Kernel<void(Tensor& gates, Tensor& out, const Tensor& from_x, const Tensor& from_h, const Tensor& before)> gru_gates_kernel{
    "gru_gates"};
// Gradients of from_x, from_h and, but for what comes through from_h, of before.
inline constinit Kernel<void(Tensor& grad_x, Tensor& grad_h, Tensor& grad_before, const Tensor& grad, const Tensor& gates, const Tensor& from_h,
                             const Tensor& before)>
    gru_gates_backward_kernel{"gru_gates_backward"};

}  // namespace lazuli
