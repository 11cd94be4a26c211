#include "lazuli/ops/linalg/cholesky.h"
#include "lazuli/ops/linalg/covariance.h"
#include "lazuli/ops/linalg/inverse.h"
#include "lazuli/ops/linalg/lu.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/matrix_function.h"
#include "lazuli/ops/linalg/products.h"
#include "lazuli/ops/linalg/qr.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/linalg/svd.h"

// The members of Tensor that are this family's functions.
namespace lazuli {

Tensor Tensor::mm(const Tensor& mat2) const { return lazuli::mm(*this, mat2); }
Tensor Tensor::bmm(const Tensor& mat2) const { return lazuli::bmm(*this, mat2); }
Tensor Tensor::mv(const Tensor& vec) const { return lazuli::mv(*this, vec); }
Tensor Tensor::dot(const Tensor& tensor) const { return lazuli::dot(*this, tensor); }
Tensor Tensor::vdot(const Tensor& other) const { return lazuli::vdot(*this, other); }
Tensor Tensor::matmul(const Tensor& other) const { return lazuli::matmul(*this, other); }
Tensor Tensor::addmm(const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) const {
  return lazuli::addmm(*this, mat1, mat2, beta, alpha);
}
Tensor Tensor::baddbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) const {
  return lazuli::baddbmm(*this, batch1, batch2, beta, alpha);
}
Tensor& Tensor::addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) const {
  return lazuli::addmm_(self(), mat1, mat2, beta, alpha);
}
Tensor& Tensor::baddbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) const {
  return lazuli::baddbmm_(self(), batch1, batch2, beta, alpha);
}

Tensor Tensor::addmv(const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) const {
  return lazuli::addmv(*this, mat, vec, beta, alpha);
}
Tensor Tensor::addr(const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) const {
  return lazuli::addr(*this, vec1, vec2, beta, alpha);
}
Tensor Tensor::addbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) const {
  return lazuli::addbmm(*this, batch1, batch2, beta, alpha);
}
Tensor& Tensor::addmv_(const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) const {
  return lazuli::addmv_(self(), mat, vec, beta, alpha);
}
Tensor& Tensor::addr_(const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) const {
  return lazuli::addr_(self(), vec1, vec2, beta, alpha);
}
Tensor& Tensor::addbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) const {
  return lazuli::addbmm_(self(), batch1, batch2, beta, alpha);
}
Tensor Tensor::outer(const Tensor& vec2) const { return lazuli::outer(*this, vec2); }
Tensor Tensor::inner(const Tensor& other) const { return lazuli::inner(*this, other); }
Tensor Tensor::cross(const Tensor& other, std::optional<int64_t> dim) const { return lazuli::cross(*this, other, dim); }

Tensor Tensor::cov(int64_t correction, const OptionalTensor& fweights, const OptionalTensor& aweights) const {
  return lazuli::cov(*this, correction, fweights, aweights);
}
Tensor Tensor::corrcoef() const { return lazuli::corrcoef(*this); }

Tensor Tensor::cholesky(bool upper) const { return lazuli::cholesky(*this, upper); }
Tensor Tensor::cholesky_inverse(bool upper) const { return lazuli::cholesky_inverse(*this, upper); }
Tensor Tensor::cholesky_solve(const Tensor& L, bool upper) const { return lazuli::cholesky_solve(*this, L, upper); }
Tensor Tensor::det() const { return lazuli::det(*this); }
Tensor Tensor::logdet() const { return lazuli::logdet(*this); }
linalg::SlogdetResult Tensor::slogdet() const { return lazuli::slogdet(*this); }
Tensor Tensor::inverse() const { return lazuli::inverse(*this); }
Tensor Tensor::pinverse(double rcond) const { return lazuli::pinverse(*this, rcond); }
Tensor Tensor::matrix_exp() const { return lazuli::matrix_exp(*this); }
Tensor Tensor::matrix_power(int64_t n) const { return lazuli::matrix_power(*this, n); }
linalg::GeqrfResult Tensor::geqrf() const { return lazuli::geqrf(*this); }
linalg::LuFactorResult Tensor::lu(bool pivot) const { return lazuli::lu(*this, pivot); }
Tensor Tensor::lu_solve(const Tensor& LU_data, const Tensor& LU_pivots) const { return lazuli::lu_solve(*this, LU_data, LU_pivots); }
Tensor Tensor::orgqr(const Tensor& tau) const { return lazuli::orgqr(*this, tau); }
Tensor Tensor::ormqr(const Tensor& tau, const Tensor& other, bool left, bool transpose) const {
  return lazuli::ormqr(*this, tau, other, left, transpose);
}
linalg::QrResult Tensor::qr(bool some) const { return lazuli::qr(*this, some); }
linalg::SvdVResult Tensor::svd(bool some, bool compute_uv) const { return lazuli::svd(*this, some, compute_uv); }
linalg::TriangularSolveResult Tensor::triangular_solve(const Tensor& A, bool upper, bool transpose, bool unitriangular) const {
  return lazuli::triangular_solve(*this, A, {upper, transpose, unitriangular});
}

}  // namespace lazuli
