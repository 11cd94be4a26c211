#include <lazuli/lazuli.h>

#include "tests/errors.h"
#include "tests/ops/network/image_helper.h"

// How convolutions, pools and their kin take their optional arguments: by name, by position and from the table; and which they refuse.
using namespace lazuli;
using namespace lazuli::test;

namespace {
constexpr int64_t kGreatest = (int64_t(1) << 31) - 1;  // what a stride, padding or dilation may be
Tensor place(const std::tuple<Tensor, Tensor>& pooled) { return std::get<1>(pooled); }

// Whether all members of a function's struct are members of its module's.
template <class Function, class Module>
bool has_names_of() {
  bool all = true;
  const Function given;
  for_each_member(given, [&](const auto& m, const auto&) {
    Module options;
    all = all && visit_member(options, m.name, [](auto&) {});
  });
  return all;
}
}  // namespace

TEST_CASE("convolutions by name and by position", "[ops][convolution]") {
  const Tensor x = image({2, 4, 6, 7}), w = image({6, 2, 3, 2}, 1), b = image({6}, 2);
  CHECK(equal(conv2d(x, w, {.bias = b, .stride = {2, 1}, .padding = 1, .groups = 2}), conv2d(x, w, b, {2, 1}, 1, 1, 2)));
  CHECK(equal(conv2d(x, w, {.padding = "same", .groups = 2}), conv2d(x, w, {}, 1, "same", 1, 2)));
  CHECK(equal(conv1d(x[0], image({3, 6, 2}), {.dilation = 2}), conv1d(x[0], image({3, 6, 2}), none, 1, 0, 2)));
  const Tensor volume = image({2, 3, 4, 5}), kernel = image({2, 2, 2, 2, 2}), two = image({2}, 3);
  CHECK(equal(conv3d(volume, kernel, {.bias = two}), conv3d(volume, kernel, two)));
  CHECK(equal(conv3d(volume, kernel, {}), conv3d(volume, kernel, none)));
  const Tensor back = image({4, 3, 3, 3}, 1), three = image({3}, 2);
  CHECK(equal(conv_transpose2d(x, back, {.bias = three, .stride = 2, .output_padding = 1}), conv_transpose2d(x, back, three, 2, 0, 1)));
  CHECK(equal(conv_transpose2d(x, back, {.dilation = {1, 2}}), conv_transpose2d(x, back, {}, 1, 0, 0, 1, {1, 2})));
  CHECK(equal(call("conv2d", {x, w}, {{"stride", 2}, {"padding", "valid"}, {"groups", 2}})[0].to_tensor(), conv2d(x, w, {.stride = 2, .groups = 2})));
  CHECK(has_names_of<ConvFunctionOptions, nn::ConvOptions>());
  CHECK(has_names_of<ConvTransposeFunctionOptions, nn::ConvTransposeOptions>());
}

