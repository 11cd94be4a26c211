#include "lazuli/ops/network/pooling.h"

#include <cmath>
#include <limits>

#include "lazuli/core/slots/window_slots.h"
#include "tests/ops/network/image_helper.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {
const double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();
std::vector<double> numbers(const Tensor& t) { return t.to_vector<double>(); }
std::vector<int64_t> places(const Tensor& t) { return t.to_vector<int64_t>(); }
}  // namespace

TEST_CASE("max pooling: of equal elements the first, of NaN the last", "[ops][pooling]") {
  for (bool compose : {false, true}) {
    std::optional<ComposeGuard> guard;
    if (compose) guard.emplace();
    for (DType t : {kFloat32, kFloat64, kBFloat16}) {
      const Tensor x = tensor({1.0, 2.0, 2.0, 1.0, kNan, 3.0, kNan, 0.0}).to(t).reshape({1, 2, 4});
      auto [y, i] = max_pool2d_with_indices(x, {2, 2});
      CHECK(std::isnan(numbers(y)[0]));
      CHECK(places(i) == std::vector<int64_t>{4, 6});
      auto [z, j] = max_pool1d_with_indices(x.reshape({1, 8}), 4);
      CHECK(numbers(z)[0] == 2);
      CHECK(places(j) == std::vector<int64_t>{1, 6});
    }
    auto [low, at] = max_pool1d_with_indices(tensor({-kInfinity, -kInfinity}).reshape({1, 2}), 2);
    CHECK(numbers(low)[0] == -kInfinity);
    CHECK(places(at)[0] == 0);
    auto [ints, where] = max_pool1d_with_indices(tensor(std::vector<int64_t>{-5, -7, -7, -9}).reshape({1, 4}), 3, 1, 1);
    CHECK(places(ints) == std::vector<int64_t>{-5, -5, -7, -7});
    CHECK(places(where) == std::vector<int64_t>{0, 0, 1, 2});
  }
}

TEST_CASE("average pooling: divisors", "[ops][pooling]") {
  for (bool compose : {false, true}) {
    std::optional<ComposeGuard> guard;
    if (compose) guard.emplace();
    const Tensor x = tensor({1.0, 2.0, 4.0, 8.0}).to(kFloat64).reshape({1, 4});
    CHECK(numbers(avg_pool1d(x, 2, 2, 1)) == std::vector<double>{0.5, 3, 4});
    CHECK(numbers(avg_pool1d(x, 2, 2, 1, false, false)) == std::vector<double>{1, 3, 8});
    CHECK(numbers(avg_pool1d(x, 3, 2, 0, true)) ==
          std::vector<double>{7.0 / 3, 6});  // what ceil_mode adds lies beyond the padding and does not count
    CHECK(numbers(avg_pool2d(x.reshape({1, 2, 2}), 2, {}, 0, false, true, -3)) == std::vector<double>{-5});
    // integers towards 0
    CHECK(places(avg_pool1d(tensor(std::vector<int64_t>{-1, -2, 3, 4}).reshape({1, 4}), 2)) == std::vector<int64_t>{-1, 3});
    // an infinity stays where it is
    CHECK(numbers(avg_pool1d(tensor({kInfinity, 1.0, 2.0, 3.0}).reshape({1, 4}), 2)) == std::vector<double>{kInfinity, 2.5});
  }
}

