#pragma once
#include "lazuli/core/tensor.h"

/// Functions of square matrices [.., n, n].
namespace lazuli {
namespace linalg {

/// A multiplied n times with itself; for a negative n its inverse.
Tensor matrix_power(const Tensor& A, int64_t n);
/// The sum of A^k / k!, by scaling and squaring (Higham, Functions of Matrices, 2008, section 10.3).
Tensor matrix_exp(const Tensor& A);
/// The Hermitian positive semidefinite X with X X = A for such an A; eigenvalues below 0 count as 0 within rounding, and else give NaN. The gradient exists for a positive definite one.
Tensor matrix_sqrth(const Tensor& A);

}  // namespace linalg

Tensor matrix_power(const Tensor& A, int64_t n);
Tensor matrix_exp(const Tensor& A);

}  // namespace lazuli
