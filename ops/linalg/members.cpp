#include "lazuli/ops/linalg/covariance.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/products.h"

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

}  // namespace lazuli
