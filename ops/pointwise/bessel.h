#pragma once
#include "lazuli/core/tensor.h"

/// Bessel functions of order 0 and 1 and the Airy function, element by element; float32 and float64, and integers become the default dtype.
namespace lazuli::special {

/// Of the first kind, J, and the second, Y (-inf at 0, NaN below).
Tensor bessel_j0(const Tensor& self);
Tensor bessel_j1(const Tensor& self);
Tensor bessel_y0(const Tensor& self);
Tensor bessel_y1(const Tensor& self);
/// Modified: of the first kind, I, and the second, K (inf at 0, NaN below); scaled: exp(x) K(x).
Tensor modified_bessel_i0(const Tensor& self);
Tensor modified_bessel_i1(const Tensor& self);
Tensor modified_bessel_k0(const Tensor& self);
Tensor modified_bessel_k1(const Tensor& self);
Tensor scaled_modified_bessel_k0(const Tensor& self);
Tensor scaled_modified_bessel_k1(const Tensor& self);
/// Spherical: sin(x) / x.
Tensor spherical_bessel_j0(const Tensor& self);
/// The Airy function Ai.
Tensor airy_ai(const Tensor& self);

}  // namespace lazuli::special
