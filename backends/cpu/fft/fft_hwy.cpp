// Stages of a transform, lanes over values that lie side by side: of line l, out[r p + j] = w^(p j) sum over k of in[p + k rest] exp(-2 pi i j k / r), w = exp(-2 pi i / (r rest)).
#include "lazuli/backends/cpu/fft/fft_plan.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/fft/fft_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class V>
struct Number {
  V re, im;
};
template <class V>
HWY_INLINE Number<V> plus(const Number<V>& a, const Number<V>& b) {
  return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}
template <class V>
HWY_INLINE Number<V> minus(const Number<V>& a, const Number<V>& b) {
  return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)};
}
template <class V>
HWY_INLINE Number<V> times(const Number<V>& a, V re, V im) {
  return {hn::NegMulAdd(a.im, im, hn::Mul(a.re, re)), hn::MulAdd(a.im, re, hn::Mul(a.re, im))};
}
// a + s b and a + s i b for a real s
template <class V>
HWY_INLINE Number<V> plus_scaled(const Number<V>& a, const Number<V>& b, V s) {
  return {hn::MulAdd(b.re, s, a.re), hn::MulAdd(b.im, s, a.im)};
}
template <class V>
HWY_INLINE Number<V> plus_turned(const Number<V>& a, const Number<V>& b, V s) {
  return {hn::NegMulAdd(b.im, s, a.re), hn::MulAdd(b.re, s, a.im)};
}

// One butterfly on the lanes from q on.
template <class D, class T = hn::TFromD<D>>
struct Butterfly {
  using V = hn::Vec<D>;
  using N = Number<V>;
  const FftStage<T>& stage;
  int64_t side, p, q;
  Split<T> in, out;
  const D d = D();

