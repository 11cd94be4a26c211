#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// Norms; `dims` as in reduction.h. Floating point and complex; real results. The forms by position stay out of line: g++ 12, which forgets
/// the pragmas of a precompiled header, would warn of the places of an empty DimList that are copied and never read.
namespace lazuli {
struct NormOptions {
  double p = 2;
  DimList dim = {};  // none: all of them
  bool keepdim = false;
  std::optional<DType> dtype = {};  // cast to it first
  template <class O = NormOptions>
  static constexpr auto members() {
    return Members{member("p", &O::p), member("dim", &O::dim), member("keepdim", &O::keepdim), member("dtype", &O::dtype)};
  }
};
namespace linalg {

struct VectorNormOptions {
  double ord = 2;
  DimList dim = {};
  bool keepdim = false;
  std::optional<DType> dtype = {};
  template <class O = VectorNormOptions>
  static constexpr auto members() {
    return Members{member("ord", &O::ord), member("dim", &O::dim), member("keepdim", &O::keepdim), member("dtype", &O::dtype)};
  }
};

namespace with_options {
Tensor vector_norm(const Tensor& self, VectorNormOptions options);
}
/// (sum |x|^ord)^(1/ord); ord inf and -inf: the greatest and least |x|; 0: the number of elements that are not zero (no gradient). `dtype` casts
/// first.
/// Throws Error for an infinite or negative ord over no elements, or a `dtype` narrower than self's.
template <class Ord = VectorNormOptions>
[[gnu::noinline]] Tensor vector_norm(const Tensor& self, Ord ord = {}, const DimList& dims = {}, bool keepdim = false,
                                     std::optional<DType> dtype = {}) {
  return with_options::vector_norm(self, by_position<VectorNormOptions>(std::move(ord), dims, keepdim, dtype));
}

}  // namespace linalg

namespace with_options {
Tensor norm(const Tensor& self, NormOptions options);
}
/// The same under its older name.
template <class P = NormOptions>
[[gnu::noinline]] Tensor norm(const Tensor& self, P p = {}, const DimList& dims = {}, bool keepdim = false, std::optional<DType> dtype = {}) {
  return with_options::norm(self, by_position<NormOptions>(std::move(p), dims, keepdim, dtype));
}
/// The p-norm of self - other.
Tensor dist(const Tensor& self, const Tensor& other, double p = 2);
/// Each slice along dim, if its p-norm is above maxnorm, scaled down to it. Throws Error for fewer than two dimensions, p not above 0, or a negative
/// maxnorm.
Tensor renorm(const Tensor& self, double p, int64_t dim, double maxnorm);
Tensor& renorm_(const Tensor& self, double p, int64_t dim, double maxnorm);

}  // namespace lazuli
