#include "lazuli/ops/pointwise/activation.h"

#include <algorithm>

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/registry.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
struct Case {
  const char* name;
  std::vector<Value> extra = {};
};
std::vector<Case> activations() {
  return {{"relu"},
          {"relu6"},
          {"hardtanh", {-0.7, 0.9}},
          {"leaky_relu", {0.2}},
          {"leaky_relu", {-0.2}},
          {"elu", {1.3}},
          {"celu", {0.7}},
          {"selu"},
          {"gelu"},
          {"silu"},
          {"mish"},
          {"hardsigmoid"},
          {"hardswish"},
          {"softplus", {2, 3}},
          {"softsign"},
          {"logsigmoid"},
          {"hardshrink", {0.4}},
          {"softshrink", {0.4}},
          {"tanhshrink"},
          {"threshold", {0.3, 0.1}},
          {"sigmoid"},
          {"tanh"}};
}
Tensor run(const Case& c, const Tensor& x) {
  std::vector<Value> args = c.extra;
  args.insert(args.begin(), Value(x));
  return call(c.name, args)[0].to_tensor();
}
Tensor sample(DType dtype = kFloat64) { return to(linspace(-3.7, 4.1, 24, {.dtype = kFloat64}), dtype); }
}  // namespace

TEST_CASE("gradients of activations, both orders", "[ops]") {
  for (const Case& c : activations()) {
    INFO(c.name);
    check_gradients([&](const Tensor& x) { return run(c, x); }, {sample().requires_grad_()});
  }
  check_gradients([](const Tensor& x) { return gelu(x, "tanh"); }, {sample().requires_grad_()});
  check_gradients([](const Tensor& x) { return glu(x.reshape({6, 4}), 1); }, {sample().requires_grad_()});
  check_gradients([](const Tensor& x, const Tensor& w) { return prelu(x.reshape({4, 2, 3}), w); }, {sample().requires_grad_(), leaf({0.3, -0.2})});
}

TEST_CASE("the fused gradient of an activation is its composite", "[ops]") {
  auto compare = [](auto f, DType dtype) {
    Tensor x = sample(dtype).requires_grad_(), weight = to(linspace(0.5, 1.5, 24, {.dtype = kFloat64}), dtype);
    Tensor fused = autograd::grad({f(x)}, {x}, {.grad_outputs = {weight}})[0], composite = autograd::grad({f(x)}, {x}, {weight}, false, true)[0];
    CHECK(composite.dtype() == dtype);
    CHECK(allclose(to(fused, kFloat64), to(composite.detach(), kFloat64),
                   dtype == kFloat64   ? 1e-12
                   : dtype == kFloat32 ? 1e-5
                                       : 3e-2,
                   dtype == kFloat64   ? 1e-13
                   : dtype == kFloat32 ? 1e-6
                                       : 2e-2));
  };
  for (DType dtype : {kFloat64, kFloat32, kBFloat16}) {
    for (const Case& c : activations()) {
      INFO(c.name << " " << std::string(name(dtype)));
      compare([&](const Tensor& x) { return run(c, x); }, dtype);
    }
    compare([](const Tensor& x) { return gelu(x, "tanh"); }, dtype);
  }
}

TEST_CASE("activations in place give the same values and gradients", "[ops]") {
  for (const Case& c : activations()) {
    std::string twin = std::string(c.name) + "_";
    if (!has_op(twin)) continue;
    INFO(twin);
    Tensor x = sample().requires_grad_(), y = x * 1;
    Tensor out = run(c, x), in_place = run({twin.c_str(), c.extra}, y);
    CHECK(in_place.is_same(y));
    CHECK(equal(out, y));
    Tensor weight = linspace(0.5, 1.5, 24, {.dtype = kFloat64});
    CHECK(allclose(autograd::grad({out}, {x}, {.grad_outputs = {weight}})[0], autograd::grad({y}, {x}, {.grad_outputs = {weight}})[0]));
  }
}

TEST_CASE("activations of integers, and what they refuse", "[ops]") {
  Tensor i = tensor({-2, 0, 9});
  CHECK(values(relu(i)) == std::vector<double>{0, 0, 9});
  CHECK(relu(i).dtype() == kInt64);
  CHECK(values(relu6(i)) == std::vector<double>{0, 0, 6});
  CHECK(values(threshold(i, 1, 7)) == std::vector<double>{7, 7, 9});
  CHECK_THROWS_AS(relu(tensor({true})), Error);
  CHECK_THROWS_AS(silu(i), Error);
  CHECK_THROWS_AS(gelu(tensor({1.0}), "erf"), Error);
  CHECK_THROWS_AS(hardtanh(tensor({1.0}), 1, 0), Error);
  CHECK_THROWS_AS(softshrink(tensor({1.0}), -1), Error);
  CHECK_THROWS_AS(glu(ones({3})), Error);
  CHECK_THROWS_AS(glu(ones({4}), 2), Error);
  CHECK_THROWS_AS(prelu(ones({2, 3}), ones({2})), Error);
  CHECK_THROWS_AS(celu(tensor({1.0}), 0), Error);
}

TEST_CASE("rrelu draws a slope for each element in training", "[ops]") {
  Tensor x = full({1000}, -2.0, kFloat64).requires_grad_();
  Tensor y = rrelu(x, 0.1, 0.3, true, Generator(7));
  Tensor again = rrelu(x, 0.1, 0.3, true, Generator(7));
  CHECK(equal(y, again));
  std::vector<double> slopes = values(y / x);
  auto [least, most] = std::minmax_element(slopes.begin(), slopes.end());
  CHECK(*least >= 0.1);
  CHECK(*least < 0.11);
  CHECK(*most <= 0.3);
  CHECK(*most > 0.29);
  Tensor grad = autograd::grad({y}, {x}, {.grad_outputs = {ones({1000}, kFloat64)}})[0];
  CHECK(allclose(grad, y.detach() / -2.0));
  CHECK(values(rrelu(full({2}, -1.0), 0.1, 0.3))[0] == Approx(-0.2));
  CHECK(equal(rrelu(ones({3}), 0.1, 0.3, true), ones({3})));
}

TEST_CASE("the result of leaky_relu, hardtanh and relu6 may be written to before the backward", "[ops]") {
  Tensor x = tensor({-2., 0.5, 7.}, kFloat64).requires_grad_();
  auto gradient = [&](Tensor y) {
    y.mul_(2);
    return autograd::grad({y.sum()}, {x})[0];
  };
  CHECK(equal(gradient(leaky_relu(x, 0.25)), tensor({0.5, 2., 2.}, kFloat64)));
  CHECK(equal(gradient(hardtanh(x)), tensor({0., 2., 0.}, kFloat64)));
  CHECK(equal(gradient(relu6(x)), tensor({0., 2., 0.}, kFloat64)));
  Tensor y = x * 1;
  leaky_relu_(y, 0.25);
  CHECK(equal(autograd::grad({y.sum()}, {x})[0], tensor({0.25, 1., 1.}, kFloat64)));
}
