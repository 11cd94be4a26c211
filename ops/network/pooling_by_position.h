#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/ops/network/pooling.h"

/// Pooling by position, in PyTorch's order: `max_pool2d(x, 2, 2, 1)` beside `max_pool2d(x, 2, {.stride = 2, .padding = 1})`.
namespace lazuli {

inline Tensor max_pool1d(const Tensor& self, const Shape& kernel_size, ByPosition<Shape> stride) {
  return max_pool1d(self, kernel_size, {.stride = *stride});
}
inline Tensor max_pool1d(const Tensor& self, const Shape& kernel_size, const InBraces& stride) {
  return max_pool1d(self, kernel_size, {.stride = *stride});
}
inline Tensor max_pool1d(const Tensor& self, const Shape& kernel_size, const Shape& stride, const Shape& padding, const Shape& dilation = 1,
                         bool ceil_mode = false) {
  return max_pool1d(self, kernel_size, {.stride = stride, .padding = padding, .dilation = dilation, .ceil_mode = ceil_mode});
}

inline Tensor max_pool2d(const Tensor& self, const Shape& kernel_size, ByPosition<Shape> stride) {
  return max_pool2d(self, kernel_size, {.stride = *stride});
}
inline Tensor max_pool2d(const Tensor& self, const Shape& kernel_size, const InBraces& stride) {
  return max_pool2d(self, kernel_size, {.stride = *stride});
}
inline Tensor max_pool2d(const Tensor& self, const Shape& kernel_size, const Shape& stride, const Shape& padding, const Shape& dilation = 1,
                         bool ceil_mode = false) {
  return max_pool2d(self, kernel_size, {.stride = stride, .padding = padding, .dilation = dilation, .ceil_mode = ceil_mode});
}

inline Tensor max_pool3d(const Tensor& self, const Shape& kernel_size, ByPosition<Shape> stride) {
  return max_pool3d(self, kernel_size, {.stride = *stride});
}
inline Tensor max_pool3d(const Tensor& self, const Shape& kernel_size, const InBraces& stride) {
  return max_pool3d(self, kernel_size, {.stride = *stride});
}
inline Tensor max_pool3d(const Tensor& self, const Shape& kernel_size, const Shape& stride, const Shape& padding, const Shape& dilation = 1,
                         bool ceil_mode = false) {
  return max_pool3d(self, kernel_size, {.stride = stride, .padding = padding, .dilation = dilation, .ceil_mode = ceil_mode});
}

inline std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& self, const Shape& kernel_size, ByPosition<Shape> stride) {
  return max_pool1d_with_indices(self, kernel_size, {.stride = *stride});
}
inline std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& self, const Shape& kernel_size, const InBraces& stride) {
  return max_pool1d_with_indices(self, kernel_size, {.stride = *stride});
}
inline std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& self, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                                                          const Shape& dilation = 1, bool ceil_mode = false) {
  return max_pool1d_with_indices(self, kernel_size, {.stride = stride, .padding = padding, .dilation = dilation, .ceil_mode = ceil_mode});
}

inline std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& self, const Shape& kernel_size, ByPosition<Shape> stride) {
  return max_pool2d_with_indices(self, kernel_size, {.stride = *stride});
}
inline std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& self, const Shape& kernel_size, const InBraces& stride) {
  return max_pool2d_with_indices(self, kernel_size, {.stride = *stride});
}
inline std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& self, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                                                          const Shape& dilation = 1, bool ceil_mode = false) {
  return max_pool2d_with_indices(self, kernel_size, {.stride = stride, .padding = padding, .dilation = dilation, .ceil_mode = ceil_mode});
}

inline std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& self, const Shape& kernel_size, ByPosition<Shape> stride) {
  return max_pool3d_with_indices(self, kernel_size, {.stride = *stride});
}
inline std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& self, const Shape& kernel_size, const InBraces& stride) {
  return max_pool3d_with_indices(self, kernel_size, {.stride = *stride});
}
inline std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& self, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                                                          const Shape& dilation = 1, bool ceil_mode = false) {
  return max_pool3d_with_indices(self, kernel_size, {.stride = stride, .padding = padding, .dilation = dilation, .ceil_mode = ceil_mode});
}

inline Tensor max_unpool1d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, ByPosition<Shape> stride) {
  return max_unpool1d(self, indices, kernel_size, {.stride = *stride});
}
inline Tensor max_unpool1d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, const InBraces& stride) {
  return max_unpool1d(self, indices, kernel_size, {.stride = *stride});
}
inline Tensor max_unpool1d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                           const std::optional<Shape>& output_size = {}) {
  return max_unpool1d(self, indices, kernel_size, {.stride = stride, .padding = padding, .output_size = output_size});
}

inline Tensor max_unpool2d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, ByPosition<Shape> stride) {
  return max_unpool2d(self, indices, kernel_size, {.stride = *stride});
}
inline Tensor max_unpool2d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, const InBraces& stride) {
  return max_unpool2d(self, indices, kernel_size, {.stride = *stride});
}
inline Tensor max_unpool2d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                           const std::optional<Shape>& output_size = {}) {
  return max_unpool2d(self, indices, kernel_size, {.stride = stride, .padding = padding, .output_size = output_size});
}

