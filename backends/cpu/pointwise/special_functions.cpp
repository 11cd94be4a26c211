#include "lazuli/backends/cpu/pointwise/special_functions.h"

#include <math.h>  // lgamma_r

#include <cmath>
#include <iterator>
#include <limits>

namespace lazuli::cpu {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(), kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = 3.14159265358979323846, kSqrt2 = 1.41421356237309504880, kSqrtPi = 1.77245385090551602730;
constexpr double kEpsilon = 1.1e-16;

// e^(x^2), with the rounding error of x^2 made good: e^(s + r) = e^s (1 + r).
double exp_square(double x, double sign) {
  const double square = x * x, rest = std::fma(x, x, -square);
  const double e = std::exp(sign * square);
  return std::isinf(e) ? e : e + e * sign * rest;
}

}  // namespace

double log_gamma(double x) {
  if (std::isinf(x)) return kInf;
  int sign;
  return ::lgamma_r(x, &sign);
}

// From x >= 10 by the asymptotic series log x - 1/2x - sum B2k / (2k x^2k), reached by digamma(x) = digamma(x + 1) - 1/x.
double digamma(double x) {
  if (x == 0) return std::copysign(kInf, -x);
  if (x < 0) {
    const double fraction = x - std::trunc(x);
    if (fraction == 0) return kNaN;
    return digamma(1 - x) - kPi / std::tan(kPi * fraction);
  }
  double sum = 0;
  for (; x < 10; x += 1) sum -= 1 / x;
  if (std::isinf(x)) return x;
  const double t = 1 / (x * x);
  const double series = t * (1.0 / 12 - t * (1.0 / 120 - t * (1.0 / 252 - t * (1.0 / 240 - t * (1.0 / 132 - t * (691.0 / 32760 - t / 12))))));
  return sum + std::log(x) - 0.5 / x - series;
}

double polygamma(double order, double x) {
  if (order == 0) return digamma(x);
  const double sign = std::fmod(order, 2) != 0 ? 1 : -1;
  return sign * std::exp(log_gamma(order + 1)) * hurwitz_zeta(order + 1, x);
}

// Euler-Maclaurin: N terms, then with w = q + N
//   w^(1-s) / (s-1) + w^-s / 2 + sum over j of B2j / (2j)! s (s+1) .. (s+2j-2) w^(-s-2j+1)
double hurwitz_zeta(double s, double q) {
  if (s == 1) return kInf;
  if (!(s > 1)) return kNaN;
  if (q <= 0) {
    if (q == std::floor(q)) return kInf;
    if (s != std::floor(s)) return kNaN;
  }
  if (std::isnan(q)) return q;
  if (q < -20) {  // the terms below 0 are a difference of two sums above it: none of them is gone through
    const double fraction = q - std::floor(q), below = hurwitz_zeta(s, 1 - fraction) - hurwitz_zeta(s, 1 - q);
    return hurwitz_zeta(s, fraction) + (std::fmod(s, 2) != 0 ? -below : below);
  }
  double sum = 0, w = q;
  for (int k = 0; k < 10 || w <= 10; k++, w += 1) {
    const double term = std::pow(w, -s);
    sum += term;
    if (std::abs(term) < kEpsilon * std::abs(sum) * 1e-2 && w > 1) return sum;
  }
  constexpr double kBernoulliOverFactorial[] = {1.0 / 12,
                                                -1.0 / 720,
                                                1.0 / 30240,
                                                -1.0 / 1209600,
                                                1.0 / 47900160,
                                                -691.0 / 1307674368000.0,
                                                1.0 / 74724249600.0,
                                                -3617.0 / 10670622842880000.0,
                                                43867.0 / 5109094217170944000.0};
  double power = std::pow(w, -s), factor = s / w;
  sum += power * w / (s - 1) + 0.5 * power;
  for (int j = 0; j < 9; j++) {
    const double term = kBernoulliOverFactorial[j] * factor * power;
    sum += term;
    if (std::abs(term) < kEpsilon * std::abs(sum)) break;
    factor *= (s + 2 * j + 1) * (s + 2 * j + 2) / (w * w);
  }
  return sum;
}

