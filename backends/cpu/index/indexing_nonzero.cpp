// count_nonzero and nonzero: blocks of fixed size are counted in parallel, then each writes its indices where the counts before it end.
#include <algorithm>
#include <utility>
#include <vector>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/index/indexing.h"
#include "lazuli/backends/cpu/reduce/reduction_kernels.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kBlock = 32768, kColumns = 1024;

template <class T>
bool is_nonzero(T x) {
  if constexpr (is_complex_type<T>) return x.re != 0 || x.im != 0;
  else if constexpr (is_reduced_float<T>) return float(x) != 0;
  else return x != T(0);
}

template <class T>
int64_t count_block(const T* p, int64_t n) {
  if constexpr (std::same_as<T, bool>) return count_true(p, n);
  if constexpr (is_float_type<T>) {
    double lanes = 0;
    float_reduce_kernel(Fold::CountNonzero, dtype_of<T>()).rows(&lanes, p, 1, 0, n);
    return int64_t(lanes);
  }
  int64_t count = 0;
  for (int64_t i = 0; i < n; ++i) count += is_nonzero(p[i]);
  return count;
}

std::vector<int64_t> count_blocks(const Tensor& x) {
  const int64_t n = x.numel();
  std::vector<int64_t> counts((n + kBlock - 1) / kBlock);
  dispatch(x.dtype(), [&](auto t) {
    const auto* p = pointer<decltype(t)>(x);
    parallel_for(0, int64_t(counts.size()), 1, [&](int64_t from, int64_t to) {
      for (int64_t b = from; b < to; ++b) counts[b] = count_block(p + b * kBlock, std::min(kBlock, n - b * kBlock));
    });
  });
  return counts;
}

}  // namespace

void count_nonzero(Tensor& count, const Tensor& in) {
  int64_t total = 0;
  for (int64_t c : count_blocks(dense(in))) total += c;
  *static_cast<int64_t*>(count.address()) = total;
}

void nonzero(Tensor& out, const Tensor& in) {
  const Tensor x = dense(in);
  const Shape& sizes = x.sizes();
  const int64_t rank = sizes.size(), n = x.numel();
  if (rank == 0 || n == 0) return;
  std::vector<int64_t> starts = count_blocks(x);
  int64_t total = 0;
  for (int64_t& c : starts) total += std::exchange(c, total);
  const int64_t row_step = out.strides()[0], column_step = out.strides()[1], inner = sizes[rank - 1];
  dispatch(x.dtype(), [&](auto t) {
    const auto* p = pointer<decltype(t)>(x);
    parallel_for(0, int64_t(starts.size()), 1, [&](int64_t from, int64_t to) {
      std::vector<int64_t> coordinates(rank);
      int32_t columns[kColumns];
      for (int64_t b = from; b < to; ++b) {
        int64_t* row = pointer<int64_t>(out) + starts[b] * row_step;
        const int64_t end = std::min(n, (b + 1) * kBlock);
        for (int64_t i = b * kBlock; i < end;) {
          int64_t rest = i / inner;
          const int64_t first = i % inner, count = std::min({inner - first, end - i, kColumns});
          for (int64_t d = rank - 2; d >= 0; --d) {
            coordinates[d] = rest % sizes[d];
            rest /= sizes[d];
          }
          // Which elements count is as good as random, so that nothing branches on it.
          int64_t found = 0;
          for (int64_t k = 0; k < count; ++k) {
            columns[found] = int32_t(k);
            found += is_nonzero(p[i + k]);
          }
          for (int64_t d = 0; d < rank - 1; ++d)
            for (int64_t k = 0; k < found; ++k) row[k * row_step + d * column_step] = coordinates[d];
          for (int64_t k = 0; k < found; ++k) row[k * row_step + (rank - 1) * column_step] = first + columns[k];
          row += found * row_step;
          i += count;
        }
      }
    });
  });
}

}  // namespace lazuli::cpu
