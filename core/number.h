#pragma once
#include <bit>
#include <cstdint>
#include <type_traits>

#include "lazuli/core/dtype.h"

namespace lazuli {

/// IEEE binary16, converted by value through float.
struct Half {
  uint16_t bits = 0;
  constexpr Half() = default;
  constexpr Half(float value);
  constexpr operator float() const;
};

/// The upper half of a float32, rounded to nearest even.
struct BFloat16 {
  uint16_t bits = 0;
  constexpr BFloat16() = default;
  constexpr BFloat16(float value) {
    uint32_t u = std::bit_cast<uint32_t>(value);
    bits = (u & 0x7fffffffu) > 0x7f800000u ? 0x7fc0 : uint16_t((u + 0x7fffu + ((u >> 16) & 1)) >> 16);
  }
  constexpr operator float() const { return std::bit_cast<float>(uint32_t(bits) << 16); }
};

/// A complex number with the layout of std::complex<T>, from and to which it converts; here because <complex> is slow to compile.
template <class T>
struct Complex {
  T re{}, im{};
  constexpr Complex() = default;
  constexpr Complex(T real, T imag = T()) : re(real), im(imag) {}
  template <class C>
  requires requires(const C& c) {
    c.real();
    c.imag();
  }
  constexpr Complex(const C& c) : re(T(c.real())), im(T(c.imag())) {}
  constexpr T real() const { return re; }
  constexpr T imag() const { return im; }
  template <class C>
  requires requires(const C& c) {
    requires std::is_floating_point_v<typename C::value_type>;
    c.imag();
  }
  constexpr operator C() const { return C(typename C::value_type(re), typename C::value_type(im)); }
  constexpr bool operator==(const Complex&) const = default;
};
using complex64 = Complex<float>;
using complex128 = Complex<double>;

constexpr Half::Half(float value) {
  uint32_t u = std::bit_cast<uint32_t>(value), sign = (u >> 16) & 0x8000u, magnitude = u & 0x7fffffffu;
  if (magnitude > 0x7f800000u) {
    bits = uint16_t(sign | 0x7e00u);
  } else if (magnitude >= 0x477ff000u) {  // rounds to infinity
    bits = uint16_t(sign | 0x7c00u);
  } else if (magnitude < 0x38800000u) {  // subnormal: let the float adder round
    float shifted = std::bit_cast<float>(magnitude) + 0.5f;
    bits = uint16_t(sign | (std::bit_cast<uint32_t>(shifted) - 0x3f000000u));
  } else {
    bits = uint16_t(sign | ((magnitude + 0xfffu + ((magnitude >> 13) & 1) - 0x38000000u) >> 13));
  }
}
constexpr Half::operator float() const {
  uint32_t sign = uint32_t(bits & 0x8000u) << 16, exponent = (bits >> 10) & 31u, mantissa = bits & 0x3ffu;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000u | (mantissa << 13));
  if (exponent == 0) {
    float magnitude = float(mantissa) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

/// The DType of a C++ element type.
template <class T>
inline constexpr bool always_false = false;
template <class T>
constexpr DType dtype_of() {
  if constexpr (__is_same(T, bool)) return kBool;
  else if constexpr (__is_same(T, Half)) return kFloat16;
  else if constexpr (__is_same(T, BFloat16)) return kBFloat16;
  else if constexpr (__is_same(T, float)) return kFloat32;
  else if constexpr (__is_same(T, double)) return kFloat64;
  else if constexpr (requires(T c) {
                       c.real();
                       c.imag();
                     })
    return sizeof(T) == 8 ? kComplex64 : kComplex128;
  else if constexpr (T(-1) > T(0) && sizeof(T) == 1) return kUInt8;
  else if constexpr (T(-1) < T(0)) return sizeof(T) == 1 ? kInt8 : sizeof(T) == 2 ? kInt16 : sizeof(T) == 4 ? kInt32 : kInt64;
  else static_assert(always_false<T>, "no Lazuli dtype holds this type");
}

}  // namespace lazuli
