#pragma once
#include "lazuli/core/tensor.h"

/// Maps to orthogonal matrices, of batches of matrices [.., n, k].
namespace lazuli::nn::utils::detail {

/// exp(a) = exp(a / 2^s)^(2^s), the exponential of the smaller matrix by its series (Moler, Van Loan 2003). Square; differentiable.
Tensor exponential(const Tensor& a);
/// (1 - a/2)^-1 (1 + a/2) of a skew-Hermitian matrix. Differentiable.
Tensor cayley(const Tensor& a);
/// (1 - tau_1 v_1 v_1^T) .. (1 - tau_k v_k v_k^T), its first k columns; v_i is column i of `a` below the diagonal, and 1 on it. Differentiable.
Tensor householder_product(const Tensor& a, const Tensor& tau);
/// Of a real matrix [n, k], n >= k: the vectors of the reflections of its QR decomposition below the diagonal, and on it the signs that make `householder_product` times these
/// give its Q.
Tensor reflections_of(const Tensor& q);
/// Columns that are orthonormal and span, one after the other, what those of `a` do, with positive coefficients: the Q of its QR decomposition with a positive diagonal.
Tensor orthogonalized(const Tensor& a);
bool is_orthogonal(const Tensor& q);

}  // namespace lazuli::nn::utils::detail
