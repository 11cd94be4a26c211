#include "lazuli/autograd/hooks.h"

#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/graph.h"
#include "lazuli/core/error.h"
#include "lazuli/lazuli.h"
#include "tests/autograd/leaf.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;
using lazuli::test::leaf;

TEST_CASE("hooks run in the order of their registration, then retain_grad, then the sum into grad(), then the hooks after it", "[autograd]") {
  Tensor x = leaf({1});
  Tensor y = x * Scalar(1);
  std::string order;
  y.retain_grad();
  for (int i = 0; i < 3; ++i)
    register_hook(y, [&, i](const Tensor& g) {
      order += 'a' + char(i);
      return g * Scalar(10);
    });
  register_post_accumulate_grad_hook(x, [&](const Tensor& t) { order += t.grad().item<double>() == 2000 ? "p" : "?"; });
  register_hook(x, [&](const Tensor& g) {
    order += x.grad().defined() ? "?" : "x";
    return g * Scalar(2);
  });
  x.register_post_accumulate_grad_hook([&](const Tensor&) { order += 'q'; });
  y.backward();
  CHECK(order == "abcxpq");
  CHECK(y.grad().item<double>() == 1000);  // of y's hooks' last result
}

TEST_CASE("a leaf's hooks run as soon as its gradient is complete, before the rest of the backward", "[autograd]") {
  std::vector<Tensor> w;
  std::string order;
  Tensor h = leaf({1});
  for (int i = 0; i < 4; ++i) {
    w.push_back(leaf({2}));
    register_post_accumulate_grad_hook(w[size_t(i)], [&, i](const Tensor&) { order += 'a' + char(i); });
  }
  for (int step = 0; step < 2; ++step) {
    order.clear();
    Tensor y = h;
    for (int i = 0; i < 4; ++i) {
      y = y * w[size_t(i)];
      register_hook(y, [&, i](const Tensor&) {
        order += '0' + char(i);
        return Tensor();
      });
    }
    y.backward();
    CHECK(order == "3d2c1b0a");
  }
}

TEST_CASE("a leaf that is used twice has its hooks run once, with the whole gradient", "[autograd]") {
  Tensor x = leaf({3});
  std::vector<double> seen;
  register_hook(x, [&](const Tensor& g) {
    seen.push_back(g.item<double>());
    return Tensor();
  });
  (x * x + x).backward();
  CHECK(seen == std::vector<double>{7});
}

TEST_CASE("a hook's result of another size, dtype or device is refused", "[autograd]") {
  Tensor x = leaf({1, 2});
  auto refused = [&](const Tensor& on, TensorHook hook, const std::string& text) {
    RemovableHandle handle = register_hook(on, std::move(hook));
    CHECK_THROWS_WITH((on * Scalar(2)).sum().backward(), Contains(text) && Contains("in the backward of"));
    handle.remove();
    CHECK_FALSE(x.grad().defined());
  };
  Tensor y = x * Scalar(1);
  for (const Tensor& on : {x, y}) {
    refused(
        on, [](const Tensor& g) { return g.sum(); }, "sizes [2]");
    refused(
        on, [](const Tensor& g) { return g.to(kFloat32); }, "float32");
    refused(
        on, [](const Tensor& g) { return g.to(kMeta); }, "meta");
  }
}

TEST_CASE("an Error thrown by a hook says in whose backward it was", "[autograd]") {
  Tensor x = leaf({1});
  Tensor y = x.exp();
  RemovableHandle on_result = register_hook(y, [](const Tensor&) -> Tensor { fail("mine", "", "something", "nothing"); });
  CHECK_THROWS_WITH(y.sum().backward(), Contains("mine") && Contains("in the backward of exp"));
  on_result.remove();
  register_post_accumulate_grad_hook(x, [](const Tensor&) { fail("mine", "", "something", "nothing"); });
  CHECK_THROWS_WITH(x.exp().sum().backward(), Contains("mine") && Contains("in the backward of AccumulateGrad"));
  register_hook(x, [](const Tensor&) -> Tensor { throw std::runtime_error("not ours"); });
  CHECK_THROWS_WITH(x.exp().sum().backward(), "not ours");
  CHECK(autograd::grad({leaf({2}).square()}, {}).empty());  // the engine goes on
}

