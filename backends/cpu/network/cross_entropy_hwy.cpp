// Rows of logits: lanes along a row; where rows are narrow, as those of few classes are, lanes are rows, turned in a buffer, so that no sum over lanes is waited for.
#include "lazuli/backends/cpu/network/cross_entropy_kernels.h"

#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/network/cross_entropy_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/reduce/softmax_row-inl.h"

#ifndef LAZULI_CROSS_ENTROPY_HWY_ONCE
#define LAZULI_CROSS_ENTROPY_HWY_ONCE
#include <algorithm>
#include <cmath>
#endif

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

constexpr int64_t kNarrow = 32;  // additions in a row whose sum is as exact as those of short vectors

// Of doubles: log(x) for x >= 1, exp(x) for x <= 0; a NaN stays one.
template <class F>
HWY_INLINE void map_doubles(double* x, int64_t n, F f) {
  const hn::ScalableTag<double> d;
  const int64_t lanes = hn::Lanes(d);
  for (int64_t i = 0; i < n; i += lanes) {
    const auto v = i + lanes <= n ? hn::LoadU(d, x + i) : load_tail(d, x + i, n - i, 1.0);
    const auto result = hn::IfThenElse(hn::IsNaN(v), v, f(d, v));
    if (i + lanes <= n) hn::StoreU(result, d, x + i);
    else store_tail(result, d, x + i, n - i);
  }
}

template <class T>
void narrow_log_sums(const T* in, int64_t rows, int64_t n, double* log_sums) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  constexpr int64_t kLanes = HWY_MAX_BYTES / sizeof(C);
  HWY_ALIGN C turned[kNarrow * kLanes], max[kLanes], sum[kLanes];
  double sums[kLanes];
  for (int64_t r = 0; r < rows; r += lanes, in += lanes * n) {
    const int64_t count = std::min(lanes, rows - r);
    if (count < lanes) std::fill_n(turned, lanes * n, C(0));
    for (int64_t i = 0; i < count; ++i)
      for (int64_t j = 0; j < n; ++j) turned[j * lanes + i] = C(in[i * n + j]);
    auto m = hn::Load(d, turned), s = hn::Zero(d);
    for (int64_t j = 1; j < n; ++j) m = hn::Max(m, hn::Load(d, turned + j * lanes));
    for (int64_t j = 0; j < n; ++j) s = hn::Add(s, exp_below(d, hn::Sub(hn::Load(d, turned + j * lanes), m)));
    hn::Store(m, d, max);
    hn::Store(s, d, sum);
    for (int64_t i = 0; i < count; ++i) sums[i] = sum[i];
    map_doubles(sums, count, [](auto tag, auto v) HWY_ATTR { return hn::Log(tag, v); });
    for (int64_t i = 0; i < count; ++i) log_sums[r + i] = double(max[i]) + sums[i];
  }
}

template <class T>
double weighted_sum_of(const T* row, int64_t n, const Compute<T>* weight) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t block = block_of(d) / 2;
  double sum = 0;
  for (int64_t begin = 0; begin < n; begin += block) {
    const int64_t count = std::min(block, n - begin);
    auto s = hn::Zero(d);
    for_vectors(d, row + begin, count, C(0), [&](int64_t i, auto x) HWY_ATTR {
      s = hn::Add(s, weight ? hn::Mul(x, load_tail(d, weight + begin + i, std::min<int64_t>(count - i, hn::Lanes(d)), C(0))) : x);
    });
    sum += sum_of(d, s);
  }
  return sum;
}

template <class T>
void log_sums_of(const T* in, int64_t rows, int64_t n, const Compute<T>* weight, double* log_sums, double* weighted_sums) {
  if (n <= kNarrow) {
    narrow_log_sums(in, rows, n, log_sums);
  } else {
    for (int64_t r = 0; r < rows; ++r) {
      const Compute<T> max = max_of_row(in + r * n, n);
      log_sums[r] = double(max) + std::log(exp_sum_of_row<T>(nullptr, in + r * n, n, max));
    }
  }
  if (weighted_sums)
    for (int64_t r = 0; r < rows; ++r) weighted_sums[r] = weighted_sum_of(in + r * n, n, weight);
}

template <class T>
void backward_rows_of(T* grad, const T* in, int64_t rows, int64_t n, const Compute<T>* weight, const EntropyRow* each) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  T kept[kEntropyRows * kNarrow];
  if (n <= kNarrow && in == grad) {  // a narrow row that is stored would hold up the load of the next one, in the same vector
    std::copy_n(in, rows * n, kept);
    in = kept;
  }
  double of_class[kEntropyRows];  // the probability of the class; of a row without one that of the first
  for (int64_t r = 0; r < rows; ++r) of_class[r] = double(C(in[r * n + std::max<int64_t>(each[r].target, 0)])) - each[r].log_sum;
  map_doubles(of_class, rows, [](auto tag, auto v) HWY_ATTR { return hn::Exp(tag, v); });
  for (int64_t r = 0; r < rows; ++r, in += n, grad += n) {
    const EntropyRow& e = each[r];
    if (e.target < 0) {
      std::fill_n(grad, n, T(0));
      continue;
    }
    const auto l = hn::Set(d, C(e.log_sum)), scale = hn::Set(d, C(e.scale)), spread = hn::Set(d, C(e.spread));
    for_vectors(d, in, n, C(0), [&](int64_t i, auto x) HWY_ATTR {
      const auto p = hn::Mul(scale, exp_below(d, hn::Sub(x, l)));
      const auto w = weight ? load_tail(d, weight + i, std::min<int64_t>(n - i, hn::Lanes(d)), C(0)) : hn::Set(d, C(1));
      put(d, hn::NegMulAdd(spread, w, p), grad, i, n);
    });
    // once more, rounded once
    const double w = weight ? double(weight[e.target]) : 1.0;
    grad[e.target] = convert<T>(C(e.scale * of_class[r] - e.spread * w - e.class_scale));
  }
}

}  // namespace

void LogSumExpRows(DType dtype, const void* in, int64_t rows, int64_t n, const void* weight, double* log_sums, double* weighted_sums) {
  for_float(dtype, [&](auto t) {
    using T = decltype(t);
    log_sums_of(static_cast<const T*>(in), rows, n, static_cast<const Compute<T>*>(weight), log_sums, weighted_sums);
  });
}
void CrossEntropyBackwardRows(DType dtype, void* grad, const void* in, int64_t rows, int64_t n, const void* weight, const EntropyRow* each) {
  for_float(dtype, [&](auto t) {
    using T = decltype(t);
    backward_rows_of(static_cast<T*>(grad), static_cast<const T*>(in), rows, n, static_cast<const Compute<T>*>(weight), each);
  });
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(LogSumExpRows);
HWY_EXPORT(CrossEntropyBackwardRows);

void log_sum_exp_rows(DType dtype, const void* in, int64_t rows, int64_t n, const void* weight, double* log_sums, double* weighted_sums) {
  HWY_DYNAMIC_DISPATCH(LogSumExpRows)(dtype, in, rows, n, weight, log_sums, weighted_sums);
}
void cross_entropy_backward_rows(DType dtype, void* grad, const void* in, int64_t rows, int64_t n, const void* weight, const EntropyRow* each) {
  HWY_DYNAMIC_DISPATCH(CrossEntropyBackwardRows)(dtype, grad, in, rows, n, weight, each);
}
}  // namespace lazuli::cpu
#endif
