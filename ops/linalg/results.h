#pragma once
#include "lazuli/core/tensor.h"

/// What the functions of several results return, by PyTorch's names; `auto [q, r] = linalg::qr(a)` and `linalg::qr(a).R` alike.
namespace lazuli::linalg {

struct CholeskyExResult {
  Tensor L, info;
  auto tensors() { return std::tie(L, info); }
};
struct InvExResult {
  Tensor inverse, info;
  auto tensors() { return std::tie(inverse, info); }
};
struct SolveExResult {
  Tensor result, info;
  auto tensors() { return std::tie(result, info); }
};
struct SlogdetResult {
  Tensor sign, logabsdet;
  auto tensors() { return std::tie(sign, logabsdet); }
};
struct LuFactorResult {
  Tensor LU, pivots;
  auto tensors() { return std::tie(LU, pivots); }
};
struct LuFactorExResult {
  Tensor LU, pivots, info;
  auto tensors() { return std::tie(LU, pivots, info); }
};
struct LuResult {
  Tensor P, L, U;
  auto tensors() { return std::tie(P, L, U); }
};
struct LdlFactorResult {
  Tensor LD, pivots;
  auto tensors() { return std::tie(LD, pivots); }
};
struct LdlFactorExResult {
  Tensor LD, pivots, info;
  auto tensors() { return std::tie(LD, pivots, info); }
};
struct QrResult {
  Tensor Q, R;
  auto tensors() { return std::tie(Q, R); }
};
struct GeqrfResult {
  Tensor a, tau;
  auto tensors() { return std::tie(a, tau); }
};
struct EigResult {
  Tensor eigenvalues, eigenvectors;
  auto tensors() { return std::tie(eigenvalues, eigenvectors); }
};
struct SvdResult {
  Tensor U, S, Vh;
  auto tensors() { return std::tie(U, S, Vh); }
};
/// Of the older `svd` and the low-rank ones: V itself, not its adjoint.
struct SvdVResult {
  Tensor U, S, V;
  auto tensors() { return std::tie(U, S, V); }
};
struct PolarResult {
  Tensor U, H;
  auto tensors() { return std::tie(U, H); }
};
struct LstsqResult {
  Tensor solution, residuals, rank, singular_values;
  auto tensors() { return std::tie(solution, residuals, rank, singular_values); }
};
struct TriangularSolveResult {
  Tensor solution, cloned_coefficient;
  auto tensors() { return std::tie(solution, cloned_coefficient); }
};

}  // namespace lazuli::linalg
