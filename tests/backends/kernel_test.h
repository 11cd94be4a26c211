#pragma once
#include <cmath>
#include <complex>
#include <limits>
#include <random>
#include <vector>

#include "lazuli/core/backend.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/tests/catch.h"

/// What the tests of CPU kernels share: tensors of any layout, read and written as numbers in row-major order.
namespace lazuli::test {

using Wide = std::complex<double>;

struct Threads {  // restores the setting at the end of a test
  int before = get_num_threads();
  explicit Threads(int n) { set_num_threads(n); }
  ~Threads() { set_num_threads(before); }
};

inline const std::vector<DType> kAllDTypes{kBool,    kUInt8,    kInt8,    kInt16,   kInt32,     kInt64,
                                           kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128};
inline const std::vector<DType> kFloatDTypes{kFloat16, kBFloat16, kFloat32, kFloat64};

enum class Spacing { Contiguous, Permuted, Spaced };
inline const std::vector<Spacing> kSpacings{Spacing::Contiguous, Spacing::Permuted, Spacing::Spaced};

inline Tensor make(const Shape& sizes, DType dtype, Spacing layout = Spacing::Contiguous) {
  backend_of(kCPU);  // the kernels are there from now on
  if (layout == Spacing::Contiguous || sizes.empty()) return new_tensor(sizes, dtype);
  Shape strides = sizes;
  int64_t step = layout == Spacing::Spaced ? 2 : 1;
  auto place = [&](int64_t d) {
    strides[d] = step;
    step *= std::max<int64_t>(sizes[d], 1);
  };
  if (layout == Spacing::Permuted)
    for (int64_t d = 0; d < sizes.size(); ++d) place(d);
  else
    for (int64_t d = sizes.size() - 1; d >= 0; --d) place(d);
  return new_strided(sizes, strides, dtype);
}

/// The address of element i in row-major order.
inline void* element(const Tensor& t, int64_t i) {
  int64_t at = 0;
  for (int64_t d = t.dim() - 1; d >= 0; --d) {
    at += i % t.sizes()[d] * t.strides()[d];
    i /= t.sizes()[d];
  }
  return static_cast<char*>(t.address()) + at * t.item_size();
}
inline Wide get(const Tensor& t, int64_t i) {
  const Scalar s = load_scalar(element(t, i), t.dtype());
  return s.is_integral() ? Wide(double(s.to<int64_t>())) : s.is_complex() ? s.to<Wide>() : Wide(s.to<double>());
}
inline double real(const Tensor& t, int64_t i) { return get(t, i).real(); }
inline void put(const Tensor& t, int64_t i, Wide v) {
  if (t.is_complex()) store_scalar(element(t, i), t.dtype(), Scalar(v));
  else if (is_integral(t.dtype())) store_scalar(element(t, i), t.dtype(), Scalar(int64_t(v.real())));
  else store_scalar(element(t, i), t.dtype(), Scalar(v.real()));
}

/// Numbers about 0 with the spread given; small whole ones for integers.
inline Tensor random(const Shape& sizes, DType dtype, Spacing layout = Spacing::Contiguous, double spread = 1, uint32_t seed = 1) {
  Tensor t = make(sizes, dtype, layout);
  std::mt19937 bits(seed);
  std::normal_distribution<double> normal(0, spread);
  for (int64_t i = 0; i < t.numel(); ++i) {
    if (dtype == kBool) put(t, i, double(bits() % 3 == 0));
    else if (is_integral(dtype)) put(t, i, double(int(bits() % 7) - (dtype == kUInt8 ? 0 : 3)));
    else if (is_complex(dtype)) put(t, i, Wide(normal(bits), normal(bits)));
    else put(t, i, normal(bits));
  }
  return t;
}
inline Tensor filled(const Shape& sizes, DType dtype, const std::vector<double>& values) {
  Tensor t = make(sizes, dtype);
  for (int64_t i = 0; i < t.numel(); ++i) put(t, i, values[size_t(i) % values.size()]);
  return t;
}
inline std::vector<double> reals(const Tensor& t) {
  std::vector<double> v;
  for (int64_t i = 0; i < t.numel(); ++i) v.push_back(real(t, i));
  return v;
}

inline double tolerance(DType t) { return t == kFloat16 ? 2e-3 : t == kBFloat16 ? 1.6e-2 : t == kFloat32 || t == kComplex64 ? 1.3e-6 : 1e-12; }

/// Equal within rtol of the expected value and atol; NaN and infinities exactly.
inline bool close(Wide got, Wide expected, double rtol, double atol) {
  auto one = [&](double g, double e) {
    return std::isnan(e) ? std::isnan(g) : std::isinf(e) ? g == e : std::abs(g - e) <= atol + rtol * std::abs(e);
  };
  return one(got.real(), expected.real()) && one(got.imag(), expected.imag());
}
inline bool close(Wide got, Wide expected, DType t, double scale = 1) { return close(got, expected, tolerance(t), tolerance(t) * scale); }

}  // namespace lazuli::test
