#pragma once
#include <cstdint>

/// Loops of pooling, one thread each.
namespace lazuli::cpu {

struct PoolingLoops {
  // Of each channel the greatest of `count` >= 1 reads and, unless `at` is null, its place: the first of equal ones, the last of NaN.
  void (*greatest)(float* best, int32_t* at, const float* const* from, const int32_t* places, int64_t count, int64_t channels);
  // The same of each of `n` windows of two beside each other, of one row or of two, the second `width` further; `place` is that of the first element. False, with nothing done, for
  // fewer than a vector.
  bool (*greatest_of_pairs[2])(float* best, int32_t* at, const float* top, int64_t width, int64_t n, int32_t place);
  // best[i] and at[i] where values[i], or values[2 i], is greater, or NaN: its place is place + i, or place + 2 i. How many it has done.
  int64_t (*raise[2])(float* best, int32_t* at, const float* values, int64_t n, int32_t place);
};
const PoolingLoops& pooling_loops();

}  // namespace lazuli::cpu
