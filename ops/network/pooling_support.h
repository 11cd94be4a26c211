#pragma once
#include "lazuli/ops/shape/shape.h"

/// What the files of pooling share. Not for users.
namespace lazuli::pooling {

/// Throws Error unless the input is real numbers of rank + 1 or rank + 2 dimensions that have elements, but for the batch.
void check_input(const char* op, const Tensor& self, int64_t rank);

/// Differentiable: the elements of images x [n, c, spatial..] at flattened spatial `indices` [n, c, places..].
Tensor picked(const Tensor& x, const Tensor& indices);

/// f(images): without the batch, of a batch of one.
template <class F>
Tensor batched(const Tensor& input, int64_t rank, F f) {
  return input.dim() == rank + 2 ? f(input) : squeeze(f(unsqueeze(input, 0)), Shape(0));
}

}  // namespace lazuli::pooling
