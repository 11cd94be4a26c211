// Transforms in one dimension, in both of which a tile goes through them one after the other.
// m = 2:  B^T = | 1  0 -1  0 |   A^T = | 1  1  1  0 |   G = |  1    0    0  |
//               | 0  1  1  0 |         | 0  1 -1 -1 |       | 1/2  1/2  1/2 |
//               | 0 -1  1  0 |                              | 1/2 -1/2  1/2 |
//               | 0  1  0 -1 |                              |  0    0    1  |
// m = 4, with a = sqrt(1/2), b = sqrt(2):
//         B^T = | 1   0  -5/2   0    1  0 |   A^T = | 1   1    1    1    1   0 |   G = |   1     0     0  |
//               | 0 -2a   -2    a    1  0 |         | 0   a   -a    b   -b   0 |       | -2/3 -2a/3  -1/3 |
//               | 0  2a   -2   -a    1  0 |         | 0  1/2  1/2   2    2   0 |       | -2/3  2a/3  -1/3 |
//               | 0 -b/2 -1/2   b    1  0 |         | 0  a/2 -a/2  2b  -2b   1 |       |  1/6  b/6    1/3 |
//               | 0  b/2 -1/2  -b    1  0 |                                            |  1/6 -b/6    1/3 |
//               | 0   1    0  -5/2   0  1 |                                            |   0    0      1  |
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

constexpr float kA = 0.70710678f, kB = 1.41421356f;

HWY_INLINE V number(float x) { return hn::Set(D(), x); }
HWY_INLINE V scaled(float factor, V x) { return hn::Mul(number(factor), x); }
HWY_INLINE V plus(V sum, float factor, V x) { return hn::MulAdd(number(factor), x, sum); }

/// The matrices times a vector, whose elements are `step` apart.
template <int m>
struct Filter;

template <>
struct Filter<2> {
  HWY_INLINE static void input(V* x, int step) {
    const V x0 = x[0], x1 = x[step], x2 = x[2 * step], x3 = x[3 * step];
    x[0] = hn::Sub(x0, x2), x[step] = hn::Add(x1, x2), x[2 * step] = hn::Sub(x2, x1), x[3 * step] = hn::Sub(x1, x3);
  }
  HWY_INLINE static void output(V* y, const V* u, int step) {
    const V u1 = u[step], u2 = u[2 * step];
    y[0] = hn::Add(hn::Add(u[0], u1), u2), y[step] = hn::Sub(hn::Sub(u1, u2), u[3 * step]);
  }
  HWY_INLINE static void gradient(V* u, const V* g, int step) {
    const V g0 = g[0], g1 = g[step];
    u[0] = g0, u[step] = hn::Add(g0, g1), u[2 * step] = hn::Sub(g0, g1), u[3 * step] = hn::Neg(g1);
  }
  HWY_INLINE static void weight(V* u, const V* w, int step) {
    const V w0 = w[0], w1 = scaled(0.5f, w[step]), w2 = w[2 * step], half = scaled(0.5f, hn::Add(w0, w2));
    u[0] = w0, u[step] = hn::Add(half, w1), u[2 * step] = hn::Sub(half, w1), u[3 * step] = w2;
  }
  HWY_INLINE static void weight_gradient(V* w, const V* u, int step) {
    const V u1 = u[step], u2 = u[2 * step], half = scaled(0.5f, hn::Add(u1, u2));
    w[0] = hn::Add(u[0], half), w[step] = scaled(0.5f, hn::Sub(u1, u2)), w[2 * step] = hn::Add(half, u[3 * step]);
  }
};

