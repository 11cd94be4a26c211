#pragma once
#include "lazuli/ops/shape/creation.h"

namespace lazuli::test {

/// A tensor of these numbers whose gradient is wanted.
inline Tensor leaf(const NestedNumbers& numbers, DType dtype = kFloat64) { return tensor(numbers, {.dtype = dtype, .requires_grad = true}); }

}  // namespace lazuli::test
