#pragma once

/// Helper functions of the expressions in core/slots/pointwise_codes.def, as text: arithmetic, and what is longer for complex numbers.
namespace lazuli::gpu {

// Python's: the remainder has the sign of the divisor, and the floor is the exact quotient's even where a / b rounds up to an integer.
inline constexpr const char* kFloorDivision = R"gpu(
DEVICE REAL modulo(REAL a, REAL b) {
  REAL r = fmod(a, b);
  return r != 0 && (b < 0) != (r < 0) ? r + b : r;
}
DEVICE REAL floor_divide(REAL a, REAL b) {
  if (b == 0) return a / b;
  REAL r = fmod(a, b), q = (a - r) / b, whole;
  if (r != 0 && (b < 0) != (r < 0)) q -= NUM(1.0);
  if (q == 0) return copysign(NUM(0.0), a / b);
  whole = floor(q);
  return q - whole > NUM(0.5) ? whole + NUM(1.0) : whole;
}
)gpu";

// max + log1p(e^-|a - b|); equal infinities stay
inline constexpr const char* kLogAddExp = R"gpu(
DEVICE REAL greater_of(REAL a, REAL b) { return a != a ? a : b != b ? b : a < b ? b : a; }
DEVICE REAL log_add_exp(REAL a, REAL b) {
  return a == b && fabs(a) == INFINITY ? a : greater_of(a, b) + log1p(exp(-fabs(a - b)));
}
DEVICE REAL log_add_exp2(REAL a, REAL b) {
  return a == b && fabs(a) == INFINITY ? a : greater_of(a, b) + log1p(exp2(-fabs(a - b))) * NUM(1.44269504088896340736);
}
)gpu";

// Of a half type with `digits` bits of mantissa and `least` as the least normal exponent, in float.
inline constexpr const char* kHalves = R"gpu(
DEVICE float half_rounded(float x, int digits) {
  const uint32 u = FLOAT_BITS(x), dropped = 23 - digits;
  return x != x ? x : BITS_FLOAT((u + ((1u << (dropped - 1)) - 1u) + ((u >> dropped) & 1u)) & ~((1u << dropped) - 1u));
}
DEVICE float half_next(float a, float b, int digits, int least) {
  const float size = fabs(a);
  const uint32 u = FLOAT_BITS(size);
  const int exponent = (int)(u >> 23) - 127, outward = (a < b) == (a > 0), whole_power = (u & 0x7fffffu) == 0;
  float step, next;
  if (a != a) return a;
  if (b != b || a == b) return b;
  if (a == 0) return copysign(ldexp(1.0f, least - digits), b);
  if (size == INFINITY) return copysign(ldexp(2.0f - ldexp(1.0f, -digits), 1 - least), a);
  step = ldexp(1.0f, (exponent < least ? least : exponent) - digits - (!outward && whole_power && exponent > least));
  next = outward ? size + step : size - step;
  return copysign(next, a);
}
)gpu";

// The least integer over -1 wraps instead of trapping.
inline constexpr const char* kIntegerDivision = R"gpu(
DEVICE A_COMPUTE quotient(A_COMPUTE a, A_COMPUTE b) {
#if A_KIND == KIND_SIGNED
  if (b == -1) return (A_COMPUTE)((uint64)0 - (uint64)a);
#endif
  return a / b;
}
DEVICE A_COMPUTE integer_rest(A_COMPUTE a, A_COMPUTE b) {
#if A_KIND == KIND_SIGNED
  if (b == -1) return 0;
#endif
  return a % b;
}
DEVICE A_COMPUTE floor_quotient(A_COMPUTE a, A_COMPUTE b) {
  A_COMPUTE r = integer_rest(a, b);
  return (A_COMPUTE)(quotient(a, b) - (r != 0 && (r < 0) != (b < 0)));
}
DEVICE A_COMPUTE floor_rest(A_COMPUTE a, A_COMPUTE b) {
  A_COMPUTE r = integer_rest(a, b);
  return r != 0 && (r < 0) != (b < 0) ? (A_COMPUTE)(r + b) : r;
}
)gpu";

inline constexpr const char* kIntegerPower = R"gpu(
DEVICE A_COMPUTE power(A_COMPUTE base, A_COMPUTE exponent) {
  uint64 result = 1, factor = (uint64)base, e = (uint64)exponent;
  if (exponent < 0) return base == 1 ? (A_COMPUTE)1 : base == (A_COMPUTE)-1 ? (A_COMPUTE)(exponent % 2 == 0 ? 1 : -1) : (A_COMPUTE)0;
  for (; e != 0; e >>= 1, factor *= factor)
    if (e & 1) result *= factor;
  return (A_COMPUTE)result;
}
)gpu";

