#include "lazuli/nn/convolution.h"

#include <cmath>

#include "lazuli/nn/module/registry.h"
#include "tests/catch.h"
#include "tests/nn/nn_test.h"

using namespace lazuli;
using nn_test::close;
using nn_test::message;
using nn_test::same;

TEST_CASE("convolutions print as PyTorch's do", "[nn][convolution]") {
  CHECK(to_string(nn::Conv2d(3, 16, 3)) == "Conv2d(3, 16, kernel_size=(3, 3), stride=(1, 1))");
  CHECK(to_string(
            nn::Conv1d(4, 8, 5, {.stride = 2, .padding = 1, .dilation = 3, .groups = 2, .bias = false, .padding_mode = nn::PaddingMode::Circular})) ==
        "Conv1d(4, 8, kernel_size=(5,), stride=(2,), padding=(1,), dilation=(3,), groups=2, bias=False, padding_mode=circular)");
  CHECK(to_string(nn::Conv2d(3, 6, {3, 5}, {.padding = "same"})) == "Conv2d(3, 6, kernel_size=(3, 5), stride=(1, 1), padding=same)");
  CHECK(to_string(nn::ConvTranspose2d(3, 6, 4, {.stride = 2, .padding = 1, .output_padding = 1})) ==
        "ConvTranspose2d(3, 6, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1), output_padding=(1, 1))");
  nn::LazyConv2d lazy(8, 3);
  CHECK(to_string(lazy) == "LazyConv2d(0, 8, kernel_size=(3, 3), stride=(1, 1))");
  lazy(zeros({1, 3, 8, 8}));
  CHECK(to_string(lazy) == "Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))");
}

TEST_CASE("convolutions begin within their bounds", "[nn][convolution]") {
  manual_seed(1);
  nn::Conv2d conv(8, 32, 3, {.groups = 2});
  CHECK(conv.weight.sizes() == Shape{32, 4, 3, 3});
  const double bound = 1 / std::sqrt(4.0 * 9);
  CHECK(max(abs(conv.weight)).item<double>() <= bound);
  CHECK(max(abs(conv.weight)).item<double>() > 0.95 * bound);
  CHECK(max(abs(conv.bias)).item<double>() <= bound);
  nn::ConvTranspose1d transposed(6, 4, 5, {.groups = 2});
  CHECK(transposed.weight.sizes() == Shape{6, 2, 5});
  CHECK(max(abs(transposed.weight)).item<double>() <= 1 / std::sqrt(10.0));
  CHECK_FALSE(nn::Conv1d(2, 2, 2, {.bias = false}).bias.defined());
}

TEST_CASE("a lazy convolution is the regular one from its first input on", "[nn][convolution][lazy]") {
  const Tensor x = randn({2, 6, 9, 9});
  const auto check = [&](auto&& lazy, auto&& regular, const Tensor& input) {
    CHECK(same(lazy(input), regular(input)));
    CHECK(same(lazy.weight, regular.weight));
    CHECK(lazy.in_channels == regular.in_channels);
  };
  const auto seeded = [](auto make) {
    manual_seed(7);
    return make();
  };
  check(seeded([] { return nn::LazyConv2d(4, 3, {.padding = 1, .groups = 2}); }),
        seeded([] { return nn::Conv2d(6, 4, 3, {.padding = 1, .groups = 2}); }), x);
  check(seeded([] { return nn::LazyConvTranspose2d(4, 3, {.stride = 2}); }), seeded([] { return nn::ConvTranspose2d(6, 4, 3, {.stride = 2}); }), x);
  check(seeded([] { return nn::LazyConv1d(4, 3); }), seeded([] { return nn::Conv1d(6, 4, 3); }), x[0].select(2, 0));
  check(seeded([] { return nn::LazyConv3d(2, 1); }), seeded([] { return nn::Conv3d(6, 2, 1); }), x.unsqueeze(-1));
  check(seeded([] { return nn::LazyConvTranspose1d(2, 2); }), seeded([] { return nn::ConvTranspose1d(6, 2, 2); }), x.select(3, 0));
  check(seeded([] { return nn::LazyConvTranspose3d(2, 2); }), seeded([] { return nn::ConvTranspose3d(6, 2, 2); }), x.unsqueeze(-1));

  // from a state, and as a part
  nn::Conv2d given(6, 4, 3, {.groups = 2});
  nn::LazyConv2d loaded(4, 3, {.groups = 2});
  loaded.load_state_dict(given.state_dict());
  CHECK(loaded.in_channels == 6);
  CHECK(same(loaded(x), given(x)));
  nn::Sequential net{nn::LazyConv2d(4, 3), nn::ReLU(), nn::LazyConv2d(2, 1)};
  nn::materialize(net, Shape{1, 5, 8, 8});
  CHECK(net.get_parameter("0.weight").sizes() == Shape{4, 5, 3, 3});
  CHECK(net.get_parameter("2.weight").sizes() == Shape{2, 4, 1, 1});
  nn::LazyConv2d untouched(4, 3);
  CHECK_THROWS_AS(untouched(randn({4, 4})), Error);
  CHECK_FALSE(untouched.is_initialized());
  nn::LazyConv2d copy = nn::clone(untouched);
  CHECK(same(copy(x), untouched(x)));
}

