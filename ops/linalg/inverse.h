#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/ops/linalg/results.h"

/// Inverses and determinants of matrices [.., n, n] of float32, float64, complex64 and complex128.
namespace lazuli {
namespace linalg {

/// Throws Error that names the first singular matrix of the batch.
Tensor inv(const Tensor& A);
/// The same without this Error, unless `check_errors`: info (int32) is 0, or the place, from 1 on, of a zero on the diagonal of A's factor U.
InvExResult inv_ex(const Tensor& A, bool check_errors = false);
/// The determinant; its gradient at a singular matrix is the adjugate.
Tensor det(const Tensor& A);
/// Its sign (complex: of absolute value 1) and the logarithm of its absolute value; 0 and -inf for a singular matrix.
SlogdetResult slogdet(const Tensor& A);

struct PinvOptions {
  std::optional<double> atol = {}, rtol = {};
  bool hermitian = false;
  template <class O = PinvOptions>
  static constexpr auto members() {
    return Members{member("atol", &O::atol), member("rtol", &O::rtol), member("hermitian", &O::hermitian)};
  }
};
/// The Moore-Penrose pseudoinverse [.., n, m] of A [.., m, n]. Singular values (`hermitian`: eigenvalues of one that is, of which the lower triangle is read) up to max(atol, rtol * the greatest) count as 0.
/// atol is 0 unless given, rtol max(m, n) times the dtype's epsilon unless atol > 0 is.
Tensor pinv(const Tensor& A, PinvOptions options = {});
/// With a tolerance for each matrix; undefined: as above.
Tensor pinv(const Tensor& A, const Tensor& atol, const Tensor& rtol, bool hermitian = false);
Tensor pinv(...) = delete;  // pinv(A, {.atol, .rtol, .hermitian}) or these by position
/// How many singular values are above this tolerance (int64).
Tensor matrix_rank(const Tensor& A, PinvOptions options = {});
Tensor matrix_rank(const Tensor& A, const Tensor& atol, const Tensor& rtol, bool hermitian = false);
Tensor matrix_rank(...) = delete;  // matrix_rank(A, {.atol, .rtol, .hermitian}) or these by position
/// The inverse of the map that A is from its dimensions from `ind` on to those before it: [A.sizes()[ind:], A.sizes()[:ind]], for which tensordot(tensorinv(A), A, ind) is the identity.
Tensor tensorinv(const Tensor& A, int64_t ind = 2);

}  // namespace linalg

Tensor inverse(const Tensor& A);
Tensor pinverse(const Tensor& A, double rcond = 1e-15);
Tensor det(const Tensor& A);
linalg::SlogdetResult slogdet(const Tensor& A);
/// The logarithm of the determinant: NaN where that is negative, -inf where it is 0.
Tensor logdet(const Tensor& A);

}  // namespace lazuli
