#include "lazuli/ops/reduce/histogram.h"

#include <cmath>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/index/sort.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using Range = std::optional<std::vector<double>>;

void check_input(const char* op, const Tensor& self) {
  if (self.dtype() != kFloat32 && self.dtype() != kFloat64) fail(ErrorKind::Type, op, "self", "a float32 or float64 tensor", name(self.dtype()));
  if (self.device().is_meta()) fail(ErrorKind::NotSupported, op, "self", "a tensor with data", "one on the meta device");
}

// Evenly spaced from the least to the greatest value, or over the range; `column` has its history, of which the ends are all that matters.
Tensor edges_of(const char* op, const Tensor& column, int64_t bins, const Range& range, size_t dim) {
  if (bins < 1) fail(op, "bins", "positive numbers", std::to_string(bins));
  double low = 0, high = 1;
  Tensor least, greatest;
  if (range) low = (*range)[2 * dim], high = (*range)[2 * dim + 1];
  else if (column.numel()) least = amin(column), greatest = amax(column), low = least.item<double>(), high = greatest.item<double>();
  if (!std::isfinite(low) || !std::isfinite(high)) fail(op, "range", "finite numbers", std::to_string(low) + " and " + std::to_string(high));
  if (low > high) fail(op, "range", "an upper bound not below the lower one", std::to_string(low) + " and " + std::to_string(high));
  if (low == high) low -= 0.5, high += 0.5;
  if (bins == INT64_MAX) fail(ErrorKind::Memory, op, "bins", "a number of bins that fits memory", std::to_string(bins));
  Tensor edges = linspace(low, high, bins + 1, {.dtype = column.dtype(), .device = column.device()});
  if (auto tape = Tape::recording(least, greatest))
    tape.record(op, edges, [bins](const Tensor& grad, Needs) {
      const Tensor share = linspace(0, 1, bins + 1, {.dtype = grad.dtype(), .device = grad.device()});
      return Grads{sum(mul(grad, rsub(share, 1))), sum(mul(grad, share))};
    });
  return edges;
}

// `points` [n, d] without history, edges of each coordinate, weights [n] or undefined. Counts change with the weights, densities with the edges too.
Tensor counted(const char* op, const Tensor& points, const std::vector<Tensor>& edges, const OptionalTensor& weight, const Shape& weight_sizes,
               bool density) {
  Tensor weights = weight && weight->defined() ? *weight : Tensor();
  if (weights.defined()) {
    if (!(weights.sizes() == weight_sizes)) fail(op, "weight", "sizes " + to_string(weight_sizes), to_string(weights.sizes()));
    if (weights.dtype() != points.dtype())
      fail(ErrorKind::Type, op, "weight", "the dtype of self, " + std::string(name(points.dtype())), name(weights.dtype()));
    weights = reshape(weights, {-1});
  }
  int64_t n = points.sizes()[0];
  Shape sizes;
  Tensor inside, place, hist;
  {
    const no_grad unrecorded;
    inside = ones({n}, kBool, points.device()), place = zeros({n}, kInt64, points.device());
    for (size_t d = 0; d < edges.size(); ++d) {
      const Tensor& e = edges[d];
      if (e.dim() != 1 || e.numel() < 2) fail(op, "bins", "1-d tensors of at least 2 edges", to_string(e.sizes()));
      if (e.dtype() != points.dtype())
        fail(ErrorKind::Type, op, "bins", "edges of the dtype of self, " + std::string(name(points.dtype())), name(e.dtype()));
      int64_t bins = e.numel() - 1;
      Tensor x = select(points, 1, int64_t(d));
      inside = logical_and(inside, logical_and(ge(x, select(e, 0, 0)), le(x, select(e, 0, -1))));
      Tensor at = sub(searchsorted(e, x, {.right = true}), 1);
      place = add(mul(place, bins), minimum(at, full({}, bins - 1, kInt64, at.device())));
      sizes.push_back(bins);
    }
    hist = bincount(masked_select(place, inside), weights.defined() ? OptionalTensor(masked_select(weights, inside)) : none, sizes.numel());
    hist = reshape(to(hist, points.dtype()), sizes);
  }
  if (auto tape = Tape::recording(weights))
    tape.record(op, hist, [inside, place = where(inside, place, 0)](const Tensor& grad, Needs) {
      return Grads{where(inside, index_select(reshape(grad, {-1}), 0, place), 0)};
    });
  if (!density) return hist;
  hist = div(hist, sum(hist));
  for (int64_t d = 0; d < sizes.size(); ++d) {
    Shape one = Shape::filled(sizes.size(), 1);
    one[d] = sizes[d];
    const Tensor& e = edges[size_t(d)];
    hist = div(hist, reshape(sub(slice(e, 0, 1), slice(e, 0, 0, -1)), one));
  }
  return hist;
}

}  // namespace

