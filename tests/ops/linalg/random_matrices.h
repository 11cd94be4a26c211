#pragma once
#include "lazuli/ops/ops.h"

/// Random matrices of each kind, from a seed.
namespace matrix_test {

using namespace lazuli;

inline Tensor any(const Shape& sizes, DType dtype = kFloat64, uint64_t seed = 0) {
  Generator generator;
  generator.manual_seed(seed + 1);
  return randn(sizes, CreationOptions{.dtype = dtype}, generator);
}
inline Tensor input(const Shape& sizes, DType dtype = kFloat64, uint64_t seed = 0) { return any(sizes, dtype, seed).requires_grad_(); }

/// Hermitian, and positive definite, functions of any square matrix: what a gradient is checked through.
inline Tensor hermitian(const Tensor& A) { return A + adjoint(A); }
inline Tensor definite(const Tensor& A) {
  return matmul(A, adjoint(A)) + eye(A.size(-1), A.size(-1), CreationOptions{.dtype = A.dtype()}) * Scalar(double(A.size(-1)));
}
/// Far from singular, for a gradient by differences.
inline Tensor regular(const Tensor& A) {
  return A + eye(A.size(-2), A.size(-1), CreationOptions{.dtype = A.dtype()}) * Scalar(3.0 * double(A.size(-1)));
}

/// Singular values from 1 down to 10^-decades.
inline Tensor ill_conditioned(const Shape& sizes, double decades, DType dtype, uint64_t seed) {
  const auto [U, S, Vh] = linalg::svd(any(sizes, dtype, seed), false);
  const int64_t k = S.size(-1);
  const Tensor exponents = arange(0, k, 1, CreationOptions{.dtype = S.dtype()}) * Scalar(-decades / double(std::max<int64_t>(k - 1, 1)));
  return matmul(U * pow(Scalar(10), exponents).unsqueeze(-2), Vh);
}
/// Of rank r.
inline Tensor deficient(const Shape& sizes, int64_t r, DType dtype, uint64_t seed) {
  Shape left = sizes, right = sizes;
  left[-1] = r;
  right[-2] = r;
  return matmul(any(left, dtype, seed), any(right, dtype, seed + 7));
}

/// The largest |a| in units of the dtype's epsilon and `scale`.
inline double error(const Tensor& difference, double scale) {
  if (difference.numel() == 0) return 0;
  const double epsilon = real_dtype(difference.dtype()) == kFloat64 ? 2.220446049250313e-16 : 1.1920928955078125e-07;
  const double most = amax(abs(difference)).item<double>();
  return most / (epsilon * std::max(scale, 1e-30));
}
inline double size_of(const Tensor& A) { return A.numel() ? amax(abs(A)).item<double>() * double(std::max(A.size(-1), A.size(-2))) : 0; }

}  // namespace matrix_test
