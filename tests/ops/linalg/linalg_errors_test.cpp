#include "tests/errors.h"

#include <cmath>

#include "tests/ops/linalg/random_matrices.h"

using namespace lazuli;
using namespace matrix_test;

TEST_CASE("a matrix that cannot be decomposed is named", "[ops][linalg]") {
  Tensor A = eye(3, CreationOptions{.dtype = kFloat64}).expand({2, 2, 3, 3}).clone();
  A.select(0, 1).select(0, 0).select(0, 1).zero_();  // of matrix [1, 0] row 1
  for (const std::string& text : {error_of([&] { linalg::inv(A); }), error_of([&] { inverse(A); }), error_of([&] {
                                    linalg::solve(A, any({3, 1}));
                                  })}) {
    CHECK(says(text, "singular"));
    CHECK(says(text, "matrix [1, 0] of the batch"));
  }
  CHECK(error_of([&] { linalg::inv(A.select(0, 1).select(0, 0)); }) ==
        "linalg.inv: argument 'A': expected an invertible matrix, got a singular one, by a zero on the diagonal of its factor U at 2");
  CHECK(says(error_of([&] { linalg::cholesky(A); }), "minor of order 2 in matrix [1, 0] of the batch"));
  CHECK(says(error_of([&] { linalg::lu_factor(A); }), "matrix [1, 0] of the batch"));
  CHECK(says(error_of([&] { linalg::ldl_factor(A); }), "matrix [1, 0] of the batch"));
  CHECK(linalg::inv_ex(A).info.to_vector<int32_t>() == std::vector<int32_t>{0, 0, 2, 0});
  CHECK(linalg::cholesky_ex(A).info.to_vector<int32_t>() == std::vector<int32_t>{0, 0, 2, 0});
  CHECK(linalg::solve_ex(A, any({3, 1})).info.to_vector<int32_t>() == std::vector<int32_t>{0, 0, 2, 0});
  CHECK_THROWS_AS(linalg::inv_ex(A, true), Error);
}

TEST_CASE("infinities and NaN are told, or come out", "[ops][linalg]") {
  Tensor A = any({2, 3, 3}).clone();
  A.select(0, 1).select(0, 2).select(0, 0).fill_(NAN);
  for (const std::string& text : {error_of([&] { linalg::svd(A); }), error_of([&] { linalg::eigh(A); }), error_of([&] { linalg::eig(A); }),
                                  error_of([&] { linalg::svdvals(A); }), error_of([&] { linalg::lstsq(A, A); })})
    CHECK(says(text, "infinities or NaN in matrix [1] of the batch"));
  CHECK(linalg::eigvalsh(A, "U").isfinite().all().item<bool>());  // the other triangle
  CHECK(isnan(linalg::det(A)).to_vector<bool>() == std::vector<bool>{false, true});
}

TEST_CASE("what does not fit is refused by name", "[ops][linalg]") {
  Tensor A = any({3, 3}), wide = any({2, 3});
  CHECK(error_of([&] { linalg::det(wide); }) == "linalg.det: argument 'A': expected square matrices, got sizes [2, 3]");
  CHECK(error_of([&] { linalg::inv(any({3})); }) == "linalg.inv: argument 'A': expected a matrix or a batch of matrices, got sizes [3]");
  CHECK(error_of([&] { linalg::svd(A.to(kFloat16)); }) ==
        "linalg.svd: argument 'A': expected float32, float64, complex64 or complex128, got float16");
  CHECK(error_of([&] { linalg::solve(A, any({4, 1})); }) == "linalg.solve: argument 'B': expected 3 rows for A of sizes [3, 3], got sizes [4, 1]");
  CHECK(error_of([&] { linalg::solve(A, any({3, 1}, kFloat32)); }) == "linalg.solve: argument 'B': expected the dtype of A, float64, got float32");
  CHECK(says(error_of([&] { linalg::eigh(A, "M"); }), "argument 'UPLO': expected 'L' or 'U', got 'M'"));
  CHECK(says(error_of([&] { linalg::qr(A, "full"); }), "argument 'mode'"));
  CHECK(says(error_of([&] { linalg::lu(A, false); }), "argument 'pivot'"));
  CHECK(says(error_of([&] { linalg::lstsq(A, A, {}, "qr"); }), "argument 'driver'"));
  CHECK(says(error_of([&] { linalg::polar(wide); }), "at least as many rows as columns"));
  CHECK(says(error_of([&] { linalg::tensorinv(any({2, 3, 5}), 2); }), "argument 'A'"));
  CHECK(says(error_of([&] { lu_unpack(A, tensor({1, 2, 9}, kInt32)); }), "pivots from 1 to 3, got 9"));
  CHECK(says(error_of([&] { linalg::lu_solve(A, tensor({0, 2, 3}, kInt32), A); }), "pivots from 1 to 3, got 0"));
  CHECK_THROWS_AS(linalg::ldl_solve(A, tensor({1, 2, -3}, kInt32), A), Error);
  CHECK_THROWS_AS(linalg::ldl_solve(A, tensor({-1, 2, 3}, kInt32), A), Error);
}

TEST_CASE("a gradient that does not exist is refused", "[ops][linalg]") {
  Tensor A = input({4, 3}), S = input({3, 3});
  CHECK_THROWS_AS(geqrf(A), Error);
  CHECK_THROWS_AS(linalg::ldl_factor(S), Error);
  CHECK_THROWS_AS(linalg::qr(A, "complete"), Error);
  CHECK_THROWS_AS(linalg::qr(A, "r"), Error);
  no_grad guard;
  CHECK(geqrf(A).tau.sizes() == Shape{3});
}

TEST_CASE("decompositions on the meta device have shapes", "[ops][linalg]") {
  const Tensor A = empty({2, 4, 3}, CreationOptions{.device = kMeta}), S = empty({2, 3, 3}, CreationOptions{.device = kMeta});
  CHECK(linalg::svd(A).U.sizes() == Shape{2, 4, 4});
  CHECK(linalg::svd(A, false).Vh.sizes() == Shape{2, 3, 3});
  CHECK(linalg::qr(A).Q.sizes() == Shape{2, 4, 3});
  CHECK(linalg::eig(S).eigenvectors.dtype() == kComplex64);
  CHECK(linalg::eigvalsh(S).sizes() == Shape{2, 3});
  CHECK(linalg::solve(S, S).sizes() == Shape{2, 3, 3});
  CHECK(linalg::lstsq(A, A).solution.sizes() == Shape{2, 3, 3});
  CHECK(linalg::inv(S).device().is_meta());
  CHECK(linalg::det(S).sizes() == Shape{2});
  CHECK(linalg::pinv(A).sizes() == Shape{2, 3, 4});
  CHECK(linalg::lu(A).P.sizes() == Shape{2, 4, 4});
  CHECK(linalg::cholesky(S).sizes() == Shape{2, 3, 3});
  CHECK(matrix_exp(S).sizes() == Shape{2, 3, 3});
  CHECK(linalg::matrix_rank(A).sizes() == Shape{2});
  CHECK(linalg::cond(S, 1).sizes() == Shape{2});
  CHECK(lobpcg(S, {.k = 1}).eigenvectors.sizes() == Shape{2, 3, 1});
}
