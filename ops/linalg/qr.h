#pragma once
#include "lazuli/ops/linalg/results.h"

/// Orthogonal factors of matrices [.., m, n] of float32, float64, complex64 and complex128.
namespace lazuli {
namespace linalg {

/// A = Q R with orthonormal columns in Q and R upper triangular, k = min(m, n). mode "reduced": Q [.., m, k], R [.., k, n]; "complete": Q [.., m, m], R [.., m, n]; "r": Q empty, R [.., k, n].
/// Differentiable in mode "reduced", and "complete" for m <= n, where the first k columns of A are independent.
QrResult qr(const Tensor& A, std::string_view mode = "reduced");
/// The first n columns of the product of the reflections I - tau[i] v v^H, i = 0, 1, ..; v is column i of A [.., m, n], m >= n, below its diagonal, where v has a one.
Tensor householder_product(const Tensor& A, const Tensor& tau);

}  // namespace linalg

/// linalg::qr; `some` false: mode "complete".
linalg::QrResult qr(const Tensor& A, bool some = true);
/// R in the upper triangle of `a`, and below it with `tau` the reflections whose product is Q, as LAPACK's geqrf. Has no gradient.
linalg::GeqrfResult geqrf(const Tensor& self);
/// linalg::householder_product.
Tensor orgqr(const Tensor& A, const Tensor& tau);
/// Q other, with the whole Q [.., m, m] of the reflections in self and tau; `left` false: other Q; `transpose`: Q^H in Q's place.
Tensor ormqr(const Tensor& self, const Tensor& tau, const Tensor& other, bool left = true, bool transpose = false);

}  // namespace lazuli
