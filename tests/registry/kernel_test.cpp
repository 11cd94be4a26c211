// Kernels of a program's own, chosen by dtype, device and predicate.
#include <lazuli/lazuli.h>
#include <lazuli/registry/registry.h>

#include "tests/catch.h"
#include "tests/errors.h"

namespace {
namespace registry = lazuli::registry;
using lazuli::Tensor;
}  // namespace

TEST_CASE("a registered kernel runs in place of the library's, where its predicate says so", "[registry]") {
  int calls = 0;
  registry::KernelHandle handle = registry::register_kernel({.op = "relu",
                                                             .dtypes = {lazuli::kFloat32},
                                                             .function =
                                                                 [&](lazuli::KernelCall& call) {
                                                                   ++calls;
                                                                   call.outputs[0].copy_(lazuli::relu(call.inputs[0]) + 100.0);  // the library's relu
                                                                 },
                                                             .predicate = [](const lazuli::KernelCall& call) { return call.inputs[0].numel() > 2; },
                                                             .name = "big_relu"});
  const Tensor small = lazuli::tensor({-1.0, 2.0}), big = lazuli::tensor({-1.0, 2.0, 3.0});
  CHECK(lazuli::relu(small).to_vector<float>() == std::vector<float>{0, 2});
  CHECK(calls == 0);
  CHECK(lazuli::relu(big).to_vector<float>() == std::vector<float>{100, 102, 103});
  CHECK(calls == 1);
  CHECK(lazuli::relu(big.to(lazuli::kFloat64)).to_vector<double>()[2] == 3);
  CHECK(registry::find_kernel_with_predicate("relu", lazuli::kFloat32, lazuli::kCPU, {big})->name == "big_relu");
  CHECK_FALSE(registry::find_kernel_with_predicate("relu", lazuli::kFloat32, lazuli::kCPU, {small})->is_custom);
  CHECK(registry::list_kernels({.custom_only = true}).size() >= 1);
  handle.unregister();
  CHECK_FALSE(handle.is_registered());
  CHECK(lazuli::relu(big).to_vector<float>()[2] == 3);
}

TEST_CASE("among several kernels the greatest priority, then the latest is asked first", "[registry]") {
  const auto writes = [](double value) { return [value](lazuli::KernelCall& call) { call.outputs[0].fill_(value); }; };
  auto low = registry::register_kernel({.op = "exp", .dtypes = {lazuli::kFloat32}, .function = writes(1)});
  auto high = registry::register_kernel({.op = "exp", .dtypes = {lazuli::kFloat32}, .function = writes(2), .priority = 5});
  auto late = registry::register_kernel({.op = "exp", .dtypes = {lazuli::kFloat32}, .function = writes(3)});
  const Tensor x = lazuli::zeros({2});
  CHECK(lazuli::exp(x)[0].item<float>() == 2);
  high.unregister();
  CHECK(lazuli::exp(x)[0].item<float>() == 3);
  late.unregister();
  low.unregister();
  CHECK(lazuli::exp(x)[0].item<float>() == 1);  // e^0, the library's
}

TEST_CASE("an element function becomes a kernel of any layout, and gradients stay the operator's", "[registry]") {
  auto handle = registry::register_unary_kernel<float>("square", lazuli::kFloat32, [](float x) { return x * x + 1; });
  const Tensor x = lazuli::tensor({{1.0, 2.0}, {3.0, 4.0}}).t().requires_grad_();
  const Tensor y = lazuli::square(x);
  CHECK(y.to_vector<float>() == std::vector<float>{2, 10, 5, 17});
  lazuli::sum(y).backward();
  CHECK(x.grad().to_vector<float>() == std::vector<float>{2, 6, 4, 8});
  handle.unregister();
}

TEST_CASE("the library's kernels are looked up and listed", "[registry]") {
  CHECK(registry::has_kernel("add", lazuli::kFloat32));
  CHECK(registry::has_kernel("matmul", lazuli::kFloat32));
  CHECK_FALSE(registry::has_kernel("sin", lazuli::kBool));
  CHECK(registry::get_kernel("softmax", lazuli::kFloat32).name == "softmax");
  CHECK(registry::list_kernels({.op = "sub", .device = lazuli::kCPU}).size() == 1);
  CHECK(registry::list_kernels().size() > 100);
}

TEST_CASE("deterministic mode refuses kernels that are not deterministic", "[registry]") {
  auto handle = registry::register_kernel(
      {.op = "log1p", .dtypes = {lazuli::kFloat32}, .function = [](lazuli::KernelCall& call) { call.outputs[0].fill_(7); }, .deterministic = false});
  CHECK(lazuli::log1p(lazuli::zeros({1})).item<float>() == 7);
  {
    const lazuli::DeterministicGuard guard;
    CHECK_THROWS_AS(lazuli::log1p(lazuli::zeros({1})), lazuli::Error);
  }
  handle.unregister();
}

TEST_CASE("apply_out writes a result into a tensor that is there", "[registry]") {
  Tensor out = lazuli::zeros({2}, lazuli::kFloat64), empty = lazuli::empty({0});
  registry::apply_out(lazuli::ones({2}), out);
  CHECK(out.to_vector<double>() == std::vector<double>{1, 1});
  registry::apply_out(lazuli::ones({2}), empty);
  CHECK(empty.sizes() == lazuli::Shape{2});
  CHECK_THROWS_AS(registry::apply_out(lazuli::ones({3}), out), lazuli::Error);
}
