#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/shape/copy_convert_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/shape/copy.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

// Without instructions for them, Highway's half types neither keep infinities nor round to nearest even; ours do.
#if HWY_TARGET == HWY_EMU128 || HWY_TARGET == HWY_SCALAR
constexpr bool kVectorHalf = false;
#else
constexpr bool kVectorHalf = true;
#endif

void HalfToFloat(void* out, const void* const* in, int64_t n, const Params&) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> dh;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const Half* from = static_cast<const Half*>(in[0]);
  float* to = static_cast<float*>(out);
  int64_t i = 0;
  if (kVectorHalf)
    for (; i + lanes <= n; i += lanes) hn::StoreU(hn::PromoteTo(d, hn::LoadU(dh, reinterpret_cast<const hwy::float16_t*>(from + i))), d, to + i);
  for (; i < n; i++) to[i] = from[i];
}

void FloatToHalf(void* out, const void* const* in, int64_t n, const Params&) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> dh;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const float* from = static_cast<const float*>(in[0]);
  Half* to = static_cast<Half*>(out);
  int64_t i = 0;
  if (kVectorHalf)
    for (; i + lanes <= n; i += lanes) hn::StoreU(hn::DemoteTo(dh, hn::LoadU(d, from + i)), dh, reinterpret_cast<hwy::float16_t*>(to + i));
  for (; i < n; i++) to[i] = Half(from[i]);
}

void BFloat16ToFloat(void* out, const void* const* in, int64_t n, const Params&) {
  const auto* from = static_cast<const uint16_t*>(in[0]);
  auto* to = static_cast<uint32_t*>(out);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) to[i] = uint32_t(from[i]) << 16;
}

// To nearest even: half of the last kept bit, less one when it is even, is added before the cut.
void FloatToBFloat16(void* out, const void* const* in, int64_t n, const Params&) {
  const auto* from = static_cast<const uint32_t*>(in[0]);
  auto* to = static_cast<uint16_t*>(out);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    const uint32_t u = from[i], rounded = (u + 0x7fffu + ((u >> 16) & 1u)) >> 16;
    to[i] = uint16_t((u & 0x7fffffffu) > 0x7f800000u ? 0x7fc0u : rounded);
  }
}

// Images, and masks, in which any byte but 0 is true.
template <class From>
void BytesToFloat(void* out, const void* const* in, int64_t n, const Params&) {
  const auto* from = static_cast<const uint8_t*>(in[0]);
  auto* to = static_cast<float*>(out);
#pragma omp simd
  for (int64_t i = 0; i < n; i++) to[i] = std::is_same_v<From, bool> ? float(from[i] != 0) : float(from[i]);
}

}  // namespace

void FillVectorConversions(Loop (&loops)[kDTypeCount][kDTypeCount]) {
  loops[int(kFloat16)][int(kFloat32)] = &HalfToFloat;
  loops[int(kFloat32)][int(kFloat16)] = &FloatToHalf;
  loops[int(kBool)][int(kFloat32)] = &BytesToFloat<bool>;
  loops[int(kUInt8)][int(kFloat32)] = &BytesToFloat<uint8_t>;
  loops[int(kBFloat16)][int(kFloat32)] = &BFloat16ToFloat;
  loops[int(kFloat32)][int(kBFloat16)] = &FloatToBFloat16;
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillVectorConversions);
void fill_vector_conversions(Loop (&loops)[kDTypeCount][kDTypeCount]) { HWY_DYNAMIC_DISPATCH(FillVectorConversions)(loops); }
}  // namespace lazuli::cpu
#endif
