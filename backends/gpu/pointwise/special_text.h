#pragma once

/// Special functions on REAL, with PyTorch's values at poles and outside the domain: the algorithms of backends/cpu/pointwise/special_functions.cpp, without recursion, and with
/// limits that also hold in float. Each text names those that it needs before it.
namespace lazuli::gpu {

inline constexpr const char* kConstants = R"gpu(
#define EPSILON (sizeof(REAL) == 8 ? NUM(1.1e-16) : NUM(6e-8))
#define PI NUM(3.14159265358979323846)
#define ROOT_PI NUM(1.77245385090551602730)
)gpu";

// From x >= 10 by the asymptotic series log x - 1/2x - sum B2k / (2k x^2k), reached by digamma(x) = digamma(x + 1) - 1/x. Below 0 by reflection. Needs kConstants.
inline constexpr const char* kDigamma = R"gpu(
DEVICE REAL digamma_of(REAL x) {
  REAL sum = 0, t;
  if (x == 0) return copysign((REAL)INFINITY, -x);
  if (x < 0) {
    const REAL fraction = x - trunc(x);
    if (fraction == 0) return NAN;
    sum = -PI / tan(PI * fraction);
    x = NUM(1.0) - x;
  }
  for (; x < 10; x += NUM(1.0)) sum -= NUM(1.0) / x;
  if (fabs(x) == INFINITY) return sum + x;
  t = NUM(1.0) / (x * x);
  return sum + log(x) - NUM(0.5) / x -
         t * (NUM(0.083333333333333333) - t * (NUM(0.0083333333333333333) - t * (NUM(0.003968253968253968) - t * (NUM(0.0041666666666666667) -
         t * (NUM(0.0075757575757575758) - t * (NUM(0.021092796092796093) - t * NUM(0.083333333333333333)))))));
}
)gpu";

// Euler-Maclaurin: N terms, then with w = q + N
//   w^(1-s) / (s-1) + w^-s / 2 + sum over j of B2j / (2j)! s (s+1) .. (s+2j-2) w^(-s-2j+1). Needs kConstants.
inline constexpr const char* kZeta = R"gpu(
CONSTANT REAL bernoulli_over_factorial[9] = {NUM(0.083333333333333333), NUM(-0.0013888888888888889), NUM(3.3068783068783069e-05), NUM(-8.2671957671957672e-07),
  NUM(2.08767569878681e-08), NUM(-5.2841901386874932e-10), NUM(1.3382536530684679e-11), NUM(-3.3896802963225829e-13), NUM(8.5860620562778452e-15)};
DEVICE REAL zeta_from(REAL s, REAL q) {
  REAL sum = 0, w = q, power, factor;
  for (int k = 0; k < 10 || w <= 10; ++k, w += NUM(1.0)) {
    const REAL term = pow(w, -s);
    sum += term;
    if (fabs(term) < EPSILON * fabs(sum) * NUM(0.01) && w > 1) return sum;
  }
  power = pow(w, -s);
  factor = s / w;
  sum += power * w / (s - NUM(1.0)) + NUM(0.5) * power;
  for (int j = 0; j < 9; ++j) {
    const REAL term = bernoulli_over_factorial[j] * factor * power;
    sum += term;
    if (fabs(term) < EPSILON * fabs(sum)) break;
    factor *= (s + (REAL)(2 * j + 1)) * (s + (REAL)(2 * j + 2)) / (w * w);
  }
  return sum;
}
DEVICE REAL hurwitz_zeta(REAL s, REAL q) {
  const REAL fraction = q - floor(q);
  REAL below;
  if (s == 1) return INFINITY;
  if (!(s > 1)) return NAN;
  if (q <= 0) {
    if (q == floor(q)) return INFINITY;
    if (s != floor(s)) return NAN;
  }
  if (q != q) return q;
  if (q >= -20) return zeta_from(s, q);
  below = zeta_from(s, NUM(1.0) - fraction) - zeta_from(s, NUM(1.0) - q);
  return zeta_from(s, fraction) + (fmod(s, NUM(2.0)) != 0 ? -below : below);
}
)gpu";

