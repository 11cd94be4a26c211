#pragma once
#include "lazuli/core/tensor.h"

/// Orthogonal polynomials of degree n (truncated to a whole number; 0 for a negative one) at x, broadcast; float32 and float64, and integers become the default dtype.
/// They have no gradient. C++ numbers: wrapped(3).
namespace lazuli::special {

/// Chebyshev's of the first to fourth kind; shifted: at 2 x - 1.
Tensor chebyshev_polynomial_t(const Tensor& x, const Tensor& n);
Tensor chebyshev_polynomial_u(const Tensor& x, const Tensor& n);
Tensor chebyshev_polynomial_v(const Tensor& x, const Tensor& n);
Tensor chebyshev_polynomial_w(const Tensor& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_t(const Tensor& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_u(const Tensor& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_v(const Tensor& x, const Tensor& n);
Tensor shifted_chebyshev_polynomial_w(const Tensor& x, const Tensor& n);
/// Hermite's, the physicists' (h) and the probabilists' (he); NaN for degrees beyond what the dtype holds, as in PyTorch (128 for float32, 512 for float64).
Tensor hermite_polynomial_h(const Tensor& x, const Tensor& n);
Tensor hermite_polynomial_he(const Tensor& x, const Tensor& n);
Tensor laguerre_polynomial_l(const Tensor& x, const Tensor& n);
Tensor legendre_polynomial_p(const Tensor& x, const Tensor& n);

}  // namespace lazuli::special
