#pragma once
#include <algorithm>

#include "lazuli/backends/cpu/fft/fft_plan.h"

/// Between lines of complex numbers in memory and lines side by side as two arrays, line l's value j at [j * lines + l].
namespace lazuli::cpu {

/// Where `count` of `lines` lines lie: number j of line l at data[offset[l] + j * step], its imaginary part behind it.
template <class T>
struct FftLines {
  T* data;
  const int64_t* offset;
  int64_t count, lines, step;

  /// Whether numbers of one index lie side by side.
  bool neighbours() const {
    for (int64_t l = 1; l < count; ++l)
      if (offset[l] != offset[0] + 2 * l) return false;
    return count > 1;
  }
};

// In the SIMD file. Numbers [from, to) of each line.
void fft_gather(const FftLines<const float>& at, Split<float> out, int64_t from, int64_t to);
void fft_gather(const FftLines<const double>& at, Split<double> out, int64_t from, int64_t to);
/// Times `scale`.
void fft_scatter(Split<float> in, float scale, const FftLines<float>& at, int64_t from, int64_t to);
void fft_scatter(Split<double> in, double scale, const FftLines<double>& at, int64_t from, int64_t to);

// Real lines of even length n are complex ones of length m = n / 2, x[2j] + i x[2j + 1]; `quarter` has exp(-2 pi i k / n) for k to n / 4. Rows [from, to).
/// With z that transform: out[k] = scale (z[k] + conj z[m - k] - i exp(-2 pi i k / n) (z[k] - conj z[m - k])) for k to m, imaginary parts times `imaginary` instead.
void fft_unfold(Split<float> z, const Roots<float>& quarter, int64_t m, float scale, float imaginary, int64_t lines, Split<float> out, int64_t from,
                int64_t to);
void fft_unfold(Split<double> z, const Roots<double>& quarter, int64_t m, double scale, double imaginary, int64_t lines, Split<double> out,
                int64_t from, int64_t to);
/// The reverse: out[k] = x[k] + conj x[m - k] + i exp(2 pi i k / n) (x[k] - conj x[m - k]) for k below m, where x has its imaginary parts times `sign`; the backward transform of it has
/// out[2j] + i out[2j + 1].
void fft_fold(Split<float> x, const Roots<float>& quarter, int64_t m, float sign, int64_t lines, Split<float> out, int64_t from, int64_t to);
void fft_fold(Split<double> x, const Roots<double>& quarter, int64_t m, double sign, int64_t lines, Split<double> out, int64_t from, int64_t to);

}  // namespace lazuli::cpu
