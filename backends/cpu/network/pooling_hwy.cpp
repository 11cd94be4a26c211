// Maxima of float32 images with channels last: lanes across the channels, the maximum and its place in registers while the window is read.
#include "lazuli/backends/cpu/network/pooling_kernels.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/network/pooling_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

void greatest(float* best, int32_t* at, const float* const* from, const int32_t* places, int64_t count, int64_t channels) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t c = 0;
  for (; c + lanes <= channels; c += lanes) {
    auto most = hn::LoadU(d, from[0] + c);
    auto place = hn::Set(di, places[0]);
    for (int64_t i = 1; i < count; ++i) {
      const auto v = hn::LoadU(d, from[i] + c);
      const auto greater = hn::Or(hn::Gt(v, most), hn::IsNaN(v));
      most = hn::IfThenElse(greater, v, most);
      if (at) place = hn::IfThenElse(hn::RebindMask(di, greater), hn::Set(di, places[i]), place);
    }
    hn::StoreU(most, d, best + c);
    if (at) hn::StoreU(place, di, at + c);
  }
  for (; c < channels; ++c) {
    best[c] = from[0][c];
    if (at) at[c] = places[0];
    for (int64_t i = 1; i < count; ++i) {
      const float v = from[i][c];
      if (!(v > best[c]) && v == v) continue;
      best[c] = v;
      if (at) at[c] = places[i];
    }
  }
}

}  // namespace

const void* PoolingTable() {
  static constexpr PoolingLoops loops{greatest};
  return &loops;
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(PoolingTable);
const PoolingLoops& pooling_loops() { return *static_cast<const PoolingLoops*>(HWY_DYNAMIC_DISPATCH(PoolingTable)()); }

}  // namespace lazuli::cpu
#endif
