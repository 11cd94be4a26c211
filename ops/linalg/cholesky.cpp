#include "lazuli/ops/linalg/cholesky.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// dL = L tril(L^-1 dA L^-H), with half of the diagonal.
Tensor factor_backward(const Tensor& grad, const Tensor& factor, bool upper) {
  const Tensor L = upper ? adjoint(factor) : factor, Lh = adjoint(L);
  const Tensor lower = tril(matmul(Lh, upper ? adjoint(grad) : grad));
  const Tensor both = (lower + adjoint(tril(lower, -1))) * Scalar(0.5);
  return linalg::solve_triangular(L, linalg::solve_triangular(Lh, both, true), false, false);
}

// The same the other way: what the lower factor sees of dA is its symmetric part.
Tensor factor_tangent_by_formula(const Tensor& dA, const Tensor& L) {
  const Tensor inner = linalg::solve_triangular(adjoint(L), linalg::solve_triangular(L, dA, false), true, false);
  return matmul(L, (tril(inner) + tril(adjoint(inner), -1)) * Scalar(0.5));
}
// From the tangents of its quarters, for a fifth of the products, of a symmetric dA of which it reads the lower part:
//   L21 = A21 L11^-H and L22 L22^H = A22 - L21 L21^H give dL21 = (dA21 - L21 dL11^H) L11^-H and dL22, of dA22 - dL21 L21^H - L21 dL21^H.
Tensor factor_tangent(const Tensor& dA, const Tensor& L) {
  constexpr int64_t kSmall = 32;
  const int64_t n = matrices::rows(L), k = n / 2;
  if (n <= kSmall) return factor_tangent_by_formula(dA, L);
  const auto quarter = [n, k](const Tensor& t, bool below, bool right) {
    return t.narrow(-2, below ? k : 0, below ? n - k : k).narrow(-1, right ? k : 0, right ? n - k : k);
  };
  const Tensor L11 = quarter(L, false, false), L21 = quarter(L, true, false);
  const Tensor d11 = factor_tangent(quarter(dA, false, false), L11);
  const Tensor d21 = linalg::solve_triangular(adjoint(L11), quarter(dA, true, false) - matmul(L21, adjoint(d11)), true, false);
  const Tensor change = matmul(d21, adjoint(L21));
  const Tensor d22 = factor_tangent(quarter(dA, true, true) - (change + adjoint(change)), quarter(L, true, true));
  return cat({cat({d11, zeros_like(quarter(dA, false, true).detach())}, -1), cat({d21, d22}, -1)}, -2);
}

linalg::CholeskyExResult factorize(const char* op, const Tensor& A, bool upper) {
  matrices::check_square(op, A);
  const Shape batch = matrices::batch_of(A);
  Tensor out = matrices::copied_by_columns(A, batch), info = matrices::new_info(batch, A.device());
  if (out.numel()) {
    Tensor a = matrices::batched(out), i = matrices::batched_numbers(info);
    cholesky_kernel(A.device(), a, i, upper);
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.cholesky", out, [L = tape.save_output(out), upper](const Tensor& grad, Needs needs) {
      if (linearizing())
        return linear_map(grad, needs, [factor = keep(L.get()), upper](const Grads& tangents) {
          const Tensor &v = tangents[0], out = factor.get(), L = upper ? adjoint(out) : out;
          // The imaginary part of the diagonal, which a symmetric tangent lacks, is seen by the formula alone.
          const Tensor along = v.is_complex() ? factor_tangent_by_formula(v, L) : factor_tangent((v + adjoint(v)) * Scalar(0.5), L);
          return Grads{upper ? adjoint(along) : along};
        });
      return Grads{factor_backward(grad, L.get(), upper)};
    });
  return {out, info};
}

linalg::CholeskyExResult checked(const char* op, const Tensor& A, bool upper) {
  linalg::CholeskyExResult result = factorize(op, A, upper);
  matrices::check_info(op, result.info, "a positive definite matrix", "one that is not, by the leading minor of order");
  return result;
}

