#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/ops/linalg/results.h"

/// Singular values of matrices [.., m, n] of float32, float64, complex64 and complex128, in descending order, k = min(m, n). Matrices with infinities or NaN are an Error.
namespace lazuli {
namespace linalg {

/// A = U diag(S) Vh. U [.., m, m] and Vh [.., n, n]; `full_matrices` false: [.., m, k] and [.., k, n]. The gradient exists for distinct singular values and a loss that does not depend on the vectors' phase.
/// `driver` is for CUDA; the CPU has one.
SvdResult svd(const Tensor& A, bool full_matrices = true, const std::optional<std::string>& driver = {});
Tensor svdvals(const Tensor& A, const std::optional<std::string>& driver = {});
/// A = U H of [.., m, n], m >= n: orthonormal columns in U [.., m, n], H [.., n, n] Hermitian positive semidefinite. The gradient exists for a full rank.
PolarResult polar(const Tensor& A);

}  // namespace linalg

/// U, S and V with A = U diag(S) V^H. `some`: k columns of U and V, else all; `compute_uv` false: U and V are zeros.
linalg::SvdVResult svd(const Tensor& A, bool some = true, bool compute_uv = true);

struct SvdLowrankOptions {
  int64_t q = 6, niter = 2;
  OptionalTensor M = {};  // taken off A
  template <class O = SvdLowrankOptions>
  static constexpr auto members() {
    return Members{member("q", &O::q), member("niter", &O::niter), member("M", &O::M)};
  }
};
namespace with_options {
linalg::SvdVResult svd_lowrank(const Tensor& A, SvdLowrankOptions options);
}  // namespace with_options
/// The q largest singular values and vectors, nearly, by products with random vectors (Halko et al., 2009, https://arxiv.org/abs/0909.4061, algorithm 5.1 with niter power iterations).
template <class Q = SvdLowrankOptions>
linalg::SvdVResult svd_lowrank(const Tensor& A, Q q = {}, int64_t niter = 2, const OptionalTensor& M = {}) {
  return with_options::svd_lowrank(A, by_position<SvdLowrankOptions>(std::move(q), niter, M));
}

struct PcaLowrankOptions {
  std::optional<int64_t> q = {};  // min(6, m, n)
  bool center = true;
  int64_t niter = 2;
  template <class O = PcaLowrankOptions>
  static constexpr auto members() {
    return Members{member("q", &O::q), member("center", &O::center), member("niter", &O::niter)};
  }
};
namespace with_options {
linalg::SvdVResult pca_lowrank(const Tensor& A, PcaLowrankOptions options);
}  // namespace with_options
/// The same of A [.., m, n] without the mean of each column (`center`): the principal directions are the columns of V.
template <class Q = PcaLowrankOptions>
linalg::SvdVResult pca_lowrank(const Tensor& A, Q q = {}, bool center = true, int64_t niter = 2) {
  return with_options::pca_lowrank(A, by_position<PcaLowrankOptions>(std::move(q), center, niter));
}

}  // namespace lazuli
