#include "lazuli/ops/shape/memory_format.h"

#include "tests/errors.h"
#include "tests/ops/network/image_helper.h"

using namespace lazuli;
using namespace lazuli::test;

TEST_CASE("contiguous in a memory format changes strides alone, and is differentiable", "[ops]") {
  Tensor x = leaf({2, 3, 4, 5});
  Tensor last = contiguous(x, MemoryFormat::ChannelsLast);
  CHECK(last.strides() == Shape{60, 1, 15, 3});
  CHECK(equal(last, x));
  CHECK(is_contiguous(last, MemoryFormat::ChannelsLast));
  CHECK_FALSE(is_contiguous(last, MemoryFormat::Contiguous));
  CHECK_FALSE(is_contiguous(x, MemoryFormat::ChannelsLast));
  CHECK_FALSE(is_contiguous(x, MemoryFormat::ChannelsLast3d));
  CHECK(contiguous(last, MemoryFormat::ChannelsLast).is_same(last));
  CHECK(contiguous(x, MemoryFormat::Contiguous).is_same(x));
  CHECK(contiguous(last, MemoryFormat::Contiguous).is_contiguous());
  CHECK(contiguous(image({2, 3, 2, 2, 2}), MemoryFormat::ChannelsLast3d).strides() == Shape{24, 1, 12, 6, 3});
  expect_gradients([](const std::vector<Tensor>& in) { return contiguous(in[0], MemoryFormat::ChannelsLast); }, {x});
  CHECK_THROWS_AS(contiguous(image({2, 3, 4}), MemoryFormat::ChannelsLast), Error);
  CHECK_THROWS_AS(contiguous(Tensor(), MemoryFormat::ChannelsLast), Error);
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
      CHECK(is_contiguous(layers[i], MemoryFormat::ChannelsLast));
    }
    CHECK(allclose(got, expected, 1e-4, 1e-4));
    Tensor grad = image(expected.sizes(), 7, dtype);
    expected.backward(grad);
    got.backward(channels_last(grad));
    CHECK(allclose(last.grad(), plain.grad(), 1e-3, 1e-3));
  }
}
