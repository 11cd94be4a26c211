#include <algorithm>
#include <type_traits>
#include <vector>

#include "lazuli/backends/cpu/linalg/matmul_problem.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kBlock = 32;

// Sums wrap around like PyTorch's; unsigned, where that is defined. The low bits of a product do not depend on the width in which it is summed.
template <class T>
using SumOf = std::conditional_t<(sizeof(T) > 4), uint64_t, uint32_t>;

// out[row, ...] for one row of a and a block of b's columns, b contiguous along them and readable up to a whole block.
template <class T>
void block_of_row(const MatmulProblem& p, const T* a, const T* b, int64_t b_row, SumOf<T>* sum) {
  for (int64_t c = 0; c < kBlock; ++c) sum[c] = 0;
  for (int64_t q = 0; q < p.k; ++q, b += b_row) {
    const SumOf<T> x = SumOf<T>(a[q * p.a_col]);
    for (int64_t c = 0; c < kBlock; ++c) sum[c] += x * SumOf<T>(b[c]);
  }
}

template <class T>
void rows_times(const MatmulProblem& p, const T* a, const T* b, int64_t b_row, T* out) {
  using Sum = SumOf<T>;
  const T* bias = static_cast<const T*>(p.bias);
  const Sum alpha = Sum(int64_t(p.alpha)), beta = Sum(int64_t(p.beta));
  const int64_t grain = std::max<int64_t>(1, 32768 / (p.n * p.k));
  parallel_for(0, p.m, grain, [&](int64_t from, int64_t to) {
    for (int64_t j = 0; j < p.n; j += kBlock)  // outside, so that b's block stays in the cache
      for (int64_t i = from; i < to; ++i) {
        Sum sum[kBlock];
        block_of_row<T>(p, a + i * p.a_row, b + j, b_row, sum);
        T* row = out + i * p.out_row + j;
        for (int64_t c = 0; c < std::min(kBlock, p.n - j); ++c) {
          Sum value = alpha * sum[c];
          if (bias) value += Sum(bias[p.bias_per_row ? i : j + c]);
          if (beta != 0) value += beta * Sum(row[c]);
          row[c] = T(value);
        }
      }
  });
}

template <class T>
void products(const MatmulProblem& p) {
  const bool as_it_lies = p.b_col == 1 && p.n % kBlock == 0;
  const int64_t width = (p.n + kBlock - 1) / kBlock * kBlock;
  std::vector<T> packed(as_it_lies ? 0 : p.k * width);
  for (int64_t l = 0; l < p.batch; ++l) {
    const T *a = static_cast<const T*>(p.a) + l * p.a_batch, *b = static_cast<const T*>(p.b) + l * p.b_batch;
    T* out = static_cast<T*>(p.out) + l * p.out_batch;
    if (as_it_lies) {
      rows_times<T>(p, a, b, p.b_row, out);
      continue;
    }
    for (int64_t q = 0; q < p.k; ++q)
      for (int64_t j = 0; j < p.n; ++j) packed[q * width + j] = b[q * p.b_row + j * p.b_col];
    rows_times<T>(p, a, packed.data(), width, out);
  }
}

}  // namespace

void matmul_integer(const MatmulProblem& p) {
  dispatch(p.dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) products<T>(p);
  });
}

}  // namespace lazuli::cpu
