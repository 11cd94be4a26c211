#pragma once
#include "lazuli/core/tensor.h"

/// Softmax along a dimension, for floating point; `dtype` casts first. Throws Error for other dtypes and for a dim out of range.
namespace lazuli {

/// exp(x) / sum(exp(x)), computed without overflow.
Tensor softmax(const Tensor& self, int64_t dim, std::optional<DType> dtype = {});
/// log(softmax(x)).
Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<DType> dtype = {});
/// softmax(-x).
Tensor softmin(const Tensor& self, int64_t dim, std::optional<DType> dtype = {});

}  // namespace lazuli
