#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/linalg_slots.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/lu.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

linalg::LdlFactorExResult factorize(const char* op, const Tensor& A, bool hermitian, bool check_errors) {
  matrices::check_square(op, A);
  matrices::refuse_gradient(op, A);
  const Shape batch = matrices::batch_of(A);
  Tensor LD = tril_(matrices::copied_by_columns(A, batch)), info = matrices::new_info(batch, A.device());
  Tensor pivots = new_tensor(matrices::with(batch, {matrices::rows(A)}), kInt32, A.device());
  if (LD.numel()) {
    Tensor a = matrices::batched(LD), p = matrices::batched_vectors(pivots), i = matrices::batched_numbers(info);
    ldl_kernel(A.device(), a, p, i, hermitian);
  }
  if (check_errors) matrices::check_info(op, info, "a matrix of full rank", "a zero on the diagonal of D at");
  return {LD, pivots, info};
}

// A negative pivot belongs to a block of two rows, both of which have one.
void check_pivots(const char* op, const Tensor& pivots, int64_t n) {
  if (pivots.device().is_meta() || n == 0) return;
  host_function(op, {}, {batching::all_samples(pivots)}, [op, n](std::span<Tensor>, std::span<const Tensor> in) {
    const std::vector<int32_t> all = in[0].to_vector<int32_t>();
    for (size_t first = 0; first < all.size(); first += size_t(n))
      for (int64_t i = 0; i < n; ++i) {
        const int64_t p = all[first + size_t(i)];
        const bool pair = p < 0, whole = !pair || (i + 1 < n && all[first + size_t(i) + 1] < 0 && -int64_t(all[first + size_t(i) + 1]) <= n);
        if (p == 0 || p > n || -p > n || !whole)
          fail(ErrorKind::Index, op, "pivots", "pivots that linalg.ldl_factor has made", std::to_string(p) + " at " + std::to_string(i));
        if (pair) ++i;
      }
  });
}

}  // namespace

linalg::LdlFactorExResult linalg::ldl_factor_ex(const Tensor& A, bool hermitian, bool check_errors) {
  return factorize("linalg.ldl_factor_ex", A, hermitian, check_errors);
}
linalg::LdlFactorResult linalg::ldl_factor(const Tensor& A, bool hermitian) {
  LdlFactorExResult result = factorize("linalg.ldl_factor", A, hermitian, true);
  return {result.LD, result.pivots};
}

Tensor linalg::ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian) {
  const char* op = "linalg.ldl_solve";
  matrices::check_square(op, LD, "LD");
  matrices::refuse_gradient(op, LD, "LD");
  need_defined(op, pivots, "pivots");
  matrices::check_matrix(op, B, "B");
  matrices::check_alike(op, LD, B, "B", "LD");
  const int64_t n = matrices::rows(LD);
  if (pivots.dtype() != kInt32) fail(ErrorKind::Type, op, "pivots", "int32", name(pivots.dtype()));
  if (!(pivots.device() == LD.device())) fail(op, "pivots", "the device of LD", to_string(pivots.device()));
  const Shape wanted = matrices::with(matrices::batch_of(LD), {n});
  if (!(pivots.sizes() == wanted)) fail(op, "pivots", "sizes " + to_string(wanted), to_string(pivots.sizes()));
  if (matrices::rows(B) != n) fail(op, "B", std::to_string(n) + " rows for LD of sizes " + to_string(LD.sizes()), "sizes " + to_string(B.sizes()));
  const Shape batch = broadcast_shapes(matrices::batch_of(LD), matrices::batch_of(B), op);
  check_pivots(op, pivots, n);
  Tensor out = matrices::copied_by_columns(B, batch);
  if (out.numel()) {
    Tensor b = matrices::batched(out);
    const Tensor p = dense(expanded(pivots, matrices::with(batch, {n})));
    ldl_solve_kernel(out.device(), b, matrices::batched(matrices::by_columns(LD, batch)), matrices::batched_vectors(p), hermitian);
  }
  // The adjoint of a symmetric matrix is its conjugate.
  if (auto tape = Tape::recording(B))
    tape.record(op, out, [LD = LD.detach(), pivots, hermitian](const Tensor& grad, Needs) {
      if (hermitian || !LD.is_complex()) return Grads{linalg::ldl_solve(LD, pivots, grad, hermitian)};
      return Grads{conj(linalg::ldl_solve(LD, pivots, conj(grad), false))};
    });
  return out;
}

void register_ldl(OpTable& table) {
  table.add("linalg.ldl_factor(Tensor A, *, bool hermitian=False) -> (Tensor LD, Tensor pivots)", &linalg::ldl_factor);
  table.add("linalg.ldl_factor_ex(Tensor A, *, bool hermitian=False, bool check_errors=False) -> (Tensor LD, Tensor pivots, Tensor info)",
            &linalg::ldl_factor_ex);
  table.add("linalg.ldl_solve(Tensor LD, Tensor pivots, Tensor B, *, bool hermitian=False) -> Tensor", &linalg::ldl_solve);
}

}  // namespace lazuli
