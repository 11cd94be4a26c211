#include <cmath>

#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/binary_math_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/pointwise/angle-inl.h"
#include "lazuli/backends/cpu/pointwise/binary.h"
#include "lazuli/backends/cpu/pointwise/pow-inl.h"
#include "lazuli/backends/cpu/vector_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128  // these lack fused multiply-add, and gain nothing

template <class T, class F>
void Add(BinaryTable& table, BinaryOp op, F) {
  table.at(op, dtype_of<T>()) = {&VectorLoop<T, 2, F>, {dtype_of<T>(), dtype_of<T>()}, dtype_of<T>(), Cost::Math};
}

// a - trunc(a / b) b is exact with one rounding while the quotient is; where a / b was rounded up to an integer it is short by one b.
template <class D, class V>
HWY_INLINE V FmodOfSmallQuotient(D d, V a, V b) {
  const V size = hn::Abs(b);
  V r = hn::NegMulAdd(hn::Trunc(hn::Div(hn::Abs(a), size)), size, hn::Abs(a));
  r = hn::IfThenElse(hn::Lt(r, hn::Zero(d)), hn::Add(r, size), r);
  return hn::CopySign(r, a);
}
// False for b = 0, and where either is infinite or NaN.
template <class D, class V>
HWY_INLINE auto SmallQuotient(D d, V a, V b) {
  return hn::And(hn::Lt(hn::Abs(hn::Div(a, b)), Const(d, is_f32<D> ? 0x1p22 : 0x1p51)), hn::Lt(hn::Abs(b), hn::Inf(d)));
}
template <class D, class V, class M>
HWY_INLINE V AddWhereSignsDiffer(D d, V r, V b, M also, V addend) {
  const auto differ = hn::Xor(hn::VecFromMask(d, hn::Lt(r, hn::Zero(d))), hn::VecFromMask(d, hn::Lt(b, hn::Zero(d))));
  return hn::IfThenElseZero(hn::And(hn::MaskFromVec(differ), also), addend);
}

template <class T>
T ScalarRemainder(T a, T b) {
  const T r = std::fmod(a, b);
  return r != 0 && (b < 0) != (r < 0) ? r + b : r;
}
// Python's floor division: the exact quotient's floor even where a / b rounds up to an integer.
template <class T>
T ScalarFloorDivide(T a, T b) {
  if (b == 0) return a / b;
  const T r = std::fmod(a, b);
  T q = (a - r) / b;
  if (r != 0 && (b < 0) != (r < 0)) q -= 1;
  if (q == 0) return std::copysign(T(0), a / b);
  const T floor = std::floor(q);
  return q - floor > T(0.5) ? floor + 1 : floor;
}

template <class D, class V>
HWY_INLINE V FloorDivide(D d, V a, V b) {
  const V r = FmodOfSmallQuotient(d, a, b);
  const auto nonzero = hn::Ne(r, hn::Zero(d));
  const V q = hn::Sub(hn::Div(hn::Sub(a, r), b), AddWhereSignsDiffer(d, r, b, nonzero, Const(d, 1.0)));
  const V floor = hn::Floor(q);
  const V y = hn::Add(floor, hn::IfThenElseZero(hn::Gt(hn::Sub(q, floor), Const(d, 0.5)), Const(d, 1.0)));
  return hn::IfThenElse(hn::Eq(q, hn::Zero(d)), hn::CopySign(hn::Zero(d), hn::Div(a, b)), y);
}

template <class D, class V>
HWY_INLINE V PowOfPositiveF32(D d, V x, V y) {
  const hn::Half<D> half;
  const hn::Rebind<double, decltype(half)> wide;
  const auto power = [&](auto a, auto b) HWY_ATTR { return hn::DemoteTo(half, PowOfFloats(wide, hn::PromoteTo(wide, a), hn::PromoteTo(wide, b))); };
  return hn::Combine(d, power(hn::UpperHalf(half, x), hn::UpperHalf(half, y)), power(hn::LowerHalf(half, x), hn::LowerHalf(half, y)));
}

// x^y = e^(y log |x|) for finite x other than 0 and finite y; negative x: the sign by the parity of a whole y, else NaN.
template <class D, class V>
HWY_INLINE V Pow(D d, V x, V y) {
  V size;
  if constexpr (is_f32<D>) size = PowOfPositiveF32(d, hn::Abs(x), y);
  else size = PowOfPositive(d, hn::Abs(x), y);
  const V halved = hn::Mul(y, Const(d, 0.5));
  const auto whole = hn::Eq(y, hn::Round(y)), odd = hn::And(whole, hn::Ne(halved, hn::Round(halved)));
  const V of_negative = hn::IfThenElse(whole, hn::IfThenElse(odd, hn::Neg(size), size), hn::NaN(d));
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), of_negative, size);
}

template <class T>
void Fill(BinaryTable& t) {
  Add<T>(t, BinaryOp::Fmod, [](auto d, const Params&, auto a, auto b) HWY_ATTR {
    return FastOr(
        d, a, b, SmallQuotient(d, a, b), [d](auto x, auto y) HWY_ATTR { return FmodOfSmallQuotient(d, x, y); },
        [](T x, T y) { return std::fmod(x, y); });
  });
  Add<T>(t, BinaryOp::Remainder, [](auto d, const Params&, auto a, auto b) HWY_ATTR {
    return FastOr(
        d, a, b, SmallQuotient(d, a, b),
        [d](auto x, auto y) HWY_ATTR {
          const auto r = FmodOfSmallQuotient(d, x, y);
          return hn::IfThenElse(hn::Eq(r, hn::Zero(d)), r, hn::Add(r, AddWhereSignsDiffer(d, r, y, hn::Ne(r, hn::Zero(d)), y)));
        },
        [](T x, T y) { return ScalarRemainder(x, y); });
  });
  Add<T>(t, BinaryOp::DivFloor, [](auto d, const Params&, auto a, auto b) HWY_ATTR {
    return FastOr(
        d, a, b, SmallQuotient(d, a, b), [d](auto x, auto y) HWY_ATTR { return FloorDivide(d, x, y); },
        [](T x, T y) { return ScalarFloorDivide(x, y); });
  });
  Add<T>(t, BinaryOp::Atan2, [](auto d, const Params&, auto a, auto b) HWY_ATTR { return Atan2(d, a, b); });
  Add<T>(t, BinaryOp::Pow, [](auto d, const Params&, auto a, auto b) HWY_ATTR {
    const auto size = hn::Abs(a);
    const auto ordinary = hn::And(hn::And(hn::Gt(size, hn::Zero(d)), hn::Lt(size, hn::Inf(d))), hn::Lt(hn::Abs(b), hn::Inf(d)));
    return FastOr(
        d, a, b, ordinary, [d](auto x, auto y) HWY_ATTR { return Pow(d, x, y); }, [](T x, T y) { return std::pow(x, y); });
  });
}

#endif

}  // namespace

void FillBinaryMath(BinaryTable& table) {
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  Fill<float>(table);
  Fill<double>(table);
#else
  (void)table;
#endif
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillBinaryMath);
void fill_binary_math(BinaryTable& table) { HWY_DYNAMIC_DISPATCH(FillBinaryMath)(table); }
}  // namespace lazuli::cpu
#endif
