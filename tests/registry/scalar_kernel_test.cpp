#include <lazuli/lazuli.h>
#include <lazuli/registry/registry.h>

#include "tests/catch.h"

using namespace lazuli;

TEST_CASE("a kernel that answers a number is asked before the operator of its name", "[registry]") {
  const Tensor x = tensor({1.0, -2.0, 3.0});
  CHECK(registry::call_scalar("sum", {x}).to<double>() == 2);
  CHECK(registry::call_scalar("equal", {x, x}).to<bool>());
  auto handle = registry::register_scalar_kernel(
      {.op = "sum", .dtypes = {kFloat32}, .function = [](const std::vector<Tensor>& in) { return Scalar(double(in[0].numel()) + 100); }});
  CHECK(registry::has_scalar_kernel("sum", kFloat32));
  CHECK_FALSE(registry::has_scalar_kernel("sum", kFloat64));
  CHECK(registry::call_scalar("sum", {x}).to<double>() == 103);
  CHECK(registry::get_scalar_kernel("sum", kFloat32)({x}).to<double>() == 103);
  CHECK(registry::call_scalar("sum", {x.to(kFloat64)}).to<double>() == 2);
  handle.unregister();
  CHECK(registry::call_scalar("sum", {x}).to<double>() == 2);

  auto negative = registry::register_scalar_forward("test_any_negative", kCPU,
                                                    [](const std::vector<Tensor>& in) { return Scalar((in[0] < 0).any().item<bool>()); });
  CHECK(registry::call_scalar("test_any_negative", {x}).to<bool>());
  negative.unregister();
  try {
    registry::call_scalar("test_any_negative", {x});
    FAIL("it was taken back");
  } catch (const Error& error) { CHECK(error.code() == errors::kernel_not_registered_error); }
  CHECK_THROWS_AS(registry::register_scalar_kernel({.op = "sum", .dtypes = {kFloat32}, .function = {}}), Error);
}

TEST_CASE("a reduction from a function of two elements", "[registry]") {
  const DType pair = registry::register_dtype({.name = "test_range", .components = {{"low", kFloat32}, {"high", kFloat32}}});
  struct Range {
    float low, high;
    bool operator==(const Range&) const = default;
  };
  registry::register_reduction_kernel<Range>("amax", pair, Range{INFINITY, -INFINITY}, [](Range a, Range b) {
    return Range{std::min(a.low, b.low), std::max(a.high, b.high)};
  });
  const Tensor x = registry::from_elements<Range>(pair, {{1, 2}, {0, 1}, {5, 6}, {3, 9}, {4, 4}, {2, 3}}, {2, 3});
  CHECK(registry::to_elements<Range>(amax(x, 1)) == std::vector<Range>{{0, 6}, {2, 9}});
  CHECK(registry::to_elements<Range>(amax(x, 0)) == std::vector<Range>{{1, 9}, {0, 4}, {2, 6}});
  CHECK(registry::to_elements<Range>(amax(x)) == std::vector<Range>{{0, 9}});

  auto handle = registry::register_reduction_kernel<float>("sum", kFloat32, 100.f, [](float a, float b) { return a + b; });
  CHECK(sum(ones({2, 3}), 1).to_vector<float>() == std::vector<float>{103, 103});
  handle.unregister();
  CHECK(sum(ones({3})).item<float>() == 3);
  CHECK_THROWS_AS(registry::register_reduction_kernel<float>("add", kFloat32, 0.f, [](float a, float b) { return a + b; }), Error);
  CHECK_THROWS_AS(registry::register_reduction_kernel<double>("sum", kFloat32, 0.0, [](double a, double b) { return a + b; }), Error);
}
