#include "lazuli/backends/gpu/dialect.h"

namespace lazuli::gpu {
namespace {

constexpr const char* kFunctions = R"gpu(
DEVICE COMPLEX complex_of(REAL re, REAL im) { COMPLEX z; z.re = re; z.im = im; return z; }
DEVICE COMPLEX complex_add(COMPLEX a, COMPLEX b) { return complex_of(a.re + b.re, a.im + b.im); }
DEVICE COMPLEX complex_sub(COMPLEX a, COMPLEX b) { return complex_of(a.re - b.re, a.im - b.im); }
DEVICE COMPLEX complex_mul(COMPLEX a, COMPLEX b) { return complex_of(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re); }
DEVICE COMPLEX complex_scale(COMPLEX a, REAL s) { return complex_of(a.re * s, a.im * s); }
// Smith's division: scaled by the larger part of the divisor, so that its square does not overflow. By zero: infinities or NaN, part by part.
DEVICE COMPLEX complex_div(COMPLEX a, COMPLEX b) {
  const int swap = fabs(b.re) < fabs(b.im);
  const REAL large = swap ? b.im : b.re, small = swap ? b.re : b.im;
  const REAL ratio = large == 0 ? NUM(0.0) : small / large, scale = NUM(1.0) / (large == 0 ? NUM(0.0) : large + small * ratio);
  const REAL u = swap ? a.im : a.re, v = swap ? a.re : a.im;
  const REAL y = (v - u * ratio) * scale;
  return complex_of((u + v * ratio) * scale, swap ? -y : y);
}
DEVICE COMPLEX complex_conj(COMPLEX a) { return complex_of(a.re, -a.im); }
)gpu";

}  // namespace

std::string complex_prelude(DType complex) {
  std::string text = complex == kComplex64 ? "#define COMPLEX complex64\n" : "#define COMPLEX complex128\n";
  return text + kFunctions;
}

}  // namespace lazuli::gpu
