#include "lazuli/backends/cpu/linalg/small_gemm.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "hwy/cache_control.h"

// Arrays of vectors, which the targets of unknown width do not have; the wider x86 sets add nothing that is used here.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV | HWY_AVX3_DL | HWY_SSSE3)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/linalg/small_gemm.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu {
namespace HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr int64_t kLanes = HWY_LANES(float);
#if HWY_MAX_BYTES == 64 || HWY_ARCH_ARM_A64
constexpr int kWide = 4;  // 32 registers: 24 sums, 4 vectors of b, 1 of a
constexpr int kRows[] = {0, 12, 12, 0, 6};
#else
constexpr int kWide = 2;  // 16 registers: 12 sums, 2 vectors of b, 1 of a
constexpr int kRows[] = {0, 6, 6};
#endif
constexpr int64_t kPanel = kWide * kLanes;
constexpr int64_t kDepth = 256;  // of a packed panel, which is to stay in the first-level cache

#define LAZULI_UNROLL _Pragma("GCC unroll 16")

// Partial vectors: masks where they cannot fault or write what is not ours, else a detour.
HWY_INLINE V load_part(const float* p, int64_t lanes) {
#if HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN float padded[kLanes] = {};
  for (int64_t i = 0; i < lanes; ++i) padded[i] = p[i];
  return hn::Load(D(), padded);
#else
  return hn::MaskedLoad(hn::FirstN(D(), size_t(lanes)), D(), p);
#endif
}
HWY_INLINE void store_part(V v, float* p, int64_t lanes) {
#if HWY_MEM_OPS_MIGHT_FAULT || HWY_TARGET == HWY_AVX2  // a masked store of AVX2 takes 20 cycles on AMD
  HWY_ALIGN float padded[kLanes];
  hn::Store(v, D(), padded);
  for (int64_t i = 0; i < lanes; ++i) p[i] = padded[i];
#else
  hn::BlendedStore(v, hn::FirstN(D(), size_t(lanes)), D(), p);
#endif
}

// As UnaryOp::Relu and BinaryOp::ReluGrad, to the bit.
template <class DV, class VV = hn::Vec<DV>>
HWY_INLINE VV ended(DV d, GemmEnd end, VV x, VV other) {
  return hn::IfThenZeroElse(end == GemmEnd::Relu ? hn::Lt(x, hn::Zero(d)) : hn::Le(other, hn::Zero(d)), x);
}
HWY_INLINE float ended(const GemmF32& g, float x, int64_t i, int64_t j) {
  if (g.end == GemmEnd::None) return x;
  return (g.end == GemmEnd::Relu ? x < 0 : g.other[i * g.other_row + j] <= 0) ? 0.0f : x;
}

// One tile of up to kRows x kWide vectors: c = end(beta * c + alpha * (a b) + bias).
struct Tile {
  int64_t k;
  const float* a;
  int64_t a_row, a_col;
  const float* b;
  int64_t b_row;
  float* c;
  int64_t c_row;
  int64_t last;  // lanes in the last vector
  bool b_ends;   // b too has no more than these
  const float* bias;
  bool bias_per_row;
  float alpha, beta;
  GemmEnd end;
  const float* other;
  int64_t other_row;
};

// kMask: b ends within the last vector, and must not be read beyond. Only where masked loads cost nothing; else such a b is packed.
constexpr bool kMaskedLoads = HWY_TARGET <= HWY_AVX3;

