// Fast ways that hold for most lanes, and the angle of a point by one; included once for each target.
#if defined(LAZULI_BACKENDS_CPU_POINTWISE_ANGLE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAZULI_BACKENDS_CPU_POINTWISE_ANGLE_INL_H
#undef LAZULI_BACKENDS_CPU_POINTWISE_ANGLE_INL_H
#else
#define LAZULI_BACKENDS_CPU_POINTWISE_ANGLE_INL_H
#endif

#include <cmath>

#include "hwy/highway.h"
#include "lazuli/backends/cpu/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

// The fast way where it holds, else the scalar function. Lane by lane, so that an element's result does not depend on its neighbours.
template <class D, class V, class M, class Fast, class Slow>
HWY_INLINE V FastOr(D d, V a, M fast_holds, Fast fast, Slow slow) {
  const V y = fast(a);
  if (HWY_LIKELY(hn::AllTrue(d, fast_holds))) return y;
  return hn::IfThenElse(fast_holds, y, ByLane(d, a, slow));
}
template <class D, class V, class M, class Fast, class Slow>
HWY_INLINE V FastOr(D d, V a, V b, M fast_holds, Fast fast, Slow slow) {
  const V y = fast(a, b);
  if (HWY_LIKELY(hn::AllTrue(d, fast_holds))) return y;
  return hn::IfThenElse(fast_holds, y, ByLane(d, a, b, slow));
}

// The angle of the point in the first octant, turned to where the signs say.
template <class D, class V>
HWY_INLINE V AngleOf(D d, V y, V x) {
  const V ay = hn::Abs(y), ax = hn::Abs(x);
  const V octant = hn::Atan(d, hn::Div(hn::Min(ax, ay), hn::Max(ax, ay)));
  const V quadrant = hn::IfThenElse(hn::Gt(ay, ax), hn::Sub(Const(d, 1.57079632679489661923), octant), octant);
  const V half = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Sub(Const(d, 3.14159265358979323846), quadrant), quadrant);
  return hn::CopySign(half, y);
}
template <class D, class V>
HWY_INLINE V Atan2(D d, V y, V x) {
  const V size = hn::Max(hn::Abs(y), hn::Abs(x));
  const auto finite = hn::And(hn::Lt(hn::Abs(y), hn::Inf(d)), hn::Lt(hn::Abs(x), hn::Inf(d)));
  return FastOr(
      d, y, x, hn::And(finite, hn::Gt(size, hn::Zero(d))), [d](V b, V a) HWY_ATTR { return AngleOf(d, b, a); },
      [](Lane<D> b, Lane<D> a) { return std::atan2(b, a); });
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAZULI_BACKENDS_CPU_POINTWISE_ANGLE_INL_H
