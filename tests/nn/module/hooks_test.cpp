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
  auto as_in_python = net[1].register_forward_hook([](nn::Module&, const std::vector<Tensor>& in, const Tensor& out) { return out + in.at(0); });
  REQUIRE(same(net(x), plain + net[0](x)));
  as_in_python.remove();
  auto the_other_way = net[1].register_forward_hook([](nn::Module&, const Tensor& in, const std::vector<Tensor>& out) { return out.at(0) + in; });
  REQUIRE(same(net(x), plain + net[0](x)));
  the_other_way.remove();
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

TEST_CASE("global hooks run before the module's own, whichever was registered first", "[nn]") {
  nn::Linear fc(2, 2);
  std::vector<std::string> order;
  auto note = [&](const char* what) { order.push_back(what); };
  fc.register_forward_pre_hook([&](nn::Module&, const Tensor&) { note("own before"); });
  fc.register_forward_hook([&](nn::Module&, const Tensor&, const Tensor&) { note("own after"); });
  fc.register_full_backward_pre_hook([&](nn::Module&, const Tensor&) { note("own before back"); });
  fc.register_full_backward_hook([&](nn::Module&, const Tensor&, const Tensor&) { note("own back"); });
  std::vector<RemovableHandle> global{nn::register_module_forward_pre_hook([&](nn::Module&, const Tensor&) { note("global before"); }),
                                      nn::register_module_forward_hook([&](nn::Module&, const Tensor&, const Tensor&) { note("global after"); }),
                                      nn::register_module_full_backward_pre_hook([&](nn::Module&, const Tensor&) { note("global before back"); }),
                                      nn::register_module_backward_hook([&](nn::Module&, const Tensor&, const Tensor&) { note("global back"); })};
  sum(fc(randn({1, 2}).requires_grad_())).backward();
  for (RemovableHandle& handle : global) handle.remove();
  REQUIRE(order == std::vector<std::string>{"global before", "own before", "global after", "own after", "global before back", "own before back",
                                            "global back", "own back"});
  order.clear();
  sum(fc(randn({1, 2}).requires_grad_())).backward();
  REQUIRE(order == std::vector<std::string>{"own before", "own after", "own before back", "own back"});
}

TEST_CASE("own hooks see what global ones have put in place", "[nn]") {
  nn::Identity same_again;
  same_again.register_forward_pre_hook([](nn::Module&, const Tensor& in) { return in + 1; });
  same_again.register_forward_hook([](nn::Module&, const Tensor&, const Tensor& out) { return out * 10; });
  RemovableHandle before = nn::register_module_forward_pre_hook([](nn::Module&, const Tensor&in) { return in * 2; }),
                  after = nn::register_module_forward_hook([](nn::Module&, const Tensor&, const Tensor&out) { return out + 5; });
  const double out = same_again(tensor({3.0})).item<double>();
  before.remove(), after.remove();
  REQUIRE(out == ((3 * 2 + 1) + 5) * 10);
}

TEST_CASE("a hook that is registered or removed while hooks run counts from the next call on", "[nn]") {
  nn::Linear fc(2, 2);
  std::string order;
  RemovableHandle later;
  bool once = true;
  fc.register_forward_pre_hook([&](nn::Module& m, const Tensor&) {
    order += 'a';
    if (!std::exchange(once, false)) return;
    m.register_forward_pre_hook([&](nn::Module&, const Tensor&) { order += 'c'; });
    later.remove();
  });
  later = fc.register_forward_pre_hook([&](nn::Module&, const Tensor&) { order += 'b'; });
  fc(ones({1, 2}));
  REQUIRE(order == "ab");
  fc(ones({1, 2}));
  REQUIRE(order == "abac");
}

TEST_CASE("registration hooks see names and put other tensors in place", "[nn]") {
  std::vector<std::string> seen;
  auto parameter = nn::register_module_parameter_registration_hook([&](nn::Module&, const std::string& name, const Tensor& t) {
    seen.push_back("parameter " + name);
    return name == "bias" && t.defined() ? full_like(t, 7) : Tensor();
  });
  auto buffer = nn::register_module_buffer_registration_hook([&](nn::Module&, const std::string& name, const Tensor& t) {
    seen.push_back("buffer " + name);
    return name == "running_mean" ? full_like(t, 3) : Tensor();
  });
  auto module = nn::register_module_module_registration_hook([&](nn::Module& parent, const std::string& name, nn::Module& child) {
    seen.push_back(parent.class_name() + " takes " + child.class_name() + " as " + name);
  });
  nn::BatchNorm1d bn(2);
  nn::Sequential net{nn::ReLU()};
  parameter.remove(), buffer.remove(), module.remove();
  nn::BatchNorm1d unseen(2);
  REQUIRE(seen == std::vector<std::string>{"parameter weight", "parameter bias", "buffer running_mean", "buffer running_var",
                                           "buffer num_batches_tracked", "Sequential takes ReLU as 0"});
  REQUIRE(same(bn.bias, full({2}, 7.0)));
  REQUIRE(same(bn.get_buffer("running_mean"), full({2}, 3.0)));
  REQUIRE(same(unseen.bias, zeros({2})));
}

TEST_CASE("states go through the hooks of the modules they are of", "[nn]") {
  nn::Sequential net{nn::Linear(2, 2), nn::Linear(2, 2)};
  std::vector<std::string> order;
  net.register_state_dict_pre_hook([&](nn::Module&, const std::string& prefix) { order.push_back("before " + prefix); });
  net.register_state_dict_post_hook([&](nn::Module&, StateDict& state, const std::string& prefix) {
    order.push_back("after " + prefix);
    state["version"] = ones({1});
  });
  auto inner = net[1].register_state_dict_post_hook([&](nn::Module&, StateDict& state, const std::string& prefix) {
    order.push_back("after " + prefix);
    state[prefix + "gain"] = state.at(prefix + "weight");
    state.erase(prefix + "weight");
  });
  StateDict state = net.state_dict();
  CHECK(order == std::vector<std::string>{"before ", "after 1.", "after "});
  CHECK((state.contains("1.gain") && !state.contains("1.weight") && state.contains("version")));
  CHECK_THROWS_AS(net.load_state_dict(state), Error);

  net.register_load_state_dict_pre_hook([](nn::Module&, StateDict& s, const std::string&) { s.erase("version"); });
  net[1].register_load_state_dict_pre_hook([](nn::Module&, StateDict& s, const std::string& prefix) {
    s[prefix + "weight"] = s.at(prefix + "gain");
    s.erase(prefix + "gain");
  });
  int loaded = 0;
  net.register_load_state_dict_post_hook([&](nn::Module&, nn::LoadReport& report) { loaded += report.ok(); });
  state["1.gain"] = full({2, 2}, 7.0);
  CHECK(net.load_state_dict(state).ok());
  CHECK(loaded == 1);
  CHECK(state.contains("1.gain"));  // the caller's stays as it is
  CHECK(net.at<nn::Linear>(1).weight[0][0].item<float>() == 7);
  inner.remove();
  CHECK(net.state_dict().contains("1.weight"));
}