template <int MR, int NV, bool kMask>
HWY_INLINE void tile(const Tile& t) {
  const D d;
  V sum[MR][NV];
  LAZULI_UNROLL for (int i = 0; i < MR; ++i) { LAZULI_UNROLL for (int j = 0; j < NV; ++j) sum[i][j] = hn::Zero(d); }
  // Rows are reached from every fourth one by 0 to 3 strides: fewer registers than a pointer for each.
  const float* rows[(MR + 3) / 4];
  LAZULI_UNROLL for (int i = 0; i < MR; i += 4) rows[i / 4] = t.a + i * t.a_row;
  const int64_t stride[4] = {0, t.a_row, 2 * t.a_row, 3 * t.a_row};
  constexpr int64_t kWorthFetching = 64;  // terms of a sum, in whose time c comes from memory
  if (t.k >= kWorthFetching) {
    for (int i = 0; i < MR; ++i)
      for (int j = 0; j < NV; ++j) hwy::Prefetch(t.c + i * t.c_row + j * kLanes);
  }
  const float* b = t.b;
  for (int64_t p = 0; p < t.k; ++p) {
    V vb[NV];
    LAZULI_UNROLL for (int j = 0; j < NV; ++j) vb[j] = kMask && j == NV - 1 ? load_part(b + j * kLanes, t.last) : hn::LoadU(d, b + j * kLanes);
    LAZULI_UNROLL for (int i = 0; i < MR; ++i) {
      const V va = hn::Set(d, rows[i / 4][stride[i % 4]]);
      LAZULI_UNROLL for (int j = 0; j < NV; ++j) sum[i][j] = hn::MulAdd(va, vb[j], sum[i][j]);
    }
    LAZULI_UNROLL for (int i = 0; i < MR; i += 4) rows[i / 4] += t.a_col;
    b += t.b_row;
  }
  const bool part = t.last != kLanes;
  if (t.alpha != 1) {
    const V alpha = hn::Set(d, t.alpha);
    LAZULI_UNROLL for (int i = 0; i < MR; ++i) { LAZULI_UNROLL for (int j = 0; j < NV; ++j) sum[i][j] = hn::Mul(sum[i][j], alpha); }
  }
  if (t.bias) {
    LAZULI_UNROLL for (int j = 0; j < NV; ++j) {
      V bias = hn::Zero(d);
      if (!t.bias_per_row) bias = part && j == NV - 1 ? load_part(t.bias + j * kLanes, t.last) : hn::LoadU(d, t.bias + j * kLanes);
      LAZULI_UNROLL for (int i = 0; i < MR; ++i) sum[i][j] = hn::Add(sum[i][j], t.bias_per_row ? hn::Set(d, t.bias[i]) : bias);
    }
  }
  if (t.beta != 0) {
    const V beta = hn::Set(d, t.beta);
    LAZULI_UNROLL for (int i = 0; i < MR; ++i) {
      LAZULI_UNROLL for (int j = 0; j < NV; ++j) {
        const float* c = t.c + i * t.c_row + j * kLanes;
        sum[i][j] = hn::MulAdd(part && j == NV - 1 ? load_part(c, t.last) : hn::LoadU(d, c), beta, sum[i][j]);
      }
    }
  }
  if (t.end != GemmEnd::None) {
    LAZULI_UNROLL for (int i = 0; i < MR; ++i) {
      LAZULI_UNROLL for (int j = 0; j < NV; ++j) {
        V other = hn::Zero(d);
        if (t.end == GemmEnd::ReluGrad) {
          const float* from = t.other + i * t.other_row + j * kLanes;
          other = part && j == NV - 1 ? load_part(from, t.last) : hn::LoadU(d, from);
        }
        sum[i][j] = ended(d, t.end, sum[i][j], other);
      }
    }
  }
  LAZULI_UNROLL for (int i = 0; i < MR; ++i) {
    LAZULI_UNROLL for (int j = 0; j < NV; ++j) {
      float* c = t.c + i * t.c_row + j * kLanes;
      if (part && j == NV - 1) store_part(sum[i][j], c, t.last);
      else hn::StoreU(sum[i][j], d, c);
    }
  }
}

template <int MR, int NV>
HWY_NOINLINE void tile_of(const Tile& t) {
  if (kMaskedLoads && t.b_ends) tile<MR, NV, kMaskedLoads>(t);
  else tile<MR, NV, false>(t);
}

template <int NV, int MR = 1>
HWY_INLINE void choose_tile(int64_t rows, const Tile& t) {
  if constexpr (MR <= kRows[NV]) {
    if (rows == MR) tile_of<MR, NV>(t);
    else choose_tile<NV, MR + 1>(rows, t);
  }
}