// X with L L^H X = B; unrecorded.
Tensor solve_factored(const Tensor& B, const Tensor& L, bool upper) {
  const no_grad unrecorded;
  const Tensor Lh = adjoint(L);
  return matrices::run_triangular(upper ? L : Lh, matrices::run_triangular(upper ? Lh : L, B, false, true, false), true, true, false);
}

Tensor grad_factor(const Tensor& half, const Tensor& L, bool upper) {
  const Tensor both = half + adjoint(half);
  return upper ? -matmul(L, both) : -matmul(both, L);
}

}  // namespace

Tensor linalg::cholesky(const Tensor& A, bool upper) {
  if (const Casting cast{Cast::Float32, A}) return linalg::cholesky(cast(A), upper);
  return checked("linalg.cholesky", A, upper).L;
}
Tensor cholesky(const Tensor& A, bool upper) {
  if (const Casting cast{Cast::Float32, A}) return cholesky(cast(A), upper);
  return checked("cholesky", A, upper).L;
}
linalg::CholeskyExResult linalg::cholesky_ex(const Tensor& A, bool upper, bool check_errors) {
  return check_errors ? checked("linalg.cholesky_ex", A, upper) : factorize("linalg.cholesky_ex", A, upper);
}

Tensor cholesky_solve(const Tensor& B, const Tensor& L, bool upper) {
  if (const Casting cast{Cast::Float32, B, L}) return cholesky_solve(cast(B), cast(L), upper);
  const char* op = "cholesky_solve";
  matrices::check_matrix(op, B, "B");
  matrices::check_square(op, L, "L");
  matrices::check_alike(op, B, L, "L", "B");
  if (matrices::rows(B) != matrices::rows(L))
    fail(op, "B", std::to_string(matrices::rows(L)) + " rows for L of sizes " + to_string(L.sizes()), "sizes " + to_string(B.sizes()));
  broadcast_shapes(matrices::batch_of(B), matrices::batch_of(L), op);
  Tensor out = solve_factored(B, L, upper);
  if (auto tape = Tape::recording(B, L))
    tape.record(op, out, [L = tape.save(L), X = tape.save_output(out), upper](const Tensor& grad, Needs needs) {
      const Tensor grad_B = cholesky_solve(grad, L.get(), upper);
      return Grads{grad_B, needs[1] ? grad_factor(matmul(grad_B, adjoint(X.get())), L.get(), upper) : Tensor()};
    });
  return out;
}

Tensor cholesky_inverse(const Tensor& L, bool upper) {
  if (const Casting cast{Cast::Float32, L}) return cholesky_inverse(cast(L), upper);
  matrices::check_square("cholesky_inverse", L, "L");
  Tensor out;
  {
    const no_grad unrecorded;
    out = solve_factored(matrices::identity(matrices::rows(L), L), L, upper);
  }
  if (auto tape = Tape::recording(L))
    tape.record("cholesky_inverse", out, [L = tape.save(L), inverse = tape.save_output(out), upper](const Tensor& grad, Needs) {
      const Tensor X = inverse.get();
      return Grads{grad_factor(matmul(X, matmul(grad, X)), L.get(), upper)};
    });
  return out;
}

void register_cholesky(OpTable& table) {
  table.add("linalg.cholesky(Tensor A, *, bool upper=False) -> Tensor", &linalg::cholesky);
  table.add("linalg.cholesky_ex(Tensor A, *, bool upper=False, bool check_errors=False) -> (Tensor L, Tensor info)", &linalg::cholesky_ex);
  table.add("cholesky(Tensor A, bool upper=False) -> Tensor", &lazuli::cholesky);
  table.add("cholesky_solve(Tensor B, Tensor L, bool upper=False) -> Tensor", &cholesky_solve);
  table.add("cholesky_inverse(Tensor L, bool upper=False) -> Tensor", &cholesky_inverse);
}

}  // namespace lazuli
