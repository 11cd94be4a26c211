#pragma once
#include "lazuli/core/dtype.h"

namespace lazuli::cpu {

/// self[i] += alpha * values[i] over n contiguous elements of a floating point dtype.
using AddRow = void (*)(void* self, const void* values, int64_t n, double alpha);
AddRow add_row_of(DType dtype);

}  // namespace lazuli::cpu
