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
DEVICE REAL complex_abs(COMPLEX z) { return hypot(z.re, z.im); }
DEVICE int complex_isnan(COMPLEX z) { return z.re != z.re || z.im != z.im; }
DEVICE int complex_iszero(COMPLEX z) { return z.re == 0 && z.im == 0; }
// log |z| near the unit circle: |z|^2 - 1 = (a - 1) (a + 1) + b^2
DEVICE COMPLEX complex_log(COMPLEX z) {
  const REAL x = fabs(z.re), y = fabs(z.im), a = x > y ? x : y, b = x > y ? y : x;
  const REAL size = a > NUM(0.5) && a < NUM(2.0) ? NUM(0.5) * log1p((a - NUM(1.0)) * (a + NUM(1.0)) + b * b) : log(hypot(x, y));
  return complex_of(size, atan2(z.im, z.re));
}
// log(1 + z): |1 + z|^2 - 1 = x (2 + x) + y^2 keeps the digits of a small z.
DEVICE COMPLEX complex_log1p(COMPLEX z) {
  if (!(fabs(z.re) <= NUM(0.5) && fabs(z.im) <= NUM(0.5))) return complex_log(complex_of(z.re + NUM(1.0), z.im));
  return complex_of(NUM(0.5) * log1p(z.re * (NUM(2.0) + z.re) + z.im * z.im), atan2(z.im, NUM(1.0) + z.re));
}
// In two steps, so that it overflows where the result does.
DEVICE COMPLEX complex_exp(COMPLEX z) {
  const REAL half_way = exp(z.re * NUM(0.5));
  if (z.im == 0) return complex_of(exp(z.re), z.im);
  if (half_way == 0) return complex_of(NUM(0.0), NUM(0.0));
  if (fabs(z.re) < 80) return complex_of(exp(z.re) * cos(z.im), exp(z.re) * sin(z.im));
  return complex_of(half_way * cos(z.im) * half_way, half_way * sin(z.im) * half_way);
}
// e^z - 1 = (e^x - 1) cos y - 2 sin^2(y / 2) + i e^x sin y
DEVICE COMPLEX complex_expm1(COMPLEX z) {
  const REAL s = sin(z.im * NUM(0.5));
  return complex_of(expm1(z.re) * cos(z.im) - NUM(2.0) * s * s, exp(z.re) * sin(z.im));
}
// t = sqrt((|x| + |z|) / 2) is the larger part, the other one y / 2t.
DEVICE COMPLEX complex_sqrt(COMPLEX z) {
  REAL t, other;
  if (z.re == 0 && z.im == 0) return complex_of(NUM(0.0), z.im);
  if (fabs(z.im) == INFINITY) return complex_of(INFINITY, z.im);
  if (z.re == INFINITY) return complex_of(z.re, z.im != z.im ? z.im : copysign(NUM(0.0), z.im));
  if (z.re == -INFINITY) return complex_of(z.im != z.im ? z.im : NUM(0.0), copysign((REAL)INFINITY, z.im));
  t = sqrt(NUM(0.5) * fabs(z.re) + NUM(0.5) * hypot(z.re, z.im));
  other = fabs(z.im) / (t + t);
  return z.re >= 0 ? complex_of(t, copysign(other, z.im)) : complex_of(other, copysign(t, z.im));
}
// sinh x cos y + i cosh x sin y; real and imaginary numbers stay so where the other factor is infinite.
DEVICE COMPLEX complex_sinh(COMPLEX z) {
  if (z.im == 0) return complex_of(sinh(z.re), z.im);
  if (z.re == 0) return complex_of(z.re, sin(z.im));
  return complex_of(sinh(z.re) * cos(z.im), cosh(z.re) * sin(z.im));
}
DEVICE COMPLEX complex_cosh(COMPLEX z) {
  if (z.im == 0) return complex_of(cosh(z.re), z.im * copysign(NUM(1.0), z.re));
  if (z.re == 0) return complex_of(cos(z.im), z.re * sin(z.im));
  return complex_of(cosh(z.re) * cos(z.im), sinh(z.re) * sin(z.im));
}
// With t = tan y, s = sinh x, b = 1 + t^2: (b s sqrt(1 + s^2) + i t) / (1 + b s^2); where s^2 overflows, sign x + 4 i sin y cos y e^(-2|x|)
DEVICE COMPLEX complex_tanh(COMPLEX z) {
  REAL t, s, b, below;
  if (fabs(z.re) > 20) {
    if (fabs(z.re) == INFINITY) return complex_of(copysign(NUM(1.0), z.re), copysign(NUM(0.0), z.im - z.im == 0 ? sin(NUM(2.0) * z.im) : NUM(1.0)));
    return complex_of(copysign(NUM(1.0), z.re), NUM(4.0) * sin(z.im) * cos(z.im) * exp(NUM(-2.0) * fabs(z.re)));
  }
  t = tan(z.im);
  s = sinh(z.re);
  b = NUM(1.0) + t * t;
  below = NUM(1.0) + b * s * s;
  return complex_of(b * s * sqrt(NUM(1.0) + s * s) / below, t / below);
}
// f(iz) = i g(z) relates the circular functions to the hyperbolic ones.
DEVICE COMPLEX complex_times_i(COMPLEX z) { return complex_of(-z.im, z.re); }
DEVICE COMPLEX complex_over_i(COMPLEX z) { return complex_of(z.im, -z.re); }
DEVICE COMPLEX complex_sin(COMPLEX z) { return complex_over_i(complex_sinh(complex_times_i(z))); }
DEVICE COMPLEX complex_cos(COMPLEX z) { return complex_cosh(complex_times_i(z)); }
DEVICE COMPLEX complex_tan(COMPLEX z) { return complex_over_i(complex_tanh(complex_times_i(z))); }
// Kahan's formulas (Branch cuts for complex elementary functions, 1987), with m = sqrt(1 - z), p = sqrt(1 + z), n = sqrt(z - 1)
DEVICE COMPLEX complex_asin(COMPLEX z) {
  const COMPLEX m = complex_sqrt(complex_of(NUM(1.0) - z.re, -z.im)), p = complex_sqrt(complex_of(NUM(1.0) + z.re, z.im));
  return complex_of(atan2(z.re, m.re * p.re - m.im * p.im), asinh(m.re * p.im - m.im * p.re));
}
DEVICE COMPLEX complex_acos(COMPLEX z) {
  const COMPLEX m = complex_sqrt(complex_of(NUM(1.0) - z.re, -z.im)), p = complex_sqrt(complex_of(NUM(1.0) + z.re, z.im));
  return complex_of(NUM(2.0) * atan2(m.re, p.re), asinh(p.re * m.im - p.im * m.re));
}
DEVICE COMPLEX complex_acosh(COMPLEX z) {
  const COMPLEX n = complex_sqrt(complex_of(z.re - NUM(1.0), z.im)), p = complex_sqrt(complex_of(z.re + NUM(1.0), z.im));
  return complex_of(asinh(n.re * p.re + n.im * p.im), NUM(2.0) * atan2(n.im, p.re));
}
DEVICE COMPLEX complex_asinh(COMPLEX z) { return complex_over_i(complex_asin(complex_times_i(z))); }
DEVICE COMPLEX complex_atanh(COMPLEX z) {
  const REAL x = fabs(z.re), y = z.im, from_one = NUM(1.0) - x;
  return complex_of(copysign(NUM(0.25) * log1p(NUM(4.0) * x / (from_one * from_one + y * y)), z.re), NUM(0.5) * atan2(NUM(2.0) * y, from_one * (NUM(1.0) + x) - y * y));
}
DEVICE COMPLEX complex_atan(COMPLEX z) { return complex_over_i(complex_atanh(complex_times_i(z))); }
// 0^0 = 1, and 0 to a power of positive real part = 0.
DEVICE COMPLEX complex_pow(COMPLEX a, COMPLEX b) {
  if (complex_iszero(b)) return complex_of(NUM(1.0), NUM(0.0));
  if (complex_iszero(a) && b.re > 0) return complex_of(NUM(0.0), NUM(0.0));
  if (b.re == 2 && b.im == 0) return complex_mul(a, a);
  return complex_exp(complex_mul(b, complex_log(a)));
}
)gpu";

}  // namespace

std::string complex_prelude(DType complex) {
  std::string text = complex == kComplex64 ? "#define COMPLEX complex64\n#undef REAL\n#undef NUM\n#define REAL float\n#define NUM(x) x##f\n"
                                           : "#define COMPLEX complex128\n";
  return text + kFunctions;
}

}  // namespace lazuli::gpu
