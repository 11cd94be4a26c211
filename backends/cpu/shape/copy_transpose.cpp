#include <algorithm>
#include <cstring>

#include "lazuli/backends/cpu/shape/copy.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

struct SixteenBytes {
  uint64_t words[2];
};

// The smallest squares are turned in registers.
template <class U>
struct Square {
  static constexpr int64_t kSide = 1;
};
template <>
struct Square<uint32_t> {
  static constexpr int64_t kSide = 4;
  typedef uint32_t Row __attribute__((vector_size(16)));
  static void turn(Row* r) {
    const Row low01 = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5), high01 = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
    const Row low23 = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5), high23 = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
    r[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5), r[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
    r[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5), r[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
  }
};
template <>
struct Square<uint64_t> {
  static constexpr int64_t kSide = 2;
  typedef uint64_t Row __attribute__((vector_size(16)));
  static void turn(Row* r) {
    const Row first = __builtin_shufflevector(r[0], r[1], 0, 2), second = __builtin_shufflevector(r[0], r[1], 1, 3);
    r[0] = first, r[1] = second;
  }
};

// out[c][r] = in[r][c] for one block, by way of a copy in the first-level cache: strides that are large powers of two would throw its lines out of there
// between their uses. `out_stride` and `in_stride` are of rows, in bytes.
template <class U, int64_t kBlock>
void transpose_block(char* out, int64_t out_stride, const char* in, int64_t in_stride, int64_t rows, int64_t columns) {
  alignas(64) U block[kBlock][kBlock];
  for (int64_t r = 0; r < rows; r++) std::memcpy(block[r], in + r * in_stride, size_t(columns) * sizeof(U));
  if constexpr (constexpr int64_t kSide = Square<U>::kSide; kSide > 1) {
    if (rows == kBlock && columns == kBlock) {
      for (int64_t c = 0; c < kBlock; c += kSide)
        for (int64_t r = 0; r < kBlock; r += kSide) {
          typename Square<U>::Row square[kSide];
          for (int64_t k = 0; k < kSide; k++) std::memcpy(&square[k], &block[r + k][c], sizeof(square[k]));
          Square<U>::turn(square);
          for (int64_t k = 0; k < kSide; k++) std::memcpy(out + (c + k) * out_stride + r * int64_t(sizeof(U)), &square[k], sizeof(square[k]));
        }
      return;
    }
  }
  for (int64_t c = 0; c < columns; c++) {
    U* to = reinterpret_cast<U*>(out + c * out_stride);
    for (int64_t r = 0; r < rows; r++) to[r] = block[r][c];
  }
}

template <class U>
void transpose(const PointwisePlan& plan, int along) {
  constexpr int64_t kBlock = sizeof(U) >= 8 ? 16 : sizeof(U) == 4 ? 32 : 64;
  const PlannedOperand &out = plan.operand[0], &in = plan.operand[1];
  const int64_t rows = plan.size[0], columns = plan.size[along], row_blocks = (rows + kBlock - 1) / kBlock,
                column_blocks = (columns + kBlock - 1) / kBlock;
  int64_t outer = 1;
  for (int d = 1; d < plan.rank; d++) outer *= d == along ? 1 : plan.size[d];
  const int64_t strips = outer * column_blocks;  // a strip: one block of columns, all rows
  parallel_for(0, strips, std::max<int64_t>(1, 65536 / (kBlock * rows)), [&](int64_t begin, int64_t end) {
    for (int64_t strip = begin; strip < end; strip++) {
      int64_t place = strip / column_blocks;
      const int64_t column = strip % column_blocks * kBlock;
      char* to = out.data + column * out.stride[along];
      const char* from = in.data + column * in.stride[along];
      for (int d = 1; d < plan.rank; d++) {
        if (d == along) continue;
        const int64_t index = place % plan.size[d];
        place /= plan.size[d];
        to += index * out.stride[d];
        from += index * in.stride[d];
      }
      for (int64_t b = 0; b < row_blocks; b++) {
        const int64_t row = b * kBlock;
        transpose_block<U, kBlock>(to + row * out.stride[0], out.stride[along], from + row * in.stride[0], in.stride[0], std::min(kBlock, rows - row),
                                   std::min(kBlock, columns - column));
      }
    }
  });
}

}  // namespace

bool copy_transposed(const PointwisePlan& plan) {
  const int along = transposed_along(plan, 1);
  if (along == 0) return false;
  switch (plan.operand[0].item) {
    case 1: transpose<uint8_t>(plan, along); break;
    case 2: transpose<uint16_t>(plan, along); break;
    case 4: transpose<uint32_t>(plan, along); break;
    case 8: transpose<uint64_t>(plan, along); break;
    default: transpose<SixteenBytes>(plan, along);
  }
  return true;
}

}  // namespace lazuli::cpu
