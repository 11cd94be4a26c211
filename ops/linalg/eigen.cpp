#include "lazuli/ops/linalg/eigen.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// E[i, j] = values[j] - values[i], with ones on the diagonal, where no difference is divided by.
Tensor differences(const Tensor& values) {
  return values.unsqueeze(-2) - values.unsqueeze(-1) + matrices::identity(values.sizes()[values.dim() - 1], values);
}
Tensor without_diagonal(const Tensor& A) { return A - matrices::with_diagonal(matrices::diagonal_of(A)); }

// A = V diag(L) V^H: gA = V (diag(gL) + V^H gV / E off the diagonal) V^H, its Hermitian part, because A is Hermitian.
Tensor hermitian_backward(const char* op, const Tensor& grad_L, const Tensor& grad_V, const Tensor& L, const Tensor& V) {
  const Tensor Vh = adjoint(V);
  if (!grad_V.defined()) return matmul(matrices::scale_columns(V, grad_L), Vh);
  const Tensor inner = matmul(Vh, grad_V);
  if (inner.is_complex()) matrices::check_phase(op, imag(matrices::diagonal_of(inner)));
  Tensor middle = without_diagonal(inner) / differences(L);
  if (grad_L.defined()) middle = middle + matrices::with_diagonal(grad_L);
  const Tensor grad_A = matmul(V, matmul(middle, Vh));
  return (grad_A + adjoint(grad_A)) * Scalar(0.5);
}

// A = V diag(L) V^-1, the columns of V of norm 1: gA = V^-H (diag(gL) + (V^H gV - V^H V Re diag(V^H gV)) / E* off the diagonal) V^H.
Tensor general_backward(const char* op, const Tensor& grad_L, const Tensor& grad_V, const Tensor& L, const Tensor& V) {
  const Tensor Vh = adjoint(V);
  Tensor middle;
  if (grad_V.defined()) {
    const Tensor inner = matmul(Vh, grad_V), diagonal = matrices::diagonal_of(inner);
    matrices::check_phase(op, imag(diagonal));
    middle = without_diagonal(inner - matrices::scale_columns(matmul(Vh, V), real(diagonal))) / conj(differences(L));
    if (grad_L.defined()) middle = middle + matrices::with_diagonal(grad_L);
    return linalg::solve(Vh, matmul(middle, Vh));
  }
  return linalg::solve(Vh, matrices::scale_rows(Vh, grad_L));
}

bool is_upper(const char* op, std::string_view UPLO) {
  if (UPLO == "U" || UPLO == "u") return true;
  if (UPLO == "L" || UPLO == "l") return false;
  fail(op, "UPLO", "'L' or 'U'", "'" + std::string(UPLO) + "'");
}

linalg::EigResult decompose_hermitian(const char* op, const Tensor& A, std::string_view UPLO, bool vectors) {
  matrices::check_square(op, A);
  const bool upper = is_upper(op, UPLO);
  const Shape batch = matrices::batch_of(A);
  if (auto tape = Tape::recording(A)) vectors = true;
  Tensor V = matrices::copied_by_columns(A, batch), info = matrices::new_info(batch, A.device());
  Tensor L = new_tensor(matrices::with(batch, {matrices::rows(A)}), real_dtype(A.dtype()), A.device());
  if (V.numel()) {
    Tensor a = matrices::batched(V), values = matrices::batched_vectors(L), i = matrices::batched_numbers(info);
    eigh_kernel(A.device(), a, values, i, upper, vectors);
    matrices::check_converged(op, info);
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.eigh", {&L, &V}, [L = tape.save_output(L, 0), V = tape.save_output(V, 1)](Grads& grads, Needs) {
      if (!grads[0].defined() && !grads[1].defined()) return Grads{Tensor()};
      return Grads{hermitian_backward("linalg.eigh", grads[0], grads[1], L.get(), V.get())};
    });
  return {L, V};
}

linalg::EigResult decompose(const char* op, const Tensor& A, bool vectors) {
  matrices::check_square(op, A);
  const Shape batch = matrices::batch_of(A);
  const int64_t n = matrices::rows(A);
  const DType dtype = complex_dtype(A.dtype());
  if (auto tape = Tape::recording(A)) vectors = true;
  Tensor L = new_tensor(matrices::with(batch, {n}), dtype, A.device()), V, info = matrices::new_info(batch, A.device());
  if (vectors) V = matrices::new_by_columns(batch, n, n, dtype, A.device());
  if (A.numel()) {
    Tensor a = matrices::batched(matrices::copied_by_columns(A, batch)), values = matrices::batched_vectors(L), i = matrices::batched_numbers(info);
    Tensor v = vectors ? matrices::batched(V) : Tensor();
    eig_kernel(A.device(), a, values, v, i);
    matrices::check_converged(op, info);
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.eig", {&L, &V}, [L = tape.save_output(L, 0), V = tape.save_output(V, 1), real_input = !A.is_complex()](Grads& grads, Needs) {
      if (!grads[0].defined() && !grads[1].defined()) return Grads{Tensor()};
      const Tensor grad_A = general_backward("linalg.eig", grads[0], grads[1], L.get(), V.get());
      return Grads{real_input ? real(grad_A) : grad_A};
    });
  return {L, V};
}

}  // namespace

linalg::EigResult linalg::eig(const Tensor& A) {
  if (const Casting cast{Cast::Float32, A}) return linalg::eig(cast(A));
  return decompose("linalg.eig", A, true);
}
Tensor linalg::eigvals(const Tensor& A) {
  if (const Casting cast{Cast::Float32, A}) return linalg::eigvals(cast(A));
  return decompose("linalg.eigvals", A, false).eigenvalues;
}
linalg::EigResult linalg::eigh(const Tensor& A, std::string_view UPLO) {
  if (const Casting cast{Cast::Float32, A}) return linalg::eigh(cast(A), UPLO);
  return decompose_hermitian("linalg.eigh", A, UPLO, true);
}
Tensor linalg::eigvalsh(const Tensor& A, std::string_view UPLO) {
  if (const Casting cast{Cast::Float32, A}) return linalg::eigvalsh(cast(A), UPLO);
  return decompose_hermitian("linalg.eigvalsh", A, UPLO, false).eigenvalues;
}

void register_eigen(OpTable& table) {
  table.add("linalg.eig(Tensor A) -> (Tensor eigenvalues, Tensor eigenvectors)", &linalg::eig);
  table.add("linalg.eigvals(Tensor A) -> Tensor", &linalg::eigvals);
  table.add("linalg.eigh(Tensor A, str UPLO='L') -> (Tensor eigenvalues, Tensor eigenvectors)", &linalg::eigh);
  table.add("linalg.eigvalsh(Tensor A, str UPLO='L') -> Tensor", &linalg::eigvalsh);
}

}  // namespace lazuli
