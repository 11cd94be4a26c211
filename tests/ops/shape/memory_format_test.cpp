#include "lazuli/core/memory/memory_format.h"

#include <lazuli/lazuli.h>

#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/ops/network/image_helper.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {
const Shape kSizes{2, 3, 4, 5}, kLast{60, 1, 15, 3}, kRows{60, 20, 5, 1};
Tensor rows() { return arange(120, kFloat32).reshape(kSizes); }
}  // namespace

TEST_CASE("a tensor goes to another memory format with the same values", "[ops]") {
  Tensor x = rows(), y = x.contiguous(MemoryFormat::ChannelsLast);
  CHECK(y.strides() == kLast);
  CHECK(equal(x, y));
  CHECK(y.is_contiguous(MemoryFormat::ChannelsLast));
  CHECK_FALSE(y.is_contiguous());
  CHECK_FALSE(x.is_contiguous(MemoryFormat::ChannelsLast));
  CHECK(y.suggest_memory_format() == MemoryFormat::ChannelsLast);
  CHECK(x.suggest_memory_format() == MemoryFormat::Contiguous);
  CHECK(y.contiguous(MemoryFormat::ChannelsLast).is_same(y));
  CHECK(y.contiguous().strides() == kRows);
  CHECK(y.clone().strides() == kLast);
  CHECK(y.clone(MemoryFormat::Contiguous).strides() == kRows);
  CHECK(x.clone(MemoryFormat::ChannelsLast).strides() == kLast);
  CHECK(x.to(MemoryFormat::ChannelsLast).strides() == kLast);
  CHECK(x.to(MemoryFormat::Preserve).is_same(x));
  CHECK(x.to(kCPU, {.copy = true, .memory_format = MemoryFormat::ChannelsLast}).strides() == kLast);
  CHECK(relu(y).strides() == kLast);
  Tensor volume = ones({1, 2, 3, 4, 5}).contiguous(MemoryFormat::ChannelsLast3d);
  CHECK(volume.strides() == Shape{120, 1, 40, 10, 2});
  CHECK(volume.suggest_memory_format() == MemoryFormat::ChannelsLast3d);
}

TEST_CASE("an image of one channel lies in both formats", "[ops]") {
  Tensor x = ones({2, 1, 4, 5});
  CHECK(x.is_contiguous());
  CHECK(x.is_contiguous(MemoryFormat::ChannelsLast));
  CHECK(x.contiguous(MemoryFormat::ChannelsLast).is_same(x));
}

TEST_CASE("new tensors lie in the format asked for", "[ops]") {
  const CreationOptions last{.memory_format = MemoryFormat::ChannelsLast};
  CHECK(empty(kSizes, last).strides() == kLast);
  CHECK(zeros(kSizes, last).strides() == kLast);
  CHECK(full(kSizes, 3, last).strides() == kLast);
  CHECK(rand(kSizes, last).strides() == kLast);
  CHECK(empty_like(rows(), last).strides() == kLast);
  CHECK(randn_like(rows(), last).strides() == kLast);
  Tensor x = rows().to(MemoryFormat::ChannelsLast);
  CHECK(zeros_like(x).strides() == kLast);
  CHECK(zeros_like(x, {.memory_format = MemoryFormat::Preserve}).strides() == kLast);
  CHECK(zeros_like(x, {.memory_format = MemoryFormat::Contiguous}).strides() == kRows);
  CHECK(zeros(kSizes, TensorOptions().dtype(kFloat64).memory_format(MemoryFormat::ChannelsLast)).strides() == kLast);
  CHECK(zeros(kSizes, {.requires_grad = true, .memory_format = MemoryFormat::ChannelsLast}).is_leaf());
}

TEST_CASE("changing the format passes the gradient on", "[ops]") {
  Tensor x = rows().requires_grad_();
  (x.contiguous(MemoryFormat::ChannelsLast) * 2).sum().backward();
  CHECK(equal(x.grad(), full(kSizes, 2.f)));
}

TEST_CASE("a format for other ranks is refused", "[ops]") {
  CHECK_THAT(error_of([] {
               ones({2, 3}).contiguous(MemoryFormat::ChannelsLast);
             }),
             Contains("contiguous: argument 'memory_format': expected a format for 2 dimensions, got channels_last, for 4"));
  CHECK_THAT(error_of([] { ones({2, 3}).clone(MemoryFormat::ChannelsLast3d); }), Contains("clone: argument 'memory_format'"));
  CHECK_THAT(error_of([] { zeros({2, 3}, {.memory_format = MemoryFormat::ChannelsLast}); }), Contains("memory_format"));
  CHECK_THAT(error_of([] { ones({2, 3}).contiguous(MemoryFormat::Preserve); }), Contains("preserve_format"));
  CHECK_THAT(error_of([] { call("clone", {ones({2, 3})}, {{"memory_format", "diagonal"}}); }), Contains("'channels_last'"));
}

TEST_CASE("a module's kernels go to another memory format in place", "[ops]") {
  nn::Sequential net{nn::Conv2d(3, 8, 3), nn::BatchNorm2d(8), nn::Flatten(), nn::Linear(48, 2)};
  Tensor weight = net.parameters()[0], x = rows();
  Tensor expected = net(x);
  net.to(MemoryFormat::ChannelsLast);
  CHECK(weight.is_contiguous(MemoryFormat::ChannelsLast));
  CHECK_FALSE(weight.is_contiguous());
  CHECK(allclose(net(x.to(MemoryFormat::ChannelsLast)), expected, 1e-4, 1e-5));
}

TEST_CASE("channels last stays from layer to layer, forward and backward, with the numbers of row-major images", "[ops]") {
  for (DType dtype : {kFloat32, kFloat64}) {
    Tensor weight = image({8, 3, 3, 3}, 1, dtype), scale = image({8}, 2, dtype), shift = image({8}, 3, dtype);
    Tensor mean = zeros({8}, {.dtype = dtype}), variance = ones({8}, {.dtype = dtype});
    auto network = [&](const Tensor& x, std::vector<Tensor>* all) {
      const auto keep = [&](const Tensor& t) {
        if (all) all->push_back(t);
        return t;
      };
      Tensor y = keep(conv2d(x, weight, {.padding = 1}));
      Tensor z = keep(relu(keep(batch_norm(y, mean, variance, {.weight = scale, .bias = shift, .training = true}))));
      z = keep(z + y);
      return keep(max_pool2d(keep(avg_pool2d(z, 2)), 2));
    };
    Tensor plain = leaf({2, 3, 8, 8}, 0, dtype), last = channels_last(plain).requires_grad_();
    std::vector<Tensor> layers;
    Tensor expected = network(plain, nullptr), got = network(last, &layers);
    for (size_t i = 0; i < layers.size(); ++i) {
      INFO("layer " << i << ", strides " << layers[i].strides());
      CHECK(layers[i].is_contiguous(MemoryFormat::ChannelsLast));
    }
    CHECK(allclose(got, expected, 1e-4, 1e-4));
    Tensor grad = image(expected.sizes(), 7, dtype);
    expected.backward(grad);
    got.backward(channels_last(grad));
    CHECK(allclose(last.grad(), plain.grad(), 1e-3, 1e-3));
  }
}
