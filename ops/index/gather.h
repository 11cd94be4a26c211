#pragma once
#include "lazuli/core/factory.h"

namespace lazuli {

/// out[i][j][k] = self[i][index[i][j][k]][k] for dim = 1, and so on; `index` (int64 or int32) has self's rank and is no larger in the other dimensions.
/// Throws Error (Index) for an index out of range.
Tensor gather(const Tensor& self, int64_t dim, const Tensor& index);
/// self[i][index[i][j][k]][k] = src[i][j][k]; `index` is no larger than `src`. Of entries that are written twice, the last stays.
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
/// With reduce "add" or "multiply" instead of replacing; not differentiable.
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce);
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce);
Tensor scatter(...) = delete;  // scatter(x, dim, index, tensor or number, [reduce])
Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
/// reduce: "sum", "prod", "mean", "amax" or "amin" of all that arrives at an entry, and of its old value if `include_self`.
Tensor scatter_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self = true);

Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce);
Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce);
Tensor& scatter_(...) = delete;  // scatter_(x, dim, index, tensor or number, [reduce])
Tensor& scatter_add_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
Tensor& scatter_reduce_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self = true);

}  // namespace lazuli
