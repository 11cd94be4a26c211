// Values, shapes and gradients of decompositions, solvers and matrix functions. residual_test.cpp has random matrices of each kind.
#include "tests/ops/linalg/random_matrices.h"

#include <algorithm>
#include <cmath>

#include "lazuli/core/slots/events.h"
#include "lazuli/func.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;
using namespace matrix_test;

namespace {
const std::vector<DType> kBoth{kFloat64, kComplex128};
Tensor square_input(DType dtype, uint64_t seed = 0) { return input({2, 3, 3}, dtype, seed); }
bool close(const Tensor& t, const std::vector<double>& wanted, double tolerance) {
  return allclose(t, tensor(wanted, kFloat64), tolerance, tolerance);
}
}  // namespace

TEST_CASE("cholesky: value, triangles and gradients", "[ops][linalg]") {
  Tensor A = tensor({4.0, 2.0, 2.0, 5.0}, kFloat64).reshape({2, 2});
  CHECK(near(linalg::cholesky(A).flatten(), {2, 0, 1, 2}));
  CHECK(near(linalg::cholesky(A, true).flatten(), {2, 1, 0, 2}));
  CHECK(near(cholesky_inverse(linalg::cholesky(A)).flatten(), {5.0 / 16, -2.0 / 16, -2.0 / 16, 4.0 / 16}));
  for (DType dtype : kBoth) {
    for (bool upper : {false, true}) {
      check_gradients([&](const Tensor& t) { return linalg::cholesky(definite(t), upper); }, {square_input(dtype)});
      check_gradients([&](const Tensor& t) { return cholesky_inverse(linalg::cholesky(definite(t), upper), upper); }, {square_input(dtype)});
      check_gradients([&](const Tensor& t, const Tensor& b) { return cholesky_solve(b, linalg::cholesky(definite(t), upper), upper); },
                      {square_input(dtype), input({3, 2}, dtype, 1)});
    }
  }
}

TEST_CASE("inverses, systems and triangular systems: gradients", "[ops][linalg]") {
  for (DType dtype : kBoth) {
    check_gradients([](const Tensor& t) { return linalg::inv(regular(t)); }, {square_input(dtype)});
    for (bool left : {true, false})
      check_gradients([&](const Tensor& t, const Tensor& b) { return linalg::solve(regular(t), b, left); },
                      {square_input(dtype), left ? input({3, 2}, dtype, 1) : input({2, 2, 3}, dtype, 1)});
    check_gradients([&](const Tensor& t, const Tensor& b) { return linalg::solve(regular(t), b); }, {square_input(dtype), input({2, 3}, dtype, 1)});
    check_gradients([&](const Tensor& t, const Tensor& b) { return linalg::solve(regular(t), b); }, {square_input(dtype), input({3}, dtype, 1)});
    for (bool upper : {true, false})
      for (bool unit : {true, false}) {
        check_gradients([&](const Tensor& t, const Tensor& b) { return linalg::solve_triangular(regular(t), b, upper, true, unit); },
                        {square_input(dtype), input({3, 2}, dtype, 1)});
        check_gradients([&](const Tensor& t, const Tensor& b) { return linalg::solve_triangular(regular(t), b, upper, false, unit); },
                        {square_input(dtype), input({2, 3}, dtype, 1)});
      }
    check_gradients([](const Tensor& b, const Tensor& t) { return triangular_solve(b, regular(t), {.upper = false, .transpose = true}).solution; },
                    {input({3, 2}, dtype, 1), square_input(dtype)});
    check_gradients([](const Tensor& t) { return linalg::tensorinv(regular(t.reshape({6, 6})).reshape({2, 3, 6}), 2); }, {input({2, 3, 6}, dtype)});
    check_gradients(
        [](const Tensor& t, const Tensor& b) {
          return linalg::tensorsolve(regular(t.reshape({6, 6})).reshape({2, 3, 6}), b);
        },
        {input({2, 3, 6}, dtype), input({2, 3}, dtype, 1)});
  }
  Tensor A = regular(any({3, 3})), x = any({3, 2}, kFloat64, 3);
  CHECK(allclose(linalg::ldl_solve(linalg::ldl_factor(hermitian(A)).LD, linalg::ldl_factor(hermitian(A)).pivots, matmul(hermitian(A), x)), x));
  CHECK(allclose(triangular_solve(matmul(triu(A), x), A).solution, x));
  check_gradients(
      [&](const Tensor& b) {
        const linalg::LdlFactorResult f = linalg::ldl_factor(hermitian(A));
        CHECK(equal(f.LD, tril(f.LD)));  // above the diagonal stands nothing of A
        return linalg::ldl_solve(f.LD, f.pivots, b);
      },
      {input({3, 2})});
}