  HWY_INLINE N get(int64_t k) const {
    const int64_t at = q + side * (p + stage.rest * k);
    return {hn::LoadU(d, in.re + at), hn::LoadU(d, in.im + at)};
  }
  HWY_INLINE void put(int64_t j, N value) const {
    if (p != 0 && j != 0) {
      const size_t turn = size_t(p * (stage.radix - 1) + j - 1);
      value = times(value, hn::Set(d, stage.turn.re[turn]), hn::Set(d, stage.turn.im[turn]));
    }
    const int64_t at = q + side * (stage.radix * p + j);
    hn::StoreU(value.re, d, out.re + at);
    hn::StoreU(value.im, d, out.im + at);
  }
  HWY_INLINE void two() const {
    const N a = get(0), b = get(1);
    put(0, plus(a, b));
    put(1, minus(a, b));
  }
  HWY_INLINE void three() const {
    const N a = get(0), b = get(1), c = get(2), both = plus(b, c), apart = minus(b, c);
    const N middle = plus_scaled(a, both, hn::Set(d, T(-0.5)));
    const T s = T(0.86602540378443864676);
    put(0, plus(a, both));
    put(1, plus_turned(middle, apart, hn::Set(d, -s)));
    put(2, plus_turned(middle, apart, hn::Set(d, s)));
  }
  HWY_INLINE void four() const {
    const N a = get(0), b = get(1), c = get(2), e = get(3);
    const N even = plus(a, c), odd = minus(a, c), even2 = plus(b, e), odd2 = minus(b, e);
    put(0, plus(even, even2));
    put(1, Number<V>{hn::Add(odd.re, odd2.im), hn::Sub(odd.im, odd2.re)});
    put(2, minus(even, even2));
    put(3, Number<V>{hn::Sub(odd.re, odd2.im), hn::Add(odd.im, odd2.re)});
  }
  HWY_INLINE void five() const {
    const V c1 = hn::Set(d, T(0.30901699437494742410)), c2 = hn::Set(d, T(-0.80901699437494742410));
    const V s1 = hn::Set(d, T(0.95105651629515357212)), s2 = hn::Set(d, T(0.58778525229247312917));
    const N x = get(0), a = get(1), b = get(2), c = get(3), e = get(4);
    const N outer = plus(a, e), inner = plus(b, c), outer_apart = minus(a, e), inner_apart = minus(b, c);
    put(0, plus(x, plus(outer, inner)));
    const N first = plus_scaled(plus_scaled(x, outer, c1), inner, c2), second = plus_scaled(plus_scaled(x, outer, c2), inner, c1);
    const N turn1{hn::MulAdd(outer_apart.re, s1, hn::Mul(inner_apart.re, s2)), hn::MulAdd(outer_apart.im, s1, hn::Mul(inner_apart.im, s2))};
    const N turn2{hn::MulSub(outer_apart.re, s2, hn::Mul(inner_apart.re, s1)), hn::MulSub(outer_apart.im, s2, hn::Mul(inner_apart.im, s1))};
    put(1, Number<V>{hn::Add(first.re, turn1.im), hn::Sub(first.im, turn1.re)});
    put(4, Number<V>{hn::Sub(first.re, turn1.im), hn::Add(first.im, turn1.re)});
    put(2, Number<V>{hn::Add(second.re, turn2.im), hn::Sub(second.im, turn2.re)});
    put(3, Number<V>{hn::Sub(second.re, turn2.im), hn::Add(second.im, turn2.re)});
  }
  // Any odd radix: sums and differences of values k and r - k meet cosines and sines.
  HWY_INLINE void any() const {
    constexpr int64_t kHalf = 30, kLanes = HWY_MAX_BYTES / sizeof(T);
    HWY_ALIGN T memory[4 * kHalf * kLanes];
    const int64_t half = stage.radix / 2;
    const N x = get(0);
    N total = x;
    for (int64_t k = 0; k < half; ++k) {
      const N a = get(k + 1), b = get(stage.radix - 1 - k), both = plus(a, b), apart = minus(a, b);
      total = plus(total, both);
      T* at = memory + 4 * kLanes * k;
      hn::StoreU(both.re, d, at);
      hn::StoreU(both.im, d, at + kLanes);
      hn::StoreU(apart.re, d, at + 2 * kLanes);
      hn::StoreU(apart.im, d, at + 3 * kLanes);
    }
    put(0, total);
    for (int64_t j = 1; j <= half; ++j) {
      N middle = x, turn{hn::Zero(d), hn::Zero(d)};
      int64_t angle = 0;
      for (int64_t k = 0; k < half; ++k) {
        angle = (angle + j) % stage.radix;
        const T* at = memory + 4 * kLanes * k;
        const V c = hn::Set(d, stage.unit.re[size_t(angle)]), s = hn::Set(d, -stage.unit.im[size_t(angle)]);
        middle = plus_scaled(middle, N{hn::LoadU(d, at), hn::LoadU(d, at + kLanes)}, c);
        turn = plus_scaled(turn, N{hn::LoadU(d, at + 2 * kLanes), hn::LoadU(d, at + 3 * kLanes)}, s);
      }
      put(j, Number<V>{hn::Add(middle.re, turn.im), hn::Sub(middle.im, turn.re)});
      put(stage.radix - j, Number<V>{hn::Sub(middle.re, turn.im), hn::Add(middle.im, turn.re)});
    }
  }
  HWY_INLINE void run() const {
    switch (stage.radix) {
      case 2: return two();
      case 3: return three();
      case 4: return four();
      case 5: return five();
      default: return any();
    }
  }
};

template <class T>
HWY_INLINE void stage_of(const FftStage<T>& stage, int64_t side, Split<T> in, Split<T> out, bool by_row, int64_t from, int64_t to) {
  using Wide = hn::ScalableTag<T>;
  using Four = hn::CappedTag<T, 4>;
  using One = hn::CappedTag<T, 1>;
  const int64_t first = by_row ? from : 0, last = by_row ? to : stage.rest, begin = by_row ? 0 : from, end = by_row ? side : to;
  const int64_t wide = hn::Lanes(Wide()), four = hn::Lanes(Four());
  for (int64_t p = first; p < last; ++p) {
    int64_t q = begin;
    for (; q + wide <= end; q += wide) Butterfly<Wide>{stage, side, p, q, in, out}.run();
    for (; q + four <= end; q += four) Butterfly<Four>{stage, side, p, q, in, out}.run();
    for (; q < end; ++q) Butterfly<One>{stage, side, p, q, in, out}.run();
  }
}

