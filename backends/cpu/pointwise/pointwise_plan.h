#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli::cpu {

inline constexpr int kMaxRank = 64, kMaxOperands = 4;

/// One tensor of a plan: where it starts and its strides in bytes, the innermost dimension first.
struct PlannedOperand {
  char* data;
  int64_t item;
  DType dtype;
  bool dense;   // element i of the iteration lies at data + i * item
  bool scalar;  // all strides are 0
  int64_t stride[kMaxRank];
};

/// The iteration space of an elementwise operation: dimensions ordered by the output's strides, innermost first, and merged where all operands allow it.
struct PointwisePlan {
  int rank = 0, count = 0;  // operand 0 is the output
  int64_t numel = 0;
  int64_t size[kMaxRank];
  PlannedOperand operand[kMaxOperands];

  PointwisePlan(const Tensor& out, const Tensor* const* inputs, int input_count);
};

/// The dimension along which operand k is dense, where that is another one than the output's and both are worth going through in blocks; else 0.
int transposed_along(const PointwisePlan& plan, int k);

/// A place in a plan: the index of each dimension, and each operand's offset in bytes of the row (all dimensions but the innermost) that it is in.
struct PlanCursor {
  const PointwisePlan& plan;
  int64_t index[kMaxRank];
  int64_t offset[kMaxOperands];

  PlanCursor(const PointwisePlan& of_plan, int64_t position);
  /// Forward by at most the rest of the row.
  void advance(int64_t n) {
    if ((index[0] += n) == plan.size[0]) next_row();
  }
  void next_row();
};

}  // namespace lazuli::cpu
