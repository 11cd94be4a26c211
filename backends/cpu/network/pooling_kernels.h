#pragma once
#include <cstdint>

/// Loops of pooling, one thread each.
namespace lazuli::cpu {

struct PoolingLoops {
  // Of each channel the greatest of `count` >= 1 reads and, unless `at` is null, its place: the first of equal ones, the last of NaN.
  void (*greatest)(float* best, int32_t* at, const float* const* from, const int32_t* places, int64_t count, int64_t channels);
};
const PoolingLoops& pooling_loops();

}  // namespace lazuli::cpu
