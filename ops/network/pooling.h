#pragma once
#include <tuple>

#include "lazuli/core/by_position.h"
#include "lazuli/ops/network/size_ratio.h"

/// Pooling over one to three spatial dimensions: the greatest element, the mean or the p-norm of windows that slide over images.
///
/// Input [n, channels, spatial..], or without n; n alone may be 0. Kernel, stride, padding and dilation have one entry for each spatial dimension, or one for all; no stride: that of
/// the kernel. There are floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 windows; `ceil_mode` rounds up instead, but a window begins in the input or the padding before
/// it. Padding is at most half the kernel.
/// By position they follow the kernel in PyTorch's order: `max_pool2d(x, 2, 2, 1)` beside `max_pool2d(x, 2, {.stride = 2, .padding = 1})`. All throw Error for other ranks, sizes that give no window, parameters out of range, and complex or bool inputs.
namespace lazuli {

struct MaxPoolFunctionOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape stride = {};
  Shape padding = 0, dilation = 1;
  bool ceil_mode = false;
  template <class O = MaxPoolFunctionOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("padding", &O::padding, {.least = 0}),
                   member("dilation", &O::dilation, {.least = 1}), member("ceil_mode", &O::ceil_mode)};
  }
};
namespace with_options {
Tensor max_pool1d(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options);
Tensor max_pool2d(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options);
Tensor max_pool3d(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options);
std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options);
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options);
std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options);
}
/// The greatest element of each window (NaN where there is one) and, in the second form, its place in the flattened spatial dimensions, int64: the first of equal ones, the last of NaN.
template <class Stride = MaxPoolFunctionOptions>
Tensor max_pool1d(const Tensor& self, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0, const Shape& dilation = 1,
                  bool ceil_mode = false) {
  return with_options::max_pool1d(self, kernel_size, by_position<MaxPoolFunctionOptions>(std::move(stride), padding, dilation, ceil_mode));
}
template <class Stride = MaxPoolFunctionOptions>
Tensor max_pool2d(const Tensor& self, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0, const Shape& dilation = 1,
                  bool ceil_mode = false) {
  return with_options::max_pool2d(self, kernel_size, by_position<MaxPoolFunctionOptions>(std::move(stride), padding, dilation, ceil_mode));
}
template <class Stride = MaxPoolFunctionOptions>
Tensor max_pool3d(const Tensor& self, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0, const Shape& dilation = 1,
                  bool ceil_mode = false) {
  return with_options::max_pool3d(self, kernel_size, by_position<MaxPoolFunctionOptions>(std::move(stride), padding, dilation, ceil_mode));
}
template <class Stride = MaxPoolFunctionOptions>
std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& self, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0,
                                                   const Shape& dilation = 1, bool ceil_mode = false) {
  return with_options::max_pool1d_with_indices(self, kernel_size,
                                               by_position<MaxPoolFunctionOptions>(std::move(stride), padding, dilation, ceil_mode));
}
template <class Stride = MaxPoolFunctionOptions>
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& self, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0,
                                                   const Shape& dilation = 1, bool ceil_mode = false) {
  return with_options::max_pool2d_with_indices(self, kernel_size,
                                               by_position<MaxPoolFunctionOptions>(std::move(stride), padding, dilation, ceil_mode));
}
template <class Stride = MaxPoolFunctionOptions>
std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& self, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0,
                                                   const Shape& dilation = 1, bool ceil_mode = false) {
  return with_options::max_pool3d_with_indices(self, kernel_size,
                                               by_position<MaxPoolFunctionOptions>(std::move(stride), padding, dilation, ceil_mode));
}

struct MaxUnpoolFunctionOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape stride = {};
  Shape padding = 0;
  OptionalShape output_size = {};
  template <class O = MaxUnpoolFunctionOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("padding", &O::padding, {.least = 0}), member("output_size", &O::output_size)};
  }
};
namespace with_options {
Tensor max_unpool1d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, MaxUnpoolFunctionOptions options);
Tensor max_unpool2d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, MaxUnpoolFunctionOptions options);
Tensor max_unpool3d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, MaxUnpoolFunctionOptions options);
}
/// The reverse of max pooling: zeros of `output_size` (spatial sizes or all; by default (size - 1) stride + kernel - 2 padding) with the elements of self at `indices`; of several at one
/// place the last. Throws Error (Index) for an index out of range, and for an output_size a stride or more from the default.
template <class Stride = MaxUnpoolFunctionOptions>
Tensor max_unpool1d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0,
                    const OptionalShape& output_size = {}) {
  return with_options::max_unpool1d(self, indices, kernel_size, by_position<MaxUnpoolFunctionOptions>(std::move(stride), padding, output_size));
}
template <class Stride = MaxUnpoolFunctionOptions>
Tensor max_unpool2d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0,
                    const OptionalShape& output_size = {}) {
  return with_options::max_unpool2d(self, indices, kernel_size, by_position<MaxUnpoolFunctionOptions>(std::move(stride), padding, output_size));
}
template <class Stride = MaxUnpoolFunctionOptions>
Tensor max_unpool3d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0,
                    const OptionalShape& output_size = {}) {
  return with_options::max_unpool3d(self, indices, kernel_size, by_position<MaxUnpoolFunctionOptions>(std::move(stride), padding, output_size));
}

struct AvgPool1dOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape stride = {};
  Shape padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
  template <class O = AvgPool1dOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("padding", &O::padding, {.least = 0}), member("ceil_mode", &O::ceil_mode),
                   member("count_include_pad", &O::count_include_pad)};
  }
};
struct AvgPoolOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape stride = {};
  Shape padding = 0;
  bool ceil_mode = false;
  bool count_include_pad = true;
  std::optional<int64_t> divisor_override = {};
  template <class O = AvgPoolOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("padding", &O::padding, {.least = 0}), member("ceil_mode", &O::ceil_mode),
                   member("count_include_pad", &O::count_include_pad), member("divisor_override", &O::divisor_override)};
  }
};
namespace with_options {
Tensor avg_pool1d(const Tensor& self, const Shape& kernel_size, AvgPool1dOptions options);
Tensor avg_pool2d(const Tensor& self, const Shape& kernel_size, AvgPoolOptions options);
Tensor avg_pool3d(const Tensor& self, const Shape& kernel_size, AvgPoolOptions options);
}
/// The mean of each window, with the zeros of the padding if `count_include_pad`; or the sum divided by `divisor_override`, which may be negative. Integers are divided towards 0.
template <class Stride = AvgPool1dOptions>
Tensor avg_pool1d(const Tensor& self, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0, bool ceil_mode = false,
                  bool count_include_pad = true) {
  return with_options::avg_pool1d(self, kernel_size, by_position<AvgPool1dOptions>(std::move(stride), padding, ceil_mode, count_include_pad));
}
template <class Stride = AvgPoolOptions>
Tensor avg_pool2d(const Tensor& self, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0, bool ceil_mode = false,
                  bool count_include_pad = true, std::optional<int64_t> divisor_override = {}) {
  return with_options::avg_pool2d(self, kernel_size,
                                  by_position<AvgPoolOptions>(std::move(stride), padding, ceil_mode, count_include_pad, divisor_override));
}
template <class Stride = AvgPoolOptions>
Tensor avg_pool3d(const Tensor& self, const Shape& kernel_size, Stride stride = {}, const Shape& padding = 0, bool ceil_mode = false,
                  bool count_include_pad = true, std::optional<int64_t> divisor_override = {}) {
  return with_options::avg_pool3d(self, kernel_size,
                                  by_position<AvgPoolOptions>(std::move(stride), padding, ceil_mode, count_include_pad, divisor_override));
}

struct LPPoolOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape stride = {};
  bool ceil_mode = false;
  template <class O = LPPoolOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("ceil_mode", &O::ceil_mode)};
  }
};
namespace with_options {
Tensor lp_pool1d(const Tensor& self, double norm_type, const Shape& kernel_size, LPPoolOptions options);
Tensor lp_pool2d(const Tensor& self, double norm_type, const Shape& kernel_size, LPPoolOptions options);
Tensor lp_pool3d(const Tensor& self, double norm_type, const Shape& kernel_size, LPPoolOptions options);
}
/// sum(x^p)^(1/p) over each window, without padding: p = 1 is sum pooling.
template <class Stride = LPPoolOptions>
Tensor lp_pool1d(const Tensor& self, double norm_type, const Shape& kernel_size, Stride stride = {}, bool ceil_mode = false) {
  return with_options::lp_pool1d(self, norm_type, kernel_size, by_position<LPPoolOptions>(std::move(stride), ceil_mode));
}
template <class Stride = LPPoolOptions>
Tensor lp_pool2d(const Tensor& self, double norm_type, const Shape& kernel_size, Stride stride = {}, bool ceil_mode = false) {
  return with_options::lp_pool2d(self, norm_type, kernel_size, by_position<LPPoolOptions>(std::move(stride), ceil_mode));
}
template <class Stride = LPPoolOptions>
Tensor lp_pool3d(const Tensor& self, double norm_type, const Shape& kernel_size, Stride stride = {}, bool ceil_mode = false) {
  return with_options::lp_pool3d(self, norm_type, kernel_size, by_position<LPPoolOptions>(std::move(stride), ceil_mode));
}

