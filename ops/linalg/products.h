#pragma once
#include "lazuli/core/tensor.h"

/// Products of tensors that are made of matrix products (matmul.h).
namespace lazuli {

/// beta * self + alpha * mat @ vec, [m].
Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1);
/// beta * self + alpha * outer(vec1, vec2), promoted. With beta 0, NaN in self is not seen.
Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1, const Scalar& alpha = 1);
/// beta * self + alpha * the sum of batch1[i] @ batch2[i], [m, n].
Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
/// In place; self has the sizes of the result.
Tensor& addmv_(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1);
Tensor& addr_(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1, const Scalar& alpha = 1);
Tensor& addbmm_(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
/// Every element of the vector self times every one of vec2: [n, m].
Tensor outer(const Tensor& self, const Tensor& vec2);
inline Tensor ger(const Tensor& self, const Tensor& vec2) { return outer(self, vec2); }
/// Sums of products over the last dimension of both; with a 0-d tensor the plain product.
Tensor inner(const Tensor& self, const Tensor& other);
/// Sums of products over the last `dims` dimensions of a and the first of b, or over the pairs dims_a[i], dims_b[i]; what is left of a, then of b,
/// are the dimensions of the result.
Tensor tensordot(const Tensor& a, const Tensor& b, int64_t dims = 2);
Tensor tensordot(const Tensor& a, const Tensor& b, const Shape& dims_a, const Shape& dims_b);
Tensor tensordot(...) = delete;  // tensordot(a, b, [dims]) or tensordot(a, b, dims_a, dims_b)
/// The product of all matrices, in the order that takes the fewest multiplications. The first and the last may be vectors.
Tensor chain_matmul(const std::vector<Tensor>& matrices);
/// y[n, o] = sum of input1[n, i] * weight[o, i, j] * input2[n, j], plus bias[o]; any leading dimensions in place of n.
Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const OptionalTensor& bias = {});
/// The vector product along a dimension of size 3: `dim`, or the first of this size. Broadcast and promoted.
Tensor cross(const Tensor& self, const Tensor& other, std::optional<int64_t> dim = {});

namespace linalg {

Tensor cross(const Tensor& self, const Tensor& other, int64_t dim = -1);

Tensor multi_dot(const std::vector<Tensor>& tensors);
/// Sum of conj(x) * y along dim, broadcast.
Tensor vecdot(const Tensor& x, const Tensor& y, int64_t dim = -1);

}  // namespace linalg
}  // namespace lazuli