TEST_CASE("pools by name and by position", "[ops][pooling]") {
  const Tensor x = image({2, 3, 8, 9}), row = image({3, 9}), volume = image({2, 4, 5, 6});
  CHECK(equal(max_pool2d(x, 3, {.stride = 2, .padding = 1}), max_pool2d(x, 3, 2, 1)));
  CHECK(equal(max_pool2d(x, 3, {2, 1}), max_pool2d(x, 3, {.stride = {2, 1}})));  // a stride, not the first two members
  CHECK(equal(max_pool2d(x, 3, {}), max_pool2d(x, 3)));
  CHECK(equal(max_pool1d(row, 2, {.dilation = 3}), max_pool1d(row, 2, {}, 0, 3)));
  CHECK(equal(place(max_pool3d_with_indices(volume, 2, {.ceil_mode = true})), place(max_pool3d_with_indices(volume, 2, {}, 0, 1, true))));
  CHECK(equal(avg_pool1d(row, 3, {.padding = 1, .count_include_pad = false}), avg_pool1d(row, 3, {}, 1, false, false)));
  CHECK(equal(avg_pool2d(x, {3, 2}, {.divisor_override = 5}), avg_pool2d(x, {3, 2}, {}, 0, false, true, 5)));
  CHECK(equal(avg_pool3d(volume, 2, {1, 1, 2}), avg_pool3d(volume, 2, {.stride = {1, 1, 2}})));
  CHECK(equal(lp_pool2d(x.abs(), 3, 2, {.stride = 1}), lp_pool2d(x.abs(), 3, 2, 1)));
  const auto [y, at] = max_pool2d_with_indices(x, 2);
  CHECK(equal(max_unpool2d(y, at, 2, {.output_size = Shape{8, 9}}), max_unpool2d(y, at, 2, {}, 0, Shape{8, 9})));
  const std::vector<Value> both = call("max_pool2d", {x, 2}, {{"return_indices", true}});
  CHECK(equal(both[0].to_tensors()[1], at));
  CHECK(equal(call("max_pool2d", {x, 3, 2, 1})[0].to_tensor(), max_pool2d(x, 3, 2, 1)));
  CHECK(has_names_of<MaxPoolFunctionOptions, nn::MaxPoolOptions>());
  CHECK(has_names_of<FractionalMaxPoolFunctionOptions, nn::FractionalMaxPoolOptions>());
  static_assert(std::is_same_v<nn::AvgPool2d::Options, AvgPoolOptions> && std::is_same_v<nn::LPPool1d::Options, LPPoolOptions>);
  CHECK(equal(nn::functional::max_pool2d(x, 2, {.stride = 1}), nn::MaxPool2d(2, {.stride = 1})(x)));
}

TEST_CASE("folding and sampling by name and by position", "[ops][folding][resampling]") {
  const Tensor x = image({2, 3, 6, 7}), grid = image({2, 4, 5, 2}, 1);
  CHECK(equal(unfold(x, 2, {.dilation = 2, .padding = 1}), unfold(x, {2, 2}, 2, 1)));
  CHECK(equal(unfold(x, 2, {2, 1}), unfold(x, 2, {.dilation = {2, 1}})));
  const Tensor columns = unfold(x, 3, {.stride = 3});
  CHECK(equal(fold(columns, {6, 7}, 3, {.stride = 3}), fold(columns, {6, 7}, 3, 1, 0, 3)));
  static_assert(std::is_same_v<nn::Fold::Options, FoldOptions>);
  CHECK(equal(grid_sample(x, grid, {.padding_mode = "border"}), grid_sample(x, grid, "bilinear", "border")));
  CHECK(equal(grid_sample(x, grid, {.mode = "nearest", .align_corners = true}), grid_sample(x, grid, "nearest", "zeros", true)));
  CHECK(has_names_of<nn::UpsampleOptions, InterpolateOptions>());
}

