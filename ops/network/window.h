#pragma once
#include <algorithm>
#include <limits>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/ops/base/pointwise.h"

/// What convolution and pooling share: windows that slide over the spatial dimensions of images [n, channels, spatial..].
namespace lazuli::window {

/// Any kernel, stride, padding or dilation; so the products of two of them fit 63 bits.
inline constexpr int64_t kMost = std::numeric_limits<int32_t>::max();

/// One entry for each of `rank` dimensions, from one for all or one for each; each at least `least` and at most kMost.
inline Shape entries(const char* op, const char* argument, const Shape& given, int64_t rank, int64_t least) {
  if (given.size() != 1 && given.size() != rank)
    fail(op, argument, rank == 1 ? "one number" : "one number, or " + std::to_string(rank), to_string(given));
  Shape all = given.size() == rank ? given : Shape::filled(rank, given[0]);
  for (int64_t v : all)
    if (v < least || v > kMost)
      fail(op, argument, v < least ? "values of at least " + std::to_string(least) : "values of at most " + std::to_string(kMost), to_string(given));
  return all;
}

/// The last `rank` sizes.
inline Shape spatial(const Shape& sizes, int64_t rank) { return Shape(sizes.data() + (sizes.size() - rank), rank); }

/// Sizes with these spatial ones.
inline Shape with_spatial(const Shape& sizes, const Shape& spatial) {
  Shape out = sizes;
  std::copy(spatial.begin(), spatial.end(), out.end() - spatial.size());
  return out;
}

/// A new image, with channels last where those of `like` are.
inline Tensor new_image(const Shape& sizes, DType dtype, const Tensor& like) {
  return is_channels_last(like) ? new_strided(sizes, channels_last_strides(sizes), dtype, like.device()) : new_tensor(sizes, dtype, like.device());
}

}  // namespace lazuli::window
