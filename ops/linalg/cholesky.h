#pragma once
#include "lazuli/ops/linalg/results.h"

/// Hermitian positive definite matrices [.., n, n], of float32, float64, complex64 and complex128. Of A one triangle is read, and of a factor L too.
namespace lazuli {
namespace linalg {

/// L, lower triangular with A = L L^H; `upper`: its adjoint, upper triangular. Throws Error that names the first matrix of the batch that is not positive definite.
Tensor cholesky(const Tensor& A, bool upper = false);
/// The same without this Error, unless `check_errors`: info (int32, one a matrix) is 0, or the order of the leading minor that is not positive definite.
CholeskyExResult cholesky_ex(const Tensor& A, bool upper = false, bool check_errors = false);

}  // namespace linalg

/// linalg::cholesky.
Tensor cholesky(const Tensor& A, bool upper = false);
/// X with A X = B, of a factor L of A = L L^H (`upper`: A = L^H L); leading dimensions broadcast.
Tensor cholesky_solve(const Tensor& B, const Tensor& L, bool upper = false);
/// The inverse of that A.
Tensor cholesky_inverse(const Tensor& L, bool upper = false);

}  // namespace lazuli