TEST_CASE("LU: factors, pivots and gradients", "[ops][linalg]") {
  Tensor A = tensor({0.0, 2.0, 4.0, 1.0}, kFloat64).reshape({2, 2});
  const auto [LU, pivots] = linalg::lu_factor(A);
  CHECK(pivots.to_vector<int32_t>() == std::vector<int32_t>{2, 2});
  CHECK(near(LU.flatten(), {4, 1, 0, 2}));
  for (DType dtype : kBoth)
    for (const Shape& sizes : {Shape{3, 3}, Shape{2, 4, 2}, Shape{2, 4}}) {
      check_gradients([](const Tensor& t) { return linalg::lu_factor(t).LU; }, {input(sizes, dtype)});
      check_gradients(
          [](const Tensor& t) {
            const auto [P, L, U] = linalg::lu(t);
            return std::vector<Tensor>{L, U};
          },
          {input(sizes, dtype)});
    }
  for (DType dtype : kBoth)
    for (bool left : {true, false})
      for (bool adjoint : {true, false}) {
        const Tensor given = linalg::lu_factor(any({3, 3}, dtype)).pivots;
        check_gradients([&](const Tensor& t, const Tensor& b) { return linalg::lu_solve(regular(t), given, b, left, adjoint); },
                        {input({3, 3}, dtype), input(left ? Shape{2, 3, 2} : Shape{2, 2, 3}, dtype, 1)});
      }
}

TEST_CASE("det and its gradient, which at a singular matrix is the adjugate", "[ops][linalg]") {
  for (DType dtype : kBoth) {
    check_gradients([](const Tensor& t) { return linalg::det(t); }, {square_input(dtype)});
    check_gradients([](const Tensor& t) { return linalg::slogdet(t); }, {square_input(dtype)});
  }
  check_gradients([](const Tensor& t) { return logdet(definite(t)); }, {square_input(kFloat64)});
  // The adjugate of a matrix of 2 x 2 swaps its elements; of a batch some are singular and some are not.
  for (DType dtype : {kFloat64, kFloat32}) {
    Tensor A = tensor({1.0, 2.0, 2.0, 4.0, 1.0, 2.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0}, dtype).reshape({3, 2, 2}).requires_grad_();
    linalg::det(A).sum().backward();
    CHECK(close(A.grad().flatten().to(kFloat64), {4, -2, -2, 1, 4, -3, -2, 1, 0, 0, 0, 0}, 1e-5));
  }
  // Of rank n - 1 and n - 2, by minors.
  Tensor B = tensor({1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 1.0, 0.0, 1.0}, kFloat64).reshape({3, 3}).requires_grad_();
  linalg::det(B).backward();
  CHECK(close(B.grad().flatten(), {4, 4, -4, -2, -2, 2, 0, 0, 0}, 1e-12));
  Tensor C = tensor({1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 3.0, 6.0, 9.0}, kFloat64).reshape({3, 3}).requires_grad_();
  linalg::det(C).backward();
  CHECK(close(C.grad().flatten(), {0, 0, 0, 0, 0, 0, 0, 0, 0}, 1e-12));
  // The gradient is a polynomial of degree 2, of which differences are exact however far apart.
  Tensor D = tensor({1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 1.0, 0.0, 1.0}, kFloat64).reshape({3, 3}).requires_grad_();
  auto second = autograd::gradgradcheck([](const Tensor& t) { return linalg::det(t); }, {D}, {.eps = 1e-2});
  INFO(second.text);
  CHECK(second.passed);
  CHECK(linalg::slogdet(C.detach()).sign.item<double>() == 0);
  CHECK(std::isinf(linalg::slogdet(C.detach()).logabsdet.item<double>()));
  CHECK(std::isnan(logdet(-eye(3, CreationOptions{.dtype = kFloat64})).item<double>()));
  CHECK(linalg::det(any({0, 0})).item<double>() == 1);
}

