#pragma once
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/optimizer_step.h"
#include "lazuli/core/slots/window_slots.h"

/// Slots in terms of other slots, with the signatures and contracts of core/slots.h: what a device runs where it has no function of its own.
/// They allocate temporaries, record no gradients and read nothing on the host; half precision is computed in float32.
namespace lazuli {
class FusedProgram;

/// Calls what gives each slot below its composite; initialize_backends() calls it.
void register_composites();

namespace composites {

// pointwise.cpp
void register_pointwise();
void binary_number(BinaryOp op, Tensor& out, const Tensor& a, const Scalar& number, bool number_first);
void ternary(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, Params p);
void ternary_number(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, const Scalar& number_b, const Scalar& number_c);
void triangle(Tensor& out, const Tensor& in, int64_t diagonal, bool upper);
void dropout(Tensor& out, Tensor& mask, const Tensor& in, double p, const PhiloxState& state);

// fused.cpp: the separate calls
void register_fused();
void fused(Tensor& out0, Tensor& out1, Tensor& out2, Tensor& out3, Tensor& out4, Tensor& out5, Tensor& out6, Tensor& out7,
           std::span<const Tensor> inputs, const FusedProgram& program);

// reduction.cpp: what a device's reduce leaves goes through its sum, and the basic operators through halves combined by `binary`
void register_reduction();
void reduce(ReduceOp op, Tensor& out, const Tensor& in);
void arg_reduce(ArgReduceOp op, Tensor& out, Tensor& values, const Tensor& in, int64_t dim);
void var_mean(Tensor& var, Tensor& mean, const Tensor& in, double correction);
void count_nonzero(Tensor& count, const Tensor& in);

// softmax.cpp
void register_softmax();
void softmax(Tensor& out, const Tensor& in, int64_t dim, bool log);
void softmax_backward(Tensor& grad_in, const Tensor& grad, const Tensor& out, int64_t dim, bool log);
void cross_entropy(Tensor& losses, Tensor& log_sum, const Tensor& logits, const Tensor& target, const Tensor& weight, int64_t ignore_index,
                   double smoothing);
void cross_entropy_backward(Tensor& grad_logits, const Tensor& grad, const Tensor& log_sum, const Tensor& logits, const Tensor& target,
                            const Tensor& weight, int64_t ignore_index, double smoothing);

// normalization.cpp
void register_normalization();
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

// indexing.cpp
void register_indexing();
void index_select(Tensor& out, const Tensor& in, int64_t dim, const Tensor& index);
void index_add(ScatterOp op, Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, double alpha);
void embedding_backward(Tensor& grad_weight, const Tensor& grad, const Tensor& index, int64_t padding_index, bool scale_by_frequency);
void topk(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool largest);

// product.cpp
void register_product();
void matmul_fused(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, UnaryOp activation, const Tensor& other, BinaryOp op, Params p);

// convolution.cpp
void register_convolution();
void convolution(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Shape& stride, const Shape& padding,
                 const Shape& dilation, int64_t groups);
void convolution_fused(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Tensor& residual, UnaryOp activation, Params p,
                       const Shape& stride, const Shape& padding, const Shape& dilation, int64_t groups);
void convolution_backward_input(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                                const Shape& dilation, int64_t groups);
void convolution_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                                 const Shape& dilation, int64_t groups);

// pooling.cpp
void register_pooling();
void max_pool(Tensor& out, Tensor& indices, const Tensor& in, const Shape& kernel, const Shape& stride, const Shape& padding, const Shape& dilation);
void max_pool_backward(Tensor& grad_in, const Tensor& grad, const Tensor& indices);
void average_pool(Tensor& out, const Tensor& in, const Shape& kernel, const Shape& stride, const Shape& padding, bool count_padding, int64_t divisor);
void average_pool_backward(Tensor& grad_in, const Tensor& grad, const Shape& kernel, const Shape& stride, const Shape& padding, bool count_padding,
                           int64_t divisor);

// recurrent.cpp
void register_recurrent();
void lstm_gates(Tensor& gates, Tensor& c, Tensor& tanh_c, Tensor& out, const Tensor& before);
void lstm_gates_backward(Tensor& grad_gates, Tensor& grad_before, const Tensor& grad_out, const Tensor& grad_c, const Tensor& gates,
                         const Tensor& before, const Tensor& tanh_c);
void gru_gates(Tensor& gates, Tensor& out, const Tensor& from_x, const Tensor& from_h, const Tensor& before);
void gru_gates_backward(Tensor& grad_x, Tensor& grad_h, Tensor& grad_before, const Tensor& grad, const Tensor& gates, const Tensor& from_h,
                        const Tensor& before);
void lstm_steps(Tensor& gates, Tensor& c, Tensor& tanh_c, Tensor& out, const Tensor& weight, const Tensor& projection, const Tensor& h_before,
                const Tensor& c_before, const Shape& batch_sizes, bool reverse);
void lstm_steps_backward(Tensor& grad_gates, Tensor& grad_projected, Tensor& grad_h_before, Tensor& grad_c_before, const Tensor& grad_out,
                         const Tensor& grad_h, const Tensor& grad_c, const Tensor& gates, const Tensor& c, const Tensor& tanh_c, const Tensor& weight,
                         const Tensor& projection, const Tensor& c_before, const Shape& batch_sizes, bool reverse);
void gru_steps(Tensor& gates, Tensor& from_h, Tensor& out, const Tensor& weight, const Tensor& bias, const Tensor& h_before, const Shape& batch_sizes,
               bool reverse);
void gru_steps_backward(Tensor& grad_x, Tensor& grad_from_h, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& gates,
                        const Tensor& from_h, const Tensor& out, const Tensor& weight, const Tensor& h_before, const Shape& batch_sizes,
                        bool reverse);
void rnn_steps(Tensor& out, const Tensor& weight, const Tensor& h_before, bool relu, const Shape& batch_sizes, bool reverse);
void rnn_steps_backward(Tensor& grad_x, Tensor& grad_h_before, const Tensor& grad_out, const Tensor& grad_h, const Tensor& out, const Tensor& weight,
                        bool relu, const Shape& batch_sizes, bool reverse);

// optimizer.cpp
void register_optimizer();
void sgd(Tensor& parameter, const Tensor& grad, Tensor& momentum_buffer, const SgdOptions& options);
void adam(Tensor& parameter, const Tensor& grad, Tensor& average, Tensor& average_square, Tensor& max_square, const AdamOptions& options);
// optimizer_step.cpp
void register_optimizer_step();
void optimizer_step(StepRule rule, Tensor& parameter, const Tensor& grad, Tensor& first, Tensor& second, Tensor& third, const StepOptions& options);

}  // namespace composites
}  // namespace lazuli