HistogramResult histogram(const Tensor& self, int64_t bins, HistogramOptions options) {
  need_defined("histogram", self);
  const auto& [range, weight, density] = options;
  check_input("histogram", self);
  if (range && range->size() != 2) fail("histogram", "range", "two numbers", std::to_string(range->size()));
  const Tensor x = reshape(self, {-1}), edges = edges_of("histogram", x, bins, range, 0);
  return {counted("histogram", unsqueeze(x.detach(), 1), {edges}, weight, self.sizes(), density), edges};
}
HistogramResult histogram(const Tensor& self, const Tensor& edges, const OptionalTensor& weight, bool density) {
  need_defined("histogram", self, "self", edges, "bins");
  check_input("histogram", self);
  return {counted("histogram", reshape(self.detach(), {-1, 1}), {edges}, weight, self.sizes(), density), edges};
}

namespace {
Tensor points_of(const Tensor& self, int64_t coordinates) {
  check_input("histogramdd", self);
  if (self.dim() < 2) fail("histogramdd", "self", "at least 2 dimensions", to_string(self.sizes()));
  if (self.sizes().back() != coordinates)
    fail("histogramdd", "bins", "one entry for each of the " + std::to_string(self.sizes().back()) + " coordinates of self",
         std::to_string(coordinates));
  return reshape(self, {-1, coordinates});
}
Shape without_last(const Tensor& self) {
  Shape s = self.sizes();
  s.erase(s.size() - 1);
  return s;
}
}  // namespace

HistogramddResult histogramdd(const Tensor& self, const Shape& bins, HistogramOptions options) {
  need_defined("histogramdd", self);
  const auto& [range, weight, density] = options;
  const Tensor points = points_of(self, bins.size());
  if (range && int64_t(range->size()) != 2 * bins.size())
    fail("histogramdd", "range", "two numbers for each coordinate", std::to_string(range->size()));
  std::vector<Tensor> edges;
  for (int64_t d = 0; d < bins.size(); ++d) edges.push_back(edges_of("histogramdd", select(points, 1, d), bins[d], range, size_t(d)));
  return {counted("histogramdd", points.detach(), edges, weight, without_last(self), density), edges};
}
HistogramddResult histogramdd(const Tensor& self, const std::vector<Tensor>& edges, const OptionalTensor& weight, bool density) {
  need_defined("histogramdd", self);
  need_defined("histogramdd", edges, "bins");
  const Tensor points = points_of(self.detach(), int64_t(edges.size()));
  return {counted("histogramdd", points, edges, weight, without_last(self), density), edges};
}

void register_histogram(OpTable& table) {
  table.add("histogram(Tensor self, int bins, *, float[]? range=None, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)",
            static_cast<HistogramResult (*)(const Tensor&, int64_t, HistogramOptions)>(&histogram));
  table.add("histogram(Tensor self, Tensor bins, *, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)",
            static_cast<HistogramResult (*)(const Tensor&, const Tensor&, const OptionalTensor&, bool)>(&histogram));
  table.add(
      "histogramdd(Tensor self, int[] bins, *, float[]? range=None, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor[] bin_edges)",
      static_cast<HistogramddResult (*)(const Tensor&, const Shape&, HistogramOptions)>(&histogramdd));
  table.add("histogramdd(Tensor self, Tensor[] bins, *, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor[] bin_edges)",
            static_cast<HistogramddResult (*)(const Tensor&, const std::vector<Tensor>&, const OptionalTensor&, bool)>(&histogramdd));
}

}  // namespace lazuli
