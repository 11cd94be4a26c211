// Functions on Highway vectors of float or double with IEEE behaviour at the edges: what hwy/contrib/math leaves open outside its valid ranges.
// Included once for each target.
#if defined(LAZULI_BACKENDS_CPU_VECTOR_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAZULI_BACKENDS_CPU_VECTOR_MATH_INL_H
#undef LAZULI_BACKENDS_CPU_VECTOR_MATH_INL_H
#else
#define LAZULI_BACKENDS_CPU_VECTOR_MATH_INL_H
#endif

#include <cmath>

#include "hwy/contrib/math/math-inl.h"
#include "lazuli/backends/cpu/vector_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Called with their namespace, since Highway has functions of the same names for its vectors.
namespace vm {

// 2^i for whole |i| up to twice the exponent's range, times x.
template <class D, class V>
HWY_INLINE V ScaleByPowerOfTwo(D d, V x, V i) {
  const hn::RebindToSigned<D> di;
  constexpr int kMantissa = is_f32<D> ? 23 : 52;
  // Adding 1.5 * 2^mantissa leaves a small whole number in the low bits.
  const V magic = Const(d, is_f32<D> ? 12582912.0 : 6755399441055744.0);
  const V half = hn::Floor(hn::Mul(i, Const(d, 0.5)));
  const auto bias = hn::Set(di, is_f32<D> ? 127 : 1023);
  const auto power = [&](V e) HWY_ATTR {
    const auto bits = hn::Sub(hn::BitCast(di, hn::Add(e, magic)), hn::BitCast(di, magic));
    return hn::BitCast(d, hn::ShiftLeft<kMantissa>(hn::Add(bits, bias)));
  };
  return hn::Mul(hn::Mul(x, power(half)), power(hn::Sub(i, half)));
}

// float: what e^x is made of, 2^k (1 + q): k = round(x / log 2), r = x - k log 2, q = e^r - 1 = r + r^2 p(r). `bits` end in k + bias.
template <class V>
struct ExpParts {
  V k, q, bits;
};
template <class D, class V>
HWY_INLINE ExpParts<V> SplitExp(D d, V x, double bias) {
  const V magic = Const(d, 12582912.0 + bias);  // 1.5 * 2^23: rounds to a whole number
  const V bits = hn::MulAdd(x, Const(d, 1.44269504f), magic), k = hn::Sub(bits, magic);
  const V r = hn::NegMulAdd(k, Const(d, -2.12194440e-4f), hn::NegMulAdd(k, Const(d, 0.693359375f), x));
  V p = Const(d, 1.9875691500e-4f);
  for (const double c : {1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}) p = hn::MulAdd(p, r, Const(d, c));
  return {k, hn::MulAdd(hn::Mul(r, r), p, r), bits};
}
// The float whose exponent the low bits of x are.
template <class D, class V>
HWY_INLINE V PowerOfBits(D d, V x) {
  const hn::RebindToSigned<D> di;
  return hn::BitCast(d, hn::ShiftLeft<23>(hn::BitCast(di, x)));
}

// e^x: overflows to infinity above 88.7 (709.8), and underflows through the subnormals.
template <class D, class V>
HWY_INLINE V Exp(D d, V x) {
  if constexpr (is_f32<D>) {
    if (HWY_LIKELY(AllBetween(d, x, -87, 88))) {
      const ExpParts<V> parts = SplitExp(d, x, 127);
      const V power = PowerOfBits(d, parts.bits);
      return hn::MulAdd(power, parts.q, power);
    }
    const ExpParts<V> parts = SplitExp(d, hn::Min(hn::Max(x, Const(d, -110.0)), Const(d, 90.0)), 0);
    return KeepNaN(d, x, ScaleByPowerOfTwo(d, hn::Add(parts.q, Const(d, 1.0)), parts.k));
  } else {
    return KeepNaN(d, x, hn::Exp(d, hn::Min(x, Const(d, 720.0))));
  }
}

// 2^x = 2^i e^(f log 2), i whole and |f| <= 1/2
template <class D, class V>
HWY_INLINE V Exp2(D d, V x) {
  if constexpr (is_f32<D>) {
    if (HWY_LIKELY(AllBetween(d, x, -126, 127))) {
      const V magic = Const(d, 12582912.0 + 127), bits = hn::Add(x, magic), f = hn::Sub(x, hn::Sub(bits, magic));
      V p = Const(d, 0.0001545316294512069);
      for (const double c : {0.0013390863364671234, 0.0096180825572778515, 0.055503571142190778, 0.24022650760568127, 0.69314718802622878})
        p = hn::MulAdd(p, f, Const(d, c));
      const V power = PowerOfBits(d, bits);
      return hn::MulAdd(power, hn::Mul(f, p), power);
    }
  }
  const double limit = is_f32<D> ? 160.0 : 1080.0;
  const V y = hn::Min(hn::Max(x, Const(d, -limit)), Const(d, limit));
  const V i = hn::Round(y);
  const V e = hn::Exp(d, hn::Mul(hn::Sub(y, i), Const(d, 0.693147180559945309417)));
  return KeepNaN(d, x, ScaleByPowerOfTwo(d, e, i));
}

// e^x - 1 = 2^k q + (2^k - 1). Near 0, where k is 0, it is q: nothing cancels. Twice half of it, which overflows where the result does.
// Leaves open what -0 and NaN give.
template <class D, class V>
HWY_INLINE V Expm1Core(D d, V x) {
  if constexpr (is_f32<D>) {
    const ExpParts<V> parts = SplitExp(d, hn::Min(hn::Max(x, Const(d, -80.0)), Const(d, 89.0)), 126);
    const V half_power = PowerOfBits(d, parts.bits);
    const V half = hn::MulAdd(half_power, parts.q, hn::Sub(half_power, Const(d, 0.5)));
    return hn::Add(half, half);
  } else {
    return hn::Expm1(d, hn::Min(x, Const(d, 720.0)));
  }
}
template <class D, class V>
HWY_INLINE V Expm1(D d, V x) {
  return KeepNaN(d, x, hn::CopySign(Expm1Core(d, x), x));
}

// Puts in what a logarithm is outside (0, infinity): -infinity at 0, NaN below.
template <class D, class V>
HWY_INLINE V LogEdges(D d, V x, V y) {
  const V outside = hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Neg(hn::Inf(d)), hn::NaN(d));
  y = hn::IfThenElse(hn::Gt(x, hn::Zero(d)), y, outside);
  return hn::IfThenElse(hn::Eq(x, hn::Inf(d)), x, y);
}
template <class D, class V>
HWY_INLINE V Log(D d, V x) {
  return LogEdges(d, x, hn::Log(d, x));
}