/// Output sizes of adaptive pooling, one for all dimensions or one for each, `none` for that of the input: 5, {5, 7}, {none, 7}.
struct AdaptiveSize : std::vector<std::optional<int64_t>> {
  template <std::integral T>
  AdaptiveSize(T size) : AdaptiveSize(Shape(int64_t(size))) {}
  AdaptiveSize(std::optional<int64_t> size) : vector{size} {}
  /// Not an initializer_list, as in Shape.
  template <class... Size>
  requires(sizeof...(Size) > 1 && (std::is_convertible_v<Size, std::optional<int64_t>> && ...)) AdaptiveSize(Size... sizes)
      : vector{std::optional<int64_t>(sizes)...} {}
  AdaptiveSize(const Shape& sizes);
  AdaptiveSize() = default;
};
void from_value(const Value& value, AdaptiveSize& into);
/// As Python writes it: "5", "(5, None)".
std::string written(const AdaptiveSize& size);

/// As many windows as output places, place o of n from floor(o * size / n) to ceil((o + 1) * size / n).
Tensor adaptive_max_pool1d(const Tensor& self, const AdaptiveSize& output_size);
Tensor adaptive_max_pool2d(const Tensor& self, const AdaptiveSize& output_size);
Tensor adaptive_max_pool3d(const Tensor& self, const AdaptiveSize& output_size);
std::tuple<Tensor, Tensor> adaptive_max_pool1d_with_indices(const Tensor& self, const AdaptiveSize& output_size);
std::tuple<Tensor, Tensor> adaptive_max_pool2d_with_indices(const Tensor& self, const AdaptiveSize& output_size);
std::tuple<Tensor, Tensor> adaptive_max_pool3d_with_indices(const Tensor& self, const AdaptiveSize& output_size);
Tensor adaptive_avg_pool1d(const Tensor& self, const AdaptiveSize& output_size);
Tensor adaptive_avg_pool2d(const Tensor& self, const AdaptiveSize& output_size);
Tensor adaptive_avg_pool3d(const Tensor& self, const AdaptiveSize& output_size);

struct FractionalMaxPoolFunctionOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  OptionalShape output_size = {};                                                        // one of the first two
  std::optional<SizeRatio> output_ratio = {};
  OptionalTensor _random_samples = {};
  template <class O = FractionalMaxPoolFunctionOptions>
  static constexpr auto members() {
    return Members{member("output_size", &O::output_size, {.least = 1}), member("output_ratio", &O::output_ratio),
                   member("_random_samples", &O::_random_samples)};
  }
};
/// Max pooling over windows of kernel_size at places drawn at random, that cover the input more or less evenly (Graham 2014, https://arxiv.org/abs/1412.6071). The output has
/// `output_size` or floor(size * output_ratio) places: exactly one of both is given. `_random_samples` [n, channels, rank] of [0, 1) are drawn where there are none. Throws Error also
/// where output places and kernel do not fit the input.
Tensor fractional_max_pool2d(const Tensor& self, const Shape& kernel_size, FractionalMaxPoolFunctionOptions options);
Tensor fractional_max_pool3d(const Tensor& self, const Shape& kernel_size, FractionalMaxPoolFunctionOptions options);
std::tuple<Tensor, Tensor> fractional_max_pool2d_with_indices(const Tensor& self, const Shape& kernel_size, FractionalMaxPoolFunctionOptions options);
std::tuple<Tensor, Tensor> fractional_max_pool3d_with_indices(const Tensor& self, const Shape& kernel_size, FractionalMaxPoolFunctionOptions options);

}  // namespace lazuli
