#pragma once
#include "lazuli/core/described.h"
#include "lazuli/core/factory.h"

namespace lazuli {

struct HistogramOptions {
  std::optional<std::vector<double>> range = {};
  OptionalTensor weight = {};
  bool density = false;
  template <class O = HistogramOptions>
  static constexpr auto members() {
    return Members{member("range", &O::range), member("weight", &O::weight), member("density", &O::density)};
  }
};
/// How many elements, or what sum of `weight`, fall into each of `bins` equal parts of `range` (two numbers; none: the least and greatest element), and the bins + 1 edges.
/// The last part includes its upper edge; elements outside are not counted. `density` divides by the sum and by each part's width.
HistogramResult histogram(const Tensor& self, int64_t bins, HistogramOptions options = {});
/// The same with the given ascending edges.
HistogramResult histogram(const Tensor& self, const Tensor& edges, const OptionalTensor& weight = {}, bool density = false);
HistogramResult histogram(...) = delete;  // histogram(x, bins, {.range, .weight, .density}) or histogram(x, edges, [weight], [density])
/// Of points: the last dimension of self holds coordinates, with a number of parts, or edges, for each; `range` has two numbers for each. The edges follow as a list.
HistogramddResult histogramdd(const Tensor& self, const Shape& bins, HistogramOptions options = {});
HistogramddResult histogramdd(const Tensor& self, const std::vector<Tensor>& edges, const OptionalTensor& weight = {}, bool density = false);
HistogramddResult histogramdd(...) = delete;  // (x, bins, {.range, .weight, .density}) or (x, edges, [weight], [density])

}  // namespace lazuli