// All rows of one panel of NV vectors.
template <int NV>
void panel(Tile t, int64_t m) {
  const int64_t blocks = (m + kRows[NV] - 1) / kRows[NV], rows = m / blocks, longer = m % blocks;
  for (int64_t i = 0; i < blocks; ++i) {
    const int64_t count = rows + (i < longer);
    choose_tile<NV>(count, t);
    t.a += count * t.a_row;
    t.c += count * t.c_row;
    if (t.other) t.other += count * t.other_row;
    if (t.bias && t.bias_per_row) t.bias += count;
  }
}

#if HWY_TARGET != HWY_SCALAR
// Four elements of each of kBlocks rows `step` apart.
template <int kBlocks>
HWY_INLINE auto load_blocks(const float* p, int64_t step) {
  const hn::FixedTag<float, 4 * kBlocks> d;
  if constexpr (kBlocks == 1) return hn::LoadU(d, p);
  else return hn::Combine(d, load_blocks<kBlocks / 2>(p + kBlocks / 2 * step, step), load_blocks<kBlocks / 2>(p, step));
}

struct Transposed {
  float* out;
  int64_t stride;
  const float* in;
  int64_t row, rows, columns;

  // As many times 4 kBlocks rows from row r on as there are; returns the first row that is left.
  template <int kBlocks>
  int64_t whole(int64_t r) const {
    for (; r + 4 * kBlocks <= rows; r += 4 * kBlocks) some<kBlocks>(r);
    return r;
  }
  // Each block of vectors is a matrix of 4 x 4; the last columns are done again with those before them.
  template <int kBlocks>
  void some(int64_t r) const {
    const hn::FixedTag<float, 4 * kBlocks> d;
    for (int64_t next = 0; next < columns; next += 4) {
      const int64_t c = std::min(next, columns - 4);
      const float* from = in + r * row + c;
      const auto v0 = load_blocks<kBlocks>(from, 4 * row), v1 = load_blocks<kBlocks>(from + row, 4 * row),
                 v2 = load_blocks<kBlocks>(from + 2 * row, 4 * row), v3 = load_blocks<kBlocks>(from + 3 * row, 4 * row);
      const auto low02 = hn::InterleaveLower(d, v0, v2), low13 = hn::InterleaveLower(d, v1, v3);
      const auto high02 = hn::InterleaveUpper(d, v0, v2), high13 = hn::InterleaveUpper(d, v1, v3);
      float* to = out + c * stride + r;
      hn::StoreU(hn::InterleaveLower(d, low02, low13), d, to);
      hn::StoreU(hn::InterleaveUpper(d, low02, low13), d, to + stride);
      hn::StoreU(hn::InterleaveLower(d, high02, high13), d, to + 2 * stride);
      hn::StoreU(hn::InterleaveUpper(d, high02, high13), d, to + 3 * stride);
    }
  }
};
#endif

}  // namespace

void transpose_f32_target(float* out, int64_t stride, const float* in, int64_t row, int64_t rows, int64_t columns) {
#if HWY_TARGET == HWY_SCALAR
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) out[c * stride + r] = in[r * row + c];
#else
  if (rows < 4 || columns < 4) {
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = 0; c < columns; ++c) out[c * stride + r] = in[r * row + c];
    return;
  }
  const Transposed t{out, stride, in, row, rows, columns};
  int64_t r = 0;
  if constexpr (HWY_MAX_BYTES >= 64) r = t.whole<4>(r);
  if constexpr (HWY_MAX_BYTES >= 32) r = t.whole<2>(r);
  r = t.whole<1>(r);
  if (r < rows) t.some<1>(rows - 4);
#endif
}

