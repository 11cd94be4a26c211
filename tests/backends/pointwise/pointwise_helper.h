#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

/// What the tests of elementwise kernels share: tensors from values, views of them, and a way to walk any of them.
namespace pointwise_test {
using namespace lazuli;

constexpr double kInf = std::numeric_limits<double>::infinity(), kNaN = std::numeric_limits<double>::quiet_NaN();

/// Equal down to the sign of zero; a NaN is like another.
inline bool same(double a, double b) { return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b); }

template <class T>
Tensor make(const Shape& sizes, const std::vector<T>& values) {
  Tensor t = new_tensor(sizes, dtype_of<T>());
  for (size_t i = 0; i < values.size(); i++) static_cast<T*>(t.address())[i] = values[i];
  return t;
}
template <class T>
Tensor make(const std::vector<T>& values) {
  return make<T>({int64_t(values.size())}, values);
}
template <>
inline Tensor make<bool>(const std::vector<bool>& values) {
  Tensor t = new_tensor({int64_t(values.size())}, kBool);
  for (size_t i = 0; i < values.size(); i++) static_cast<bool*>(t.address())[i] = values[i];
  return t;
}

/// The elements in row-major order.
template <class T>
std::vector<T> values_of(const Tensor& t) {
  std::vector<T> values;
  std::vector<int64_t> index(size_t(t.dim()), 0);
  for (int64_t k = 0; k < t.numel(); k++) {
    int64_t at = 0, rest = k;
    for (int64_t d = t.dim() - 1; d >= 0; d--) {
      at += rest % t.sizes()[d] * t.strides()[d];
      rest /= t.sizes()[d];
    }
    values.push_back(static_cast<const T*>(t.address())[at]);
  }
  return values;
}

template <class T>
std::vector<T> evaluate(UnaryOp op, const std::vector<T>& x, Params p = {}) {
  Tensor a = make<T>(x), out = new_tensor(a.sizes(), a.dtype());
  unary_kernel(kCPU, op, out, a, p);
  return values_of<T>(out);
}
template <class T>
std::vector<T> evaluate(BinaryOp op, const std::vector<T>& x, const std::vector<T>& y, Params p = {}) {
  Tensor a = make<T>(x), b = make<T>(y), out = new_tensor(a.sizes(), a.dtype());
  binary_kernel(kCPU, op, out, a, b, p);
  return values_of<T>(out);
}

}  // namespace pointwise_test
