#pragma once
#include <cstdint>

#include "lazuli/core/dtype.h"

/// Loops of cross entropy over dense rows of logits, one thread each. Weights are of the compute dtype, null for ones.
namespace lazuli::cpu {

/// log(sum(exp)) of each of the rows of n; and, unless null, their sums of weight * x.
void log_sum_exp_rows(DType dtype, const void* in, int64_t rows, int64_t n, const void* weight, double* log_sums, double* weighted_sums);

/// What the gradient of a row is made of: `class_scale` falls to the class `target`, `spread` times its weight to each. Below 0 no class: zeros.
struct EntropyRow {
  int64_t target;
  double log_sum, scale, spread, class_scale;
};
inline constexpr int64_t kEntropyRows = 32;  // at most, in a call
/// grad[i][j] = scale exp(x[i][j] - log_sum) - spread weight[j] - [j = target] class_scale; `grad` may lie over the logits.
void cross_entropy_backward_rows(DType dtype, void* grad, const void* in, int64_t rows, int64_t n, const void* weight, const EntropyRow* each);

}  // namespace lazuli::cpu
