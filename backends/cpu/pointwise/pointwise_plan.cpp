#include "lazuli/backends/cpu/pointwise/pointwise_plan.h"

#include <algorithm>
#include <string>

#include "lazuli/core/error.h"

namespace lazuli::cpu {

template <int kOperands>
BasicPlan<kOperands>::BasicPlan(const Tensor& out, const Tensor* const* inputs, int input_count) : count(input_count + 1), numel(out.numel()) {
  const Tensor* tensors[kOperands] = {&out};
  std::copy_n(inputs, input_count, tensors + 1);
  const int64_t* strides[kOperands];
  for (int k = 0; k < count; k++) {
    const Tensor& t = *tensors[k];
    operand[k].data = static_cast<char*>(t.address());
    operand[k].dtype = t.dtype();
    operand[k].item = lazuli::item_size(t.dtype());
    strides[k] = t.strides().data();
  }
  const int dims = int(out.dim());
  if (dims > kMaxRank) fail(ErrorKind::NotSupported, "pointwise", "", "at most 64 dimensions", std::to_string(dims));
  const int64_t* sizes = out.sizes().data();
  int order[kMaxRank], kept = 0;
  for (int d = dims - 1; d >= 0; d--) {
    if (sizes[d] == 1) continue;
    int at = kept++;
    for (; at > 0 && strides[0][order[at - 1]] > strides[0][d]; at--) order[at] = order[at - 1];
    order[at] = d;
  }
  for (int i = 0; i < kept; i++) {
    const int d = order[i];
    bool merge = rank > 0;
    for (int k = 0; k < count && merge; k++) merge = strides[k][d] * operand[k].item == operand[k].stride[rank - 1] * size[rank - 1];
    if (merge) {
      size[rank - 1] *= sizes[d];
      continue;
    }
    size[rank] = sizes[d];
    for (int k = 0; k < count; k++) operand[k].stride[rank] = strides[k][d] * operand[k].item;
    rank++;
  }
  if (rank == 0) {
    rank = 1;
    size[0] = 1;
    for (int k = 0; k < count; k++) operand[k].stride[0] = operand[k].item;
  }
  for (int k = 0; k < count; k++) {
    PlannedOperand& o = operand[k];
    o.dense = o.scalar = true;
    int64_t expected = o.item;
    for (int d = 0; d < rank; expected *= size[d++]) {
      o.dense &= o.stride[d] == expected;
      o.scalar &= o.stride[d] == 0;
    }
  }
}

template <int kOperands>
BasicCursor<kOperands>::BasicCursor(const BasicPlan<kOperands>& of_plan, int64_t position) : plan(of_plan) {
  for (int k = 0; k < plan.count; k++) offset[k] = 0;
  if (position == 0) {
    for (int d = 0; d < plan.rank; d++) index[d] = 0;
    return;
  }
  for (int d = 0; d < plan.rank; d++) {
    index[d] = position % plan.size[d];
    position /= plan.size[d];
    if (d == 0) continue;
    for (int k = 0; k < plan.count; k++) offset[k] += index[d] * plan.operand[k].stride[d];
  }
}

template <int kOperands>
void BasicCursor<kOperands>::next_row() {
  index[0] = 0;
  for (int d = 1; d < plan.rank; d++) {
    for (int k = 0; k < plan.count; k++) offset[k] += plan.operand[k].stride[d];
    if (++index[d] < plan.size[d]) return;
    index[d] = 0;
    for (int k = 0; k < plan.count; k++) offset[k] -= plan.size[d] * plan.operand[k].stride[d];
  }
}

template struct BasicPlan<kMaxOperands>;
template struct BasicPlan<kFusedOperands>;
template struct BasicCursor<kMaxOperands>;
template struct BasicCursor<kFusedOperands>;

}  // namespace lazuli::cpu
