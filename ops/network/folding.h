#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// Images as columns of windows and back, and channels as places and back. Any dtype.
namespace lazuli {

struct FoldOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape dilation = 1, padding = 0, stride = 1;
  template <class O = FoldOptions>
  static constexpr auto members() {
    return Members{member("dilation", &O::dilation, {.least = 1}), member("padding", &O::padding, {.least = 0}),
                   member("stride", &O::stride, {.least = 1})};
  }
};
using UnfoldOptions = FoldOptions;
namespace with_options {
Tensor unfold(const Tensor& input, const Shape& kernel_size, UnfoldOptions options);
Tensor fold(const Tensor& input, const Shape& output_size, const Shape& kernel_size, FoldOptions options);
}
/// The windows of images [n, c, height, width] (or without n) as columns: [n, c * kernel places, windows]; padded with zeros. Windows and columns go in row-major order.
/// (`unfold(x, dimension, size, step)` of ops/shape/shape.h is another function.) Throws Error for other ranks and a kernel that does not fit.
template <class Dilation = UnfoldOptions>
Tensor unfold(const Tensor& input, const Shape& kernel_size, Dilation dilation = {}) {
  return with_options::unfold(input, kernel_size, by_position<UnfoldOptions>(std::move(dilation)));
}
inline Tensor unfold(const Tensor& input, const Shape& kernel_size, const Shape& dilation, const Shape& padding, const Shape& stride = 1) {
  return with_options::unfold(input, kernel_size, {.dilation = dilation, .padding = padding, .stride = stride});
}
Tensor unfold(...) = delete;  // unfold(x, kernel_size, {.dilation, .padding, .stride}) or unfold(x, dimension, size, step)
/// The reverse: columns [n, c * kernel places, windows] (or without n) added up where they come from in images of output_size. Throws Error where the sizes do not fit each other.
template <class Dilation = FoldOptions>
Tensor fold(const Tensor& input, const Shape& output_size, const Shape& kernel_size, Dilation dilation = {}, const Shape& padding = 0,
            const Shape& stride = 1) {
  return with_options::fold(input, output_size, kernel_size, by_position<FoldOptions>(std::move(dilation), padding, stride));
}

/// [.., c * r^2, height, width] -> [.., c, height * r, width * r] (Shi et al. 2016, https://arxiv.org/abs/1609.05158), and the reverse. Throw Error for sizes that r does not divide.
Tensor pixel_shuffle(const Tensor& self, int64_t upscale_factor);
Tensor pixel_unshuffle(const Tensor& self, int64_t downscale_factor);
/// Of channels in `groups` (dimension 1), first those that are first in their groups, then the second ones, and so on. Throws Error unless groups divides their number.
Tensor channel_shuffle(const Tensor& self, int64_t groups);

}  // namespace lazuli
