#pragma once
#include <vector>

#include "lazuli/core/geometry.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/window_slots.h"
#include "lazuli/lazuli.h"

/// Convolutions and their gradients on a device beside the CPU's in float64.
namespace lazuli::test {

struct ConvolutionCase {
  Shape input, weight, stride, padding, dilation;
  int64_t groups = 1;
  Shape places = {};           // of the windows, where they are not as many as fit between equal paddings
  bool as_many_as_fit = true;  // with more zeros behind the input, if need be

  Shape output() const {
    Shape sizes{input[0], weight[0]};
    for (int64_t d = 0; d < stride.size(); ++d)
      sizes.push_back(places.size() ? places[d] : (input[d + 2] + 2 * padding[d] - (weight[d + 2] - 1) * dilation[d] - 1) / stride[d] + 1);
    return sizes;
  }
};
inline const std::vector<ConvolutionCase>& convolution_cases() {
  static const std::vector<ConvolutionCase> cases{
      {{2, 3, 9}, {4, 3, 3}, {1}, {1}, {1}},
      {{1, 4, 11}, {6, 2, 2}, {3}, {2}, {2}, 2},
      {{2, 3, 7, 6}, {4, 3, 3, 2}, {1, 1}, {0, 0}, {1, 1}},
      {{1, 4, 9, 8}, {6, 2, 3, 3}, {2, 3}, {1, 2}, {1, 1}, 2},
      {{2, 4, 6, 6}, {4, 1, 3, 3}, {1, 1}, {1, 1}, {2, 1}, 4},
      {{3, 5, 4, 4}, {2, 5, 1, 1}, {1, 1}, {0, 0}, {1, 1}},
      {{2, 2, 5, 4, 6}, {4, 1, 2, 3, 2}, {1, 2, 1}, {1, 0, 1}, {1, 1, 2}, 2},
      {{2, 2, 4, 5, 4}, {3, 2, 1, 2, 3}, {1, 1, 1}, {0, 1, 1}, {1, 1, 1}},
      {{2, 2, 6, 7}, {3, 2, 4, 2}, {1, 1}, {1, 0}, {1, 1}, 1, {6, 7}},  // "same", with an even kernel
      {{1, 2, 5, 8}, {2, 2, 4, 4}, {1, 1}, {0, 0}, {1, 1}, 1, {1, 1}},  // one window
      {{2, 2, 10, 9}, {2, 2, 3, 3}, {2, 2}, {0, 1}, {1, 1}},            // one row is not read
      {{1, 2, 8, 8}, {2, 2, 2, 2}, {1, 1}, {0, 0}, {1, 1}, 1, {7, 5}, false},
  };
  return cases;
}

/// Random numbers, in row-major order or with channels last.
inline Tensor random_images(const Shape& sizes, DType t, bool channels_last) {
  const Tensor dense = randn(sizes, kFloat32).to(t);
  if (!channels_last) return dense;
  Tensor last = new_strided(sizes, channels_last_strides(sizes), t);
  copy_kernel(kCPU, last, dense);
  return last;
}
/// A copy with the same strides.
inline Tensor on_device(const Tensor& t, Device device) {
  const Tensor whole = alias(t, {t.storage()->bytes() / t.item_size()}, {1}, 0).to(device);
  return alias(whole, t.sizes(), t.strides(), t.storage_offset());
}

/// The three slots of a case: f(0 for forward with bias, 1 for the gradient of the input, 2 for that of the weight; the result on the device; what it should be; the call).
template <class F>
void each_direction(Device device, const ConvolutionCase& c, DType t, bool channels_last, F f) {
  const Tensor x = random_images(c.input, t, channels_last), w = random_images(c.weight, t, channels_last),
               y = random_images(c.output(), t, channels_last), bias = randn({c.weight[0]}, kFloat32).to(t);
  const Tensor wide_x = x.to(kFloat64), wide_w = w.to(kFloat64), wide_y = y.to(kFloat64), dx = on_device(x, device), dw = on_device(w, device),
               dy = on_device(y, device), dbias = on_device(bias, device);
  Tensor expected = empty_like(wide_y), out = empty_like(dy);
  convolution_kernel(kCPU, expected, wide_x, wide_w, bias.to(kFloat64), c.stride, c.padding, c.dilation, c.groups);
  f(0, out, expected, [&] { convolution_kernel(device, out, dx, dw, dbias, c.stride, c.padding, c.dilation, c.groups); });
  expected = empty_like(wide_x), out = empty_like(dx);
  convolution_backward_input_kernel(kCPU, expected, wide_y, wide_w, c.stride, c.padding, c.dilation, c.groups);
  f(1, out, expected, [&] { convolution_backward_input_kernel(device, out, dy, dw, c.stride, c.padding, c.dilation, c.groups); });
  expected = empty_like(wide_w), out = empty_like(dw);
  convolution_backward_weight_kernel(kCPU, expected, wide_y, wide_x, c.stride, c.padding, c.dilation, c.groups);
  f(2, out, expected, [&] { convolution_backward_weight_kernel(device, out, dy, dx, c.stride, c.padding, c.dilation, c.groups); });
}
inline double tolerance_of_convolution(DType t) { return t == kFloat64 ? 1e-10 : t == kFloat32 ? 1e-4 : t == kFloat16 ? 2e-2 : 1e-1; }

}  // namespace lazuli::test
