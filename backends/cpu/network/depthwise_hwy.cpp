// One plane of a depthwise convolution, lanes along the output's rows. The input lies in a copy with its zeros around it, so that no read needs a check.
//   out[y][x] = bias + sum_k in[y s + k_y d][x s + k_x d] w[k]        sums[k] += sum_(y, x) grad[y][x] in[y s + k_y d][x s + k_x d]
#include "lazuli/backends/cpu/network/depthwise.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/network/depthwise_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#ifndef LAZULI_DEPTHWISE_HWY_ONCE
#define LAZULI_DEPTHWISE_HWY_ONCE
#include <algorithm>
#include <cstring>
#endif

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

inline void copy_padded(const DepthwisePlane& p, const float* in, float* room) {
  const int64_t length = p.row_length(), from = std::max<int64_t>(-p.padding[1], 0), to = std::max<int64_t>(p.padding[1], 0);
  const int64_t columns = std::min(p.in[1] - from, length - to);
  if (columns <= 0) return;
  for (int64_t row = 0; row < p.rows(); ++row) {
    const int64_t source = row - p.padding[0];
    if (source >= 0 && source < p.in[0]) std::memcpy(room + row * length + to, in + source * p.in[1] + from, size_t(columns) * sizeof(float));
  }
}

// Elements 0, stride, 2 stride..
template <bool by_two>
HWY_INLINE V read(D d, const float* at) {
  if constexpr (by_two) {
    V even, odd;
    hn::LoadInterleaved2(d, at, even, odd);
    return even;
  } else {
    return hn::LoadU(d, at);
  }
}

HWY_INLINE void put(D d, V v, float* to, int64_t room_left) {
  if (room_left >= int64_t(hn::Lanes(d))) {
    hn::StoreU(v, d, to);
  } else if (room_left > 0) {
    HWY_ALIGN float tail[DepthwisePlane::kMostLanes];
    hn::Store(v, d, tail);
    std::memcpy(to, tail, size_t(room_left) * sizeof(float));
  }
}
HWY_INLINE V get(D d, const float* from, int64_t left) {
  if (left >= int64_t(hn::Lanes(d))) return hn::LoadU(d, from);
  HWY_ALIGN float tail[DepthwisePlane::kMostLanes] = {};
  if (left > 0) std::memcpy(tail, from, size_t(left) * sizeof(float));
  return hn::Load(d, tail);
}

// Up to `vectors` vectors of an output row at a time, so that a weight is read once for all of them; `left` elements are there.
template <bool by_two, int vectors>
HWY_INLINE void forward_block(const DepthwisePlane& p, float* out, int64_t left, const float* weight, float bias, const float* read_from) {
  const D d;
  const int64_t lanes = int64_t(hn::Lanes(d)), length = p.row_length(), across = p.dilation[1], jump = lanes * (by_two ? 2 : 1);
  const int64_t rows = p.kernel[0], columns = p.kernel[1], down = p.dilation[0] * length;
  V a = hn::Set(d, bias), b = a, c = a, e = a;
  for (int64_t i = 0; i < rows; ++i, read_from += down) {
    const float* at = read_from;
    for (int64_t j = 0; j < columns; ++j, at += across) {
      const V w = hn::Set(d, *weight++);
      a = hn::MulAdd(read<by_two>(d, at), w, a);
      if constexpr (vectors > 1) b = hn::MulAdd(read<by_two>(d, at + jump), w, b);
      if constexpr (vectors > 2) {
        c = hn::MulAdd(read<by_two>(d, at + 2 * jump), w, c);
        e = hn::MulAdd(read<by_two>(d, at + 3 * jump), w, e);
      }
    }
  }
  put(d, a, out, left);
  if constexpr (vectors > 1) put(d, b, out + lanes, left - lanes);
  if constexpr (vectors > 2) {
    put(d, c, out + 2 * lanes, left - 2 * lanes);
    put(d, e, out + 3 * lanes, left - 3 * lanes);
  }
}

