// Which convolutions are depthwise ones, and their planes, in parallel: of images, or for gradients of weights of channels.
#include "lazuli/backends/cpu/network/depthwise.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 32768;       // products of a thread, at least
constexpr int64_t kMostRoom = 1 << 24;  // floats of a padded plane

// `image` and `result`: the input's and the output's side.
std::optional<DepthwisePlane> plane_of(const Tensor& image, const Tensor& result, const Tensor& weight, const Shape& stride, const Shape& padding,
                                       const Shape& dilation, int64_t groups) {
  const int64_t rank = image.dim() - 2;
  if (rank > 2 || image.dtype() != kFloat32 || groups < 2 || groups != image.sizes()[1] || groups != result.sizes()[1]) return {};
  if (!image.is_contiguous() || !result.is_contiguous() || image.numel() == 0 || result.numel() == 0) return {};
  DepthwisePlane p;
  for (int64_t d = 0; d < rank; ++d) {
    const int64_t to = 2 - rank + d;
    p.in[to] = image.sizes()[d + 2], p.out[to] = result.sizes()[d + 2], p.kernel[to] = weight.sizes()[d + 2];
    p.stride[to] = stride[d], p.padding[to] = padding[d], p.dilation[to] = dilation[d];
  }
  if (p.stride[1] > 2 || p.kernel[0] * p.kernel[1] > kMostTaps || p.room() > kMostRoom) return {};
  return p;
}

int64_t work_of(const DepthwisePlane& p) { return p.out[0] * p.out[1] * p.kernel[0] * p.kernel[1]; }

void run_planes(const DepthwisePlane& p, int64_t planes, int64_t channels, float* out, const float* in, const float* weight, const float* bias) {
  const DepthwiseLoops& loops = depthwise_loops();
  const int64_t taps = p.kernel[0] * p.kernel[1];
  parallel_for(0, planes, std::max<int64_t>(1, kGrain / std::max<int64_t>(work_of(p), 1)), [&](int64_t from, int64_t to) {
    std::vector<float> room(static_cast<size_t>(p.room()), 0.0f);
    for (int64_t i = from; i < to; ++i) {
      const int64_t c = i % channels;
      loops.forward(p, out + i * p.out[0] * p.out[1], in + i * p.in[0] * p.in[1], weight + c * taps, bias ? bias[c] : 0.0f, room.data());
    }
  });
}

}  // namespace

bool depthwise(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Shape& stride, const Shape& padding,
               const Shape& dilation, int64_t groups) {
  const auto p = plane_of(in, out, weight, stride, padding, dilation, groups);
  if (!p) return false;
  const Tensor w = dense(weight), b = dense(bias);
  run_planes(*p, out.sizes()[0] * groups, groups, pointer<float>(out), pointer<const float>(in), pointer<const float>(w), pointer<const float>(b));
  return true;
}

// With stride 1 the convolution of the gradient with the weights in reverse.
bool depthwise_backward_input(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                              const Shape& dilation, int64_t groups) {
  auto p = plane_of(grad_in, grad, weight, stride, padding, dilation, groups);
  if (!p || p->stride[0] != 1 || p->stride[1] != 1) return false;
  const Tensor w = dense(weight);
  const int64_t taps = p->kernel[0] * p->kernel[1];
  std::vector<float> reversed(static_cast<size_t>(groups * taps));
  for (int64_t c = 0; c < groups; ++c)
    std::reverse_copy(pointer<const float>(w) + c * taps, pointer<const float>(w) + (c + 1) * taps, reversed.begin() + c * taps);
  for (int d = 0; d < 2; ++d) {
    std::swap(p->in[d], p->out[d]);
    p->padding[d] = p->dilation[d] * (p->kernel[d] - 1) - p->padding[d];
  }
  if (p->room() > kMostRoom) return false;
  run_planes(*p, grad.sizes()[0] * groups, groups, pointer<float>(grad_in), pointer<const float>(grad), reversed.data(), nullptr);
  return true;
}

bool depthwise_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                               const Shape& dilation, int64_t groups) {
  const auto p = plane_of(in, grad, grad_weight, stride, padding, dilation, groups);
  if (!p) return false;
  const DepthwiseLoops& loops = depthwise_loops();
  const int64_t taps = p->kernel[0] * p->kernel[1], n = grad.sizes()[0];
  DenseOut out(grad_weight);
  parallel_for(0, groups, std::max<int64_t>(1, kGrain / std::max<int64_t>(work_of(*p) * n, 1)), [&](int64_t from, int64_t to) {
    std::vector<float> room(static_cast<size_t>(p->room()), 0.0f);
    for (int64_t c = from; c < to; ++c) {
      double sums[kMostTaps] = {};
      for (int64_t i = c; i < n * groups; i += groups)
        loops.add_weight(*p, sums, pointer<const float>(grad) + i * p->out[0] * p->out[1], pointer<const float>(in) + i * p->in[0] * p->in[1],
                         room.data());
      std::copy(sums, sums + taps, pointer<float>(out.tensor()) + c * taps);
    }
  });
  out.commit();
  return true;
}

}  // namespace lazuli::cpu
