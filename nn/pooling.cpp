#include "lazuli/nn/pooling.h"

#include "lazuli/nn/module/registry.h"

namespace lazuli::nn {

namespace {
constexpr Tensor (*kMaxPool[])(const Tensor&, const Shape&, MaxPoolFunctionOptions) = {&with_options::max_pool1d, &with_options::max_pool2d,
                                                                                       &with_options::max_pool3d};
constexpr std::tuple<Tensor, Tensor> (*kMaxPoolWithIndices[])(const Tensor&, const Shape&, MaxPoolFunctionOptions) = {
    &with_options::max_pool1d_with_indices, &with_options::max_pool2d_with_indices, &with_options::max_pool3d_with_indices};
constexpr Tensor (*kMaxUnpool[])(const Tensor&, const Tensor&, const Shape&, MaxUnpoolFunctionOptions) = {
    &with_options::max_unpool1d, &with_options::max_unpool2d, &with_options::max_unpool3d};
constexpr Tensor (*kLPPool[])(const Tensor&, double, const Shape&, LPPoolOptions) = {&with_options::lp_pool1d, &with_options::lp_pool2d,
                                                                                     &with_options::lp_pool3d};
constexpr Tensor (*kAveragePool[])(const Tensor&, const Shape&, AvgPoolOptions) = {&with_options::avg_pool2d, &with_options::avg_pool3d};
constexpr decltype(&adaptive_max_pool1d) kAdaptiveMax[] = {&adaptive_max_pool1d, &adaptive_max_pool2d, &adaptive_max_pool3d};
constexpr decltype(&adaptive_max_pool1d_with_indices) kAdaptiveMaxWithIndices[] = {
    &adaptive_max_pool1d_with_indices, &adaptive_max_pool2d_with_indices, &adaptive_max_pool3d_with_indices};
constexpr decltype(&adaptive_avg_pool1d) kAdaptiveAverage[] = {&adaptive_avg_pool1d, &adaptive_avg_pool2d, &adaptive_avg_pool3d};

// One number as such, several as Python writes them.
std::string number_or_all(const Shape& value) { return value.size() == 1 ? written(value[0]) : written(value); }
std::string all(const Shape& value, int64_t rank) { return written(value.size() == 1 ? Shape::filled(rank, value[0]) : value); }
const Shape& stride_or_kernel(const Shape& stride, const Shape& kernel) { return stride.empty() ? kernel : stride; }
}  // namespace

template <int rank>
Tensor MaxPool<rank>::forward(const Tensor& input) {
  return kMaxPool[rank - 1](input, kernel_size,
                            {.stride = options.stride, .padding = options.padding, .dilation = options.dilation, .ceil_mode = options.ceil_mode});
}
template <int rank>
std::tuple<Tensor, Tensor> MaxPool<rank>::forward_with_indices(const Tensor& input) {
  return kMaxPoolWithIndices[rank - 1](
      input, kernel_size, {.stride = options.stride, .padding = options.padding, .dilation = options.dilation, .ceil_mode = options.ceil_mode});
}
template <int rank>
std::string MaxPool<rank>::extra_repr() const {
  return "kernel_size=" + number_or_all(kernel_size) + ", stride=" + number_or_all(stride_or_kernel(options.stride, kernel_size)) +
         ", padding=" + number_or_all(options.padding) + ", dilation=" + number_or_all(options.dilation) +
         ", ceil_mode=" + written(options.ceil_mode);
}

template <int rank>
Tensor MaxUnpool<rank>::forward(const Tensor& input, const Tensor& indices, const std::optional<Shape>& output_size) {
  return kMaxUnpool[rank - 1](input, indices, kernel_size, {.stride = options.stride, .padding = options.padding, .output_size = output_size});
}
template <int rank>
std::string MaxUnpool<rank>::extra_repr() const {
  return "kernel_size=" + all(kernel_size, rank) + ", stride=" + all(stride_or_kernel(options.stride, kernel_size), rank) +
         ", padding=" + all(options.padding, rank);
}

Tensor AvgPool1d::forward(const Tensor& input) { return avg_pool1d(input, kernel_size, options); }
std::string AvgPool1d::extra_repr() const {
  return "kernel_size=" + written(kernel_size) + ", stride=" + written(stride_or_kernel(options.stride, kernel_size)) +
         ", padding=" + written(options.padding);
}
template <int rank>
Tensor AvgPool<rank>::forward(const Tensor& input) {
  return kAveragePool[rank - 2](input, kernel_size, options);
}
template <int rank>
std::string AvgPool<rank>::extra_repr() const {
  return "kernel_size=" + number_or_all(kernel_size) + ", stride=" + number_or_all(stride_or_kernel(options.stride, kernel_size)) +
         ", padding=" + number_or_all(options.padding);
}

template <int rank>
Tensor LPPool<rank>::forward(const Tensor& input) {
  return kLPPool[rank - 1](input, norm_type, kernel_size, options);
}
template <int rank>
std::string LPPool<rank>::extra_repr() const {
  return "norm_type=" + written(norm_type) + ", kernel_size=" + number_or_all(kernel_size) +
         ", stride=" + (options.stride.empty() ? "None" : number_or_all(options.stride)) + ", ceil_mode=" + written(options.ceil_mode);
}

template <int rank>
Tensor AdaptiveMaxPool<rank>::forward(const Tensor& input) {
  return kAdaptiveMax[rank - 1](input, output_size);
}
template <int rank>
std::tuple<Tensor, Tensor> AdaptiveMaxPool<rank>::forward_with_indices(const Tensor& input) {
  return kAdaptiveMaxWithIndices[rank - 1](input, output_size);
}
template <int rank>
std::string AdaptiveMaxPool<rank>::extra_repr() const {
  return "output_size=" + written(output_size);
}
template <int rank>
Tensor AdaptiveAvgPool<rank>::forward(const Tensor& input) {
  return kAdaptiveAverage[rank - 1](input, output_size);
}
template <int rank>
std::string AdaptiveAvgPool<rank>::extra_repr() const {
  return "output_size=" + written(output_size);
}

template <int rank>
FractionalMaxPool<rank>::FractionalMaxPool(const Shape& kernel, const FractionalMaxPoolOptions& o)
    : KernelLayer(kernel, o), _random_samples(this, "_random_samples", o._random_samples.value_or(Tensor())) {
  if (options.output_size.has_value() == options.output_ratio.has_value())
    fail("FractionalMaxPool", "output_size", "either it or output_ratio", options.output_size ? "both" : "neither");
  if (options.output_ratio)
    for (double r : *options.output_ratio)
      if (!(r > 0 && r < 1)) fail("FractionalMaxPool", "output_ratio", "ratios in (0, 1)", written(*options.output_ratio));
}
template <int rank>
Tensor FractionalMaxPool<rank>::forward(const Tensor& input) {
  return std::get<0>(forward_with_indices(input));
}
template <int rank>
std::tuple<Tensor, Tensor> FractionalMaxPool<rank>::forward_with_indices(const Tensor& input) {
  const FractionalMaxPoolFunctionOptions o{
      .output_size = options.output_size, .output_ratio = options.output_ratio, ._random_samples = given(_random_samples)};
  return rank == 2 ? fractional_max_pool2d_with_indices(input, kernel_size, o) : fractional_max_pool3d_with_indices(input, kernel_size, o);
}

template class MaxPool<1>;
template class MaxPool<2>;
template class MaxPool<3>;
template class MaxUnpool<1>;
template class MaxUnpool<2>;
template class MaxUnpool<3>;
template class AvgPool<2>;
template class AvgPool<3>;
template class LPPool<1>;
template class LPPool<2>;
template class LPPool<3>;
template class AdaptiveMaxPool<1>;
template class AdaptiveMaxPool<2>;
template class AdaptiveMaxPool<3>;
template class AdaptiveAvgPool<1>;
template class AdaptiveAvgPool<2>;
template class AdaptiveAvgPool<3>;
template class FractionalMaxPool<2>;
template class FractionalMaxPool<3>;

void list_poolings(ModuleTable& table) {
  table.add<MaxPool1d, MaxPool2d, MaxPool3d, MaxUnpool1d, MaxUnpool2d, MaxUnpool3d, AvgPool1d, AvgPool2d, AvgPool3d>();
  table.add<LPPool1d, LPPool2d, LPPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d>();
  table.add<AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, FractionalMaxPool2d, FractionalMaxPool3d>();
}

}  // namespace lazuli::nn
