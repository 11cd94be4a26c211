#pragma once
#include "lazuli/core/tensor.h"

/// Reductions over the dimensions `dims` (negative ones count from the end; none named: all). `keepdim` leaves them with size 1. A dimension out of
/// range or
/// named twice is an Error (Index). Sums accumulate in float64 whatever the dtype of the result.
namespace lazuli {

/// Sum; integers and bool give int64. `dtype` casts first.
Tensor sum(const Tensor& self, const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});
/// Sum over the dimensions in which `sizes` broadcasts to self's sizes, so that the result has `sizes`. Throws Error where it does not broadcast.
Tensor sum_to_size(const Tensor& self, const Shape& sizes);
/// Arithmetic mean; floating point and complex only, unless `dtype` is. NaN for no elements.
Tensor mean(const Tensor& self, const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});
/// Both of these pass over NaN, as if it were not there.
Tensor nansum(const Tensor& self, const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});
Tensor nanmean(const Tensor& self, const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});
/// Product, over one dimension or all; integers and bool give int64.
Tensor prod(const Tensor& self, const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {});
/// Whether any element, or every one, is not zero: bool (uint8 for uint8).
Tensor any(const Tensor& self, const DimList& dims = {}, bool keepdim = false);
Tensor all(const Tensor& self, const DimList& dims = {}, bool keepdim = false);
/// Number of elements that are not zero: int64.
Tensor count_nonzero(const Tensor& self, const DimList& dims = {});
/// log(sum(exp(x))), computed without overflow; integers become the default dtype.
Tensor logsumexp(const Tensor& self, const DimList& dims = {}, bool keepdim = false);
namespace special {
using lazuli::logsumexp;
}

}  // namespace lazuli
