#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/linalg/svd.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// dU = U W + (I - U U^H) dA H^-1 and dH = U^H dA - W H, where W solves H W + W H = U^H dA - dA^H U. Smooth at equal singular values, unlike the singular vectors.
Tensor polar_backward(const Tensor& grad_U, const Tensor& grad_H, const Tensor& U, const Tensor& H) {
  const Tensor Uh = adjoint(U);
  Tensor grad_W, grad_A;
  if (grad_U.defined()) grad_W = matmul(Uh, grad_U);
  if (grad_H.defined()) {
    grad_W = grad_W.defined() ? grad_W - matmul(grad_H, H) : -matmul(grad_H, H);
    grad_A = matmul(U, grad_H);
  }
  const Tensor C = matrices::lyapunov(H, grad_W), inside = matmul(U, C - adjoint(C));
  grad_A = grad_A.defined() ? grad_A + inside : inside;
  if (grad_U.defined() && matrices::rows(U) > matrices::columns(U)) {
    const Tensor outside = grad_U - matmul(U, matmul(Uh, grad_U));
    grad_A = grad_A + linalg::solve(H, outside, false);
  }
  return grad_A;
}

}  // namespace

linalg::PolarResult linalg::polar(const Tensor& A) {
  matrices::check_matrix("linalg.polar", A);
  if (matrices::rows(A) < matrices::columns(A)) fail("linalg.polar", "A", "at least as many rows as columns", "sizes " + to_string(A.sizes()));
  PolarResult result;
  {
    const no_grad unrecorded;
    const auto [W, S, Vh] = linalg::svd(A.detach(), false);
    result.U = matmul(W, Vh);
    result.H = matmul(adjoint(Vh), matrices::scale_rows(Vh, S));
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.polar", {&result.U, &result.H}, [U = tape.save_output(result.U, 0), H = tape.save_output(result.H, 1)](Grads& grads, Needs) {
      if (!grads[0].defined() && !grads[1].defined()) return Grads{Tensor()};
      return Grads{polar_backward(grads[0], grads[1], U.get(), H.get())};
    });
  return result;
}

void register_polar(OpTable& table) { table.add("linalg.polar(Tensor A) -> (Tensor U, Tensor H)", &linalg::polar); }

}  // namespace lazuli
