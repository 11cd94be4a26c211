#include "lazuli/ops/linalg/distance.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
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

// sgn(x) |x|^(p-1) / length^(p-1), by which a length grows with x; 0 where it is 0, with every derivative. Of equal greatest parts each counts wholly.
Tensor growth(const Tensor& x, const Tensor& length, double p) {
  if (p == 1) return sgn(x);
  if (std::isinf(p)) return sgn(x) * (abs(x.detach()) == length.detach());
  const Tensor none = length.detach() == Scalar(0), safe = masked_fill(length, none, Scalar(1));
  if (p == 2) return masked_fill(x / safe, none, Scalar(0));
  return sgn(x) * pow(masked_fill(abs(x), x.detach() == Scalar(0), Scalar(1)), Scalar(p - 1)) * pow(safe, Scalar(1 - p));
}

// Of rows of differences, along the last dimension. That of order 0 counts in steps, whose gradient is 0 and not none.
Tensor length(const Tensor& difference, double p) {
  if (p == 0) return sum(abs(sgn(difference)), -1);
  Tensor out = linalg::vector_norm(difference.detach(), p, -1);
  if (auto tape = Tape::recording(difference))
    tape.record("cdist", out, [x = tape.save(difference), y = tape.save_output(out), p](const Tensor& grad, Needs) {
      return Grads{grad.unsqueeze(-1) * growth(x.get(), y.get().unsqueeze(-1), p)};
    });
  return out;
}

// From so many rows on either side PyTorch takes Euclidean distances by products.
bool many_rows(const Tensor& a, const Tensor& b) { return a.dtype() == b.dtype() && a.size(-1) > 0 && (a.size(-2) > 25 || b.size(-2) > 25); }

// |a - b|^2 = |a|^2 - 2 a b + |b|^2, as one product: [-2 a, |a|^2, 1] [b, 1, |b|^2]^T.
Tensor by_products(const Tensor& x1, const Tensor& x2) {
  Tensor out;
  {
    no_grad unrecorded;
    const Tensor a = x1.detach(), b = x2.detach(), squares_a = sum(square(a), -1, true), squares_b = sum(square(b), -1, true);
    const Tensor left = cat({a * Scalar(-2), squares_a, ones_like(squares_a)}, -1), right = cat({b, ones_like(squares_b), squares_b}, -1);
    out = matmul(left, right.transpose(-2, -1));
    clamp_min_(out, Scalar(0));
    sqrt_(out);
  }
  if (auto tape = Tape::recording(x1, x2))
    tape.record("cdist", out, [x1 = tape.save(x1), x2 = tape.save(x2), y = tape.save_output(out)](const Tensor& grad, Needs needs) {
      const Tensor a = x1.get(), b = x2.get(), distance = y.get(), none = distance.detach() == Scalar(0),
                   g = masked_fill(grad / masked_fill(distance, none, Scalar(1)), none, Scalar(0));
      return Grads{needs[0] ? a * sum(g, -1, true) - matmul(g, b) : Tensor(),
                   needs[1] ? b * sum(g, -2).unsqueeze(-1) - matmul(g.transpose(-2, -1), a) : Tensor()};
    });
  return out;
}

// A piece of the rows of `a` at a time where the differences of all would leave the cache.
Tensor by_differences(const Tensor& a, const Tensor& b, double p) {
  constexpr int64_t kCached = 1 << 16;
  const int64_t rows = a.size(-2), each = b.numel();
  const auto distances = [&](const Tensor& some) {
    const Tensor difference = some.unsqueeze(-2) - b.unsqueeze(-3);
    return difference.size(-1) ? length(difference, p) : sum(difference, -1);
  };
  if (a.dim() != 2 || b.dim() != 2 || rows < 2 || rows * each <= 2 * kCached || a.device().is_meta() || Tape::recording(a, b)) return distances(a);
  std::vector<Tensor> pieces;
  for (int64_t step = std::max<int64_t>(1, kCached / each), first = 0; first < rows; first += step)
    pieces.push_back(distances(a.narrow(-2, first, std::min(step, rows - first))));
  return cat(pieces, -2);
}
}  // namespace

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim, double eps) {
  if (const Casting cast{Cast::Float32OnGpu, x1, x2}) return cosine_similarity(cast(x1), cast(x2), dim, eps);
  need_defined("cosine_similarity", x1, "x1", x2, "x2");
  const Device device = common_device("cosine_similarity", {&x1, &x2});
  DType dtype = result_type(x1, x2);
  if (!is_floating_point(dtype)) fail(ErrorKind::Type, "cosine_similarity", "x1 and x2", "a floating point dtype", name(dtype));
  Shape sizes = broadcast_shapes(x1.sizes(), x2.sizes(), "cosine_similarity");
  if (dtype == kFloat16 || dtype == kBFloat16)
    return at_float32(x1, x2, [&](const Tensor& a, const Tensor& b) { return cosine_similarity(a, b, dim, eps); });
  auto unit = [&](const Tensor& t) {
    Tensor x = t.to(device, dtype).expand(sizes), size = norm(x, 2, dim, true).clone();  // the limit does not stop the gradient
    {
      no_grad unrecorded;
      clamp_min_(size, Scalar(eps));
    }
    return x / size;
  };
  return sum(unit(x1) * unit(x2), dim);
}

Tensor with_options::pairwise_distance(const Tensor& x1, const Tensor& x2, PairwiseDistanceOptions options) {
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
  return at_float32(x1, x2,
                    [&](const Tensor& a, const Tensor& b) { return p == 2 && many_rows(a, b) ? by_products(a, b) : by_differences(a, b, p); });
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
  table.add("pairwise_distance(Tensor x1, Tensor x2, float p=2.0, float eps=1e-06, bool keepdim=False) -> Tensor", &with_options::pairwise_distance);
  table.add(
      "cdist(Tensor x1, Tensor x2, float p=2.0, str? compute_mode=None) -> Tensor",
      +[](const Tensor& x1, const Tensor& x2, double p, std::optional<std::string_view>) { return cdist(x1, x2, p); });
  table.add("pdist(Tensor self, float p=2.0) -> Tensor", &pdist);
}

}  // namespace lazuli
