#pragma once
#include "lazuli/core/kernel.h"

/// The slots of recurrent networks: what a step does beside its products, and all steps of a layer in one direction. core/slots.h tells what holds for all slots. All tensors are contiguous, floating point and of one dtype;
/// gates are [n, count * h], all others [n, h]. c may lie over c_before, and grad_before over grad_c or grad.
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

// All steps of a layer, from the last one to the first where `reverse`: out [rows, h], with weight [gates h, h] and the states before [n, h]. Step t has the samples 0 .. batch_sizes[t] - 1, whose
// rows follow those of the steps before it; batch_sizes do not grow, and where there are none each step has all n. A sample that has ended keeps its state; in reverse it begins at its own end.
// The gates [rows, gates h] are read and written: they hold what the inputs give to each step. c, tanh_c and from_h have rows for all steps; or n rows, for nobody asks for a gradient, and then hold
// what each sample's last step leaves there.
// lstm: gates, c and tanh_c as above; with `projection` [p, h] out is what it makes of o tanh_c, [rows, p], and so are the states h. gru: gates (from_x before) and from_h as above, with `bias` [3 h]
// in from_h where it is defined. rnn: out = tanh or relu of itself + before weight^T.
inline constinit Kernel<void(Tensor& gates, Tensor& c, Tensor& tanh_c, Tensor& out, const Tensor& weight, const Tensor& projection,
                             const Tensor& h_before, const Tensor& c_before, const Shape& batch_sizes, bool reverse)>
    lstm_steps_kernel{"lstm_steps"};
inline constinit Kernel<void(Tensor& gates, Tensor& from_h, Tensor& out, const Tensor& weight, const Tensor& bias, const Tensor& h_before,
                             const Shape& batch_sizes, bool reverse)>
    gru_steps_kernel{"gru_steps"};
inline constinit Kernel<void(Tensor& out, const Tensor& weight, const Tensor& h_before, bool relu, const Shape& batch_sizes, bool reverse)>
    rnn_steps_kernel{"rnn_steps"};
// Gradients of what the inputs give (grad_gates, grad_x), of from_h, of what a projection gives (grad_projected [rows, p], undefined without one) and of the states before, from those of out, where
// it is defined, and of the states after the last step.
inline constinit Kernel<void(Tensor& grad_gates, Tensor& grad_projected, Tensor& grad_h_before, Tensor& grad_c_before, const Tensor& grad_out,
                             const Tensor& grad_h, const Tensor& grad_c, const Tensor& gates, const Tensor& c, const Tensor& tanh_c,
                             const Tensor& weight, const Tensor& projection, const Tensor& c_before, const Shape& batch_sizes, bool reverse)>
    lstm_steps_backward_kernel{"lstm_steps_backward"};
inline constinit Kernel<void(Tensor& grad_x, Tensor& grad_from_h, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h,
                             const Tensor& gates, const Tensor& from_h, const Tensor& out, const Tensor& weight, const Tensor& h_before,
                             const Shape& batch_sizes, bool reverse)>
    gru_steps_backward_kernel{"gru_steps_backward"};
inline constinit Kernel<void(Tensor& grad_x, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& out,
                             const Tensor& weight, bool relu, const Shape& batch_sizes, bool reverse)>
    rnn_steps_backward_kernel{"rnn_steps_backward"};

}  // namespace lazuli
