#pragma once
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// What the functions of several results return, by PyTorch's names; `auto [q, r] = linalg::qr(a)` and `linalg::qr(a).R` alike.
namespace lazuli::linalg {

struct CholeskyExResult {
  Tensor L, info;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(L, info);
  }
};
struct InvExResult {
  Tensor inverse, info;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(inverse, info);
  }
};
struct SolveExResult {
  Tensor result, info;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(result, info);
  }
};
struct SlogdetResult {
  Tensor sign, logabsdet;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(sign, logabsdet);
  }
};
struct LuFactorResult {
  Tensor LU, pivots;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(LU, pivots);
  }
};
struct LuFactorExResult {
  Tensor LU, pivots, info;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(LU, pivots, info);
  }
};
struct LuResult {
  Tensor P, L, U;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(P, L, U);
  }
};
struct LdlFactorResult {
  Tensor LD, pivots;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(LD, pivots);
  }
};
struct LdlFactorExResult {
  Tensor LD, pivots, info;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(LD, pivots, info);
  }
};
struct QrResult {
  Tensor Q, R;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(Q, R);
  }
};
struct GeqrfResult {
  Tensor a, tau;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(a, tau);
  }
};
struct EigResult {
  Tensor eigenvalues, eigenvectors;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(eigenvalues, eigenvectors);
  }
};
struct SvdResult {
  Tensor U, S, Vh;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(U, S, Vh);
  }
};
/// Of the older `svd` and the low-rank ones: V itself, not its adjoint.
struct SvdVResult {
  Tensor U, S, V;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(U, S, V);
  }
};
struct PolarResult {
  Tensor U, H;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(U, H);
  }
};
struct LstsqResult {
  Tensor solution, residuals, rank, singular_values;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(solution, residuals, rank, singular_values);
  }
};
struct TriangularSolveResult {
  Tensor solution, cloned_coefficient;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(solution, cloned_coefficient);
  }
};

}  // namespace lazuli::linalg
