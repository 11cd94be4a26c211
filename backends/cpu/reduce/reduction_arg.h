#pragma once
#include "lazuli/core/dtype.h"
#include "lazuli/core/slots/codes.h"

namespace lazuli {
class Tensor;
}

namespace lazuli::cpu {

void arg_reduce(ArgReduceOp op, Tensor& out, Tensor& values, const Tensor& in, int64_t dim);

/// Floating point columns: best[j] and index[j] of in[r * row_stride + j] over r. `best` is of the compute type (float or double), `index` int32 or int64 of the same size
/// (at most 2^31 rows of the first); both aligned to 64 bytes and written in whole vectors.
void arg_columns_float(bool max, DType dtype, void* best, void* index, const void* in, int64_t rows, int64_t row_stride, int64_t n);

/// The first position of `value`, which is there, in a row of a floating point dtype; NaN finds the first NaN.
int64_t find_value(DType dtype, const void* row, int64_t n, double value);

}  // namespace lazuli::cpu
