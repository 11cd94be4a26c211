#pragma once
#include "lazuli/core/tensor.h"

/// Orthogonal polynomials of degree n (truncated to a whole number; 0 for a negative one) at x, broadcast; float32 and float64, and integers become the default dtype.
/// With a gradient with respect to x.
namespace lazuli::special {

/// Chebyshev's of the first to fourth kind; shifted: at 2 x - 1.
Tensor chebyshev_polynomial_t(const Tensor& x, const Tensor& n);
Tensor chebyshev_polynomial_t(const Tensor& x, const Scalar& n);
Tensor chebyshev_polynomial_t(const Scalar& x, const Tensor& n);
Tensor chebyshev_polynomial_t(...) = delete;  // chebyshev_polynomial_t(tensor or number x, tensor or number n)
Tensor chebyshev_polynomial_u(const Tensor& x, const Tensor& n);
Tensor chebyshev_polynomial_u(const Tensor& x, const Scalar& n);
Tensor chebyshev_polynomial_u(const Scalar& x, const Tensor& n);
Tensor chebyshev_polynomial_u(...) = delete;  // chebyshev_polynomial_u(tensor or number x, tensor or number n)
Tensor chebyshev_polynomial_v(const Tensor& x, const Tensor& n);
Tensor chebyshev_polynomial_v(const Tensor& x, const Scalar& n);
Tensor chebyshev_polynomial_v(const Scalar& x, const Tensor& n);
Tensor chebyshev_polynomial_v(...) = delete;  // chebyshev_polynomial_v(tensor or number x, tensor or number n)
Tensor chebyshev_polynomial_w(const Tensor& x, const Tensor& n);
Tensor chebyshev_polynomial_w(const Tensor& x, const Scalar& n);
Tensor chebyshev_polynomial_w(const Scalar& x, const Tensor& n);
Tensor chebyshev_polynomial_w(...) = delete;  // chebyshev_polynomial_w(tensor or number x, tensor or number n)
Tensor shifted_chebyshev_polynomial_t(const Tensor& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_t(const Tensor& x, const Scalar& n);
Tensor shifted_chebyshev_polynomial_t(const Scalar& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_t(...) = delete;  // shifted_chebyshev_polynomial_t(tensor or number x, tensor or number n)
Tensor shifted_chebyshev_polynomial_u(const Tensor& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_u(const Tensor& x, const Scalar& n);
Tensor shifted_chebyshev_polynomial_u(const Scalar& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_u(...) = delete;  // shifted_chebyshev_polynomial_u(tensor or number x, tensor or number n)
Tensor shifted_chebyshev_polynomial_v(const Tensor& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_v(const Tensor& x, const Scalar& n);
Tensor shifted_chebyshev_polynomial_v(const Scalar& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_v(...) = delete;  // shifted_chebyshev_polynomial_v(tensor or number x, tensor or number n)
Tensor shifted_chebyshev_polynomial_w(const Tensor& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_w(const Tensor& x, const Scalar& n);
Tensor shifted_chebyshev_polynomial_w(const Scalar& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_w(...) = delete;  // shifted_chebyshev_polynomial_w(tensor or number x, tensor or number n)
/// Hermite's, the physicists' (h) and the probabilists' (he); NaN for degrees beyond what the dtype holds, as in PyTorch (128 for float32, 512 for float64).
Tensor hermite_polynomial_h(const Tensor& x, const Tensor& n);
Tensor hermite_polynomial_h(const Tensor& x, const Scalar& n);
Tensor hermite_polynomial_h(const Scalar& x, const Tensor& n);
Tensor hermite_polynomial_h(...) = delete;  // hermite_polynomial_h(tensor or number x, tensor or number n)
Tensor hermite_polynomial_he(const Tensor& x, const Tensor& n);
Tensor hermite_polynomial_he(const Tensor& x, const Scalar& n);
Tensor hermite_polynomial_he(const Scalar& x, const Tensor& n);
Tensor hermite_polynomial_he(...) = delete;  // hermite_polynomial_he(tensor or number x, tensor or number n)
Tensor laguerre_polynomial_l(const Tensor& x, const Tensor& n);
Tensor laguerre_polynomial_l(const Tensor& x, const Scalar& n);
Tensor laguerre_polynomial_l(const Scalar& x, const Tensor& n);
Tensor laguerre_polynomial_l(...) = delete;  // laguerre_polynomial_l(tensor or number x, tensor or number n)
Tensor legendre_polynomial_p(const Tensor& x, const Tensor& n);
Tensor legendre_polynomial_p(const Tensor& x, const Scalar& n);
Tensor legendre_polynomial_p(const Scalar& x, const Tensor& n);
Tensor legendre_polynomial_p(...) = delete;  // legendre_polynomial_p(tensor or number x, tensor or number n)

}  // namespace lazuli::special