TEST_CASE("pooling: the kernels agree with the composites, in either layout", "[ops][pooling]") {
  for (DType t : {kFloat32, kFloat64, kBFloat16}) {
    const double tolerance = t == kFloat64 ? 1e-12 : t == kFloat32 ? 1e-5 : 2e-2;
    for (bool last : {false, true}) {
      Tensor x = image({2, 70, 7, 9}, 0, t);
      if (last) x = channels_last(x);
      x.requires_grad_();
      const auto same = [&](const auto& f) { expect_fused_is_composite([&](const auto& in) { return f(in[0]); }, {x}, tolerance); };
      same([](const Tensor& a) { return max_pool2d(a, {3, 2}, {2, 1}, {1, 0}, {1, 2}); });
      same([](const Tensor& a) { return max_pool2d(a, 2, 2, 0, 1, true); });
      same([](const Tensor& a) { return max_pool2d(a, 2); });
      same([](const Tensor& a) { return max_pool2d(a, 2, {2, 1}); });
      same([](const Tensor& a) { return avg_pool2d(a, 3, 2, 1, true); });
      same([](const Tensor& a) { return avg_pool2d(a, {2, 3}, {}, {1, 0}, false, false); });
      same([](const Tensor& a) { return avg_pool2d(a, 3, 1, 1, false, true, 5); });
      same([](const Tensor& a) { return adaptive_avg_pool2d(a, {3, 4}); });
      same([](const Tensor& a) { return adaptive_max_pool2d(a, {5, none}); });
      if (last) {
        CHECK(is_channels_last(max_pool2d(x, 2)));
        CHECK(is_channels_last(avg_pool2d(x, 2)));
        CHECK(allclose(max_pool2d(x, 3, 2, 1), max_pool2d(x.contiguous(), 3, 2, 1)));
        CHECK(equal(std::get<1>(max_pool2d_with_indices(x, 3, 2, 1)), std::get<1>(max_pool2d_with_indices(x.contiguous(), 3, 2, 1))));
      }
    }
    const Tensor volume = leaf({1, 2, 4, 5, 6}, 0, t), row = leaf({2, 3, 11}, 0, t);
    expect_fused_is_composite([](const auto& in) { return max_pool3d(in[0], 2, {2, 1, 2}, 1); }, {volume}, tolerance);
    expect_fused_is_composite([](const auto& in) { return avg_pool3d(in[0], {2, 3, 2}, 2, {1, 1, 0}, true); }, {volume}, tolerance);
    expect_fused_is_composite([](const auto& in) { return adaptive_avg_pool3d(in[0], {2, 3, 4}); }, {volume}, tolerance);
    expect_fused_is_composite([](const auto& in) { return max_pool1d(in[0], 4, 2, 2, 3); }, {row}, tolerance);
  }
}

TEST_CASE("pooling: gradients of first and second order", "[ops][pooling]") {
  const auto check = [](const auto& f, const Tensor& x) { expect_gradients([&](const Tensor& a) { return f(a); }, {x}); };
  const Tensor row = leaf({1, 2, 7}), plane = leaf({1, 2, 4, 5}), volume = leaf({1, 1, 3, 3, 4});
  check([](const Tensor& a) { return max_pool1d(a, 3, 1, 1, 2); }, row);
  check([](const Tensor& a) { return max_pool2d(a, 2, {1, 2}); }, plane);
  check([](const Tensor& a) { return max_pool3d(a[0], 2, 1); }, volume);
  check([](const Tensor& a) { return avg_pool1d(a, 3, 2, 1, true); }, row);
  check([](const Tensor& a) { return avg_pool2d(a, {2, 3}, 1, 1, false, false); }, plane);
  check([](const Tensor& a) { return avg_pool3d(a, 2, 1, 0, false, true, 3); }, volume);
  check([](const Tensor& a) { return adaptive_avg_pool2d(a, {3, 2}); }, plane);
  check([](const Tensor& a) { return adaptive_max_pool3d(a, {2, none, 3}); }, volume);
  const Tensor positive = (image({1, 2, 4, 4}) + Scalar(2)).detach().requires_grad_();
  check([](const Tensor& a) { return lp_pool2d(a, 3, 2); }, positive);
  const Tensor samples = tensor({0.3, 0.6, 0.1, 0.9}).to(kFloat64).reshape({1, 2, 2});
  check([&](const Tensor& a) { return fractional_max_pool2d(a, 2, {.output_size = Shape{2, 3}, ._random_samples = samples}); }, plane);
  auto [y, i] = max_pool2d_with_indices(plane.detach(), 2);
  const Tensor indices = i;
  expect_gradients([&](const Tensor& a) { return max_unpool2d(a, indices, 2, {}, 0, Shape{4, 5}); }, {y.requires_grad_()});
}

TEST_CASE("max unpooling puts the greatest back in their places", "[ops][pooling]") {
  const Tensor x = image({2, 3, 6, 8}, 0, kFloat32);
  auto [y, i] = max_pool2d_with_indices(x, 2);
  const Tensor back = max_unpool2d(y, i, 2);
  CHECK(equal(max_pool2d(back + Scalar(0), 2), y * (y > Scalar(0))));
  CHECK(equal(sum(back), sum(y)));
  CHECK(max_unpool2d(y, i, 2, {}, 0, Shape{7, 9}).sizes() == Shape{2, 3, 7, 9});
  CHECK(max_unpool2d(y[0], i[0], 2, {}, 0, Shape{3, 6, 8}).sizes() == Shape{3, 6, 8});
  CHECK_THROWS_AS(max_unpool2d(y, i, 2, {}, 0, Shape{8, 8}), Error);
  CHECK_THROWS_AS(max_unpool2d(y, i + Scalar(48), 2), Error);
  CHECK_THROWS_AS(max_unpool2d(y, i.to(kInt32), 2), Error);
  CHECK_THROWS_AS(max_unpool2d(y, i.slice(3, 1), 2), Error);
}