// log2 x = e + log(m) / log 2 with x = 2^e m, sqrt(1/2) <= m < sqrt(2): exact for powers of two.
template <class D, class V>
HWY_INLINE V Log2(D d, V x) {
  const hn::RebindToSigned<D> di;
  using TI = hn::TFromD<decltype(di)>;
  constexpr int kMantissa = is_f32<D> ? 23 : 52;
  const auto tiny = hn::Lt(x, Const(d, is_f32<D> ? 0x1p-126 : 0x1p-1022));
  const V scaled = hn::IfThenElse(tiny, hn::Mul(x, Const(d, is_f32<D> ? 0x1p32 : 0x1p64)), x);
  const auto half_root = hn::Set(di, is_f32<D> ? TI(0x3f3504f3) : TI(0x3fe6a09e667f3bcdll));
  const auto bits = hn::Sub(hn::BitCast(di, scaled), half_root);
  const auto e = hn::ShiftRight<kMantissa>(bits);
  const V m = hn::BitCast(d, hn::Sub(hn::BitCast(di, scaled), hn::ShiftLeft<kMantissa>(e)));
  V exponent;
  if constexpr (is_f32<D>) exponent = hn::ConvertTo(d, e);
  else exponent = hn::Sub(hn::BitCast(d, hn::Add(e, hn::BitCast(di, Const(d, 6755399441055744.0)))), Const(d, 6755399441055744.0));
  exponent = hn::Sub(exponent, hn::IfThenElseZero(tiny, Const(d, is_f32<D> ? 32.0 : 64.0)));
  return LogEdges(d, x, hn::MulAdd(hn::Log(d, m), Const(d, 1.44269504088896340736), exponent));
}
template <class D, class V>
HWY_INLINE V Log10(D d, V x) {
  return LogEdges(d, x, hn::Log10(d, x));
}
template <class D, class V>
HWY_INLINE V Log1p(D d, V x) {
  const V one = Const(d, 1.0);
  V y = hn::Log1p(d, x);
  y = hn::IfThenElse(hn::Gt(x, hn::Neg(one)), y, hn::IfThenElse(hn::Eq(x, hn::Neg(one)), hn::Neg(hn::Inf(d)), hn::NaN(d)));
  return hn::IfThenElse(hn::Or(hn::Eq(x, hn::Inf(d)), hn::Eq(x, hn::Zero(d))), x, y);
}

