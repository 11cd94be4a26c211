#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"
#include "lazuli/ops/network/in_braces.h"

/// Images as columns of windows and back, and channels as places and back. Any dtype.
namespace lazuli {

struct FoldOptions {
  ByName by_name = {};
  Shape dilation = 1, padding = 0, stride = 1;
  template <class O = FoldOptions>
  static constexpr auto members() {
    return Members{member("dilation", &O::dilation, {.least = 1}), member("padding", &O::padding, {.least = 0}),
                   member("stride", &O::stride, {.least = 1})};
  }
};
using UnfoldOptions = FoldOptions;
/// The windows of images [n, c, height, width] (or without n) as columns: [n, c * kernel places, windows]; padded with zeros. Windows and columns go in row-major order.
/// (`unfold(x, dimension, size, step)` of ops/shape/shape.h is another function.) Throws Error for other ranks and a kernel that does not fit.
Tensor unfold(const Tensor& input, const Shape& kernel_size, UnfoldOptions options = {});
/// The reverse: columns [n, c * kernel places, windows] (or without n) added up where they come from in images of output_size. Throws Error where the sizes do not fit each other.
Tensor fold(const Tensor& input, const Shape& output_size, const Shape& kernel_size, FoldOptions options = {});
/// The same by position, in PyTorch's order.
inline Tensor unfold(const Tensor& input, const Shape& kernel_size, ByPosition<Shape> dilation) {
  return unfold(input, kernel_size, {.dilation = *dilation});
}
inline Tensor unfold(const Tensor& input, const Shape& kernel_size, const InBraces& dilation) {
  return unfold(input, kernel_size, {.dilation = *dilation});
}
inline Tensor unfold(const Tensor& input, const Shape& kernel_size, const Shape& dilation, const Shape& padding, const Shape& stride = 1) {
  return unfold(input, kernel_size, {.dilation = dilation, .padding = padding, .stride = stride});
}
inline Tensor fold(const Tensor& input, const Shape& output_size, const Shape& kernel_size, ByPosition<Shape> dilation) {
  return fold(input, output_size, kernel_size, {.dilation = *dilation});
}
inline Tensor fold(const Tensor& input, const Shape& output_size, const Shape& kernel_size, const InBraces& dilation) {
  return fold(input, output_size, kernel_size, {.dilation = *dilation});
}
inline Tensor fold(const Tensor& input, const Shape& output_size, const Shape& kernel_size, const Shape& dilation, const Shape& padding,
                   const Shape& stride = 1) {
  return fold(input, output_size, kernel_size, {.dilation = dilation, .padding = padding, .stride = stride});
}

/// [.., c * r^2, height, width] -> [.., c, height * r, width * r] (Shi et al. 2016, https://arxiv.org/abs/1609.05158), and the reverse. Throw Error for sizes that r does not divide.
Tensor pixel_shuffle(const Tensor& self, int64_t upscale_factor);
Tensor pixel_unshuffle(const Tensor& self, int64_t downscale_factor);
/// Of channels in `groups` (dimension 1), first those that are first in their groups, then the second ones, and so on. Throws Error unless groups divides their number.
Tensor channel_shuffle(const Tensor& self, int64_t groups);

}  // namespace lazuli