inline Tensor max_unpool3d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, ByPosition<Shape> stride) {
  return max_unpool3d(self, indices, kernel_size, {.stride = *stride});
}
inline Tensor max_unpool3d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, const InBraces& stride) {
  return max_unpool3d(self, indices, kernel_size, {.stride = *stride});
}
inline Tensor max_unpool3d(const Tensor& self, const Tensor& indices, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                           const std::optional<Shape>& output_size = {}) {
  return max_unpool3d(self, indices, kernel_size, {.stride = stride, .padding = padding, .output_size = output_size});
}

inline Tensor avg_pool1d(const Tensor& self, const Shape& kernel_size, ByPosition<Shape> stride) {
  return avg_pool1d(self, kernel_size, {.stride = *stride});
}
inline Tensor avg_pool1d(const Tensor& self, const Shape& kernel_size, const InBraces& stride) {
  return avg_pool1d(self, kernel_size, {.stride = *stride});
}
inline Tensor avg_pool1d(const Tensor& self, const Shape& kernel_size, const Shape& stride, const Shape& padding, bool ceil_mode = false,
                         bool count_include_pad = true) {
  return avg_pool1d(self, kernel_size, {.stride = stride, .padding = padding, .ceil_mode = ceil_mode, .count_include_pad = count_include_pad});
}

inline Tensor avg_pool2d(const Tensor& self, const Shape& kernel_size, ByPosition<Shape> stride) {
  return avg_pool2d(self, kernel_size, {.stride = *stride});
}
inline Tensor avg_pool2d(const Tensor& self, const Shape& kernel_size, const InBraces& stride) {
  return avg_pool2d(self, kernel_size, {.stride = *stride});
}
inline Tensor avg_pool2d(const Tensor& self, const Shape& kernel_size, const Shape& stride, const Shape& padding, bool ceil_mode = false,
                         bool count_include_pad = true, std::optional<int64_t> divisor_override = {}) {
  return avg_pool2d(
      self, kernel_size,
      {.stride = stride, .padding = padding, .ceil_mode = ceil_mode, .count_include_pad = count_include_pad, .divisor_override = divisor_override});
}

inline Tensor avg_pool3d(const Tensor& self, const Shape& kernel_size, ByPosition<Shape> stride) {
  return avg_pool3d(self, kernel_size, {.stride = *stride});
}
inline Tensor avg_pool3d(const Tensor& self, const Shape& kernel_size, const InBraces& stride) {
  return avg_pool3d(self, kernel_size, {.stride = *stride});
}
inline Tensor avg_pool3d(const Tensor& self, const Shape& kernel_size, const Shape& stride, const Shape& padding, bool ceil_mode = false,
                         bool count_include_pad = true, std::optional<int64_t> divisor_override = {}) {
  return avg_pool3d(
      self, kernel_size,
      {.stride = stride, .padding = padding, .ceil_mode = ceil_mode, .count_include_pad = count_include_pad, .divisor_override = divisor_override});
}

inline Tensor lp_pool1d(const Tensor& self, double norm_type, const Shape& kernel_size, ByPosition<Shape> stride) {
  return lp_pool1d(self, norm_type, kernel_size, {.stride = *stride});
}
inline Tensor lp_pool1d(const Tensor& self, double norm_type, const Shape& kernel_size, const InBraces& stride) {
  return lp_pool1d(self, norm_type, kernel_size, {.stride = *stride});
}
inline Tensor lp_pool1d(const Tensor& self, double norm_type, const Shape& kernel_size, const Shape& stride, bool ceil_mode) {
  return lp_pool1d(self, norm_type, kernel_size, {.stride = stride, .ceil_mode = ceil_mode});
}

inline Tensor lp_pool2d(const Tensor& self, double norm_type, const Shape& kernel_size, ByPosition<Shape> stride) {
  return lp_pool2d(self, norm_type, kernel_size, {.stride = *stride});
}
inline Tensor lp_pool2d(const Tensor& self, double norm_type, const Shape& kernel_size, const InBraces& stride) {
  return lp_pool2d(self, norm_type, kernel_size, {.stride = *stride});
}
inline Tensor lp_pool2d(const Tensor& self, double norm_type, const Shape& kernel_size, const Shape& stride, bool ceil_mode) {
  return lp_pool2d(self, norm_type, kernel_size, {.stride = stride, .ceil_mode = ceil_mode});
}

inline Tensor lp_pool3d(const Tensor& self, double norm_type, const Shape& kernel_size, ByPosition<Shape> stride) {
  return lp_pool3d(self, norm_type, kernel_size, {.stride = *stride});
}
inline Tensor lp_pool3d(const Tensor& self, double norm_type, const Shape& kernel_size, const InBraces& stride) {
  return lp_pool3d(self, norm_type, kernel_size, {.stride = *stride});
}
inline Tensor lp_pool3d(const Tensor& self, double norm_type, const Shape& kernel_size, const Shape& stride, bool ceil_mode) {
  return lp_pool3d(self, norm_type, kernel_size, {.stride = stride, .ceil_mode = ceil_mode});
}

}  // namespace lazuli
