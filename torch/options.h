#pragma once
#include "lazuli/torch/module.h"

/// libtorch's options: what a module is made of by position, the rest by setters in a chain. The values are kept in the library's own structs of options.
namespace torch::nn {

namespace detail {
/// Options whose module takes `P...` first.
template <class O, class... P>
struct Chain {
  explicit Chain(P... arguments) : positional(std::move(arguments)...) {}
  template <class Impl>
  std::shared_ptr<Impl> make() const {
    return std::apply([&](const P&... arguments) { return std::make_shared<Impl>(arguments..., options); }, positional);
  }
  std::tuple<P...> positional;
  O options = {};
};
}  // namespace detail

// One option: `name(value)` sets it, `name()` reads it, `name() = value` sets it too.
#define LAZULI_TORCH_OPTION(Self, name)                                                   \
  Self& name(const decltype(options.name)& value) { return options.name = value, *this; } \
  const auto& name() const { return options.name; }                                       \
  auto& name() { return options.name; }

// One that is given by position.
#define LAZULI_TORCH_POSITION(name, at) \
  const auto& name() const { return std::get<at>(this->positional); }

struct LinearOptions : detail::Chain<lazuli::nn::LinearOptions, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_POSITION(in_features, 0)
  LAZULI_TORCH_POSITION(out_features, 1)
  LAZULI_TORCH_OPTION(LinearOptions, bias)
};
struct BilinearOptions : detail::Chain<lazuli::nn::LinearOptions, int64_t, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_POSITION(in1_features, 0)
  LAZULI_TORCH_POSITION(in2_features, 1)
  LAZULI_TORCH_POSITION(out_features, 2)
  LAZULI_TORCH_OPTION(BilinearOptions, bias)
};

template <size_t rank>
struct ConvOptions : detail::Chain<lazuli::nn::ConvOptions, int64_t, int64_t, Shape> {
  using Base = detail::Chain<lazuli::nn::ConvOptions, int64_t, int64_t, Shape>;
  using Base::Base, Base::options, Base::positional;
  LAZULI_TORCH_POSITION(in_channels, 0)
  LAZULI_TORCH_POSITION(out_channels, 1)
  LAZULI_TORCH_POSITION(kernel_size, 2)
  LAZULI_TORCH_OPTION(ConvOptions, stride)
  LAZULI_TORCH_OPTION(ConvOptions, padding)
  LAZULI_TORCH_OPTION(ConvOptions, dilation)
  LAZULI_TORCH_OPTION(ConvOptions, groups)
  LAZULI_TORCH_OPTION(ConvOptions, bias)
  LAZULI_TORCH_OPTION(ConvOptions, padding_mode)
};
using Conv1dOptions = ConvOptions<1>;
using Conv2dOptions = ConvOptions<2>;
using Conv3dOptions = ConvOptions<3>;
template <size_t rank>
struct ConvTransposeOptions : detail::Chain<lazuli::nn::ConvTransposeOptions, int64_t, int64_t, Shape> {
  using Base = detail::Chain<lazuli::nn::ConvTransposeOptions, int64_t, int64_t, Shape>;
  using Base::Base, Base::options, Base::positional;
  LAZULI_TORCH_POSITION(in_channels, 0)
  LAZULI_TORCH_POSITION(out_channels, 1)
  LAZULI_TORCH_POSITION(kernel_size, 2)
  LAZULI_TORCH_OPTION(ConvTransposeOptions, stride)
  LAZULI_TORCH_OPTION(ConvTransposeOptions, padding)
  LAZULI_TORCH_OPTION(ConvTransposeOptions, output_padding)
  LAZULI_TORCH_OPTION(ConvTransposeOptions, dilation)
  LAZULI_TORCH_OPTION(ConvTransposeOptions, groups)
  LAZULI_TORCH_OPTION(ConvTransposeOptions, bias)
  LAZULI_TORCH_OPTION(ConvTransposeOptions, padding_mode)
};
using ConvTranspose1dOptions = ConvTransposeOptions<1>;
using ConvTranspose2dOptions = ConvTransposeOptions<2>;
using ConvTranspose3dOptions = ConvTransposeOptions<3>;