template <class T>
HWY_INLINE void multiply_of(Split<T> values, const Roots<T>& by, T scale, int64_t lines, int64_t from, int64_t to) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = hn::Lanes(d);
  const auto s = hn::Set(d, scale);
  if (lines == 1) {
    int64_t j = from;
    for (; j + lanes <= to; j += lanes) {
      const Number<hn::Vec<decltype(d)>> x{hn::LoadU(d, values.re + j), hn::LoadU(d, values.im + j)};
      const auto y = times(x, hn::Mul(s, hn::LoadU(d, by.re.data() + j)), hn::Mul(s, hn::LoadU(d, by.im.data() + j)));
      hn::StoreU(y.re, d, values.re + j);
      hn::StoreU(y.im, d, values.im + j);
    }
    from = j;
  }
  for (int64_t j = from; j < to; ++j) {
    const T re = scale * by.re[size_t(j)], im = scale * by.im[size_t(j)];
    int64_t l = j * lines;
    const int64_t end = l + lines;
    for (; l + lanes <= end; l += lanes) {
      const Number<hn::Vec<decltype(d)>> x{hn::LoadU(d, values.re + l), hn::LoadU(d, values.im + l)};
      const auto y = times(x, hn::Set(d, re), hn::Set(d, im));
      hn::StoreU(y.re, d, values.re + l);
      hn::StoreU(y.im, d, values.im + l);
    }
    for (; l < end; ++l) {
      const T a = values.re[l], b = values.im[l];
      values.re[l] = a * re - b * im;
      values.im[l] = a * im + b * re;
    }
  }
}

void StageFloat(const FftStage<float>& stage, int64_t side, Split<float> in, Split<float> out, bool by_row, int64_t from, int64_t to) {
  stage_of(stage, side, in, out, by_row, from, to);
}
void StageDouble(const FftStage<double>& stage, int64_t side, Split<double> in, Split<double> out, bool by_row, int64_t from, int64_t to) {
  stage_of(stage, side, in, out, by_row, from, to);
}
void MultiplyFloat(Split<float> values, const Roots<float>& by, float scale, int64_t lines, int64_t from, int64_t to) {
  multiply_of(values, by, scale, lines, from, to);
}
void MultiplyDouble(Split<double> values, const Roots<double>& by, double scale, int64_t lines, int64_t from, int64_t to) {
  multiply_of(values, by, scale, lines, from, to);
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(StageFloat);
HWY_EXPORT(StageDouble);
HWY_EXPORT(MultiplyFloat);
HWY_EXPORT(MultiplyDouble);

void fft_stage(const FftStage<float>& stage, int64_t side, Split<float> in, Split<float> out, bool by_row, int64_t from, int64_t to) {
  HWY_DYNAMIC_DISPATCH(StageFloat)(stage, side, in, out, by_row, from, to);
}
void fft_stage(const FftStage<double>& stage, int64_t side, Split<double> in, Split<double> out, bool by_row, int64_t from, int64_t to) {
  HWY_DYNAMIC_DISPATCH(StageDouble)(stage, side, in, out, by_row, from, to);
}
void fft_multiply(Split<float> values, const Roots<float>& by, float scale, int64_t lines, int64_t from, int64_t to) {
  HWY_DYNAMIC_DISPATCH(MultiplyFloat)(values, by, scale, lines, from, to);
}
void fft_multiply(Split<double> values, const Roots<double>& by, double scale, int64_t lines, int64_t from, int64_t to) {
  HWY_DYNAMIC_DISPATCH(MultiplyDouble)(values, by, scale, lines, from, to);
}

}  // namespace lazuli::cpu
#endif
