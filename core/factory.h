#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// An uninitialised, contiguous tensor. Throws Error for negative sizes, sizes whose product overflows, an unknown device, or no memory.
Tensor new_tensor(const Shape& sizes, DType dtype, Device device = kCPU);
/// The same with given strides (non-negative, in elements).
Tensor new_strided(const Shape& sizes, const Shape& strides, DType dtype, Device device = kCPU);
/// Another handle on the storage of `base`, without autograd history (ops/base/view.h has the differentiable ones). Not checked.
Tensor alias(const Tensor& base, const Shape& sizes, const Shape& strides, int64_t offset);
/// The same elements, sizes and strides: `base` itself without history.
Tensor alias(const Tensor& base);
/// A 0-d tensor on the CPU that holds `value` in itself: it takes no memory from the allocator.
Tensor number_tensor(const Scalar& value, DType dtype);
/// A 0-d tensor of a C++ number; only the number's kind takes part in type promotion. It lies on the CPU, from where it goes with tensors of any device, or on "meta".
Tensor wrapped(const Scalar& value, Device device = kCPU);
/// The same beside a tensor, on whose device an operator will want it; an undefined one is left for the operator to refuse.
inline Tensor wrapped(const Scalar& value, const Tensor& beside) { return wrapped(value, beside.defined() ? beside.device() : kCPU); }

/// Memory that somebody else made, as a contiguous (or strided) tensor without copying: `owner` keeps it alive.
/// Throws Error when `data` is null and there are elements, or is not aligned to the element size.
Tensor from_blob(void* data, const Shape& sizes, DType dtype, std::shared_ptr<void> owner);
/// The caller says `borrow` and promises that the memory outlives the tensor and all its views.
struct Borrow {};
inline constexpr Borrow borrow{};
Tensor from_blob(void* data, const Shape& sizes, DType dtype, Borrow);

/// One element in host memory as a number, and the reverse (cast).
Scalar load_scalar(const void* element, DType dtype);
void store_scalar(void* element, DType dtype, const Scalar& value);

}  // namespace lazuli
