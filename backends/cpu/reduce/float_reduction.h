#pragma once
#include "lazuli/backends/cpu/reduce/reduction_kernels.h"
#include "lazuli/core/slots.h"

/// What the reduce slot does with floating dtypes, for who has the elements before they are in memory.
namespace lazuli::cpu {

/// How the operator folds elements; all but LogSumExp.
Fold fold_of(ReduceOp op);

/// Ends n folds of `count` elements each and writes them as the elements [first, first + n) of the contiguous out.
void write_folded(ReduceOp op, int64_t count, Tensor& out, int64_t first, const double* accumulators, int64_t n);

}  // namespace lazuli::cpu
