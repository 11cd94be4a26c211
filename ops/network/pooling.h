#pragma once
#include <tuple>

#include "lazuli/core/described.h"
#include "lazuli/ops/network/in_braces.h"
#include "lazuli/ops/network/size_ratio.h"

/// Pooling over one to three spatial dimensions: the greatest element, the mean or the p-norm of windows that slide over images.
///
/// Input [n, channels, spatial..], or without n; n alone may be 0. Kernel, stride, padding and dilation have one entry for each spatial dimension, or one for all; no stride: that of
/// the kernel. There are floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 windows; `ceil_mode` rounds up instead, but a window begins in the input or the padding before
/// it. Padding is at most half the kernel. pooling_by_position.h has the same functions with these by position. All throw Error for other ranks, sizes that give no window, parameters out of range, and complex or bool inputs.
namespace lazuli {

struct MaxPoolFunctionOptions {
  ByName by_name = {};
  Shape stride = {};
  Shape padding = 0, dilation = 1;
  bool ceil_mode = false;
  template <class O = MaxPoolFunctionOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("padding", &O::padding, {.least = 0}),
                   member("dilation", &O::dilation, {.least = 1}), member("ceil_mode", &O::ceil_mode)};
  }
};
/// The greatest element of each window (NaN where there is one) and, in the second form, its place in the flattened spatial dimensions, int64: the first of equal ones, the last of NaN.
Tensor max_pool1d(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options = {});
Tensor max_pool2d(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options = {});
Tensor max_pool3d(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options = {});
std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options = {});
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options = {});
std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& self, const Shape& kernel_size, MaxPoolFunctionOptions options = {});

struct MaxUnpoolFunctionOptions {
  ByName by_name = {};
  Shape stride = {};
  Shape padding = 0;
  OptionalShape output_size = {};
  template <class O = MaxUnpoolFunctionOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("padding", &O::padding, {.least = 0}), member("output_size", &O::output_size)};
  }
};
/// The reverse of max pooling: zeros of `output_size` (spatial sizes or all; by default (size - 1) stride + kernel - 2 padding) with the elements of self at `indices`; of several at one
/// place the last. Throws Error (Index) for an index out of range, and for an output_size a stride or more from the default.
Tensor max_unpool1d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, MaxUnpoolFunctionOptions options = {});
Tensor max_unpool2d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, MaxUnpoolFunctionOptions options = {});
Tensor max_unpool3d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, MaxUnpoolFunctionOptions options = {});

struct AvgPool1dOptions {
  ByName by_name = {};
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
  ByName by_name = {};
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
/// The mean of each window, with the zeros of the padding if `count_include_pad`; or the sum divided by `divisor_override`, which may be negative. Integers are divided towards 0.
Tensor avg_pool1d(const Tensor& self, const Shape& kernel_size, AvgPool1dOptions options = {});
Tensor avg_pool2d(const Tensor& self, const Shape& kernel_size, AvgPoolOptions options = {});
Tensor avg_pool3d(const Tensor& self, const Shape& kernel_size, AvgPoolOptions options = {});

struct LPPoolOptions {
  ByName by_name = {};
  Shape stride = {};
  bool ceil_mode = false;
  template <class O = LPPoolOptions>
  static constexpr auto members() {
    return Members{member("stride", &O::stride, {.least = 1}), member("ceil_mode", &O::ceil_mode)};
  }
};
/// sum(x^p)^(1/p) over each window, without padding: p = 1 is sum pooling.
Tensor lp_pool1d(const Tensor& self, double norm_type, const Shape& kernel_size, LPPoolOptions options = {});
Tensor lp_pool2d(const Tensor& self, double norm_type, const Shape& kernel_size, LPPoolOptions options = {});
Tensor lp_pool3d(const Tensor& self, double norm_type, const Shape& kernel_size, LPPoolOptions options = {});

/// Output sizes of adaptive pooling, one for all dimensions or one for each, `none` for that of the input: 5, {5, 7}, {none, 7}.
struct AdaptiveSize : std::vector<std::optional<int64_t>> {
  template <std::integral T>
  AdaptiveSize(T size) : vector{int64_t(size)} {}
  AdaptiveSize(std::initializer_list<std::optional<int64_t>> sizes) : vector(sizes) {}
  AdaptiveSize(const Shape& sizes) : vector(sizes.begin(), sizes.end()) {}
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
  OptionalShape output_size = {};  // one of the first two
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

#include "lazuli/ops/network/pooling_by_position.h"