template <bool by_two>
void forward_plane(const DepthwisePlane& p, float* out, const float* weight, float bias, const float* room) {
  const int64_t lanes = int64_t(hn::Lanes(D())), length = p.row_length(), step = by_two ? 2 : 1, height = p.out[0], width = p.out[1];
  for (int64_t y = 0; y < height; ++y, out += width) {
    const float* row = room + y * p.stride[0] * length;
    for (int64_t x = 0; x < width; x += 4 * lanes) {
      const int64_t left = width - x;
      if (left > 2 * lanes) forward_block<by_two, 4>(p, out + x, left, weight, bias, row + x * step);
      else if (left > lanes) forward_block<by_two, 2>(p, out + x, left, weight, bias, row + x * step);
      else forward_block<by_two, 1>(p, out + x, left, weight, bias, row + x * step);
    }
  }
}

// sums[k] (of all lanes) += a block of the gradient times what tap k reads for it.
template <bool by_two, int vectors>
HWY_INLINE void weight_block(const DepthwisePlane& p, float* sums, const float* grad, int64_t left, const float* read_from) {
  const D d;
  const int64_t lanes = int64_t(hn::Lanes(d)), length = p.row_length(), across = p.dilation[1], jump = lanes * (by_two ? 2 : 1);
  const int64_t rows = p.kernel[0], columns = p.kernel[1], down = p.dilation[0] * length;
  const V a = get(d, grad, left), b = vectors > 1 ? get(d, grad + lanes, left - lanes) : a;
  const V c = vectors > 2 ? get(d, grad + 2 * lanes, left - 2 * lanes) : a, e = vectors > 2 ? get(d, grad + 3 * lanes, left - 3 * lanes) : a;
  for (int64_t i = 0; i < rows; ++i, read_from += down) {
    const float* at = read_from;
    for (int64_t j = 0; j < columns; ++j, at += across, sums += lanes) {
      V sum = hn::MulAdd(a, read<by_two>(d, at), hn::Load(d, sums));
      if constexpr (vectors > 1) sum = hn::MulAdd(b, read<by_two>(d, at + jump), sum);
      if constexpr (vectors > 2) {
        sum = hn::MulAdd(c, read<by_two>(d, at + 2 * jump), sum);
        sum = hn::MulAdd(e, read<by_two>(d, at + 3 * jump), sum);
      }
      hn::Store(sum, d, sums);
    }
  }
}

template <bool by_two>
void add_weight_plane(const DepthwisePlane& p, double* sums, const float* grad, const float* room) {
  const int64_t lanes = int64_t(hn::Lanes(D())), length = p.row_length(), step = by_two ? 2 : 1, height = p.out[0], width = p.out[1];
  const int64_t taps = p.kernel[0] * p.kernel[1];
  HWY_ALIGN float each[kMostTaps * DepthwisePlane::kMostLanes];
  std::fill(each, each + taps * lanes, 0.0f);
  for (int64_t y = 0; y < height; ++y, grad += width) {
    const float* row = room + y * p.stride[0] * length;
    for (int64_t x = 0; x < width; x += 4 * lanes) {
      const int64_t left = width - x;
      if (left > 2 * lanes) weight_block<by_two, 4>(p, each, grad + x, left, row + x * step);
      else if (left > lanes) weight_block<by_two, 2>(p, each, grad + x, left, row + x * step);
      else weight_block<by_two, 1>(p, each, grad + x, left, row + x * step);
    }
  }
  for (int64_t k = 0; k < taps; ++k)
    for (int64_t i = 0; i < lanes; ++i) sums[k] += double(each[k * lanes + i]);
}

void Forward(const DepthwisePlane& p, float* out, const float* in, const float* weight, float bias, float* room) {
  copy_padded(p, in, room);
  if (p.stride[1] == 2) forward_plane<true>(p, out, weight, bias, room);
  else forward_plane<false>(p, out, weight, bias, room);
}
void AddWeight(const DepthwisePlane& p, double* sums, const float* grad, const float* in, float* room) {
  copy_padded(p, in, room);
  if (p.stride[1] == 2) add_weight_plane<true>(p, sums, grad, room);
  else add_weight_plane<false>(p, sums, grad, room);
}

const void* DepthwiseTable() {
  static constexpr DepthwiseLoops loops{&Forward, &AddWeight};
  return &loops;
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(DepthwiseTable);
const DepthwiseLoops& depthwise_loops() { return *static_cast<const DepthwiseLoops*>(HWY_DYNAMIC_DISPATCH(DepthwiseTable)()); }

}  // namespace lazuli::cpu
#endif
