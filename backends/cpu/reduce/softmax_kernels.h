#pragma once
#include <cstdint>

#include "lazuli/core/dtype.h"

/// Loops of the softmax family over dense memory, one thread each. `log`: log_softmax.
namespace lazuli::cpu {

/// rows of n contiguous elements
void softmax_rows(DType dtype, void* out, const void* in, int64_t rows, int64_t n, bool log);
/// A row, or a piece of one, whose maximum and sum of exponentials are known: exp(x - max) / sum, or its logarithm.
void finish_softmax_row(DType dtype, void* out, const void* in, int64_t n, double max, double sum, bool log);
void softmax_backward_rows(DType dtype, void* grad_in, const void* grad, const void* out, int64_t rows, int64_t n, bool log);
/// n rows of `width` <= kSoftmaxTile columns, `stride` elements apart; along the rows
inline constexpr int64_t kSoftmaxTile = 512;
void softmax_columns(DType dtype, void* out, const void* in, int64_t n, int64_t stride, int64_t width, bool log);
void softmax_backward_columns(DType dtype, void* grad_in, const void* grad, const void* out, int64_t n, int64_t stride, int64_t width, bool log);

/// The maximum, and the sum of exp(x - maximum), of a row and of columns; the maximum is NaN where there is a NaN, and the sum is 1 where the maximum is infinite.
void exp_sum_row(DType dtype, const void* row, int64_t n, double* max, double* sum);
void exp_sum_columns(DType dtype, const void* in, int64_t n, int64_t stride, int64_t width, double* max, double* sum);

}  // namespace lazuli::cpu
