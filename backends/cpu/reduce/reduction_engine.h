#pragma once
#include <cstdint>

/// The order in which a reduction walks memory, whatever it computes. A kernel folds elements into accumulators of its own kind; the engine gives it
/// rows of contiguous elements (or packs them), splits the work by the shapes alone, and combines the parts in order: the result does not depend on threads.
namespace lazuli {
class Tensor;
}

namespace lazuli::cpu {

struct ReduceKernel {
  int accumulator_bytes = 0;  // at most 32
  void (*init)(void* accumulators, int64_t n) = nullptr;
  // accumulator[r] takes in row r of the contiguous rows of n
  void (*rows)(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) = nullptr;
  // accumulator[j] takes in column j of rows of n <= kMaxTile
  void (*columns)(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) = nullptr;
  // accumulator[i] takes in other[i]
  void (*combine)(void* accumulators, const void* other, int64_t n) = nullptr;
};

/// Writes n results: element i at out_offset[k] + i * out_stride[k] of output k.
struct ReduceFinish {
  void (*write)(void* context, const void* accumulators, int64_t n, const int64_t* out_offset, const int64_t* out_stride);
  void* context;
};

inline constexpr int64_t kMaxTile = 1024;

/// Reduces `in` over the dimensions where `out` has size 1; `out2` is null or a second output of the same sizes.
void run_reduction(const Tensor& in, const Tensor& out, const Tensor* out2, const ReduceKernel& kernel, ReduceFinish finish);

}  // namespace lazuli::cpu
