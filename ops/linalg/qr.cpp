#include "lazuli/ops/linalg/qr.h"

#include <algorithm>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using matrices::columns, matrices::rows;

// Both unrecorded: R above and the reflections below the diagonal of `a`; the first `count` columns of their product.
linalg::GeqrfResult reflections(const Tensor& A) {
  const Shape batch = matrices::batch_of(A);
  linalg::GeqrfResult result{matrices::copied_by_columns(A, batch),
                             new_tensor(matrices::with(batch, {std::min(rows(A), columns(A))}), A.dtype(), A.device())};
  if (result.a.numel()) {
    Tensor a = matrices::batched(result.a), tau = matrices::batched_vectors(result.tau);
    qr_kernel(A.device(), a, tau);
  }
  return result;
}
Tensor product_of(const Tensor& a, const Tensor& tau, int64_t count) {
  const int64_t k = tau.sizes()[tau.dim() - 1], m = rows(a);
  Tensor Q = matrices::new_by_columns(matrices::batch_of(a), m, count, a.dtype(), a.device());
  if (Q.numel() == 0) return Q;
  if (k == 0) {
    Q.copy_(expanded(eye(m, count, CreationOptions{.dtype = a.dtype(), .device = a.device()}), Q.sizes()));
    return Q;
  }
  Tensor used = Q.narrow(-1, 0, k), q = matrices::batched(Q);
  copy_kernel(Q.device(), used, a.narrow(-1, 0, k));
  if (count > k) Q.narrow(-1, k, count - k).zero_();
  householder_product_kernel(Q.device(), q, matrices::batched_vectors(dense(tau)));
  return Q;
}

// X + X^H for an upper triangular X, with the real part of its diagonal once.
Tensor both_triangles(const Tensor& X) {
  const Tensor strict = triu(X, 1), diagonal = matrices::diagonal_of(X);
  const Tensor once = X.is_complex() ? to(real(diagonal), X.dtype()) : diagonal;
  return strict + adjoint(strict) + matrices::with_diagonal(once);
}

// For m >= n, where Q has n columns: gA = (gQ + Q both_triangles(triu(gR R^H - Q^H gQ))) R^-H.
Tensor tall_backward(const Tensor& grad_Q, const Tensor& grad_R, const Tensor& Q, const Tensor& R) {
  Tensor inner;
  if (grad_R.defined()) inner = matmul(grad_R, adjoint(R));
  if (grad_Q.defined()) inner = inner.defined() ? inner - matmul(adjoint(Q), grad_Q) : -matmul(adjoint(Q), grad_Q);
  Tensor sum = matmul(Q, both_triangles(triu(inner)));
  if (grad_Q.defined()) sum = sum + grad_Q;
  return linalg::solve_triangular(adjoint(R), sum, false, false);
}

// For m < n: A = [A1 A2] = Q [R1 R2], R2 = Q^H A2.
Tensor wide_backward(const Tensor& grad_Q, const Tensor& grad_R, const Tensor& Q, const Tensor& R) {
  const int64_t m = rows(R), n = columns(R);
  const Tensor R1 = R.narrow(-1, 0, m);
  Tensor total = grad_Q, grad_R1, grad_A2;
  if (grad_R.defined()) {
    const Tensor grad_R2 = grad_R.narrow(-1, m, n - m), A2 = matmul(Q, R.narrow(-1, m, n - m)), from_R2 = matmul(A2, adjoint(grad_R2));
    total = total.defined() ? total + from_R2 : from_R2;
    grad_R1 = grad_R.narrow(-1, 0, m);
    grad_A2 = matmul(Q, grad_R2);
  } else {
    grad_A2 = zeros(matrices::with(matrices::batch_of(Q), {m, n - m}), CreationOptions{.dtype = Q.dtype(), .device = Q.device()});
  }
  return cat({tall_backward(total, grad_R1, Q, R1), grad_A2}, -1);
}

