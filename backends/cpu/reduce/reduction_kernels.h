#pragma once
#include "lazuli/backends/cpu/reduce/reduction_engine.h"
#include "lazuli/core/dtype.h"

/// The folding kernels that reduce.cpp chooses from. Accumulators are AccumulatorType of the element type.
namespace lazuli::cpu {

/// What is done to an element before it is folded, and how it is folded.
enum class Fold : uint8_t { Sum, NanSum, SumSquares, SumAbs, CountNonzero, Prod, Max, Min, AbsMax, AbsMin, Count_ };

/// Floating point dtypes; accumulators are double.
const ReduceKernel& float_reduce_kernel(Fold fold, DType dtype);
/// Integers and bool (int64 accumulators) and complex (complex128); null where there is none.
const ReduceKernel* integer_reduce_kernel(Fold fold, DType dtype);
const ReduceKernel* complex_reduce_kernel(Fold fold, DType dtype);

/// How many of n values are true.
int64_t count_true(const bool* p, int64_t n);

/// log(sum(exp)): a running maximum and the sum of exp(x - maximum).
struct LogSumExpState {
  double max, sum;
  void add(const LogSumExpState& other);
  double result() const;
};
const ReduceKernel& log_sum_exp_kernel(DType dtype);

/// Count, mean and sum of squared deviations.
struct MomentState {
  double count, mean, m2;
  void add(const MomentState& other);  // Chan's formula
};
const ReduceKernel& moment_kernel(DType dtype);
struct ComplexMomentState {
  double count, mean_re, mean_im, m2;
};
const ReduceKernel& complex_moment_kernel(DType dtype);

}  // namespace lazuli::cpu
