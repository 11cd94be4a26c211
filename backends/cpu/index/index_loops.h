#pragma once
#include "lazuli/core/dtype.h"

/// Loops in vectors that reading and writing through indices share.
namespace lazuli::cpu {

/// self[i] += alpha * values[i] over n contiguous elements of a floating point dtype.
using AddRow = void (*)(void* self, const void* values, int64_t n, double alpha);
AddRow add_row_of(DType dtype);
/// The same for values of float16 or bfloat16 that are added up in float32.
AddRow add_to_float_row_of(DType half);

/// Whether all values are in [0, size).
bool all_below(const int64_t* values, int64_t n, int64_t size);

}  // namespace lazuli::cpu
