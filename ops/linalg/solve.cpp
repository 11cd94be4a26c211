#include "lazuli/ops/linalg/solve.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/solve_support.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

bool matrices::is_vectors(const Tensor& A, const Tensor& B) {
  return B.dim() == 1 || (A.dim() - 1 == B.dim() && B.sizes() == Shape(A.sizes().data(), A.dim() - 1));
}

namespace {

void check_fits(const char* op, const Tensor& A, const Tensor& B, const Tensor& given, bool left) {
  const int64_t n = matrices::rows(A), got = left ? matrices::rows(B) : matrices::columns(B);
  if (n != got)
    fail(op, "B", std::to_string(n) + (left ? " rows" : " columns") + " for A of sizes " + to_string(A.sizes()), "sizes " + to_string(given.sizes()));
  broadcast_shapes(matrices::batch_of(A), matrices::batch_of(B), op);
}

linalg::SolveExResult solve_system(const char* op, const Tensor& A, const Tensor& B, bool left, bool check_errors) {
  matrices::check_square(op, A);
  matrices::check_alike(op, A, B);
  if (B.dim() == 0) fail(op, "B", "at least one dimension", "a 0-d tensor");
  const bool vectors = matrices::is_vectors(A, B);
  if (vectors && !left) fail(op, "B", "matrices, because left is false", "sizes " + to_string(B.sizes()));
  Tensor LU, pivots, info, out;
  {
    const no_grad unrecorded;
    const Tensor b = vectors ? B.detach().unsqueeze(-1) : B.detach();
    check_fits(op, A, b, B, left);
    matrices::run_lu(A, LU, pivots, info);
    if (check_errors) matrices::check_info(op, info, "an invertible matrix", "a singular one, by a zero on the diagonal of its factor U at");
    out = matrices::run_lu_solve(LU, pivots, b, left, false);
    if (vectors) out = out.squeeze(Shape{-1});
    out = alias(out);
  }
  if (auto tape = Tape::recording(A, B))
    tape.record("linalg.solve", out, [A = tape.save(A), X = tape.save_output(out), LU, pivots, left, vectors](const Tensor& given, Needs needs) {
      const Tensor grad = vectors ? given.unsqueeze(-1) : given;
      const Tensor grad_B = modes.grad ? linalg::solve(adjoint(A.get()), grad, left) : matrices::run_lu_solve(LU, pivots, grad, left, true);
      Tensor grad_A;
      if (needs[0]) {
        const Tensor x = adjoint(vectors ? X.get().unsqueeze(-1) : X.get());
        grad_A = left ? -matmul(grad_B, x) : -matmul(x, grad_B);
      }
      return Grads{grad_A, vectors ? grad_B.squeeze(Shape{-1}) : grad_B};
    });
  return {out, info};
}

Tensor solve_triangle(const char* op, const Tensor& A, const Tensor& B, bool upper, bool left, bool unit) {
  matrices::check_square(op, A);
  matrices::check_matrix(op, B, "B");
  matrices::check_alike(op, A, B);
  check_fits(op, A, B, B, left);
  Tensor out = matrices::run_triangular(A, B, upper, left, unit);
  if (auto tape = Tape::recording(A, B))
    tape.record("linalg.solve_triangular", out, [A = tape.save(A), X = tape.save_output(out, 0), upper, left, unit](const Tensor& grad, Needs needs) {
      const Tensor grad_B = linalg::solve_triangular(adjoint(A.get()), grad, !upper, left, unit);
      Tensor grad_A;
      if (needs[0]) {
        const Tensor x = adjoint(X.get()), full = left ? -matmul(grad_B, x) : -matmul(x, grad_B);
        grad_A = upper ? triu(full, unit) : tril(full, unit ? -1 : 0);
      }
      return Grads{grad_A, needs[1] ? grad_B : Tensor()};
    });
  return out;
}

}  // namespace

Tensor linalg::solve(const Tensor& A, const Tensor& B, bool left) {
  if (const Casting cast{Cast::Float32, A, B}) return linalg::solve(cast(A), cast(B), left);
  return solve_system("linalg.solve", A, B, left, true).result;
}
linalg::SolveExResult linalg::solve_ex(const Tensor& A, const Tensor& B, bool left, bool check_errors) {
  return solve_system("linalg.solve_ex", A, B, left, check_errors);
}
Tensor linalg::solve_triangular(const Tensor& A, const Tensor& B, bool upper, bool left, bool unitriangular) {
  return solve_triangle("linalg.solve_triangular", A, B, upper, left, unitriangular);
}

linalg::TriangularSolveResult with_options::triangular_solve(const Tensor& self, const Tensor& A, TriangularSolveOptions options) {
  need_defined("triangular_solve", self, "self", A, "A");
  check_members("triangular_solve", options);
  if (A.dim() < 2) fail("triangular_solve", "A", "a matrix or a batch of matrices", "sizes " + to_string(A.sizes()));
  const Tensor coefficient = options.transpose ? A.mT() : A;
  Tensor solution = solve_triangle("triangular_solve", coefficient, self, options.upper != options.transpose, true, options.unitriangular);
  const Shape batch = matrices::batch_of(solution);
  return {solution, A.expand(matrices::with(batch, {matrices::rows(A), matrices::columns(A)})).clone()};
}

Tensor linalg::tensorsolve(const Tensor& A, const Tensor& B, const OptionalShape& dims) {
  if (const Casting cast{Cast::Float32, A, B}) return linalg::tensorsolve(cast(A), cast(B), dims);
  const char* op = "linalg.tensorsolve";
  need_defined(op, A, "A", B, "B");
  Tensor moved = A;
  if (dims) {
    Shape last;
    for (int64_t i = 0; i < dims->size(); ++i) last.push_back(A.dim() - dims->size() + i);
    moved = A.movedim(wrap_dims(*dims, A.dim(), op), last);
  }
  if (B.dim() > A.dim()) fail(op, "B", "at most as many dimensions as A of sizes " + to_string(A.sizes()), "sizes " + to_string(B.sizes()));
  const Shape sizes(moved.sizes().data() + B.dim(), A.dim() - B.dim());
  const int64_t n = sizes.numel();
  if (n != B.numel() || A.numel() != n * n)
    fail(op, "A", "as many elements in its last dimensions as B of sizes " + to_string(B.sizes()) + " has", "sizes " + to_string(moved.sizes()));
  return solve_system(op, moved.reshape({n, n}), B.flatten(), true, true).result.reshape(sizes);
}

void register_solve(OpTable& table) {
  table.add("linalg.solve(Tensor A, Tensor B, *, bool left=True) -> Tensor", &linalg::solve);
  table.add("linalg.solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> (Tensor result, Tensor info)", &linalg::solve_ex);
  table.add("linalg.solve_triangular(Tensor A, Tensor B, *, bool upper, bool left=True, bool unitriangular=False) -> Tensor",
            &linalg::solve_triangular);
  table.add(
      "triangular_solve(Tensor self, Tensor A, bool upper=True, bool transpose=False, bool unitriangular=False) -> "
      "(Tensor solution, Tensor cloned_coefficient)",
      static_cast<linalg::TriangularSolveResult (*)(const Tensor&, const Tensor&, TriangularSolveOptions)>(&with_options::triangular_solve));
  table.add("linalg.tensorsolve(Tensor A, Tensor B, int[]? dims=None) -> Tensor", &linalg::tensorsolve);
}

}  // namespace lazuli