TEST_CASE("QR and reflections: modes and gradients", "[ops][linalg]") {
  Tensor A = any({4, 3});
  const auto [Q, R] = linalg::qr(A, "complete");
  CHECK(Q.sizes() == Shape{4, 4});
  CHECK(R.sizes() == Shape{4, 3});
  CHECK(allclose(matmul(Q, R), A));
  CHECK(allclose(linalg::qr(A, "r").R, linalg::qr(A).R));
  CHECK(linalg::qr(A, "r").Q.numel() == 0);
  const auto [packed, tau] = geqrf(A);
  CHECK(allclose(linalg::householder_product(packed, tau), linalg::qr(A).Q));
  CHECK(allclose(ormqr(packed, tau, A, true, true), R));
  for (DType dtype : kBoth) {
    check_gradients([](const Tensor& t) { return linalg::qr(t); }, {input({2, 4, 3}, dtype)});
    check_gradients([](const Tensor& t) { return linalg::qr(t); }, {input({3, 3}, dtype)});
    check_gradients([](const Tensor& t) { return linalg::qr(t, "complete"); }, {input({2, 4}, dtype)});
    check_gradients([](const Tensor& t, const Tensor& s) { return linalg::householder_product(t, s); }, {input({4, 3}, dtype), input({2}, dtype, 1)});
    for (bool left : {true, false})
      check_gradients([&](const Tensor& t, const Tensor& s, const Tensor& c) { return ormqr(t, s, c, left, left); },
                      {input({4, 2}, dtype), input({2}, dtype, 1), input(left ? Shape{4, 3} : Shape{3, 4}, dtype, 2)});
    Tensor T = any({2, 4, 3}, dtype), s = any({2, 3}, dtype, 1);  // what has a gradient is computed in another way
    CHECK(allclose(linalg::householder_product(T, s), linalg::householder_product(T.clone().requires_grad_(), s).detach()));
    Tensor c = any({2, 4, 2}, dtype, 2);
    for (bool transpose : {true, false})
      CHECK(allclose(ormqr(T, s, c, true, transpose), ormqr(T, s, c.clone().requires_grad_(), true, transpose).detach()));
  }
}

TEST_CASE("eigenvalues and singular values: gradients", "[ops][linalg]") {
  for (DType dtype : kBoth) {
    check_gradients([](const Tensor& t) { return linalg::eigvalsh(hermitian(t)); }, {square_input(dtype)});
    // A function of the vectors that does not depend on their phase.
    check_gradients(
        [](const Tensor& t) {
          const auto [L, V] = linalg::eigh(hermitian(t), "U");
          return std::vector<Tensor>{L, abs(V)};
        },
        {square_input(dtype)});
    check_gradients([](const Tensor& t) { return linalg::eigvals(t); }, {input({3, 3}, dtype, 3)});
    check_gradients(
        [](const Tensor& t) {
          const auto [L, V] = linalg::eig(t);
          return std::vector<Tensor>{L, abs(V)};
        },
        {input({3, 3}, dtype, 3)});
    check_gradients([](const Tensor& t) { return linalg::svdvals(t); }, {input({2, 3, 4}, dtype)});
    for (const Shape& sizes : {Shape{3, 3}, Shape{2, 4, 2}, Shape{2, 4}})
      check_gradients(
          [](const Tensor& t) {
            const auto [U, S, Vh] = linalg::svd(t, false);
            return std::vector<Tensor>{abs(U), S, abs(Vh), matmul(U, Vh)};
          },
          {input(sizes, dtype)});
    check_gradients([](const Tensor& t) { return linalg::svd(t, true).S; }, {input({4, 2}, dtype)});
    check_gradients([](const Tensor& t) { return linalg::polar(t); }, {input({2, 4, 3}, dtype)});
    check_gradients([](const Tensor& t) { return linalg::polar(t); }, {input({3, 3}, dtype)});
    check_gradients([](const Tensor& t) { return linalg::matrix_sqrth(definite(t)); }, {square_input(dtype)});
  }
  // The polar factors are smooth where singular values are equal.
  check_gradients([](const Tensor& t) { return linalg::polar(t); }, {eye(3, CreationOptions{.dtype = kFloat64}).requires_grad_()});
  Tensor t = any({3, 3}, kComplex128).requires_grad_();
  CHECK(error_of([&] { real(linalg::svd(t).U * any({3, 3}, kComplex128, 5)).sum().backward(); }).find("phase") != std::string::npos);
}

