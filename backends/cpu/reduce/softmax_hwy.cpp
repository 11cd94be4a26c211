// Softmax along contiguous rows (lanes along the row: maximum, sum of exponentials, scaling, while the row is in the cache) and across them
// (lanes along the columns of a tile, with a maximum and a sum per column). Half and BFloat16 compute in float and do not round exponentials in between.
#include "lazuli/backends/cpu/reduce/softmax_kernels.h"

#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/reduce/softmax_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/reduce/softmax_row-inl.h"

#ifndef LAZULI_SOFTMAX_HWY_ONCE
#define LAZULI_SOFTMAX_HWY_ONCE
#include <algorithm>
#include <cmath>
#include <limits>
#endif

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

constexpr int64_t kBuffered = 4096;  // as many exponentials of a row are kept for the second pass

template <class T>
void rows_of(T* out, const T* in, int64_t rows, int64_t n, bool log) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  for (int64_t r = 0; r < rows; ++r, out += n, in += n) {
    const C max = max_of_row(in, n);
    const auto m = hn::Set(d, max);
    if (log) {
      const auto log_sum = hn::Set(d, C(std::log(exp_sum_of_row<T>(nullptr, in, n, max))));
      for_vectors(d, in, n, C(0), [&](int64_t i, auto x) HWY_ATTR { put(d, hn::Sub(hn::Sub(x, m), log_sum), out, i, n); });
    } else if constexpr (std::same_as<T, C>) {
      const auto scale = hn::Set(d, C(1 / exp_sum_of_row<T>(out, in, n, max)));
      for_vectors(d, out, n, C(0), [&](int64_t i, auto e) HWY_ATTR { put(d, hn::Mul(e, scale), out, i, n); });
    } else if (n <= kBuffered) {
      HWY_ALIGN C exponentials[kBuffered];
      const auto scale = hn::Set(d, C(1 / exp_sum_of_row<T>(exponentials, in, n, max)));
      for_vectors(d, exponentials, n, C(0), [&](int64_t i, auto e) HWY_ATTR { put(d, hn::Mul(e, scale), out, i, n); });
    } else {
      const auto scale = hn::Set(d, C(1 / exp_sum_of_row<T>(nullptr, in, n, max)));
      for_vectors(d, in, n, C(0), [&](int64_t i, auto x) HWY_ATTR { put(d, hn::Mul(exp_below(d, hn::Sub(x, m)), scale), out, i, n); });
    }
  }
}

// exp(x - max) / sum, or its logarithm
template <class T>
void finish_row_of(T* out, const T* in, int64_t n, Compute<T> max, double sum, bool log) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const auto m = hn::Set(d, max), by = hn::Set(d, C(log ? std::log(sum) : 1 / sum));
  for_vectors(d, in, n, C(0), [&](int64_t i, auto x) HWY_ATTR {
    const auto below = hn::Sub(x, m);
    put(d, log ? hn::Sub(below, by) : hn::Mul(exp_below(d, below), by), out, i, n);
  });
}

// softmax: y (g - sum(g y)); log_softmax: g - exp(y) sum(g)
template <bool kLog, class T>
void backward_rows_of(T* grad_in, const T* grad, const T* y, int64_t rows, int64_t n) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d), block = block_of(d);
  for (int64_t r = 0; r < rows; ++r, grad_in += n, grad += n, y += n) {
    double total = 0;
    for (int64_t begin = 0; begin < n; begin += block) {
      const int64_t end = std::min(begin + block, n);
      auto s0 = hn::Zero(d), s1 = s0;
      int64_t i = begin;
      for (; i + 2 * lanes <= end; i += 2 * lanes) {
        if constexpr (kLog) {
          s0 = hn::Add(s0, load(d, grad + i));
          s1 = hn::Add(s1, load(d, grad + i + lanes));
        } else {
          s0 = hn::MulAdd(load(d, grad + i), load(d, y + i), s0);
          s1 = hn::MulAdd(load(d, grad + i + lanes), load(d, y + i + lanes), s1);
        }
      }
      for (; i < end; i += lanes) {
        const size_t rest = std::min<int64_t>(end - i, lanes);
        const auto g = load_tail(d, grad + i, rest, C(0));
        s0 = hn::Add(s0, kLog ? g : hn::Mul(g, load_tail(d, y + i, rest, C(0))));
      }
      total += sum_of(d, hn::Add(s0, s1));
    }
    const auto sum = hn::Set(d, C(total));
    for_vectors(d, grad, n, C(0), [&](int64_t i, auto g) HWY_ATTR {
      const auto out = i + lanes <= n ? load(d, y + i) : load_tail(d, y + i, n - i, C(0));
      put(d, kLog ? hn::NegMulAdd(exp_below(d, out), sum, g) : hn::Mul(hn::Sub(g, sum), out), grad_in, i, n);
    });
  }
}

