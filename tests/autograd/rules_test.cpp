#include "lazuli/autograd/autograd.h"
#include "lazuli/core/error.h"
#include "lazuli/lazuli.h"
#include "tests/autograd/leaf.h"
#include "tests/catch.h"

// What docs/autograd.md promises for leaves that change while a graph is alive, and for grad() itself.
using namespace lazuli;
using lazuli::test::leaf;

namespace {
using Values = std::vector<double>;
}  // namespace

TEST_CASE("a leaf frozen while a graph is alive gets no gradient, and gets one again once it is thawed", "[autograd]") {
  Tensor w = leaf({3}), x = leaf({2});
  Tensor y = (w * x).sum();
  int hooks = 0;
  register_hook(w, [&](const Tensor&) { return ++hooks, Tensor(); });
  w.requires_grad_(false);
  y.backward({.retain_graph = true});
  CHECK_FALSE(w.grad().defined());
  CHECK(hooks == 0);
  CHECK(x.grad().item<double>() == 3);
  w.requires_grad_();
  y.backward();
  CHECK(w.grad().item<double>() == 2);
  CHECK(hooks == 1);
}

TEST_CASE("a module converted before its backward gets gradients of its new dtype", "[autograd]") {
  nn::Linear net(2, 1);
  Tensor x = leaf({1, 2}, kFloat32).reshape({1, 2});
  Values weight = net.weight.to_vector<double>();
  Tensor out = net(x);
  net.to(kFloat64);  // with the graph alive: its formulas go on with the old values
  Tensor gx = autograd::grad({out.sum()}, {x}, {.retain_graph = true})[0];
  CHECK(gx.dtype() == kFloat32);
  CHECK(gx.to_vector<double>() == weight);
  out.sum().backward();
  CHECK(net.weight.grad().dtype() == kFloat64);
  CHECK(net.weight.grad().to_vector<double>() == Values{1, 2});

  net(x.detach().to(kFloat64)).sum().backward();  // and after it
  CHECK(net.weight.grad().to_vector<double>() == Values{2, 4});

  net.to(kFloat32);  // no graph is alive
  CHECK(net.weight.grad().dtype() == kFloat32);
  net(x.detach()).sum().backward();
  CHECK(net.weight.grad().to_vector<double>() == Values{3, 6});
}

TEST_CASE("gradients of gradients lead through a graph that was recorded before its leaf was converted", "[autograd]") {
  nn::Linear net(1, 1, {.bias = false});
  {
    no_grad guard;
    net.weight.fill_(3);
  }
  Tensor out = (net.weight * net.weight * net.weight).sum();
  net.to(kFloat64);
  Tensor g = autograd::grad({out}, {net.weight}, {.create_graph = true, .allow_unused = true})[0];
  CHECK_FALSE(g.defined());  // the leaf that is there now had no part in that graph
  out.backward({.create_graph = true});
  CHECK(net.weight.grad().item<double>() == 27);
  CHECK(net.weight.grad().dtype() == kFloat64);
}

TEST_CASE("a model moved to another device after its first forward trains there", "[autograd]") {
  nn::Linear net(2, 1);
  Tensor x = ones({3, 2});
  Tensor before = net(x);
  net.to(kMeta);
  before.sum().backward();
  CHECK(net.weight.grad().device() == Device(kMeta));
  net(x.to(kMeta)).sum().backward();
  CHECK(net.weight.grad().sizes() == Shape{1, 2});
}

TEST_CASE("clones and saved states have values, not history, graph or no graph", "[autograd]") {
  nn::Linear net(2, 1);
  Tensor out = net(ones({1, 2}));
  nn::Linear copy = nn::clone(net);
  CHECK(copy.weight.is_leaf());
  CHECK_FALSE(copy.weight.grad().defined());
  for (auto& [name, value] : net.state_dict()) CHECK_FALSE(value.requires_grad());
  out.sum().backward();
  CHECK(net.weight.grad().defined());
  CHECK_FALSE(copy.weight.grad().defined());
  copy(ones({1, 2})).sum().backward();
  CHECK(copy.weight.grad().to_vector<double>() == Values{1, 1});
  CHECK(net.weight.grad().to_vector<double>() == Values{1, 1});
}

