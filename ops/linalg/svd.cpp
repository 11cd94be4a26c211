#include "lazuli/ops/linalg/svd.h"

#include <algorithm>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using matrices::scale_columns, matrices::scale_rows;

Tensor skew(const Tensor& A) { return A - adjoint(A); }
Tensor plus(const Tensor& a, const Tensor& b) { return a.defined() ? a + b : b; }

// Of A = U diag(S) Vh, U [.., m, k] and Vh [.., k, n] (Townsend, 2016, Differentiating the singular value decomposition). With X = skew(U^H gU), Y = skew(Vh gVh^H) and E[i, j] = S[j]^2 - S[i]^2:
//   gA = U ((X S + S Y) / E + diag(gS)) Vh, for complex ones plus diag(X / 2 S), and what of gU and gVh lies outside of the ranges of U and V.
Tensor svd_backward(const Tensor& grad_U, const Tensor& grad_S, const Tensor& grad_Vh, const Tensor& U, const Tensor& S, const Tensor& Vh) {
  const int64_t m = matrices::rows(U), n = matrices::columns(Vh), k = S.sizes()[S.dim() - 1];
  if (!grad_U.defined() && !grad_Vh.defined()) return m >= n ? matmul(U, scale_rows(Vh, grad_S)) : matmul(scale_columns(U, grad_S), Vh);
  const Tensor Uh = adjoint(U), V = adjoint(Vh), squares = S * S;
  const Tensor E = squares.unsqueeze(-2) - squares.unsqueeze(-1) + matrices::identity(k, S);
  Tensor X, Y, middle;
  if (grad_U.defined()) X = skew(matmul(Uh, grad_U));
  if (grad_Vh.defined()) Y = skew(matmul(Vh, adjoint(grad_Vh)));
  if (U.is_complex()) {
    const Tensor both = X.defined() && Y.defined() ? X + Y : X.defined() ? X : Y;
    matrices::check_phase("linalg.svd", imag(matrices::diagonal_of(both)));
  }
  if (X.defined()) middle = scale_columns(X, S);
  if (Y.defined()) middle = plus(middle, scale_rows(Y, S));
  middle = middle / E;
  if (grad_S.defined()) middle = middle + matrices::with_diagonal(grad_S);
  if (U.is_complex() && X.defined() && Y.defined()) {
    const Tensor diagonal = matrices::diagonal_of(X);
    middle = middle - matrices::with_diagonal(matrices::diagonal_of(middle)) +
             matrices::with_diagonal((grad_S.defined() ? grad_S : zeros_like(S)) + diagonal / (S * Scalar(2)));
  }
  Tensor grad_A = matmul(matmul(U, middle), Vh);
  if (m > k && grad_U.defined()) {
    const Tensor scaled = scale_columns(grad_U, Scalar(1) / S);
    grad_A = grad_A + matmul(scaled - matmul(U, matmul(Uh, scaled)), Vh);
  }
  if (n > k && grad_Vh.defined()) {
    const Tensor scaled = scale_rows(grad_Vh, Scalar(1) / S);
    grad_A = grad_A + matmul(U, scaled - matmul(matmul(scaled, V), Vh));
  }
  return grad_A;
}

linalg::SvdResult decompose(const char* op, const Tensor& A, bool full, bool vectors) {
  matrices::check_matrix(op, A);
  const Shape batch = matrices::batch_of(A);
  const int64_t m = matrices::rows(A), n = matrices::columns(A), k = std::min(m, n);
  const DType dtype = A.dtype();
  const Device device = A.device();
  if (auto tape = Tape::recording(A)) vectors = true;
  Tensor S = new_tensor(matrices::with(batch, {k}), real_dtype(dtype), device), info = matrices::new_info(batch, device), U, Vh;
  if (vectors) {
    U = matrices::new_by_columns(batch, m, full ? m : k, dtype, device);
    Vh = matrices::new_by_columns(batch, full ? n : k, n, dtype, device);
  }
  if (A.numel()) {
    Tensor a = matrices::batched(matrices::copied_by_columns(A, batch)), s = matrices::batched_vectors(S), i = matrices::batched_numbers(info);
    Tensor u = vectors ? matrices::batched(U) : Tensor(), vh = vectors ? matrices::batched(Vh) : Tensor();
    svd_kernel(device, a, u, s, vh, i);
    matrices::check_converged(op, info);
  } else if (vectors) {
    const no_grad unrecorded;
    for (Tensor* t : {&U, &Vh})
      if (t->numel()) t->copy_(matrices::identity(matrices::rows(*t), *t).expand(t->sizes()));
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.svd", {&U, &S, &Vh},
                [U = tape.save_output(U, 0), S = tape.save_output(S, 1), Vh = tape.save_output(Vh, 2), k](Grads& grads, Needs) {
                  auto first = [&](const Tensor& t, int64_t dim) { return t.defined() ? t.narrow(dim, 0, k) : t; };
                  if (!grads[0].defined() && !grads[1].defined() && !grads[2].defined()) return Grads{Tensor()};
                  return Grads{svd_backward(first(grads[0], -1), grads[1], first(grads[2], -2), first(U.get(), -1), S.get(), first(Vh.get(), -2))};
                });
  return {U, S, Vh};
}

void check_driver(const char* op, const std::optional<std::string>& driver) {
  if (driver)
    fail(ErrorKind::NotSupported, op, "driver", "none (there is one algorithm on the CPU; PyTorch has this choice on CUDA only)",
         "'" + *driver + "'");
}

}  // namespace

linalg::SvdResult linalg::svd(const Tensor& A, bool full_matrices, const std::optional<std::string>& driver) {
  check_driver("linalg.svd", driver);
  return decompose("linalg.svd", A, full_matrices, true);
}
Tensor linalg::svdvals(const Tensor& A, const std::optional<std::string>& driver) {
  if (const Casting cast{Cast::Float32, A}) return linalg::svdvals(cast(A), driver);
  check_driver("linalg.svdvals", driver);
  return decompose("linalg.svdvals", A, false, false).S;
}

linalg::SvdVResult svd(const Tensor& A, bool some, bool compute_uv) {
  linalg::SvdResult result = decompose("svd", A, !some, compute_uv);
  if (compute_uv) return {result.U, result.S, adjoint(result.Vh)};
  auto none_of = [&](int64_t n) {
    return zeros(matrices::with(matrices::batch_of(A), {n, n}), CreationOptions{.dtype = A.dtype(), .device = A.device()});
  };
  return {none_of(matrices::rows(A)), result.S, none_of(matrices::columns(A))};
}

void register_svd(OpTable& table) {
  table.add("linalg.svd(Tensor A, bool full_matrices=True, *, str? driver=None) -> (Tensor U, Tensor S, Tensor Vh)", &linalg::svd);
  table.add("linalg.svdvals(Tensor A, *, str? driver=None) -> Tensor", &linalg::svdvals);
  table.add("svd(Tensor A, bool some=True, bool compute_uv=True) -> (Tensor U, Tensor S, Tensor V)", &lazuli::svd);
}

}  // namespace lazuli
