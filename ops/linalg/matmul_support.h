#pragma once
#include "lazuli/ops/base/target.h"

/// What the products share. Not for users.
namespace lazuli::product {

/// The last two dimensions swapped (adjoint: and conjugated if complex); differentiable, and without the cost of a view where nothing is recorded.
Tensor transposed(const Tensor& t);
Tensor adjoint(const Tensor& t);
/// Conjugated if complex, else the tensor itself.
Tensor conjugated(const Tensor& t);
/// One dtype that matrix products know, on one device.
void check_operands(const char* op, const Tensor& a, const Tensor& b, const char* a_name = "self", const char* b_name = "mat2");
/// A factor of a product of integers: without its fraction, as PyTorch has it in addmv, addbmm and baddbmm.
Scalar factor(const Scalar& value, DType dtype);
/// beta * self + alpha * mat1 @ mat2 for operands of rank 2 or 3, recorded as `name`.
Tensor add_product(Target target, const char* name, const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta,
                   const Scalar& alpha);
/// a @ b for 2-d or 3-d operands that fit: allocation and kernel, no record.
Tensor run(const Tensor& a, const Tensor& b);

}  // namespace lazuli::product
