// Lines of complex numbers brought side by side, as two arrays, and written back: four lines of one step are turned in registers, lines that are neighbours are taken as they lie.
#include "lazuli/backends/cpu/fft/fft_lines.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/fft/fft_lines_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Rows [from, to) of a transposition of four vectors at a time: row j of `to` has `lines` values.
template <class T, class D, class V>
HWY_INLINE void put_four(D d, V a, V b, V c, V e, T* to, int64_t lines) {
  const hn::CappedTag<T, 4> four;
  HWY_ALIGN T turned[4 * HWY_MAX_BYTES / sizeof(T)];
  hn::StoreInterleaved4(a, b, c, e, d, turned);
  for (size_t k = 0; k < hn::Lanes(d); ++k)
    for (size_t i = 0; i < 4; i += hn::Lanes(four)) hn::StoreU(hn::Load(four, turned + 4 * k + i), four, to + int64_t(k) * lines + int64_t(i));
}
template <class T, class D, class V>
HWY_INLINE void get_four(D d, V& a, V& b, V& c, V& e, const T* from, int64_t lines) {
  const hn::CappedTag<T, 4> four;
  HWY_ALIGN T turned[4 * HWY_MAX_BYTES / sizeof(T)];
  for (size_t k = 0; k < hn::Lanes(d); ++k)
    for (size_t i = 0; i < 4; i += hn::Lanes(four)) hn::Store(hn::LoadU(four, from + int64_t(k) * lines + int64_t(i)), four, turned + 4 * k + i);
  hn::LoadInterleaved4(d, turned, a, b, c, e);
}

template <class T>
void gather_lines(const FftLines<const T>& at, Split<T> out, int64_t from, int64_t to) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = hn::Lanes(d), lines = at.lines;
  const auto one = [&](int64_t j, int64_t l) {
    const T* x = at.data + at.offset[l] + j * at.step;
    out.re[j * lines + l] = x[0];
    out.im[j * lines + l] = x[1];
  };
  hn::Vec<decltype(d)> re[4], im[4];
  if (at.neighbours() || (lines == 1 && at.step == 2)) {  // a row, or the one line, as it lies
    const bool rows = lines > 1;
    for (int64_t j = from; j < to; rows ? ++j : j += lanes) {
      const int64_t end = rows ? at.count : std::min(lanes, to - j);
      const T* x = at.data + at.offset[0] + j * at.step;
      int64_t l = 0;
      for (; l + lanes <= end; l += lanes) {
        hn::LoadInterleaved2(d, x + 2 * l, re[0], im[0]);
        hn::StoreU(re[0], d, out.re + j * lines + l);
        hn::StoreU(im[0], d, out.im + j * lines + l);
      }
      for (; l < end; ++l) rows ? one(j, l) : one(j + l, 0);
    }
    return;
  }
  int64_t l = 0;
  if (at.step == 2)
    for (; l + 4 <= at.count; l += 4) {
      int64_t j = from;
      for (; j + lanes <= to; j += lanes) {
        for (int i = 0; i < 4; ++i) hn::LoadInterleaved2(d, at.data + at.offset[l + i] + 2 * j, re[i], im[i]);
        put_four(d, re[0], re[1], re[2], re[3], out.re + j * lines + l, lines);
        put_four(d, im[0], im[1], im[2], im[3], out.im + j * lines + l, lines);
      }
      for (; j < to; ++j)
        for (int i = 0; i < 4; ++i) one(j, l + i);
    }
  for (; l < at.count; ++l)
    for (int64_t j = from; j < to; ++j) one(j, l);
}

template <class T>
void scatter_lines(Split<T> in, T scale, const FftLines<T>& at, int64_t from, int64_t to) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = hn::Lanes(d), lines = at.lines;
  const auto s = hn::Set(d, scale);
  const auto one = [&](int64_t j, int64_t l) {
    T* y = at.data + at.offset[l] + j * at.step;
    y[0] = scale * in.re[j * lines + l];
    y[1] = scale * in.im[j * lines + l];
  };
  hn::Vec<decltype(d)> re[4], im[4];
  if (at.neighbours() || (lines == 1 && at.step == 2)) {
    const bool rows = lines > 1;
    for (int64_t j = from; j < to; rows ? ++j : j += lanes) {
      const int64_t end = rows ? at.count : std::min(lanes, to - j);
      T* y = at.data + at.offset[0] + j * at.step;
      int64_t l = 0;
      for (; l + lanes <= end; l += lanes)
        hn::StoreInterleaved2(hn::Mul(s, hn::LoadU(d, in.re + j * lines + l)), hn::Mul(s, hn::LoadU(d, in.im + j * lines + l)), d, y + 2 * l);
      for (; l < end; ++l) rows ? one(j, l) : one(j + l, 0);
    }
    return;
  }
  int64_t l = 0;
  if (at.step == 2)
    for (; l + 4 <= at.count; l += 4) {
      int64_t j = from;
      for (; j + lanes <= to; j += lanes) {
        get_four(d, re[0], re[1], re[2], re[3], in.re + j * lines + l, lines);
        get_four(d, im[0], im[1], im[2], im[3], in.im + j * lines + l, lines);
        for (int i = 0; i < 4; ++i) hn::StoreInterleaved2(hn::Mul(s, re[i]), hn::Mul(s, im[i]), d, at.data + at.offset[l + i] + 2 * j);
      }
      for (; j < to; ++j)
        for (int i = 0; i < 4; ++i) one(j, l + i);
    }
  for (; l < at.count; ++l)
    for (int64_t j = from; j < to; ++j) one(j, l);
}

