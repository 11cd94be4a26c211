#include "lazuli/ops/distance.h"

#include "lazuli/core/error.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/ops/copy.h"
#include "lazuli/ops/families.h"
#include "lazuli/ops/norm.h"
#include "lazuli/ops/operators.h"
#include "lazuli/ops/promotion.h"
#include "lazuli/ops/reduction.h"
#include "lazuli/ops/registry.h"
#include "lazuli/ops/ternary.h"

namespace lazuli {

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim, double eps) {
  DType dtype = result_type(x1, x2);
  if (!is_floating_point(dtype)) fail(ErrorKind::Type, "cosine_similarity", "x1 and x2", "a floating point dtype", name(dtype));
  Shape sizes = broadcast_shapes(x1.sizes(), x2.sizes(), "cosine_similarity");
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

Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p, double eps, bool keepdim) { return norm(x1 - x2 + Scalar(eps), p, -1, keepdim); }

void register_distance(OpTable& table) {
  table.add("cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor", &cosine_similarity);
  table.add("pairwise_distance(Tensor x1, Tensor x2, float p=2.0, float eps=1e-06, bool keepdim=False) -> Tensor", &pairwise_distance);
}

}  // namespace lazuli