// (-1)^(n+1) n! zeta(n + 1, x); of order 1 below 1/2: pi^2 / sin^2(pi x) - trigamma(1 - x), in the dtype itself as PyTorch does. Needs kConstants, kDigamma, kZeta.
inline constexpr const char* kPolygamma = R"gpu(
DEVICE REAL polygamma_of(REAL order, REAL x) {
  REAL factorial = 1;
  if (order == 0) return digamma_of(x);
  if (order == 1 && x < NUM(0.5)) {
    const A_COMPUTE s = sin((A_COMPUTE)PI * (A_COMPUTE)x);
    return (A_COMPUTE)PI * (A_COMPUTE)PI / (s * s) - hurwitz_zeta(NUM(2.0), NUM(1.0) - x);
  }
  for (int k = 2; k <= order && k < 180; ++k) factorial *= (REAL)k;
  return (fmod(order, NUM(2.0)) != 0 ? factorial : -factorial) * hurwitz_zeta(order + NUM(1.0), x);
}
)gpu";

// The first terms of the series near 0; else a rough inverse, then Halley's steps on erfc (whose relative precision holds in the tails):
//   u = (erfc x - q) sqrt(pi) / 2 e^(x^2), x += u / (1 - x u). Needs kConstants.
inline constexpr const char* kErfinv = R"gpu(
DEVICE REAL inverse_erf(REAL y) {
  const REAL a = fabs(y), l = log1p(-a * a), h = NUM(4.3307467508) + l * NUM(0.5);
  REAL x;
  if (!(a < 1)) return a == 1 ? copysign((REAL)INFINITY, y) : (REAL)NAN;
  if (a < (sizeof(REAL) == 8 ? NUM(1e-3) : NUM(0.05))) {
    const REAL t = y * y;
    return y * NUM(0.88622692545275801365) * (NUM(1.0) + t * (NUM(0.26179938779914943654) + t * (NUM(0.14393173084921979) + t * NUM(0.09766361950392055))));
  }
  x = sqrt(sqrt(h * h - l * NUM(6.8027210884)) - h);
  for (int k = 0; k < 3; ++k) {
    const REAL excess = a < NUM(0.5) ? a - erf(x) : erfc(x) - (NUM(1.0) - a);
    const REAL u = excess * (ROOT_PI / NUM(2.0)) * exp(x * x);
    x += u / (NUM(1.0) - x * u);
  }
  return copysign(x, y);
}
)gpu";

// e^(x^2) erfc(x), from 12 (in float 4) on by the asymptotic series 1 / (x sqrt pi) sum of (-1)^k (2k - 1)!! / (2 x^2)^k.
// e^(x^2) with the rounding error of x^2 made good: e^(s + r) = e^s (1 + r). Needs kConstants.
inline constexpr const char* kErfcx = R"gpu(
DEVICE REAL exp_square(REAL x) {
  const REAL square = x * x, rest = FMA(x, x, -square), e = exp(square);
  return e == INFINITY ? e : e + e * rest;
}
DEVICE REAL erfcx_positive(REAL x) {
  const REAL t = NUM(0.5) / (x * x);
  REAL term = 1, sum = 1;
  if (x < (sizeof(REAL) == 8 ? NUM(12.0) : NUM(4.0))) return exp_square(x) * erfc(x);
  for (int k = 1; k < 20; ++k) {
    term *= -(REAL)(2 * k - 1) * t;
    sum += term;
    if (fabs(term) < EPSILON) break;
  }
  return sum / (x * ROOT_PI);
}
DEVICE REAL scaled_erfc(REAL x) {
  return x != x ? x : x < 0 ? (x < NUM(-26.7) ? (REAL)INFINITY : NUM(2.0) * exp_square(x) - erfcx_positive(-x)) : erfcx_positive(x);
}
)gpu";

// The inverse of Phi(x) = erfc(-x / sqrt 2) / 2 for the lower half: Halley's steps from a rational guess in sqrt(-2 log p); and log Phi. Needs kConstants, kErfcx.
inline constexpr const char* kNormal = R"gpu(
#define ROOT_HALF NUM(0.70710678118654752440)
DEVICE REAL inverse_normal(REAL p) {
  const REAL lower = p > NUM(0.5) ? NUM(1.0) - p : p;
  REAL t, x;
  if (p == 0) return -INFINITY;
  if (p == 1) return INFINITY;
  if (!(p > 0 && p < 1)) return NAN;
  t = sqrt(NUM(-2.0) * log(lower));
  x = (NUM(2.30753) + NUM(0.27061) * t) / (NUM(1.0) + t * (NUM(0.99229) + NUM(0.04481) * t)) - t;
  for (int k = 0; k < 4; ++k) {
    // (Phi(x) - p) / phi(x), where Phi(x) / phi(x) = sqrt(pi / 2) erfcx(-x / sqrt 2)
    const REAL u = NUM(1.25331413731550025121) * scaled_erfc(-x * ROOT_HALF) - lower * NUM(2.50662827463100050242) * exp_square(x * ROOT_HALF);
    x -= u / (NUM(1.0) + x * u * NUM(0.5));
  }
  return p > NUM(0.5) ? -x : x;
}
DEVICE REAL log_normal(REAL x) {
  const REAL t = x * ROOT_HALF;
  return x < -1 ? log(scaled_erfc(-t) * NUM(0.5)) - t * t : log1p(erfc(t) * NUM(-0.5));
}
)gpu";