// exp(-2 pi i k / n) for k <= m = n / 2 from those of the first quarter turn.
template <class T>
struct Turn {
  T re, im;
  Turn(const Roots<T>& quarter, int64_t k, int64_t m)
      : re(2 * k <= m ? quarter.re[size_t(k)] : -quarter.re[size_t(m - k)]), im(quarter.im[size_t(2 * k <= m ? k : m - k)]) {}
};
// Calls f(d, l) for vectors of lanes from l on, of a row of `lines` values.
template <class T, class F>
HWY_INLINE void along_row(int64_t lines, F f) {
  const hn::ScalableTag<T> wide;
  const hn::CappedTag<T, 4> four;
  const hn::CappedTag<T, 1> one;
  int64_t l = 0;
  for (; l + int64_t(hn::Lanes(wide)) <= lines; l += hn::Lanes(wide)) f(wide, l);
  for (; l + int64_t(hn::Lanes(four)) <= lines; l += hn::Lanes(four)) f(four, l);
  for (; l < lines; ++l) f(one, l);
}

template <class T>
void unfold(Split<T> z, const Roots<T>& quarter, int64_t m, T scale, T imaginary, int64_t lines, Split<T> out, int64_t from, int64_t to) {
  for (int64_t k = from; k < to; ++k) {
    const Turn<T> w(quarter, k, m);
    const int64_t there = k * lines, here = k % m * lines, mirrored = (m - k) % m * lines;
    if (here == 0) {  // both numbers are real
      for (int64_t l = 0; l < lines; ++l) {
        out.re[there + l] = scale * 2 * (z.re[l] + w.re * z.im[l]);
        out.im[there + l] = 0;
      }
      continue;
    }
    along_row<T>(lines, [&](auto d, int64_t l) HWY_ATTR {
      const auto re = hn::LoadU(d, z.re + here + l), im = hn::LoadU(d, z.im + here + l);
      const auto mirrored_re = hn::LoadU(d, z.re + mirrored + l), mirrored_im = hn::LoadU(d, z.im + mirrored + l);
      const auto apart_re = hn::Add(im, mirrored_im), apart_im = hn::Sub(mirrored_re, re);  // -i (z[k] - conj z[m - k])
      const auto w_re = hn::Set(d, w.re), w_im = hn::Set(d, w.im);
      const auto turned_re = hn::NegMulAdd(apart_im, w_im, hn::Mul(apart_re, w_re)), turned_im = hn::MulAdd(apart_im, w_re, hn::Mul(apart_re, w_im));
      hn::StoreU(hn::Mul(hn::Set(d, scale), hn::Add(hn::Add(re, mirrored_re), turned_re)), d, out.re + there + l);
      hn::StoreU(hn::Mul(hn::Set(d, imaginary), hn::Add(hn::Sub(im, mirrored_im), turned_im)), d, out.im + there + l);
    });
  }
}

template <class T>
void fold(Split<T> x, const Roots<T>& quarter, int64_t m, T sign, int64_t lines, Split<T> out, int64_t from, int64_t to) {
  for (int64_t k = from; k < to; ++k) {
    const Turn<T> w(quarter, k, m);
    const int64_t here = k * lines, mirrored = (m - k) * lines;
    along_row<T>(lines, [&](auto d, int64_t l) HWY_ATTR {
      const auto s = hn::Set(d, sign), re = hn::LoadU(d, x.re + here + l), im = hn::Mul(s, hn::LoadU(d, x.im + here + l));
      const auto mirrored_re = hn::LoadU(d, x.re + mirrored + l), mirrored_im = hn::Mul(s, hn::LoadU(d, x.im + mirrored + l));
      const auto apart_re = hn::Sub(re, mirrored_re), apart_im = hn::Add(im, mirrored_im);
      const auto w_re = hn::Set(d, w.re), w_im = hn::Set(d, w.im);
      const auto turned_re = hn::MulAdd(apart_im, w_im, hn::Mul(apart_re, w_re)), turned_im = hn::NegMulAdd(apart_re, w_im, hn::Mul(apart_im, w_re));
      hn::StoreU(hn::Sub(hn::Add(re, mirrored_re), turned_im), d, out.re + here + l);
      hn::StoreU(hn::Add(hn::Sub(im, mirrored_im), turned_re), d, out.im + here + l);
    });
  }
}

