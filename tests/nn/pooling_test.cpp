#include "lazuli/nn/pooling.h"

#include "lazuli/nn/module/registry.h"
#include "tests/catch.h"
#include "tests/nn/nn_test.h"

using namespace lazuli;
using nn_test::same;

TEST_CASE("pooling, padding and folding print as PyTorch's do", "[nn][pooling]") {
  CHECK(to_string(nn::MaxPool2d(3, {.stride = 2, .padding = 1})) == "MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)");
  CHECK(to_string(nn::MaxPool1d(3)) == "MaxPool1d(kernel_size=3, stride=3, padding=0, dilation=1, ceil_mode=False)");
  CHECK(to_string(nn::AvgPool1d(2)) == "AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,))");
  CHECK(to_string(nn::AvgPool2d({2, 3})) == "AvgPool2d(kernel_size=(2, 3), stride=(2, 3), padding=0)");
  CHECK(to_string(nn::AvgPool2d(2, 3)) == "AvgPool2d(kernel_size=2, stride=3, padding=0)");
  CHECK(to_string(nn::AvgPool2d({4, 4}, {.padding = 1})) == "AvgPool2d(kernel_size=(4, 4), stride=(4, 4), padding=1)");
  CHECK(to_string(nn::LPPool2d(2, 3)) == "LPPool2d(norm_type=2.0, kernel_size=3, stride=None, ceil_mode=False)");
  CHECK(to_string(nn::AdaptiveAvgPool2d({5, none})) == "AdaptiveAvgPool2d(output_size=(5, None))");
  CHECK(to_string(nn::AdaptiveMaxPool1d(5)) == "AdaptiveMaxPool1d(output_size=5)");
  CHECK(to_string(nn::MaxUnpool2d(2)) == "MaxUnpool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))");
  CHECK(to_string(nn::ReflectionPad2d(1)) == "ReflectionPad2d((1, 1, 1, 1))");
  CHECK(to_string(nn::ConstantPad1d({1, 2}, 0.5)) == "ConstantPad1d(padding=(1, 2), value=0.5)");
  CHECK(to_string(nn::PixelShuffle(2)) == "PixelShuffle(upscale_factor=2)");
  CHECK(to_string(nn::Unfold({2, 3})) == "Unfold(kernel_size=(2, 3), dilation=1, padding=0, stride=1)");
}

TEST_CASE("pooling modules are their functions, and are cloned", "[nn][pooling]") {
  const Tensor x = randn({2, 3, 8, 9});
  nn::Sequential net{nn::MaxPool2d(2), nn::AvgPool2d(2, {.stride = 1}), nn::AdaptiveAvgPool2d(1), nn::Flatten()};
  CHECK(same(net(x), adaptive_avg_pool2d(avg_pool2d(max_pool2d(x, 2), 2, 1), 1).flatten(1)));
  CHECK(same(nn::clone(net)(x), net(x)));
  nn::MaxPool2d pool(2);
  nn::MaxUnpool2d unpool(2);
  auto [y, indices] = pool.forward_with_indices(x);
  CHECK(same(y, pool(x)));
  CHECK(same(unpool(y, indices, Shape{8, 9}), max_unpool2d(y, indices, 2, {}, 0, Shape{8, 9})));
  nn::FractionalMaxPool2d drawn(2, {.output_ratio = 0.5, ._random_samples = full({2, 3, 2}, 0.4)});
  CHECK(same(drawn(x), drawn(x)));
  CHECK(drawn.state_dict().contains("_random_samples"));
  CHECK(same(nn::ZeroPad2d({1, 0, 0, 2})(x), pad(x, {1, 0, 0, 2})));
  CHECK(same(nn::CircularPad2d(1)(x), pad(x, {1, 1, 1, 1}, "circular")));
}

TEST_CASE("pooling and padding modules refuse options out of range", "[nn][pooling]") {
  CHECK_THROWS_AS(nn::MaxPool2d(2, {.stride = 0}), Error);
  CHECK_THROWS_AS(nn::AvgPool2d(2, {.padding = -1}), Error);
  CHECK_THROWS_AS(nn::FractionalMaxPool2d(2, {}), Error);
  CHECK_THROWS_AS(nn::FractionalMaxPool2d(2, {.output_ratio = 2.0}), Error);
  CHECK_THROWS_AS(nn::ReflectionPad1d({1, 2, 3}), Error);
}
