#pragma once
#include <algorithm>

#include "lazuli/core/tensor.h"

/// Images whose channels lie next to each other: the sizes stay [n, channels, spatial..], the strides say so.
namespace lazuli {

/// Strides of an image whose channels lie next to each other.
inline Shape channels_last_strides(const Shape& sizes) {
  Shape strides = sizes;
  int64_t step = std::max<int64_t>(sizes[1], 1);
  strides[1] = 1;
  for (int64_t d = sizes.size() - 1; d >= 0; --d)
    if (d != 1) {
      strides[d] = step;
      step *= std::max<int64_t>(sizes[d], 1);
    }
  return strides;
}
/// Whether an image lies so, and not in row-major order.
inline bool is_channels_last(const Tensor& t) {
  if (t.dim() < 3 || t.is_contiguous()) return false;
  const Shape strides = channels_last_strides(t.sizes());
  for (int64_t d = 0; d < t.dim(); ++d)
    if (t.sizes()[d] != 1 && t.strides()[d] != strides[d]) return false;
  return true;
}

}  // namespace lazuli
