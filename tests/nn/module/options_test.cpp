#include "lazuli/nn/module/options.h"

#include "lazuli/data/transforms/transforms.h"
#include "lazuli/nn/projection_loss.h"
#include "tests/catch.h"
#include "tests/nn/nn_test.h"

// Options in braces that are numbers: where PyTorch has a stride, they are the stride.
using namespace lazuli;
using nn_test::message;
using nn_test::same;

namespace {
struct PooledNet : nn::Module {
  nn::Child<nn::Conv2d> plain{this, "plain", 2, 2, {3, 3}, {2, 1}};
  nn::Child<nn::Conv2d> padded{this, "padded", 2, 2, {3, 3}, {1, 1}, {1, 2}};
  nn::Child<nn::Conv2d> square{this, "square", 2, 2, 3, 1, {1, 0}};
  nn::Child<nn::Conv2d> grouped{this, "grouped", 2, 2, {1, 3}, {1, 1}, {0, 1}, 1, 2};
  nn::Child<nn::Conv2d> named{this, "named", 2, 2, {3, 1}, {.padding = {1, 0}}};
  nn::Child<nn::MaxPool2d> pool{this, "pool", {3, 2}};
  nn::Child<nn::MaxPool2d> overlapping{this, "overlapping", {3, 3}, {2, 1}};
  nn::Child<nn::MaxPool2d> inner{this, "inner", {3, 3}, {1, 1}, {1, 1}};
  nn::Child<nn::AvgPool2d> average{this, "average", {2, 2}, {.stride = 1}};
  nn::Child<nn::AvgPool2d> strided{this, "strided", 2, 1};
  nn::Child<nn::LayerNorm> norm{this, "norm", {2, 3}};
};
}  // namespace

TEST_CASE("numbers in braces behind a kernel are a layer's stride, then its padding", "[nn][options]") {
  const Tensor x = randn({2, 3, 11, 12});
  CHECK(same(nn::AvgPool2d({4, 4}, {2, 2})(x), avg_pool2d(x, 4, 2)));
  CHECK(same(nn::AvgPool2d({4, 4}, {2, 1}, {1, 2})(x), avg_pool2d(x, 4, {2, 1}, {1, 2})));
  CHECK(same(nn::AvgPool2d(4, {2, 1}, 1, true, false, 3)(x), avg_pool2d(x, 4, {2, 1}, 1, true, false, 3)));
  CHECK(same(nn::AvgPool1d({4}, {3})(x[0]), avg_pool1d(x[0], 4, 3)));
  CHECK(same(nn::AvgPool3d({2, 2, 3}, {1, 1, 2})(x), avg_pool3d(x, {2, 2, 3}, {.stride = {1, 1, 2}})));
  CHECK(same(nn::MaxPool2d({3, 3}, {2, 2}, {1, 1})(x), max_pool2d(x, 3, 2, 1)));
  CHECK(same(nn::MaxPool2d(3, {2, 1})(x), max_pool2d(x, 3, {.stride = {2, 1}})));
  CHECK(same(nn::MaxPool2d(3, 2, {1, 0}, {1, 2}, false, true)(x), max_pool2d(x, 3, 2, {1, 0}, {1, 2}, true)));
  CHECK(same(nn::LPPool2d(2, {2, 2}, {1, 2})(x.abs()), lp_pool2d(x.abs(), 2, 2, {.stride = {1, 2}})));
  CHECK(nn::MaxPool2d(3, {}).options.stride.empty());
  CHECK(nn::AvgPool2d(3, {2, 1}).options.stride == Shape{2, 1});

  auto as_written = [&](const nn::Conv2d& conv, const Shape& stride, const Shape& padding = 0, const Shape& dilation = 1) {
    return conv.options.stride == stride && conv.options.padding.amounts() == padding && conv.options.dilation == dilation;
  };
  CHECK(as_written(nn::Conv2d(3, 8, {5, 5}, {2, 2}), {2, 2}, {0, 0}, {1, 1}));
  CHECK(as_written(nn::Conv2d(3, 8, 5, {2, 1}, {1, 2}), {2, 1}, {1, 2}, {1, 1}));
  CHECK(as_written(nn::Conv2d(3, 8, {5, 3}, 2, {1, 2}, {1, 2}), {2, 2}, {1, 2}, {1, 2}));
  CHECK(as_written(nn::Conv2d(3, 8, 5, {}), {1, 1}, {0, 0}, {1, 1}));
  CHECK(nn::Conv2d(3, 9, {5, 5}, {1, 1}, "same", {1, 1}, 3, false, "reflect").options.padding.is_same());
  const nn::Conv2d all(3, 9, 5, 1, 2, 1, 3, false, "reflect");
  CHECK((all.options.groups == 3 && !all.options.bias && all.options.padding_mode == nn::PaddingMode::Reflect));
  CHECK(nn::Conv1d(3, 8, 5, {2}).options.stride == Shape{2});
  CHECK(nn::Conv3d(3, 8, {1, 2, 3}, {1, 2, 1}, {0, 1, 1}).options.stride == Shape{1, 2, 1});
  CHECK(nn::ConvTranspose2d(3, 8, {4, 4}, {2, 2}, {1, 1}, {0, 1}).options.output_padding == Shape{0, 1});
  CHECK(nn::ConvTranspose2d(3, 8, 4, {2, 3}).options.stride == Shape{2, 3});
  CHECK(nn::LazyConv2d(8, {4, 4}, {2, 3}, {1, 1}).options.stride == Shape{2, 3});
  CHECK(nn::LazyConv2d(8, 4, 2).options.stride == Shape{2, 2});
  CHECK(nn::LazyConvTranspose2d(8, 4, {2, 3}).options.stride == Shape{2, 3});

  CHECK(same(nn::Unfold({2, 3}, {2, 1}, {1, 1})(x), unfold(x, {2, 3}, {.dilation = {2, 1}, .padding = 1})));
  CHECK(same(nn::Unfold(2, {2, 1})(x), unfold(x, 2, {.dilation = {2, 1}})));
  const Tensor columns = unfold(x, 3, {.stride = {1, 3}});
  CHECK(same(nn::Fold({11, 12}, {3, 3}, {1, 1}, {0, 0}, {1, 3})(columns), fold(columns, {11, 12}, 3, {.stride = {1, 3}})));
  const auto [y, at] = max_pool2d_with_indices(x, 2);
  CHECK(same(nn::MaxUnpool2d({2, 2}, {2, 2}, {0, 0})(y, at), max_unpool2d(y, at, 2)));
  CHECK(nn::MaxUnpool2d(2, {2, 1}).options.stride == Shape{2, 1});
  CHECK(*nn::FractionalMaxPool2d(3, {4, 5}).options.output_size == Shape{4, 5});
  CHECK(fractional_max_pool2d(x, 3, {4, 5}).sizes() == Shape{2, 3, 4, 5});
}

