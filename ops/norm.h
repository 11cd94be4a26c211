#pragma once
#include "lazuli/ops/dims.h"

/// Norms; `dims` as in reduction.h. Floating point and complex; real results.
namespace lazuli {
namespace linalg {

/// (sum |x|^ord)^(1/ord); ord inf and -inf: the greatest and least |x|; 0: the number of elements that are not zero (no gradient). `dtype` casts first.
/// Throws Error for an infinite or negative ord over no elements.
Tensor vector_norm(const Tensor& self, double ord = 2, const Dims& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});

}  // namespace linalg

/// The same under its older name.
Tensor norm(const Tensor& self, double p = 2, const Dims& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});
/// The p-norm of self - other.
Tensor dist(const Tensor& self, const Tensor& other, double p = 2);

}  // namespace lazuli
