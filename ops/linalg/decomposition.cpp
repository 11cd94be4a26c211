#include "lazuli/ops/linalg/decomposition.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/linalg/eigen.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli::matrices {

void check_matrix(const char* op, const Tensor& A, const char* argument) {
  need_defined(op, A, argument);
  if (A.dim() < 2) fail(errors::linalg_error_requires_at_least_2d, op, argument, "a matrix or a batch of matrices", "sizes " + to_string(A.sizes()));
  const DType t = A.dtype();
  if (t != kFloat32 && t != kFloat64 && t != kComplex64 && t != kComplex128)
    fail(ErrorKind::NotSupported, op, argument, "float32, float64, complex64 or complex128", name(t));
  if (std::max(rows(A), columns(A)) > std::numeric_limits<int32_t>::max())
    fail(op, argument, "fewer than 2147483648 rows and columns", "sizes " + to_string(A.sizes()));
}
void check_square(const char* op, const Tensor& A, const char* argument) {
  check_matrix(op, A, argument);
  if (rows(A) != columns(A)) fail(errors::linalg_error_not_square_matrix, op, argument, "square matrices", "sizes " + to_string(A.sizes()));
}
void check_alike(const char* op, const Tensor& A, const Tensor& B, const char* argument, const char* A_argument) {
  need_defined(op, B, argument);
  if (A.dtype() != B.dtype())
    fail(ErrorKind::Type, op, argument, "the dtype of " + std::string(A_argument) + ", " + std::string(name(A.dtype())), name(B.dtype()));
  if (!(A.device() == B.device()))
    fail(op, argument, "the device of " + std::string(A_argument) + ", " + to_string(A.device()), to_string(B.device()));
}
void refuse_gradient(const char* op, const Tensor& A, const char* argument) {
  if (modes.grad && A.requires_grad())
    fail(ErrorKind::NotSupported, op, argument, "a tensor that does not require grad (" + std::string(op) + " has no gradient)", "one that does");
}

Shape batch_of(const Tensor& A, int64_t trailing) { return Shape(A.sizes().data(), A.dim() - trailing); }
Shape with(const Shape& batch, std::initializer_list<int64_t> sizes) {
  Shape all = batch;
  for (int64_t size : sizes) all.push_back(size);
  return all;
}
int64_t rows(const Tensor& A) { return A.sizes()[A.dim() - 2]; }
int64_t columns(const Tensor& A) { return A.sizes()[A.dim() - 1]; }

Tensor new_by_columns(const Shape& batch, int64_t m, int64_t n, DType dtype, Device device) {
  const Shape sizes = with(batch, {m, n});
  Shape strides = contiguous_strides(sizes);
  strides[-2] = 1;
  strides[-1] = std::max<int64_t>(m, 1);
  return new_strided(sizes, strides, dtype, device);
}
Tensor copied_by_columns(const Tensor& A, const Shape& batch) {
  Tensor out = new_by_columns(batch, rows(A), columns(A), A.dtype(), A.device());
  if (out.numel()) copy_kernel(out.device(), out, expanded(A, out.sizes()));
  return out;
}
Tensor by_columns(const Tensor& A, const Shape& batch) {
  if (batch_of(A) == batch) {
    const int64_t m = rows(A), n = columns(A);
    Shape strides = contiguous_strides(A.sizes());
    strides[-2] = 1;
    strides[-1] = std::max<int64_t>(m, 1);
    bool same = true;
    for (int64_t i = 0; i < A.dim(); ++i) same &= A.sizes()[i] == 1 || A.strides()[i] == strides[i];
    if (same && m && n) return alias(A);
  }
  return copied_by_columns(A, batch);
}

Tensor batched(const Tensor& A) {
  const int64_t m = rows(A), n = columns(A);
  return alias(A, {batch_of(A).numel(), m, n}, {m * n, 1, std::max<int64_t>(m, 1)}, A.storage_offset());
}
Tensor batched_vectors(const Tensor& v) {
  const int64_t k = v.sizes()[v.dim() - 1];
  return alias(v, {batch_of(v, 1).numel(), k}, {k, 1}, v.storage_offset());
}
Tensor batched_numbers(const Tensor& t) { return alias(t, {t.numel()}, {1}, t.storage_offset()); }
Tensor new_info(const Shape& batch, Device device) {
  Tensor info = new_tensor(batch, kInt32, device);
  if (info.numel()) fill_kernel(device, info, 0);
  return info;
}

namespace {
std::string in_batch(int64_t at, const Shape& batch) { return batch.empty() ? "" : " in matrix " + place_of(at, batch) + " of the batch"; }

// Calls `trouble(value, where)` for the first matrix with info; in replays of a recorded step too.
template <class F>
void look_at_info(const char* op, const Tensor& info, F trouble) {
  if (info.device().is_meta()) return;
  host_function(op, {}, {batching::all_samples(info.detach())}, [trouble, batch = info.sizes()](std::span<Tensor>, std::span<const Tensor> in) {
    const std::vector<int32_t> all = in[0].to_vector<int32_t>();
    const auto found = std::find_if(all.begin(), all.end(), [](int32_t i) { return i != 0; });
    if (found != all.end()) trouble(*found, in_batch(found - all.begin(), batch));
  });
}
}  // namespace

