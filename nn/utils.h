#pragma once
#include "lazuli/core/tensor.h"

/// What training loops do with all parameters of a model. Undefined gradients are passed over; uninitialized parameters too.
namespace lazuli::nn::utils {

/// The p-norm of all tensors taken as one vector; 0 for none.
Tensor get_total_norm(const std::vector<Tensor>& tensors, double norm_type = 2, bool error_if_nonfinite = false);
/// Scales all gradients by max_norm / (norm + 1e-6) where their total norm is above max_norm, in place, and returns the norm they had.
/// Throws Error (State) for a norm that is not finite if `error_if_nonfinite`.
Tensor clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type = 2, bool error_if_nonfinite = false);
/// Scales all gradients by max_norm / (total_norm + 1e-6) where that is below 1, in place; for norms that are known, as over several models.
void clip_grads_with_norm_(const std::vector<Tensor>& parameters, double max_norm, const Tensor& total_norm);
/// Brings every element of the gradients into [-clip_value, clip_value].
void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value);
/// All parameters, flattened, in one 1-d tensor; and back, in place. Throws Error when the number of elements differs.
Tensor parameters_to_vector(const std::vector<Tensor>& parameters);
void vector_to_parameters(const Tensor& vector, const std::vector<Tensor>& parameters);

}  // namespace lazuli::nn::utils
