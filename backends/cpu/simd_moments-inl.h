// Mean and sum of squared deviations of a short contiguous run; included once for each instruction set.
#if defined(LAZULI_BACKENDS_CPU_SIMD_MOMENTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAZULI_BACKENDS_CPU_SIMD_MOMENTS_INL_H_
#undef LAZULI_BACKENDS_CPU_SIMD_MOMENTS_INL_H_
#else
#define LAZULI_BACKENDS_CPU_SIMD_MOMENTS_INL_H_
#endif

#include "lazuli/backends/cpu/reduce/reduction_kernels.h"
#include "lazuli/backends/cpu/simd_load-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

// With a rounded mean c: d = x - c, mean = c + sum(d) / n, m2 = sum(d * d) - sum(d)^2 / n
template <class T>
HWY_INLINE MomentState moments_of(const T* in, int64_t n) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    s0 = hn::Add(s0, load(d, in + i));
    s1 = hn::Add(s1, load(d, in + i + lanes));
    s2 = hn::Add(s2, load(d, in + i + 2 * lanes));
    s3 = hn::Add(s3, load(d, in + i + 3 * lanes));
  }
  for (; i + lanes <= n; i += lanes) s0 = hn::Add(s0, load(d, in + i));
  if (i < n) s0 = hn::Add(s0, load_tail(d, in + i, n - i, C(0)));
  const C center = C(sum_of(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))) / C(n));
  const auto c = hn::Set(d, center);
  s0 = s1 = s2 = s3 = hn::Zero(d);  // s0, s1: deviations; s2, s3: their squares
  for (i = 0; i + 2 * lanes <= n; i += 2 * lanes) {
    const auto d0 = hn::Sub(load(d, in + i), c), d1 = hn::Sub(load(d, in + i + lanes), c);
    s0 = hn::Add(s0, d0);
    s1 = hn::Add(s1, d1);
    s2 = hn::MulAdd(d0, d0, s2);
    s3 = hn::MulAdd(d1, d1, s3);
  }
  for (; i < n; i += lanes) {
    const auto d0 = hn::Sub(i + lanes <= n ? load(d, in + i) : load_tail(d, in + i, n - i, center), c);
    s0 = hn::Add(s0, d0);
    s2 = hn::MulAdd(d0, d0, s2);
  }
  const double sum = sum_of(d, hn::Add(s0, s1)), squares = sum_of(d, hn::Add(s2, s3));
  return {double(n), double(center) + sum / double(n), squares - sum * sum / double(n)};
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
