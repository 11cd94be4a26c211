#pragma once
#include "lazuli/core/tensor.h"

/// Special functions, element by element; real, and integers become the default dtype. Those that PyTorch has under torch.special only are in `lazuli::special`.
namespace lazuli {

/// The error function, 1 minus it, and its inverse.
Tensor erf(const Tensor& self);
Tensor erfc(const Tensor& self);
Tensor erfinv(const Tensor& self);
/// log(|gamma(x)|), its derivative, and the (n+1)-th derivative of it. Throws Error for a negative n.
Tensor lgamma(const Tensor& self);
Tensor digamma(const Tensor& self);
Tensor polygamma(int64_t n, const Tensor& self);
/// The multivariate log-gamma function of dimension p >= 1.
Tensor mvlgamma(const Tensor& self, int64_t p);
/// The modified Bessel function of the first kind, order 0.
Tensor i0(const Tensor& self);
/// log(x / (1 - x)), of x brought into [eps, 1 - eps] where eps is given.
Tensor logit(const Tensor& self, std::optional<double> eps = {});
/// The regularised incomplete gamma functions, lower and upper, of order self at other. The gradient with respect to the order does not exist.
Tensor igamma(const Tensor& self, const Tensor& other);
Tensor igammac(const Tensor& self, const Tensor& other);

Tensor& erf_(const Tensor& self);
Tensor& erfc_(const Tensor& self);
Tensor& erfinv_(const Tensor& self);
Tensor& lgamma_(const Tensor& self);
Tensor& digamma_(const Tensor& self);
Tensor& polygamma_(const Tensor& self, int64_t n);
Tensor& mvlgamma_(const Tensor& self, int64_t p);
Tensor& i0_(const Tensor& self);
Tensor& logit_(const Tensor& self, std::optional<double> eps = {});
Tensor& igamma_(const Tensor& self, const Tensor& other);
Tensor& igammac_(const Tensor& self, const Tensor& other);

namespace special {

/// -x log(x), 0 at 0, -inf below.
Tensor entr(const Tensor& self);
/// exp(x^2) erfc(x).
Tensor erfcx(const Tensor& self);
/// exp(-|x|) i0(x); the modified Bessel function of order 1, and exp(-|x|) times it.
Tensor i0e(const Tensor& self);
Tensor i1(const Tensor& self);
Tensor i1e(const Tensor& self);
/// The distribution function of the normal distribution, its inverse and its logarithm.
Tensor ndtr(const Tensor& self);
Tensor ndtri(const Tensor& self);
Tensor log_ndtr(const Tensor& self);
/// self * log(1 + other), 0 where self is 0 (and other is not NaN).
Tensor xlog1py(const Tensor& self, const Tensor& other);
Tensor xlog1py(const Tensor& self, const Scalar& other);
Tensor xlog1py(const Scalar& self, const Tensor& other);
Tensor xlog1py(...) = delete;  // xlog1py(tensor or number x, tensor or number)
/// The sum over k >= 0 of (other + k)^-self. The gradient with respect to self does not exist.
Tensor zeta(const Tensor& self, const Tensor& other);
Tensor zeta(const Tensor& self, const Scalar& other);
Tensor zeta(const Scalar& self, const Tensor& other);
Tensor zeta(...) = delete;  // zeta(tensor or number x, tensor or number)

}  // namespace special
}  // namespace lazuli
