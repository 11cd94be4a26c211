#include <algorithm>
#include <cmath>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/eigen.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// One matrix. Each step takes the best vectors of the space of the present ones X, their residuals W and the directions P in which they came.
class Iteration {
 public:
  Iteration(const Tensor& A, const Tensor& B, const Tensor& iK, bool largest) : A_(A), B_(B), iK_(iK), largest_(largest) {}

  linalg::EigResult run(Tensor X, int64_t k, int64_t niter, double tol) {
    const int64_t n = X.size(1);
    constexpr int kPatience = 30;
    double best = INFINITY;
    int since = 0;
    Tensor P, values = best_of(X, n, X);
    const double norm_A = size_of(A_), norm_B = B_.defined() ? size_of(B_) : 1;
    for (int64_t i = 0; i < niter; ++i) {
      const Tensor R = matmul(A_, X) - matrices::scale_columns(times_B(X), values);
      const Tensor lengths = linalg::vector_norm(R, 2, 0), scale = linalg::vector_norm(X, 2, 0) * (abs(values) * Scalar(norm_B) + Scalar(norm_A));
      if (all((lengths <= scale * Scalar(tol)).narrow(0, 0, k)).item<bool>()) break;
      const double left = size_of(lengths.narrow(0, 0, k));
      if (left < 0.99 * best) best = left, since = 0;
      else if (++since > kPatience) break;  // rounding, or NaN, is all that is left
      const Tensor W = iK_.defined() ? matmul(iK_, R) : R;
      Tensor next;
      values = best_of(P.defined() ? cat({X, W, P}, 1) : cat({X, W}, 1), n, next);
      if (next.size(1) < n) break;  // the residuals have vanished
      P = next - matmul(X, matmul(adjoint(X), times_B(next)));
      X = next;
    }
    return {values.narrow(0, 0, k), X.narrow(1, 0, k)};
  }

 private:
  static double size_of(const Tensor& t) { return linalg::vector_norm(t).item<double>(); }
  Tensor times_B(const Tensor& X) const { return B_.defined() ? matmul(B_, X) : X; }

  // Columns of one span that are orthonormal by B, twice for accuracy; those that others span are left out.
  Tensor orthonormal(Tensor S) const {
    for (int pass = 0; pass < 2; ++pass) {
      const Tensor gram = matmul(adjoint(S), times_B(S)), lengths = rsqrt(clamp_min(matrices::diagonal_of(gram), Scalar(1e-300)));
      const linalg::EigResult e = linalg::eigh(matrices::scale_rows(matrices::scale_columns(gram, lengths), lengths));
      const int64_t count = e.eigenvalues.size(0);
      const double least = e.eigenvalues.select(0, count - 1).item<double>() * matrices::epsilon(S.dtype()) * double(count);
      const int64_t kept = sum(e.eigenvalues > Scalar(least)).item<int64_t>();
      const Tensor values = e.eigenvalues.narrow(0, count - kept, kept), vectors = e.eigenvectors.narrow(1, count - kept, kept);
      S = matmul(matrices::scale_columns(S, lengths), matrices::scale_columns(vectors, rsqrt(values)));
    }
    return S;
  }
  // Rayleigh and Ritz: the n largest (least) values of A in a span, and their vectors.
  Tensor best_of(const Tensor& span, int64_t n, Tensor& vectors) const {
    const Tensor S = orthonormal(span);
    const linalg::EigResult e = linalg::eigh(matmul(adjoint(S), matmul(A_, S)));
    const int64_t count = e.eigenvalues.size(0), taken = std::min(n, count), first = largest_ ? count - taken : 0;
    const Tensor picked = e.eigenvectors.narrow(1, first, taken), values = e.eigenvalues.narrow(0, first, taken);
    vectors = matmul(S, largest_ ? flip(picked, {1}) : picked);
    return largest_ ? flip(values, {0}) : values;
  }

  Tensor A_, B_, iK_;
  bool largest_;
};

// dl = v^T dA v, dv = (l - A)^+ dA v. The pseudoinverse is that of all eigenvectors of A.
Tensor backward(const Tensor& grad_L, const Tensor& grad_V, const Tensor& A, const Tensor& L, const Tensor& V, bool largest) {
  Tensor grad_A;
  if (grad_L.defined()) grad_A = matmul(matrices::scale_columns(V, grad_L), adjoint(V));
  if (!grad_V.defined()) return grad_A;
  const linalg::EigResult e = linalg::eigh(A);
  const int64_t m = matrices::rows(A), k = matrices::columns(V);
  Tensor same = matrices::identity(m, L).narrow(1, largest ? m - k : 0, k);
  if (largest) same = flip(same, {1});
  const Tensor distances = L.unsqueeze(-2) - e.eigenvalues.unsqueeze(-1) + same;
  const Tensor inside = matmul(adjoint(e.eigenvectors), grad_V) * (Scalar(1) - same) / distances;
  const Tensor from_V = matmul(matmul(e.eigenvectors, inside), adjoint(V));
  return grad_A.defined() ? grad_A + from_V : from_V;
}

}  // namespace

