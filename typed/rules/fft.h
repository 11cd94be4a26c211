#pragma once
#include "lazuli/typed/rules/dims.h"

/// Fourier transforms: how many values there are.
namespace lazuli::typed::rules {

enum class Spectrum { whole, half, back };  // fft; rfft, n / 2 + 1 values; irfft, 2 (size - 1) values

constexpr int64_t transformed_size(int64_t size, int64_t n, Spectrum spectrum) {
  if (spectrum == Spectrum::whole) return n > 0 ? n : size;
  if (spectrum == Spectrum::back) return n > 0 ? n : is_fixed(size) ? 2 * (size - 1) : dynamic;
  const int64_t values = n > 0 ? n : size;
  return is_fixed(values) ? values / 2 + 1 : dynamic;
}
/// n 0: the values that are there.
constexpr Ruling fft(Writer& say, const Extents& a, int64_t n, int64_t dim, Spectrum spectrum) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a);
  Extents out = a;
  out.at[d] = transformed_size(a.at[d], n, spectrum);
  if (out.at[d] == 0 || (is_fixed(out.at[d]) && out.at[d] < 0)) {
    say << "no values along dimension " << dim << " of " << a;
    return Mistake::shape_error_mismatch;
  }
  return out;
}
/// Along several dimensions, the last of which is the one of which half is there; no dims: the last ones, as many as `sizes` has, or all. A size of -1: those that are there.
constexpr Ruling fftn(Writer& say, const Extents& a, const Extents& sizes, const Extents& dims, Spectrum spectrum) {
  Extents over = dims;
  if (dims.rank == 0)
    for (int d = sizes.rank ? a.rank - sizes.rank : 0; d < a.rank; ++d) over.push(d);
  if (sizes.rank && sizes.rank != over.rank) {
    say << "sizes " << Listed{sizes} << " for the dimensions " << Listed{over};
    return Mistake::dimension_error_out_of_range;
  }
  Ruling out = a;
  for (int i = 0; i < over.rank && out.mistake == Mistake::none; ++i)
    out = fft(say, out.shape, sizes.rank && sizes.at[i] > 0 ? sizes.at[i] : 0, over.at[i], i + 1 == over.rank ? spectrum : Spectrum::whole);
  return out;
}

}  // namespace lazuli::typed::rules
