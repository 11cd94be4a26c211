#include "lazuli/ops/shape/finite_difference.h"

#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

// The dimensions in the order given; as many spacings.
Shape chosen(const Tensor& self, const DimList& dims, size_t spacings, bool single, int64_t edge_order) {
  if (edge_order != 1 && edge_order != 2) fail("gradient", "edge_order", "1 or 2", std::to_string(edge_order));
  Shape all;
  for (int64_t i = 0; i < self.dim(); ++i) all.push_back(i);
  reduction::mask_of(dims, self.dim(), "gradient");
  Shape d = dims.empty() ? all : wrap_dims(dims, self.dim(), "gradient");
  if (!single && spacings != size_t(d.size()))
    fail("gradient", "spacing", "one for each of " + std::to_string(d.size()) + " dimensions", std::to_string(spacings));
  for (int64_t i : d)
    if (self.sizes()[i] <= edge_order)
      fail("gradient", "self", "more than " + std::to_string(edge_order) + " samples along each dimension", "sizes " + to_string(self.sizes()));
  return d;
}

// (f[i+1] - f[i-1]) / 2h inside.
Tensor along(const Tensor& f, int64_t d, double h, int64_t edge_order) {
  int64_t n = f.sizes()[d];
  auto at = [&](int64_t i) { return f.narrow(d, i, 1); };
  Tensor first, last, inside = (f.narrow(d, n > 2 ? 2 : 0, n - 2) - f.narrow(d, 0, n - 2)) / Scalar(2 * h);
  if (edge_order == 1) {
    first = (at(1) - at(0)) / Scalar(h), last = (at(n - 1) - at(n - 2)) / Scalar(h);
  } else {
    first = (at(0) * Scalar(-1.5) + at(1) * Scalar(2) - at(2) * Scalar(0.5)) / Scalar(h);
    last = (at(n - 1) * Scalar(1.5) - at(n - 2) * Scalar(2) + at(n - 3) * Scalar(0.5)) / Scalar(h);
  }
  return cat({first, inside, last}, d);
}

// With coordinates x; weights of the parabola through three neighbours (Fornberg, 1988).
Tensor along(const Tensor& f, int64_t d, const Tensor& x, int64_t edge_order) {
  int64_t n = f.sizes()[d];
  if (x.dim() != 1 || x.numel() != n)
    fail("gradient", "spacing", "a coordinate for each of " + std::to_string(n) + " samples", "sizes " + to_string(x.sizes()));
  Shape sizes = Shape::filled(f.dim(), 1);
  sizes[d] = n - 1;
  Tensor step = (x.narrow(0, 1, n - 1) - x.narrow(0, 0, n - 1)).reshape(sizes);
  auto at = [&](int64_t i) { return f.narrow(d, i, 1); };
  auto h = [&](int64_t i) { return step.narrow(d, i, 1); };
  Tensor first = (at(1) - at(0)) / h(0), last = (at(n - 1) - at(n - 2)) / h(n - 2);
  if (n < 3) return cat({first, last}, d);
  Tensor before = step.narrow(d, 0, n - 2), behind = step.narrow(d, 1, n - 2);
  Tensor inside = -f.narrow(d, 0, n - 2) * behind / (before * (before + behind)) + f.narrow(d, 1, n - 2) * (behind - before) / (before * behind) +
                  f.narrow(d, 2, n - 2) * before / (behind * (before + behind));
  if (edge_order == 2) {
    Tensor a = h(0), b = h(1), y = h(n - 3), z = h(n - 2);
    first = -at(0) * (a * Scalar(2) + b) / (a * (a + b)) + at(1) * (a + b) / (a * b) - at(2) * a / (b * (a + b));
    last = at(n - 3) * z / (y * (y + z)) - at(n - 2) * (y + z) / (y * z) + at(n - 1) * (y + z * Scalar(2)) / (z * (y + z));
  }
  return cat({first, inside, last}, d);
}

}  // namespace

std::vector<Tensor> gradient(const Tensor& self, const std::vector<double>& spacing, const DimList& dims, int64_t edge_order) {
  need_defined("gradient", self);
  Shape d = chosen(self, dims, spacing.size(), spacing.size() == 1, edge_order);
  std::vector<Tensor> out;
  for (int64_t i = 0; i < d.size(); ++i) out.push_back(along(self, d[i], spacing[spacing.size() == 1 ? 0 : size_t(i)], edge_order));
  return out;
}

std::vector<Tensor> gradient(const Tensor& self, const std::vector<Tensor>& spacing, const DimList& dims, int64_t edge_order) {
  need_defined("gradient", self);
  need_defined("gradient", spacing, "spacing");
  Shape d = chosen(self, dims, spacing.size(), false, edge_order);
  std::vector<Tensor> out;
  for (int64_t i = 0; i < d.size(); ++i) out.push_back(along(self, d[i], spacing[size_t(i)], edge_order));
  return out;
}

void register_finite_difference(OpTable& table) {
  using ByTensors = std::vector<Tensor> (*)(const Tensor&, const std::vector<Tensor>&, const DimList&, int64_t);
  table.add(
      "gradient(Tensor self, *, float? spacing=None, int[]? dim=None, int edge_order=1) -> Tensor[]",
      +[](const Tensor& self, std::optional<double> h, const DimList& dims, int64_t edge_order) {
        return gradient(self, std::vector<double>{h.value_or(1)}, dims, edge_order);
      });
  table.add(
      "gradient(Tensor self, *, float[] spacing, int[]? dim=None, int edge_order=1) -> Tensor[]",
      +[](const Tensor& self, const std::vector<double>& h, const DimList& dims, int64_t edge_order) {
        need_defined("gradient", self);
        int64_t count = dims.empty() ? self.dim() : dims.size();
        if (int64_t(h.size()) != count)
          fail("gradient", "spacing", "one for each of " + std::to_string(count) + " dimensions", std::to_string(h.size()));
        return gradient(self, h, dims, edge_order);
      });
  table.add("gradient(Tensor self, *, Tensor[] spacing, int[]? dim=None, int edge_order=1) -> Tensor[]", static_cast<ByTensors>(&gradient));
}

}  // namespace lazuli
