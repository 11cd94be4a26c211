// Mean and sum of squared deviations of float, double, Half and BFloat16, block by block; blocks are combined by Chan's formula in double.
// Lanes along the row (`rows`, blocks of 2048) or along the columns (`columns`, blocks of 256 rows).
#include "lazuli/backends/cpu/reduce/reduction_kernels.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/reduce/reduction_moments_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/simd_load-inl.h"
#include "lazuli/backends/cpu/simd_moments-inl.h"

#ifndef LAZULI_REDUCE_MOMENTS_HWY_ONCE
#define LAZULI_REDUCE_MOMENTS_HWY_ONCE
#include <algorithm>
#endif

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

template <class T>
void moment_rows(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  constexpr int64_t kBlock = 2048;
  for (int64_t r = 0; r < rows; ++r) {
    const T* row = static_cast<const T*>(in) + r * row_stride;
    for (int64_t i = 0; i < n; i += kBlock) static_cast<MomentState*>(accumulators)[r].add(moments_of(row + i, std::min(kBlock, n - i)));
  }
}

// One pass in memory order: deviations from the mean of the block's first rows, which is never far from that of all.
template <class T>
void moment_columns(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  using C = Compute<T>;
  constexpr int64_t kRows = 256, kColumns = kMaxTile, kFirst = 8;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  HWY_ALIGN C center[kColumns], sums[kColumns], squares[kColumns];
  for (int64_t r0 = 0; r0 < rows; r0 += kRows)
    for (int64_t c0 = 0; c0 < n; c0 += kColumns) {
      const int64_t height = std::min(kRows, rows - r0), width = std::min(kColumns, n - c0), first = std::min(kFirst, height);
      const T* block = static_cast<const T*>(in) + r0 * row_stride + c0;
      auto at = [&](int64_t r, int64_t j) HWY_ATTR {
        const T* p = block + r * row_stride + j;
        return j + lanes <= width ? load(d, p) : load_tail(d, p, width - j, C(0));
      };
      for (int64_t j = 0; j < width; j += lanes) {
        auto sum = at(0, j);
        for (int64_t r = 1; r < first; ++r) sum = hn::Add(sum, at(r, j));
        hn::Store(hn::Mul(sum, hn::Set(d, C(1) / C(first))), d, center + j);
        hn::Store(hn::Zero(d), d, sums + j);
        hn::Store(hn::Zero(d), d, squares + j);
      }
      for (int64_t r = 0; r < height; r += 4)
        for (int64_t j = 0; j < width; j += lanes) {
          const auto c = hn::Load(d, center + j);
          auto sum = hn::Load(d, sums + j), square = hn::Load(d, squares + j);
          auto take = [&](int64_t k) HWY_ATTR {
            const auto x = hn::Sub(at(k, j), c);
            sum = hn::Add(sum, x);
            square = hn::MulAdd(x, x, square);
          };
          if (r + 4 <= height) {
            take(r), take(r + 1), take(r + 2), take(r + 3);
          } else {
            for (int64_t k = r; k < height; ++k) take(k);
          }
          hn::Store(sum, d, sums + j);
          hn::Store(square, d, squares + j);
        }
      for (int64_t j = 0; j < width; ++j) {
        const double sum = sums[j], count = double(height);
        static_cast<MomentState*>(accumulators)[c0 + j].add({count, center[j] + sum / count, squares[j] - sum * sum / count});
      }
    }
}

const ReduceKernel* MomentKernel(DType dtype) {
  static constexpr auto init = [](void* accumulators, int64_t n) { std::fill_n(static_cast<MomentState*>(accumulators), n, MomentState{0, 0, 0}); };
  static constexpr auto combine = [](void* accumulators, const void* other, int64_t n) {
    for (int64_t i = 0; i < n; ++i) static_cast<MomentState*>(accumulators)[i].add(static_cast<const MomentState*>(other)[i]);
  };
  static constexpr ReduceKernel half{sizeof(MomentState), init, moment_rows<Half>, moment_columns<Half>, combine};
  static constexpr ReduceKernel bfloat{sizeof(MomentState), init, moment_rows<BFloat16>, moment_columns<BFloat16>, combine};
  static constexpr ReduceKernel single{sizeof(MomentState), init, moment_rows<float>, moment_columns<float>, combine};
  static constexpr ReduceKernel wide{sizeof(MomentState), init, moment_rows<double>, moment_columns<double>, combine};
  return dtype == kFloat16 ? &half : dtype == kBFloat16 ? &bfloat : dtype == kFloat32 ? &single : &wide;
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

void MomentState::add(const MomentState& other) {
  const double n = count + other.count, delta = other.mean - mean, share = other.count / n;
  if (count == 0) {
    *this = other;
    return;
  }
  mean += delta * share;
  m2 += other.m2 + delta * delta * count * share;
  count = n;
}

HWY_EXPORT(MomentKernel);
const ReduceKernel& moment_kernel(DType dtype) { return *HWY_DYNAMIC_DISPATCH(MomentKernel)(dtype); }

}  // namespace lazuli::cpu
#endif
