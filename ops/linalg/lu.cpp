#include "lazuli/ops/linalg/lu.h"

#include <algorithm>
#include <numeric>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using matrices::columns, matrices::rows;

// Of A = P L U, from the gradients of L (below its diagonal) and U. Where A is not square, its first k columns or rows are the square case, with what the rest adds to their gradients:
// A = P L [U1 U2]: gA2 = P L^-H gU2;  A = P [L1; L2] U: gA2 = gL2 U^-H.
Tensor factor_backward(const Tensor& grad, const Tensor& LU, const Tensor& pivots) {
  const int64_t m = rows(LU), n = columns(LU), k = std::min(m, n);
  const auto [P, L, U] = lu_unpack(LU, pivots);
  const Tensor grad_L = tril(grad.narrow(-1, 0, k), -1), grad_U = triu(grad.narrow(-2, 0, k));
  const Tensor L1 = L.narrow(-2, 0, k), U1 = U.narrow(-1, 0, k), U1h = adjoint(U1), L1h = adjoint(L1);
  Tensor below = matmul(L1h, grad_L.narrow(-2, 0, k)), above = matmul(grad_U.narrow(-1, 0, k), U1h);
  if (n > k) below = below - matmul(grad_U.narrow(-1, k, n - k), adjoint(U.narrow(-1, k, n - k)));
  if (m > k) above = above - matmul(adjoint(L.narrow(-2, k, m - k)), grad_L.narrow(-2, k, m - k));
  Tensor grad_A = linalg::solve_triangular(U1h, tril(below, -1) + triu(above), false, false);
  grad_A = linalg::solve_triangular(L1h, grad_A, true, true, true);
  if (n > k) grad_A = cat({grad_A, linalg::solve_triangular(L1h, grad_U.narrow(-1, k, n - k), true, true, true)}, -1);
  if (m > k) grad_A = cat({grad_A, linalg::solve_triangular(U1h, grad_L.narrow(-2, k, m - k), false, false)}, -2);
  return matmul(P, grad_A);
}

linalg::LuFactorExResult factorize(const char* op, const Tensor& A, bool pivot, bool check_errors) {
  matrices::check_matrix(op, A);
  if (!pivot) fail(ErrorKind::NotSupported, op, "pivot", "true (there is no factorization without pivoting)", "false");
  Tensor LU, pivots, info;
  matrices::run_lu(A, LU, pivots, info);
  if (check_errors) matrices::check_info(op, info, "a matrix of full rank", "a zero on the diagonal of U at");
  if (auto tape = Tape::recording(A))
    tape.record("linalg.lu_factor", LU,
                [LU = tape.save_output(LU), pivots](const Tensor& grad, Needs) { return Grads{factor_backward(grad, LU.get(), pivots)}; });
  return {LU, pivots, info};
}

// The pivots, each in 1 to m.
std::vector<int32_t> checked_pivots(const char* op, const Tensor& pivots, const char* argument, int64_t m) {
  std::vector<int32_t> all = pivots.to_vector<int32_t>();
  for (int32_t p : all)
    if (p < 1 || p > m) fail(ErrorKind::Index, op, argument, "pivots from 1 to " + std::to_string(m), std::to_string(p));
  return all;
}

void check_pivots(const char* op, const Tensor& LU, const char* LU_argument, const Tensor& pivots, const char* argument) {
  need_defined(op, pivots, argument);
  if (pivots.dtype() != kInt32) fail(ErrorKind::Type, op, argument, "int32", name(pivots.dtype()));
  if (!(LU.device() == pivots.device())) fail(op, argument, "the device of " + std::string(LU_argument), to_string(pivots.device()));
  const Shape wanted = matrices::with(matrices::batch_of(LU), {std::min(rows(LU), columns(LU))});
  if (!(pivots.sizes() == wanted)) fail(op, argument, "sizes " + to_string(wanted) + " for " + LU_argument, to_string(pivots.sizes()));
}

