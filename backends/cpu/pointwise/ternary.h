#pragma once
#include "lazuli/backends/cpu/pointwise/loops.h"

namespace lazuli::cpu {

/// The table behind the ternary slot, by the dtype of the output.
struct TernaryTable {
  PointwiseLoop loops[int(TernaryOp::Count_)][kDTypeCount];
  PointwiseLoop& at(TernaryOp op, DType dtype) { return loops[int(op)][int(dtype)]; }
};

void fill_ternary_vector(TernaryTable& table);  // float32 and float64, and Where for every dtype

}  // namespace lazuli::cpu