// A rough inverse, then Halley's steps on erfc (whose relative precision holds in the tails): u = (erfc x - q) sqrt(pi) / 2 e^(x^2), x += u / (1 - x u)
double erfinv(double y) {
  if (!(std::abs(y) < 1)) return std::abs(y) == 1 ? std::copysign(kInf, y) : kNaN;
  if (std::abs(y) < 1e-8) return y * kSqrtPi / 2;
  const double a = std::abs(y), l = std::log((1 - a) * (1 + a)), h = 2 / (kPi * 0.147) + l / 2;
  double x = std::sqrt(std::sqrt(h * h - l / 0.147) - h);
  for (int k = 0; k < 3; k++) {
    const double excess = a < 0.5 ? a - std::erf(x) : std::erfc(x) - (1 - a);
    const double u = excess * (kSqrtPi / 2) * std::exp(x * x);
    x += u / (1 - x * u);
  }
  return std::copysign(x, y);
}

double erfcx(double x) {
  if (std::isnan(x)) return x;
  if (x < 0) return x < -26.7 ? kInf : 2 * exp_square(x, 1) - erfcx(-x);
  if (x < 12) return exp_square(x, 1) * std::erfc(x);
  // asymptotic: 1 / (x sqrt pi) sum of (-1)^k (2k - 1)!! / (2 x^2)^k
  const double t = 1 / (2 * x * x);
  double term = 1, sum = 1;
  for (int k = 1; k < 20; k++) {
    term *= -(2 * k - 1) * t;
    sum += term;
    if (std::abs(term) < kEpsilon) break;
  }
  return sum / (x * kSqrtPi);
}

// Halley's steps on Phi(x) = erfc(-x / sqrt 2) / 2 for the lower half, from a rational guess in sqrt(-2 log p).
double ndtri(double p) {
  if (p == 0) return -kInf;
  if (p == 1) return kInf;
  if (!(p > 0 && p < 1)) return kNaN;
  if (p > 0.5) return -ndtri(1 - p);
  const double t = std::sqrt(-2 * std::log(p));
  double x = (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t)) - t;
  for (int k = 0; k < 4; k++) {
    // (Phi(x) - p) / phi(x), where Phi(x) / phi(x) = sqrt(pi / 2) erfcx(-x / sqrt 2)
    const double u = std::sqrt(kPi / 2) * erfcx(-x / kSqrt2) - p * std::sqrt(2 * kPi) * exp_square(x / kSqrt2, 1);
    x -= u / (1 + x * u / 2);
  }
  return x;
}

double log_ndtr(double x) {
  const double t = x / kSqrt2;
  if (x < -1) return std::log(erfcx(-t) / 2) - t * t;
  return std::log1p(-std::erfc(t) / 2);
}

double sinc(double x) { return x == 0 ? 1 : std::sin(kPi * x) / (kPi * x); }