struct BatchNormOptions : detail::Chain<lazuli::nn::BatchNormOptions, int64_t> {
  BatchNormOptions(int64_t num_features) : Chain(num_features) {}
  LAZULI_TORCH_POSITION(num_features, 0)
  LAZULI_TORCH_OPTION(BatchNormOptions, eps)
  LAZULI_TORCH_OPTION(BatchNormOptions, momentum)
  LAZULI_TORCH_OPTION(BatchNormOptions, affine)
  LAZULI_TORCH_OPTION(BatchNormOptions, track_running_stats)
};
using BatchNorm1dOptions = BatchNormOptions;
using BatchNorm2dOptions = BatchNormOptions;
using BatchNorm3dOptions = BatchNormOptions;
struct InstanceNormOptions : detail::Chain<lazuli::nn::InstanceNormOptions, int64_t> {
  InstanceNormOptions(int64_t num_features) : Chain(num_features) {}
  LAZULI_TORCH_POSITION(num_features, 0)
  LAZULI_TORCH_OPTION(InstanceNormOptions, eps)
  LAZULI_TORCH_OPTION(InstanceNormOptions, momentum)
  LAZULI_TORCH_OPTION(InstanceNormOptions, affine)
  LAZULI_TORCH_OPTION(InstanceNormOptions, track_running_stats)
};
using InstanceNorm1dOptions = InstanceNormOptions;
using InstanceNorm2dOptions = InstanceNormOptions;
using InstanceNorm3dOptions = InstanceNormOptions;
struct LayerNormOptions : detail::Chain<lazuli::nn::LayerNormOptions, Shape> {
  LayerNormOptions(const std::vector<int64_t>& normalized_shape) : Chain(Shape(normalized_shape)) {}
  LAZULI_TORCH_POSITION(normalized_shape, 0)
  LAZULI_TORCH_OPTION(LayerNormOptions, eps)
  LAZULI_TORCH_OPTION(LayerNormOptions, elementwise_affine)
};
struct GroupNormOptions : detail::Chain<lazuli::nn::GroupNormOptions, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_OPTION(GroupNormOptions, eps)
  LAZULI_TORCH_OPTION(GroupNormOptions, affine)
};

struct MaxPoolOptions : detail::Chain<lazuli::nn::MaxPoolOptions, Shape> {
  MaxPoolOptions(const Shape& kernel_size) : Chain(kernel_size) {}
  LAZULI_TORCH_OPTION(MaxPoolOptions, stride)
  LAZULI_TORCH_OPTION(MaxPoolOptions, padding)
  LAZULI_TORCH_OPTION(MaxPoolOptions, dilation)
  LAZULI_TORCH_OPTION(MaxPoolOptions, ceil_mode)
};
using MaxPool1dOptions = MaxPoolOptions;
using MaxPool2dOptions = MaxPoolOptions;
using MaxPool3dOptions = MaxPoolOptions;
struct AvgPool1dOptions : detail::Chain<lazuli::nn::AvgPool1dOptions, Shape> {
  AvgPool1dOptions(const Shape& kernel_size) : Chain(kernel_size) {}
  LAZULI_TORCH_OPTION(AvgPool1dOptions, stride)
  LAZULI_TORCH_OPTION(AvgPool1dOptions, padding)
  LAZULI_TORCH_OPTION(AvgPool1dOptions, ceil_mode)
  LAZULI_TORCH_OPTION(AvgPool1dOptions, count_include_pad)
};
struct AvgPoolOptions : detail::Chain<lazuli::nn::AvgPoolOptions, Shape> {
  AvgPoolOptions(const Shape& kernel_size) : Chain(kernel_size) {}
  LAZULI_TORCH_OPTION(AvgPoolOptions, stride)
  LAZULI_TORCH_OPTION(AvgPoolOptions, padding)
  LAZULI_TORCH_OPTION(AvgPoolOptions, ceil_mode)
  LAZULI_TORCH_OPTION(AvgPoolOptions, count_include_pad)
  LAZULI_TORCH_OPTION(AvgPoolOptions, divisor_override)
};
using AvgPool2dOptions = AvgPoolOptions;
using AvgPool3dOptions = AvgPoolOptions;
/// The sizes of what comes out.
struct AdaptivePoolOptions {
  AdaptivePoolOptions(const Shape& size) : output_size(size) {}
  template <class Impl>
  std::shared_ptr<Impl> make() const {
    return std::make_shared<Impl>(output_size);
  }
  Shape output_size;
};
using AdaptiveAvgPool1dOptions = AdaptivePoolOptions;
using AdaptiveAvgPool2dOptions = AdaptivePoolOptions;
using AdaptiveAvgPool3dOptions = AdaptivePoolOptions;
using AdaptiveMaxPool1dOptions = AdaptivePoolOptions;
using AdaptiveMaxPool2dOptions = AdaptivePoolOptions;
using AdaptiveMaxPool3dOptions = AdaptivePoolOptions;

