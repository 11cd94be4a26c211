// Loads and stores of float, double, Half and BFloat16 as vectors of the type that is computed with; included once for each instruction set.
#if defined(LAZULI_BACKENDS_CPU_SIMD_LOAD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAZULI_BACKENDS_CPU_SIMD_LOAD_INL_H_
#undef LAZULI_BACKENDS_CPU_SIMD_LOAD_INL_H_
#else
#define LAZULI_BACKENDS_CPU_SIMD_LOAD_INL_H_
#endif

#include <cstring>

#include "hwy/highway.h"
#include "lazuli/backends/cpu/element_types.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D, class C = hn::TFromD<D>>
HWY_INLINE hn::Vec<D> load(D d, const C* p) {
  return hn::LoadU(d, p);
}
template <class D>
HWY_INLINE hn::Vec<D> load(D d, const BFloat16* p) {
  const hn::Rebind<uint16_t, D> d16;
  const hn::RebindToUnsigned<D> d32;
  return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(d32, hn::LoadU(d16, reinterpret_cast<const uint16_t*>(p)))));
}
template <class D>
HWY_INLINE hn::Vec<D> load(D d, const Half* p) {
#if HWY_TARGET == HWY_SCALAR  // whose own conversion loses infinities and does not round to nearest even
  return hn::Set(d, float(*p));
#else
  const hn::Rebind<hwy::float16_t, D> d16;
  return hn::PromoteTo(d, hn::LoadU(d16, reinterpret_cast<const hwy::float16_t*>(p)));
#endif
}

// The first n < Lanes(d) elements; `fill` in the other lanes.
template <class D, class T>
HWY_INLINE hn::Vec<D> load_tail([[maybe_unused]] D d, const T* p, size_t n, hn::TFromD<D> fill) {
  using C = hn::TFromD<D>;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
  if constexpr (sizeof(T) == sizeof(C)) {
    const auto mask = hn::FirstN(d, n);
    return hn::IfThenElse(mask, hn::MaskedLoad(mask, d, p), hn::Set(d, fill));
  }
#endif
  HWY_ALIGN C buffer[HWY_MAX_BYTES / sizeof(C)];
  for (size_t i = 0; i < hn::Lanes(d); ++i) buffer[i] = i < n ? C(p[i]) : fill;
  return hn::Load(d, buffer);
}

template <class D, class C = hn::TFromD<D>>
HWY_INLINE void store(hn::Vec<D> v, D d, C* p) {
  hn::StoreU(v, d, p);
}
// Rounds to nearest even: adds 0x7fff and the last bit that stays; a NaN becomes the quiet one.
template <class D>
HWY_INLINE void store(hn::Vec<D> v, [[maybe_unused]] D d, BFloat16* p) {
  const hn::Rebind<uint16_t, D> d16;
  const hn::RebindToUnsigned<D> d32;
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(d32, v);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(d32, 1));
  const auto rounded = hn::ShiftRight<16>(hn::Add(hn::Add(bits, hn::Set(d32, 0x7fff)), odd));
  const auto result = hn::IfThenElse(hn::RebindMask(d32, hn::IsNaN(v)), hn::Set(d32, 0x7fc0), rounded);
  hn::StoreU(hn::DemoteTo(d16, hn::BitCast(di, result)), d16, reinterpret_cast<uint16_t*>(p));
}
template <class D>
HWY_INLINE void store(hn::Vec<D> v, [[maybe_unused]] D d, Half* p) {
#if HWY_TARGET == HWY_SCALAR
  (void)d;
  *p = Half(hn::GetLane(v));
#else
  const hn::Rebind<hwy::float16_t, D> d16;
  hn::StoreU(hn::DemoteTo(d16, v), d16, reinterpret_cast<hwy::float16_t*>(p));
#endif
}

template <class D, class T>
HWY_INLINE void store_tail(hn::Vec<D> v, D d, T* p, size_t n) {
  using C = hn::TFromD<D>;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
  if constexpr (sizeof(T) == sizeof(C)) return hn::BlendedStore(v, hn::FirstN(d, n), d, p);
#endif
  HWY_ALIGN T buffer[HWY_MAX_BYTES / sizeof(C)] = {};
  store(v, d, buffer);
  for (size_t i = 0; i < n; ++i) p[i] = buffer[i];
}

template <class D>
HWY_INLINE hn::TFromD<D> sum_of(D d, hn::Vec<D> v) {
  return hn::GetLane(hn::SumOfLanes(d, v));
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
