#include "tests/conformance/compare.h"

#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <cstring>
#include <vector>

#include "lazuli/core/factory.h"
#include "lazuli/ops/shape/copy.h"

namespace conformance {

using namespace lazuli;

namespace {

using Complex = std::complex<double>;

// On the host, dense.
Tensor host(const Tensor& t) { return contiguous(t.detach().to(kCPU)); }

Complex element(const Tensor& dense, int64_t i) {
  Scalar s = load_scalar(static_cast<const char*>(dense.address()) + i * dense.item_size(), dense.dtype());
  complex128 c = s.to<complex128>();
  return {c.re, c.im};
}

// A case's tolerance is that of its sample's dtype: 0 for integers, also where the result is a float; tight for float64, also where one tensor is float32. What is of
// another dtype is held to what the pack asks of samples of that dtype.
Tolerance tolerance_for(DType dtype, Tolerance given) {
  if (is_integral(dtype)) return {};
  DType real = real_dtype(dtype);
  double each = real == kFloat64 ? 1e-7 : real == kFloat32 ? 2e-5 : real == kFloat16 ? 3e-3 : 2e-2;
  bool of_another = given.rtol == 0 && given.atol == 0;
  if (real != kFloat64) of_another |= given.rtol <= 1e-7 && given.atol <= 1e-7;
  return of_another ? Tolerance{each, each} : given;
}

bool same_part(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool close(Complex expected, Complex got, Tolerance tolerance) {
  if (same_part(expected.real(), got.real()) && same_part(expected.imag(), got.imag())) return true;
  return std::abs(got - expected) <= tolerance.atol + tolerance.rtol * std::abs(expected) && std::isfinite(std::abs(expected));
}

std::string show(Complex value, DType dtype) {
  if (is_complex(dtype)) return fmt::format("{:.9g}{:+.9g}j", value.real(), value.imag());
  return is_floating_point(dtype) ? fmt::format("{:.9g}", value.real()) : fmt::format("{:.0f}", value.real());
}

std::string place(const Shape& sizes, int64_t flat) {
  Shape index(sizes);
  for (int64_t d = sizes.size() - 1; d >= 0; --d) {
    index[d] = flat % sizes[d];
    flat /= sizes[d];
  }
  return to_string(index);
}

}  // namespace

std::string form_difference(const Tensor& expected, const Tensor& got) {
  if (!expected.defined() || !got.defined())
    return expected.defined() == got.defined() ? "" : got.defined() ? "a tensor, expected none" : "none, expected a tensor";
  if (got.dtype() != expected.dtype()) return fmt::format("dtype {}, expected {}", name(got.dtype()), name(expected.dtype()));
  if (!(got.sizes() == expected.sizes())) return "shape " + to_string(got.sizes()) + ", expected " + to_string(expected.sizes());
  return "";
}

std::string difference(const Tensor& expected, const Tensor& got, Tolerance tolerance) {
  std::string form = form_difference(expected, got);
  if (!form.empty() || !expected.defined()) return form;
  if (got.device().is_meta()) return "";
  Tensor e = host(expected), g = host(got);
  if (e.nbytes() == 0 || std::memcmp(e.address(), g.address(), size_t(e.nbytes())) == 0) return "";
  tolerance = tolerance_for(e.dtype(), tolerance);
  int64_t wrong = 0, first = 0;
  for (int64_t i = 0; i < e.numel(); ++i) {
    if (close(element(e, i), element(g, i), tolerance)) continue;
    if (wrong++ == 0) first = i;
  }
  if (wrong == 0) return "";
  return fmt::format("{} of {} elements, at {}: {}, expected {}", wrong, e.numel(), place(e.sizes(), first), show(element(g, first), g.dtype()),
                     show(element(e, first), e.dtype()));
}

std::string difference_unordered(const Tensor& expected, const Tensor& got, Tolerance tolerance) {
  std::string form = form_difference(expected, got);
  if (!form.empty() || !expected.defined() || expected.numel() == 0) return form;
  tolerance = tolerance_for(expected.dtype(), tolerance);
  Tensor e = host(expected), g = host(got);
  int64_t n = e.dim() ? e.size(-1) : 1;
  for (int64_t row = 0; row < e.numel() / n; ++row) {
    std::vector<bool> taken(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) {
      int64_t best = -1;
      Complex wanted = element(e, row * n + i);
      for (int64_t j = 0; j < n; ++j) {
        if (taken[size_t(j)]) continue;
        if (best < 0 || std::abs(element(g, row * n + j) - wanted) < std::abs(element(g, row * n + best) - wanted)) best = j;
      }
      if (!close(wanted, element(g, row * n + best), tolerance)) return fmt::format("no element near {} in row {}", show(wanted, e.dtype()), row);
      taken[size_t(best)] = true;
    }
  }
  return "";
}

bool all_zero(const Tensor& t) {
  Tensor dense = host(t);
  for (int64_t i = 0; i < dense.numel(); ++i) {
    if (element(dense, i) != Complex(0)) return false;
  }
  return true;
}

}  // namespace conformance