// e^-|x| I_order(x) for order 0 and 1: the power series (all terms positive), and from 20 on the asymptotic one, whose least term is about e^(-2x). Needs kConstants.
inline constexpr const char* kBessel = R"gpu(
DEVICE REAL bessel_scaled(int order, REAL x) {
  const REAL a = fabs(x), t = a * a * NUM(0.25), m = (REAL)(4 * order * order);
  REAL sum = 1, term = 1;
  if (a == INFINITY) return 0;
  if (a < 20) {
    for (int k = 1; k < 200 && term > sum * EPSILON; ++k) {
      term *= t / ((REAL)k * (REAL)(k + order));
      sum += term;
    }
    return sum * exp(-a) * (order == 0 ? NUM(1.0) : x * NUM(0.5));
  }
  for (int k = 1; k < 40 && fabs(term) > EPSILON; ++k) {
    const REAL odd = (REAL)(2 * k - 1);
    term *= -(m - odd * odd) / ((REAL)(k * 8) * a);
    sum += term;
  }
  return (order == 1 && x < 0 ? -sum : sum) / (NUM(2.50662827463100050242) * sqrt(a));
}
DEVICE REAL bessel_plain(int order, REAL x) {
  const REAL a = fabs(x), half_way = exp(a * NUM(0.5));  // in two steps, so that it overflows where the result does
  if (half_way == INFINITY) return order == 1 && x < 0 ? -INFINITY : INFINITY;
  return a < 80 ? bessel_scaled(order, x) * exp(a) : bessel_scaled(order, x) * half_way * half_way;
}
)gpu";

// Regularised: P by its power series, x^a e^-x / gamma(a + 1) (1 + x / (a+1) + x^2 / ((a+1) (a+2)) + ..), and Q, for x >= a + 1, by its continued fraction,
// x^a e^-x / gamma(a) / (x+1-a - 1 (1-a) / (x+3-a - 2 (2-a) / ..)), by Lentz's method. Needs kConstants.
inline constexpr const char* kIncompleteGamma = R"gpu(
#define TINY NUM(1e-30)
#define GREAT_ORDER 400
DEVICE REAL less_log1p(REAL x) {
  const REAL s = x / (NUM(2.0) + x), square = s * s;
  REAL power = NUM(2.0) * s * square, sum = s * x;
  for (int n = 3; fabs(power) > EPSILON * fabs(sum) && n < 60; n += 2) {
    sum -= power / (REAL)n;
    power *= square;
  }
  return sum;
}
DEVICE REAL gamma_exponent(REAL a, REAL x) {
  const REAL beyond = (x - a) / a;
  return a * (fabs(beyond) < NUM(0.5) ? less_log1p(beyond) : beyond - log(x / a));
}
DEVICE REAL gamma_density(REAL a, REAL x) {
  if (a < GREAT_ORDER) return exp(a * log(x) - x - lgamma(a + NUM(1.0)));
  return exp(-gamma_exponent(a, x) - (NUM(0.083333333333333333) - NUM(0.0027777777777777778) / (a * a)) / a) / sqrt(NUM(2.0) * PI * a);
}
CONSTANT REAL near_order0[15] = {NUM(-0.33333333333333333), NUM(0.083333333333333333), NUM(-0.014814814814814815), NUM(1.1574074074074074e-03), NUM(3.527336860670194e-04),
  NUM(-1.787551440329218e-04), NUM(3.919263178522438e-05), NUM(-2.185448510679992e-06), NUM(-1.85406221071516e-06), NUM(8.296711340953087e-07), NUM(-1.7665952736826078e-07),
  NUM(6.707853543401498e-09), NUM(1.0261809784240309e-08), NUM(-4.382036018453353e-09), NUM(9.14769958223679e-10)};
CONSTANT REAL near_order1[10] = {NUM(-1.8518518518518519e-03), NUM(-3.4722222222222222e-03), NUM(2.6455026455026454e-03), NUM(-9.902263374485596e-04), NUM(2.0576131687242798e-04),
  NUM(-4.018775720164609e-07), NUM(-1.8098550334489977e-05), NUM(7.64916091608111e-06), NUM(-1.6120900894563446e-06), NUM(4.647127802807434e-09)};
