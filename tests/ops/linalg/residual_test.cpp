// What decompositions promise, as residuals in units of rounding, over 200 random matrices of each kind: any, ill-conditioned, rank-deficient, empty, batches of none.
#include "tests/ops/linalg/random_matrices.h"

#include "lazuli/core/threads/parallel.h"
#include "tests/catch.h"

using namespace lazuli;
using namespace matrix_test;

namespace {

constexpr double kAllowed = 60;  // epsilons times the size of the matrix and of its greatest element
const std::vector<DType> kDTypes{kFloat32, kFloat64, kComplex64, kComplex128};

void check_orthonormal(const Tensor& Q) {  // columns
  CHECK(error(matmul(adjoint(Q), Q) - eye(Q.size(-1), Q.size(-1), CreationOptions{.dtype = Q.dtype()}), double(Q.size(-2)) + 1) < kAllowed);
}
void check_same(const Tensor& got, const Tensor& wanted) { CHECK(error(got - wanted, size_of(wanted)) < kAllowed); }

// Square, tall and wide ones in batches; 200 matrices for each of these kinds.
template <class F>
void each(F f) {
  for (DType dtype : kDTypes) {
    INFO(name(dtype));
    const double decades = real_dtype(dtype) == kFloat64 ? 14 : 6;
    for (const Shape& sizes : {Shape{50, 6, 6}, Shape{50, 9, 4}, Shape{50, 3, 8}, Shape{50, 1, 1}}) {
      INFO("sizes " << sizes);
      f(any(sizes, dtype, 1));
      f(ill_conditioned(sizes, decades, dtype, 2));
      f(deficient(sizes, std::max<int64_t>(std::min(sizes[1], sizes[2]) - 2, 0), dtype, 3));
      f(zeros(sizes, CreationOptions{.dtype = dtype}));
    }
    for (const Shape& sizes : {Shape{0, 3, 3}, Shape{2, 0, 0}, Shape{2, 0, 3}, Shape{2, 3, 0}, Shape{0, 0, 0}}) f(any(sizes, dtype, 4));
    f(any({70, 40}, dtype, 5));
    f(any({2, 1, 40, 70}, dtype, 6));
  }
}

}  // namespace

TEST_CASE("A = Q R, U S Vh, P L U and U H for matrices of each kind", "[ops][linalg]") {
  each([](const Tensor& A) {
    const int64_t m = A.size(-2), n = A.size(-1);
    for (const char* mode : {"reduced", "complete"}) {
      const auto [Q, R] = linalg::qr(A, mode);
      check_orthonormal(Q);
      check_same(matmul(Q, R), A);
      CHECK(equal(triu(R), R));
    }
    for (bool full : {true, false}) {
      const auto [U, S, Vh] = linalg::svd(A, full);
      const int64_t k = S.size(-1);
      check_orthonormal(U);
      check_orthonormal(adjoint(Vh));
      check_same(matmul(U.narrow(-1, 0, k) * S.unsqueeze(-2), Vh.narrow(-2, 0, k)), A);
      CHECK((S >= 0).all().item<bool>());
      if (k > 1) CHECK((S.narrow(-1, 0, k - 1) >= S.narrow(-1, 1, k - 1)).all().item<bool>());
      CHECK(error(linalg::svdvals(A) - S, size_of(A)) < kAllowed);
    }
    const auto [P, L, U] = linalg::lu(A);
    check_same(matmul(P, matmul(L, U)), A);
    CHECK((abs(L) <= (A.is_complex() ? 1.4143 : 1.0001)).all().item<bool>());  // by partial pivoting, of complex numbers by |re| + |im|
    if (m >= n) {
      const auto [W, H] = linalg::polar(A);
      check_orthonormal(W);
      check_same(matmul(W, H), A);
      check_same(H, adjoint(H));
    }
    const Tensor pinv = linalg::pinv(A, {.rtol = 1e-3});
    CHECK(pinv.sizes()[-1] == m);
  });
}

