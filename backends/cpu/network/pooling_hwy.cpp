// Maxima of float32 images, the maximum and its place in registers while the window is read: with channels last lanes across the channels, of row-major ones across the places of a row.
#include <algorithm>

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

// Windows [x, x + lanes) of kRows rows of two; `place` is that of the first element of window 0.
template <int kRows, class D>
void greatest_of_window(D d, float* best, int32_t* at, const float* top, int64_t width, int64_t x, int32_t place) {
  const hn::RebindToSigned<D> di;
  hn::Vec<D> read[4];
  hn::LoadInterleaved2(d, top + 2 * x, read[0], read[1]);
  if constexpr (kRows == 2) hn::LoadInterleaved2(d, top + width + 2 * x, read[2], read[3]);
  const int32_t offsets[] = {0, 1, int32_t(width), int32_t(width) + 1};
  auto most = read[0];
  auto offset = hn::Zero(di);
  for (int i = 1; i < 2 * kRows; ++i) {
    const auto greater = hn::Or(hn::Gt(read[i], most), hn::IsNaN(read[i]));
    most = hn::IfThenElse(greater, read[i], most);
    offset = hn::IfThenElse(hn::RebindMask(di, greater), hn::Set(di, offsets[i]), offset);
  }
  hn::StoreU(most, d, best + x);
  if (at) hn::StoreU(hn::Add(hn::Add(offset, hn::Set(di, place)), hn::ShiftLeft<1>(hn::Iota(di, int32_t(x)))), di, at + x);
}
// All n >= lanes: the last vector again does what is left.
template <int kRows, class D>
void row_of_windows(D d, float* best, int32_t* at, const float* top, int64_t width, int64_t n, int32_t place) {
  const int64_t lanes = int64_t(hn::Lanes(d));
  for (int64_t x = 0; x < n; x += lanes) greatest_of_window<kRows>(d, best, at, top, width, std::min(x, n - lanes), place);
}
template <int kRows>
bool greatest_of_pairs(float* best, int32_t* at, const float* top, int64_t width, int64_t n, int32_t place) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 8> some;
  const hn::CappedTag<float, 4> few;
  if (n >= int64_t(hn::Lanes(d))) row_of_windows<kRows>(d, best, at, top, width, n, place);
  else if (n >= int64_t(hn::Lanes(some))) row_of_windows<kRows>(some, best, at, top, width, n, place);
  else if (n >= int64_t(hn::Lanes(few))) row_of_windows<kRows>(few, best, at, top, width, n, place);
  else return false;
  return true;
}

// From element x on, as far as whole vectors read nothing behind the last element.
template <int kStride, class D>
int64_t raise_from(int64_t x, D d, float* best, int32_t* at, const float* values, int64_t n, int32_t place) {
  const hn::RebindToSigned<D> di;
  const int64_t lanes = int64_t(hn::Lanes(d));
  for (; x + lanes + kStride - 1 <= n; x += lanes) {
    hn::Vec<D> v, between;
    if constexpr (kStride == 1) v = hn::LoadU(d, values + x);
    else hn::LoadInterleaved2(d, values + 2 * x, v, between);
    const auto most = hn::LoadU(d, best + x);
    const auto greater = hn::Or(hn::Gt(v, most), hn::IsNaN(v));
    const auto places = hn::Add(hn::Set(di, place), hn::ShiftLeft<kStride - 1>(hn::Iota(di, int32_t(x))));
    hn::StoreU(hn::IfThenElse(greater, v, most), d, best + x);
    hn::StoreU(hn::IfThenElse(hn::RebindMask(di, greater), places, hn::LoadU(di, at + x)), di, at + x);
  }
  return x;
}
template <int kStride>
int64_t raise(float* best, int32_t* at, const float* values, int64_t n, int32_t place) {
  const int64_t done = raise_from<kStride>(0, hn::ScalableTag<float>(), best, at, values, n, place);
  return raise_from<kStride>(done, hn::CappedTag<float, 4>(), best, at, values, n, place);
}

}  // namespace

const void* PoolingTable() {
  static constexpr PoolingLoops loops{greatest, {greatest_of_pairs<1>, greatest_of_pairs<2>}, {raise<1>, raise<2>}};
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
