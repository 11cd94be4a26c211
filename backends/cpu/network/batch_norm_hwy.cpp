// Batch norm loops. Columns [rows, channels]: lanes across the channels, groups of four vectors walk down the rows, sums in registers.
// Segments (one channel's runs of l): lanes along the run.
#include "lazuli/backends/cpu/network/normalization_kernels.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/network/batch_norm_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/simd_load-inl.h"

#ifndef LAZULI_BATCH_NORM_HWY_ONCE
#define LAZULI_BATCH_NORM_HWY_ONCE
#include <algorithm>
#endif

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

// `width` lanes, of which the last vector may be partial
template <class D, class T>
HWY_INLINE hn::Vec<D> get(D d, const T* p, int64_t width) {
  return width >= int64_t(hn::Lanes(d)) ? load(d, p) : load_tail(d, p, width, hn::TFromD<D>(0));
}
template <class D, class T>
HWY_INLINE void put(D d, hn::Vec<D> v, T* p, int64_t width) {
  if (width >= int64_t(hn::Lanes(d))) store(v, d, p);
  else store_tail(v, d, p, width);
}

// Calls f(j, four) for groups of four vectors where they fit, then for single ones: `f.template operator()<N>(j)`.
template <class D, class F>
HWY_INLINE void for_groups(D d, int64_t width, F&& f) {
  const int64_t lanes = hn::Lanes(d);
  int64_t j = 0;
  for (; j + 4 * lanes <= width; j += 4 * lanes) f(j, std::integral_constant<int, 4>());
  for (; j < width; j += lanes) f(j, std::integral_constant<int, 1>());
}

// With c near the mean: d = x - c, mean = c + sum(d) / n, m2 = sum(d * d) - sum(d)^2 / n. The mean of the first eight of up to 256 rows is near: it is at most
// sqrt(256 / 8) standard deviations off, and reading the rows once instead of twice is what counts.
template <class T>
void column_stats(const T* in, int64_t rows, int64_t stride, int64_t width, Compute<T>* mean, Compute<T>* m2) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  const int64_t first = std::min<int64_t>(rows, 8);
  const auto inverse = hn::Set(d, C(1) / C(rows));
  for_groups(d, width, [&](int64_t j, auto group) HWY_ATTR {
    constexpr int N = decltype(group)::value;
    hn::Vec<decltype(d)> sum[N], square[N], center[N];
#pragma GCC unroll 4
    for (int k = 0; k < N; ++k) sum[k] = square[k] = hn::Zero(d);
    const int64_t rest = N == 4 ? lanes : width - j;
    for (int64_t r = 0; r < first; ++r)
#pragma GCC unroll 4
      for (int k = 0; k < N; ++k) sum[k] = hn::Add(sum[k], get(d, in + r * stride + j + k * lanes, rest));
#pragma GCC unroll 4
    for (int k = 0; k < N; ++k) {
      center[k] = hn::Mul(sum[k], hn::Set(d, C(1) / C(first)));
      sum[k] = hn::Zero(d);
    }
    for (int64_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
      for (int k = 0; k < N; ++k) {
        const auto x = hn::Sub(get(d, in + r * stride + j + k * lanes, rest), center[k]);
        sum[k] = hn::Add(sum[k], x);
        square[k] = hn::MulAdd(x, x, square[k]);
      }
#pragma GCC unroll 4
    for (int k = 0; k < N; ++k) {
      const auto shift = hn::Mul(sum[k], inverse);
      put(d, hn::Add(center[k], shift), mean + j + k * lanes, rest);
      put(d, hn::NegMulAdd(shift, sum[k], square[k]), m2 + j + k * lanes, rest);
    }
  });
}

// With kRelu, `residual` (unless it is null) is added and what is below 0 becomes 0; a NaN stays.
template <bool kRelu, class D, class T>
HWY_INLINE void put_result(D d, hn::Vec<D> v, T* out, [[maybe_unused]] const T* residual, int64_t at, int64_t rest) {
  if constexpr (kRelu) {
    if (residual) v = hn::Add(v, get(d, residual + at, rest));
    v = hn::IfThenElse(hn::Lt(v, hn::Zero(d)), hn::Zero(d), v);
  }
  put(d, v, out + at, rest);
}

