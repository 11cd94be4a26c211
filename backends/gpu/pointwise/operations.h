#pragma once
#include "lazuli/backends/gpu/pointwise/pointwise.h"
#include "lazuli/core/slots/pointwise_codes.h"

/// What the elementwise operators compute on a GPU, as text: the CPU's formulas, branch for branch. The expressions stand in core/slots/pointwise_codes.def.
namespace lazuli::gpu {

/// The operation for operands of that dtype. Throws Error unless the operator takes it.
const Operation& operation(UnaryOp op, DType t);
const Operation& operation(BinaryOp op, DType t);
const Operation& operation(TernaryOp op, DType t);

}  // namespace lazuli::gpu