TEST_CASE("pseudoinverse, rank and least squares", "[ops][linalg]") {
  for (DType dtype : kBoth) {
    check_gradients([](const Tensor& t) { return linalg::pinv(t); }, {input({2, 4, 2}, dtype)});
    check_gradients([](const Tensor& t) { return linalg::pinv(t); }, {input({2, 4}, dtype)});
    check_gradients([](const Tensor& a, const Tensor& b) { return linalg::pinv(matmul(a, b)); }, {input({4, 2}, dtype), input({2, 3}, dtype, 1)});
    check_gradients([](const Tensor& t) { return linalg::pinv(hermitian(t), {.hermitian = true}); }, {square_input(dtype)});
    for (const char* driver : {"gels", "gelsy", "gelsd", "gelss"})
      for (const Shape& sizes : {Shape{2, 4, 2}, Shape{2, 2, 4}})
        check_gradients([&](const Tensor& a, const Tensor& b) { return linalg::lstsq(a, b, {}, driver).solution; },
                        {input(sizes, dtype), input({2, sizes[1], 2}, dtype, 1)});
    check_gradients([&](const Tensor& a, const Tensor& b) { return linalg::lstsq(a, b, {}, "gelsd").residuals; },
                    {input({4, 2}, dtype), input({4, 3}, dtype, 1)});
  }
  Tensor A = deficient({5, 4}, 2, kFloat64, 1);
  CHECK(linalg::matrix_rank(A).item<int64_t>() == 2);
  CHECK(linalg::matrix_rank(A, {.atol = 1e3}).item<int64_t>() == 0);
  CHECK(linalg::matrix_rank(stack({A, A}), tensor({0.0, 1e3}, kFloat64), Tensor()).to_vector<int64_t>() == std::vector<int64_t>{2, 0});
  CHECK(linalg::matrix_rank(zeros({3, 3})).item<int64_t>() == 0);
  CHECK(linalg::matrix_rank(any({2, 0, 3})).sizes() == Shape{2});
  Tensor P = linalg::pinv(A);
  CHECK(allclose(matmul(matmul(A, P), A), A));
  CHECK(allclose(matmul(matmul(P, A), P), P));
  const auto [x, residuals, rank, values] = linalg::lstsq(A, any({5, 2}), {}, "gelsd");
  CHECK(allclose(x, matmul(P, any({5, 2}))));
  CHECK(residuals.numel() == 0);  // not of full rank
  CHECK(rank.item<int64_t>() == 2);
  CHECK(values.sizes() == Shape{4});
  Tensor F = any({5, 2}), b = any({5}, kFloat64, 2);
  const linalg::LstsqResult fit = linalg::lstsq(F, b, {}, "gels");
  CHECK(fit.solution.sizes() == Shape{2});
  CHECK(fit.residuals.item<double>() == Approx(norm(matmul(F, fit.solution) - b).item<double>() * norm(matmul(F, fit.solution) - b).item<double>()));
  CHECK(linalg::lstsq(F, b).rank.item<int64_t>() == 2);
}

