#include "lazuli/ops/linalg/matrix_function.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/eigen.h"
#include "lazuli/ops/linalg/inverse.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

void check_squares(const char* op, const Tensor& A) {
  need_defined(op, A, "A");
  if (A.dim() < 2 || matrices::rows(A) != matrices::columns(A)) fail(op, "A", "square matrices", "sizes " + to_string(A.sizes()));
}

Tensor power(const char* op, const Tensor& A, int64_t n) {
  check_squares(op, A);
  if (n == 0) {
    Tensor one = matrices::identity(matrices::rows(A), A).expand(A.sizes()).clone();
    if (auto tape = Tape::recording(A)) tape.record(op, one, [](const Tensor& grad, Needs) { return Grads{zeros_like(grad)}; });
    return one;
  }
  Tensor square = n < 0 ? linalg::inv(A) : A, result;
  for (uint64_t left = n < 0 ? 0 - uint64_t(n) : uint64_t(n);; left >>= 1) {
    if (left & 1) result = result.defined() ? matmul(result, square) : square;
    if (left <= 1) break;
    square = matmul(square, square);
  }
  return n == 1 ? result.clone() : result;
}

// The Taylor polynomial of degree 16, exact to float64 for norms up to 0.75, as a polynomial of degree 4 in A^4 (Paterson and Stockmeyer, 1973): six products.
Tensor taylor(const Tensor& A) {
  const Tensor A2 = matmul(A, A), A3 = matmul(A2, A), A4 = matmul(A2, A2), one = matrices::identity(matrices::rows(A), A);
  auto block = [&](int64_t first) {
    double c[4];
    for (int64_t i = 0; i < 4; ++i) c[i] = 1 / std::tgamma(double(first + i + 1));
    return one * Scalar(c[0]) + A * Scalar(c[1]) + A2 * Scalar(c[2]) + A3 * Scalar(c[3]);
  };
  Tensor sum = block(12) + A4 * Scalar(1 / std::tgamma(17.0));
  for (int64_t first : {8, 4, 0}) sum = block(first) + matmul(A4, sum);
  return sum;
}

// Squaring loses what cancels, so that numbers of 32 bits are squared as those of 64, where the device has them.
DType working_dtype(const Tensor& A) {
  const bool narrow = A.dtype() == kFloat16 || A.dtype() == kBFloat16;
  if (!A.device().is_cpu()) return narrow ? kFloat32 : A.dtype();
  return A.is_complex() ? kComplex128 : kFloat64;
}

// exp(A) = exp(A / 2^s)^(2^s), with an s for each matrix that brings its norm down to 0.75.
Tensor exponential(const Tensor& A) {
  if (A.numel() == 0 || A.device().is_meta()) return new_tensor(A.sizes(), A.dtype(), A.device());
  const Tensor wide = casted(A, working_dtype(A));
  const Tensor norms = amax(sum(abs(wide), -2, true), -1, true);
  Tensor halvings = clamp_min(ceil(log2(norms / Scalar(0.75))), Scalar(0));
  halvings = where(isfinite(norms), halvings, zeros_like(halvings));
  const auto most = int64_t(amax(batching::all_samples(halvings)).item<double>());
  Tensor result = taylor(wide * exp2(-halvings));
  for (int64_t i = 0; i < most; ++i) result = where(halvings > Scalar(i), matmul(result, result), result);
  return casted(result, A.dtype());
}

// [A, E; 0, A], and a quarter of such a matrix.
Tensor blocks(const Tensor& A, const Tensor& E) { return cat({cat({A, E}, -1), cat({zeros_like(A), A}, -1)}, -2); }
Tensor block(const Tensor& t, int64_t row, int64_t column) {
  const int64_t n = matrices::rows(t) / 2;
  return t.narrow(-2, row * n, n).narrow(-1, column * n, n);
}

// The derivative of exp at A in the direction of E: the upper right block of exp([A, E; 0, A]) (Mathias, 1996). It is linear in E, and its adjoint is the derivative at A^H.
Tensor exponential_along(const Tensor& A, const Tensor& E) {
  Tensor out;
  {
    const no_grad unrecorded;
    out = block(exponential(blocks(A.detach(), E.detach())), 0, 1).contiguous();
  }
  if (auto tape = Tape::recording(A, E))
    tape.record("matrix_exp", out, [A = tape.save(A), E = tape.save(E, tape.needs(0))](const Tensor& grad, Needs needs) {
      const Tensor a = A.get();
      if (!needs[0]) return Grads{Tensor(), exponential_along(adjoint(a), grad)};
      const Tensor all = exponential_along(adjoint(blocks(a, E.get())), blocks(zeros_like(grad), grad));
      return Grads{block(all, 0, 0) + block(all, 1, 1), needs[1] ? block(all, 0, 1) : Tensor()};
    });
  return out;
}

Tensor exponential_recorded(const char* op, const Tensor& A) {
  check_squares(op, A);
  need_differentiable(op, A, "A");
  Tensor out;
  {
    const no_grad unrecorded;
    out = exponential(A.detach());
  }
  if (auto tape = Tape::recording(A))
    tape.record("matrix_exp", out, [A = tape.save(A)](const Tensor& grad, Needs) { return Grads{exponential_along(adjoint(A.get()), grad)}; });
  return out;
}

}  // namespace

Tensor linalg::matrix_power(const Tensor& A, int64_t n) { return power("linalg.matrix_power", A, n); }
Tensor matrix_power(const Tensor& A, int64_t n) { return power("matrix_power", A, n); }
Tensor linalg::matrix_exp(const Tensor& A) { return exponential_recorded("linalg.matrix_exp", A); }
Tensor matrix_exp(const Tensor& A) { return exponential_recorded("matrix_exp", A); }

// X X = A: dX X + X dX = dA, and A is Hermitian.
Tensor linalg::matrix_sqrth(const Tensor& A) {
  matrices::check_square("linalg.matrix_sqrth", A);
  Tensor out;
  {
    const no_grad unrecorded;
    const auto [values, V] = eigh(A.detach());
    Tensor roots = values;
    if (values.numel()) {
      const Tensor rounding = amax(abs(values), -1, true) * Scalar(matrices::epsilon(A.dtype()) * double(matrices::rows(A)));
      roots = sqrt(where(abs(values) <= rounding, clamp_min(values, Scalar(0)), values));
    }
    out = matmul(matrices::scale_columns(V, roots), adjoint(V));
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.matrix_sqrth", out, [X = tape.save_output(out)](const Tensor& grad, Needs) {
      const Tensor grad_A = matrices::lyapunov(X.get(), grad);
      return Grads{(grad_A + adjoint(grad_A)) * Scalar(0.5)};
    });
  return out;
}

void register_matrix_function(OpTable& table) {
  table.add("linalg.matrix_power(Tensor A, int n) -> Tensor", &linalg::matrix_power);
  table.add("matrix_power(Tensor A, int n) -> Tensor", &lazuli::matrix_power);
  table.add("linalg.matrix_exp(Tensor A) -> Tensor", &linalg::matrix_exp);
  table.add("matrix_exp(Tensor A) -> Tensor", &lazuli::matrix_exp);
  table.add("linalg.matrix_sqrth(Tensor A) -> Tensor", &linalg::matrix_sqrth);
}

}  // namespace lazuli
