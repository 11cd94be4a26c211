// exp for arguments that are not far above 0, as softmax has them; included once for each instruction set.
#if defined(LAZULI_BACKENDS_CPU_SIMD_EXP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAZULI_BACKENDS_CPU_SIMD_EXP_INL_H_
#undef LAZULI_BACKENDS_CPU_SIMD_EXP_INL_H_
#else
#define LAZULI_BACKENDS_CPU_SIMD_EXP_INL_H_
#endif

#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// exp(x) for x <= 88, 0 below -87.7; a NaN stays one.
//   k = round(x / ln 2), r = x - k ln 2, exp(x) = 2^k (1 + r (1 + r p(r))) with p of degree 5
// Adding 1.5 * 2^23 + 127 rounds to an integer and leaves k + 127 in the low bits: the exponent of 2^k; k = -127 makes it 0.
template <class D>
HWY_INLINE hn::Vec<D> exp_below_float(D d, hn::Vec<D> x) {
  const hn::RebindToSigned<D> di;
  const auto low = hn::Set(d, -88.0f), one = hn::Set(d, 1.0f), magic = hn::Set(d, 12582912.0f + 127.0f);
  x = hn::IfThenElse(hn::Lt(x, low), low, x);
  const auto shifted = hn::MulAdd(x, hn::Set(d, 1.44269504f), magic);
  const auto k = hn::Sub(shifted, magic);
  auto r = hn::NegMulAdd(k, hn::Set(d, 0.693359375f), x);
  r = hn::NegMulAdd(k, hn::Set(d, -2.12194440e-4f), r);
  auto p = hn::MulAdd(r, hn::Set(d, 1.9875691500e-4f), hn::Set(d, 1.3981999507e-3f));
  p = hn::MulAdd(r, p, hn::Set(d, 8.3334519073e-3f));
  p = hn::MulAdd(r, p, hn::Set(d, 4.1665795894e-2f));
  p = hn::MulAdd(r, p, hn::Set(d, 1.6666665459e-1f));
  p = hn::MulAdd(r, p, hn::Set(d, 5.0000001201e-1f));
  p = hn::MulAdd(hn::MulAdd(p, r, one), r, one);
  return hn::Mul(p, hn::BitCast(d, hn::ShiftLeft<23>(hn::BitCast(di, shifted))));
}

template <class D>
HWY_INLINE hn::Vec<D> exp_below(D d, hn::Vec<D> x) {
  if constexpr (sizeof(hn::TFromD<D>) == 4) return exp_below_float(d, x);
  else return hn::IfThenElse(hn::IsNaN(x), x, hn::Exp(d, x));
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