TEST_CASE("norms of matrices and condition", "[ops][linalg]") {
  Tensor A = tensor({1.0, -2.0, 3.0, 4.0}, kFloat64).reshape({2, 2});
  CHECK(linalg::matrix_norm(A).item<double>() == Approx(std::sqrt(30.0)));
  CHECK(linalg::matrix_norm(A, 1).item<double>() == 6);
  CHECK(linalg::matrix_norm(A, -1).item<double>() == 4);
  CHECK(linalg::matrix_norm(A, INFINITY).item<double>() == 7);
  CHECK(linalg::matrix_norm(A, -INFINITY).item<double>() == 3);
  const Tensor S = linalg::svdvals(A);
  CHECK(linalg::matrix_norm(A, 2).item<double>() == Approx(S[0].item<double>()));
  CHECK(linalg::matrix_norm(A, -2).item<double>() == Approx(S[1].item<double>()));
  CHECK(linalg::matrix_norm(A, "nuc").item<double>() == Approx(S.sum().item<double>()));
  CHECK(norm(A, 2).item<double>() == Approx(std::sqrt(30.0)));
  CHECK(nuclear_norm(A).item<double>() == Approx(S.sum().item<double>()));
  CHECK(frobenius_norm(A, {0, 1}, true).sizes() == Shape{1, 1});
  CHECK(linalg::norm(A, 1).item<double>() == 6);
  CHECK(linalg::norm(A, {.ord = 1, .dim = 0}).sizes() == Shape{2});
  CHECK(linalg::norm(any({2, 3, 4}), {.ord = "nuc", .dim = {0, 2}, .keepdim = true}).sizes() == Shape{1, 3, 1});
  CHECK(linalg::norm(any({2, 3, 4})).dim() == 0);
  CHECK(linalg::cond(A).item<double>() == Approx(S[0].item<double>() / S[1].item<double>()));
  CHECK(linalg::cond(A, "fro").item<double>() == Approx(std::sqrt(30.0) * std::sqrt(30.0) / 10));
  CHECK(std::isinf(linalg::cond(zeros({2, 2}), 1).item<double>()));
  for (DType dtype : kBoth)
    for (const linalg::NormOrder& ord : std::vector<linalg::NormOrder>{"fro", "nuc", 1, -1, 2, -2, INFINITY, -INFINITY}) {
      check_gradients([&](const Tensor& t) { return linalg::matrix_norm(t, ord, {0, 2}); }, {input({2, 2, 3}, dtype)});
      check_gradients([&](const Tensor& t) { return linalg::cond(t, ord); }, {input({2, 2}, dtype)});
    }
  CHECK_THROWS_AS(linalg::norm(any({2, 3, 4}), 2), Error);
  CHECK_THROWS_AS(linalg::matrix_norm(A, 3), Error);
  CHECK_THROWS_AS(linalg::matrix_norm(A, "spectral"), Error);
  CHECK_THROWS_AS(linalg::matrix_norm(A, {.dim = {0, 0}}), Error);
}

TEST_CASE("powers and exponentials of matrices", "[ops][linalg]") {
  Tensor A = any({2, 3, 3});
  CHECK(allclose(linalg::matrix_power(A, 5), matmul(A, matmul(A, matmul(A, matmul(A, A))))));
  CHECK(allclose(linalg::matrix_power(A, -2), linalg::inv(matmul(A, A))));
  CHECK(allclose(linalg::matrix_power(A, 0), eye(3, CreationOptions{.dtype = kFloat64}).expand({2, 3, 3})));
  CHECK(linalg::matrix_power(arange(4).reshape({2, 2}), 3).dtype() == kInt64);
  // A rotation, and one that takes many squarings; a nilpotent matrix ends after its second term.
  for (double angle : {1e-8, 0.5, 3.0, 200.0}) {
    Tensor R = tensor({0.0, -angle, angle, 0.0}, kFloat64).reshape({2, 2});
    CHECK(close(linalg::matrix_exp(R).flatten(), {std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle)}, 1e-12));
  }
  CHECK(near(matrix_exp(tensor({0.0, 7.0, 0.0, 0.0}, kFloat64).reshape({2, 2})).flatten(), {1, 7, 0, 1}));
  CHECK(matrix_exp(A.to(kBFloat16)).dtype() == kBFloat16);
  CHECK(std::isnan(matrix_exp(full({2, 2}, NAN)).sum().item<double>()));
  for (DType dtype : kBoth) {
    check_gradients([](const Tensor& t) { return linalg::matrix_exp(t); }, {square_input(dtype)});
    for (int64_t n : {-3, -1, 0, 1, 2, 6})
      if (n) check_gradients([&](const Tensor& t) { return linalg::matrix_power(regular(t) / Scalar(9), n); }, {square_input(dtype)});
  }
}

