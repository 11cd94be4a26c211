#pragma once
#include <cmath>
#include <complex>

/// Complex arithmetic and functions where std::complex is slow or loses digits.
namespace lazuli::cpu {

/// (a.re b.re - a.im b.im, a.re b.im + a.im b.re), without C's recovery of infinities.
template <class T>
std::complex<T> complex_mul(std::complex<T> a, std::complex<T> b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// Smith's division: scaled by the larger part of the divisor, so that its square does not overflow. By zero: infinities or NaN, part by part.
template <class T>
std::complex<T> complex_div(std::complex<T> a, std::complex<T> b) {
  const T re = b.real(), im = b.imag();
  const bool swap = std::abs(re) < std::abs(im);
  const T large = swap ? im : re, small = swap ? re : im;
  const T ratio = large == 0 ? T(0) : small / large, scale = 1 / (large == 0 ? T(0) : large + small * ratio);
  const T u = swap ? a.imag() : a.real(), v = swap ? a.real() : a.imag();
  const T y = (v - u * ratio) * scale;
  return {(u + v * ratio) * scale, swap ? -y : y};
}

/// log(1 + z): |1 + z|^2 - 1 = x (2 + x) + y^2 keeps the digits of a small z.
template <class T>
std::complex<T> complex_log1p(std::complex<T> z) {
  const T x = z.real(), y = z.imag();
  if (std::abs(x) > T(0.5) || std::abs(y) > T(0.5)) return std::log(z + T(1));
  return {std::log1p(x * (2 + x) + y * y) / 2, std::atan2(y, 1 + x)};
}

/// e^z - 1 = (e^x - 1) cos y - 2 sin^2(y / 2) + i e^x sin y
template <class T>
std::complex<T> complex_expm1(std::complex<T> z) {
  const T s = std::sin(z.imag() / 2);
  return {std::expm1(z.real()) * std::cos(z.imag()) - 2 * s * s, std::exp(z.real()) * std::sin(z.imag())};
}

/// a^b with 0^0 = 1 and 0 to a power of positive real part = 0.
template <class T>
std::complex<T> complex_pow(std::complex<T> a, std::complex<T> b) {
  if (b == std::complex<T>(0)) return T(1);
  if (a == std::complex<T>(0) && b.real() > 0) return T(0);
  if (b == std::complex<T>(2)) return complex_mul(a, a);
  return std::pow(a, b);
}

}  // namespace lazuli::cpu