void check_info(const char* op, const Tensor& info, const char* expected, const char* trouble, const char* argument) {
  look_at_info(op, info, [=](int32_t value, const std::string& where) {
    throw LinAlgError(Error(ErrorKind::Argument, op, argument, expected, std::string(trouble) + " " + std::to_string(value) + where));
  });
}
void check_converged(const char* op, const Tensor& info) {
  look_at_info(op, info, [=](int32_t value, const std::string& where) {
    throw LinAlgError(Error(ErrorKind::Argument, op, "A", value < 0 ? "finite numbers" : "a matrix for which the algorithm converges",
                            (value < 0 ? "infinities or NaN" : "no convergence, by LAPACK's info " + std::to_string(value)) + where));
  });
}

Tensor run_triangular(const Tensor& A, const Tensor& B, bool upper, bool left, bool unit) {
  const Shape batch = broadcast_shapes(batch_of(A), batch_of(B), "solve_triangular");
  Tensor out = copied_by_columns(B, batch);
  if (out.numel() == 0) return out;
  Tensor b = batched(out);
  triangular_solve_kernel(out.device(), b, batched(by_columns(A, batch)), upper, left, unit);
  return out;
}

void run_lu(const Tensor& A, Tensor& LU, Tensor& pivots, Tensor& info) {
  const Shape batch = batch_of(A);
  LU = copied_by_columns(A, batch);
  pivots = new_tensor(with(batch, {std::min(rows(A), columns(A))}), kInt32, A.device());
  info = new_info(batch, A.device());
  if (LU.numel() == 0) return;
  Tensor a = batched(LU), p = batched_vectors(pivots), i = batched_numbers(info);
  lu_kernel(A.device(), a, p, i);
}

Tensor run_lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left, bool adjointly) {
  const no_grad unrecorded;
  if (!left) return adjoint(run_lu_solve(LU, pivots, adjoint(B), true, !adjointly));  // X A = B is A^H X^H = B^H
  const Shape batch = broadcast_shapes(batch_of(LU), batch_of(B), "lu_solve");
  Tensor out = copied_by_columns(B, batch);
  if (out.numel() == 0) return out;
  Tensor b = batched(out);
  const Tensor p = dense(expanded(pivots, with(batch, {rows(LU)})));
  lu_solve_kernel(out.device(), b, batched(by_columns(LU, batch)), batched_vectors(p), adjointly);
  return out;
}

Tensor diagonal_of(const Tensor& A) { return diagonal(A, 0, -2, -1); }
Tensor with_diagonal(const Tensor& d) { return diag_embed(d); }
Tensor identity(int64_t n, const Tensor& like) { return eye(n, n, CreationOptions{.dtype = like.dtype(), .device = like.device()}); }
Tensor scale_columns(const Tensor& A, const Tensor& factors) { return A * factors.unsqueeze(-2); }
Tensor scale_rows(const Tensor& A, const Tensor& factors) { return A * factors.unsqueeze(-1); }

double epsilon(DType dtype) {
  switch (real_dtype(dtype)) {
    case kFloat64: return std::numeric_limits<double>::epsilon();
    case kFloat16: return 0x1p-10;
    case kBFloat16: return 0x1p-7;
    default: return std::numeric_limits<float>::epsilon();
  }
}

Tensor lyapunov(const Tensor& P, const Tensor& C) {
  Tensor out;
  {
    const no_grad unrecorded;
    const auto [values, Q] = linalg::eigh(P.detach());
    const Tensor Qh = adjoint(Q), sums = values.unsqueeze(-1) + values.unsqueeze(-2);
    out = matmul(matmul(Q, matmul(matmul(Qh, C.detach()), Q) / sums), Qh);
  }
  if (auto tape = Tape::recording(P, C))
    tape.record("lyapunov", out, [P = tape.save(P), Z = tape.save_output(out)](const Tensor& grad, Needs needs) {
      const Tensor grad_C = lyapunov(P.get(), grad), z = adjoint(Z.get());
      return Grads{needs[0] ? -(matmul(grad_C, z) + matmul(z, grad_C)) : Tensor(), needs[1] ? grad_C : Tensor()};
    });
  return out;
}

void check_phase(const char* op, const Tensor& phase) {
  if (phase.numel() == 0 || phase.device().is_meta()) return;
  host_function(op, {}, {amax(batching::all_samples(abs(phase.detach())))}, [op](std::span<Tensor>, std::span<const Tensor> in) {
    if (in[0].item<double>() > 1e-2)
      fail(ErrorKind::State, op, "", "a loss that does not depend on the phase of the vectors, which is arbitrary", "a gradient that does");
  });
}

}  // namespace lazuli::matrices