void UnfoldFloat(Split<float> z, const Roots<float>& quarter, int64_t m, float scale, float imaginary, int64_t lines, Split<float> out, int64_t from,
                 int64_t to) {
  unfold(z, quarter, m, scale, imaginary, lines, out, from, to);
}
void UnfoldDouble(Split<double> z, const Roots<double>& quarter, int64_t m, double scale, double imaginary, int64_t lines, Split<double> out,
                  int64_t from, int64_t to) {
  unfold(z, quarter, m, scale, imaginary, lines, out, from, to);
}
void FoldFloat(Split<float> x, const Roots<float>& quarter, int64_t m, float sign, int64_t lines, Split<float> out, int64_t from, int64_t to) {
  fold(x, quarter, m, sign, lines, out, from, to);
}
void FoldDouble(Split<double> x, const Roots<double>& quarter, int64_t m, double sign, int64_t lines, Split<double> out, int64_t from, int64_t to) {
  fold(x, quarter, m, sign, lines, out, from, to);
}
void GatherFloat(const FftLines<const float>& at, Split<float> out, int64_t from, int64_t to) { gather_lines(at, out, from, to); }
void GatherDouble(const FftLines<const double>& at, Split<double> out, int64_t from, int64_t to) { gather_lines(at, out, from, to); }
void ScatterFloat(Split<float> in, float scale, const FftLines<float>& at, int64_t from, int64_t to) { scatter_lines(in, scale, at, from, to); }
void ScatterDouble(Split<double> in, double scale, const FftLines<double>& at, int64_t from, int64_t to) { scatter_lines(in, scale, at, from, to); }

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(GatherFloat);
HWY_EXPORT(GatherDouble);
HWY_EXPORT(ScatterFloat);
HWY_EXPORT(ScatterDouble);
HWY_EXPORT(UnfoldFloat);
HWY_EXPORT(UnfoldDouble);
HWY_EXPORT(FoldFloat);
HWY_EXPORT(FoldDouble);

void fft_gather(const FftLines<const float>& at, Split<float> out, int64_t from, int64_t to) { HWY_DYNAMIC_DISPATCH(GatherFloat)(at, out, from, to); }
void fft_gather(const FftLines<const double>& at, Split<double> out, int64_t from, int64_t to) {
  HWY_DYNAMIC_DISPATCH(GatherDouble)(at, out, from, to);
}
void fft_scatter(Split<float> in, float scale, const FftLines<float>& at, int64_t from, int64_t to) {
  HWY_DYNAMIC_DISPATCH(ScatterFloat)(in, scale, at, from, to);
}
void fft_scatter(Split<double> in, double scale, const FftLines<double>& at, int64_t from, int64_t to) {
  HWY_DYNAMIC_DISPATCH(ScatterDouble)(in, scale, at, from, to);
}
void fft_unfold(Split<float> z, const Roots<float>& quarter, int64_t m, float scale, float imaginary, int64_t lines, Split<float> out, int64_t from,
                int64_t to) {
  HWY_DYNAMIC_DISPATCH(UnfoldFloat)(z, quarter, m, scale, imaginary, lines, out, from, to);
}
void fft_unfold(Split<double> z, const Roots<double>& quarter, int64_t m, double scale, double imaginary, int64_t lines, Split<double> out,
                int64_t from, int64_t to) {
  HWY_DYNAMIC_DISPATCH(UnfoldDouble)(z, quarter, m, scale, imaginary, lines, out, from, to);
}
void fft_fold(Split<float> x, const Roots<float>& quarter, int64_t m, float sign, int64_t lines, Split<float> out, int64_t from, int64_t to) {
  HWY_DYNAMIC_DISPATCH(FoldFloat)(x, quarter, m, sign, lines, out, from, to);
}
void fft_fold(Split<double> x, const Roots<double>& quarter, int64_t m, double sign, int64_t lines, Split<double> out, int64_t from, int64_t to) {
  HWY_DYNAMIC_DISPATCH(FoldDouble)(x, quarter, m, sign, lines, out, from, to);
}

}  // namespace lazuli::cpu
#endif
