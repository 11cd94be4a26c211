#pragma once
#include "lazuli/core/factory.h"

/// Picking and placing by lists of indices. Negative indices count from the end only where said; one out of range throws Error (Index).
namespace lazuli {

/// Entries index[0], index[1], ... of dimension `dim`; `index` 0-d or 1-d, int64 or int32.
Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index);
/// self with self[.., index[j], ..] += alpha * source[.., j, ..]; = for index_copy; = value for index_fill.
Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1);
Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value);
Tensor index_fill(...) = delete;  // index_fill(x, dim, index, tensor or number value)
/// The entries of `source` that arrive at one of self reduced by "prod", "mean", "amax" or "amin", with its old value if `include_self`.
Tensor index_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self = true);
Tensor& index_add_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1);
Tensor& index_copy_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
Tensor& index_fill_(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
Tensor& index_fill_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value);
Tensor& index_fill_(...) = delete;  // index_fill_(x, dim, index, tensor or number value)
Tensor& index_reduce_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self = true);

/// Elements of self, seen as 1-d, at `index` (int64; negative from the end), in the sizes of `index`.
Tensor take(const Tensor& self, const Tensor& index);
/// gather with `indices` and self broadcast against each other in the other dimensions; without `dim` both are seen as 1-d. Negative from the end.
Tensor take_along_dim(const Tensor& self, const Tensor& indices, std::optional<int64_t> dim = {});
/// self with the elements at `index`, self seen as 1-d, replaced by (`accumulate`: increased by) those of `source`.
Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate = false);
Tensor& put_(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate = false);

/// The elements where `mask` (bool, broadcast with self) is true, 1-d in row-major order.
Tensor masked_select(const Tensor& self, const Tensor& mask);
/// self with the elements where `mask` is true replaced by the first ones of `source`, in row-major order.
Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source);
Tensor& masked_scatter_(const Tensor& self, const Tensor& mask, const Tensor& source);

/// Indices of the elements that are not zero, [count, rank] int64 in row-major order (argwhere: the same, also for 0-d tensors).
Tensor nonzero(const Tensor& self);
Tensor argwhere(const Tensor& self);
/// The same as one 1-d tensor for each dimension, as indexing takes them; a 0-d tensor counts as 1-d.
std::vector<Tensor> nonzero_as_tuple(const Tensor& self);
/// The first `size` of them, [size, rank], filled up with `fill_value`: of sizes that are known beforehand.
Tensor nonzero_static(const Tensor& self, int64_t size, int64_t fill_value = -1);

}  // namespace lazuli
