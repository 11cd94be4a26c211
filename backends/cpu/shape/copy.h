#pragma once
#include "lazuli/backends/cpu/pointwise/pointwise.h"
#include "lazuli/backends/cpu/pointwise/pointwise_plan.h"

namespace lazuli::cpu {

/// Puts the conversions that have a vector form over the plain ones: between float32 and the half types, from bytes to float32. loops[from][to].
void fill_vector_conversions(Loop (&loops)[kDTypeCount][kDTypeCount]);

/// Copies a plan of two operands of one dtype in square blocks, where `transposed_along` finds a dimension. False: it is not such a plan.
bool copy_transposed(const PointwisePlan& plan);
/// Copies a plan of two operands of one dtype, of any strides: negative ones too.
void copy_strided(const PointwisePlan& plan);

}  // namespace lazuli::cpu
