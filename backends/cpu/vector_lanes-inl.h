// Constants, single lanes and ends of arrays for Highway vectors of float or double; included once for each target.
#if defined(LAZULI_BACKENDS_CPU_VECTOR_LANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAZULI_BACKENDS_CPU_VECTOR_LANES_INL_H
#undef LAZULI_BACKENDS_CPU_VECTOR_LANES_INL_H
#else
#define LAZULI_BACKENDS_CPU_VECTOR_LANES_INL_H
#endif

#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
using Lane = hn::TFromD<D>;
template <class D>
inline constexpr bool is_f32 = sizeof(Lane<D>) == 4;

template <class D>
HWY_INLINE hn::Vec<D> Const(D d, double value) {
  return hn::Set(d, Lane<D>(value));
}

// A scalar function applied to each lane.
template <class D, class V, class F>
HWY_INLINE V ByLane(D d, V x, F f) {
  HWY_ALIGN Lane<D> lanes[HWY_MAX_BYTES / sizeof(Lane<D>)];
  hn::Store(x, d, lanes);
  for (size_t i = 0; i < hn::Lanes(d); i++) lanes[i] = f(lanes[i]);
  return hn::Load(d, lanes);
}
template <class D, class V, class F>
HWY_INLINE V ByLane(D d, V x, V y, F f) {
  HWY_ALIGN Lane<D> a[HWY_MAX_BYTES / sizeof(Lane<D>)];
  HWY_ALIGN Lane<D> b[HWY_MAX_BYTES / sizeof(Lane<D>)];
  hn::Store(x, d, a);
  hn::Store(y, d, b);
  for (size_t i = 0; i < hn::Lanes(d); i++) a[i] = f(a[i], b[i]);
  return hn::Load(d, a);
}

template <class D, class V>
HWY_INLINE V KeepNaN(D, V x, V y) {
  return hn::IfThenElse(hn::IsNaN(x), x, y);
}

template <class D, class V>
HWY_INLINE bool AllBetween(D d, V x, double low, double high) {
  return hn::AllTrue(d, hn::And(hn::Ge(x, Const(d, low)), hn::Le(x, Const(d, high))));
}

// The elements at `p`, as many as there are up to a full vector; zeros beyond.
template <class D>
HWY_INLINE hn::Vec<D> LoadTail(D d, const Lane<D>* p, int64_t n) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
  return hn::MaskedLoad(hn::FirstN(d, size_t(n)), d, p);
#else
  HWY_ALIGN Lane<D> lanes[HWY_MAX_BYTES / sizeof(Lane<D>)] = {};
  for (int64_t i = 0; i < n; i++) lanes[i] = p[i];
  return hn::Load(d, lanes);
#endif
}
template <class D, class V>
HWY_INLINE void StoreTail(V v, D d, Lane<D>* p, int64_t n) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
  hn::BlendedStore(v, hn::FirstN(d, size_t(n)), d, p);
#else
  HWY_ALIGN Lane<D> lanes[HWY_MAX_BYTES / sizeof(Lane<D>)];
  hn::Store(v, d, lanes);
  for (int64_t i = 0; i < n; i++) p[i] = lanes[i];
#endif
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAZULI_BACKENDS_CPU_VECTOR_LANES_INL_H