TEST_CASE("fractional pooling: windows are drawn, of the sizes asked for, and cover both ends", "[ops][pooling]") {
  manual_seed(4);
  const Tensor x = arange(90, {.dtype = kFloat32}).reshape({1, 1, 9, 10});
  auto [y, i] = fractional_max_pool2d_with_indices(x, 2, {.output_ratio = 0.5});
  REQUIRE(y.sizes() == Shape{1, 1, 4, 5});
  CHECK(equal(y.to(kInt64), i));  // x counts its places
  CHECK(y.flatten().to_vector<float>().back() == 89);
  manual_seed(4);
  CHECK(equal(fractional_max_pool2d(x, 2, {.output_ratio = 0.5}), y));
  CHECK(fractional_max_pool3d(image({2, 4, 5, 6}), {2, 1, 2}, {.output_size = Shape{2, 3, 4}}).sizes() == Shape{2, 2, 3, 4});
  CHECK_THROWS_AS(fractional_max_pool2d(x, 2, {}), Error);
  CHECK_THROWS_AS(fractional_max_pool2d(x, 2, {.output_size = Shape{3, 3}, .output_ratio = 0.5}), Error);
  CHECK_THROWS_AS(fractional_max_pool2d(x, 2, {.output_ratio = 1.5}), Error);
  CHECK_THROWS_AS(fractional_max_pool2d(x, 2, {.output_size = Shape{9, 3}}), Error);
}

TEST_CASE("pooling: sizes without data, and of an empty batch", "[ops][pooling]") {
  const Tensor meta = empty({2, 3, 9, 10}, {.device = kMeta});
  CHECK(max_pool2d(meta, 3, 2).sizes() == Shape{2, 3, 4, 4});
  CHECK(max_pool2d(meta, 3, 2, 0, 1, true).sizes() == Shape{2, 3, 4, 5});
  CHECK(avg_pool2d(meta, 3, 2, 1, true).sizes() == Shape{2, 3, 5, 6});
  CHECK(adaptive_avg_pool2d(meta, {none, 1}).sizes() == Shape{2, 3, 9, 1});
  CHECK(lp_pool2d(meta, 2, 3).sizes() == Shape{2, 3, 3, 3});
  CHECK(fractional_max_pool2d(meta, 2, {.output_size = Shape{3, 3}}).sizes() == Shape{2, 3, 3, 3});
  const Tensor nothing = zeros({0, 2, 4, 4}).requires_grad_();
  for (Tensor y : {max_pool2d(nothing, 2), avg_pool2d(nothing, 2), adaptive_avg_pool2d(nothing, 2)}) {
    CHECK(y.sizes() == Shape{0, 2, 2, 2});
    sum(y).backward();
  }
  CHECK(nothing.grad().sizes() == nothing.sizes());
}

TEST_CASE("pooling: a device without kernels of it uses the composites", "[ops][pooling]") {
  reset_kernel_counts();
  const Tensor x = image({2, 3, 6, 6}, 0, kFloat32), there = x.to(bare()).requires_grad_();
  CHECK(allclose(max_pool2d(there, 2).cpu(), max_pool2d(x, 2)));
  Tensor y = avg_pool2d(there, 3, 2, 1);
  sum(y).backward();
  CHECK(allclose(y.cpu(), avg_pool2d(x, 3, 2, 1), 1e-5, 1e-5));
  for (const char* slot : {"max_pool", "average_pool", "average_pool_backward"}) {
    CHECK(counts_of(slot).composite > 0);
    CHECK(counts_of(slot).cpu == 0);
  }
}

