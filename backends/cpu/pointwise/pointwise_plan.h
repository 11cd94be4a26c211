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

/// The iteration space of an elementwise operation on at most kOperands tensors: dimensions ordered by the output's strides, innermost first, and merged where all operands allow it.
template <int kOperands>
struct BasicPlan {
  int rank = 0, count = 0;  // operand 0 is the output
  int64_t numel = 0;
  int64_t size[kMaxRank];
  PlannedOperand operand[kOperands];

  BasicPlan(const Tensor& out, const Tensor* const* inputs, int input_count);
};
using PointwisePlan = BasicPlan<kMaxOperands>;

/// The dimension along which operand k is dense, where that is another one than the output's and both are worth going through in blocks; else 0.
template <int kOperands>
int transposed_along(const BasicPlan<kOperands>& plan, int k) {
  constexpr int64_t kWorthwhile = 4;
  const PlannedOperand &out = plan.operand[0], &in = plan.operand[k];
  int along = 0;
  if (out.stride[0] != out.item || in.stride[0] == in.item || plan.size[0] < kWorthwhile) return along;
  for (int d = 1; d < plan.rank; d++)
    if (in.stride[d] == in.item && plan.size[d] >= kWorthwhile) along = d;
  return along;
}

/// A place in a plan: the index of each dimension, and each operand's offset in bytes of the row (all dimensions but the innermost) that it is in.
template <int kOperands>
struct BasicCursor {
  const BasicPlan<kOperands>& plan;
  int64_t index[kMaxRank];
  int64_t offset[kOperands];

  BasicCursor(const BasicPlan<kOperands>& of_plan, int64_t position);
  /// Forward by at most the rest of the row.
  void advance(int64_t n) {
    if ((index[0] += n) == plan.size[0]) next_row();
  }
  void next_row();
};
using PlanCursor = BasicCursor<kMaxOperands>;

/// Those of fused programs: up to eight outputs, sixteen inputs, and one more that gives the order.
inline constexpr int kFusedOperands = 25;
extern template struct BasicPlan<kMaxOperands>;
extern template struct BasicPlan<kFusedOperands>;
extern template struct BasicCursor<kMaxOperands>;
extern template struct BasicCursor<kFusedOperands>;

}  // namespace lazuli::cpu