template <>
struct Filter<4> {
  HWY_INLINE static void input(V* x, int step) {
    const V x0 = x[0], x1 = x[step], x2 = x[2 * step], x3 = x[3 * step], x4 = x[4 * step], x5 = x[5 * step];
    const V even_a = plus(x4, -2, x2), odd_a = plus(x3, -2, x1), even_b = plus(x4, -0.5f, x2), odd_b = plus(x3, -0.5f, x1);
    x[0] = plus(hn::Add(x0, x4), -2.5f, x2);
    x[step] = plus(even_a, kA, odd_a), x[2 * step] = plus(even_a, -kA, odd_a);
    x[3 * step] = plus(even_b, kB, odd_b), x[4 * step] = plus(even_b, -kB, odd_b);
    x[5 * step] = plus(hn::Add(x1, x5), -2.5f, x3);
  }
  HWY_INLINE static void output(V* y, const V* u, int step) {
    const V u1 = u[step], u2 = u[2 * step], u3 = u[3 * step], u4 = u[4 * step];
    const V even_a = hn::Add(u1, u2), odd_a = hn::Sub(u1, u2), even_b = hn::Add(u3, u4), odd_b = hn::Sub(u3, u4);
    y[0] = hn::Add(u[0], hn::Add(even_a, even_b));
    y[step] = plus(scaled(kA, odd_a), kB, odd_b);
    y[2 * step] = plus(scaled(0.5f, even_a), 2, even_b);
    y[3 * step] = plus(plus(u[5 * step], kA / 2, odd_a), kB * 2, odd_b);
  }
  HWY_INLINE static void gradient(V* u, const V* g, int step) {
    const V g0 = g[0], g1 = g[step], g2 = g[2 * step], g3 = g[3 * step];
    const V even_a = plus(g0, 0.5f, g2), odd_a = plus(g1, 0.5f, g3), even_b = plus(g0, 2, g2), odd_b = plus(g1, 2, g3);
    u[0] = g0;
    u[step] = plus(even_a, kA, odd_a), u[2 * step] = plus(even_a, -kA, odd_a);
    u[3 * step] = plus(even_b, kB, odd_b), u[4 * step] = plus(even_b, -kB, odd_b);
    u[5 * step] = g3;
  }
  HWY_INLINE static void weight(V* u, const V* w, int step) {
    const V w0 = w[0], w1 = w[step], w2 = w[2 * step];
    const V even_a = plus(scaled(-2.0f / 3, w0), -1.0f / 3, w2), even_b = plus(scaled(1.0f / 6, w0), 1.0f / 3, w2);
    u[0] = w0;
    u[step] = plus(even_a, -2 * kA / 3, w1), u[2 * step] = plus(even_a, 2 * kA / 3, w1);
    u[3 * step] = plus(even_b, kB / 6, w1), u[4 * step] = plus(even_b, -kB / 6, w1);
    u[5 * step] = w2;
  }
  HWY_INLINE static void weight_gradient(V* w, const V* u, int step) {
    const V u1 = u[step], u2 = u[2 * step], u3 = u[3 * step], u4 = u[4 * step];
    const V even_a = hn::Add(u1, u2), even_b = hn::Add(u3, u4);
    w[0] = plus(plus(u[0], -2.0f / 3, even_a), 1.0f / 6, even_b);
    w[step] = plus(scaled(-2 * kA / 3, hn::Sub(u1, u2)), kB / 6, hn::Sub(u3, u4));
    w[2 * step] = plus(u[5 * step], 1.0f / 3, hn::Sub(even_b, even_a));
  }
};

// Loops of at most 6 turns, all of which the compiler is to see at once.
#define LAZULI_UNROLL _Pragma("GCC unroll 6")

template <int m>
void input(float* to, int64_t plane, const float* const* from, int64_t channels) {
  constexpr int n = m + 2;
  const D d;
  for (int64_t c = 0; c < channels; c += int64_t(hn::Lanes(d))) {
    V x[n * n];
    LAZULI_UNROLL for (int j = 0; j < n; ++j) {
      LAZULI_UNROLL for (int i = 0; i < n; ++i) x[i * n + j] = hn::LoadU(d, from[i * n + j] + c);
      Filter<m>::input(x + j, n);
    }
    LAZULI_UNROLL for (int i = 0; i < n; ++i) {
      V* row = x + i * n;
      Filter<m>::input(row, 1);
      LAZULI_UNROLL for (int j = 0; j < n; ++j) hn::StoreU(row[j], d, to + (i * n + j) * plane + c);
    }
  }
}

