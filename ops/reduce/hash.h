#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// The exclusive or of the bits of the elements over `dims` (none: all), each taken as 64 bits: integers as int64, floating point as float64. In int64, for want of an unsigned one.
/// Throws Error for complex tensors and modes other than 0.
Tensor hash_tensor(const Tensor& self, const DimList& dims = {}, bool keepdim = false, int64_t mode = 0);

}  // namespace lazuli
