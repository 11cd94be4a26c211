#pragma once
#include "lazuli/nn/module/module.h"

/// What the forms of weight norm and spectral norm share.
namespace lazuli::nn::utils::detail {

/// The 2-norm over all dimensions but `dim`, which are kept with size 1; over all of them, to a number, without `dim`.
Tensor norm_except(const Tensor& v, std::optional<int64_t> dim);
/// v g / norm_except(v, dim).
Tensor weight_of(const Tensor& g, const Tensor& v, std::optional<int64_t> dim);

/// The weight as a matrix, with the rows of dimension `dim`.
Tensor rows_of(const Tensor& weight, int64_t dim);
/// `steps` of the power method on `matrix`: u and v become its first singular vectors, in place.
void power_method(const Tensor& matrix, Tensor u, Tensor v, int64_t steps, double eps);
/// u^H matrix v.
Tensor sigma_of(const Tensor& matrix, const Tensor& u, const Tensor& v);
/// The dimension of the rows of a spectral norm: `dim`, or 1 for transposed convolutions, else 0. Throws Error for one that `weight` has not, and for no iteration.
int64_t spectral_rows(const Module& module, const Tensor& weight, std::optional<int64_t> dim, int64_t n_power_iterations);

}  // namespace lazuli::nn::utils::detail
