#include "lazuli/ops/network/resampling.h"

#include "tests/ops/network/image_helper.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {
std::vector<double> line(const InterpolateOptions& o) {
  return interpolate(tensor({1.0, 3.0, 2.0, 6.0}).to(kFloat64).reshape({1, 1, 4}), o).to_vector<double>();
}
void expect_near(const std::vector<double>& got, const std::vector<double>& expected) {
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(expected[i]).margin(1e-9));
}
}  // namespace

TEST_CASE("interpolate: what each mode reads", "[ops][resampling]") {
  expect_near(line({.size = Shape(3)}), {1, 3, 2});
  expect_near(line({.size = Shape(3), .mode = "nearest-exact"}), {1, 2, 6});
  expect_near(line({.size = Shape(2), .mode = "area"}), {2, 4});
  expect_near(line({.scale_factor = 2.0, .mode = "linear"}), {1, 1.5, 2.5, 2.75, 2.25, 3, 5, 6});
  expect_near(line({.size = Shape(7), .mode = "linear", .align_corners = true}), {1, 2, 3, 2.5, 2, 4, 6});
  // the scale given, or that of the sizes
  expect_near(line({.scale_factor = 0.7, .mode = "linear"}), {1.0 + 2 * (0.5 / 0.7 - 0.5), 3 - (1.5 / 0.7 - 1.5)});
  expect_near(line({.scale_factor = 0.7, .mode = "linear", .recompute_scale_factor = true}), {2, 4});
  // a constant stays one, in every mode
  const Tensor flat = full({1, 2, 5, 6}, 3.5, kFloat64);
  for (const char* mode : {"nearest", "nearest-exact", "bilinear", "bicubic", "area"})
    CHECK(allclose(interpolate(flat, {.size = Shape{7, 3}, .mode = mode}), full({1, 2, 7, 3}, 3.5, kFloat64)));
  for (const char* mode : {"bilinear", "bicubic"})
    CHECK(allclose(interpolate(flat, {.size = Shape{2, 9}, .mode = mode, .antialias = true}), full({1, 2, 2, 9}, 3.5, kFloat64)));
  // shrinking by a whole number with a wide linear filter: symmetric weights over all that it covers
  const Tensor ramp = arange(8, {.dtype = kFloat64}).reshape({1, 1, 1, 8});
  CHECK(interpolate(ramp, {.size = Shape{1, 2}, .mode = "bilinear", .antialias = true}).flatten().to_vector<double>()[1] > 4.5);
  CHECK(interpolate(full({1, 1, 2, 2}, 200, kUInt8), {.scale_factor = 1.5, .mode = "bilinear"}).dtype() == kUInt8);
}

TEST_CASE("interpolate: gradients of first and second order", "[ops][resampling]") {
  const Tensor x = leaf({1, 2, 3, 4});
  for (InterpolateOptions o : {InterpolateOptions{.size = Shape{5, 3}}, InterpolateOptions{.scale_factor = 1.7, .mode = "bilinear"},
                               InterpolateOptions{.size = Shape{2, 6}, .mode = "bicubic", .align_corners = true},
                               InterpolateOptions{.size = Shape{2, 2}, .mode = "bicubic", .antialias = true}})
    expect_gradients([&](const Tensor& a) { return interpolate(a, o); }, {x});
  expect_gradients([](const Tensor& a) { return interpolate(a, {.scale_factor = 1.5, .mode = "trilinear"}); }, {leaf({1, 1, 2, 3, 2})});
}

TEST_CASE("grid_sample: the identity, and what lies outside", "[ops][resampling]") {
  const Tensor x = image({2, 3, 4, 5});
  const Tensor identity = tensor({1.0, 0.0, 0.0, 0.0, 1.0, 0.0}).to(kFloat64).reshape({1, 2, 3}).expand({2, 2, 3});
  for (bool align : {false, true}) {
    const Tensor grid = affine_grid(identity, {2, 3, 4, 5}, align);
    for (const char* mode : {"bilinear", "nearest", "bicubic"}) CHECK(allclose(grid_sample(x, grid, mode, "zeros", align), x, 1e-9, 1e-9));
  }
  const Tensor row = tensor({1.0, 2.0}).to(kFloat64).reshape({1, 1, 1, 2});
  const auto at = [&](double place, const char* outside) {
    return grid_sample(row, tensor({place, 0.0}).to(kFloat64).reshape({1, 1, 1, 2}), "bilinear", outside).item<double>();
  };
  CHECK(at(0, "zeros") == Approx(1.5));
  CHECK(at(1, "zeros") == Approx(1));  // half of 2 and half of nothing
  CHECK(at(3, "zeros") == 0);
  CHECK(at(3, "border") == 2);
  CHECK(at(1.5, "reflection") == Approx(2));
  CHECK(at(3, "reflection") == Approx(1));
  CHECK(grid_sample(image({1, 1, 2, 3, 4}), image({1, 5, 6, 7, 3})).sizes() == Shape{1, 1, 5, 6, 7});
}