CONSTANT REAL near_order2[7] = {NUM(4.133597883597883e-03), NUM(-2.6813271604938273e-03), NUM(7.716049382716049e-04), NUM(2.0093878600823047e-06), NUM(-1.073665322636516e-04),
  NUM(5.2923448829120125e-05), NUM(-1.2760635188618728e-05)};
CONSTANT REAL near_order3[4] = {NUM(6.494341563786008e-04), NUM(2.2947209362139917e-04), NUM(-4.691894943952557e-04), NUM(2.6772063206283885e-04)};
DEVICE REAL gamma_near_order(REAL a, REAL x, int upper) {
  const REAL exponent = gamma_exponent(a, x), h = copysign(sqrt(NUM(2.0) * exponent / a), x - a), side = copysign(sqrt(exponent), x - a);
  REAL c0 = 0, c1 = 0, c2 = 0, c3 = 0, rest;
  for (int i = 14; i >= 0; --i) c0 = c0 * h + near_order0[i];
  for (int i = 9; i >= 0; --i) c1 = c1 * h + near_order1[i];
  for (int i = 6; i >= 0; --i) c2 = c2 * h + near_order2[i];
  for (int i = 3; i >= 0; --i) c3 = c3 * h + near_order3[i];
  rest = exp(-exponent) / sqrt(NUM(2.0) * PI * a) * (c0 + (c1 + (c2 + (c3 - NUM(8.618882909167117e-04) / a) / a) / a) / a);
  return upper ? erfc(side) * NUM(0.5) + rest : erfc(-side) * NUM(0.5) - rest;
}
DEVICE REAL gamma_upper_series(REAL a, REAL x) {
  const REAL log_factorial =
    a < NUM(1e-4) ? a * (NUM(-0.57721566490153286) + a * (NUM(0.82246703342411322) - a * NUM(0.40068563438653143))) : lgamma(a + NUM(1.0));
  const REAL power = a * log(x) - log_factorial;
  REAL term = 1, sum = 0;
  for (int n = 1; n < 60; ++n) {
    term *= -x / (REAL)n;
    sum += term / (a + (REAL)n);
    if (fabs(term) < EPSILON * fabs(sum)) break;
  }
  return -expm1(power) - exp(power) * a * sum;
}
DEVICE REAL gamma_series(REAL a, REAL x) {
  REAL term = 1, sum = 1;
  for (REAL n = a + NUM(1.0); term > sum * EPSILON; n += NUM(1.0)) {
    term *= x / n;
    sum += term;
  }
  return sum * gamma_density(a, x);
}
DEVICE REAL gamma_fraction(REAL a, REAL x) {
  REAL b = x + NUM(1.0) - a, c = NUM(1.0) / TINY, d = NUM(1.0) / (b == 0 ? TINY : b), h = d;
  for (int k = 1; k < 100000; ++k) {
    const REAL numerator = -(REAL)k * ((REAL)k - a);
    REAL change;
    b += NUM(2.0);
    d = numerator * d + b;
    if (fabs(d) < TINY) d = TINY;
    c = b + numerator / c;
    if (fabs(c) < TINY) c = TINY;
    d = NUM(1.0) / d;
    change = d * c;
    h *= change;
    if (fabs(change - NUM(1.0)) < NUM(2.0) * EPSILON) break;
  }
  return h * a * gamma_density(a, x);
}
DEVICE REAL incomplete_gamma(REAL a, REAL x, int upper) {
  const REAL all = upper ? NUM(0.0) : NUM(1.0), none = NUM(1.0) - all;
  REAL part;
  if (a != a || x != x || a < 0 || x < 0) return NAN;
  if (a == 0) return x > 0 ? all : (REAL)NAN;
  if (x == 0) return none;
  if (a == INFINITY) return x == INFINITY ? (REAL)NAN : none;
  if (x == INFINITY) return all;
  if (a >= GREAT_ORDER && fabs(x - a) < NUM(0.3) * a) return gamma_near_order(a, x, upper);
  if (upper && x < 1 && a < NUM(0.5)) return gamma_upper_series(a, x);
  if (x < 1 || x < a + NUM(1.0)) {
    part = gamma_series(a, x);
    return upper ? NUM(1.0) - part : part;
  }
  part = gamma_fraction(a, x);
  return upper ? part : NUM(1.0) - part;
}
)gpu";

}  // namespace lazuli::gpu