template <bool kRelu, class T>
HWY_INLINE void columns_of(T* out, const T* in, const T* residual, int64_t rows, int64_t stride, int64_t width, const Compute<T>* mean,
                           const Compute<T>* scale, const Compute<T>* shift) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  for (int64_t begin = 0; begin < rows; begin += 32) {
    const int64_t end = std::min<int64_t>(begin + 32, rows);
    for_groups(d, width, [&](int64_t j, auto group) HWY_ATTR {
      constexpr int N = decltype(group)::value;
      const int64_t rest = N == 4 ? lanes : width - j;
      hn::Vec<decltype(d)> m[N], s[N], b[N];
#pragma GCC unroll 4
      for (int k = 0; k < N; ++k) {
        m[k] = get(d, mean + j + k * lanes, rest);
        s[k] = get(d, scale + j + k * lanes, rest);
        b[k] = get(d, shift + j + k * lanes, rest);
      }
      for (int64_t r = begin; r < end; ++r)
#pragma GCC unroll 4
        for (int k = 0; k < N; ++k) {
          const int64_t at = r * stride + j + k * lanes;
          put_result<kRelu>(d, hn::MulAdd(hn::Sub(get(d, in + at, rest), m[k]), s[k], b[k]), out, residual, at, rest);
        }
    });
  }
}
template <class T>
void column_affine(T* out, const T* in, int64_t rows, int64_t stride, int64_t width, const Compute<T>* mean, const Compute<T>* scale,
                   const Compute<T>* shift) {
  columns_of<false>(out, in, static_cast<const T*>(nullptr), rows, stride, width, mean, scale, shift);
}
template <class T>
void column_affine_relu(T* out, const T* in, const T* residual, int64_t rows, int64_t stride, int64_t width, const Compute<T>* mean,
                        const Compute<T>* scale, const Compute<T>* shift) {
  columns_of<true>(out, in, residual, rows, stride, width, mean, scale, shift);
}

// The gradient before a ReLU whose result is y.
template <class D>
HWY_INLINE hn::Vec<D> before_relu(D d, hn::Vec<D> grad, hn::Vec<D> y) {
  return hn::IfThenElse(hn::Le(y, hn::Zero(d)), hn::Zero(d), grad);
}

// 32 rows at a time, the sums kept in the results in between, so that memory is read in order. With kRelu, `masked` is written.
template <bool kRelu, class T>
HWY_INLINE void column_sums_of([[maybe_unused]] T* masked, const T* grad, [[maybe_unused]] const T* out, const T* in, int64_t rows, int64_t stride,
                               int64_t width, const Compute<T>* mean, Compute<T>* sum, Compute<T>* sum_deviation) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  for (int64_t begin = 0; begin < rows; begin += 32) {
    const int64_t end = std::min<int64_t>(begin + 32, rows);
    for_groups(d, width, [&](int64_t j, auto group) HWY_ATTR {
      constexpr int N = decltype(group)::value;
      const int64_t rest = N == 4 ? lanes : width - j;
      hn::Vec<decltype(d)> m[N], s[N], t[N];
#pragma GCC unroll 4
      for (int k = 0; k < N; ++k) {
        m[k] = get(d, mean + j + k * lanes, rest);
        s[k] = begin ? get(d, sum + j + k * lanes, rest) : hn::Zero(d);
        t[k] = begin ? get(d, sum_deviation + j + k * lanes, rest) : hn::Zero(d);
      }
      for (int64_t r = begin; r < end; ++r)
#pragma GCC unroll 4
        for (int k = 0; k < N; ++k) {
          const int64_t at = r * stride + j + k * lanes;
          auto g = get(d, grad + at, rest);
          if constexpr (kRelu) {
            g = before_relu(d, g, get(d, out + at, rest));
            put(d, g, masked + at, rest);
          }
          s[k] = hn::Add(s[k], g);
          t[k] = hn::MulAdd(g, hn::Sub(get(d, in + at, rest), m[k]), t[k]);
        }
#pragma GCC unroll 4
      for (int k = 0; k < N; ++k) {
        put(d, s[k], sum + j + k * lanes, rest);
        put(d, t[k], sum_deviation + j + k * lanes, rest);
      }
    });
  }
}
template <class T>
void column_grad_sums(const T* grad, const T* in, int64_t rows, int64_t stride, int64_t width, const Compute<T>* mean, Compute<T>* sum,
                      Compute<T>* sum_deviation) {
  column_sums_of<false>(static_cast<T*>(nullptr), grad, static_cast<const T*>(nullptr), in, rows, stride, width, mean, sum, sum_deviation);
}
template <class T>
void column_relu_sums(T* masked, const T* grad, const T* out, const T* in, int64_t rows, int64_t stride, int64_t width, const Compute<T>* mean,
                      Compute<T>* sum, Compute<T>* sum_deviation) {
  column_sums_of<true>(masked, grad, out, in, rows, stride, width, mean, sum, sum_deviation);
}