TEST_CASE("a grad() that is expanded, or an inference tensor, is summed into memory of its own", "[autograd]") {
  Tensor w = leaf({1, 2, 3});
  Tensor one = ones({1}, kFloat64);
  w.set_grad(one.expand({3}));
  (w * w).sum().backward();
  CHECK(w.grad().to_vector<double>() == Values{3, 5, 7});
  CHECK(one.item<double>() == 1);
  {
    inference_mode guard;
    w.set_grad(ones({3}, kFloat64));
  }
  (w * w).sum().backward();
  CHECK(w.grad().to_vector<double>() == Values{3, 5, 7});
}

TEST_CASE("adding to a gradient in place counts its version up", "[autograd]") {
  Tensor w = leaf({2});
  (w * w).backward();
  Tensor held = w.grad();
  uint32_t version = held.version();
  (w * w).backward();
  CHECK(w.grad().is_same(held));
  CHECK(held.version() == version + 1);
  CHECK(held.item<double>() == 8);

  // so that a graph that saved it notices
  Tensor x = leaf({3});
  Tensor y = held * x;
  (w * w).backward();
  CHECK_THROWS_WITH(y.backward(), Contains("modified by an in-place operation"));
}

TEST_CASE("set_grad takes the tensor itself, which the next backward adds to", "[autograd]") {
  Tensor w = leaf({2});
  Tensor mine = tensor({10.0}, kFloat64);
  w.set_grad(mine);
  (w * w).backward();
  CHECK(mine.item<double>() == 14);
  CHECK(w.grad().is_same(mine));
  w.set_grad({});
  (w * w).backward();
  CHECK(mine.item<double>() == 14);
  CHECK(w.grad().item<double>() == 4);
}

TEST_CASE("a gradient with a graph is kept apart from what is added to it with create_graph", "[autograd]") {
  Tensor w = leaf({2});
  (w * w * w).backward({.create_graph = true});
  Tensor first = w.grad();
  CHECK(first.requires_grad());
  (w * w * w).backward({.create_graph = true});
  CHECK(first.item<double>() == 12);
  CHECK(w.grad().item<double>() == 24);
  CHECK(autograd::grad({w.grad()}, {w}, {.retain_graph = true})[0].item<double>() == 24);
  w.set_grad({});
}

TEST_CASE("zero_grad drops a gradient, or writes zeros into it and forgets its graph", "[autograd]") {
  nn::Linear net(1, 1, {.bias = false});
  Tensor& w = net.weight;
  (w * w).sum().backward({.create_graph = true});
  Tensor held = w.grad();
  net.zero_grad(false);
  CHECK(w.grad().item<float>() == 0);
  CHECK_FALSE(w.grad().requires_grad());
  CHECK(held.item<float>() == 0);  // the same memory
  net.zero_grad();
  CHECK_FALSE(w.grad().defined());
}

TEST_CASE("a grad() of another form than its leaf is an Error that says so", "[autograd]") {
  Tensor w = leaf({1, 2}).reshape({1, 2}).detach().requires_grad_();
  (w * w).sum().backward();
  {
    no_grad guard;
    t_(w);
  }
  CHECK_THROWS_WITH((w * w).sum().backward(), Contains("set_grad({})") && Contains("in the backward of AccumulateGrad"));
  w.set_grad({});
  (w * w).sum().backward();
  CHECK(w.grad().sizes() == Shape{2, 1});
}

TEST_CASE("a view of an inference tensor that requires grad has a history, unlike in PyTorch, and its gradient is right", "[autograd]") {
  Tensor x;
  {
    inference_mode guard;
    x = ones({2, 2}, kFloat64).requires_grad_();
  }
  Tensor y = x.view({4});
  CHECK(y.requires_grad());
  (y + y).sum().backward();
  CHECK(x.grad().to_vector<double>() == Values{2, 2, 2, 2});
  CHECK_THROWS_AS(y.mul_(y), Error);
}