linalg::EigResult lobpcg(const Tensor& A, LobpcgOptions o) {
  const char* op = "lobpcg";
  matrices::check_square(op, A);
  if (A.is_complex()) fail_dtype(op, "A", "a real tensor", A.dtype());
  const Shape batch = matrices::batch_of(A);
  const int64_t m = matrices::rows(A);
  const bool has_B = o.B && o.B->defined(), has_X = o.X && o.X->defined(), has_iK = o.iK && o.iK->defined(), largest = o.largest.value_or(true);
  auto check = [&](const Tensor& t, const char* argument, int64_t columns) {
    matrices::check_matrix(op, t, argument);
    matrices::check_alike(op, A, t, argument);
    const Shape wanted = matrices::with(batch, {m, columns});
    if (!(t.sizes() == wanted)) fail(op, argument, "sizes " + to_string(wanted), to_string(t.sizes()));
  };
  if (has_B) check(*o.B, "B", m), matrices::refuse_gradient(op, *o.B, "B");
  if (has_B) matrices::refuse_gradient(op, A);
  if (has_iK) check(*o.iK, "iK", m);
  if (has_X) {
    matrices::check_matrix(op, *o.X, "X");
    check(*o.X, "X", o.X->size(-1));
  }
  const int64_t k = o.k.value_or(has_X ? o.X->size(-1) : 1), n = has_X ? o.X->size(-1) : o.n.value_or(k);
  if (k < 1 || m < 3 * n || k > n)
    fail(op, "k", "from 1 to the number of columns of X (n), which is at most a third of the " + std::to_string(m) + " rows of A",
         std::to_string(k) + " of n = " + std::to_string(n));
  if (o.niter && *o.niter < 0) o.niter.reset();

  linalg::EigResult result{new_tensor(matrices::with(batch, {k}), A.dtype(), A.device()),
                           new_tensor(matrices::with(batch, {m, k}), A.dtype(), A.device())};
  if (!A.device().is_meta()) {
    const no_grad unrecorded;
    auto flat = [](const Tensor& t) { return t.detach().reshape({-1, t.size(-2), t.size(-1)}); };
    const Tensor all = flat(A),
                 X = has_X ? flat(*o.X)
                           : randn(matrices::with(batch, {m, n}), CreationOptions{.dtype = A.dtype(), .device = A.device()}).reshape({-1, m, n});
    for (int64_t i = 0; i < batch.numel(); ++i) {
      Iteration iteration(all.select(0, i), has_B ? flat(*o.B).select(0, i) : Tensor(), has_iK ? flat(*o.iK).select(0, i) : Tensor(), largest);
      const linalg::EigResult one = iteration.run(X.select(0, i), k, std::min<int64_t>(o.niter.value_or(1000), 100000),
                                                  o.tol.value_or(std::sqrt(matrices::epsilon(A.dtype()))));
      result.eigenvalues.reshape({-1, k}).select(0, i).copy_(one.eigenvalues);
      result.eigenvectors.reshape({-1, m, k}).select(0, i).copy_(one.eigenvectors);
    }
  }
  if (auto tape = Tape::recording(A))
    tape.record(
        op, {&result.eigenvalues, &result.eigenvectors},
        [A = tape.save(A), L = tape.save_output(result.eigenvalues, 0), V = tape.save_output(result.eigenvectors, 1), largest](Grads& grads, Needs) {
          if (!grads[0].defined() && !grads[1].defined()) return Grads{Tensor()};
          return Grads{backward(grads[0], grads[1], A.get(), L.get(), V.get(), largest)};
        });
  return result;
}

void register_lobpcg(OpTable& table) {
  table.add(
      "lobpcg(Tensor A, int? k=None, Tensor? B=None, Tensor? X=None, int? n=None, Tensor? iK=None, int? niter=None, float? tol=None, "
      "bool? largest=None) -> (Tensor eigenvalues, Tensor eigenvectors)",
      &lobpcg);
}

}  // namespace lazuli