namespace {

// out[p * width + j] = b[p * b_row + j * b_col] for p < k, j < n <= width; zeros beyond n.
void pack_transposed(const float* b, int64_t b_col, int64_t k, int64_t n, int64_t width, float* out) {
  if (n < width)
    for (int64_t p = 0; p < k; ++p) std::fill(out + p * width + n, out + (p + 1) * width, 0.0f);
  transpose_f32_target(out, width, b, b_col, n, k);
}
void pack_strided(const float* b, int64_t b_row, int64_t b_col, int64_t k, int64_t n, int64_t width, float* out) {
  for (int64_t p = 0; p < k; ++p)
    for (int64_t j = 0; j < width; ++j) out[p * width + j] = j < n ? b[p * b_row + j * b_col] : 0.0f;
}

// Columns j to j + width of the product; `width` is at most a panel.
HWY_INLINE void columns(const GemmF32& g, int64_t j, int64_t n) {
  const int64_t vectors = (n + kLanes - 1) / kLanes, width = vectors * kLanes;
  Tile t{
      g.k,     g.a,    g.a_row, g.a_col, g.b + j * g.b_col, g.b_row, g.c + j, g.c_row, n - (vectors - 1) * kLanes, n < width, g.bias, g.bias_per_row,
      g.alpha, g.beta, g.end,   g.other, g.other_row};
  if (t.bias && !t.bias_per_row) t.bias += j;
  if (t.other) t.other += j;
  auto run = [&](const Tile& now) HWY_ATTR {
    if (vectors == 1) panel<1>(now, g.m);
    else if (vectors == 2) panel<2>(now, g.m);
    else if constexpr (kWide == 4) panel<4>(now, g.m);
  };
  if ((g.b_col == 1 && (kMaskedLoads || n == width)) || g.k == 0) return run(t);
  HWY_ALIGN float packed[kDepth * kPanel];
  for (int64_t p = 0; p < g.k; p += kDepth) {
    t.k = std::min(kDepth, g.k - p);
    t.end = p + t.k == g.k ? g.end : GemmEnd::None;
    const float* b = g.b + p * g.b_row + j * g.b_col;
    if (g.b_row == 1) pack_transposed(b, g.b_col, t.k, n, width, packed);
    else pack_strided(b, g.b_row, g.b_col, t.k, n, width, packed);
    t.b = packed;
    t.b_row = width;
    t.b_ends = false;
    run(t);
    t.a += t.k * t.a_col;
    t.bias = nullptr;
    t.beta = 1;
  }
}

#if HWY_TARGET != HWY_SCALAR
// Sums of four vectors' lanes, as one vector of four.
HWY_INLINE hn::Vec<hn::FixedTag<float, 4>> sums_of(V s0, V s1, V s2, V s3) {
  const D d;
  const V low02 = hn::InterleaveLower(d, s0, s2), high02 = hn::InterleaveUpper(d, s0, s2), low13 = hn::InterleaveLower(d, s1, s3),
          high13 = hn::InterleaveUpper(d, s1, s3);
  const V pairs02 = hn::Add(low02, high02), pairs13 = hn::Add(low13, high13);
  const V all = hn::Add(hn::InterleaveLower(d, pairs02, pairs13), hn::InterleaveUpper(d, pairs02, pairs13));
#if HWY_MAX_BYTES == 64
  const hn::Half<D> half;
  const auto eight = hn::Add(hn::LowerHalf(half, all), hn::UpperHalf(half, all));
  const hn::Half<decltype(half)> quarter;
  return hn::Add(hn::LowerHalf(quarter, eight), hn::UpperHalf(quarter, eight));
#elif HWY_MAX_BYTES == 32
  const hn::Half<D> half;
  return hn::Add(hn::LowerHalf(half, all), hn::UpperHalf(half, all));
#else
  return all;
#endif
}

// MR rows of a against up to four columns of b, both contiguous along k.
template <int MR, int NR>
HWY_INLINE void dots(const GemmF32& g, int64_t i, int64_t j) {
  const D d;
  V sum[MR][NR];
  LAZULI_UNROLL for (int r = 0; r < MR; ++r) { LAZULI_UNROLL for (int s = 0; s < NR; ++s) sum[r][s] = hn::Zero(d); }
  const float *a = g.a + i * g.a_row, *b = g.b + j * g.b_col;
  int64_t p = 0;
  for (; p + kLanes <= g.k; p += kLanes) {
    V va[MR];
    LAZULI_UNROLL for (int r = 0; r < MR; ++r) va[r] = hn::LoadU(d, a + r * g.a_row + p);
    LAZULI_UNROLL for (int s = 0; s < NR; ++s) {
      const V vb = hn::LoadU(d, b + s * g.b_col + p);
      LAZULI_UNROLL for (int r = 0; r < MR; ++r) sum[r][s] = hn::MulAdd(va[r], vb, sum[r][s]);
    }
  }
  if (p < g.k) {
    V va[MR];
    LAZULI_UNROLL for (int r = 0; r < MR; ++r) va[r] = load_part(a + r * g.a_row + p, g.k - p);
    LAZULI_UNROLL for (int s = 0; s < NR; ++s) {
      const V vb = load_part(b + s * g.b_col + p, g.k - p);
      LAZULI_UNROLL for (int r = 0; r < MR; ++r) sum[r][s] = hn::MulAdd(va[r], vb, sum[r][s]);
    }
  }
  const hn::FixedTag<float, 4> d4;
  LAZULI_UNROLL for (int r = 0; r < MR; ++r) {
    const V zero = hn::Zero(d);
    auto four =
        sums_of(sum[r][0], NR > 1 ? sum[r][NR > 1 ? 1 : 0] : zero, NR > 2 ? sum[r][NR > 2 ? 2 : 0] : zero, NR > 3 ? sum[r][NR > 3 ? 3 : 0] : zero);
    float* c = g.c + (i + r) * g.c_row + j;
    if constexpr (NR == 4) {
      four = hn::Mul(four, hn::Set(d4, g.alpha));
      if (g.bias) four = hn::Add(four, g.bias_per_row ? hn::Set(d4, g.bias[i + r]) : hn::LoadU(d4, g.bias + j));
      if (g.beta != 0) four = hn::MulAdd(hn::Set(d4, g.beta), hn::LoadU(d4, c), four);
      if (g.end != GemmEnd::None)
        four = ended(d4, g.end, four, g.end == GemmEnd::ReluGrad ? hn::LoadU(d4, g.other + (i + r) * g.other_row + j) : hn::Zero(d4));
      hn::StoreU(four, d4, c);
    } else {
      HWY_ALIGN float each[4];
      hn::Store(four, d4, each);
      for (int s = 0; s < NR; ++s) {
        float v = each[s] * g.alpha;
        if (g.bias) v += g.bias[g.bias_per_row ? i + r : j + s];
        c[s] = ended(g, g.beta != 0 ? std::fma(g.beta, c[s], v) : v, i + r, j + s);
      }
    }
  }
}

// MR rows against all columns, and NR columns against all rows.
template <int MR>
HWY_NOINLINE void dots_along_row(const GemmF32& g, int64_t i) {
  int64_t j = 0;
  for (; j + 4 <= g.n; j += 4) dots<MR, 4>(g, i, j);
  if (g.n - j == 1) dots<MR, 1>(g, i, j);
  else if (g.n - j == 2) dots<MR, 2>(g, i, j);
  else if (g.n - j == 3) dots<MR, 3>(g, i, j);
}
void all_dots(const GemmF32& g) {
  int64_t i = 0;
  for (; i + 4 <= g.m; i += 4) dots_along_row<4>(g, i);
  if (g.m - i == 1) dots_along_row<1>(g, i);
  else if (g.m - i == 2) dots_along_row<2>(g, i);
  else if (g.m - i == 3) dots_along_row<3>(g, i);
}

// The larger matrix is to be read once: columns in blocks that stay in the first-level cache.
void dots_by_columns(GemmF32 g) {
  const int64_t block = std::max<int64_t>(4, 4096 / std::max<int64_t>(g.k, 1) / 4 * 4);
  for (int64_t j = 0, n = g.n; j < n; j += block) {
    g.n = std::min(block, n - j);
    all_dots(g);
    g.b += block * g.b_col;
    g.c += block;
    if (g.other) g.other += block;
    if (g.bias && !g.bias_per_row) g.bias += block;
  }
}
#endif

// c += x[0] b[0] + .. + x[rows - 1] b[rows - 1], each b[r] a row of n.
template <int kRowsAtOnce>
HWY_INLINE void add_rows(const float* const* b, const V* x, float* c, int64_t n) {
  const D d;
  int64_t j = 0;
  for (; j + 2 * kLanes <= n; j += 2 * kLanes) {
    V sum0 = hn::LoadU(d, c + j), sum1 = hn::LoadU(d, c + j + kLanes);
    LAZULI_UNROLL for (int r = 0; r < kRowsAtOnce; ++r) {
      sum0 = hn::MulAdd(x[r], hn::LoadU(d, b[r] + j), sum0);
      sum1 = hn::MulAdd(x[r], hn::LoadU(d, b[r] + j + kLanes), sum1);
    }
    hn::StoreU(sum0, d, c + j);
    hn::StoreU(sum1, d, c + j + kLanes);
  }
  for (; j < n; j += kLanes) {
    const int64_t lanes = std::min(kLanes, n - j);
    V sum = load_part(c + j, lanes);
    LAZULI_UNROLL for (int r = 0; r < kRowsAtOnce; ++r) sum = hn::MulAdd(x[r], load_part(b[r] + j, lanes), sum);
    store_part(sum, c + j, lanes);
  }
}

// c = end(beta * c + alpha * (a b) + bias) for one row of a and a wide b: b is read once, row after row.
void vector_times_rows(const GemmF32& g) {
  const D d;
  for (int64_t j = 0; j < g.n; ++j) {
    const float start = g.beta != 0 ? g.beta * g.c[j] : 0.0f;
    g.c[j] = g.bias ? start + g.bias[g.bias_per_row ? 0 : j] : start;
  }
  constexpr int kAtOnce = 8;
  V x[kAtOnce];
  const float* b[kAtOnce];
  for (int64_t p = 0; p < g.k;) {
    const int rows = p + kAtOnce <= g.k ? kAtOnce : 1;
    for (int r = 0; r < rows; ++r, ++p) {
      x[r] = hn::Set(d, g.alpha * g.a[p * g.a_col]);
      b[r] = g.b + p * g.b_row;
    }
    if (rows == kAtOnce) add_rows<kAtOnce>(b, x, g.c, g.n);
    else add_rows<1>(b, x, g.c, g.n);
  }
  if (g.end != GemmEnd::None)
    for (int64_t j = 0; j < g.n; ++j) g.c[j] = ended(g, g.c[j], 0, j);
}

}  // namespace