inline constexpr const char* kGcd = R"gpu(
DEVICE uint64 magnitude(A_COMPUTE x) { return x < 0 ? (uint64)0 - (uint64)x : (uint64)x; }
DEVICE uint64 greatest_divisor(uint64 a, uint64 b) {
  while (b != 0) {
    uint64 r = a % b;
    a = b;
    b = r;
  }
  return a;
}
DEVICE A_COMPUTE least_multiple(A_COMPUTE a, A_COMPUTE b) {
  uint64 g = greatest_divisor(magnitude(a), magnitude(b));
  return g == 0 ? (A_COMPUTE)0 : (A_COMPUTE)(magnitude(a) / g * magnitude(b));
}
)gpu";

// A shift by less than 0 or by all bits gives 0; to the right, the sign.
inline constexpr const char* kShifts = R"gpu(
#define BITS ((int64)sizeof(A) * 8)
#define MOST_RIGHT (BITS - (A_KIND == KIND_SIGNED))
DEVICE A_COMPUTE shifted_left(A_COMPUTE a, A_COMPUTE b) { return b < 0 || b >= BITS ? (A_COMPUTE)0 : (A_COMPUTE)((uint64)a << (int)b); }
DEVICE A_COMPUTE shifted_right(A_COMPUTE a, A_COMPUTE b) { return (A_COMPUTE)((int64)a >> (b < 0 || b >= MOST_RIGHT ? (int)MOST_RIGHT : (int)b)); }
)gpu";

// NaN stays, and in a limit it wins.
inline constexpr const char* kClamp = R"gpu(
DEVICE REAL clamped(REAL a, REAL low, REAL high) {
  REAL x = a != a ? a : low != low ? low : a < low ? low : a;
  return x != x ? x : high != high ? high : x > high ? high : x;
}
)gpu";

// From the nearer end, so that weight 1 gives b exactly.
inline constexpr const char* kLerp = R"gpu(
DEVICE REAL between(REAL a, REAL b, REAL weight) {
  REAL d = b - a;
  return fabs(weight) < NUM(0.5) ? FMA(weight, d, a) : FMA(-d, NUM(1.0) - weight, b);
}
)gpu";

inline constexpr const char* kComplexLerp = R"gpu(
DEVICE COMPLEX between(COMPLEX a, COMPLEX b, COMPLEX weight) {
  COMPLEX d = complex_sub(b, a), rest = complex_sub(complex_of(NUM(1.0), NUM(0.0)), weight);
  if (weight.re * weight.re + weight.im * weight.im < NUM(0.25)) return complex_add(a, complex_mul(weight, d));
  return complex_sub(b, complex_mul(d, rest));
}
)gpu";

// 1 / (1 + e^-z), and z over the same
inline constexpr const char* kComplexLogistic = R"gpu(
DEVICE COMPLEX one_plus_exp(COMPLEX z) {
  const COMPLEX e = complex_exp(complex_of(-z.re, -z.im));
  return complex_of(NUM(1.0) + e.re, e.im);
}
)gpu";

inline constexpr const char* kComplexSinc = R"gpu(
DEVICE COMPLEX complex_sinc(COMPLEX z) {
  const COMPLEX angle = complex_scale(z, NUM(3.14159265358979323846));
  return complex_iszero(z) ? complex_of(NUM(1.0), NUM(0.0)) : complex_div(complex_sin(angle), angle);
}
)gpu";

// log(e^a + e^b), with the larger real part taken out
inline constexpr const char* kComplexLogAddExp = R"gpu(
DEVICE COMPLEX complex_log_add_exp(COMPLEX a, COMPLEX b) {
  const COMPLEX high = a.re >= b.re ? a : b, low = a.re >= b.re ? b : a;
  if (fabs(high.re) == INFINITY && high.re == low.re) return high.re < 0 ? high : complex_log(complex_add(complex_exp(high), complex_exp(low)));
  return complex_add(high, complex_log1p(complex_exp(complex_sub(low, high))));
}
)gpu";

inline constexpr const char* kOneMinus = R"gpu(
DEVICE COMPLEX one_minus(COMPLEX z) { return complex_of(NUM(1.0) - z.re, -z.im); }
)gpu";

}  // namespace lazuli::gpu
