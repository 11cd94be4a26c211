#pragma once
#include <cmath>
#include <limits>

#include "lazuli/backends/gpu/pointwise/pointwise.h"
#include "lazuli/core/factory.h"

/// How an operator's parameters, doubles, reach kernels of integers.
namespace lazuli::gpu {

/// What p0 and p1 are passed as to a kernel that computes with `t`.
inline DType parameter_dtype(DType t) { return is_integral(t) ? kInt64 : real_dtype(t); }

/// The greatest integer that is not above x; of NaN the least integer.
inline Scalar whole(double x) {
  if (!(x >= -0x1p63)) return std::numeric_limits<int64_t>::min();
  return x >= 0x1p63 ? std::numeric_limits<int64_t>::max() : int64_t(std::floor(x));
}

/// A number as an element of an integer dtype or bool holds it.
inline Scalar stored(const Scalar& number, DType t) {
  char element[8];
  store_scalar(element, t, number);
  return load_scalar(element, t);
}

/// x cut towards zero, within the range of an integer dtype.
inline Scalar saturated(double x, DType t) {
  const int bits = int(item_size(t)) * 8;
  const double low = t == kUInt8 ? 0 : -std::ldexp(1.0, bits - 1), high = t == kUInt8 ? 256 : std::ldexp(1.0, bits - 1);
  if (!(x > low)) return int64_t(low);
  return x >= high ? int64_t(t == kInt64 ? std::numeric_limits<int64_t>::max() : int64_t(high) - 1) : int64_t(x);
}

}  // namespace lazuli::gpu
