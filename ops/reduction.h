#pragma once
#include <tuple>

#include "lazuli/ops/dims.h"

/// Reductions over the dimensions `dims` (negative ones count from the end; none named: all). `keepdim` leaves them with size 1. A dimension out of range or
/// named twice is an Error (Index). Sums accumulate in float64 whatever the dtype of the result.
namespace lazuli {

/// Sum; integers and bool give int64. `dtype` casts first.
Tensor sum(const Tensor& self, const Dims& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});
/// Sum over the dimensions in which `sizes` broadcasts to self's sizes, so that the result has `sizes`. Throws Error where it does not broadcast.
Tensor sum_to_size(const Tensor& self, const Shape& sizes);
/// Arithmetic mean; floating point and complex only, unless `dtype` is. NaN for no elements.
Tensor mean(const Tensor& self, const Dims& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});
/// Greatest and least element; NaN wins; equal extremes share the gradient evenly. Throws Error (Index) for a dimension of no elements.
Tensor amax(const Tensor& self, const Dims& dims = {}, bool keepdim = false);
Tensor amin(const Tensor& self, const Dims& dims = {}, bool keepdim = false);
/// Index (int64) of the greatest or least element, the first of equals: along `dim`, or in the flattened tensor.
Tensor argmax(const Tensor& self, std::optional<int64_t> dim = {}, bool keepdim = false);
Tensor argmin(const Tensor& self, std::optional<int64_t> dim = {}, bool keepdim = false);

}  // namespace lazuli