TEST_CASE("matrix_exp: derivatives forward and of third order, by products of at most twice the rows", "[ops][linalg]") {
  const Tensor A = square_input(kFloat64), V = square_input(kFloat64, 1);
  struct Products final : EventListener {
    int64_t rows = 0;  // of the largest
    void call_begins(const SlotCall& call) override {
      if (std::string_view(call.slot.name) == "matmul") rows = std::max(rows, call.arguments[0].tensors()[0].size(-1));
    }
  } products;
  Tensor along;
  {
    const Listening listening(products);
    along = func::jvp([](const Tensor& t) { return linalg::matrix_exp(t); }, A, V).second;
  }
  CHECK(products.rows == 6);
  const double step = 1e-6;
  CHECK(allclose(along, (linalg::matrix_exp(A + V * step) - linalg::matrix_exp(A - V * step)) / (2 * step), 1e-7, 1e-7));
  const auto gradient = func::grad([](const Tensor& t) { return square(linalg::matrix_exp(t)).sum(); });
  check_gradients([&](const Tensor& t) { return gradient(t); }, {input({2, 2}, kFloat64)});
}

TEST_CASE("a few singular values and eigenvalues by products", "[ops][linalg]") {
  Tensor A = deficient({2, 20, 12}, 3, kFloat64, 3);
  manual_seed(1);
  for (const Tensor& t : {A, Tensor(A.mT())}) {
    const auto [U, S, V] = svd_lowrank(t, {.q = 5});
    CHECK(allclose(matmul(U * S.unsqueeze(-2), V.mT()), t, 1e-8, 1e-8));
    CHECK(S.sizes() == Shape{2, 5});
    CHECK(allclose(S.narrow(-1, 0, 3), linalg::svdvals(t).narrow(-1, 0, 3)));
  }
  const linalg::SvdVResult pca = pca_lowrank(A, {.q = 4});
  CHECK(allclose(pca.S.narrow(-1, 0, 3), linalg::svdvals(A - mean(A, -2, true)).narrow(-1, 0, 3), 1e-6, 1e-8));
  CHECK(pca_lowrank(A, 4, false, 3).S.sizes() == pca.S.sizes());
  CHECK_THROWS_AS(pca_lowrank(A, {.q = 13}), Error);

  Tensor H = definite(any({2, 15, 15}));
  for (bool largest : {true, false}) {
    const auto [L, V] = lobpcg(H, {.k = 3, .tol = 1e-10, .largest = largest});
    Tensor wanted = linalg::eigvalsh(H);
    wanted = largest ? flip(wanted, {-1}).narrow(-1, 0, 3) : wanted.narrow(-1, 0, 3);
    CHECK(allclose(L, wanted, 1e-8, 1e-8));
    CHECK(allclose(matmul(H, V), V * L.unsqueeze(-2), 1e-5, 1e-5));
  }
  Tensor B = definite(any({2, 15, 15}, kFloat64, 9));
  const linalg::EigResult general = lobpcg(H, {.k = 2, .B = B, .iK = linalg::inv(H), .tol = 1e-10, .largest = false});
  CHECK(allclose(matmul(H, general.eigenvectors), matmul(B, general.eigenvectors) * general.eigenvalues.unsqueeze(-2), 1e-5, 1e-5));
  check_gradients(
      [](const Tensor& t) {
        manual_seed(2);
        const auto [L, V] = lobpcg(definite(t), {.k = 2, .tol = 1e-14});
        return std::vector<Tensor>{L, matmul(V, V.mT())};
      },
      {input({7, 7})});
}