// Highway reduces arguments to 39000 with three constants; beyond that, and for infinities and NaN, the C library does it. Chosen lane by lane, so that
// an element's result does not depend on its neighbours.
template <class D, class V, class Fast, class Slow>
HWY_INLINE V Trigonometric(D d, V x, Fast fast, Slow slow) {
  const auto small = hn::Le(hn::Abs(x), Const(d, 30000.0));
  const V y = fast(x);
  if (HWY_LIKELY(hn::AllTrue(d, small))) return y;
  return hn::IfThenElse(small, y, ByLane(d, x, slow));
}
template <class D, class V>
HWY_INLINE V Sin(D d, V x) {
  return Trigonometric(
      d, x, [d](V v) HWY_ATTR { return hn::IfThenElse(hn::Eq(v, hn::Zero(d)), v, hn::Sin(d, v)); }, [](Lane<D> v) { return std::sin(v); });
}
template <class D, class V>
HWY_INLINE V Cos(D d, V x) {
  return Trigonometric(
      d, x, [d](V v) HWY_ATTR { return hn::IfThenElse(hn::Eq(v, hn::Zero(d)), Const(d, 1.0), hn::Cos(d, v)); },
      [](Lane<D> v) { return std::cos(v); });
}
template <class D, class V>
HWY_INLINE V Tan(D d, V x) {
  return Trigonometric(
      d, x, [d](V v) HWY_ATTR { return hn::IfThenElse(hn::Eq(v, hn::Zero(d)), v, hn::Div(hn::Sin(d, v), hn::Cos(d, v))); },
      [](Lane<D> v) { return std::tan(v); });
}

template <class D, class V>
HWY_INLINE V Acosh(D d, V x) {
  const V y = hn::IfThenElse(hn::Ge(x, Const(d, 1.0)), hn::Acosh(d, x), hn::NaN(d));
  return hn::IfThenElse(hn::Eq(x, hn::Inf(d)), x, y);
}
template <class D, class V>
HWY_INLINE V Asinh(D d, V x) {
  const auto keep = hn::Or(hn::Or(hn::IsNaN(x), hn::IsInf(x)), hn::Eq(x, hn::Zero(d)));
  return hn::IfThenElse(keep, x, hn::CopySign(hn::Asinh(d, hn::Abs(x)), x));
}
// atanh x = log1p(2|x| / (1 - |x|)) / 2, with the sign of x
template <class D, class V>
HWY_INLINE V Atanh(D d, V x) {
  const V a = hn::Abs(x);
  const V y = hn::Mul(Const(d, 0.5), vm::Log1p(d, hn::Div(hn::Add(a, a), hn::Sub(Const(d, 1.0), a))));
  return hn::IfThenElse(hn::IsNaN(y), y, hn::CopySign(y, x));
}

// sinh a = (m + m / (m + 1)) / 2 with m = e^a - 1; for large a (e^(a/2) / 2) e^(a/2), which overflows where the result does.
template <class D, class V>
HWY_INLINE V Sinh(D d, V x) {
  const V a = hn::Abs(x), half = Const(d, 0.5), limit = Const(d, is_f32<D> ? 80.0 : 700.0);
  const V m = Expm1Core(d, hn::Min(a, limit));
  const V near = hn::Mul(half, hn::Add(m, hn::Div(m, hn::Add(m, Const(d, 1.0)))));
  const V root = vm::Exp(d, hn::Mul(a, half));
  const V y = hn::IfThenElse(hn::Gt(a, limit), hn::Mul(hn::Mul(root, half), root), near);
  return KeepNaN(d, x, hn::CopySign(y, x));
}
template <class D, class V>
HWY_INLINE V Cosh(D d, V x) {
  const V a = hn::Abs(x), half = Const(d, 0.5), limit = Const(d, is_f32<D> ? 80.0 : 700.0);
  const V e = hn::Exp(d, hn::Min(a, limit));
  const V near = hn::Mul(half, hn::Add(e, hn::Div(Const(d, 1.0), e)));
  const V root = vm::Exp(d, hn::Mul(a, half));
  return KeepNaN(d, x, hn::IfThenElse(hn::Gt(a, limit), hn::Mul(hn::Mul(root, half), root), near));
}
template <class D, class V>
HWY_INLINE V Tanh(D d, V x) {
  // tanh a = m / (m + 2) with m = e^(2a) - 1
  const V a = hn::Min(hn::Abs(x), Const(d, 22.0));
  const V m = Expm1Core(d, hn::Add(a, a));
  return KeepNaN(d, x, hn::CopySign(hn::Div(m, hn::Add(m, Const(d, 2.0))), x));
}

