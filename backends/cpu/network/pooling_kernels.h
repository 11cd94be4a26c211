#pragma once
#include <cstdint>

/// Loops of pooling, one thread each.
namespace lazuli::cpu {

struct PoolingLoops {
  // Of each channel the greatest of `count` >= 1 reads and, unless `at` is null, its place: the first of equal ones, the last of NaN.
  void (*greatest)(float* best, int32_t* at, const float* const* from, const int32_t* places, int64_t count, int64_t channels);
  // The same of each of `n` windows of 2 x 2 beside each other, of a row and the one `width` further; `place` is that of the first element. False, with nothing done, for fewer than a vector.
  bool (*greatest_of_fours)(float* best, int32_t* at, const float* top, int64_t width, int64_t n, int32_t place);
};
const PoolingLoops& pooling_loops();

}  // namespace lazuli::cpu
