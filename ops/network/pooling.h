#pragma once
#include <tuple>

#include "lazuli/ops/network/size_ratio.h"

/// Pooling over one to three spatial dimensions: the greatest element, the mean or the p-norm of windows that slide over images.
///
/// Input [n, channels, spatial..], or without n; n alone may be 0. Kernel, stride, padding and dilation have one entry for each spatial dimension, or one for all; no stride: that of
/// the kernel. There are floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 windows; `ceil_mode` rounds up instead, but a window begins in the input or the padding before
/// it. Padding is at most half the kernel. All throw Error for other ranks, sizes that give no window, parameters out of range, and complex or bool inputs.
namespace lazuli {

/// The greatest element of each window (NaN where there is one) and, in the second form, its place in the flattened spatial dimensions, int64: the first of equal ones, the last of NaN.
Tensor max_pool1d(const Tensor& self, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0, const Shape& dilation = 1,
                  bool ceil_mode = false);
Tensor max_pool2d(const Tensor& self, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0, const Shape& dilation = 1,
                  bool ceil_mode = false);
Tensor max_pool3d(const Tensor& self, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0, const Shape& dilation = 1,
                  bool ceil_mode = false);
std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& self, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0,
                                                   const Shape& dilation = 1, bool ceil_mode = false);
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& self, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0,
                                                   const Shape& dilation = 1, bool ceil_mode = false);
std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& self, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0,
                                                   const Shape& dilation = 1, bool ceil_mode = false);

/// The reverse of max pooling: zeros of `output_size` (spatial sizes or all; by default (size - 1) stride + kernel - 2 padding) with the elements of self at `indices`; of several at one
/// place the last. Throws Error (Index) for an index out of range, and for an output_size a stride or more from the default.
Tensor max_unpool1d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0,
                    const std::optional<Shape>& output_size = {});
Tensor max_unpool2d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0,
                    const std::optional<Shape>& output_size = {});
Tensor max_unpool3d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0,
                    const std::optional<Shape>& output_size = {});

/// The mean of each window, with the zeros of the padding if `count_include_pad`; or the sum divided by `divisor_override`, which may be negative. Integers are divided towards 0.
Tensor avg_pool1d(const Tensor& self, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0, bool ceil_mode = false,
                  bool count_include_pad = true);
Tensor avg_pool2d(const Tensor& self, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0, bool ceil_mode = false,
                  bool count_include_pad = true, std::optional<int64_t> divisor_override = {});
Tensor avg_pool3d(const Tensor& self, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = 0, bool ceil_mode = false,
                  bool count_include_pad = true, std::optional<int64_t> divisor_override = {});

/// sum(x^p)^(1/p) over each window, without padding: p = 1 is sum pooling.
Tensor lp_pool1d(const Tensor& self, double norm_type, const Shape& kernel_size, const Shape& stride = {}, bool ceil_mode = false);
Tensor lp_pool2d(const Tensor& self, double norm_type, const Shape& kernel_size, const Shape& stride = {}, bool ceil_mode = false);
Tensor lp_pool3d(const Tensor& self, double norm_type, const Shape& kernel_size, const Shape& stride = {}, bool ceil_mode = false);

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

/// What fractional pooling takes besides the kernel: one of the first two.
struct FractionalPoolOptions {
  std::optional<Shape> output_size = {};
  std::optional<SizeRatio> output_ratio = {};
  OptionalTensor random_samples = {};
};
/// Max pooling over windows of kernel_size at places drawn at random, that cover the input more or less evenly (Graham 2014, https://arxiv.org/abs/1412.6071). The output has
/// `output_size` or floor(size * output_ratio) places: exactly one of both is given. `random_samples` [n, channels, rank] of [0, 1) are drawn where there are none. Throws Error also
/// where output places and kernel do not fit the input.
Tensor fractional_max_pool2d(const Tensor& self, const Shape& kernel_size, const FractionalPoolOptions& options);
Tensor fractional_max_pool3d(const Tensor& self, const Shape& kernel_size, const FractionalPoolOptions& options);
std::tuple<Tensor, Tensor> fractional_max_pool2d_with_indices(const Tensor& self, const Shape& kernel_size, const FractionalPoolOptions& options);
std::tuple<Tensor, Tensor> fractional_max_pool3d_with_indices(const Tensor& self, const Shape& kernel_size, const FractionalPoolOptions& options);

}  // namespace lazuli
