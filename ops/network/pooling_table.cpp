// The schema lines of pooling: arguments as PyTorch has them, where results depend on `return_indices` and sizes may be None.
#include "lazuli/ops/network/pooling.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {
using Shapes = const Shape&;
using MaybeShape = const std::optional<Shape>&;
using Both = std::tuple<Tensor, Tensor>;

Value both(const Both& pooled) { return std::vector<Tensor>{std::get<0>(pooled), std::get<1>(pooled)}; }

template <Tensor (*pool)(const Tensor&, Shapes, MaxPoolFunctionOptions), Both (*with_indices)(const Tensor&, Shapes, MaxPoolFunctionOptions)>
Value max_by_name(const Tensor& self, Shapes k, MaybeShape s, Shapes p, Shapes d, bool ceil_mode, bool indices) {
  const MaxPoolFunctionOptions o{.stride = s ? *s : Shape(), .padding = p, .dilation = d, .ceil_mode = ceil_mode};
  return indices ? both(with_indices(self, k, o)) : pool(self, k, o);
}
template <Both (*function)(const Tensor&, Shapes, MaxPoolFunctionOptions)>
Both max_with_indices_by_name(const Tensor& self, Shapes k, MaybeShape s, Shapes p, Shapes d, bool ceil_mode) {
  return function(self, k, {.stride = s ? *s : Shape(), .padding = p, .dilation = d, .ceil_mode = ceil_mode});
}
template <Tensor (*function)(const Tensor&, const Tensor&, Shapes, MaxUnpoolFunctionOptions)>
Tensor unpool_by_name(const Tensor& self, const Tensor& indices, Shapes k, MaybeShape s, Shapes p, MaybeShape output_size) {
  return function(self, indices, k, {.stride = s ? *s : Shape(), .padding = p, .output_size = output_size});
}
Tensor average_line_by_name(const Tensor& self, Shapes k, MaybeShape s, Shapes p, bool ceil_mode, bool count_include_pad) {
  return avg_pool1d(self, k, {.stride = s ? *s : Shape(), .padding = p, .ceil_mode = ceil_mode, .count_include_pad = count_include_pad});
}
template <Tensor (*function)(const Tensor&, Shapes, AvgPoolOptions)>
Tensor average_by_name(const Tensor& self, Shapes k, MaybeShape s, Shapes p, bool ceil_mode, bool count_include_pad, std::optional<int64_t> divisor) {
  return function(
      self, k,
      {.stride = s ? *s : Shape(), .padding = p, .ceil_mode = ceil_mode, .count_include_pad = count_include_pad, .divisor_override = divisor});
}
template <Tensor (*function)(const Tensor&, double, Shapes, LPPoolOptions)>
Tensor lp_by_name(const Tensor& self, double p, Shapes k, MaybeShape s, bool ceil_mode) {
  return function(self, p, k, {.stride = s ? *s : Shape(), .ceil_mode = ceil_mode});
}
AdaptiveSize adaptive_size(const Value& value) {
  AdaptiveSize size;
  from_value(value, size);
  return size;
}
template <auto pool, auto with_indices>
Value adaptive_max_by_name(const Tensor& self, const Value& size, bool indices) {
  return indices ? both(with_indices(self, adaptive_size(size))) : pool(self, adaptive_size(size));
}
template <auto function>
auto adaptive_by_name(const Tensor& self, const Value& size) {
  return function(self, adaptive_size(size));
}
FractionalMaxPoolFunctionOptions fractional_options(MaybeShape size, const Value& ratio, const OptionalTensor& samples) {
  FractionalMaxPoolFunctionOptions o{.output_size = size, ._random_samples = samples};
  if (!ratio.is_none()) from_value(ratio, o.output_ratio.emplace());
  return o;
}
template <auto pool, auto with_indices>
Value fractional_by_name(const Tensor& self, Shapes k, MaybeShape size, const Value& ratio, bool indices, const OptionalTensor& samples) {
  const FractionalMaxPoolFunctionOptions o = fractional_options(size, ratio, samples);
  return indices ? both(with_indices(self, k, o)) : pool(self, k, o);
}
template <auto with_indices>
Both fractional_with_indices_by_name(const Tensor& self, Shapes k, MaybeShape size, const Value& ratio, bool, const OptionalTensor& samples) {
  return with_indices(self, k, fractional_options(size, ratio, samples));
}

}  // namespace

