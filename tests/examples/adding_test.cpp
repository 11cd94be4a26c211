// The code of docs/adding.md does what the page says: its blocks are what is included here.
#include "docs/docs_adding_md_0.cpp"
#include "docs/docs_adding_md_1.cpp"
#include "docs/docs_adding_md_2.cpp"
#include "docs/docs_adding_md_3.cpp"
#include "docs/docs_adding_md_4.cpp"
#include "tests/backends/gpu/gpu_test.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

TEST_CASE("docs/adding.md: an operator, composite and with a kernel", "[examples]") {
  Tensor x = tensor({-1.0, 0.5, 2.0});
  CHECK(adding::squared_relu_composite(x).to_vector<double>() == std::vector<double>{0, 0.25, 4});
  adding::add_to_table();
  CHECK(equal(call("adding_squared_relu", {x})[0].to_tensor(), adding::squared_relu_composite(x)));

  adding::squared_relu_kernel.set(DeviceType::CPU, [](Tensor& out, const Tensor& in) { out.copy_(adding::squared_relu_composite(in)); });
  CHECK(equal(adding::squared_relu(x), adding::squared_relu_composite(x)));
  Tensor leaf = tensor({-1.0, 0.5, 2.0}).to(kFloat64).requires_grad_();
  adding::squared_relu(leaf).sum().backward();
  CHECK(leaf.grad().to_vector<double>() == std::vector<double>{0, 1, 4});
  CHECK(autograd::gradcheck(adding::squared_relu, {leaf}));
  CHECK(says(error_of([] { adding::squared_relu(arange(3)); }), "a floating point dtype"));
}

TEST_CASE("docs/adding.md: a slot's functions and its composite agree", "[examples]") {
  adding::register_doubled_square();
  Tensor x = randn({1000}), expected = square(x) * 2.0, out = empty({1000});
  adding::doubled_square_kernel(kCPU, out, x);
  CHECK(allclose(out, expected));
  Tensor composed = empty({1000});
  adding::doubled_square_composite(composed, x);
  CHECK(allclose(composed, expected));
}

TEST_CASE("docs/adding.md: a slot on a GPU", "[examples][gpu]") {
  adding::register_doubled_square();
  Tensor x = randn({1000});
  for (Device d : test::gpu_devices()) {
    if (d.type != DeviceType::OpenCL) continue;
    Tensor there = x.to(d), out = empty({1000}, {.device = d});
    test::require_on_device([&] { adding::doubled_square_kernel(d, out, there); });
    CHECK(allclose(out.cpu(), square(x) * 2.0));
  }
}

TEST_CASE("docs/adding.md: a module", "[examples]") {
  adding::Scaled scaled(3, {.init = 2, .bias = false});
  CHECK(scaled(ones({2, 3})).to_vector<int>() == std::vector<int>(6, 2));
  CHECK(scaled.parameters().size() == 1);
  CHECK(says(to_string(scaled), "Scaled(features=3, init=2.0, bias=False)"));
  CHECK(says(error_of([] { adding::Scaled(3, {.init = 0}); }), "Scaled: argument 'init'"));
  adding::Scaled copy = nn::clone(scaled);
  CHECK(equal(copy.scale, scaled.scale));
  CHECK(!copy.scale.is_same(scaled.scale));
}

TEST_CASE("docs/adding.md: an optimizer", "[examples]") {
  for (DType d : {kFloat32, kBFloat16}) {
    Tensor p = full({2}, 1.0, {.dtype = d}).requires_grad_();
    adding::Lion lion({p}, {.lr = 0.125});
    for (int i = 0; i < 3; ++i) {
      lion.zero_grad();
      (p * tensor({1.0, -1.0}).to(d)).sum().backward();
      lion.step();
    }
    CHECK(p.detach().to_vector<double>() == std::vector<double>{0.625, 1.375});
    CHECK(lion.state_dict().at("state.0.exp_avg").dtype() == kFloat32);
  }
}
