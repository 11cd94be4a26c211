#pragma once
#include "lazuli/core/tensor.h"

/// What the decompositions and solvers share. Not for users.
///
/// LAPACK stores matrices by columns: results and copies of operands have strides [.., 1, m], and the slots see their batch as one dimension (core/slots/linalg_slots.h).
namespace lazuli::matrices {

/// Throws Error unless A is a matrix, or a batch of matrices (square ones), of float32, float64, complex64 or complex128.
void check_matrix(const char* op, const Tensor& A, const char* argument = "A");
void check_square(const char* op, const Tensor& A, const char* argument = "A");
/// Throws Error for another dtype or device than that of A.
void check_alike(const char* op, const Tensor& A, const Tensor& B, const char* argument = "B", const char* A_argument = "A");
/// Throws Error (State) for a gradient that does not exist.
void refuse_gradient(const char* op, const Tensor& A, const char* argument = "A");

/// Leading sizes, and those with more after them.
Shape batch_of(const Tensor& A, int64_t trailing = 2);
Shape with(const Shape& batch, std::initializer_list<int64_t> sizes);
int64_t rows(const Tensor& A);
int64_t columns(const Tensor& A);

/// Unrecorded: a new tensor of matrices by columns; a copy of A, broadcast to `batch`, that is one; A itself where it is one.
Tensor new_by_columns(const Shape& batch, int64_t m, int64_t n, DType dtype, Device device);
Tensor copied_by_columns(const Tensor& A, const Shape& batch);
Tensor by_columns(const Tensor& A, const Shape& batch);
/// Unrecorded: what the slots take, with one batch dimension: matrices by columns, vectors (contiguous), and info or rank, one number a matrix.
Tensor batched(const Tensor& matrices);
Tensor batched_vectors(const Tensor& vectors);
Tensor batched_numbers(const Tensor& numbers);
/// int32 zeros, one a matrix.
Tensor new_info(const Shape& batch, Device device);

/// Throws Error for the first matrix whose info is not 0: expected `expected`, got "`trouble` 2 in matrix [0, 1]". Reads on the host; of a meta tensor nothing is known.
void check_info(const char* op, const Tensor& info, const char* expected, const char* trouble, const char* argument = "A");
/// The same for decompositions that do not converge, or not start where there are infinities or NaN.
void check_converged(const char* op, const Tensor& info);

/// Unrecorded: X with A X = B, or X A = B, for a triangular A; leading dimensions broadcast.
Tensor run_triangular(const Tensor& A, const Tensor& B, bool upper, bool left, bool unit);
/// Unrecorded: the same of a factored A.
Tensor run_lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left, bool adjoint);
/// Unrecorded: LU, pivots and info.
void run_lu(const Tensor& A, Tensor& LU, Tensor& pivots, Tensor& info);

/// Differentiable: the diagonal of the last two dimensions; the matrix with this diagonal; n ones on the diagonal of zeros.
Tensor diagonal_of(const Tensor& A);
Tensor with_diagonal(const Tensor& diagonal);
Tensor identity(int64_t n, const Tensor& like);
/// Differentiable: each column of A times an element of `factors` [.., n], or each row.
Tensor scale_columns(const Tensor& A, const Tensor& factors);
Tensor scale_rows(const Tensor& A, const Tensor& factors);
/// The distance of 1 to the next greater number.
double epsilon(DType dtype);
/// Differentiable: Z with P Z + Z P = C for Hermitian P.
Tensor lyapunov(const Tensor& P, const Tensor& C);
/// Throws Error (State) when a gradient of vectors whose phase is free depends on it: `phase` [..], which has to be 0.
void check_phase(const char* op, const Tensor& phase);

}  // namespace lazuli::matrices
