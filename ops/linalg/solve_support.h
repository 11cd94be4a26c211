#pragma once
#include "lazuli/core/tensor.h"

/// What solvers and pseudoinverses share. Not for users.
namespace lazuli::matrices {

/// Whether B is one right-hand side for each matrix of A, not a matrix of several.
bool is_vectors(const Tensor& A, const Tensor& B);
/// The gradient of A from that of pinv(A).
Tensor pinv_backward(const Tensor& grad, const Tensor& pinv, const Tensor& A);

}  // namespace lazuli::matrices