TEST_CASE("convolutions are cloned, saved and made by name", "[nn][convolution]") {
  nn::Conv2d conv(3, 4, {2, 3}, {.stride = 2, .padding = "valid", .padding_mode = nn::PaddingMode::Reflect});
  nn::Conv2d copy = nn::clone(conv);
  const Tensor x = randn({2, 3, 7, 7});
  CHECK(same(copy(x), conv(x)));
  CHECK(copy.weight.address() != conv.weight.address());
  CHECK(conv.state_dict().size() == 2);
  CHECK(to_string(*nn::make_module("Conv2d", {3, 4, Shape{2, 3}, 1, "same"}, {{"padding_mode", "circular"}})) ==
        "Conv2d(3, 4, kernel_size=(2, 3), stride=(1, 1), padding=same, padding_mode=circular)");
  CHECK(to_string(*nn::make_module("LazyConvTranspose1d", {4, 3}, {{"stride", 2}})) == "LazyConvTranspose1d(0, 4, kernel_size=(3,), stride=(2,))");
}

TEST_CASE("padding modes of convolutions are pads before them", "[nn][convolution]") {
  const Tensor x = randn({2, 3, 6, 7});
  for (auto [mode, name] : {std::pair{nn::PaddingMode::Reflect, "reflect"}, std::pair{nn::PaddingMode::Replicate, "replicate"},
                            std::pair{nn::PaddingMode::Circular, "circular"}}) {
    nn::Conv2d conv(3, 2, {3, 2}, {.padding = {2, 1}, .padding_mode = mode});
    CHECK(close(conv(x), conv2d(pad(x, {1, 1, 2, 2}, name), conv.weight, conv.bias)));
    nn::Conv2d same_size(3, 2, {3, 2}, {.padding = "same", .padding_mode = mode});
    CHECK(close(same_size(x), conv2d(pad(x, {0, 1, 1, 1}, name), same_size.weight, same_size.bias)));
  }
}

TEST_CASE("a transposed convolution is told its output's size", "[nn][convolution]") {
  nn::Conv2d down(3, 4, 3, {.stride = 2, .padding = 1});
  nn::ConvTranspose2d up(4, 3, 3, {.stride = 2, .padding = 1});
  for (Shape sizes : {Shape{1, 3, 8, 9}, Shape{1, 3, 7, 8}}) CHECK(up(down(zeros(sizes)), Shape{sizes[2], sizes[3]}).sizes() == sizes);
  CHECK(up(zeros({1, 4, 4, 4}), Shape{1, 3, 8, 8}).sizes() == Shape{1, 3, 8, 8});
  CHECK_THROWS_AS(up(zeros({1, 4, 4, 4}), Shape{9, 8}), Error);
  CHECK_THROWS_AS(up(zeros({1, 4, 4, 4}), Shape{8}), Error);
}

TEST_CASE("convolutions refuse options out of range", "[nn][convolution]") {
  CHECK(message([] { nn::Conv2d(3, 4, 3, {.groups = 2}); }) ==
        "Conv2d: argument 'in_channels': expected a number of channels that is a multiple of groups, 2, got 3");
  CHECK_THROWS_AS(nn::Conv2d(4, 3, 3, {.groups = 2}), Error);
  CHECK_THROWS_AS(nn::Conv2d(4, 4, 3, {.groups = 0}), Error);
  CHECK_THROWS_AS(nn::Conv2d(4, 4, 0), Error);
  CHECK_THROWS_AS(nn::Conv2d(4, 4, {1, 2, 3}), Error);
  CHECK_THROWS_AS(nn::Conv2d(4, 4, 3, {.stride = 2, .padding = "same"}), Error);
  CHECK_THROWS_AS(nn::Conv2d(4, 4, 3, {.padding = -1}), Error);
  CHECK_THROWS_AS(nn::Conv2d(-4, 4, 3), Error);
  CHECK_THROWS_AS(nn::ConvTranspose2d(4, 4, 3, {.padding_mode = nn::PaddingMode::Reflect}), Error);
}
