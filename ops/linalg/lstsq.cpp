#include <algorithm>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/inverse.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/linalg/solve_support.h"
#include "lazuli/ops/linalg/svd.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

LstsqDriver driver_of(const std::optional<std::string>& given) {
  if (!given) return LstsqDriver::Gelsy;
  for (LstsqDriver driver : {LstsqDriver::Gels, LstsqDriver::Gelsy, LstsqDriver::Gelsd, LstsqDriver::Gelss})
    if (name(driver) == *given) return driver;
  fail("linalg.lstsq", "driver", "'gels', 'gelsy', 'gelsd' or 'gelss'", "'" + *given + "'");
}

Tensor zero_filled(const Shape& sizes, DType dtype, Device device) { return zeros(sizes, CreationOptions{.dtype = dtype, .device = device}); }

// X = pinv(A) B: gB = pinv(A)^H gX, and gA by that of pinv; residuals |r|^2 with r = A X - B: gA = 2 r gR X^H and gB = -2 r gR, because A^H r = 0.
Grads backward(const Tensor& grad_X, const Tensor& grad_residuals, const Tensor& A, const Tensor& B, const Tensor& X) {
  Tensor grad_A, grad_B;
  if (grad_X.defined()) {
    const Tensor pinv = linalg::pinv(A);
    grad_B = matmul(adjoint(pinv), grad_X);
    grad_A = matrices::pinv_backward(matmul(grad_X, adjoint(B)), pinv, A);
  }
  if (grad_residuals.defined()) {
    const Tensor r = matrices::scale_columns(matmul(A, X) - B, grad_residuals * Scalar(2)), from = matmul(r, adjoint(X));
    grad_A = grad_A.defined() ? grad_A + from : from;
    grad_B = grad_B.defined() ? grad_B - r : -r;
  }
  return Grads{grad_A, grad_B};
}

}  // namespace

linalg::LstsqResult linalg::lstsq(const Tensor& A, const Tensor& B, std::optional<double> rcond, const std::optional<std::string>& given_driver) {
  if (const Casting cast{Cast::Float32, A, B}) return linalg::lstsq(cast(A), cast(B), rcond, given_driver);
  const char* op = "linalg.lstsq";
  matrices::check_matrix(op, A);
  matrices::check_alike(op, A, B);
  if (B.dim() == 0) fail(op, "B", "at least one dimension", "a 0-d tensor");
  const LstsqDriver driver = driver_of(given_driver);
  const bool vectors = matrices::is_vectors(A, B);
  const Tensor b_matrices = vectors ? B.unsqueeze(-1) : B;
  const int64_t m = matrices::rows(A), n = matrices::columns(A), k = matrices::columns(b_matrices);
  if (matrices::rows(b_matrices) != m)
    fail(op, "B", std::to_string(m) + " rows for A of sizes " + to_string(A.sizes()), "sizes " + to_string(B.sizes()));
  const Shape batch = broadcast_shapes(matrices::batch_of(A), matrices::batch_of(b_matrices), op);
  const DType dtype = A.dtype(), wide = real_dtype(dtype);
  const Device device = A.device();
  const bool ranks = driver != LstsqDriver::Gels, all_values = driver == LstsqDriver::Gelsd || driver == LstsqDriver::Gelss;

  LstsqResult result;
  bool has_residuals = false;
  result.residuals = zero_filled({0}, wide, device);
  result.rank = zero_filled(ranks ? batch : Shape{0}, kInt64, device);
  result.singular_values = zero_filled(all_values ? matrices::with(batch, {std::min(m, n)}) : Shape{0}, wide, device);
  {
    const no_grad unrecorded;
    Tensor work = matrices::new_by_columns(batch, std::max(m, n), k, dtype, device), info = matrices::new_info(batch, device);
    if (work.numel()) work.zero_();
    Tensor right = work.narrow(-2, 0, m);
    if (right.numel()) copy_kernel(device, right, expanded(b_matrices.detach(), right.sizes()));
    const bool solved = A.numel() && batch.numel() && k;
    if (solved) {
      Tensor a = matrices::batched(matrices::copied_by_columns(A, batch)), b = matrices::batched(work), i = matrices::batched_numbers(info);
      Tensor rank = ranks ? matrices::batched_numbers(result.rank) : Tensor();
      Tensor values = all_values ? matrices::batched_vectors(result.singular_values) : Tensor();
      lstsq_kernel(device, b, a, rank, values, i, driver, rcond.value_or(matrices::epsilon(dtype) * double(std::max(m, n))));
      matrices::check_converged(op, info);
    }
    Tensor solution = work.narrow(-2, 0, n);
    if (m == 0 && solution.numel()) solution.zero_();
    result.solution = alias(vectors ? solution.squeeze(Shape{-1}) : solution);
    const auto full = [&] { return driver == LstsqDriver::Gels || device.is_meta() || batching::all_true(all(result.rank == Scalar(n))); };
    if (m > n && driver != LstsqDriver::Gelsy && full()) {
      const Tensor rest = abs(work.narrow(-2, n, m - n));
      result.residuals = sum(rest * rest, -2);
      has_residuals = true;
    }
  }
  if (auto tape = Tape::recording(A, B)) {
    std::vector<Tensor> outputs{result.solution};
    if (has_residuals) outputs.push_back(result.residuals);
    if (batching::is_batched(A) ||
        batching::is_batched(B))  // without columns nothing is computed of A: one result for all samples is still one of each
      for (Tensor& t : outputs) t = batching::shared_over(t, batching::levels_of_both(A, B));
    tape.record(op, outputs, [A = tape.save(A), B = tape.save(B), X = tape.save_output(outputs[0], 0), vectors](Grads& grads, Needs) {
      auto as_matrices = [&](const Tensor& t) { return vectors && t.defined() ? t.unsqueeze(-1) : t; };
      const Tensor residuals = grads.size() > 1 ? grads[1] : Tensor();
      if (!grads[0].defined() && !residuals.defined()) return Grads::undefined(2);
      Grads both = backward(as_matrices(grads[0]), residuals, A.get(), as_matrices(B.get()), as_matrices(X.get()));
      if (vectors) both[1] = both[1].squeeze(Shape{-1});
      return both;
    });
    result.solution = outputs[0];
    if (has_residuals) result.residuals = outputs[1];
  }
  if (all_values)
    if (auto tape = Tape::recording(A))
      tape.record(op, result.singular_values, [A = tape.save(A)](const Tensor& grad, Needs) {
        const SvdResult parts = linalg::svd(A.get(), false);
        return Grads{matmul(parts.U * grad.unsqueeze(-2), parts.Vh)};
      });
  return result;
}

void register_lstsq(OpTable& table) {
  table.add(
      "linalg.lstsq(Tensor A, Tensor B, float? rcond=None, *, str? driver=None) -> "
      "(Tensor solution, Tensor residuals, Tensor rank, Tensor singular_values)",
      &linalg::lstsq);
}

}  // namespace lazuli