template <class T>
void column_grad_in(T* grad_in, const T* grad, const T* in, int64_t rows, int64_t stride, int64_t width, const Compute<T>* mean, const Compute<T>* a,
                    const Compute<T>* b, const Compute<T>* c) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  for (int64_t begin = 0; begin < rows; begin += 32) {
    const int64_t end = std::min<int64_t>(begin + 32, rows);
    for_groups(d, width, [&](int64_t j, auto group) HWY_ATTR {
      constexpr int N = decltype(group)::value;
      const int64_t rest = N == 4 ? lanes : width - j;
      hn::Vec<decltype(d)> m[N], va[N], vb[N], vc[N];
#pragma GCC unroll 4
      for (int k = 0; k < N; ++k) {
        m[k] = get(d, mean + j + k * lanes, rest);
        va[k] = get(d, a + j + k * lanes, rest);
        vb[k] = get(d, b + j + k * lanes, rest);
        vc[k] = get(d, c + j + k * lanes, rest);
      }
      for (int64_t r = begin; r < end; ++r)
#pragma GCC unroll 4
        for (int k = 0; k < N; ++k) {
          const int64_t at = r * stride + j + k * lanes;
          const auto x = hn::Sub(get(d, in + at, rest), m[k]), g = hn::Sub(get(d, grad + at, rest), vb[k]);
          put(d, hn::Mul(va[k], hn::NegMulAdd(x, vc[k], g)), grad_in + at, rest);
        }
    });
  }
}

// Calls f(i, rest) for the vectors of `count` runs of l.
template <class D, class F>
HWY_INLINE void for_runs(D d, int64_t count, int64_t stride, int64_t l, F&& f) {
  const int64_t lanes = hn::Lanes(d);
  for (int64_t s = 0; s < count; ++s)
    for (int64_t i = 0; i < l; i += lanes) f(s * stride + i, l - i);
}

template <class T>
typename BatchNormLoops<T>::Pair segment_stats(const T* in, int64_t count, int64_t stride, int64_t l) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  auto sum = hn::Zero(d), square = sum;
  for_runs(d, count, stride, l, [&](int64_t at, int64_t rest) HWY_ATTR { sum = hn::Add(sum, get(d, in + at, rest)); });
  const C n = C(count * l), center = sum_of(d, sum) / n;
  const auto c = hn::Set(d, center);
  sum = hn::Zero(d);
  for_runs(d, count, stride, l, [&](int64_t at, int64_t rest) HWY_ATTR {
    const auto x = hn::Sub(rest >= int64_t(hn::Lanes(d)) ? load(d, in + at) : load_tail(d, in + at, rest, center), c);
    sum = hn::Add(sum, x);
    square = hn::MulAdd(x, x, square);
  });
  const double deviation = sum_of(d, sum);
  return {center + deviation / n, sum_of(d, square) - deviation * deviation / n};
}

template <class T>
void segment_affine(T* out, const T* in, int64_t count, int64_t stride, int64_t l, Compute<T> mean, Compute<T> scale, Compute<T> shift) {
  const hn::ScalableTag<Compute<T>> d;
  const auto m = hn::Set(d, mean), s = hn::Set(d, scale), b = hn::Set(d, shift);
  for_runs(d, count, stride, l,
           [&](int64_t at, int64_t rest) HWY_ATTR { put(d, hn::MulAdd(hn::Sub(get(d, in + at, rest), m), s, b), out + at, rest); });
}

template <class T>
void segment_affine_relu(T* out, const T* in, const T* residual, int64_t l, Compute<T> mean, Compute<T> scale, Compute<T> shift) {
  const hn::ScalableTag<Compute<T>> d;
  const auto m = hn::Set(d, mean), s = hn::Set(d, scale), b = hn::Set(d, shift);
  for_runs(d, 1, 0, l, [&](int64_t at, int64_t rest) HWY_ATTR {
    put_result<true>(d, hn::MulAdd(hn::Sub(get(d, in + at, rest), m), s, b), out, residual, at, rest);
  });
}

