#pragma once
#include <string>

#include "lazuli/data/transforms/functional.h"

/// What the transforms share.
namespace lazuli::data::transforms::detail {

/// Throws Error for an undefined image, fewer than `least` dimensions, a complex one or one of no pixels.
void check_image(const char* op, const Tensor& image, int64_t least = 2);
/// {height, width} of one or two numbers of at least 1.
Shape height_and_width(const char* op, const char* argument, const Shape& size);
DType wide(DType dtype);
/// In the dtype that is computed with, and back: rounded and clamped for integers.
Tensor widened(const Tensor& image);
Tensor narrowed(const Tensor& image, DType dtype);

}  // namespace lazuli::data::transforms::detail