linalg::QrResult decompose(const char* op, const Tensor& A, std::string_view mode) {
  matrices::check_matrix(op, A);
  if (mode != "reduced" && mode != "complete" && mode != "r") fail(op, "mode", "'reduced', 'complete' or 'r'", "'" + std::string(mode) + "'");
  const bool complete = mode == "complete", r_only = mode == "r";
  const int64_t m = rows(A), n = columns(A), k = std::min(m, n);
  if (modes.grad && A.requires_grad() && (r_only || (complete && m > n)))
    fail(ErrorKind::NotSupported, op, "mode", "'reduced' for a gradient" + std::string(r_only ? "" : " of more rows than columns"),
         "'" + std::string(mode) + "'");
  linalg::QrResult result;
  {
    const no_grad unrecorded;
    const linalg::GeqrfResult packed = reflections(A.detach());
    result.R = triu(complete ? packed.a : packed.a.narrow(-2, 0, k));
    result.Q = r_only ? new_tensor({0}, A.dtype(), A.device()) : product_of(packed.a, packed.tau, complete ? m : k);
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.qr", {&result.Q, &result.R}, [Q = tape.save_output(result.Q, 0), R = tape.save_output(result.R, 1)](Grads& grads, Needs) {
      if (!grads[0].defined() && !grads[1].defined()) return Grads{Tensor()};
      const Tensor q = Q.get(), r = R.get();
      return Grads{rows(r) < columns(r) ? wide_backward(grads[0], grads[1], q, r) : tall_backward(grads[0], grads[1], q, r)};
    });
  return result;
}

void check_reflections(const char* op, const Tensor& A, const Tensor& tau, const char* argument) {
  matrices::check_matrix(op, A, argument);
  matrices::check_alike(op, A, tau, "tau", argument);
  if (tau.dim() != A.dim() - 1 || !(matrices::batch_of(tau, 1) == matrices::batch_of(A)))
    fail(op, "tau", "a vector for each matrix, with the leading sizes of " + to_string(A.sizes()), "sizes " + to_string(tau.sizes()));
}

// Q = I - V T V^H, the product of k reflections, with V the columns of A below its diagonal, where it has ones, and T upper triangular: T = (I + D striu(V^H V))^-1 D for D = diag(tau)
// (Joffrain et al., 2006, Accumulating Householder transformations, revisited, https://doi.org/10.1145/1141885.1141886). What has a gradient is computed this way.
struct Reflections {
  Tensor V, T;
  Reflections(const Tensor& A, const Tensor& tau) {
    const int64_t k = tau.sizes()[tau.dim() - 1], m = rows(A);
    V = tril(A.narrow(-1, 0, k), -1) + eye(m, k, CreationOptions{.dtype = A.dtype(), .device = A.device()});
    const Tensor above = matrices::scale_rows(triu(matmul(adjoint(V), V), 1), tau);
    T = linalg::solve_triangular(above, matrices::with_diagonal(tau), true, true, true);
  }
};

// A product of no reflections has a history and no gradient.
Tensor independent(const char* op, const Tensor& A, const Tensor& tau, Tensor out) {
  if (auto tape = Tape::recording(A, tau)) tape.record(op, out, [](const Tensor&, Needs) { return Grads::undefined(2); });
  return out;
}

Tensor columns_of_product(const char* op, const Tensor& A, const Tensor& tau) {
  check_reflections(op, A, tau, "A");
  const int64_t m = rows(A), n = columns(A), k = tau.sizes()[tau.dim() - 1];
  if (m < n) fail(op, "A", "at least as many rows as columns", "sizes " + to_string(A.sizes()));
  if (k > n)
    fail(op, "tau", "at most " + std::to_string(n) + " numbers for each matrix of " + to_string(A.sizes()), "sizes " + to_string(tau.sizes()));
  if (tau.numel() == 0) return independent(op, A, tau, product_of(A, tau, n));
  if (!(modes.grad && (A.requires_grad() || tau.requires_grad()))) return product_of(A, tau, n);
  const Reflections q(A, tau);
  return eye(m, n, CreationOptions{.dtype = A.dtype(), .device = A.device()}) - matmul(q.V, matmul(q.T, adjoint(q.V.narrow(-2, 0, n))));
}

}  // namespace

