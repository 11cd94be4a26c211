// With   B^T = | 1  0 -1  0 |   A^T = | 1  1  1  0 |
//              | 0  1  1  0 |         | 0  1 -1 -1 |
//              | 0 -1  1  0 |
//              | 0  1  0 -1 |
#include "lazuli/backends/cpu/network/winograd.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/network/winograd_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

HWY_INLINE void times_b(V& x0, V& x1, V& x2, V& x3) {
  const V y0 = hn::Sub(x0, x2), y1 = hn::Add(x1, x2), y2 = hn::Sub(x2, x1), y3 = hn::Sub(x1, x3);
  x0 = y0, x1 = y1, x2 = y2, x3 = y3;
}

void input(float* to, int64_t plane, const float* const from[16], int64_t channels) {
  const D d;
  for (int64_t c = 0; c < channels; c += int64_t(hn::Lanes(d))) {
    V x[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) x[i] = hn::LoadU(d, from[i] + c);
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) times_b(x[j], x[4 + j], x[8 + j], x[12 + j]);
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4) times_b(x[i], x[i + 1], x[i + 2], x[i + 3]);
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) hn::StoreU(x[i], d, to + i * plane + c);
  }
}

void output(float* const to[4], const float* from, int64_t plane, const WinogradEpilogue& epilogue, int64_t channels) {
  const D d;
  for (int64_t c = 0; c < channels; c += int64_t(hn::Lanes(d))) {
    V m[16], y[4];
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) m[i] = hn::LoadU(d, from + i * plane + c);
    V rows[8];
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      rows[j] = hn::Add(hn::Add(m[j], m[4 + j]), m[8 + j]);
      rows[4 + j] = hn::Sub(hn::Sub(m[4 + j], m[8 + j]), m[12 + j]);
    }
#pragma GCC unroll 2
    for (int i = 0; i < 2; ++i) {
      const V* r = rows + 4 * i;
      y[2 * i] = hn::Add(hn::Add(r[0], r[1]), r[2]);
      y[2 * i + 1] = hn::Sub(hn::Sub(r[1], r[2]), r[3]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      if (!to[i]) continue;
      V v = y[i];
      if (epilogue.bias) v = hn::Add(v, hn::LoadU(d, epilogue.bias + c));
      if (epilogue.residual[i]) v = hn::Add(v, hn::LoadU(d, epilogue.residual[i] + c));
      if (epilogue.relu) v = hn::IfThenZeroElse(hn::Lt(v, hn::Zero(d)), v);
      hn::StoreU(v, d, to[i] + c);
    }
  }
}

// A (g0, g1) = (g0, g0 + g1, g0 - g1, -g1)
void gradient(float* to, int64_t plane, const float* const from[4], int64_t channels) {
  const D d;
  for (int64_t c = 0; c < channels; c += int64_t(hn::Lanes(d))) {
    V rows[8];
#pragma GCC unroll 2
    for (int j = 0; j < 2; ++j) {
      const V g0 = hn::LoadU(d, from[j] + c), g1 = hn::LoadU(d, from[2 + j] + c);
      rows[j] = g0, rows[2 + j] = hn::Add(g0, g1), rows[4 + j] = hn::Sub(g0, g1), rows[6 + j] = hn::Neg(g1);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      const V g0 = rows[2 * i], g1 = rows[2 * i + 1];
      float* row = to + 4 * i * plane + c;
      hn::StoreU(g0, d, row);
      hn::StoreU(hn::Add(g0, g1), d, row + plane);
      hn::StoreU(hn::Sub(g0, g1), d, row + 2 * plane);
      hn::StoreU(hn::Neg(g1), d, row + 3 * plane);
    }
  }
}

}  // namespace

const void* WinogradTable() {
  static constexpr WinogradLoops loops{input, output, gradient};
  return &loops;
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(WinogradTable);
const WinogradLoops& winograd_loops() { return *static_cast<const WinogradLoops*>(HWY_DYNAMIC_DISPATCH(WinogradTable)()); }

}  // namespace lazuli::cpu
#endif