TEST_CASE("grid_sample and affine_grid: gradients of first and second order", "[ops][resampling]") {
  const Tensor x = leaf({1, 2, 3, 4}), grid = (image({1, 2, 2, 2}, 3) * Scalar(0.8)).detach().requires_grad_();
  for (const char* mode : {"bilinear", "bicubic"})
    for (const char* outside : {"zeros", "border", "reflection"}) {
      INFO(mode << " " << outside);
      expect_gradients([&](const Tensor& a, const Tensor& g) { return grid_sample(a, g, mode, outside); }, {x, grid});
    }
  Tensor fixed = grid.detach().requires_grad_();
  sum(grid_sample(x, fixed, "nearest")).backward();
  CHECK(equal(fixed.grad(), zeros(fixed.sizes(), kFloat64)));
  expect_gradients([](const Tensor& t) { return affine_grid(t, {2, 1, 2, 3}, true); }, {leaf({2, 2, 3})});
}

TEST_CASE("resampling on a device, without data, and refused", "[ops][resampling]") {
  const Tensor x = image({1, 2, 4, 5}, 0, kFloat32), grid = image({1, 3, 3, 2}, 1, kFloat32);
  CHECK(allclose(interpolate(x.to(bare()), {.scale_factor = 1.5, .mode = "bilinear"}).cpu(),
                 interpolate(x, {.scale_factor = 1.5, .mode = "bilinear"}), 1e-5, 1e-5));
  CHECK(allclose(grid_sample(x.to(bare()), grid.to(bare())).cpu(), grid_sample(x, grid), 1e-5, 1e-5));
  CHECK(interpolate(empty({1, 2, 4, 5}, {.device = kMeta}), {.size = Shape{7, 8}, .mode = "bicubic"}).sizes() == Shape{1, 2, 7, 8});
  CHECK_THROWS_AS(interpolate(x, {}), Error);
  CHECK_THROWS_AS(interpolate(x, {.size = Shape{2, 2}, .scale_factor = 2.0}), Error);
  CHECK_THROWS_AS(interpolate(x, {.size = Shape{2, 2, 2}}), Error);
  CHECK_THROWS_AS(interpolate(x, {.size = Shape{0, 2}}), Error);
  CHECK_THROWS_AS(interpolate(x, {.scale_factor = 2.0, .mode = "linear"}), Error);
  CHECK_THROWS_AS(interpolate(x, {.scale_factor = 2.0, .mode = "cubic"}), Error);
  CHECK_THROWS_AS(interpolate(x, {.scale_factor = 2.0, .align_corners = false}), Error);
  CHECK_THROWS_AS(interpolate(x, {.scale_factor = 2.0, .antialias = true}), Error);
  CHECK_THROWS_AS(grid_sample(x, grid.to(kFloat64)), Error);
  CHECK_THROWS_AS(grid_sample(x, image({2, 3, 3, 2}, 1, kFloat32)), Error);
  CHECK_THROWS_AS(grid_sample(x, grid, "cubic"), Error);
  CHECK_THROWS_AS(affine_grid(image({1, 2, 2}), {1, 1, 2, 2}), Error);
}

TEST_CASE("sizes in braces are options' sizes", "[ops][resampling]") {
  const Tensor x = ones({1, 2, 8, 8});
  CHECK(interpolate(x, {.size = {4, 6}}).sizes() == Shape{1, 2, 4, 6});
  CHECK(interpolate(x, {.size = 4}).sizes() == Shape{1, 2, 4, 4});
  CHECK(interpolate(x, {.size = {}, .scale_factor = 2.0}).sizes() == Shape{1, 2, 16, 16});
  InterpolateOptions options;
  options.size = std::optional<Shape>(Shape{3, 3});
  CHECK(interpolate(x, options).sizes() == Shape{1, 2, 3, 3});
}
