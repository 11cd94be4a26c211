#pragma once
#include "lazuli/ops/linalg/results.h"

/// Factors of matrices [.., m, n] of float32, float64, complex64 and complex128: P L U with rows exchanged (partial pivoting), and L D L^T of symmetric ones.
namespace lazuli {
namespace linalg {

/// A = P L U: a permutation P [.., m, m], L [.., m, k] lower triangular with ones on its diagonal, U [.., k, n] upper triangular, k = min(m, n).
/// Throws Error (NotSupported) for `pivot` false, which the CPU does not have.
LuResult lu(const Tensor& A, bool pivot = true);
/// L and U in one matrix of A's sizes, and pivots [.., k] (int32, from 1 on): row i was exchanged with row pivots[i]. Throws Error that names the matrix where U has a zero on its diagonal.
LuFactorResult lu_factor(const Tensor& A, bool pivot = true);
/// The same without this Error, unless `check_errors`: info (int32) is 0, or the place, from 1 on, of that zero.
LuFactorExResult lu_factor_ex(const Tensor& A, bool pivot = true, bool check_errors = false);
/// X with A X = B for a factored square A; `left` false: X A = B; `adjoint`: A^H in A's place. Leading dimensions broadcast.
Tensor lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left = true, bool adjoint = false);

/// Of a symmetric A (`hermitian`: of a Hermitian one), of which the lower triangle is read: L D L^T (L D L^H) with blocks of size 1 and 2 in D, as LAPACK's sytrf (hetrf) packs them. Has no gradient.
/// Throws Error where D is singular.
LdlFactorResult ldl_factor(const Tensor& A, bool hermitian = false);
LdlFactorExResult ldl_factor_ex(const Tensor& A, bool hermitian = false, bool check_errors = false);
/// X with A X = B for such factors. Differentiable in B.
Tensor ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian = false);

}  // namespace linalg

/// linalg::lu_factor.
linalg::LuFactorResult lu(const Tensor& A, bool pivot = true);
/// linalg::lu_solve with the right-hand side first.
Tensor lu_solve(const Tensor& B, const Tensor& LU_data, const Tensor& LU_pivots);
/// P, L and U of what lu_factor gives; those that are not wanted are empty.
linalg::LuResult lu_unpack(const Tensor& LU_data, const Tensor& LU_pivots, bool unpack_data = true, bool unpack_pivots = true);

}  // namespace lazuli
