#pragma once
#include "lazuli/backends/gpu/reduce/fold.h"

namespace lazuli::gpu {

/// sum(g) to out0 and sum(g (x - mean) rstd) to out1, of the inputs g, x, rstd and, unless it is 0, mean.
inline constexpr Fold kNormGradients{R"gpu(
typedef struct { ACCUMULATOR sum, sum_hat; } State;
DEVICE State start() { State s; s.sum = 0; s.sum_hat = 0; return s; }
DEVICE State merge(State s, State t) { s.sum += t.sum; s.sum_hat += t.sum_hat; return s; }
)gpu",
                                     R"gpu(
#if INPUTS == 3
DEVICE State take(State s, int64 r, A_COMPUTE g, B_COMPUTE x, C_COMPUTE rstd) {
  const ACCUMULATOR hat = x * rstd;
#else
DEVICE State take(State s, int64 r, A_COMPUTE g, B_COMPUTE x, C_COMPUTE rstd, D_COMPUTE mean) {
  const ACCUMULATOR hat = (x - mean) * rstd;
#endif
  s.sum += g;
  s.sum_hat += g * hat;
  return s;
}
#define FINISH \
  O_STORE(out0, at[0], (O_COMPUTE)s.sum); \
  if (HAS(out1)) P_STORE(out1, at[1], (P_COMPUTE)s.sum_hat)
)gpu"};

/// The dtype that statistics are computed and kept in.
inline DType statistics_dtype(DType t) { return t == kFloat64 ? kFloat64 : kFloat32; }

}  // namespace lazuli::gpu