// A NaN in the sum comes from one in the row, or from infinity - infinity.
template <class T>
HWY_INLINE void settle(const T* in, int64_t n, int64_t stride, double* max, double* sum) {
  if (*sum == *sum) return;
  for (int64_t i = 0; i < n; ++i) {
    const Compute<T> x = Compute<T>(in[i * stride]);
    if (x != x) *max = std::numeric_limits<double>::quiet_NaN();
  }
  *sum = 1;
}

template <class T>
void exp_sum_row_of(const T* row, int64_t n, double* max, double* sum) {
  const Compute<T> m = max_of_row(row, n);
  *max = m;
  *sum = exp_sum_of_row<T>(nullptr, row, n, m);
  settle(row, n, 1, max, sum);
}

template <class T>
void exp_sum_columns_of(const T* in, int64_t n, int64_t stride, int64_t width, double* maxima, double* sums) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  HWY_ALIGN C max[kSoftmaxTile], sum[kSoftmaxTile];
  std::fill_n(max, width, -std::numeric_limits<C>::infinity());
  std::fill_n(sum, width, C(0));
  for (int64_t r = 0; r < n; ++r)
    for_vectors(d, in + r * stride, width, C(0), [&](int64_t j, auto x) HWY_ATTR { hn::Store(hn::Max(hn::Load(d, max + j), x), d, max + j); });
  for (int64_t r = 0; r < n; ++r)
    for_vectors(d, in + r * stride, width, C(0), [&](int64_t j, auto x) HWY_ATTR {
      hn::Store(hn::Add(hn::Load(d, sum + j), exp_below(d, hn::Sub(x, hn::Load(d, max + j)))), d, sum + j);
    });
  for (int64_t j = 0; j < width; ++j) {
    maxima[j] = max[j];
    sums[j] = sum[j];
    settle(in + j, n, stride, maxima + j, sums + j);
  }
}

template <class T>
void columns_of(T* out, const T* in, int64_t n, int64_t stride, int64_t width, bool log) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  HWY_ALIGN C max[kSoftmaxTile], sum[kSoftmaxTile];
  std::fill_n(max, width, -std::numeric_limits<C>::infinity());
  std::fill_n(sum, width, C(0));
  for (int64_t r = 0; r < n; ++r)
    for_vectors(d, in + r * stride, width, C(0), [&](int64_t j, auto x) HWY_ATTR { hn::Store(hn::Max(hn::Load(d, max + j), x), d, max + j); });
  for (int64_t r = 0; r < n; ++r)
    for_vectors(d, in + r * stride, width, C(0), [&](int64_t j, auto x) HWY_ATTR {
      const auto e = exp_below(d, hn::Sub(x, hn::Load(d, max + j)));
      hn::Store(hn::Add(hn::Load(d, sum + j), e), d, sum + j);
      if constexpr (std::same_as<T, C>) {
        if (!log) put(d, e, out + r * stride, j, width);
      }
    });
  for (int64_t j = 0; j < width; ++j) sum[j] = log ? std::log(sum[j]) : 1 / sum[j];
  const T* from = std::same_as<T, C> && !log ? out : in;
  for (int64_t r = 0; r < n; ++r)
    for_vectors(d, from + r * stride, width, C(0), [&](int64_t j, auto x) HWY_ATTR {
      const auto s = hn::Load(d, sum + j);
      if (log) x = hn::Sub(hn::Sub(x, hn::Load(d, max + j)), s);
      else if constexpr (std::same_as<T, C>) x = hn::Mul(x, s);
      else x = hn::Mul(exp_below(d, hn::Sub(x, hn::Load(d, max + j))), s);
      put(d, x, out + r * stride, j, width);
    });
}

template <bool kLog, class T>
void backward_columns_of(T* grad_in, const T* grad, const T* y, int64_t n, int64_t stride, int64_t width) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  HWY_ALIGN C sum[kSoftmaxTile];
  std::fill_n(sum, width, C(0));
  auto result = [&](int64_t r, int64_t j) HWY_ATTR {
    const T* at = y + r * stride + j;
    return j + lanes <= width ? load(d, at) : load_tail(d, at, width - j, C(0));
  };
  for (int64_t r = 0; r < n; ++r)
    for_vectors(d, grad + r * stride, width, C(0), [&](int64_t j, auto g) HWY_ATTR {
      hn::Store(kLog ? hn::Add(hn::Load(d, sum + j), g) : hn::MulAdd(g, result(r, j), hn::Load(d, sum + j)), d, sum + j);
    });
  for (int64_t r = 0; r < n; ++r)
    for_vectors(d, grad + r * stride, width, C(0), [&](int64_t j, auto g) HWY_ATTR {
      const auto s = hn::Load(d, sum + j), out = result(r, j);
      put(d, kLog ? hn::NegMulAdd(exp_below(d, out), s, g) : hn::Mul(hn::Sub(g, s), out), grad_in + r * stride, j, width);
    });
}

