#pragma once
#include "lazuli/backends/cpu/pointwise/loops.h"

/// The loops behind the pointwise slots, by operator and dtype: of the operands, but for ternary ones of the output. Throw Error (Type) for a dtype that the operator refuses.
namespace lazuli::cpu {

const PointwiseLoop& loop_of(UnaryOp op, DType dtype);
const PointwiseLoop& loop_of(BinaryOp op, DType dtype);
const PointwiseLoop& loop_of(TernaryOp op, DType dtype);

}  // namespace lazuli::cpu
