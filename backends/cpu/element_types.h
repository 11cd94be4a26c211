#pragma once
#include <concepts>
#include <string>
#include <string_view>

#include "lazuli/core/error.h"
#include "lazuli/core/slots/dispatch.h"

/// What kernels ask of element types: how to compute on them, how to collect sums of them, how to convert them.
namespace lazuli::cpu {

template <class T>
inline constexpr bool is_complex_type = false;
template <class T>
inline constexpr bool is_complex_type<Complex<T>> = true;
template <class T>
inline constexpr bool is_reduced_float = std::same_as<T, Half> || std::same_as<T, BFloat16>;
template <class T>
inline constexpr bool is_float_type = std::floating_point<T> || is_reduced_float<T>;

/// The type in which a kernel computes on T: float for the two halves, T itself otherwise.
template <class T>
struct ComputeType {
  using type = T;
};
template <class T>
requires is_reduced_float<T>
struct ComputeType<T> {
  using type = float;
};
template <class T>
using Compute = typename ComputeType<T>::type;

/// The type that collects sums and products of T: int64 for integers, double for floating point, complex128 for complex.
template <class T>
struct AccumulatorType {
  using type = int64_t;
};
template <class T>
requires is_float_type<T>
struct AccumulatorType<T> {
  using type = double;
};
template <class T>
struct AccumulatorType<Complex<T>> {
  using type = complex128;
};
template <class T>
using Accumulator = typename AccumulatorType<T>::type;

/// A plain conversion between any two element types; complex to real drops the imaginary part. Floats reach small integers through int64, so that
/// -1.0 is 255 as a uint8.
template <class To, class From>
inline To convert(From v) {
  if constexpr (is_complex_type<From> && is_complex_type<To>) return To(decltype(To().re)(v.re), decltype(To().re)(v.im));
  else if constexpr (is_complex_type<From> && std::same_as<To, bool>) return v.re != 0 || v.im != 0;
  else if constexpr (is_complex_type<From>) return convert<To>(v.re);
  else if constexpr (is_complex_type<To>) return To(convert<decltype(To().re)>(v));
  else if constexpr (is_reduced_float<From>) return convert<To>(float(v));
  else if constexpr (is_reduced_float<To>) return To(float(v));
  else if constexpr (std::same_as<To, bool>) return v != From(0);
  else if constexpr (std::floating_point<From> && std::integral<To> && sizeof(To) < 4) return To(int64_t(v));
  else return To(v);
}

/// Refuses a dtype that PyTorch's operator of that name refuses.
[[noreturn]] inline void refuse_dtype(std::string_view op, DType t) {
  fail(ErrorKind::Type, op, "input", "a dtype that " + std::string(op) + " supports", name(t));
}

}  // namespace lazuli::cpu
