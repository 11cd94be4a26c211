#pragma once
#include "lazuli/core/tensor.h"

/// Norms; `dims` as in reduction.h. Floating point and complex; real results.
namespace lazuli {
namespace linalg {

/// (sum |x|^ord)^(1/ord); ord inf and -inf: the greatest and least |x|; 0: the number of elements that are not zero (no gradient). `dtype` casts
/// first.
/// Throws Error for an infinite or negative ord over no elements.
Tensor vector_norm(const Tensor& self, double ord = 2, const Dims& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});

}  // namespace linalg

/// The same under its older name.
Tensor norm(const Tensor& self, double p = 2, const Dims& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});
/// The p-norm of self - other.
Tensor dist(const Tensor& self, const Tensor& other, double p = 2);
/// Each slice along dim, if its p-norm is above maxnorm, scaled down to it. Throws Error for fewer than two dimensions, p not above 0, or a negative
/// maxnorm.
Tensor renorm(const Tensor& self, double p, int64_t dim, double maxnorm);
Tensor& renorm_(Tensor& self, double p, int64_t dim, double maxnorm);

}  // namespace lazuli
