// Arithmetic and the commonest functions of complex numbers, in vectors of real and of imaginary parts. complex_math.h has the same in scalars.
#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/complex_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/pointwise/angle-inl.h"
#include "lazuli/backends/cpu/pointwise/binary.h"
#include "lazuli/backends/cpu/pointwise/unary.h"
#include "lazuli/backends/cpu/vector_loop-inl.h"

#ifndef LAZULI_COMPLEX_HWY_ONCE
#define LAZULI_COMPLEX_HWY_ONCE
#include <algorithm>
#include <complex>
#include <cstring>
#endif

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

template <class T>
inline constexpr DType complex_of = sizeof(T) == 4 ? kComplex64 : kComplex128;

// A vector of complex numbers: their real and their imaginary parts.
template <class V>
struct Parts {
  V re, im;
};

// Pieces that do not fill a vector go through a buffer, so that every element is computed by the same instructions. kReal: the result is real.
template <class T, int kInputs, bool kReal, class F>
void ComplexLoop(void* out, const void* const* in, int64_t n, const Params&) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = int64_t(hn::Lanes(d));
  constexpr size_t kLanes = HWY_MAX_BYTES / sizeof(T);
  const F f;
  T* o = static_cast<T*>(out);
  const T* a = static_cast<const T*>(in[0]);
  const T* b = kInputs > 1 ? static_cast<const T*>(in[1]) : nullptr;
  const auto step = [&](T* to, const T* x, const T* y) HWY_ATTR {
    Parts<V> u, v;
    hn::LoadInterleaved2(d, x, u.re, u.im);
    if constexpr (kInputs > 1) hn::LoadInterleaved2(d, y, v.re, v.im);
    if constexpr (kReal) {
      hn::StoreU(f(d, u), d, to);
    } else {
      Parts<V> w;
      if constexpr (kInputs > 1) w = f(d, u, v);
      else w = f(d, u);
      hn::StoreInterleaved2(w.re, w.im, d, to);
    }
  };
  constexpr int64_t kOut = kReal ? 1 : 2;
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) step(o + kOut * i, a + 2 * i, kInputs > 1 ? b + 2 * i : nullptr);
  if (i == n) return;
  HWY_ALIGN T x[2 * kLanes] = {}, y[2 * kLanes] = {}, z[2 * kLanes];
  std::memcpy(x, a + 2 * i, size_t(2 * (n - i)) * sizeof(T));
  if (kInputs > 1) std::memcpy(y, b + 2 * i, size_t(2 * (n - i)) * sizeof(T));
  step(z, x, y);
  std::memcpy(o + kOut * i, z, size_t(kOut * (n - i)) * sizeof(T));
}

// What treats both parts alike is done to twice as many real numbers.
template <class T, int kInputs, class F>
void PartsLoop(void* out, const void* const* in, int64_t n, const Params& p) {
  VectorLoop<T, kInputs, F>(out, in, 2 * n, p);
}

template <class D, class V>
HWY_INLINE Parts<V> Mul(D, Parts<V> a, Parts<V> b) {
  return {hn::Sub(hn::Mul(a.re, b.re), hn::Mul(a.im, b.im)), hn::Add(hn::Mul(a.re, b.im), hn::Mul(a.im, b.re))};
}
// Smith's division, as complex_div has it.
template <class D, class V>
HWY_INLINE Parts<V> Div(D d, Parts<V> a, Parts<V> b) {
  const auto zero = hn::Zero(d);
  const auto swap = hn::Lt(hn::Abs(b.re), hn::Abs(b.im));
  const V large = hn::IfThenElse(swap, b.im, b.re), small = hn::IfThenElse(swap, b.re, b.im);
  const auto by_zero = hn::Eq(large, zero);
  const V ratio = hn::IfThenElse(by_zero, zero, hn::Div(small, large));
  const V scale = hn::Div(hn::Set(d, 1), hn::IfThenElse(by_zero, zero, hn::Add(large, hn::Mul(small, ratio))));
  const V u = hn::IfThenElse(swap, a.im, a.re), v = hn::IfThenElse(swap, a.re, a.im);
  const V y = hn::Mul(hn::Sub(v, hn::Mul(u, ratio)), scale);
  return {hn::Mul(hn::Add(u, hn::Mul(v, ratio)), scale), hn::IfThenElse(swap, hn::Neg(y), y)};
}
// sqrt(re^2 + im^2), scaled by a power of two where a square would leave the range.
template <class D, class V>
HWY_INLINE V Size(D d, Parts<V> z) {
  const V re = hn::Abs(z.re), im = hn::Abs(z.im), larger = hn::IfThenElse(hn::Lt(re, im), im, re);
  const double far = is_f32<D> ? 0x1p60 : 0x1p500, shrink = is_f32<D> ? 0x1p-65 : 0x1p-513, grow = is_f32<D> ? 0x1p86 : 0x1p563;
  const V down = hn::IfThenElse(hn::Gt(larger, Const(d, far)), Const(d, shrink), hn::Set(d, 1));
  const V by = hn::IfThenElse(hn::Lt(larger, Const(d, 1 / far)), Const(d, grow), down);
  const V x = hn::Mul(re, by), y = hn::Mul(im, by);
  const V size = hn::Div(hn::Sqrt(hn::Add(hn::Mul(x, x), hn::Mul(y, y))), by);
  return hn::IfThenElse(hn::Or(hn::IsInf(re), hn::IsInf(im)), hn::Inf(d), size);
}
template <class D, class V, class F>
HWY_INLINE Parts<V> ByLanes(D d, Parts<V> z, F f) {
  using T = Lane<D>;
  HWY_ALIGN T re[HWY_MAX_BYTES / sizeof(T)], im[HWY_MAX_BYTES / sizeof(T)];
  hn::Store(z.re, d, re);
  hn::Store(z.im, d, im);
  for (size_t i = 0; i < hn::Lanes(d); ++i) {
    const std::complex<T> y = f(std::complex<T>(re[i], im[i]));
    re[i] = y.real(), im[i] = y.imag();
  }
  return {hn::Load(d, re), hn::Load(d, im)};
}
template <class D, class V>
HWY_INLINE bool AllWithin(D d, V x, double least, double most) {
  return hn::AllTrue(d, hn::And(hn::Ge(x, Const(d, least)), hn::Le(x, Const(d, most))));
}