// P[order[i], i] = 1, when the exchanges make the rows of 0, 1, .. to order.
Tensor permutation(const Tensor& LU, const Tensor& pivots) {
  if (batching::is_batched(pivots)) {
    const std::vector<BatchLevel> levels = batching::levels(pivots);
    return batching::hide_all(permutation(batching::whole(LU, levels), batching::whole(pivots, levels)), levels);
  }
  const int64_t m = rows(LU), k = pivots.sizes()[pivots.dim() - 1];
  const Shape batch = matrices::batch_of(LU);
  Tensor P = new_tensor(matrices::with(batch, {m, m}), LU.dtype(), LU.device());
  if (P.numel() == 0 || LU.device().is_meta()) return P;
  host_function("lu_unpack", {P}, {pivots}, [=](std::span<Tensor> out, std::span<const Tensor> in) {
    count_host_loop("lu_unpack", out[0].device());
    const std::vector<int32_t> all = checked_pivots("lu_unpack", in[0], "LU_pivots", m);
    Tensor places = new_tensor(out[0].sizes(), kBool);
    fill_kernel(kCPU, places, false);
    bool* one = static_cast<bool*>(places.address());
    std::vector<int64_t> order(size_t(m), 0);
    for (int64_t i = 0; i < batch.numel(); ++i) {
      std::iota(order.begin(), order.end(), int64_t(0));
      for (int64_t j = 0; j < k; ++j) std::swap(order[size_t(j)], order[size_t(all[size_t(i * k + j)]) - 1]);
      for (int64_t j = 0; j < m; ++j) one[i * m * m + order[size_t(j)] * m + j] = true;
    }
    copy_kernel(out[0].device(), out[0], moved(places, out[0].device()));
  });
  return P;
}

Tensor solve_factored(const char* op, const Tensor& LU, const char* LU_argument, const Tensor& pivots, const char* pivots_argument, const Tensor& B,
                      bool left, bool adjointly) {
  matrices::check_square(op, LU, LU_argument);
  matrices::check_matrix(op, B, "B");
  matrices::check_alike(op, LU, B, "B", LU_argument);
  check_pivots(op, LU, LU_argument, pivots, pivots_argument);
  const int64_t n = rows(LU), got = left ? rows(B) : columns(B);
  if (n != got)
    fail(op, "B", std::to_string(n) + (left ? " rows" : " columns") + " for factors of sizes " + to_string(LU.sizes()),
         "sizes " + to_string(B.sizes()));
  broadcast_shapes(matrices::batch_of(LU), matrices::batch_of(B), op);
  if (!pivots.device().is_meta())
    host_function(op, {}, {batching::all_samples(pivots)},
                  [=](std::span<Tensor>, std::span<const Tensor> in) { checked_pivots(op, in[0], pivots_argument, n); });
  Tensor out;
  {
    const no_grad unrecorded;
    out = alias(matrices::run_lu_solve(LU, pivots, B, left, adjointly));
  }
  // A X = B: gB = A^-H g and gA = -gB X^H; A^H X = B: gA = -X gB^H. With A = P L U: gL = P^T gA U^H below the diagonal, gU = L^H P^T gA above.
  if (auto tape = Tape::recording(LU, B))
    tape.record("linalg.lu_solve", out, [LU = tape.save(LU), X = tape.save_output(out), pivots, left, adjointly](const Tensor& grad, Needs needs) {
      const Tensor factors = LU.get(), grad_B = linalg::lu_solve(factors, pivots, grad, left, !adjointly);
      Tensor grad_LU;
      if (needs[0]) {
        const Tensor x = X.get();
        Tensor grad_A = left ? matmul(grad_B, adjoint(x)) : matmul(adjoint(x), grad_B);
        if (adjointly) grad_A = adjoint(grad_A);
        const auto [P, L, U] = lu_unpack(factors, pivots);
        grad_A = matmul(P.mT(), grad_A);
        grad_LU = -(tril(matmul(grad_A, adjoint(U)), -1) + triu(matmul(adjoint(L), grad_A)));
      }
      return Grads{grad_LU, grad_B};
    });
  return out;
}

}  // namespace