TEST_CASE("windows of any stride, padding and dilation up to 31 bits, and none beyond", "[ops][convolution][pooling][fuzzed]") {
  const Tensor x = arange(1, 6, {.dtype = kFloat32}).reshape({1, 1, 5}), two = tensor({1.0, 10.0}).to(kFloat32).reshape({1, 1, 2}),
               one = two.narrow(2, 0, 1);
  const int64_t far = int64_t(1) << 21;
  const Tensor y = conv1d(x, two, {.padding = far, .dilation = far});
  CHECK(y.size(2) == far + 5);
  CHECK(equal(y.narrow(2, 0, 5), x * 10));
  CHECK(equal(y.narrow(2, far, 5), x));
  const Tensor both = cat({x, x * 2}, 1), apart = conv1d(both, two.expand({2, 1, 2}), {.padding = far, .dilation = far, .groups = 2});
  CHECK(equal(apart.narrow(1, 0, 1), y));
  CHECK(equal(apart.narrow(1, 1, 1), y * 2));
  CHECK(equal(conv1d(x, one, {.stride = kGreatest, .dilation = kGreatest}), x.narrow(2, 0, 1)));
  CHECK(equal(conv_transpose1d(x.narrow(2, 0, 1), two, {.stride = kGreatest}), two));
  CHECK(equal(max_pool1d(x, 5, {.stride = kGreatest}), x.narrow(2, 4, 1)));
  CHECK(avg_pool1d(x, kGreatest, {.padding = kGreatest / 2}).sizes() == Shape{1, 1, 1});

  auto beyond = [](auto f) { return says(error_of(f), "at most 2147483647"); };
  for (int64_t n : {kGreatest + 1, int64_t(1) << 62, INT64_MAX}) {
    CHECK(beyond([&] { conv1d(x, two, {.padding = n}); }));
    CHECK(beyond([&] { conv1d(x, two, {.stride = n}); }));
    CHECK(beyond([&] { conv_transpose1d(x, two, {.dilation = n}); }));
    CHECK(beyond([&] { max_pool1d(x, n); }));
    CHECK(beyond([&] { lp_pool1d(x, 2, 1, n); }));
    CHECK(beyond([&] { max_unpool1d(x, zeros({1, 1, 5}, kInt64), 1, n); }));
    CHECK(beyond([&] { fold(x, n, 1); }));
    CHECK(beyond([&] { interpolate(x, {.size = Shape{n}}); }));
  }
  CHECK(beyond([&] { interpolate(x, {.scale_factor = 1e300}); }));
  CHECK(says(error_of([&] { fold(x, kGreatest, kGreatest); }), "4611686014132420609"));
  CHECK_THROWS_AS(pixel_shuffle(zeros({4, 1, 1}), int64_t(1) << 32), Error);
  CHECK_THROWS_AS(pixel_unshuffle(zeros({4, 0, 0}), int64_t(1) << 32), Error);
  CHECK_THROWS_AS(pad(x, {INT64_MIN, INT64_MAX}), Error);
  CHECK_THROWS_AS(pad(x, {INT64_MAX, INT64_MIN}, "replicate"), Error);
  CHECK_THROWS_AS(conv1d(x, two, {.groups = 0}), Error);
  CHECK_THROWS_AS(channel_shuffle(x, 0), Error);
}

TEST_CASE("convolution, unpooling and sampling refuse tensors of another device", "[ops][fuzzed]") {
  const Tensor x = image({1, 2, 4, 4}), w = image({2, 2, 2, 2}), b = image({2}), grid = image({1, 3, 3, 2});
  auto refuses = [](auto f) { return says(error_of(f), "got one on meta"); };
  CHECK(refuses([&] { conv2d(x, w.to(kMeta)); }));
  CHECK(refuses([&] { conv2d(x, w, b.to(kMeta)); }));
  CHECK(refuses([&] { conv_transpose2d(x, w, b.to(kMeta)); }));
  CHECK(refuses([&] { grid_sample(x, grid.to(kMeta)); }));
  CHECK(refuses([&] { max_unpool2d(x, zeros({1, 2, 4, 4}, kInt64).to(kMeta), 2); }));
  CHECK(refuses([&] { fractional_max_pool2d(x, 2, {.output_size = Shape{2, 2}, ._random_samples = rand({1, 2, 2}).to(kMeta)}); }));
}

TEST_CASE("a convolution's bias by position and its other options by name", "[network]") {
  Tensor x = randn({1, 1, 5, 5}), w = randn({1, 1, 3, 3}), b = randn({1});
  CHECK(equal(conv2d(x, w, b, {.stride = 2, .padding = 1}), conv2d(x, w, b, 2, 1)));
  CHECK(equal(conv2d(x, w, {}, {.padding = 1}), conv2d(x, w, {.padding = 1})));
  CHECK(conv2d(x, w, {}, {2, 1}).sizes() == Shape{1, 1, 2, 3});
  CHECK(equal(conv_transpose2d(x, w, none, {.stride = 2}), conv_transpose2d(x, w, {.stride = 2})));
}