template <class T>
void FillUnary(UnaryTable& t) {
  const auto parts = [&](UnaryOp op, auto f) { t.at(op, complex_of<T>).run = &PartsLoop<T, 1, decltype(f)>; };
  const auto add = [&](UnaryOp op, Cost cost, auto f) {
    t.at(op, complex_of<T>).run = &ComplexLoop<T, 1, false, decltype(f)>;
    t.at(op, complex_of<T>).cost = cost;
  };
  parts(UnaryOp::Neg, [](auto, const Params&, auto x) HWY_ATTR { return hn::Neg(x); });
  add(UnaryOp::Conj, Cost::Cheap, [](auto, auto z) HWY_ATTR { return decltype(z){z.re, hn::Neg(z.im)}; });
  add(UnaryOp::Square, Cost::Cheap, [](auto d, auto z) HWY_ATTR { return Mul(d, z, z); });
  add(UnaryOp::Reciprocal, Cost::Cheap, [](auto d, auto z) HWY_ATTR { return Div(d, decltype(z){hn::Set(d, 1), hn::Zero(d)}, z); });
  const auto to_real = [&](UnaryOp op, auto f) {
    t.at(op, complex_of<T>).run = &ComplexLoop<T, 1, true, decltype(f)>;
    t.at(op, complex_of<T>).cost = Cost::Math;
  };
  to_real(UnaryOp::Abs, [](auto d, auto z) HWY_ATTR { return Size(d, z); });
  to_real(UnaryOp::Angle, [](auto d, auto z) HWY_ATTR { return Atan2(d, z.im, z.re); });
  // e^x (cos y + i sin y), where that stays in the range
  add(UnaryOp::Exp, Cost::Math, [](auto d, auto z) HWY_ATTR {
    const double most = is_f32<decltype(d)> ? 80 : 700;
    if (HWY_UNLIKELY(!AllWithin(d, z.re, -most, most) || !AllWithin(d, z.im, -1e4, 1e4)))
      return ByLanes(d, z, [](std::complex<T> x) { return std::exp(x); });
    const auto size = vm::Exp(d, z.re);
    return decltype(z){hn::Mul(size, vm::Cos(d, z.im)), hn::Mul(size, vm::Sin(d, z.im))};
  });
  // with t = sqrt((|x| + |z|) / 2): t + i y / 2t right of the imaginary axis, |y| / 2t + i t left of it
  add(UnaryOp::Sqrt, Cost::Math, [](auto d, auto z) HWY_ATTR {
    const double far = is_f32<decltype(d)> ? 0x1p60 : 0x1p500;
    const auto size = Size(d, z);
    if (HWY_UNLIKELY(!AllWithin(d, size, 1 / far, far))) return ByLanes(d, z, [](std::complex<T> x) { return std::sqrt(x); });
    const auto t = hn::Sqrt(hn::Mul(hn::Add(hn::Abs(z.re), size), Const(d, 0.5)));
    const auto other = hn::Div(hn::Mul(z.im, Const(d, 0.5)), t), left = hn::Lt(z.re, hn::Zero(d));
    return decltype(z){hn::IfThenElse(left, hn::Abs(other), t), hn::IfThenElse(left, hn::CopySign(t, z.im), other)};
  });
}

template <class T>
void FillBinary(BinaryTable& t) {
  const auto parts = [&](BinaryOp op, auto f) { t.at(op, complex_of<T>).run = &PartsLoop<T, 2, decltype(f)>; };
  const auto add = [&](BinaryOp op, auto f) {
    t.at(op, complex_of<T>).run = &ComplexLoop<T, 2, false, decltype(f)>;
    t.at(op, complex_of<T>).cost = Cost::Cheap;
  };
  parts(BinaryOp::Add, [](auto, const Params&, auto a, auto b) HWY_ATTR { return hn::Add(a, b); });
  parts(BinaryOp::Sub, [](auto, const Params&, auto a, auto b) HWY_ATTR { return hn::Sub(a, b); });
  add(BinaryOp::Mul, [](auto d, auto a, auto b) HWY_ATTR { return Mul(d, a, b); });
  add(BinaryOp::Div, [](auto d, auto a, auto b) HWY_ATTR { return Div(d, a, b); });
}

}  // namespace

void FillUnaryComplexVectors(UnaryTable& table) {
  FillUnary<float>(table);
  FillUnary<double>(table);
}
void FillBinaryComplexVectors(BinaryTable& table) {
  FillBinary<float>(table);
  FillBinary<double>(table);
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillUnaryComplexVectors);
HWY_EXPORT(FillBinaryComplexVectors);
void fill_unary_complex_vectors(UnaryTable& table) { HWY_DYNAMIC_DISPATCH(FillUnaryComplexVectors)(table); }
void fill_binary_complex_vectors(BinaryTable& table) { HWY_DYNAMIC_DISPATCH(FillBinaryComplexVectors)(table); }
}  // namespace lazuli::cpu
#endif
