#include <algorithm>
#include <random>

#include "lazuli/tests/backends/kernel_test.h"

namespace lazuli::test {

Tensor make(const Shape& sizes, DType dtype, Spacing layout) {
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

void* element(const Tensor& t, int64_t i) {
  int64_t at = 0;
  for (int64_t d = t.dim() - 1; d >= 0; --d) {
    at += i % t.sizes()[d] * t.strides()[d];
    i /= t.sizes()[d];
  }
  return static_cast<char*>(t.address()) + at * t.item_size();
}
Wide get(const Tensor& t, int64_t i) {
  const Scalar s = load_scalar(element(t, i), t.dtype());
  return s.is_integral() ? Wide(double(s.to<int64_t>())) : s.is_complex() ? s.to<Wide>() : Wide(s.to<double>());
}
double real(const Tensor& t, int64_t i) { return get(t, i).real(); }
void put(const Tensor& t, int64_t i, Wide v) {
  if (t.is_complex()) store_scalar(element(t, i), t.dtype(), Scalar(v));
  else if (is_integral(t.dtype())) store_scalar(element(t, i), t.dtype(), Scalar(int64_t(v.real())));
  else store_scalar(element(t, i), t.dtype(), Scalar(v.real()));
}

Tensor random(const Shape& sizes, DType dtype, Spacing layout, double spread, uint32_t seed) {
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
Tensor filled(const Shape& sizes, DType dtype, const std::vector<double>& values) {
  Tensor t = make(sizes, dtype);
  for (int64_t i = 0; i < t.numel(); ++i) put(t, i, values[size_t(i) % values.size()]);
  return t;
}
std::vector<double> reals(const Tensor& t) {
  std::vector<double> v;
  for (int64_t i = 0; i < t.numel(); ++i) v.push_back(real(t, i));
  return v;
}

double tolerance(DType t) { return t == kFloat16 ? 2e-3 : t == kBFloat16 ? 1.6e-2 : t == kFloat32 || t == kComplex64 ? 1.3e-6 : 1e-12; }

bool close(Wide got, Wide expected, double rtol, double atol) {
  auto one = [&](double g, double e) {
    return std::isnan(e) ? std::isnan(g) : std::isinf(e) ? g == e : std::abs(g - e) <= atol + rtol * std::abs(e);
  };
  return one(got.real(), expected.real()) && one(got.imag(), expected.imag());
}
bool close(Wide got, Wide expected, DType t, double scale) { return close(got, expected, tolerance(t), tolerance(t) * scale); }

}  // namespace lazuli::test