TEST_CASE("pooling: what does not fit is refused", "[ops][pooling]") {
  const Tensor x = image({2, 3, 6, 6});
  CHECK_THROWS_AS(max_pool2d(x, 0), Error);
  CHECK_THROWS_AS(max_pool2d(x, 2, 0), Error);
  CHECK_THROWS_AS(max_pool2d(x, 2, 1, 2), Error);
  CHECK_THROWS_AS(max_pool2d(x, 2, 1, -1), Error);
  CHECK_THROWS_AS(max_pool2d(x, 2, 1, 0, 0), Error);
  CHECK_THROWS_AS(max_pool2d(x, 7), Error);
  CHECK_THROWS_AS(max_pool2d(x, {2, 2, 2}), Error);
  CHECK_THROWS_AS(max_pool2d(image({6, 6}), 2), Error);
  CHECK_THROWS_AS(max_pool2d(x > Scalar(0), 2), Error);
  CHECK_THROWS_AS(max_pool2d(zeros({1, 0, 4, 4}), 2), Error);
  CHECK_THROWS_AS(max_pool1d(image({2, 10, 4}), int64_t(8608480567731124087), {}, 1250999896764, 1250999896764, true), Error);
  CHECK_THROWS_AS(avg_pool2d(x, 2, {}, 0, false, true, 0), Error);
  CHECK_THROWS_AS(avg_pool2d(to(x, kComplex128), 2), Error);
  CHECK_THROWS_AS(adaptive_avg_pool2d(x, {-1, 2}), Error);
  CHECK_THROWS_AS(adaptive_avg_pool2d(x, {1, 2, 3}), Error);
}

TEST_CASE("pooling of row-major images is that of images with channels last", "[ops][pooling]") {
  for (DType dtype : {kFloat32, kFloat64}) {
    const Tensor x = to(sin(arange(2 * 3 * 23 * 19, {.dtype = kFloat64}) * Scalar(0.37)), dtype).reshape({2, 3, 23, 19});
    const Tensor last = x.contiguous(MemoryFormat::ChannelsLast);
    for (const Shape& size : {Shape{1, 1}, Shape{5, 4}, Shape{7, 19}, Shape{23, 19}}) {
      Tensor a = x.clone().requires_grad_(), b = last.clone().requires_grad_();
      const Tensor y = adaptive_avg_pool2d(a, size), z = adaptive_avg_pool2d(b, size);
      CHECK(allclose(y, z, 1e-5, 1e-6));
      sum(y * y).backward();
      sum(z * z).backward();
      CHECK(allclose(a.grad(), b.grad(), 1e-5, 1e-6));
      const auto [most, where] = adaptive_max_pool2d_with_indices(x, size);
      const auto [most_last, where_last] = adaptive_max_pool2d_with_indices(last, size);
      CHECK(numbers(most) == numbers(most_last));
      CHECK(places(where) == places(where_last));
    }
  }
  const Tensor line = tensor({1.0, 2.0, 2.0, 2.0, kNan, 1.0, 3.0, kNan, kNan, kNan, -5.0, -7.0, 9.0}).reshape({1, 1, 13});
  for (int64_t stride : {1, 2, 3}) {
    const auto [y, i] = max_pool1d_with_indices(line, 2, {.stride = Shape{stride}});
    for (int64_t k = 0; k < y.numel(); ++k) {
      const double a = numbers(line)[size_t(k * stride)], b = numbers(line)[size_t(k * stride + 1)];
      const bool second = b > a || std::isnan(b);
      CHECK(places(i)[size_t(k)] == k * stride + second);
      CHECK((numbers(y)[size_t(k)] == (second ? b : a) || std::isnan(second ? b : a)));
    }
  }
}

TEST_CASE("max pooling of rows by vectors is that of each window, for any width", "[ops][pooling]") {
  for (int64_t width : {6, 7, 8, 15, 16, 17, 31, 34, 67, 133}) {
    Tensor x = cos(arange(2 * 5 * width, {.dtype = kFloat64}) * 1.7).mul(4).round().reshape({1, 2, 5, width}).to(kFloat32);  // many equal ones
    x = where(x == 2, Scalar(kNan), x);
    for (const MaxPoolFunctionOptions& options : {MaxPoolFunctionOptions{},
                                                  {.stride = 1},
                                                  {.stride = 2, .padding = 1},
                                                  {.stride = 1, .padding = 1},
                                                  {.stride = 3},
                                                  {.stride = 2, .dilation = 2}})
      for (const Shape& kernel : {Shape{2, 2}, Shape{1, 2}, Shape{3, 3}}) {
        if (kernel[0] == 1 && !(options.padding == Shape{0})) continue;
        INFO("width " << width << " kernel " << kernel << " stride " << options.stride << " padding " << options.padding);
        const auto [y, i] = max_pool2d_with_indices(x, kernel, options);
        const auto [most, where_most] = max_pool2d_with_indices(x.to(kFloat64), kernel, options);
        CHECK(allclose(y.to(kFloat64), most, 0, 0, true));
        CHECK(places(i) == places(where_most));
        CHECK(allclose(max_pool2d(x, kernel, options), y, 0, 0, true));
      }
  }
}