void register_pooling(OpTable& table) {
  table.add(
      "max_pool1d(Tensor self, int[1] kernel_size, int[1]? stride=None, int[1] padding=0, int[1] dilation=1, bool "
      "ceil_mode=False, bool return_indices=False) -> Any",
      &max_by_name<&with_options::max_pool1d, &with_options::max_pool1d_with_indices>);
  table.add(
      "max_pool1d_with_indices(Tensor self, int[1] kernel_size, int[1]? stride=None, int[1] padding=0, int[1] dilation=1, bool "
      "ceil_mode=False) -> (Tensor, Tensor)",
      &max_with_indices_by_name<&with_options::max_pool1d_with_indices>);
  table.add(
      "max_unpool1d(Tensor self, Tensor indices, int[1] kernel_size, int[1]? stride=None, int[1] padding=0, int[]? "
      "output_size=None) -> Tensor",
      &unpool_by_name<&with_options::max_unpool1d>);
  table.add(
      "avg_pool1d(Tensor self, int[1] kernel_size, int[1]? stride=None, int[1] padding=0, bool ceil_mode=False, bool "
      "count_include_pad=True) -> Tensor",
      &average_line_by_name);
  table.add("lp_pool1d(Tensor self, float norm_type, int[1] kernel_size, int[1]? stride=None, bool ceil_mode=False) -> Tensor",
            &lp_by_name<&with_options::lp_pool1d>);
  table.add("adaptive_max_pool1d(Tensor self, Any output_size, bool return_indices=False) -> Any",
            &adaptive_max_by_name<&adaptive_max_pool1d, &adaptive_max_pool1d_with_indices>);
  table.add("adaptive_max_pool1d_with_indices(Tensor self, Any output_size) -> (Tensor, Tensor)",
            &adaptive_by_name<&adaptive_max_pool1d_with_indices>);
  table.add("adaptive_avg_pool1d(Tensor self, Any output_size) -> Tensor", &adaptive_by_name<&adaptive_avg_pool1d>);
  table.add(
      "max_pool2d(Tensor self, int[2] kernel_size, int[2]? stride=None, int[2] padding=0, int[2] dilation=1, bool "
      "ceil_mode=False, bool return_indices=False) -> Any",
      &max_by_name<&with_options::max_pool2d, &with_options::max_pool2d_with_indices>);
  table.add(
      "max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2]? stride=None, int[2] padding=0, int[2] dilation=1, bool "
      "ceil_mode=False) -> (Tensor, Tensor)",
      &max_with_indices_by_name<&with_options::max_pool2d_with_indices>);
  table.add(
      "max_unpool2d(Tensor self, Tensor indices, int[2] kernel_size, int[2]? stride=None, int[2] padding=0, int[]? "
      "output_size=None) -> Tensor",
      &unpool_by_name<&with_options::max_unpool2d>);
  table.add(
      "avg_pool2d(Tensor self, int[2] kernel_size, int[2]? stride=None, int[2] padding=0, bool ceil_mode=False, bool "
      "count_include_pad=True, int? divisor_override=None) -> Tensor",
      &average_by_name<&with_options::avg_pool2d>);
  table.add("lp_pool2d(Tensor self, float norm_type, int[2] kernel_size, int[2]? stride=None, bool ceil_mode=False) -> Tensor",
            &lp_by_name<&with_options::lp_pool2d>);
  table.add("adaptive_max_pool2d(Tensor self, Any output_size, bool return_indices=False) -> Any",
            &adaptive_max_by_name<&adaptive_max_pool2d, &adaptive_max_pool2d_with_indices>);
  table.add("adaptive_max_pool2d_with_indices(Tensor self, Any output_size) -> (Tensor, Tensor)",
            &adaptive_by_name<&adaptive_max_pool2d_with_indices>);
  table.add("adaptive_avg_pool2d(Tensor self, Any output_size) -> Tensor", &adaptive_by_name<&adaptive_avg_pool2d>);
  table.add(
      "fractional_max_pool2d(Tensor self, int[2] kernel_size, int[2]? output_size=None, Any output_ratio=None, bool "
      "return_indices=False, Tensor? _random_samples=None) -> Any",
      &fractional_by_name<&fractional_max_pool2d, &fractional_max_pool2d_with_indices>);
  table.add(
      "fractional_max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2]? output_size=None, Any output_ratio=None, "
      "bool return_indices=False, Tensor? _random_samples=None) -> (Tensor, Tensor)",
      &fractional_with_indices_by_name<&fractional_max_pool2d_with_indices>);
  table.add(
      "max_pool3d(Tensor self, int[3] kernel_size, int[3]? stride=None, int[3] padding=0, int[3] dilation=1, bool "
      "ceil_mode=False, bool return_indices=False) -> Any",
      &max_by_name<&with_options::max_pool3d, &with_options::max_pool3d_with_indices>);
  table.add(
      "max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3]? stride=None, int[3] padding=0, int[3] dilation=1, bool "
      "ceil_mode=False) -> (Tensor, Tensor)",
      &max_with_indices_by_name<&with_options::max_pool3d_with_indices>);
  table.add(
      "max_unpool3d(Tensor self, Tensor indices, int[3] kernel_size, int[3]? stride=None, int[3] padding=0, int[]? "
      "output_size=None) -> Tensor",
      &unpool_by_name<&with_options::max_unpool3d>);
  table.add(
      "avg_pool3d(Tensor self, int[3] kernel_size, int[3]? stride=None, int[3] padding=0, bool ceil_mode=False, bool "
      "count_include_pad=True, int? divisor_override=None) -> Tensor",
      &average_by_name<&with_options::avg_pool3d>);
  table.add("lp_pool3d(Tensor self, float norm_type, int[3] kernel_size, int[3]? stride=None, bool ceil_mode=False) -> Tensor",
            &lp_by_name<&with_options::lp_pool3d>);
  table.add("adaptive_max_pool3d(Tensor self, Any output_size, bool return_indices=False) -> Any",
            &adaptive_max_by_name<&adaptive_max_pool3d, &adaptive_max_pool3d_with_indices>);
  table.add("adaptive_max_pool3d_with_indices(Tensor self, Any output_size) -> (Tensor, Tensor)",
            &adaptive_by_name<&adaptive_max_pool3d_with_indices>);
  table.add("adaptive_avg_pool3d(Tensor self, Any output_size) -> Tensor", &adaptive_by_name<&adaptive_avg_pool3d>);
  table.add(
      "fractional_max_pool3d(Tensor self, int[3] kernel_size, int[3]? output_size=None, Any output_ratio=None, bool "
      "return_indices=False, Tensor? _random_samples=None) -> Any",
      &fractional_by_name<&fractional_max_pool3d, &fractional_max_pool3d_with_indices>);
  table.add(
      "fractional_max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3]? output_size=None, Any output_ratio=None, "
      "bool return_indices=False, Tensor? _random_samples=None) -> (Tensor, Tensor)",
      &fractional_with_indices_by_name<&fractional_max_pool3d_with_indices>);
}

}  // namespace lazuli
