#pragma once
#include <tuple>

#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// Running reductions along a dimension, and differences. A dim out of range is an Error (Index).
namespace lazuli {

/// Sums and products of the elements up to each; integers and bool become int64. `dtype` casts first.
Tensor cumsum(const Tensor& self, int64_t dim, std::optional<DType> dtype = {});
Tensor cumprod(const Tensor& self, int64_t dim, std::optional<DType> dtype = {});
/// log(cumsum(exp(x))) without overflow; floating point and complex.
Tensor logcumsumexp(const Tensor& self, int64_t dim);
/// Greatest (least) element up to each, and its index (int64), the last of equals. Not for complex.
ValuesIndices cummax(const Tensor& self, int64_t dim);
ValuesIndices cummin(const Tensor& self, int64_t dim);
struct DiffOptions {
  int64_t n = 1;
  int64_t dim = -1;
  OptionalTensor prepend = {}, append = {};
  template <class O = DiffOptions>
  static constexpr auto members() {
    return Members{member("n", &O::n, {.least = 0}), member("dim", &O::dim), member("prepend", &O::prepend), member("append", &O::append)};
  }
};
namespace with_options {
Tensor diff(const Tensor& self, DiffOptions options);
}
/// The n-th difference of neighbours along dim, after `prepend` and `append` are joined on; exclusive or for bool. Throws Error for n < 0 or a 0-d
/// tensor.
template <class N = DiffOptions>
Tensor diff(const Tensor& self, N n = {}, int64_t dim = -1, const OptionalTensor& prepend = {}, const OptionalTensor& append = {}) {
  return with_options::diff(self, by_position<DiffOptions>(std::move(n), dim, prepend, append));
}
/// The trapezoidal rule along dim: for points x, or dx apart; and its running form.
Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
Tensor trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);
Tensor trapezoid(...) = delete;  // trapezoid(y, x, [dim]) or trapezoid(y, [dx], [dim])
inline Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim = -1) { return trapezoid(y, x, dim); }
inline Tensor trapz(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1) { return trapezoid(y, dx, dim); }
Tensor trapz(...) = delete;  // trapz(y, x, [dim]) or trapz(y, [dx], [dim])
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);
Tensor cumulative_trapezoid(...) = delete;  // cumulative_trapezoid(y, x, [dim]) or cumulative_trapezoid(y, [dx], [dim])

Tensor& cumsum_(const Tensor& self, int64_t dim, std::optional<DType> dtype = {});
Tensor& cumprod_(const Tensor& self, int64_t dim, std::optional<DType> dtype = {});

}  // namespace lazuli
