#include "lazuli/ops/linalg/covariance.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/matmul_support.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

void check_weights(const char* argument, const Tensor& w, int64_t observations) {
  if (w.dim() > 1 || w.numel() != observations)
    fail("cov", argument, "a weight for each of " + std::to_string(observations) + " observations", "sizes " + to_string(w.sizes()));
  need_values(ErrorKind::Argument, "cov", argument, "weights that are not negative", w, w.detach() >= Scalar(0));
}

}  // namespace

Tensor with_options::cov(const Tensor& self, CovOptions options) {
  need_defined("cov", self);
  const auto& [correction, fweights, aweights] = options;
  if (self.dim() > 2) fail("cov", "self", "at most two dimensions", "sizes " + to_string(self.sizes()));
  if (self.dtype() == kBool) fail(ErrorKind::Type, "cov", "self", "numbers", "bool");
  Tensor in = self.dim() < 2 ? self.reshape({1, self.numel()}) : self, w;
  int64_t observations = in.sizes()[1];
  if (fweights && fweights->defined()) {
    if (!is_integral(fweights->dtype()) || fweights->dtype() == kBool) fail(ErrorKind::Type, "cov", "fweights", "integers", name(fweights->dtype()));
    check_weights("fweights", *fweights, observations);
    w = *fweights;
  }
  bool weighted = aweights && aweights->defined();
  if (weighted) {
    if (!aweights->is_floating_point()) fail(ErrorKind::Type, "cov", "aweights", "a floating point dtype", name(aweights->dtype()));
    check_weights("aweights", *aweights, observations);
    w = w.defined() ? w * *aweights : *aweights;
  }
  Tensor total = w.defined() ? sum(w) : Tensor();
  if (w.defined() && observations && !w.device().is_meta())
    host_function("cov", {}, {batching::all_samples(total).abs().amin()}, [](std::span<Tensor>, std::span<const Tensor> in) {
      if (in[0].item<double>() == 0) fail("cov", "weights", "a sum above 0", "0");
    });
  Tensor sums = sum(w.defined() ? in * w : in, 1), mean = sums / Scalar(observations);
  if (w.defined()) mean = sums / sum(to(w, sums.dtype()));  // not by `total`, which may have fewer digits: PyTorch's factor, but not its mean
  Tensor centred = in - mean.unsqueeze(1), scaled = w.defined() ? to(centred * w, centred.dtype()) : centred;
  Tensor product = mm(centred, product::adjoint(scaled));
  if (!w.defined()) return (product / Scalar(std::max<int64_t>(observations - correction, 0))).squeeze();
  Tensor freedom = weighted && correction != 0 ? total - sum(w * *aweights) * Scalar(correction) / total : total - Scalar(correction);
  return (product / clamp_min(freedom, Scalar(0))).squeeze();
}

Tensor corrcoef(const Tensor& self) {
  need_defined("corrcoef", self);
  if (self.dim() > 2) fail("corrcoef", "self", "at most two dimensions", "sizes " + to_string(self.sizes()));
  Tensor c = cov(self);
  if (c.dim() == 0) return c / c;
  Tensor variance = diagonal(c), deviation = sqrt(variance.is_complex() ? real(variance) : variance);
  c = c / deviation.unsqueeze(1) / deviation;
  if (!c.is_complex()) return clamp(c, Scalar(-1), Scalar(1));
  return complex(clamp(real(c), Scalar(-1), Scalar(1)), clamp(imag(c), Scalar(-1), Scalar(1)));
}

void register_covariance(OpTable& table) {
  table.add("cov(Tensor self, *, int correction=1, Tensor? fweights=None, Tensor? aweights=None) -> Tensor", &with_options::cov);
  table.add("corrcoef(Tensor self) -> Tensor", &corrcoef);
}

}  // namespace lazuli