TEST_CASE("eigenvalues of Hermitian and any matrices of each kind", "[ops][linalg]") {
  each([](const Tensor& given) {
    const int64_t n = std::min(given.size(-1), given.size(-2));
    const Tensor A = given.narrow(-1, 0, n).narrow(-2, 0, n), H = A + adjoint(A);
    for (const char* triangle : {"L", "U"}) {
      const auto [L, V] = linalg::eigh(H, triangle);
      check_orthonormal(V);
      check_same(matmul(V * L.unsqueeze(-2), adjoint(V)), H);
      if (n > 1) CHECK((L.narrow(-1, 0, n - 1) <= L.narrow(-1, 1, n - 1)).all().item<bool>());
      CHECK(error(linalg::eigvalsh(H, triangle) - L, size_of(H)) < kAllowed);
    }
    const auto [values, vectors] = linalg::eig(A);
    const Tensor complex = A.to(vectors.dtype());
    CHECK(error(matmul(complex, vectors) - vectors * values.unsqueeze(-2), size_of(A) * double(n + 1)) < kAllowed);
    CHECK(error(norm(vectors, 2, -2) - 1.0, double(n + 1)) < kAllowed);
    CHECK(linalg::eigvals(A).sizes() == values.sizes());
  });
}

TEST_CASE("systems, Cholesky, LDL and least squares of each kind", "[ops][linalg]") {
  each([](const Tensor& given) {
    const int64_t m = given.size(-2), n = given.size(-1), k = std::min(m, n);
    const Tensor A = given.narrow(-1, 0, k).narrow(-2, 0, k), gram = matmul(A, adjoint(A));
    const Tensor shift = eye(k, k, CreationOptions{.dtype = A.dtype()}) * Scalar(0.5), D = gram + shift;
    const Tensor L = linalg::cholesky(D), U = linalg::cholesky(D, true);
    check_same(matmul(L, adjoint(L)), D);
    check_same(matmul(adjoint(U), U), D);
    CHECK(equal(tril(L), L));
    const Tensor B = D.narrow(-1, 0, std::min<int64_t>(k, 2)) * Scalar(0.25);
    // The residual of a stable solver is small beside |A| |X|, however ill-conditioned A is.
    auto check_residual = [&](const Tensor& T, const Tensor& X, const Tensor& right) {
      CHECK(error(matmul(T, X) - right, size_of(T) * std::max(size_of(X), 1.0) + size_of(right)) < kAllowed);
    };
    check_residual(D, linalg::solve(D, B), B);
    check_residual(D, cholesky_solve(B, L), B);
    check_residual(D, matmul(linalg::inv(D), B), B);
    const auto [LU, pivots] = linalg::lu_factor(D);
    check_residual(adjoint(D), linalg::lu_solve(LU, pivots, B, true, true), B);
    const linalg::SolveExResult solved = linalg::solve_ex(A, B);  // singular ones, too
    if (solved.info.numel() && (solved.info == 0).all().item<bool>() && solved.result.isfinite().all().item<bool>())
      check_residual(A, solved.result, B);
    const Tensor symmetric = A + A.mT(), hermitian_part = A + adjoint(A);
    const linalg::LdlFactorExResult s = linalg::ldl_factor_ex(symmetric + shift), h = linalg::ldl_factor_ex(hermitian_part + shift, true);
    if (s.info.numel() && (s.info == 0).all().item<bool>()) check_residual(symmetric + shift, linalg::ldl_solve(s.LD, s.pivots, B), B);
    if (h.info.numel() && (h.info == 0).all().item<bool>()) check_residual(hermitian_part + shift, linalg::ldl_solve(h.LD, h.pivots, B, true), B);
    // Least squares: the residual is orthogonal to the columns of A, and X has no part that A does not see.
    for (const char* driver : {"gelsy", "gelsd", "gelss"}) {
      const Tensor right = given.narrow(-1, 0, std::min<int64_t>(n, 1)) + Scalar(0.5), X = linalg::lstsq(given, right, {}, driver).solution;
      const Tensor r = matmul(given, X) - right;
      CHECK(error(matmul(adjoint(given), r), size_of(given) * (size_of(given) * std::max(size_of(X), 1.0) + size_of(right))) < kAllowed);
    }
  });
}

TEST_CASE("matrices of a batch do not depend on each other or on threads", "[ops][linalg]") {
  const Tensor A = any({64, 20, 20}, kFloat64, 3);
  const int before = get_num_threads();
  const auto all = linalg::svd(A);
  set_num_threads(1);
  const auto one = linalg::svd(A);
  set_num_threads(before);
  CHECK(equal(all.U, one.U));
  CHECK(allclose(linalg::inv(A)[17], linalg::inv(A[17])));
  CHECK(equal(linalg::qr(A).R[63], linalg::qr(A[63]).R));
}
