// Powers in vectors; included once for each target that has fused multiply-add.
#if defined(LAZULI_BACKENDS_CPU_POINTWISE_POW_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAZULI_BACKENDS_CPU_POINTWISE_POW_INL_H
#undef LAZULI_BACKENDS_CPU_POINTWISE_POW_INL_H
#else
#define LAZULI_BACKENDS_CPU_POINTWISE_POW_INL_H
#endif

#include "hwy/highway.h"
#include "lazuli/backends/cpu/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

// A number as a sum of two, the second below the rounding of the first.
template <class V>
struct TwoPart {
  V high, low;
};

inline constexpr double kLog2High = 0x1.62e42fefa3800p-1, kLog2Low = 0x1.ef35793c76730p-45;  // the first has room for a product with an exponent

// x = 2^exponent m with sqrt(1/2) <= m < sqrt(2), for normal x > 0.
template <class V>
struct Split {
  V exponent, m;
};
template <class D, class V>
HWY_INLINE Split<V> SplitExponent(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, x);
  const auto exponent = hn::ShiftRight<52>(hn::Sub(bits, hn::Set(di, 0x3fe6a09e667f3bcdll)));
  const V magic = Const(d, 6755399441055744.0);  // 1.5 * 2^52: makes a number of a small integer
  return {hn::Sub(hn::BitCast(d, hn::Add(exponent, hn::BitCast(di, magic))), magic), hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<52>(exponent)))};
}

// x^y for floats as doubles, finite x > 0 and finite y: 2^(y log2 x) to some 33 bits, log2 x = e + s P(s^2), s = (m - 1) / (m + 1).
template <class D, class V>
HWY_INLINE V PowOfFloats(D d, V x, V y) {
  const hn::RebindToSigned<D> di;
  const V one = Const(d, 1.0);
  const Split<V> split = SplitExponent(d, x);
  const V s = hn::Div(hn::Sub(split.m, one), hn::Add(split.m, one)), z = hn::Mul(s, s);
  V p = Const(d, 0.28290661659068111);
  for (const double c : {0.31990537392276171, 0.41220925678615497, 0.57707794235945908, 0.96179669411321272, 2.8853900817778502})
    p = hn::MulAdd(p, z, Const(d, c));
  const V power = hn::Min(hn::Max(hn::Mul(y, hn::MulAdd(s, p, split.exponent)), Const(d, -200.0)), Const(d, 200.0));
  const V magic = Const(d, 6755399441055744.0 + 1023), bits = hn::Add(power, magic), f = hn::Sub(power, hn::Sub(bits, magic));
  V q = Const(d, 1.5297323760701074e-5);
  for (const double c :
       {0.00015461444698569129, 0.0013333502386162771, 0.0096180566785246381, 0.055504108839096184, 0.24022650922288758, 0.69314718055994531})
    q = hn::MulAdd(q, f, Const(d, c));
  const V scale = hn::BitCast(d, hn::ShiftLeft<52>(hn::BitCast(di, bits)));
  return hn::MulAdd(scale, hn::Mul(f, q), scale);
}

// log x for finite x > 0, to some 64 bits: e log 2 + log m; log m = 2 s + (2/3) s^3 + s^5 P(s^2), s = (m - 1) / (m + 1), where all but P is reckoned in two parts.
template <class D, class V>
HWY_INLINE TwoPart<V> LogInTwoParts(D d, V x) {
  const auto tiny = hn::Lt(x, Const(d, 0x1p-1022));
  const Split<V> split = SplitExponent(d, hn::IfThenElse(tiny, hn::Mul(x, Const(d, 0x1p64)), x));
  const V m = split.m, e = hn::Sub(split.exponent, hn::IfThenElseZero(tiny, Const(d, 64.0)));

  const V one = Const(d, 1.0), above = hn::Sub(m, one), below = hn::Add(one, m), below_low = hn::Sub(m, hn::Sub(below, one));
  const V reciprocal = hn::Div(one, below), s = hn::Mul(above, reciprocal);
  const V s_low = hn::Mul(reciprocal, hn::NegMulAdd(s, below_low, hn::NegMulAdd(s, below, above)));
  const V z = hn::Mul(s, s), z_low = hn::MulAdd(hn::Add(s, s), s_low, hn::MulSub(s, s, z));
  V p = Const(d, 0.11723178623876517281);
  for (const double c : {0.11706236339491206559, 0.13334804693847310304, 0.15384594962518431516, 0.18181818335392801628, 0.22222222221655885704,
                         0.28571428571429366235, 0.39999999999999999817})
    p = hn::MulAdd(p, z, Const(d, c));
  const V third = Const(d, 2.0 / 3.0), third_low = Const(d, 0x1.5555555555555p-55);
  const V t = hn::Mul(z, third);
  const V t_low = hn::MulAdd(hn::Mul(z, z), p, hn::MulAdd(z_low, third, hn::MulAdd(z, third_low, hn::MulSub(z, third, t))));
  const V cubic = hn::Mul(s, t), cubic_low = hn::MulAdd(s, t_low, hn::MulAdd(s_low, t, hn::MulSub(s, t, cubic)));
  const V twice = hn::Add(s, s), log_m = hn::Add(twice, cubic);
  const V log_m_low = hn::Add(hn::Add(hn::Sub(twice, log_m), cubic), hn::MulAdd(Const(d, 2.0), s_low, cubic_low));

  const V whole = hn::Mul(e, Const(d, kLog2High)), high = hn::Add(whole, log_m);
  return {high, hn::Add(hn::Add(hn::Sub(whole, high), log_m), hn::MulAdd(e, Const(d, kLog2Low), log_m_low))};
}

// x^y for finite x > 0 and finite y, to less than 0.6 units in the last place: e^(y log x).
template <class D, class V>
HWY_INLINE V PowOfPositive(D d, V x, V y) {
  const TwoPart<V> logarithm = LogInTwoParts(d, x);
  const V limit = Const(d, 800.0), product = hn::Mul(y, logarithm.high);
  const V product_low = hn::MulAdd(y, logarithm.low, hn::MulSub(y, logarithm.high, product));
  const V power = hn::Min(hn::Max(product, hn::Neg(limit)), limit);
  const V power_low = hn::IfThenElseZero(hn::Eq(power, product), product_low);
  const V k = hn::Round(hn::Mul(power, Const(d, 1.44269504088896340736)));
  const V reduced = hn::NegMulAdd(k, Const(d, kLog2High), power), rest = hn::NegMulAdd(k, Const(d, kLog2Low), power_low);
  const V r = hn::Add(reduced, rest), r_low = hn::Add(hn::Sub(reduced, r), rest);
  V q = Const(d, 2.0914755325893202191e-9);
  for (const double c :
       {2.5105312729622101775e-8, 2.7557273478718580474e-7, 2.7557255170000887438e-6, 0.0000248015873256774619, 0.00019841269875002278793,
        0.0013888888888883711167, 0.0083333333333260831202, 0.041666666666666669783, 0.1666666666666667103, 0.5})
    q = hn::MulAdd(q, r, Const(d, c));
  const V one = Const(d, 1.0), first = hn::Add(one, r), first_low = hn::Add(hn::Sub(one, first), r);
  return vm::ScaleByPowerOfTwo(d, hn::Add(first, hn::Add(first_low, hn::MulAdd(hn::Mul(r, r), q, r_low))), k);
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAZULI_BACKENDS_CPU_POINTWISE_POW_INL_H
