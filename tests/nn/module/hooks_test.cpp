#include "tests/catch.h"
#include "tests/nn/nn_test.h"

using namespace lazuli;
using nn_test::close;
using nn_test::same;

TEST_CASE("forward hooks see and replace inputs and outputs, and can be removed", "[nn]") {
  nn::Sequential net{nn::Linear(3, 3), nn::ReLU()};
  Tensor x = randn({2, 3}), seen_in, seen_out;
  Tensor plain = net(x);
  auto see = net[1].register_forward_hook([&](nn::Module& m, const Tensor& in, const Tensor& out) {
    REQUIRE(m.class_name() == "ReLU");
    seen_in = in;
    seen_out = out;
  });
  net(x);
  REQUIRE(same(seen_out, plain));
  REQUIRE(same(seen_in, net[0](x)));
  auto twice = net[1].register_forward_hook([](nn::Module&, const Tensor&, const Tensor& out) { return out * 2; });
  REQUIRE(same(net(x), plain * 2));
  auto zero = net[1].register_forward_pre_hook([](nn::Module&, const Tensor& in) { return in * 0; });
  REQUIRE(same(net(x), zeros({2, 3})));
  zero.remove();
  twice.remove();
  twice.remove();
  REQUIRE(same(net(x), plain));
  int once = 0;
  RemovableHandle itself;
  itself = net.register_forward_pre_hook([&](nn::Module&, const Tensor&) {
    ++once;
    itself.remove();
  });
  net(x);
  net(x);
  REQUIRE(once == 1);
}

TEST_CASE("hooks follow a module that moves, and go with it", "[nn]") {
  int calls = 0;
  nn::Linear a(2, 2);
  nn::Module* where = nullptr;
  auto handle = a.register_full_backward_hook([&](nn::Module& m, const Tensor&, const Tensor&) {
    ++calls;
    where = &m;
  });
  Tensor x = randn({1, 2}).requires_grad_();
  Tensor y = a(x);
  nn::Linear b = std::move(a);
  sum(y).backward();
  REQUIRE(calls == 1);
  REQUIRE(where == &b);
  {
    nn::Linear c = std::move(b);
    y = c(x);
  }
  sum(y).backward();  // the module is gone
  REQUIRE(calls == 1);
  handle.remove();
}

TEST_CASE("full backward hooks see the gradients of outputs and inputs, and may replace the latter", "[nn]") {
  nn::Sequential net{nn::Linear(3, 2), nn::Linear(2, 2)};
  Tensor x = randn({4, 3}).requires_grad_(), grad_in, grad_out;
  Tensor w = randn({4, 2});
  auto handle = net[1].register_full_backward_hook([&](nn::Module&, const Tensor& in, const Tensor& out) {
    grad_in = in;
    grad_out = out;
  });
  sum(net(x) * w).backward();
  REQUIRE(same(grad_out, w));
  REQUIRE(close(grad_in, matmul(w, net.at<nn::Linear>(1).weight.detach())));
  Tensor before = x.grad().clone();
  handle.remove();
  net[1].register_full_backward_hook(
      [](nn::Module&, const std::vector<Tensor>& in, const std::vector<Tensor>&) { return std::vector<Tensor>{in[0] * 2}; });
  x.set_grad({});
  sum(net(x) * w).backward();
  REQUIRE(close(x.grad(), before * 2));
  x.set_grad({});
  net[1].register_full_backward_pre_hook([](nn::Module&, const Tensor& out) { return out * 3; });
  sum(net(x) * w).backward();
  REQUIRE(close(x.grad(), before * 6));
}

TEST_CASE("without an input that requires grad the hook still sees the outputs' gradient", "[nn]") {
  nn::Linear fc(2, 2);
  Tensor grad_out;
  bool in_defined = true;
  fc.register_full_backward_hook([&](nn::Module&, const std::vector<Tensor>& in, const std::vector<Tensor>& out) {
    REQUIRE(in.size() == 1);
    in_defined = in[0].defined();
    grad_out = out[0];
  });
  sum(fc(ones({1, 2}))).backward();
  REQUIRE(same(grad_out, ones({1, 2})));
  REQUIRE_FALSE(in_defined);
  REQUIRE(fc.weight.grad().defined());
}

TEST_CASE("global hooks see every module", "[nn]") {
  nn::Sequential net{nn::Linear(3, 2), nn::ReLU()};
  std::vector<std::string> seen, registered;
  auto forward = nn::register_module_forward_hook([&](nn::Module& m, const Tensor&, const Tensor&) { seen.push_back(m.class_name()); });
  auto backward =
      nn::register_module_full_backward_hook([&](nn::Module& m, const Tensor&, const Tensor&) { seen.push_back("back " + m.class_name()); });
  auto parameter = nn::register_module_parameter_registration_hook([&](nn::Module&, const std::string& name, const Tensor&) {
    registered.push_back(name);
    return Tensor();
  });
  sum(net(randn({1, 3}).requires_grad_())).backward();
  nn::Linear another(1, 1);
  forward.remove();
  backward.remove();
  parameter.remove();
  net(randn({1, 3}));
  nn::Linear third(1, 1);
  REQUIRE(seen == std::vector<std::string>{"Linear", "ReLU", "Sequential", "back ReLU", "back Linear", "back Sequential"});
  REQUIRE(registered == std::vector<std::string>{"weight", "bias"});
}
