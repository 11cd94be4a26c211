#include "lazuli/nn/convolution.h"

#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/nn/module/factory.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/network/window.h"
#include "lazuli/ops/shape/padding.h"

namespace lazuli::nn {

namespace {
using ConvFunction = Tensor (*)(const Tensor&, const Tensor&, ConvFunctionOptions);
using TransposeFunction = Tensor (*)(const Tensor&, const Tensor&, ConvTransposeFunctionOptions);
constexpr ConvFunction kConvolutions[] = {&with_options::conv1d, &with_options::conv2d, &with_options::conv3d};
constexpr TransposeFunction kTransposes[] = {&with_options::conv_transpose1d, &with_options::conv_transpose2d, &with_options::conv_transpose3d};

template <class O>
O checked(const char* name, int64_t rank, const O& given) {
  O o = detail::checked(name, given);
  o.stride = window::entries(name, "stride", o.stride, rank, 1);
  o.dilation = window::entries(name, "dilation", o.dilation, rank, 1);
  if constexpr (std::is_same_v<O, ConvOptions>) {
    if (o.padding.word().empty()) o.padding = window::entries(name, "padding", o.padding.amounts(), rank, 0);
    if (o.padding.is_same() && !(o.stride == Shape::filled(rank, 1))) fail(name, "padding", "numbers, because stride is not 1", "'same'");
  } else {
    o.padding = window::entries(name, "padding", o.padding, rank, 0);
    o.output_padding = window::entries(name, "output_padding", o.output_padding, rank, 0);
    if (o.padding_mode != PaddingMode::Zeros) fail(name, "padding_mode", "'zeros'", written(o.padding_mode));
  }
  return o;
}
void check_channels(const char* name, const char* argument, int64_t channels, int64_t groups) {
  if (channels < 0 || channels % groups)
    fail(name, argument, "a number of channels that is a multiple of groups, " + std::to_string(groups), std::to_string(channels));
}
std::string unless(const char* name, const Shape& value, int64_t usual) {
  return value == Shape::filled(value.size(), usual) ? "" : ", " + std::string(name) + "=" + written(value);
}
}  // namespace

ConvolutionModule::ConvolutionModule(const Kind& kind, int64_t in, int64_t out, const Shape& kernel)
    : in_channels(in),
      out_channels(out),
      kernel_size(window::entries(kind.name, "kernel_size", kernel, kind.rank, 1)),
      weight(this, "weight", Tensor()),
      bias(this, "bias", Tensor()),
      kind_(kind) {
  check_channels(kind.name, "in_channels", in, kind.groups);
  check_channels(kind.name, "out_channels", out, kind.groups);
  weight = detail::Factory(kind.name, kind).empty(weight_sizes());
  if (kind.bias) bias = detail::Factory(kind.name, kind).empty({out});
  fill(weight_stream_.generator(), bias_stream_.generator());
}
ConvolutionModule::ConvolutionModule(Lazy, const Kind& kind, int64_t out, const Shape& kernel)
    : in_channels(0),
      out_channels(out),
      kernel_size(window::entries(kind.name, "kernel_size", kernel, kind.rank, 1)),
      weight(this, "weight", detail::Factory(kind.name, kind).parameter()),
      bias(this, "bias", detail::Factory(kind.name, kind).parameter(kind.bias)),
      kind_(kind) {
  check_channels(kind.name, "out_channels", out, kind.groups);
}

Shape ConvolutionModule::weight_sizes() const {
  Shape sizes = kind_.transposed ? Shape{in_channels, out_channels / kind_.groups} : Shape{out_channels, in_channels / kind_.groups};
  for (int64_t k : kernel_size) sizes.push_back(k);
  return sizes;
}

void ConvolutionModule::fill(const Generator& for_weight, const Generator& for_bias) {
  // He's bound with a = sqrt(5) is 1 / sqrt(fan_in), as is the bias's.
  const Shape sizes = weight_sizes();
  const int64_t fan_in = sizes[1] * kernel_size.numel();
  const double bound = fan_in > 0 ? 1 / std::sqrt(double(fan_in)) : 0;
  init::uniform_(weight, -bound, bound, for_weight);
  if (bias.defined()) init::uniform_(bias, -bound, bound, for_bias);
}
void ConvolutionModule::reset_parameters() { fill(InitStream().generator(), InitStream().generator()); }

void ConvolutionModule::initialize(const Tensor& input) {
  const int64_t rank = kind_.rank;
  if (input.dim() != rank + 1 && input.dim() != rank + 2)
    fail(kind_.name, "input", std::to_string(rank + 2) + " dimensions, or without the batch " + std::to_string(rank + 1),
         "sizes " + to_string(input.sizes()));
  const int64_t channels = input.size(-rank - 1);
  check_channels(kind_.name, "input", channels, kind_.groups);
  in_channels = channels;
  const bool both = is_uninitialized_parameter(weight);
  if (both) materialize_uninitialized(weight, weight_sizes());
  const bool bias_too = is_uninitialized_parameter(bias);
  if (bias_too) materialize_uninitialized(bias, {out_channels});
  const int64_t fan_in = weight_sizes()[1] * kernel_size.numel();
  const double bound = fan_in > 0 ? 1 / std::sqrt(double(fan_in)) : 0;
  if (both) init::uniform_(weight, -bound, bound, weight_stream_.generator());
  if (bias_too) init::uniform_(bias, -bound, bound, bias_stream_.generator());
}
bool ConvolutionModule::adopt_sizes() {
  if (is_uninitialized_parameter(weight) || is_uninitialized_parameter(bias)) return false;
  in_channels = kind_.transposed ? weight.size(0) : weight.size(1) * kind_.groups;
  return true;
}
std::string ConvolutionModule::expected(std::string_view name, const Shape& sizes) const {
  if (name == "bias") return sizes == Shape(out_channels) ? "" : to_string(Shape(out_channels));
  Shape wanted = weight_sizes();
  const int64_t open = kind_.transposed ? 0 : 1;
  if (sizes.size() == wanted.size()) wanted[open] = sizes[open];
  if (sizes == wanted) return {};
  std::string text = "[";
  for (int64_t d = 0; d < wanted.size(); ++d)
    text += (d ? ", " : "") + (d != open ? written(wanted[d]) : kind_.groups == 1 || kind_.transposed ? "in_channels" : "in_channels / groups");
  return text + "]";
}
void ConvolutionModule::take_streams(const ConvolutionModule& from) {
  weight_stream_ = from.weight_stream_;
  bias_stream_ = from.bias_stream_;
}

Conv::Conv(const char* name, int64_t rank, int64_t in, int64_t out, const Shape& kernel, const ConvOptions& o)
    : ConvolutionModule({name, rank, detail::checked(name, o).groups, o.bias, false, o.device, o.dtype}, in, out, kernel),
      options(checked(name, rank, o)) {}
Conv::Conv(Lazy lazy, const char* name, int64_t rank, int64_t out, const Shape& kernel, const ConvOptions& o)
    : ConvolutionModule(lazy, {name, rank, detail::checked(name, o).groups, o.bias, false, o.device, o.dtype}, out, kernel),
      options(checked(name, rank, o)) {}

Tensor Conv::forward(const Tensor& input) {
  const ConvFunction convolve = kConvolutions[kind_.rank - 1];
  ConvFunctionOptions o{given(bias), options.stride, options.padding, options.dilation, options.groups};
  if (options.padding_mode == PaddingMode::Zeros) return convolve(input, weight, o);
  Shape around;  // from the last dimension on
  for (int64_t d = kind_.rank - 1; d >= 0; --d) {
    const int64_t total = options.padding.is_same()        ? options.dilation[d] * (kernel_size[d] - 1)
                          : options.padding.word().empty() ? 2 * options.padding.amounts()[d]
                                                           : 0;
    around.push_back(total / 2);
    around.push_back(total - total / 2);
  }
  o.padding = 0;
  return convolve(pad(input, around, name_of(options.padding_mode)), weight, o);
}
std::string Conv::extra_repr() const {
  std::string text =
      written(in_channels) + ", " + written(out_channels) + ", kernel_size=" + written(kernel_size) + ", stride=" + written(options.stride);
  if (!(options.padding.amounts() == Shape::filled(kind_.rank, 0))) text += ", padding=" + written(options.padding);
  text += unless("dilation", options.dilation, 1);
  if (options.groups != 1) text += ", groups=" + written(options.groups);
  if (!options.bias) text += ", bias=False";
  if (options.padding_mode != PaddingMode::Zeros) text += ", padding_mode=" + std::string(name_of(options.padding_mode));
  return text;
}

ConvTranspose::ConvTranspose(const char* name, int64_t rank, int64_t in, int64_t out, const Shape& kernel, const Options& o)
    : ConvolutionModule({name, rank, detail::checked(name, o).groups, o.bias, true, o.device, o.dtype}, in, out, kernel),
      options(checked(name, rank, o)) {}
ConvTranspose::ConvTranspose(Lazy lazy, const char* name, int64_t rank, int64_t out, const Shape& kernel, const Options& o)
    : ConvolutionModule(lazy, {name, rank, detail::checked(name, o).groups, o.bias, true, o.device, o.dtype}, out, kernel),
      options(checked(name, rank, o)) {}

Tensor ConvTranspose::operator()(const Tensor& input, const std::optional<Shape>& output_size) { return call(*this, input, output_size); }
Tensor ConvTranspose::forward(const Tensor& input, const std::optional<Shape>& output_size) {
  const int64_t rank = kind_.rank;
  Shape more = options.output_padding;
  if (output_size) {
    if (output_size->size() != rank && output_size->size() != input.dim())
      fail(kind_.name, "output_size", std::to_string(rank) + " or " + std::to_string(input.dim()) + " sizes", to_string(*output_size));
    const Shape wanted = window::spatial(*output_size, rank), from = window::spatial(input.sizes(), rank);
    for (int64_t d = 0; d < rank; ++d) {
      const int64_t least = (from[d] - 1) * options.stride[d] - 2 * options.padding[d] + options.dilation[d] * (kernel_size[d] - 1) + 1;
      more[d] = wanted[d] - least;
      if (more[d] < 0 || more[d] >= options.stride[d])
        fail(kind_.name, "output_size",
             "a size in [" + std::to_string(least) + ", " + std::to_string(least + options.stride[d] - 1) + "] in spatial dimension " +
                 std::to_string(d),
             to_string(*output_size));
    }
  }
  return kTransposes[rank - 1](input, weight, {given(bias), options.stride, options.padding, more, options.groups, options.dilation});
}
std::string ConvTranspose::extra_repr() const {
  std::string text =
      written(in_channels) + ", " + written(out_channels) + ", kernel_size=" + written(kernel_size) + ", stride=" + written(options.stride);
  text += unless("padding", options.padding, 0) + unless("dilation", options.dilation, 1) + unless("output_padding", options.output_padding, 0);
  if (options.groups != 1) text += ", groups=" + written(options.groups);
  return options.bias ? text : text + ", bias=False";
}

void list_convolutions(ModuleTable& table) {
  table.add<Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d>();
  table.add<LazyConv1d, LazyConv2d, LazyConv3d, LazyConvTranspose1d, LazyConvTranspose2d, LazyConvTranspose3d>();
}

}  // namespace lazuli::nn
