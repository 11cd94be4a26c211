#pragma once
#include <cstdint>

#include "lazuli/core/tensor.h"

/// Depthwise convolutions (each channel by itself) of row-major float32 images in one or two dimensions: there is too little to compute for oneDNN's layouts to pay.
namespace lazuli::cpu {

// Each says whether the convolution is one of these, and then has done it; the arguments are those of the slots in core/slots/window_slots.h.
bool depthwise(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Shape& stride, const Shape& padding,
               const Shape& dilation, int64_t groups);
bool depthwise_backward_input(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                              const Shape& dilation, int64_t groups);
bool depthwise_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                               const Shape& dilation, int64_t groups);

inline constexpr int64_t kMostTaps = 64;

/// One channel of one image. Height is 1 in one dimension. stride[1] is 1 or 2.
struct DepthwisePlane {
  int64_t in[2] = {1, 1}, out[2] = {1, 1}, kernel[2] = {1, 1}, stride[2] = {1, 1}, padding[2] = {0, 0}, dilation[2] = {1, 1};

  static constexpr int64_t kMostLanes = 16;
  int64_t rows() const { return (out[0] - 1) * stride[0] + (kernel[0] - 1) * dilation[0] + 1; }
  int64_t row_length() const { return (out[1] + 5 * kMostLanes) * stride[1] + (kernel[1] - 1) * dilation[1]; }
  /// Floats of the padded copy of a plane, which begins as zeros. Rows have room for reads of four vectors and one more behind the last place.
  int64_t room() const { return rows() * row_length(); }
};

// The loops; `room` is such a copy.
struct DepthwiseLoops {
  void (*forward)(const DepthwisePlane& p, float* out, const float* in, const float* weight, float bias, float* room);
  void (*add_weight)(const DepthwisePlane& p, double* sums, const float* grad, const float* in, float* room);  // sums: one for each tap
};
const DepthwiseLoops& depthwise_loops();

}  // namespace lazuli::cpu
