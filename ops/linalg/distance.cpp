#include "lazuli/ops/linalg/distance.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {
// Differences and squares of halves need float32: `f` is given the operands at that, and its result is stored as what they are.
template <class F>
Tensor at_float32(const Tensor& a, const Tensor& b, F f) {
  DType dtype = result_type(a, b);
  if (dtype != kFloat16 && dtype != kBFloat16) return f(a, b);
  return to(f(to(a, kFloat32), to(b, kFloat32)), dtype);
}

// Of rows of differences, along the last dimension. That of order 0 counts in steps, whose gradient is 0 and not none.
Tensor length(const Tensor& difference, double p) { return p == 0 ? sum(abs(sgn(difference)), -1) : linalg::vector_norm(difference, p, -1); }
}  // namespace

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim, double eps) {
  if (const Casting cast{Cast::Float32OnGpu, x1, x2}) return cosine_similarity(cast(x1), cast(x2), dim, eps);
  need_defined("cosine_similarity", x1, "x1", x2, "x2");
  DType dtype = result_type(x1, x2);
  if (!is_floating_point(dtype)) fail(ErrorKind::Type, "cosine_similarity", "x1 and x2", "a floating point dtype", name(dtype));
  Shape sizes = broadcast_shapes(x1.sizes(), x2.sizes(), "cosine_similarity");
  if (dtype == kFloat16 || dtype == kBFloat16)
    return at_float32(x1, x2, [&](const Tensor& a, const Tensor& b) { return cosine_similarity(a, b, dim, eps); });
  auto unit = [&](const Tensor& t) {
    Tensor x = to(t, dtype).expand(sizes), size = norm(x, 2, dim, true).clone();  // the limit does not stop the gradient
    {
      no_grad unrecorded;
      clamp_min_(size, Scalar(eps));
    }
    return x / size;
  };
  return sum(unit(x1) * unit(x2), dim);
}

Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, PairwiseDistanceOptions options) {
  check_members("pairwise_distance", options);
  need_defined("pairwise_distance", x1, "x1", x2, "x2");
  return at_float32(x1, x2, [&](const Tensor& a, const Tensor& b) {
    return norm(a - b + Scalar(options.eps), {.p = options.p, .dim = -1, .keepdim = options.keepdim});
  });
}

Tensor cdist(const Tensor& x1, const Tensor& x2, double p) {
  if (const Casting cast{Cast::Float32, x1, x2}) return cdist(cast(x1), cast(x2), p);
  need_defined("cdist", x1, "x1", x2, "x2");
  for (const Tensor* t : {&x1, &x2}) {
    if (!t->is_floating_point()) fail(ErrorKind::Type, "cdist", t == &x1 ? "x1" : "x2", "a floating point dtype", name(t->dtype()));
    if (t->dim() < 2) fail("cdist", t == &x1 ? "x1" : "x2", "at least two dimensions", "sizes " + to_string(t->sizes()));
  }
  int64_t m = x1.sizes().back();
  if (x2.sizes().back() != m) fail("cdist", "x2", "rows of " + std::to_string(m) + " elements, as x1 has", "sizes " + to_string(x2.sizes()));
  if (!(p >= 0)) fail("cdist", "p", "a number that is not negative", std::to_string(p));
  return at_float32(x1, x2, [&](const Tensor& a, const Tensor& b) {
    Tensor difference = a.unsqueeze(-2) - b.unsqueeze(-3);
    return m ? length(difference, p) : sum(difference, -1);
  });
}

Tensor pdist(const Tensor& self, double p) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return pdist(cast(self), p);
  need_defined("pdist", self);
  if (self.dim() != 2) fail("pdist", "self", "two dimensions", "sizes " + to_string(self.sizes()));
  if (!self.is_floating_point()) fail(ErrorKind::Type, "pdist", "self", "a floating point dtype", name(self.dtype()));
  int64_t n = self.sizes()[0];
  if (n < 2) return sum(self, 1).narrow(0, 0, 0);
  Tensor pairs = triu_indices(n, n, 1, {.device = self.device()});
  return at_float32(self, self, [&](const Tensor& a, const Tensor&) {
    return length(index_select(a, 0, pairs.select(0, 0)) - index_select(a, 0, pairs.select(0, 1)), p);
  });
}

void register_distance(OpTable& table) {
  table.add("cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor", &cosine_similarity);
  table.add("pairwise_distance(Tensor x1, Tensor x2, float p=2.0, float eps=1e-06, bool keepdim=False) -> Tensor", &pairwise_distance);
  table.add(
      "cdist(Tensor x1, Tensor x2, float p=2.0, str? compute_mode=None) -> Tensor",
      +[](const Tensor& x1, const Tensor& x2, double p, std::optional<std::string_view>) { return cdist(x1, x2, p); });
  table.add("pdist(Tensor self, float p=2.0) -> Tensor", &pdist);
}

}  // namespace lazuli
