// Layer norm of contiguous rows, lanes along the row. Forward: moments, then out, while the row is in the cache. Backward: one pass for the two sums of the row
// (and the columns' sums for weight and bias, in float buffers that go to double every 64 rows), one for grad_in.
#include "lazuli/backends/cpu/network/normalization_kernels.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/network/layer_norm_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/simd_load-inl.h"
#include "lazuli/backends/cpu/simd_moments-inl.h"

#ifndef LAZULI_LAYER_NORM_HWY_ONCE
#define LAZULI_LAYER_NORM_HWY_ONCE
#include <algorithm>
#include <cmath>
#endif

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

// Vector i of an array of n: whole, or the last partial one.
template <class D, class T>
HWY_INLINE hn::Vec<D> get(D d, const T* p, int64_t i, int64_t n) {
  return i + int64_t(hn::Lanes(d)) <= n ? load(d, p + i) : load_tail(d, p + i, n - i, hn::TFromD<D>(0));
}
template <class D, class T>
HWY_INLINE void put(D d, hn::Vec<D> v, T* p, int64_t i, int64_t n) {
  if (i + int64_t(hn::Lanes(d)) <= n) store(v, d, p + i);
  else store_tail(v, d, p + i, n - i);
}

template <class T>
HWY_INLINE double squares_of(const T* in, int64_t n) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  auto s0 = hn::Zero(d), s1 = s0;
  for (int64_t i = 0; i < n; i += 2 * lanes) {
    const auto x = get(d, in, i, n);
    s0 = hn::MulAdd(x, x, s0);
    if (i + lanes < n) {
      const auto y = get(d, in, i + lanes, n);
      s1 = hn::MulAdd(y, y, s1);
    }
  }
  return sum_of(d, hn::Add(s0, s1));
}

template <class T>
void forward(T* out, Compute<T>* mean, Compute<T>* rstd, const T* in, const Compute<T>* weight, const Compute<T>* bias, int64_t rows, int64_t n,
             double eps) {
  using C = Compute<T>;
  constexpr int64_t kBlock = 4096;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  for (int64_t r = 0; r < rows; ++r, in += n, out += n) {
    MomentState moments{0, 0, 0};
    for (int64_t i = 0; i < n; i += kBlock) {
      if (mean) moments.add(moments_of(in + i, std::min(kBlock, n - i)));
      else moments.m2 += squares_of(in + i, std::min(kBlock, n - i));
    }
    const C scale = C(1 / std::sqrt(moments.m2 / double(n) + eps));
    if (mean) mean[r] = C(moments.mean);
    rstd[r] = scale;
    const auto m = hn::Set(d, C(moments.mean)), s = hn::Set(d, scale);
    for (int64_t i = 0; i < n; i += lanes) {
      auto y = hn::Mul(hn::Sub(get(d, in, i, n), m), s);
      if (weight && bias) y = hn::MulAdd(y, get(d, weight, i, n), get(d, bias, i, n));
      else if (weight) y = hn::Mul(y, get(d, weight, i, n));
      else if (bias) y = hn::Add(y, get(d, bias, i, n));
      put(d, y, out, i, n);
    }
  }
}

// with h = g w and x^ = (x - mean) rstd: grad_in = rstd (h - [mean: sum(h) / n] - x^ sum(h x^) / n)
template <class T>
void backward(T* grad_in, double* sum_weight, double* sum_bias, const T* grad, const T* in, const Compute<T>* mean, const Compute<T>* rstd,
              const Compute<T>* weight, int64_t rows, int64_t n, Compute<T>* scratch) {
  using C = Compute<T>;
  constexpr int64_t kRows = 64;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  C *column_weight = sum_weight ? scratch : nullptr, *column_bias = sum_bias ? scratch + n : nullptr;
  for (int64_t block = 0; block < rows; block += kRows) {
    std::fill_n(scratch, 2 * n, C(0));
    for (int64_t r = block; r < std::min(block + kRows, rows); ++r) {
      const T *g_row = grad + r * n, *x_row = in + r * n;
      const auto m = hn::Set(d, mean ? mean[r] : C(0)), s = hn::Set(d, rstd[r]);
      auto sum0 = hn::Zero(d), sum1 = sum0;
      for (int64_t i = 0; i < n; i += lanes) {
        const auto g = get(d, g_row, i, n), hat = hn::Mul(hn::Sub(get(d, x_row, i, n), m), s);
        const auto h = weight ? hn::Mul(g, get(d, weight, i, n)) : g;
        sum0 = hn::Add(sum0, h);
        sum1 = hn::MulAdd(h, hat, sum1);
        if (column_weight) put(d, hn::MulAdd(g, hat, get(d, column_weight, i, n)), column_weight, i, n);
        if (column_bias) put(d, hn::Add(g, get(d, column_bias, i, n)), column_bias, i, n);
      }
      if (!grad_in) continue;
      const auto a = hn::Set(d, mean ? C(sum_of(d, sum0) / C(n)) : C(0)), b = hn::Set(d, C(sum_of(d, sum1) / C(n)));
      for (int64_t i = 0; i < n; i += lanes) {
        const auto g = get(d, g_row, i, n), hat = hn::Mul(hn::Sub(get(d, x_row, i, n), m), s);
        const auto h = weight ? hn::Mul(g, get(d, weight, i, n)) : g;
        put(d, hn::Mul(s, hn::NegMulAdd(hat, b, hn::Sub(h, a))), grad_in + r * n, i, n);
      }
    }
    for (int64_t j = 0; column_weight && j < n; ++j) sum_weight[j] += column_weight[j];
    for (int64_t j = 0; column_bias && j < n; ++j) sum_bias[j] += column_bias[j];
  }
}

const void* LayerNormTable(DType dtype) {
  static constexpr LayerNormLoops<Half> half{forward<Half>, backward<Half>};
  static constexpr LayerNormLoops<BFloat16> bfloat{forward<BFloat16>, backward<BFloat16>};
  static constexpr LayerNormLoops<float> single{forward<float>, backward<float>};
  static constexpr LayerNormLoops<double> wide{forward<double>, backward<double>};
  return dtype == kFloat16    ? static_cast<const void*>(&half)
         : dtype == kBFloat16 ? static_cast<const void*>(&bfloat)
         : dtype == kFloat32  ? static_cast<const void*>(&single)
                              : &wide;
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(LayerNormTable);
template <class T>
const LayerNormLoops<T>& layer_norm_loops() {
  return *static_cast<const LayerNormLoops<T>*>(HWY_DYNAMIC_DISPATCH(LayerNormTable)(dtype_of<T>()));
}
template const LayerNormLoops<Half>& layer_norm_loops();
template const LayerNormLoops<BFloat16>& layer_norm_loops();
template const LayerNormLoops<float>& layer_norm_loops();
template const LayerNormLoops<double>& layer_norm_loops();

}  // namespace lazuli::cpu
#endif
