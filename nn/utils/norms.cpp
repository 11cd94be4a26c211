#include "lazuli/nn/utils/norms.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/nn/convolution.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn::utils::detail {

Tensor norm_except(const Tensor& v, std::optional<int64_t> dim) {
  if (!dim) return linalg::vector_norm(v, 2.0);
  const int64_t kept = *dim < 0 ? *dim + v.dim() : *dim;
  if (kept < 0 || kept >= v.dim()) fail(ErrorKind::Index, "weight_norm", "dim", "a dimension of sizes " + to_string(v.sizes()), std::to_string(*dim));
  DimList others;
  for (int64_t i = 0; i < v.dim(); ++i)
    if (i != kept) others.push_back(i);
  return others.empty() ? v.abs() : linalg::vector_norm(v, 2.0, others, true);
}
Tensor weight_of(const Tensor& g, const Tensor& v, std::optional<int64_t> dim) { return v * (g / norm_except(v, dim)); }

Tensor rows_of(const Tensor& weight, int64_t dim) {
  const Tensor first = dim == 0 ? weight : weight.movedim(dim, 0);
  return first.flatten(1);
}
void power_method(const Tensor& matrix, Tensor u, Tensor v, int64_t steps, double eps) {
  no_grad guard;
  for (int64_t i = 0; i < steps; ++i) {
    u.copy_(normalize(mv(matrix, v), {.dim = 0, .eps = eps}));
    v.copy_(normalize(mv(matrix.mH(), u), {.dim = 0, .eps = eps}));
  }
}
Tensor sigma_of(const Tensor& matrix, const Tensor& u, const Tensor& v) { return vdot(u, mv(matrix, v)); }
int64_t spectral_rows(const Module& module, const Tensor& weight, std::optional<int64_t> dim, int64_t n_power_iterations) {
  if (n_power_iterations < 1) fail("spectral_norm", "n_power_iterations", "at least 1", std::to_string(n_power_iterations));
  const int64_t rows = dim ? *dim : dynamic_cast<const ConvTranspose*>(&module) ? 1 : 0;
  if (rows < -weight.dim() || rows >= weight.dim())
    fail(ErrorKind::Index, "spectral_norm", "dim", "a dimension of sizes " + to_string(weight.sizes()), std::to_string(rows));
  return rows < 0 ? rows + weight.dim() : rows;
}

}  // namespace lazuli::nn::utils::detail
