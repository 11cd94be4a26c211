#include <algorithm>
#include <type_traits>

#include "lazuli/backends/cpu/matmul_problem.h"
#include "lazuli/core/dispatch.h"
#include "lazuli/core/parallel.h"

namespace lazuli::cpu {
namespace {

// Sums wrap around like PyTorch's; unsigned, where that is defined. The low bits of a product do not depend on the width in which it is summed.
template <class T>
void integer_rows(const MatmulProblem& p, int64_t from, int64_t to) {
  using Sum = std::conditional_t<(sizeof(T) > 4), uint64_t, uint32_t>;
  constexpr int64_t kBlock = 32;
  const T* bias = static_cast<const T*>(p.bias);
  const Sum alpha = Sum(int64_t(p.alpha)), beta = Sum(int64_t(p.beta));
  for (int64_t row = from; row < to; ++row) {
    const int64_t l = row / p.m, i = row % p.m;
    const T* a = static_cast<const T*>(p.a) + l * p.a_batch + i * p.a_row;
    T* out = static_cast<T*>(p.out) + l * p.out_batch + i * p.out_row;
    for (int64_t j = 0; j < p.n; j += kBlock) {
      const T* b = static_cast<const T*>(p.b) + l * p.b_batch + j * p.b_col;
      const int64_t count = std::min(kBlock, p.n - j);
      Sum sum[kBlock] = {};
      if (count == kBlock && p.b_col == 1) {
        for (int64_t q = 0; q < p.k; ++q) {
          const Sum x = Sum(a[q * p.a_col]);
          const T* y = b + q * p.b_row;
          for (int64_t c = 0; c < kBlock; ++c) sum[c] += x * Sum(y[c]);
        }
      } else {
        for (int64_t c = 0; c < count; ++c)
          for (int64_t q = 0; q < p.k; ++q) sum[c] += Sum(a[q * p.a_col]) * Sum(b[q * p.b_row + c * p.b_col]);
      }
      for (int64_t c = 0; c < count; ++c) {
        Sum value = alpha * sum[c];
        if (bias) value += Sum(bias[p.bias_per_row ? i : j + c]);
        if (beta != 0) value += beta * Sum(out[j + c]);
        out[j + c] = T(value);
      }
    }
  }
}

}  // namespace

void matmul_integer(const MatmulProblem& p) {
  dispatch(p.dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      const int64_t grain = std::max<int64_t>(1, 32768 / (p.n * p.k));
      parallel_for(0, p.batch * p.m, grain, [&](int64_t from, int64_t to) { integer_rows<T>(p, from, to); });
    }
  });
}

}  // namespace lazuli::cpu
