#pragma once
#include <cstdint>
#include <memory>
#include <vector>

/// How transforms of a length are computed: by stages of small radices in self-sorting order (Stockham; Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992),
/// or, where a large prime divides the length, as a convolution (Bluestein, 1970). T is float or double.
namespace lazuli::cpu {

/// Complex numbers as two arrays.
template <class T>
struct Split {
  T *re, *im;
  Split swapped() const { return {im, re}; }  // i times the conjugate: a forward transform between two of these is a backward one
};

template <class T>
struct Roots {
  std::vector<T> re, im;
};

/// Of `span` = radix * rest values, `radix` at a time. turn[p * (radix - 1) + j - 1] = exp(-2 pi i p j / span).
template <class T>
struct FftStage {
  int64_t radix, rest;
  Roots<T> turn;
  Roots<T> unit;  // exp(-2 pi i j / radix)
};

template <class T>
struct FftPlan {
  int64_t n = 1;
  std::vector<FftStage<T>> stages;
  // Of a convolution: x[j] exp(-pi i j^2 / n) with exp(pi i j^2 / n), whose transform over `wide` is `filter`.
  std::shared_ptr<const FftPlan> wide;
  Roots<T> chirp, filter;

  /// Values that its two work arrays must hold for each line.
  int64_t reach() const { return wide ? wide->n : n; }
};

/// Made once and kept while it is among those used last.
template <class T>
std::shared_ptr<const FftPlan<T>> fft_plan(int64_t n);
/// exp(-2 pi i k / n) for k of 0 to n / 4, likewise.
template <class T>
std::shared_ptr<const Roots<T>> fft_quarter_turn(int64_t n);

/// The forward transform of `lines` lines that lie side by side, line l's value j at [j * lines + l], first in `data`. Returns which of data and spare has the result.
template <class T>
Split<T> transform(const FftPlan<T>& plan, Split<T> data, Split<T> spare, int64_t lines);

// In the SIMD file.
/// Units [from, to) of a stage on values whose neighbours of one index lie side by side, `side` of them. A unit is one p where `by_row`, else a range of those neighbours at every p.
void fft_stage(const FftStage<float>& stage, int64_t side, Split<float> in, Split<float> out, bool by_row, int64_t from, int64_t to);
void fft_stage(const FftStage<double>& stage, int64_t side, Split<double> in, Split<double> out, bool by_row, int64_t from, int64_t to);
/// values[j * lines + l] *= by[j] * scale for j in [from, to).
void fft_multiply(Split<float> values, const Roots<float>& by, float scale, int64_t lines, int64_t from, int64_t to);
void fft_multiply(Split<double> values, const Roots<double>& by, double scale, int64_t lines, int64_t from, int64_t to);

}  // namespace lazuli::cpu
