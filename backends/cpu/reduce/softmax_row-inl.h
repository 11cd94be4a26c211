// Rows that softmax is made of: their maximum and their exponentials; included once for each instruction set.
#if defined(LAZULI_BACKENDS_CPU_REDUCE_SOFTMAX_ROW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAZULI_BACKENDS_CPU_REDUCE_SOFTMAX_ROW_INL_H_
#undef LAZULI_BACKENDS_CPU_REDUCE_SOFTMAX_ROW_INL_H_
#else
#define LAZULI_BACKENDS_CPU_REDUCE_SOFTMAX_ROW_INL_H_
#endif

#include <algorithm>
#include <limits>

#include "hwy/highway.h"
#include "lazuli/backends/cpu/simd_exp-inl.h"
#include "lazuli/backends/cpu/simd_load-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

// Calls f(T()) with the element type.
template <class F>
void for_float(DType dtype, F&& f) {
  switch (dtype) {
    case kFloat16: return f(Half());
    case kBFloat16: return f(BFloat16());
    case kFloat32: return f(float());
    default: return f(double());
  }
}

// Sums in two vectors of lanes go to a double after as many elements: 32 additions, so that wide and narrow vectors are as exact.
template <class D>
HWY_INLINE int64_t block_of(D d) {
  return 64 * int64_t(hn::Lanes(d));
}

// Calls `f(i, v)` for vectors of a row; the last may be partial: lanes beyond n hold `fill`.
template <class T, class D, class F>
HWY_INLINE void for_vectors(D d, const T* row, int64_t n, hn::TFromD<D> fill, F&& f) {
  const int64_t lanes = hn::Lanes(d);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) f(i, load(d, row + i));
  if (i < n) f(i, load_tail(d, row + i, n - i, fill));
}
template <class T, class D>
HWY_INLINE void put(D d, hn::Vec<D> v, T* row, int64_t i, int64_t n) {
  if (i + int64_t(hn::Lanes(d)) <= n) store(v, d, row + i);
  else store_tail(v, d, row + i, n - i);
}

template <class T, class C = Compute<T>>
HWY_INLINE C max_of_row(const T* row, int64_t n) {
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  auto m0 = hn::Set(d, -std::numeric_limits<C>::infinity()), m1 = m0, m2 = m0, m3 = m0;
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    m0 = hn::Max(m0, load(d, row + i));
    m1 = hn::Max(m1, load(d, row + i + lanes));
    m2 = hn::Max(m2, load(d, row + i + 2 * lanes));
    m3 = hn::Max(m3, load(d, row + i + 3 * lanes));
  }
  for_vectors(d, row + i, n - i, -std::numeric_limits<C>::infinity(), [&](int64_t, auto v) HWY_ATTR { m0 = hn::Max(m0, v); });
  return hn::GetLane(hn::MaxOfLanes(d, hn::Max(hn::Max(m0, m1), hn::Max(m2, m3))));
}

// sum(exp(x - max)); the exponentials go to `out` unless it is null
template <class T>
HWY_INLINE double exp_sum_of_row(Compute<T>* out, const T* row, int64_t n, Compute<T> max) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d), block = block_of(d);
  const auto m = hn::Set(d, max);
  double total = 0;
  for (int64_t begin = 0; begin < n; begin += block) {
    const int64_t end = std::min(begin + block, n);
    auto s0 = hn::Zero(d), s1 = s0;
    int64_t i = begin;
    for (; i + 2 * lanes <= end; i += 2 * lanes) {
      const auto e0 = exp_below(d, hn::Sub(load(d, row + i), m)), e1 = exp_below(d, hn::Sub(load(d, row + i + lanes), m));
      s0 = hn::Add(s0, e0);
      s1 = hn::Add(s1, e1);
      if (out) {
        hn::StoreU(e0, d, out + i);
        hn::StoreU(e1, d, out + i + lanes);
      }
    }
    for (; i < end; i += lanes) {
      const bool whole = i + lanes <= end;
      const auto x = whole ? load(d, row + i) : load_tail(d, row + i, end - i, -std::numeric_limits<C>::infinity());
      const auto e = exp_below(d, hn::Sub(x, m));
      // lanes beyond the end: exp(-inf - max) is 0, but NaN where max is -inf; then the row is NaN anyway
      s0 = hn::Add(s0, e);
      if (out) put(d, e, out, i, end);
    }
    total += sum_of(d, hn::Add(s0, s1));
  }
  return total;
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