struct FlattenOptions : detail::Chain<lazuli::nn::FlattenOptions> {
  FlattenOptions() = default;
  LAZULI_TORCH_OPTION(FlattenOptions, start_dim)
  LAZULI_TORCH_OPTION(FlattenOptions, end_dim)
};
struct UpsampleOptions : detail::Chain<lazuli::nn::UpsampleOptions> {
  UpsampleOptions() = default;
  LAZULI_TORCH_OPTION(UpsampleOptions, size)
  UpsampleOptions& scale_factor(const std::vector<double>& value) {
    lazuli::SizeRatio ratio;
    ratio.assign(value.begin(), value.end());
    return options.scale_factor = ratio, *this;
  }
  LAZULI_TORCH_OPTION(UpsampleOptions, mode)
  LAZULI_TORCH_OPTION(UpsampleOptions, align_corners)
};
struct FoldOptions : detail::Chain<lazuli::nn::FoldOptions, Shape, Shape> {
  using Chain::Chain;
  LAZULI_TORCH_OPTION(FoldOptions, stride)
  LAZULI_TORCH_OPTION(FoldOptions, padding)
  LAZULI_TORCH_OPTION(FoldOptions, dilation)
};
struct UnfoldOptions : detail::Chain<lazuli::nn::FoldOptions, Shape> {
  using Chain::Chain;
  LAZULI_TORCH_OPTION(UnfoldOptions, stride)
  LAZULI_TORCH_OPTION(UnfoldOptions, padding)
  LAZULI_TORCH_OPTION(UnfoldOptions, dilation)
};
template <size_t rank>
struct LPPoolOptions : detail::Chain<lazuli::LPPoolOptions, double, Shape> {
  using Base = detail::Chain<lazuli::LPPoolOptions, double, Shape>;
  using Base::Base, Base::options;
  LAZULI_TORCH_OPTION(LPPoolOptions, stride)
  LAZULI_TORCH_OPTION(LPPoolOptions, ceil_mode)
};
using LPPool1dOptions = LPPoolOptions<1>;
using LPPool2dOptions = LPPoolOptions<2>;
using LPPool3dOptions = LPPoolOptions<3>;
struct MaxUnpoolOptions : detail::Chain<lazuli::nn::MaxUnpoolOptions, Shape> {
  MaxUnpoolOptions(const Shape& kernel_size) : Chain(kernel_size) {}
  LAZULI_TORCH_OPTION(MaxUnpoolOptions, stride)
  LAZULI_TORCH_OPTION(MaxUnpoolOptions, padding)
};
using MaxUnpool1dOptions = MaxUnpoolOptions;
using MaxUnpool2dOptions = MaxUnpoolOptions;
using MaxUnpool3dOptions = MaxUnpoolOptions;
struct LocalResponseNormOptions : detail::Chain<lazuli::LocalResponseNormOptions, int64_t> {
  LocalResponseNormOptions(int64_t size) : Chain(size) {}
  LAZULI_TORCH_OPTION(LocalResponseNormOptions, alpha)
  LAZULI_TORCH_OPTION(LocalResponseNormOptions, beta)
  LAZULI_TORCH_OPTION(LocalResponseNormOptions, k)
};
struct PixelShuffleOptions {
  PixelShuffleOptions(int64_t value) : factor(value) {}
  template <class Impl>
  std::shared_ptr<Impl> make() const {
    return std::make_shared<Impl>(factor);
  }
  int64_t factor;
};
using PixelUnshuffleOptions = PixelShuffleOptions;
struct UnflattenOptions {
  UnflattenOptions(int64_t which, const Shape& into) : dim(which), sizes(into) {}
  template <class Impl>
  std::shared_ptr<Impl> make() const {
    return std::make_shared<Impl>(dim, sizes);
  }
  int64_t dim;
  Shape sizes;
};
struct PairwiseDistanceOptions : detail::Chain<lazuli::PairwiseDistanceOptions> {
  PairwiseDistanceOptions() = default;
  LAZULI_TORCH_OPTION(PairwiseDistanceOptions, p)
  LAZULI_TORCH_OPTION(PairwiseDistanceOptions, eps)
  LAZULI_TORCH_OPTION(PairwiseDistanceOptions, keepdim)
};
/// Of all paddings but the constant one.
using ReflectionPad3dOptions = AdaptivePoolOptions;
using ZeroPad1dOptions = AdaptivePoolOptions;
using ZeroPad3dOptions = AdaptivePoolOptions;
using ReflectionPad1dOptions = AdaptivePoolOptions;
using ReflectionPad2dOptions = AdaptivePoolOptions;
using ReplicationPad1dOptions = AdaptivePoolOptions;
using ReplicationPad2dOptions = AdaptivePoolOptions;
using ReplicationPad3dOptions = AdaptivePoolOptions;
using ZeroPad2dOptions = AdaptivePoolOptions;
struct ConstantPadOptions {
  ConstantPadOptions(const Shape& around, double filler) : padding(around), value(filler) {}
  template <class Impl>
  std::shared_ptr<Impl> make() const {
    return std::make_shared<Impl>(padding, value);
  }
  Shape padding;
  double value;
};
using ConstantPad1dOptions = ConstantPadOptions;
using ConstantPad2dOptions = ConstantPadOptions;
using ConstantPad3dOptions = ConstantPadOptions;
struct CosineSimilarityOptions : detail::Chain<lazuli::nn::CosineSimilarityOptions> {
  CosineSimilarityOptions() = default;
  LAZULI_TORCH_OPTION(CosineSimilarityOptions, dim)
  LAZULI_TORCH_OPTION(CosineSimilarityOptions, eps)
};

}  // namespace torch::nn
