#pragma once
#include "lazuli/ops/base/pointwise.h"

namespace lazuli::detail {

/// The greater (Maximum) or the lesser (Minimum) of two real tensors, NaN where one is; equal operands share the gradient.
Tensor extremum(Target target, const char* name, BinaryOp op, const Tensor& self, const Tensor& other);

}  // namespace lazuli::detail