// 1 / (1 + e^-x)
template <class D, class V>
HWY_INLINE V Sigmoid(D d, V x) {
  const V one = Const(d, 1.0);
  return hn::Div(one, hn::Add(one, vm::Exp(d, hn::Neg(x))));
}

// float: erf x = x P(x^2) / Q(x^2) for |x| <= 3.92, from where it rounds to 1 (weighted rational fit, relative error 2e-8).
template <class D, class V>
HWY_INLINE V ErfF32(D d, V x) {
  const V limit = Const(d, 3.92);
  const V y = hn::Min(hn::Max(x, hn::Neg(limit)), limit);
  const V t = hn::Mul(y, y);
  V p = Const(d, 2.0528688128e-6), q = Const(d, 3.8112819334e-5);
  for (const double c : {0.00028473105083, 0.00375553728771, 0.0527174949006, 0.190161041605, 1.12837914745}) p = hn::MulAdd(p, t, Const(d, c));
  for (const double c : {0.00116024046516, 0.0149488336403, 0.114008807152, 0.5018586085, 1.0}) q = hn::MulAdd(q, t, Const(d, c));
  const V inside = hn::Div(hn::Mul(y, p), q);
  return KeepNaN(d, x, hn::IfThenElse(hn::Lt(hn::Abs(x), limit), inside, hn::CopySign(Const(d, 1.0), x)));
}

// double: x P(x^2) below 1, from there 1 - e^(-x^2) Q((x - 2.5) / (x + 2.5)), whose second term rounds away from 6 on (Chebyshev fits, errors below 4e-17).
template <class D, class V>
HWY_INLINE V ErfF64(D d, V x) {
  const V a = hn::Abs(x), t = hn::Mul(x, x);
  const auto small = hn::Lt(a, Const(d, 1.0));
  V p = Const(d, -7.7958988270021422416e-10);
  for (const double c : {1.3720064546777685604e-8, -1.6208483801871705902e-7, 1.644742470331736241e-6, -0.000014924736907419660338,
                         0.00012055294904839707917, -0.00085483259753896920806, 0.0052239776071164227321, -0.02686617064323777036,
                         0.11283791670945006266, -0.37612638903183540438, 1.1283791670955125665})
    p = hn::MulAdd(p, t, Const(d, c));
  const V near = hn::Mul(x, p);
  if (hn::AllTrue(d, small)) return near;
  const V y = hn::Min(a, Const(d, 6.0)), at = Const(d, 2.5), u = hn::Div(hn::Sub(y, at), hn::Add(y, at));
  V q = Const(d, -1.5876338931273440237e-6);
  for (const double c :
       {-2.2328516517555214358e-6, 7.4997350507632986703e-6, 0.000018596747731144528634, -0.000034175718896856292589, -0.00012887483134837841838,
        0.00022837996332576430022, 0.00087591528757743274652, -0.0026423659518134548579, -0.0039937011601230292147, 0.039922539075465231919,
        -0.12503305237891781154, 0.25171319321744876591, -0.37173673394897296033, 0.21080636406114358393})
    q = hn::MulAdd(q, u, Const(d, c));
  const V far = hn::NegMulAdd(hn::Exp(d, hn::Neg(hn::Mul(y, y))), q, Const(d, 1.0));
  return hn::IfThenElse(small, near, KeepNaN(d, x, hn::CopySign(far, x)));
}
template <class D, class V>
HWY_INLINE V Erf(D d, V x) {
  if constexpr (is_f32<D>) return ErfF32(d, x);
  else return ErfF64(d, x);
}

// log(1 + u) for 0 <= u <= 1; float: 2 s + s^3 p(s^2), s = u / (2 + u)
template <class D, class V>
HWY_INLINE V Log1pOfFraction(D d, V u) {
  if constexpr (is_f32<D>) {
    const V s = hn::Div(u, hn::Add(u, Const(d, 2.0))), z = hn::Mul(s, s);
    V p = Const(d, 0.26851498022837152);
    for (const double c : {0.28236619805310481, 0.40007560644911206, 0.6666664033669924}) p = hn::MulAdd(p, z, Const(d, c));
    return hn::MulAdd(hn::Mul(s, z), p, hn::Add(s, s));
  } else {
    return vm::Log1p(d, u);
  }
}

// log(1 + e^x) = max(x, 0) + log1p(e^-|x|)
template <class D, class V>
HWY_INLINE V LogOnePlusExp(D d, V x) {
  return hn::Add(hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Zero(d), x), Log1pOfFraction(d, vm::Exp(d, hn::Neg(hn::Abs(x)))));
}

}  // namespace vm

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAZULI_BACKENDS_CPU_VECTOR_MATH_INL_H