linalg::LuFactorExResult linalg::lu_factor_ex(const Tensor& A, bool pivot, bool check_errors) {
  return factorize("linalg.lu_factor_ex", A, pivot, check_errors);
}
linalg::LuFactorResult linalg::lu_factor(const Tensor& A, bool pivot) {
  LuFactorExResult result = factorize("linalg.lu_factor", A, pivot, true);
  return {result.LU, result.pivots};
}
linalg::LuResult linalg::lu(const Tensor& A, bool pivot) {
  const LuFactorExResult result = factorize("linalg.lu", A, pivot, false);
  return lu_unpack(result.LU, result.pivots);
}
linalg::LuFactorResult lu(const Tensor& A, bool pivot) {
  linalg::LuFactorExResult result = factorize("lu", A, pivot, true);
  return {result.LU, result.pivots};
}

linalg::LuResult lu_unpack(const Tensor& LU_data, const Tensor& LU_pivots, bool unpack_data, bool unpack_pivots) {
  matrices::check_matrix("lu_unpack", LU_data, "LU_data");
  check_pivots("lu_unpack", LU_data, "LU_data", LU_pivots, "LU_pivots");
  const int64_t k = std::min(rows(LU_data), columns(LU_data));
  const Tensor nothing = new_tensor({0}, LU_data.dtype(), LU_data.device());
  linalg::LuResult result{nothing, nothing, nothing};
  if (unpack_pivots) result.P = permutation(LU_data, LU_pivots);
  if (!unpack_data) return result;
  const Tensor lower = tril(LU_data.narrow(-1, 0, k), -1);
  Tensor ones = new_tensor({rows(LU_data), k}, LU_data.dtype(), LU_data.device());
  if (ones.numel()) {
    fill_kernel(ones.device(), ones, 1);
    Tensor strict = new_tensor(ones.sizes(), ones.dtype(), ones.device());
    triangle_kernel(ones.device(), strict, ones, 0, false);
    triangle_kernel(ones.device(), ones, strict, 0, true);
  }
  result.L = lower + ones;
  result.U = triu(LU_data.narrow(-2, 0, k));
  return result;
}

Tensor linalg::lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left, bool adjoint) {
  if (const Casting cast{Cast::Float32, LU, pivots, B}) return linalg::lu_solve(cast(LU), cast(pivots), cast(B), left, adjoint);
  return solve_factored("linalg.lu_solve", LU, "LU", pivots, "pivots", B, left, adjoint);
}
Tensor lu_solve(const Tensor& B, const Tensor& LU_data, const Tensor& LU_pivots) {
  if (const Casting cast{Cast::Float32, B, LU_data, LU_pivots}) return lu_solve(cast(B), cast(LU_data), cast(LU_pivots));
  need_defined("lu_solve", B, "B");
  return solve_factored("lu_solve", LU_data, "LU_data", LU_pivots, "LU_pivots", B, true, false);
}

void register_lu(OpTable& table) {
  table.add("linalg.lu(Tensor A, *, bool pivot=True) -> (Tensor P, Tensor L, Tensor U)", &linalg::lu);
  table.add("linalg.lu_factor(Tensor A, *, bool pivot=True) -> (Tensor LU, Tensor pivots)", &linalg::lu_factor);
  table.add("linalg.lu_factor_ex(Tensor A, *, bool pivot=True, bool check_errors=False) -> (Tensor LU, Tensor pivots, Tensor info)",
            &linalg::lu_factor_ex);
  table.add("linalg.lu_solve(Tensor LU, Tensor pivots, Tensor B, *, bool left=True, bool adjoint=False) -> Tensor", &linalg::lu_solve);
  table.add(
      "lu(Tensor A, bool pivot=True, bool get_infos=False) -> Tensor[]", +[](const Tensor& A, bool pivot, bool get_infos) {
        const linalg::LuFactorExResult result = factorize("lu", A, pivot, !get_infos);
        return get_infos ? std::vector<Tensor>{result.LU, result.pivots, result.info} : std::vector<Tensor>{result.LU, result.pivots};
      });
  table.add("lu_solve(Tensor B, Tensor LU_data, Tensor LU_pivots) -> Tensor", &lazuli::lu_solve);
  table.add("lu_unpack(Tensor LU_data, Tensor LU_pivots, bool unpack_data=True, bool unpack_pivots=True) -> (Tensor P, Tensor L, Tensor U)",
            &lu_unpack);
}

}  // namespace lazuli