void small_gemm_f32_target(const GemmF32& g) {
  const GemmWay way = g.way == GemmWay::Choose ? best_way(g) : g.way;
#if HWY_TARGET != HWY_SCALAR
  if (way == GemmWay::Dots) return g.m > 4 && g.n > g.m ? dots_by_columns(g) : all_dots(g);
#endif
  if (way == GemmWay::Rows) return vector_times_rows(g);
  int64_t j = 0;
  while (j < g.n) {
    int64_t n = std::min(kPanel, g.n - j);
    if constexpr (kWide == 4) {  // widths of one, two and four vectors are there
      if (n > 2 * kLanes && n <= 3 * kLanes) n = 2 * kLanes;
    }
    columns(g, j, n);
    j += n;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace lazuli::cpu
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(small_gemm_f32_target);
HWY_EXPORT(transpose_f32_target);

GemmWay best_way(const GemmF32& g) {
  if (g.b_col == 1) return g.m == 1 && g.n > 128 && g.k > 0 ? GemmWay::Rows : GemmWay::Tiles;
  if (g.b_row != 1 || (g.a_col != 1 && g.k != 1) || g.k < 32) return GemmWay::Tiles;
  // In cycles of vectors of 16, times 16: dots pay for adding up lanes, tiles for transposing b and for filling the last vector.
  const int64_t padded = (g.n + 15) / 16 * 16;
  const int64_t dots = g.m * g.n * ((g.k + 15) / 16 * 16 + 51), tiles = g.m * padded * g.k + padded * g.k * 3;
  return dots < tiles ? GemmWay::Dots : GemmWay::Tiles;
}

void small_gemm_f32(const GemmF32& g) { HWY_DYNAMIC_DISPATCH(small_gemm_f32_target)(g); }
void transpose_f32(float* out, int64_t stride, const float* in, int64_t row, int64_t rows, int64_t columns) {
  HWY_DYNAMIC_DISPATCH(transpose_f32_target)(out, stride, in, row, rows, columns);
}
}  // namespace lazuli::cpu
#endif
