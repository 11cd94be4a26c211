#include "lazuli/backends/gpu/dialect.h"

namespace lazuli::gpu {
namespace {

constexpr const char* kFunctions = R"gpu(
DEVICE COMPLEX complex_of(REAL re, REAL im) { COMPLEX z; z.re = re; z.im = im; return z; }
DEVICE COMPLEX complex_add(COMPLEX a, COMPLEX b) { return complex_of(a.re + b.re, a.im + b.im); }
DEVICE COMPLEX complex_sub(COMPLEX a, COMPLEX b) { return complex_of(a.re - b.re, a.im - b.im); }
DEVICE COMPLEX complex_mul(COMPLEX a, COMPLEX b) { return complex_of(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re); }
DEVICE COMPLEX complex_scale(COMPLEX a, REAL s) { return complex_of(a.re * s, a.im * s); }
DEVICE COMPLEX complex_conj(COMPLEX a) { return complex_of(a.re, -a.im); }
)gpu";

}  // namespace

std::string complex_prelude(DType complex) {
  std::string text = complex == kComplex64 ? "#define COMPLEX complex64\n#define REAL float\n" : "#define COMPLEX complex128\n#define REAL double\n";
  return text + kFunctions;
}

}  // namespace lazuli::gpu
