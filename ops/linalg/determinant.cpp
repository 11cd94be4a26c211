#include "lazuli/autograd/tape.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/inverse.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/linalg/svd.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/scan.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// 1 or -1, by the number of exchanges, in the dtype of U.
Tensor parity(const Tensor& pivots, DType dtype) {
  const int64_t n = pivots.sizes()[pivots.dim() - 1];
  const Tensor unmoved = arange(1, n + 1, 1, CreationOptions{.dtype = kInt32, .device = pivots.device()});
  const Tensor exchanges = sum(pivots != unmoved, -1);
  return to(Scalar(1) - exchanges % Scalar(2) * Scalar(2), dtype);
}

// The product of all elements of the last dimension but each itself.
Tensor products_of_others(const Tensor& x) {
  const int64_t n = x.sizes()[x.dim() - 1];
  const Tensor one = ones(matrices::with(matrices::batch_of(x, 1), {1}), CreationOptions{.dtype = x.dtype(), .device = x.device()});
  auto before = [&](const Tensor& t) { return cat({one, cumprod(t.narrow(-1, 0, n - 1), -1)}, -1); };
  return before(x) * flip(before(flip(x, {-1})), {-1});
}

// The adjoint of the adjugate: of A = U S V^H that is conj(det(U) det(V^H)) U adj(S) V^H, of whatever rank.
Tensor adjugate_adjoint(const Tensor& A) {
  const auto [U, S, Vh] = linalg::svd(A);
  const Tensor scale = linalg::det(U) * linalg::det(Vh), factor = scale.is_complex() ? conj(scale) : scale;
  return matmul(matrices::scale_columns(U, products_of_others(S) * factor.unsqueeze(-1)), Vh);
}

// det(A)* A^-H, from the factors, or (for a graph of the gradient) by operators.
Tensor regular_adjugate(const Tensor& A, const Tensor& det, const Tensor& LU, const Tensor& pivots) {
  const Tensor scale = det.is_complex() ? conj(det) : det;
  const Tensor one = matrices::identity(matrices::rows(A), A);
  if (modes.grad) return linalg::solve(adjoint(A), one * scale.unsqueeze(-1).unsqueeze(-1));
  return matrices::run_lu_solve(LU, pivots, one, true, true) * scale.unsqueeze(-1).unsqueeze(-1);
}

Tensor det_backward(const Tensor& grad, const Tensor& A, const Tensor& det, const Tensor& LU, const Tensor& pivots) {
  const Tensor scale = grad.unsqueeze(-1).unsqueeze(-1);
  if (A.numel() == 0 || A.device().is_meta()) return A * scale;
  const Tensor singular = any(matrices::diagonal_of(LU) == Scalar(0), -1);
  if (lazuli::detail::step_observer) {  // which cannot go by what is read: both, and a choice
    const Tensor each = singular.unsqueeze(-1).unsqueeze(-1), safe = where(each, matrices::identity(matrices::rows(A), A), A);
    return where(each, adjugate_adjoint(A), regular_adjugate(safe, det, LU, pivots)) * scale;
  }
  if (!batching::any_true(any(singular))) return regular_adjugate(A, det, LU, pivots) * scale;
  const int64_t n = matrices::rows(A), count = matrices::batch_of(A).numel();
  const Tensor flat = singular.reshape({count}), all = A.reshape({count, n, n});
  if (batching::is_batched(singular)) return adjugate_adjoint(all).reshape(A.sizes()) * scale;
  const Tensor at = nonzero(flat).squeeze(Shape{1}), others = nonzero(flat == Scalar(false)).squeeze(Shape{1});
  Tensor result = index_copy(zeros_like(all.detach()), 0, at, adjugate_adjoint(index_select(all, 0, at)));
  if (others.numel()) {
    auto pick = [&](const Tensor& t, int64_t trailing) {
      return index_select(
          t.reshape(matrices::with({count}, trailing == 2 ? std::initializer_list<int64_t>{n, n} : std::initializer_list<int64_t>{n})), 0, others);
    };
    result = index_copy(result, 0, others,
                        regular_adjugate(index_select(all, 0, others), index_select(det.reshape({count}), 0, others), pick(LU, 2), pick(pivots, 1)));
  }
  return result.reshape(A.sizes()) * scale;
}

Tensor determinant(const char* op, const Tensor& A) {
  matrices::check_square(op, A);
  Tensor LU, pivots, info, out;
  {
    const no_grad unrecorded;
    matrices::run_lu(A, LU, pivots, info);
    out = prod(matrices::diagonal_of(LU), -1) * parity(pivots, A.dtype());
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.det", out, [A = tape.save(A), det = tape.save_output(out), LU, pivots](const Tensor& grad, Needs) {
      return Grads{det_backward(grad, A.get(), det.get(), LU, pivots)};
    });
  return out;
}

linalg::SlogdetResult sign_and_logarithm(const char* op, const Tensor& A) {
  matrices::check_square(op, A);
  Tensor LU, pivots, info, sign, logabsdet;
  {
    const no_grad unrecorded;
    matrices::run_lu(A, LU, pivots, info);
    const Tensor diagonal = matrices::diagonal_of(LU);
    sign = prod(sgn(diagonal), -1) * parity(pivots, A.dtype());
    logabsdet = sum(log(abs(diagonal)), -1);
  }
  // d log|det| = Re tr(A^-1 dA), d sign = i sign Im tr(A^-1 dA).
  if (auto tape = Tape::recording(A))
    tape.record("linalg.slogdet", {&sign, &logabsdet}, [A = tape.save(A), sign = tape.save_output(sign, 0), LU, pivots](Grads& grads, Needs) {
      const Tensor a = A.get();
      Tensor scale = grads[1];
      if (a.is_complex() && grads[0].defined()) {
        const Tensor turn = imag(conj(grads[0]) * sign.get());
        scale = complex(scale.defined() ? scale : zeros_like(turn), -turn);
      }
      if (!scale.defined()) return Grads{Tensor()};
      const Tensor one = matrices::identity(matrices::rows(a), a), factor = scale.unsqueeze(-1).unsqueeze(-1);
      if (modes.grad) return Grads{linalg::solve_ex(adjoint(a), one * factor).result};
      return Grads{matrices::run_lu_solve(LU, pivots, one, true, true) * factor};
    });
  return {sign, logabsdet};
}

}  // namespace

Tensor linalg::det(const Tensor& A) { return determinant("linalg.det", A); }
Tensor det(const Tensor& A) { return determinant("det", A); }
linalg::SlogdetResult linalg::slogdet(const Tensor& A) { return sign_and_logarithm("linalg.slogdet", A); }
linalg::SlogdetResult slogdet(const Tensor& A) { return sign_and_logarithm("slogdet", A); }
Tensor logdet(const Tensor& A) {
  const linalg::SlogdetResult result = sign_and_logarithm("logdet", A);
  return log(result.sign) + result.logabsdet;
}

void register_determinant(OpTable& table) {
  table.add("linalg.det(Tensor A) -> Tensor", &linalg::det);
  table.add("linalg.slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet)", &linalg::slogdet);
  table.add("det(Tensor A) -> Tensor", &lazuli::det);
  table.add("slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet)", &lazuli::slogdet);
  table.add("logdet(Tensor A) -> Tensor", &logdet);
}

}  // namespace lazuli
