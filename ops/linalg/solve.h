#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/ops/linalg/results.h"

/// Systems of linear equations, of float32, float64, complex64 and complex128. Leading dimensions broadcast.
namespace lazuli {
namespace linalg {

/// X with A X = B (`left` false: X A = B) for A [.., n, n]; B is [.., n, k], or a vector for each matrix: 1-d, or of the sizes of A without its last dimension.
/// Throws Error that names the first singular matrix of the batch.
Tensor solve(const Tensor& A, const Tensor& B, bool left = true);
/// The same without this Error, unless `check_errors`: info (int32) is 0, or the place, from 1 on, of a zero on U's diagonal.
SolveExResult solve_ex(const Tensor& A, const Tensor& B, bool left = true, bool check_errors = false);
/// The same for a triangular A, of which only this triangle is read; `unitriangular`: with ones on its diagonal, which is not read either.
Tensor solve_triangular(const Tensor& A, const Tensor& B, bool upper, bool left = true, bool unitriangular = false);
/// X that makes the norm of A X - B least, A [.., m, n], B [.., m, k] or a vector for each matrix. driver "gelsy" (the default), "gels" (A of full rank), "gelsd" or "gelss";
/// singular values below rcond (default: the dtype's epsilon times max(m, n)) of the greatest count as 0. `residuals` [.., k] for m > n and full rank, `rank` (int64) of all but "gels", `singular_values` of
/// "gelsd" and "gelss"; each is empty elsewhere.
LstsqResult lstsq(const Tensor& A, const Tensor& B, std::optional<double> rcond = {}, const std::optional<std::string>& driver = {});
/// X with tensordot(A, X, X.dim()) = B, after the dimensions `dims` of A are moved to its end; B has as many elements as X.
Tensor tensorsolve(const Tensor& A, const Tensor& B, const OptionalShape& dims = {});

}  // namespace linalg

struct TriangularSolveOptions {
  bool upper = true, transpose = false, unitriangular = false;
  template <class O = TriangularSolveOptions>
  static constexpr auto members() {
    return Members{member("upper", &O::upper), member("transpose", &O::transpose), member("unitriangular", &O::unitriangular)};
  }
};
namespace with_options {
linalg::TriangularSolveResult triangular_solve(const Tensor& self, const Tensor& A, TriangularSolveOptions options);
}
/// X with A X = self (`transpose`: A^T X = self), and a copy of A.
template <class Upper = TriangularSolveOptions>
linalg::TriangularSolveResult triangular_solve(const Tensor& self, const Tensor& A, Upper upper = {}, bool transpose = false,
                                               bool unitriangular = false) {
  return with_options::triangular_solve(self, A, by_position<TriangularSolveOptions>(std::move(upper), transpose, unitriangular));
}

}  // namespace lazuli