template <int m>
void output(float* const* to, const float* from, int64_t plane, const WinogradEpilogue& epilogue, int64_t channels) {
  constexpr int n = m + 2;
  const D d;
  for (int64_t c = 0; c < channels; c += int64_t(hn::Lanes(d))) {
    V sums[m * n];
    LAZULI_UNROLL for (int j = 0; j < n; ++j) {
      V u[n], y[m];
      LAZULI_UNROLL for (int i = 0; i < n; ++i) u[i] = hn::LoadU(d, from + (i * n + j) * plane + c);
      Filter<m>::output(y, u, 1);
      LAZULI_UNROLL for (int i = 0; i < m; ++i) sums[i * n + j] = y[i];
    }
    const V bias = epilogue.bias ? hn::LoadU(d, epilogue.bias + c) : hn::Zero(d);
    LAZULI_UNROLL for (int i = 0; i < m; ++i) {
      V y[m];
      Filter<m>::output(y, sums + i * n, 1);
      LAZULI_UNROLL for (int j = 0; j < m; ++j) {
        const int place = i * m + j;
        if (!to[place]) continue;
        V v = epilogue.bias ? hn::Add(y[j], bias) : y[j];
        if (epilogue.residual[place]) v = hn::Add(v, hn::LoadU(d, epilogue.residual[place] + c));
        if (epilogue.relu) v = hn::IfThenZeroElse(hn::Lt(v, hn::Zero(d)), v);
        hn::StoreU(v, d, to[place] + c);
      }
    }
  }
}

template <int m>
void gradient(float* to, int64_t plane, const float* const* from, int64_t channels) {
  constexpr int n = m + 2;
  const D d;
  for (int64_t c = 0; c < channels; c += int64_t(hn::Lanes(d))) {
    V rows[n * m];
    LAZULI_UNROLL for (int j = 0; j < m; ++j) {
      V g[m], u[n];
      LAZULI_UNROLL for (int i = 0; i < m; ++i) g[i] = hn::LoadU(d, from[i * m + j] + c);
      Filter<m>::gradient(u, g, 1);
      LAZULI_UNROLL for (int i = 0; i < n; ++i) rows[i * m + j] = u[i];
    }
    LAZULI_UNROLL for (int i = 0; i < n; ++i) {
      V u[n];
      Filter<m>::gradient(u, rows + i * m, 1);
      LAZULI_UNROLL for (int j = 0; j < n; ++j) hn::StoreU(u[j], d, to + (i * n + j) * plane + c);
    }
  }
}

template <int m>
void weight(float* to, int64_t plane, const float* windows, int64_t channels) {
  constexpr int n = m + 2;
  const D d;
  for (int64_t c = 0; c < channels; c += int64_t(hn::Lanes(d))) {
    V rows[n * 3];
    LAZULI_UNROLL for (int j = 0; j < 3; ++j) {
      V w[3], u[n];
      LAZULI_UNROLL for (int i = 0; i < 3; ++i) w[i] = hn::LoadU(d, windows + (i * 3 + j) * channels + c);
      Filter<m>::weight(u, w, 1);
      LAZULI_UNROLL for (int i = 0; i < n; ++i) rows[i * 3 + j] = u[i];
    }
    LAZULI_UNROLL for (int i = 0; i < n; ++i) {
      V u[n];
      Filter<m>::weight(u, rows + i * 3, 1);
      LAZULI_UNROLL for (int j = 0; j < n; ++j) hn::StoreU(u[j], d, to + (i * n + j) * plane + c);
    }
  }
}

template <int m>
void weight_gradient(float* windows, const float* from, int64_t plane, int64_t channels) {
  constexpr int n = m + 2;
  const D d;
  for (int64_t c = 0; c < channels; c += int64_t(hn::Lanes(d))) {
    V rows[3 * n];
    LAZULI_UNROLL for (int j = 0; j < n; ++j) {
      V u[n], w[3];
      LAZULI_UNROLL for (int i = 0; i < n; ++i) u[i] = hn::LoadU(d, from + (i * n + j) * plane + c);
      Filter<m>::weight_gradient(w, u, 1);
      LAZULI_UNROLL for (int i = 0; i < 3; ++i) rows[i * n + j] = w[i];
    }
    LAZULI_UNROLL for (int i = 0; i < 3; ++i) {
      V w[3];
      Filter<m>::weight_gradient(w, rows + i * n, 1);
      LAZULI_UNROLL for (int j = 0; j < 3; ++j) hn::StoreU(w[j], d, windows + (i * 3 + j) * channels + c);
    }
  }
}

template <int m>
constexpr WinogradLoops kLoops{input<m>, output<m>, gradient<m>, weight<m>, weight_gradient<m>};

}  // namespace

const void* WinogradTable(int64_t m) { return m == 2 ? &kLoops<2> : &kLoops<4>; }

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(WinogradTable);
const WinogradLoops& winograd_loops(int64_t m) { return *static_cast<const WinogradLoops*>(HWY_DYNAMIC_DISPATCH(WinogradTable)(m)); }

}  // namespace lazuli::cpu
#endif
