#include "lazuli/ops/linalg/inverse.h"

#include <algorithm>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/eigen.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/solve_support.h"
#include "lazuli/ops/linalg/svd.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

// Golub and Pereyra (1973), The differentiation of pseudo-inverses; in the order that multiplies the smaller matrices first.
Tensor matrices::pinv_backward(const Tensor& grad, const Tensor& pinv, const Tensor& A) {
  const Tensor pinv_h = adjoint(pinv), grad_h = adjoint(grad);
  if (matrices::rows(A) <= matrices::columns(A)) {
    const Tensor K = matmul(grad_h, pinv), KP = matmul(K, pinv_h);
    return -adjoint(matmul(pinv, K)) + KP - matmul(matmul(A, pinv), KP) + matmul(matmul(pinv_h, pinv), grad_h - matmul(K, A));
  }
  const Tensor K = matmul(pinv, grad_h), PK = matmul(pinv_h, K);
  return -adjoint(matmul(K, pinv)) + matmul(matmul(grad_h - matmul(A, K), pinv), pinv_h) + PK - matmul(matmul(PK, pinv), A);
}

namespace {

linalg::InvExResult invert(const char* op, const Tensor& A, bool check_errors) {
  matrices::check_square(op, A);
  Tensor LU, pivots, info, out;
  {
    const no_grad unrecorded;
    matrices::run_lu(A, LU, pivots, info);
    if (check_errors) matrices::check_info(op, info, "an invertible matrix", "a singular one, by a zero on the diagonal of its factor U at");
    out = alias(matrices::run_lu_solve(LU, pivots, matrices::identity(matrices::rows(A), A), true, false));
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.inv", out, [inverse = tape.save_output(out)](const Tensor& grad, Needs) {
      const Tensor X = adjoint(inverse.get());
      return Grads{-matmul(X, matmul(grad, X))};
    });
  return {out, info};
}

// The tolerance of each matrix, [.., 1], from its greatest singular value [.., 1].
Tensor tolerance(const char* op, const Tensor& A, const Tensor& greatest, const Tensor& atol, const Tensor& rtol) {
  const DType dtype = greatest.dtype();
  auto checked = [&](const Tensor& t, const char* argument) {
    if (t.is_complex()) fail(ErrorKind::Type, op, argument, "a real tensor", name(t.dtype()));
    broadcast_shapes(matrices::batch_of(A), t.sizes(), op);
    return moved(casted(t.detach(), dtype), A.device()).unsqueeze(-1);
  };
  const double given = matrices::epsilon(dtype) * double(std::max(matrices::rows(A), matrices::columns(A)));
  Tensor absolute, relative;
  if (atol.defined()) absolute = checked(atol, "atol");
  if (rtol.defined()) relative = checked(rtol, "rtol");
  if (relative.defined()) relative = relative * greatest;
  else if (absolute.defined()) relative = where(absolute > Scalar(0), zeros_like(greatest), greatest * Scalar(given));
  else relative = greatest * Scalar(given);
  return absolute.defined() ? maximum(absolute, relative) : relative;
}

Tensor number(const std::optional<double>& value) { return value ? scalar_tensor(*value, CreationOptions{.dtype = kFloat64}) : Tensor(); }

Tensor greatest_of(const Tensor& values) { return amax(values, -1, true); }

Tensor pseudo_inverse(const char* op, const Tensor& A, const Tensor& atol, const Tensor& rtol, bool hermitian) {
  if (hermitian) matrices::check_square(op, A);
  else matrices::check_matrix(op, A);
  const Shape sizes = matrices::with(matrices::batch_of(A), {matrices::columns(A), matrices::rows(A)});
  Tensor out;
  {
    const no_grad unrecorded;
    const Tensor a = A.detach();
    if (A.numel() == 0) {
      out = zeros(sizes, CreationOptions{.dtype = A.dtype(), .device = A.device()});
    } else if (hermitian) {
      const auto [values, Q] = linalg::eigh(a);
      const Tensor size = abs(values), kept = size > tolerance(op, A, greatest_of(size), atol, rtol);
      out = matmul(matrices::scale_columns(Q, where(kept, reciprocal(values), zeros_like(values))), adjoint(Q));
    } else {
      const auto [U, S, Vh] = linalg::svd(a, false);
      const Tensor kept = S > tolerance(op, A, greatest_of(S), atol, rtol);
      out = matmul(matrices::scale_columns(adjoint(Vh), where(kept, reciprocal(S), zeros_like(S))), adjoint(U));
    }
  }
  if (auto tape = Tape::recording(A))
    tape.record("linalg.pinv", out, [A = tape.save(A), pinv = tape.save_output(out)](const Tensor& grad, Needs) {
      return Grads{matrices::pinv_backward(grad, pinv.get(), A.get())};
    });
  return out;
}

Tensor rank_of(const char* op, const Tensor& A, const Tensor& atol, const Tensor& rtol, bool hermitian) {
  if (hermitian) matrices::check_square(op, A);
  else matrices::check_matrix(op, A);
  const no_grad unrecorded;
  const Tensor a = A.detach();
  if (A.numel() == 0) return zeros(matrices::batch_of(A), CreationOptions{.dtype = kInt64, .device = A.device()});
  const Tensor values = hermitian ? abs(linalg::eigvalsh(a)) : linalg::svdvals(a);
  return sum(values > tolerance(op, A, greatest_of(values), atol, rtol), -1);
}

}  // namespace