template <class T>
typename BatchNormLoops<T>::Pair segment_grad_sums(const T* grad, const T* in, int64_t count, int64_t stride, int64_t l, Compute<T> mean) {
  const hn::ScalableTag<Compute<T>> d;
  const auto m = hn::Set(d, mean);
  auto sum = hn::Zero(d), deviation = sum;
  for_runs(d, count, stride, l, [&](int64_t at, int64_t rest) HWY_ATTR {
    const auto g = get(d, grad + at, rest);
    sum = hn::Add(sum, g);
    deviation = hn::MulAdd(g, hn::Sub(get(d, in + at, rest), m), deviation);
  });
  return {sum_of(d, sum), sum_of(d, deviation)};
}

template <class T>
typename BatchNormLoops<T>::Pair segment_relu_sums(T* masked, const T* grad, const T* out, const T* in, int64_t count, int64_t stride, int64_t l,
                                                   Compute<T> mean) {
  const hn::ScalableTag<Compute<T>> d;
  const auto m = hn::Set(d, mean);
  auto sum = hn::Zero(d), deviation = sum;
  for_runs(d, count, stride, l, [&](int64_t at, int64_t rest) HWY_ATTR {
    const auto g = before_relu(d, get(d, grad + at, rest), get(d, out + at, rest));
    put(d, g, masked + at, rest);
    sum = hn::Add(sum, g);
    deviation = hn::MulAdd(g, hn::Sub(get(d, in + at, rest), m), deviation);
  });
  return {sum_of(d, sum), sum_of(d, deviation)};
}

template <class T>
void segment_grad_in(T* grad_in, const T* grad, const T* in, int64_t count, int64_t stride, int64_t l, Compute<T> mean, Compute<T> a, Compute<T> b,
                     Compute<T> c) {
  const hn::ScalableTag<Compute<T>> d;
  const auto m = hn::Set(d, mean), va = hn::Set(d, a), vb = hn::Set(d, b), vc = hn::Set(d, c);
  for_runs(d, count, stride, l, [&](int64_t at, int64_t rest) HWY_ATTR {
    const auto x = hn::Sub(get(d, in + at, rest), m), g = hn::Sub(get(d, grad + at, rest), vb);
    put(d, hn::Mul(va, hn::NegMulAdd(x, vc, g)), grad_in + at, rest);
  });
}

template <class T>
void segment_group_grad_in(T* grad_in, const T* grad, const T* in, int64_t l, Compute<T> mean, Compute<T> a, Compute<T> b, Compute<T> c) {
  const hn::ScalableTag<Compute<T>> d;
  const auto m = hn::Set(d, mean), va = hn::Set(d, a), vb = hn::Set(d, b), vc = hn::Set(d, c);
  for_runs(d, 1, 0, l, [&](int64_t at, int64_t rest) HWY_ATTR {
    const auto shift = hn::MulAdd(hn::Sub(get(d, in + at, rest), m), vc, vb);
    put(d, hn::MulSub(get(d, grad + at, rest), va, shift), grad_in + at, rest);
  });
}

template <class T>
const void* table_of() {
  static constexpr BatchNormLoops<T> loops{column_stats<T>,         segment_stats<T>,       column_affine<T>,    segment_affine<T>,
                                           column_affine_relu<T>,   segment_affine_relu<T>, column_grad_sums<T>, segment_grad_sums<T>,
                                           column_relu_sums<T>,     segment_relu_sums<T>,   column_grad_in<T>,   segment_grad_in<T>,
                                           segment_group_grad_in<T>};
  return &loops;
}
const void* BatchNormTable(DType dtype) {
  return dtype == kFloat16    ? table_of<Half>()
         : dtype == kBFloat16 ? table_of<BFloat16>()
         : dtype == kFloat32  ? table_of<float>()
                              : table_of<double>();
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(BatchNormTable);
template <class T>
const BatchNormLoops<T>& batch_norm_loops() {
  return *static_cast<const BatchNormLoops<T>*>(HWY_DYNAMIC_DISPATCH(BatchNormTable)(dtype_of<T>()));
}
template const BatchNormLoops<Half>& batch_norm_loops();
template const BatchNormLoops<BFloat16>& batch_norm_loops();
template const BatchNormLoops<float>& batch_norm_loops();
template const BatchNormLoops<double>& batch_norm_loops();

}  // namespace lazuli::cpu
#endif
