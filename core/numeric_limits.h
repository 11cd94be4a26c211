#pragma once
#include <limits>

#include "lazuli/core/dtype.h"
#include "lazuli/core/error.h"

namespace lazuli {

/// What numbers a dtype of floating point has (of a complex one, its parts): `finfo(kFloat16).max`.
struct finfo {
  int bits = 0;
  double eps = 0;                        // from 1 to the next number
  double max = 0, min = 0;               // min is -max
  double tiny = 0, smallest_normal = 0;  // both the least positive number of full precision
  double resolution = 0;                 // of decimal digits: 1e-6 of float32
  DType dtype;

  finfo() : finfo(get_default_dtype()) {}
  /// Throws Error (Type) for other dtypes.
  explicit finfo(DType t) : dtype(real_dtype(t)) {
    switch (dtype) {
      case kFloat16: set(0x1p-10, 65504, 0x1p-14, 1e-3); break;
      case kBFloat16: set(0x1p-7, 0x1.fep127, 0x1p-126, 1e-2); break;
      case kFloat32: set(0x1p-23, std::numeric_limits<float>::max(), 0x1p-126, 1e-6); break;
      case kFloat64: set(0x1p-52, std::numeric_limits<double>::max(), 0x1p-1022, 1e-15); break;
      default: fail(ErrorKind::Type, "finfo", "dtype", "a dtype of floating point", name(t));
    }
  }

 private:
  void set(double of_eps, double of_max, double of_tiny, double of_resolution) {
    bits = int(item_size(dtype)) * 8;
    eps = of_eps;
    max = of_max;
    min = -of_max;
    tiny = smallest_normal = of_tiny;
    resolution = of_resolution;
  }
};

/// What numbers a dtype of integers has: `iinfo(kUInt8).max`.
struct iinfo {
  int bits = 0;
  int64_t max = 0, min = 0;
  DType dtype;

  /// Throws Error (Type) for other dtypes, bool too.
  explicit iinfo(DType t) : bits(int(item_size(t)) * 8), dtype(t) {
    const bool is_signed = kind_of(t) == DTypeKind::Signed;
    if (!is_signed && kind_of(t) != DTypeKind::Unsigned) fail(ErrorKind::Type, "iinfo", "dtype", "a dtype of integers", name(t));
    max = int64_t(~uint64_t(0) >> (64 - bits + is_signed));
    min = is_signed ? -max - 1 : 0;
  }
};

}  // namespace lazuli