Tensor linalg::inv(const Tensor& A) {
  if (const Casting cast{Cast::Float32, A}) return linalg::inv(cast(A));
  return invert("linalg.inv", A, true).inverse;
}
Tensor inverse(const Tensor& A) {
  if (const Casting cast{Cast::Float32, A}) return inverse(cast(A));
  return invert("inverse", A, true).inverse;
}
linalg::InvExResult linalg::inv_ex(const Tensor& A, bool check_errors) { return invert("linalg.inv_ex", A, check_errors); }

Tensor linalg::pinv(const Tensor& A, PinvOptions o) { return pseudo_inverse("linalg.pinv", A, number(o.atol), number(o.rtol), o.hermitian); }
Tensor linalg::pinv(const Tensor& A, const Tensor& atol, const Tensor& rtol, bool hermitian) {
  return pseudo_inverse("linalg.pinv", A, atol, rtol, hermitian);
}
Tensor pinverse(const Tensor& A, double rcond) {
  if (const Casting cast{Cast::Float32, A}) return pinverse(cast(A), rcond);
  return pseudo_inverse("pinverse", A, number(0.0), number(rcond), false);
}

Tensor linalg::matrix_rank(const Tensor& A, PinvOptions o) {
  if (const Casting cast{Cast::Float32, A}) return linalg::matrix_rank(cast(A), o);
  return rank_of("linalg.matrix_rank", A, number(o.atol), number(o.rtol), o.hermitian);
}
Tensor linalg::matrix_rank(const Tensor& A, const Tensor& atol, const Tensor& rtol, bool hermitian) {
  if (const Casting cast{Cast::Float32, A, atol, rtol}) return linalg::matrix_rank(cast(A), cast(atol), cast(rtol), hermitian);
  return rank_of("linalg.matrix_rank", A, atol, rtol, hermitian);
}

Tensor linalg::tensorinv(const Tensor& A, int64_t ind) {
  if (const Casting cast{Cast::Float32, A}) return linalg::tensorinv(cast(A), ind);
  const char* op = "linalg.tensorinv";
  need_defined(op, A, "A");
  if (ind < 1 || ind > A.dim()) fail(op, "ind", "a number from 1 to " + std::to_string(A.dim()), std::to_string(ind));
  const Shape front(A.sizes().data(), ind), back(A.sizes().data() + ind, A.dim() - ind);
  const int64_t n = front.numel();
  if (n != back.numel())
    fail(op, "A", "as many elements before dimension " + std::to_string(ind) + " as from there on", "sizes " + to_string(A.sizes()));
  Shape sizes = back;
  for (int64_t size : front) sizes.push_back(size);
  return invert(op, A.reshape({n, n}), true).inverse.reshape(sizes);
}

void register_inverse(OpTable& table) {
  table.add("linalg.inv(Tensor A) -> Tensor", &linalg::inv);
  table.add("linalg.inv_ex(Tensor A, *, bool check_errors=False) -> (Tensor inverse, Tensor info)", &linalg::inv_ex);
  table.add("inverse(Tensor A) -> Tensor", &inverse);
  const auto by_numbers = static_cast<Tensor (*)(const Tensor&, linalg::PinvOptions)>(&linalg::pinv);
  const auto rank_by_numbers = static_cast<Tensor (*)(const Tensor&, linalg::PinvOptions)>(&linalg::matrix_rank);
  table.add("linalg.pinv(Tensor A, *, float? atol=None, float? rtol=None, bool hermitian=False) -> Tensor", by_numbers);
  table.add(
      "linalg.pinv(Tensor A, *, Tensor|Scalar? atol=None, Tensor|Scalar? rtol=None, bool hermitian=False) -> Tensor",
      +[](const Tensor& A, const OptionalTensor& atol, const OptionalTensor& rtol, bool hermitian) {
        return linalg::pinv(A, atol.value_or(Tensor()), rtol.value_or(Tensor()), hermitian);
      });
  table.add(
      "linalg.pinv(Tensor A, Tensor|Scalar rcond, bool hermitian=False) -> Tensor", +[](const Tensor& A, const Tensor& rcond, bool hermitian) {
        need_defined("linalg.pinv", A, "A", rcond, "rcond");
        return linalg::pinv(A, number(0.0), rcond, hermitian);
      });
  table.add("pinverse(Tensor A, float rcond=1e-15) -> Tensor", &pinverse);
  table.add("linalg.matrix_rank(Tensor A, *, float? atol=None, float? rtol=None, bool hermitian=False) -> Tensor", rank_by_numbers);
  table.add(
      "linalg.matrix_rank(Tensor A, *, Tensor|Scalar? atol=None, Tensor|Scalar? rtol=None, bool hermitian=False) -> Tensor",
      +[](const Tensor& A, const OptionalTensor& atol, const OptionalTensor& rtol, bool hermitian) {
        return linalg::matrix_rank(A, atol.value_or(Tensor()), rtol.value_or(Tensor()), hermitian);
      });
  table.add(
      "linalg.matrix_rank(Tensor A, Tensor|Scalar tol, bool hermitian=False) -> Tensor", +[](const Tensor& A, const Tensor& tol, bool hermitian) {
        need_defined("linalg.matrix_rank", A, "A", tol, "tol");
        return linalg::matrix_rank(A, tol, number(0.0), hermitian);
      });
  table.add("linalg.tensorinv(Tensor A, int ind=2) -> Tensor", &linalg::tensorinv);
}

}  // namespace lazuli
