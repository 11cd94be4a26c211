#include "lazuli/ops/linalg/cholesky.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/pointwise/operators.h"
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

linalg::CholeskyExResult factorize(const char* op, const Tensor& A, bool upper) {
  matrices::check_square(op, A);
  const Shape batch = matrices::batch_of(A);
  Tensor out = matrices::copied_by_columns(A, batch), info = matrices::new_info(batch, A.device());
  if (out.numel()) {
    Tensor a = matrices::batched(out), i = matrices::batched_numbers(info);
    cholesky_kernel(A.device(), a, i, upper);
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.cholesky", out,
                [L = tape.save_output(out), upper](const Tensor& grad, Needs) { return Grads{factor_backward(grad, L.get(), upper)}; });
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
