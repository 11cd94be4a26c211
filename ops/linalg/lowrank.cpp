#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/qr.h"
#include "lazuli/ops/linalg/svd.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// Orthonormal columns that nearly span the first left singular vectors of A.
Tensor range_of(const Tensor& A, int64_t q, int64_t niter) {
  const Tensor start = randn({matrices::columns(A), q}, CreationOptions{.dtype = A.dtype(), .device = A.device()}), Ah = adjoint(A);
  Tensor Q = linalg::qr(matmul(A, start)).Q;
  for (int64_t i = 0; i < niter; ++i) Q = linalg::qr(matmul(A, linalg::qr(matmul(Ah, Q)).Q)).Q;
  return Q;
}

linalg::SvdVResult low_rank(const char* op, const Tensor& A, int64_t q, int64_t niter) {
  const int64_t m = matrices::rows(A), n = matrices::columns(A);
  if (q < 0) fail(op, "q", "a number that is not negative", std::to_string(q));
  if (niter < 0 || niter > 1000) fail(op, "niter", "a number from 0 to 1000", std::to_string(niter));
  if (m < n) {
    linalg::SvdVResult other = low_rank(op, adjoint(A), q, niter);
    return {other.V, other.S, other.U};
  }
  const Tensor Q = range_of(A, std::min(q, n), niter);
  const linalg::SvdResult small = linalg::svd(matmul(adjoint(Q), A), false);
  return {matmul(Q, small.U), small.S, adjoint(small.Vh)};
}

}  // namespace

linalg::SvdVResult with_options::svd_lowrank(const Tensor& A, SvdLowrankOptions options) {
  matrices::check_matrix("svd_lowrank", A);
  if (!options.M || !options.M->defined()) return low_rank("svd_lowrank", A, options.q, options.niter);
  matrices::check_alike("svd_lowrank", A, *options.M, "M");
  if (!can_broadcast_to(options.M->sizes(), A.sizes()))
    fail("svd_lowrank", "M", "sizes that broadcast to " + to_string(A.sizes()), to_string(options.M->sizes()));
  return low_rank("svd_lowrank", A - *options.M, options.q, options.niter);
}

linalg::SvdVResult with_options::pca_lowrank(const Tensor& A, PcaLowrankOptions options) {
  matrices::check_matrix("pca_lowrank", A);
  const int64_t most = std::min(matrices::rows(A), matrices::columns(A)), q = options.q.value_or(std::min<int64_t>(6, most));
  if (q < 0 || q > most) fail("pca_lowrank", "q", "a number from 0 to " + std::to_string(most), std::to_string(q));
  return low_rank("pca_lowrank", options.center ? A - mean(A, -2, true) : A, q, options.niter);
}

void register_lowrank(OpTable& table) {
  table.add("svd_lowrank(Tensor A, int q=6, int niter=2, Tensor? M=None) -> (Tensor U, Tensor S, Tensor V)", &with_options::svd_lowrank);
  table.add("pca_lowrank(Tensor A, int? q=None, bool center=True, int niter=2) -> (Tensor U, Tensor S, Tensor V)", &with_options::pca_lowrank);
}

}  // namespace lazuli
