#pragma once
#include <span>

#include "lazuli/core/tensor.h"

namespace lazuli::gpu {

/// Where the indexed dimensions of advanced indexing point: an index of the indices' common sizes, of which each value is in [low, size) (else it is an error, or for
/// size INT64_MAX is left out without one), counts from `size` where negative, and stands for `scale` elements.
struct IndexedPlaces {
  Tensor index;
  int64_t low, size, scale;
};
/// For `self` with its indexed dimensions first, as many as there are indices.
IndexedPlaces indexed_places(const char* op, const Tensor& self, std::span<const Tensor> indices);

}  // namespace lazuli::gpu
