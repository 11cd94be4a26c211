#pragma once
#include "lazuli/core/tensor.h"

/// What the tape needs of operators, which it does not know: ops/base/gradient_support.cpp defines these. All are differentiable.
namespace lazuli::support {

Tensor add(const Tensor& a, const Tensor& b);
/// a += b without recording.
void add_in_place(Tensor& a, const Tensor& b);
Tensor clone(const Tensor& t);
/// Along the first dimension.
Tensor cat(const std::vector<Tensor>& tensors);
/// Summed over the dimensions in which `sizes` broadcasts to the tensor's.
Tensor sum_to_size(const Tensor& t, const Shape& sizes);
/// Cast; complex to real takes the real part.
Tensor cast(const Tensor& t, DType dtype);
Tensor to_device(const Tensor& t, Device device);
Tensor ones_like(const Tensor& t);
Tensor zeros(const Shape& sizes, DType dtype, Device device);
/// The view at (sizes, strides, offset from the base's first element) of a tensor, as as_strided gives it.
Tensor read_view(const Tensor& base, const Shape& sizes, const Shape& strides, int64_t offset);
/// Its gradient: zeros of the base's sizes (and strides) to which `grad` is added where the view lies; the view may overlap itself.
Tensor read_view_backward(const Tensor& grad, const Shape& base_sizes, const Shape& base_strides, const Shape& strides, int64_t offset);
/// A copy of `base`, in its layout, with that view replaced by `values`.
Tensor write_view(const Tensor& base, const Tensor& values, const Shape& strides, int64_t offset);
bool has_nan(const Tensor& t);

}  // namespace lazuli::support
