#pragma once
#include <tuple>

#include "lazuli/core/tensor.h"

/// Greatest and least elements of real tensors, with NaN greater and less than all; `dims` as in reduction.h. A dimension of no elements is an Error
/// (Index).
namespace lazuli {

/// Over several dimensions; equal extremes share the gradient evenly.
Tensor amax(const Tensor& self, const DimList& dims = {}, bool keepdim = false);
Tensor amin(const Tensor& self, const DimList& dims = {}, bool keepdim = false);
/// Both: (least, greatest), along one dimension or all.
AminmaxResult aminmax(const Tensor& self, std::optional<int64_t> dim = {}, bool keepdim = false);

/// Of all elements; along a dimension (values and int64 indices of the first of equals, which gets the gradient); of two tensors, element by element.
Tensor max(const Tensor& self);
Tensor min(const Tensor& self);
ValuesIndices max(const Tensor& self, int64_t dim, bool keepdim = false);
ValuesIndices min(const Tensor& self, int64_t dim, bool keepdim = false);
Tensor max(const Tensor& self, const Tensor& other);
Tensor max(...) = delete;  // max(x), max(x, dim, [keepdim]) or max(x, other)
Tensor min(const Tensor& self, const Tensor& other);
Tensor min(...) = delete;  // min(x), min(x, dim, [keepdim]) or min(x, other)

/// Index (int64) of the greatest or least element, the first of equals: along `dim`, or in the flattened tensor.
Tensor argmax(const Tensor& self, std::optional<int64_t> dim = {}, bool keepdim = false);
Tensor argmin(const Tensor& self, std::optional<int64_t> dim = {}, bool keepdim = false);

}  // namespace lazuli