namespace {

// e^-|x| I_order(x) for order 0 and 1: the power series (all terms positive), and from 20 on the asymptotic one, whose least term is about e^(-2x).
double bessel_scaled(int order, double x) {
  const double a = std::abs(x);
  if (std::isinf(a)) return 0;
  double sum = 1, term = 1;
  if (a < 20) {
    const double t = a * a / 4;
    for (int k = 1; k < 200 && term > sum * kEpsilon; k++) {
      term *= t / (double(k) * (k + order));
      sum += term;
    }
    return sum * std::exp(-a) * (order == 0 ? 1 : x / 2);
  }
  const double m = 4.0 * order * order;
  for (int k = 1; k < 40 && std::abs(term) > kEpsilon; k++) {
    const double odd = 2 * k - 1;
    term *= -(m - odd * odd) / (k * 8 * a);
    sum += term;
  }
  return (order == 1 && x < 0 ? -sum : sum) / std::sqrt(2 * kPi * a);
}

double bessel(int order, double x) {
  const double a = std::abs(x);
  if (a < 700) return bessel_scaled(order, x) * std::exp(a);
  const double half = std::exp(a / 2);  // in two steps, so that it overflows where the result does
  return std::isinf(half) ? (order == 1 && x < 0 ? -kInf : kInf) : bessel_scaled(order, x) * half * half;
}

// x - log(1 + x) for |x| < 1/2, with all its digits: log(1 + x) = 2 (s + s^3 / 3 + s^5 / 5 + ..) for s = x / (2 + x).
double less_log1p(double x) {
  const double s = x / (2 + x), square = s * s;
  double power = 2 * s * square, sum = s * x;
  for (int n = 3; std::abs(power) > kEpsilon * std::abs(sum) && n < 60; n += 2) {
    sum -= power / n;
    power *= square;
  }
  return sum;
}

// From here on the series and the fraction are slow where x is near a, in steps that grow with sqrt(a), and lose the digits that a log x has before the point.
constexpr double kGreatOrder = 400;

// a (x / a - 1 - log(x / a)), by which x^a e^-x / gamma(a) falls from its greatest value.
double gamma_exponent(double a, double x) {
  const double ratio = x / a, beyond = (x - a) / a;
  return a * (std::abs(beyond) < 0.5 ? less_log1p(beyond) : beyond - std::log(ratio));
}

// x^a e^-x / gamma(a + 1), by Stirling's series for great a.
double gamma_density(double a, double x) {
  if (a < kGreatOrder) return std::exp(a * std::log(x) - x - log_gamma(a + 1));
  const double t = 1 / a;
  return std::exp(-gamma_exponent(a, x) - t * (1.0 / 12 - t * t * (1.0 / 360 - t * t / 1260))) / std::sqrt(2 * kPi * a);
}

// For great a and x near it (DLMF 8.12): with h^2 / 2 = x / a - 1 - log(x / a) and h of the sign of x - a,
//   Q(a, x) = erfc(h sqrt(a / 2)) / 2 + e^(-a h^2 / 2) / sqrt(2 pi a) (c0(h) + c1(h) / a + c2(h) / a^2 + ..)
double gamma_near_order(double a, double x, bool upper) {
  constexpr double c0[] = {-1.0 / 3,
                           1.0 / 12,
                           -2.0 / 135,
                           1.0 / 864,
                           3.527336860670194e-04,
                           -1.787551440329218e-04,
                           3.919263178522438e-05,
                           -2.185448510679992e-06,
                           -1.85406221071516e-06,
                           8.296711340953087e-07,
                           -1.7665952736826078e-07,
                           6.707853543401498e-09,
                           1.0261809784240309e-08,
                           -4.382036018453353e-09,
                           9.14769958223679e-10},
                   c1[] = {-1.0 / 540,
                           -1.0 / 288,
                           2.6455026455026454e-03,
                           -9.902263374485596e-04,
                           2.0576131687242798e-04,
                           -4.018775720164609e-07,
                           -1.8098550334489977e-05,
                           7.64916091608111e-06,
                           -1.6120900894563446e-06,
                           4.647127802807434e-09},
                   c2[] = {4.133597883597883e-03,  -2.6813271604938273e-03, 7.716049382716049e-04,  2.0093878600823047e-06,
                           -1.073665322636516e-04, 5.2923448829120125e-05,  -1.2760635188618728e-05},
                   c3[] = {6.494341563786008e-04, 2.2947209362139917e-04, -4.691894943952557e-04, 2.6772063206283885e-04},
                   c4[] = {-8.618882909167117e-04};
  const double exponent = gamma_exponent(a, x), h = std::copysign(std::sqrt(2 * exponent / a), x - a);
  const auto at = [h](const auto& c) {
    double sum = 0;
    for (size_t i = std::size(c); i-- > 0;) sum = sum * h + c[i];
    return sum;
  };
  const double rest = std::exp(-exponent) / std::sqrt(2 * kPi * a) * (at(c0) + (at(c1) + (at(c2) + (at(c3) + at(c4) / a) / a) / a) / a);
  return upper ? std::erfc(std::copysign(std::sqrt(exponent), h)) / 2 + rest : std::erfc(-std::copysign(std::sqrt(exponent), h)) / 2 - rest;
}

// P(a, x) = x^a e^-x / gamma(a + 1) (1 + x / (a+1) + x^2 / ((a+1) (a+2)) + ..)
double gamma_series(double a, double x) {
  double term = 1, sum = 1;
  for (double n = a + 1; term > sum * kEpsilon; n += 1) {
    term *= x / n;
    sum += term;
  }
  return sum * gamma_density(a, x);
}

// Q(a, x) = 1 - x^a / gamma(a + 1) - x^a / gamma(a) sum over n >= 1 of (-x)^n / (n! (a + n)), for small a and x: what is near 1 is never taken from 1.
double gamma_upper_series(double a, double x) {
  double term = 1, sum = 0;
  for (int n = 1; n < 60; ++n) {
    term *= -x / n;
    sum += term / (a + n);
    if (std::abs(term) < kEpsilon * std::abs(sum)) break;
  }
  // log gamma(1 + a), whose digits 1 + a does not have where a is small
  const double log_factorial = a < 1e-4 ? a * (-0.57721566490153286 + a * (0.82246703342411322 - a * 0.40068563438653143)) : log_gamma(a + 1);
  const double power = a * std::log(x) - log_factorial;
  return -std::expm1(power) - std::exp(power) * a * sum;
}

// Q(a, x) = x^a e^-x / gamma(a) times the continued fraction 1 / (x+1-a - 1 (1-a) / (x+3-a - 2 (2-a) / ..)), by Lentz's method
double gamma_fraction(double a, double x) {
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a, c = 1 / kTiny, d = 1 / (b == 0 ? kTiny : b), h = d;
  for (int k = 1; k < 100000; k++) {
    const double numerator = -k * (k - a);
    b += 2;
    d = numerator * d + b;
    if (std::abs(d) < kTiny) d = kTiny;
    c = b + numerator / c;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    const double step = d * c;
    h *= step;
    if (std::abs(step - 1) < 2 * kEpsilon) break;
  }
  return h * a * gamma_density(a, x);
}

double incomplete_gamma(double a, double x, bool upper) {
  if (std::isnan(a) || std::isnan(x) || a < 0 || x < 0) return kNaN;
  if (a == 0) return x > 0 ? (upper ? 0 : 1) : kNaN;
  if (x == 0) return upper ? 1 : 0;
  if (std::isinf(a)) return std::isinf(x) ? kNaN : upper ? 1 : 0;
  if (std::isinf(x)) return upper ? 0 : 1;
  if (a >= kGreatOrder && std::abs(x - a) < 0.3 * a) return gamma_near_order(a, x, upper);
  if (upper && x < 1 && a < 0.5) return gamma_upper_series(a, x);
  if (x < 1 || x < a + 1) {
    const double lower = gamma_series(a, x);
    return upper ? 1 - lower : lower;
  }
  const double q = gamma_fraction(a, x);
  return upper ? q : 1 - q;
}

}  // namespace

double bessel_i0(double x) { return bessel(0, x); }
double bessel_i0e(double x) { return bessel_scaled(0, x); }
double bessel_i1(double x) { return bessel(1, x); }
double bessel_i1e(double x) { return bessel_scaled(1, x); }
double igamma(double a, double x) { return incomplete_gamma(a, x, false); }
double igammac(double a, double x) { return incomplete_gamma(a, x, true); }

}  // namespace lazuli::cpu