linalg::QrResult linalg::qr(const Tensor& A, std::string_view mode) {
  if (const Casting cast{Cast::Float32, A}) return linalg::qr(cast(A), mode);
  return decompose("linalg.qr", A, mode);
}
linalg::QrResult qr(const Tensor& A, bool some) {
  if (const Casting cast{Cast::Float32, A}) return qr(cast(A), some);
  return decompose("qr", A, some ? "reduced" : "complete");
}
Tensor linalg::householder_product(const Tensor& A, const Tensor& tau) {
  if (const Casting cast{Cast::Float32, A, tau}) return linalg::householder_product(cast(A), cast(tau));
  return columns_of_product("linalg.householder_product", A, tau);
}
Tensor orgqr(const Tensor& A, const Tensor& tau) {
  if (const Casting cast{Cast::Float32, A, tau}) return orgqr(cast(A), cast(tau));
  return columns_of_product("orgqr", A, tau);
}

linalg::GeqrfResult geqrf(const Tensor& self) {
  matrices::check_matrix("geqrf", self, "self");
  matrices::refuse_gradient("geqrf", self, "self");
  return reflections(self);
}

Tensor ormqr(const Tensor& self, const Tensor& tau, const Tensor& other, bool left, bool transpose) {
  if (const Casting cast{Cast::Float32, self, tau, other}) return ormqr(cast(self), cast(tau), cast(other), left, transpose);
  need_defined("ormqr", self, "self", tau, "tau", other, "other");
  check_reflections("ormqr", self, tau, "self");
  matrices::check_matrix("ormqr", other, "other");
  matrices::check_alike("ormqr", self, other, "other", "self");
  const int64_t m = rows(self), k = tau.sizes()[tau.dim() - 1], given = left ? rows(other) : columns(other);
  if (k > std::min(m, columns(self)))
    fail("ormqr", "tau", "at most " + std::to_string(std::min(m, columns(self))) + " numbers for each matrix", "sizes " + to_string(tau.sizes()));
  if (given != m || !(matrices::batch_of(other) == matrices::batch_of(self)))
    fail("ormqr", "other", std::to_string(m) + (left ? " rows" : " columns") + " and the leading sizes of self " + to_string(self.sizes()),
         "sizes " + to_string(other.sizes()));
  if (tau.numel() == 0) {
    Tensor out = matrices::copied_by_columns(other, matrices::batch_of(other));
    if (auto tape = Tape::recording(self, tau, other))
      tape.record("ormqr", out, [](const Tensor& grad, Needs) { return Grads{Tensor(), Tensor(), grad}; });
    return out;
  }
  if (modes.grad && (self.requires_grad() || tau.requires_grad() || other.requires_grad())) {
    const Reflections q(self, tau);
    const Tensor T = transpose ? adjoint(q.T) : q.T;
    return other - (left ? matmul(q.V, matmul(T, matmul(adjoint(q.V), other))) : matmul(matmul(matmul(other, q.V), T), adjoint(q.V)));
  }
  Tensor out = matrices::copied_by_columns(other, matrices::batch_of(other));
  if (out.numel() == 0) return out;
  Tensor c = matrices::batched(out);
  reflect_kernel(out.device(), c, matrices::batched(matrices::by_columns(self.narrow(-1, 0, k), matrices::batch_of(self))),
                 matrices::batched_vectors(dense(tau)), left, transpose);
  return out;
}

void register_qr(OpTable& table) {
  table.add("linalg.qr(Tensor A, str mode='reduced') -> (Tensor Q, Tensor R)", &linalg::qr);
  table.add("linalg.householder_product(Tensor A, Tensor tau) -> Tensor", &linalg::householder_product);
  table.add("qr(Tensor A, bool some=True) -> (Tensor Q, Tensor R)", &lazuli::qr);
  table.add("geqrf(Tensor self) -> (Tensor a, Tensor tau)", &geqrf);
  table.add("orgqr(Tensor A, Tensor tau) -> Tensor", &orgqr);
  table.add("ormqr(Tensor self, Tensor tau, Tensor other, bool left=True, bool transpose=False) -> Tensor", &ormqr);
}

}  // namespace lazuli
