#pragma once
#include "lazuli/core/described.h"
#include "lazuli/ops/linalg/results.h"

/// Eigenvalues and eigenvectors of matrices [.., n, n] of float32, float64, complex64 and complex128. Matrices with infinities or NaN are an Error.
namespace lazuli {
namespace linalg {

/// Complex eigenvalues, in no order, and eigenvectors of norm 1 as columns: A V = V diag(L). The gradient exists for distinct eigenvalues and a loss that does not depend on the vectors' phase (else Error).
EigResult eig(const Tensor& A);
Tensor eigvals(const Tensor& A);
/// Of a Hermitian A, of which the lower (UPLO "L") or upper ("U") triangle is read: real eigenvalues in ascending order and orthonormal eigenvectors. Their gradient as for eig.
EigResult eigh(const Tensor& A, std::string_view UPLO = "L");
Tensor eigvalsh(const Tensor& A, std::string_view UPLO = "L");

}  // namespace linalg

struct LobpcgOptions {
  std::optional<int64_t> k = {};  // how many eigenvalues: as many as X has columns, else 1
  OptionalTensor B = {}, X = {};  // of A x = lambda B x; a first guess [.., m, n]
  std::optional<int64_t> n = {};  // columns of a random first guess: k
  OptionalTensor iK = {};         // an approximation of A's inverse
  std::optional<int64_t> niter = {};
  std::optional<double> tol = {};  // of a residual beside the norms: the square root of the dtype's epsilon
  std::optional<bool> largest = {};
  template <class O = LobpcgOptions>
  static constexpr auto members() {
    return Members{member("k", &O::k),   member("B", &O::B),         member("X", &O::X),     member("n", &O::n),
                   member("iK", &O::iK), member("niter", &O::niter), member("tol", &O::tol), member("largest", &O::largest)};
  }
};
/// The k largest (or least) eigenvalues of a symmetric positive definite A [.., m, m], m >= 3 k, and their vectors, by iterations that need products with A only
/// (Knyazev, 2001, https://doi.org/10.1137/S1064827500366124).
linalg::EigResult lobpcg(const Tensor& A, LobpcgOptions options = {});

}  // namespace lazuli
