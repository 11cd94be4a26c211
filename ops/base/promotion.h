#pragma once
#include <initializer_list>

#include "lazuli/core/tensor.h"

namespace lazuli {

/// The dtype in which these take part in one operation: tensors with dimensions decide; 0-d tensors and C++ numbers only when they are of a higher category
/// (https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc). Undefined tensors count for nothing.
DType result_type(std::initializer_list<const Tensor*> tensors);
DType result_type(const std::vector<Tensor>& tensors);
DType result_type(const Tensor& self, const Tensor& other);
DType result_type(const Tensor& self, const Scalar& other);
/// The dtype itself, or the default dtype for integers and bool.
DType float_type(DType t);
/// The device of the operands: the same for all, but for 0-d CPU tensors, which go anywhere. Throws Error naming `op` and both devices.
Device common_device(const char* op, std::initializer_list<const Tensor*> tensors);

}  // namespace lazuli