TEST_CASE("numbers in braces are the sizes of an image", "[nn][options]") {
  const Tensor x = randn({2, 3, 4, 5});
  CHECK(same(interpolate(x, {8, 3}), interpolate(x, {.size = {8, 3}})));
  CHECK(same(nn::Upsample({8, 3})(x), interpolate(x, {.size = {8, 3}})));
  CHECK(same(nn::UpsamplingBilinear2d({8, 3})(x), upsample_bilinear(x, Shape{8, 3})));
  CHECK(same(nn::UpsamplingNearest2d({8, 3})(x), upsample_nearest(x, Shape{8, 3})));
  CHECK(same(fft::fft2(x, {8, 1}), fft::fft2(x, {.s = {8, 1}})));
  CHECK(same(fft::fftn(x, {2, 3, 4, 2}), fft::fftn(x, {.s = {2, 3, 4, 2}})));
  CHECK(nn::LinearCrossEntropyLoss(8, 10, {2, 1}).options.out_features == Shape{2, 1});
  CHECK(data::transforms::RandomCrop({4, 5}, {1, 0})(ones({1, 4, 3})).sizes() == Shape{1, 4, 5});  // left and right, top and bottom
  CHECK(data::transforms::RandomCrop(6, 1)(ones({1, 4, 4})).sizes() == Shape{1, 6, 6});
}

TEST_CASE("numbers in braces that are too many are told", "[nn][options]") {
  CHECK(message([] { nn::Conv2d(3, 8, 3, {2, 2, 1}); }).find("stride") != std::string::npos);
  CHECK(message([] { nn::Conv2d(3, 8, 3, {2, 2, 1, 1}); }).find("stride") != std::string::npos);
  CHECK(message([] { nn::MaxPool2d(3, {2, 2, 1, 1})(ones({1, 1, 8, 8})); }).find("stride") != std::string::npos);
  CHECK(message([] { nn::MaxPool2d(3, {0, 1}); }).find("stride") != std::string::npos);
}

TEST_CASE("numbers in braces after the type are arguments by position", "[nn][options]") {
  const nn::MaxPool2d pool{3, 2};
  CHECK((pool.kernel_size == Shape{3} && pool.options.stride == Shape{2}));
  CHECK(nn::MaxPool2d({3, 2}).kernel_size == Shape{3, 2});
}

TEST_CASE("a Child takes sizes in braces wherever its module does", "[nn][options]") {
  PooledNet net;
  CHECK((net.plain->kernel_size == Shape{3, 3} && net.plain->options.stride == Shape{2, 1}));
  CHECK((net.padded->options.stride == Shape{1, 1} && net.padded->options.padding == nn::ConvOptions{.padding = {1, 2}}.padding));
  CHECK(net.square->options.padding.amounts() == Shape{1, 0});
  CHECK((net.grouped->options.groups == 2 && net.grouped->options.padding.amounts() == Shape{0, 1}));
  CHECK(net.named->options.padding.amounts() == Shape{1, 0});
  CHECK((net.pool->kernel_size == Shape{3, 2} && net.pool->options.stride.empty()));
  CHECK((net.overlapping->kernel_size == Shape{3, 3} && net.overlapping->options.stride == Shape{2, 1}));
  CHECK(net.inner->options.padding == Shape{1, 1});
  CHECK((net.average->kernel_size == Shape{2, 2} && net.average->options.stride == Shape{1}));
  CHECK((net.strided->kernel_size == Shape{2} && net.strided->options.stride == Shape{1}));
  CHECK(net.norm->normalized_shape == Shape{2, 3});
}

TEST_CASE("RMSNorm and LayerNorm take their options by position", "[nn][options]") {
  CHECK(nn::LayerNorm({2, 3}, 1e-3).options.eps == 1e-3);
  CHECK(*nn::RMSNorm({2, 3}, 1e-3).options.eps == 1e-3);
  CHECK(!nn::RMSNorm(3, 1e-3, false).options.elementwise_affine);
}

TEST_CASE("an option is given by position or by name, not both", "[nn][options]") {
  CHECK(message([] { nn::Conv2d(3, 8, 3, 2, {.stride = 3}); }) == "options: argument 'stride': expected a value by position or by name, got both");
  CHECK(message([] { nn::LSTM(10, 20, 2, {.num_layers = 3}); }) ==
        "options: argument 'num_layers': expected a value by position or by name, got both");
}
