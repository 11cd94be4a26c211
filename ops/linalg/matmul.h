#pragma once
#include "lazuli/core/tensor.h"

/// Products of matrices and vectors. Operands have one dtype, not bool. Sizes that do not fit
/// throw Error naming both shapes.
/// Transposed and otherwise strided operands are read where they lie.
namespace lazuli {

/// [m, k] x [k, n] -> [m, n].
Tensor mm(const Tensor& self, const Tensor& mat2);
/// [b, m, k] x [b, k, n] -> [b, m, n].
Tensor bmm(const Tensor& self, const Tensor& mat2);
/// [m, k] x [k] -> [m].
Tensor mv(const Tensor& self, const Tensor& vec);
/// Sum of products of two vectors of one length: a number.
Tensor dot(const Tensor& self, const Tensor& tensor);
/// The same with the first one conjugated.
Tensor vdot(const Tensor& self, const Tensor& other);
/// numpy's product: vectors, matrices, and batches of matrices whose leading dimensions broadcast.
Tensor matmul(const Tensor& self, const Tensor& other);
/// beta * self + alpha * mat1 @ mat2; self broadcasts to [m, n]. With beta 0, NaN in self is not seen.
Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1);
/// The same for batches: beta * self + alpha * batch1 @ batch2, [b, m, n].
Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
/// In place; self has the sizes of the result.
Tensor& addmm_(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1);
Tensor& baddbmm_(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
/// input [.., in] times weight [out, in] transposed, plus bias [out] -> [.., out]: one kernel call, whatever the leading dimensions.
Tensor linear(const Tensor& input, const Tensor& weight, const OptionalTensor& bias = {});

}  // namespace lazuli