TEST_CASE("after an Error in a hook the graph can be used again", "[autograd]") {
  Tensor x = leaf({1});
  Tensor y = x * x;
  RemovableHandle handle = register_hook(y, [](const Tensor&) -> Tensor { fail("mine", "", "something", "nothing"); });
  Tensor z = (y * y).sum();
  CHECK_THROWS_AS(z.backward({.retain_graph = true}), Error);
  handle.remove();
  z.backward();
  CHECK(x.grad().item<double>() == 4);
}

TEST_CASE("hooks of a leaf see gradients that grad() asks for; nothing is accumulated then", "[autograd]") {
  Tensor x = leaf({3});
  int after = 0;
  register_hook(x, [](const Tensor& g) { return g * Scalar(2); });
  register_post_accumulate_grad_hook(x, [&](const Tensor&) { ++after; });
  CHECK(autograd::grad({(x * x).sum()}, {x})[0].item<double>() == 12);
  CHECK(after == 0);
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("retain_grad follows a tensor, views included, through in-place operators", "[autograd]") {
  Tensor x = leaf({1, 2});
  Tensor y = x * Scalar(1);
  y.retain_grad();
  y.mul_(tensor({10.0, 10.0}, kFloat64));
  (y * Scalar(3)).sum().backward();
  CHECK(y.grad().to_vector<double>() == std::vector<double>{3, 3});

  Tensor base = x * Scalar(1);
  Tensor view = base.narrow(0, 1, 1);
  view.retain_grad();
  view.mul_(tensor({10.0}, kFloat64));
  (base * Scalar(3)).sum().backward({.retain_graph = true});
  CHECK_FALSE(view.grad().defined());  // the view's new value is read from the base, which nothing did here
  (view * Scalar(3)).sum().backward();
  CHECK(view.grad().to_vector<double>() == std::vector<double>{3});

  Tensor moved = x * Scalar(1);
  moved.retain_grad();
  unsqueeze_(moved, 0);
  (moved * Scalar(5)).sum().backward();
  CHECK(moved.grad().sizes() == Shape{1, 2});
  CHECK(moved.grad().to_vector<double>() == std::vector<double>{5, 5});
}

TEST_CASE("a tensor that retains its gradient may go before its graph", "[autograd]") {
  Tensor x = leaf({1});
  Tensor z;
  {
    Tensor y = x * Scalar(2);
    y.retain_grad();
    z = y * Scalar(3);
    y.detach_();
    Tensor t = x * Scalar(2);
    t.retain_grad();
    unsqueeze_(t, 0);
    z = z + t.sum();
  }
  z.sum().backward();
  CHECK(x.grad().item<double>() == 8);
}

TEST_CASE("copies of a handle take one hook away, once, and none after its tensor is gone", "[autograd]") {
  Tensor x = leaf({1});
  int first = 0, second = 0;
  RemovableHandle handle = x.register_hook([&](const Tensor&) { ++first; }), copy = handle;
  copy.remove();
  RemovableHandle other = x.register_hook([&](const Tensor&) { ++second; });
  handle.remove();  // not the hook that came later
  (x * x).backward();
  CHECK(first == 0);
  CHECK(second == 1);
  x = Tensor();
  other.remove();
  RemovableHandle().remove();
}

TEST_CASE("what a hook holds is freed with the hook, and with its tensor, whoever has the handle", "[autograd]") {
  auto held = std::make_shared<int>(0);
  auto hook = [held](const Tensor&) {};
  {
    Tensor x = leaf({1}), y = x * x;
    RemovableHandle of_leaf = x.register_hook(hook), of_result = y.register_hook(hook);
    CHECK(held.use_count() == 4);
    of_leaf.remove();
    CHECK(held.use_count() == 3);
    y = Tensor();
    CHECK(held.use_count() == 2);
  }
  CHECK(held.use_count() == 2);
}

TEST_CASE("a tensor that gets no gradient takes no hooks", "[autograd]") {
  Tensor plain = tensor({1.0}), x = leaf({1});
  CHECK_THROWS_AS(register_hook(plain, [](const Tensor& g) { return g; }), Error);
  CHECK_THROWS_AS(register_post_accumulate_grad_hook(plain, [](const Tensor&) {}), Error);
  CHECK_THROWS_AS(register_post_accumulate_grad_hook(x * x, [](const Tensor&) {}), Error);
  CHECK_THROWS_AS(plain.retain_grad(), Error);
  CHECK_THROWS_AS(tensor({1, 2}).requires_grad_(), Error);
  CHECK_THROWS_AS((x * x).requires_grad_(false), Error);
}

TEST_CASE("enable_grad records nothing inside inference_mode", "[autograd]") {
  Tensor x = leaf({2});
  inference_mode outer;
  enable_grad inner;
  CHECK_FALSE(is_grad_enabled());
  CHECK_FALSE((x * x).requires_grad());
}

TEST_CASE("queue_callback runs at the end of the outermost backward", "[autograd]") {
  Tensor x = ones({2}).requires_grad_(), inner = ones({2}).requires_grad_();
  std::string order;
  Tensor y = x * 2;
  y.register_hook([&](const Tensor&) {
    enable_grad guard;
    Tensor z = inner * 3;
    z.register_hook([&](const Tensor&) { autograd::queue_callback([&] { order += "end"; }); });
    z.sum().backward();
    order += "inner ";
  });
  register_post_accumulate_grad_hook(x, [&](const Tensor&) { order += "leaf "; });
  y.sum().backward();
  REQUIRE(order == "inner leaf end");
  REQUIRE(error_of([&] { autograd::queue_callback([] {}); }) == "queue_callback: expected a backward that this thread is in, as hooks are, got none");
  y = x * 2;
  y.register_hook([&](const Tensor&) { autograd::queue_callback([] { fail("callback", "", "nothing", "a mistake"); }); });
  REQUIRE(says(error_of([&] { y.sum().backward(); }), "a mistake"));
}

TEST_CASE("hooks that hold the tensor on which they hang leak nothing", "[autograd][hooks]") {
  const auto leaves_nothing = [](const std::function<void()>& step) {
    const auto backward = [] { (leaf({1}) * 2).sum().backward(); };  // after which what nobody holds is gone
    step();
    backward();
    const int64_t nodes = autograd::live_nodes(), bytes = memory_stats(kCPU).allocated;
    for (int i = 0; i < 40; ++i) step();
    backward();
    CHECK(autograd::live_nodes() == nodes);
    CHECK(memory_stats(kCPU).allocated == bytes);
  };
  leaves_nothing([] {
    Tensor x = leaf({1, 2}), y = x * 2;
    register_hook(y, [y](const Tensor&) { return Tensor(); });
    register_hook(y, [y, again = y](const Tensor&) { return Tensor(); });
    y.sum().backward();
  });
  leaves_nothing([] {
    Tensor y = leaf({1, 2}) * 2;  // no backward
    register_hook(y, [y](const Tensor&) { return Tensor(); });
  });
  leaves_nothing([] {
    Tensor x = leaf({1, 2});
    register_hook(x, [x](const Tensor&) { return Tensor(); });
    register_post_accumulate_grad_hook(x, [x](const Tensor&) {});
    (x * 2).sum().backward();
  });
}

TEST_CASE("hooks that hold their tensor stay where a graph or a handle leads to it", "[autograd][hooks]") {
  int calls = 0;
  Tensor loss, kept = leaf({3});
  {
    Tensor x = leaf({1, 2}), y = x * 2;
    register_hook(y, [y, &calls](const Tensor&) { return ++calls, Tensor(); });
    register_hook(x, [x, &calls](const Tensor&) { return ++calls, Tensor(); });
    loss = y.sum();
  }
  register_hook(kept, [kept, &calls](const Tensor&) { return ++calls, Tensor(); });
  RemovableHandle removed = register_hook(kept, [kept, &calls](const Tensor&) { return ++calls, Tensor(); });
  removed.remove();
  (leaf({1}) * 2).sum().backward();  // another graph's
  loss.backward();
  CHECK(calls == 2);
  (kept * 2).backward();
  CHECK(calls == 3);
}

TEST_CASE("a tensor takes its hook away by the handle", "[autograd]") {
  const Tensor x = ones({2}).requires_grad_();
  const auto handle = x.register_hook([](const Tensor& grad) { return grad * 2; });
  x.sum().backward();
  x.remove_hook(handle);
  x.sum().backward();
  CHECK(equal(x.grad(), full({2}, 3.0)));
}
