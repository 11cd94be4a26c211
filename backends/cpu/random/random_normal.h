#pragma once
#include <bit>
#include <cmath>
#include <cstdint>

/// What normal and exponential numbers are made with. Only sums, products, quotients and roots, each rounded by itself (the build keeps a * b + c apart in the files that
/// use it), so that backends/gpu/random/random.cpp, which takes the same steps, gets the same bits on every device. random_hwy.cpp has the float32 form of both.
namespace lazuli::cpu {

/// log t for t in (0, 1]: t = 2^e m with m in [sqrt(1/2), sqrt 2), log m = 2 atanh s = 2 s (1 + s^2 / 3 + s^4 / 5 + ...), s = (m - 1) / (m + 1).
inline double random_log(double t) {
  const int64_t bits = std::bit_cast<int64_t>(t), e = (bits - 0x3fe6a09e667f3bcd) >> 52;
  const double m = std::bit_cast<double>(bits - e * 0x10000000000000), s = (m - 1) / (m + 1), z = s * s, s2 = s + s;
  double p = z * (1.0 / 23) + 1.0 / 21;
  for (const double c : {1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3}) p = p * z + c;
  return double(e) * 0.69314718055994530942 + (s2 * z * p + s2);
}

struct SineCosine {
  double sine, cosine;
};
/// Sine and cosine of 2 pi v for v in [0, 1): Taylor's series around the nearest quarter turn.
inline SineCosine random_sine_cosine(double v) {
  const double q = std::floor(v * 4 + 0.5), x = (v - q * 0.25) * 6.28318530717958647693, y = x * x;
  double s = y * (1.0 / 355687428096000) + -1.0 / 1307674368000;
  for (const double c : {1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6}) s = s * y + c;
  s = s * y * x + x;
  double c = y * (1.0 / 20922789888000) + -1.0 / 87178291200;
  for (const double a : {1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24, -0.5, 1.0}) c = c * y + a;
  const int quarter = int(q) & 3;
  const double big = quarter & 1 ? s : c, small = quarter & 1 ? c : s;
  return {quarter >= 2 ? -small : small, quarter == 1 || quarter == 2 ? -big : big};
}

}  // namespace lazuli::cpu
