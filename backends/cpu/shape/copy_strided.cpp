// Copies of one dtype between tensors that are not both dense, row by row: the loops over the two innermost dimensions are plain ones over elements, or copies of whole rows.
#include <algorithm>
#include <cstring>

#include "lazuli/backends/cpu/pointwise/staging.h"
#include "lazuli/backends/cpu/shape/copy.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 131072;  // bytes
constexpr int64_t kShort = 16;      // rows of so few elements are walked across, a stretch of kStretch rows at a time
constexpr int64_t kStretch = 512;
constexpr int64_t kWholeFrom = 64;  // bytes of a row from which a call that copies it pays

struct Step {
  int64_t out, in;  // bytes
};

template <class U>
void copy_row(char* to, const char* from, int64_t n, Step step) {
  constexpr int64_t kItem = sizeof(U);
  U* o = reinterpret_cast<U*>(to);
  if (step.out == kItem && step.in == kItem) {
    std::memcpy(to, from, size_t(n * kItem));
  } else if (step.out == kItem && step.in == 0) {
    std::fill_n(o, n, *reinterpret_cast<const U*>(from));
  } else if (step.out == kItem && step.in == -kItem) {
    const U* last = reinterpret_cast<const U*>(from) - (n - 1);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) o[i] = last[n - 1 - i];
  } else if (step.out == kItem && step.in == 2 * kItem) {
    load_strided(o, from, step.in, n);
  } else if (step.out == kItem) {
    for (int64_t i = 0; i < n; i++) o[i] = *reinterpret_cast<const U*>(from + i * step.in);
  } else {
    for (int64_t i = 0; i < n; i++) *reinterpret_cast<U*>(to + i * step.out) = *reinterpret_cast<const U*>(from + i * step.in);
  }
}

// Dense rows of kMove to 2 kMove bytes, by two moves that overlap.
template <int64_t kMove>
void copy_short_rows(char* to, const char* from, int64_t bytes, int64_t rows, Step row_step) {
  for (int64_t r = 0; r < rows; r++, to += row_step.out, from += row_step.in) {
    char first[kMove], last[kMove];
    std::memcpy(first, from, kMove);
    std::memcpy(last, from + bytes - kMove, kMove);
    std::memcpy(to, first, kMove);
    std::memcpy(to + bytes - kMove, last, kMove);
  }
}
void copy_short_rows(char* to, const char* from, int64_t bytes, int64_t rows, Step row_step) {
  if (bytes >= 32) copy_short_rows<32>(to, from, bytes, rows, row_step);
  else if (bytes >= 16) copy_short_rows<16>(to, from, bytes, rows, row_step);
  else if (bytes >= 8) copy_short_rows<8>(to, from, bytes, rows, row_step);
  else if (bytes >= 4) copy_short_rows<4>(to, from, bytes, rows, row_step);
  else if (bytes >= 2) copy_short_rows<2>(to, from, bytes, rows, row_step);
  else copy_short_rows<1>(to, from, bytes, rows, row_step);
}

// Not inlined: where GCC knows that a copy is short, it has string instructions for it, which start slowly.
[[gnu::noinline]] void copy_bytes(char* to, const char* from, int64_t bytes) { std::memcpy(to, from, size_t(bytes)); }

// Whole rows, long ones in pieces: where a row is to lie a little further within its page than it lay, processors take the reads of a long copy for reads of what it has just written, and wait.
void copy_whole_rows(char* to, const char* from, int64_t bytes, int64_t rows, Step row_step) {
  constexpr int64_t kLong = 4096, kPiece = 512;
  const int64_t piece = bytes < kLong ? bytes : kPiece;
  for (int64_t r = 0; r < rows; r++, to += row_step.out, from += row_step.in)
    for (int64_t i = 0; i < bytes; i += piece) copy_bytes(to + i, from + i, std::min(piece, bytes - i));
}

// `rows` rows of n elements.
template <class U>
void copy_rows(char* to, const char* from, int64_t n, Step step, int64_t rows, Step row_step) {
  constexpr int64_t kItem = sizeof(U);
  if (step.out == kItem && step.in == kItem && n * kItem >= kWholeFrom) {
    copy_whole_rows(to, from, n * kItem, rows, row_step);
  } else if (step.out == kItem && step.in == kItem && n > 1) {
    copy_short_rows(to, from, n * kItem, rows, row_step);
  } else if (n < kShort && rows > n) {
    for (int64_t r = 0; r < rows; r += kStretch)
      for (int64_t i = 0; i < n; i++)
        copy_row<U>(to + r * row_step.out + i * step.out, from + r * row_step.in + i * step.in, std::min(kStretch, rows - r), row_step);
  } else {
    for (int64_t r = 0; r < rows; r++) copy_row<U>(to + r * row_step.out, from + r * row_step.in, n, step);
  }
}

}  // namespace

void copy_strided(const PointwisePlan& plan) {
  const PlannedOperand &out = plan.operand[0], &in = plan.operand[1];
  const int64_t n = plan.size[0], of_plane = plan.rank > 1 ? plan.size[1] : 1, rows = plan.numel / n;
  const Step step{out.stride[0], in.stride[0]}, row_step = plan.rank > 1 ? Step{out.stride[1], in.stride[1]} : Step{0, 0};
  with_item_type(out.item, [&](auto u) {
    using U = decltype(u);
    if (rows == 1)
      return parallel_for(0, n, kGrain / out.item, [&](int64_t begin, int64_t end) {
        copy_row<U>(out.data + begin * step.out, in.data + begin * step.in, end - begin, step);
      });
    parallel_for(0, rows, std::max<int64_t>(1, kGrain / (n * out.item)), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end;) {
        const int64_t first = row % of_plane, count = std::min(of_plane - first, end - row);
        char* to = out.data + first * row_step.out;
        const char* from = in.data + first * row_step.in;
        int64_t place = row / of_plane;
        for (int d = 2; d < plan.rank; d++) {
          const int64_t index = place % plan.size[d];
          place /= plan.size[d];
          to += index * out.stride[d];
          from += index * in.stride[d];
        }
        copy_rows<U>(to, from, n, step, count, row_step);
        row += count;
      }
    });
  });
}

}  // namespace lazuli::cpu