void SoftmaxRows(DType dtype, void* out, const void* in, int64_t rows, int64_t n, bool log) {
  for_float(dtype, [&](auto t) { rows_of(static_cast<decltype(t)*>(out), static_cast<const decltype(t)*>(in), rows, n, log); });
}
void FinishSoftmaxRow(DType dtype, void* out, const void* in, int64_t n, double max, double sum, bool log) {
  for_float(dtype, [&](auto t) {
    using T = decltype(t);
    finish_row_of(static_cast<T*>(out), static_cast<const T*>(in), n, Compute<T>(max), sum, log);
  });
}
void SoftmaxColumns(DType dtype, void* out, const void* in, int64_t n, int64_t stride, int64_t width, bool log) {
  for_float(dtype, [&](auto t) { columns_of(static_cast<decltype(t)*>(out), static_cast<const decltype(t)*>(in), n, stride, width, log); });
}
void SoftmaxBackwardRows(DType dtype, void* grad_in, const void* grad, const void* out, int64_t rows, int64_t n, bool log) {
  for_float(dtype, [&](auto t) {
    using T = decltype(t);
    (log ? backward_rows_of<true, T> : backward_rows_of<false, T>)(static_cast<T*>(grad_in), static_cast<const T*>(grad), static_cast<const T*>(out),
                                                                   rows, n);
  });
}
void SoftmaxBackwardColumns(DType dtype, void* grad_in, const void* grad, const void* out, int64_t n, int64_t stride, int64_t width, bool log) {
  for_float(dtype, [&](auto t) {
    using T = decltype(t);
    (log ? backward_columns_of<true, T> : backward_columns_of<false, T>)(static_cast<T*>(grad_in), static_cast<const T*>(grad),
                                                                         static_cast<const T*>(out), n, stride, width);
  });
}
void ExpSumRow(DType dtype, const void* row, int64_t n, double* max, double* sum) {
  for_float(dtype, [&](auto t) { exp_sum_row_of(static_cast<const decltype(t)*>(row), n, max, sum); });
}
void ExpSumColumns(DType dtype, const void* in, int64_t n, int64_t stride, int64_t width, double* max, double* sum) {
  for_float(dtype, [&](auto t) { exp_sum_columns_of(static_cast<const decltype(t)*>(in), n, stride, width, max, sum); });
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(SoftmaxRows);
HWY_EXPORT(FinishSoftmaxRow);
HWY_EXPORT(SoftmaxColumns);
HWY_EXPORT(SoftmaxBackwardRows);
HWY_EXPORT(SoftmaxBackwardColumns);
HWY_EXPORT(ExpSumRow);
HWY_EXPORT(ExpSumColumns);

void softmax_rows(DType dtype, void* out, const void* in, int64_t rows, int64_t n, bool log) {
  HWY_DYNAMIC_DISPATCH(SoftmaxRows)(dtype, out, in, rows, n, log);
}
void finish_softmax_row(DType dtype, void* out, const void* in, int64_t n, double max, double sum, bool log) {
  HWY_DYNAMIC_DISPATCH(FinishSoftmaxRow)(dtype, out, in, n, max, sum, log);
}
void softmax_columns(DType dtype, void* out, const void* in, int64_t n, int64_t stride, int64_t width, bool log) {
  HWY_DYNAMIC_DISPATCH(SoftmaxColumns)(dtype, out, in, n, stride, width, log);
}
void softmax_backward_rows(DType dtype, void* grad_in, const void* grad, const void* out, int64_t rows, int64_t n, bool log) {
  HWY_DYNAMIC_DISPATCH(SoftmaxBackwardRows)(dtype, grad_in, grad, out, rows, n, log);
}
void softmax_backward_columns(DType dtype, void* grad_in, const void* grad, const void* out, int64_t n, int64_t stride, int64_t width, bool log) {
  HWY_DYNAMIC_DISPATCH(SoftmaxBackwardColumns)(dtype, grad_in, grad, out, n, stride, width, log);
}
void exp_sum_row(DType dtype, const void* row, int64_t n, double* max, double* sum) { HWY_DYNAMIC_DISPATCH(ExpSumRow)(dtype, row, n, max, sum); }
void exp_sum_columns(DType dtype, const void* in, int64_t n, int64_t stride, int64_t width, double* max, double* sum) {
  HWY_DYNAMIC_DISPATCH(ExpSumColumns)(dtype, in, n, stride, width, max, sum);
}

}  // namespace lazuli::cpu
#endif
