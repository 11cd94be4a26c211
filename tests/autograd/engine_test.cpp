#include "lazuli/autograd/autograd.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "lazuli/core/error.h"
#include "lazuli/lazuli.h"
#include "tests/autograd/leaf.h"
#include "tests/catch.h"

using namespace lazuli;
using lazuli::test::leaf;

TEST_CASE("gradients of shared subgraphs add up", "[autograd]") {
  Tensor x = leaf({2, 3});
  Tensor y = x * x;
  (y + y * x).sum().backward();  // x^2 + x^3
  CHECK(x.grad().to_vector<double>() == std::vector<double>{2 * 2 + 3 * 4, 2 * 3 + 3 * 9});
}

TEST_CASE("a second backward adds to the gradient, and needs retain_graph", "[autograd]") {
  Tensor x = leaf({3});
  Tensor y = (x * x).sum();
  y.backward({}, true);
  y.backward();
  CHECK(x.grad().item<double>() == 12);
  CHECK_THROWS_WITH(y.backward(), Contains("retain_graph"));
}

TEST_CASE("a chain of a million operators neither overflows the stack backward nor when freed", "[autograd]") {
  Tensor x = leaf({1}), one = ones({1}, kFloat64);
  Tensor y = x;
  for (int i = 0; i < 1'000'000; ++i) y = y + one;
  y.backward();
  CHECK(x.grad().item<double>() == 1);
  y = x;
  for (int i = 0; i < 1'000'000; ++i) y = y * one;
}

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if __GLIBC_PREREQ(2, 33)  // mallinfo2
TEST_CASE("an operator of a long chain takes at most 400 bytes, its node and tensor included", "[autograd]") {
  const auto in_use = [] {
    const auto info = mallinfo2();
    return double(info.uordblks) + double(info.hblkhd);
  };
  constexpr int kOperators = 1'000'000;
  Tensor x = leaf({1}), one = ones({1}, kFloat64), y = x;
  const double before = in_use();
  for (int i = 0; i < kOperators; ++i) y = y + one;
  CHECK((in_use() - before) / kOperators <= 400);
  y.backward();
  CHECK(x.grad().item<double>() == 1);
}
#endif
#endif

TEST_CASE("broadcast operands get gradients of their own sizes", "[autograd]") {
  Tensor a = zeros({2, 3}, kFloat64).requires_grad_(), b = zeros({3}, kFloat64).requires_grad_(), c = zeros({2, 1}, kFloat64).requires_grad_();
  (a + b + c).sum().backward();
  CHECK(b.grad().to_vector<double>() == std::vector<double>{2, 2, 2});
  CHECK(c.grad().to_vector<double>() == std::vector<double>{3, 3});
  CHECK(c.grad().sizes() == Shape{2, 1});
}

TEST_CASE("grad() takes gradients with respect to any tensor and accumulates nothing", "[autograd]") {
  Tensor x = leaf({2});
  Tensor y = x * x, z = y * x;
  auto g = autograd::grad({z.sum()}, {y, x});
  CHECK(g[0].item<double>() == 2);
  CHECK(g[1].item<double>() == 12);
  CHECK_FALSE(x.grad().defined());
  Tensor other = leaf({1});
  CHECK_THROWS_AS(autograd::grad({(x * x).sum()}, {other}), Error);
  CHECK_FALSE(autograd::grad({(x * x).sum()}, {other}, {}, false, false, true)[0].defined());
}

TEST_CASE("grad() for no inputs gives none and accumulates nothing", "[autograd]") {
  Tensor x = leaf({2});
  Tensor y = (x * x).sum();
  CHECK(autograd::grad({y}, {}).empty());
  CHECK(autograd::grad({y}, {}, {.retain_graph = true}).empty());
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("options of grad and backward have names", "[autograd]") {
  Tensor x = leaf({1, 2}), other = leaf({1});
  Tensor y = x * x * x;
  std::vector<Tensor> g =
      autograd::grad({y}, {x, other}, {.grad_outputs = {tensor({1.0, 10.0}, kFloat64)}, .create_graph = true, .allow_unused = true});
  CHECK(g[0].to_vector<double>() == std::vector<double>{3, 120});
  CHECK_FALSE(g[1].defined());
  g[0].sum().backward({.retain_graph = true});
  CHECK(x.grad().to_vector<double>() == std::vector<double>{6, 120});
  autograd::backward({y}, {.grad_tensors = {ones({2}, kFloat64)}});
  CHECK(x.grad().to_vector<double>() == std::vector<double>{9, 132});
  CHECK_THROWS_AS(autograd::grad({y}, {x}, {.grad_outputs = {ones({2}, kFloat64), ones({2}, kFloat64)}}), Error);
}

TEST_CASE("backward for some inputs accumulates into these only", "[autograd]") {
  Tensor a = leaf({2}), b = leaf({3});
  Tensor inner = a * b;
  Tensor y = (inner * b).sum();
  y.backward({.retain_graph = true, .inputs = {a}});
  CHECK(a.grad().item<double>() == 9);
  CHECK_FALSE(b.grad().defined());
  y.backward({.inputs = {inner}});
  CHECK(inner.grad().item<double>() == 3);
  CHECK(a.grad().item<double>() == 9);
  CHECK_FALSE(b.grad().defined());
  CHECK_THROWS_AS(y.backward({.inputs = {ones({1}, kFloat64)}}), Error);
}

TEST_CASE("formulas compute only what was asked for", "[autograd]") {
  Tensor a = leaf({2}), b = leaf({3});
  std::string needed;
  auto product = [&](const Tensor& x, const Tensor& y) {
    Tensor out = x.detach() * y.detach();
    if (auto tape = Tape::recording(x, y))
      tape.record("product", out, [&needed, x = tape.save(x), y = tape.save(y)](const Tensor& grad, Needs needs) {
        needed += std::string(needs[0] ? "x" : "-") + (needs[1] ? "y" : "-");
        return Grads{needs[0] ? grad * y.get() : Tensor(), needs[1] ? grad * x.get() : Tensor()};
      });
    return out;
  };
  auto asked = [&](auto f) {
    needed.clear();
    f(product(product(a, b), b * Scalar(1)).sum());
    return needed;
  };
  CHECK(asked([&](const Tensor& y) { y.backward(); }) == "xyxy");
  CHECK(asked([&](const Tensor& y) { CHECK(autograd::grad({y}, {a})[0].item<double>() == 9); }) == "x-x-");
  CHECK(asked([&](const Tensor& y) { CHECK(autograd::grad({y}, {b})[0].item<double>() == 12); }) == "xy-y");
  CHECK(asked([&](const Tensor& y) { y.backward({.inputs = {a}}); }) == "x-x-");
  CHECK(asked([&](const Tensor& y) { autograd::grad({y}, {}); }) == "");
}

TEST_CASE("a formula's output that is one of its inputs becomes a view of it", "[autograd]") {
  Tensor x = leaf({2});
  auto itself = [](const Tensor& t) {
    Tensor out = t;
    if (auto tape = Tape::recording(t)) tape.record("itself", out, [](const Tensor& grad, Needs) { return Grads{grad * Scalar(10)}; });
    return out;
  };
  Tensor y = itself(x);
  CHECK(x.is_leaf());
  CHECK_FALSE(y.is_leaf());
  CHECK(y.address() == x.address());
  y.backward();
  CHECK(x.grad().item<double>() == 10);
  CHECK_THROWS_AS(y.mul_(y), Error);  // a view of a leaf
  Tensor z = x * Scalar(1), w = itself(z);
  w.mul_(tensor({3.0}, kFloat64));
  CHECK(z.item<double>() == 6);
  CHECK(autograd::grad({z}, {x})[0].item<double>() == 30);
}

TEST_CASE("backwards inside backwards end in an Error that names the limit", "[autograd]") {
  std::function<void(int)> nested = [&](int levels) {
    Tensor x = leaf({1});
    register_hook(x, [&, levels](const Tensor& g) {
      enable_grad record;
      if (levels > 1) nested(levels - 1);
      return g;
    });
    x.backward();
  };
  nested(100);
  try {
    nested(20'000);
    FAIL("no Error");
  } catch (const Error& e) {
    CHECK(std::string(e.what()).find("at most 100 backwards inside each other") != std::string::npos);
    CHECK(std::string(e.what()).size() < 1000);
  }
  nested(3);
}

TEST_CASE("gradients of gradients exist", "[autograd]") {
  Tensor x = leaf({2});
  Tensor g = autograd::grad({(x * x * x).sum()}, {x}, {}, false, true)[0];
  Tensor h = autograd::grad({g.sum()}, {x}, {}, false, true)[0];
  CHECK(g.item<double>() == 12);
  CHECK(h.item<double>() == 12);
  CHECK(autograd::grad({h.sum()}, {x})[0].item<double>() == 6);
}

TEST_CASE("nothing is recorded in no_grad, and enable_grad records again inside", "[autograd]") {
  Tensor x = leaf({1});
  {
    no_grad guard;
    CHECK_FALSE((x * x).requires_grad());
    enable_grad again;
    CHECK((x * x).requires_grad());
  }
  CHECK((x * x).requires_grad());
}

TEST_CASE("inference tensors cannot be saved for a backward", "[autograd]") {
  Tensor x = leaf({1}), made;
  {
    inference_mode guard;
    made = ones({1}, kFloat64);
    CHECK_FALSE((x * made).requires_grad());
  }
  CHECK_THROWS_AS(x * made, Error);
  CHECK_THROWS_AS(made.add_(made), Error);
}

TEST_CASE("tensor hooks see and replace gradients, and can be removed", "[autograd]") {
  Tensor x = leaf({1});
  Tensor y = x * x;
  double seen = 0;
  auto handle = register_hook(y, [&](const Tensor& g) {
    seen = g.item<double>();
    return g * wrapped(10.0);
  });
  auto on_leaf = register_hook(x, [](const Tensor& g) { return g * wrapped(2.0); });
  (y * wrapped(3.0)).sum().backward({}, true);
  CHECK(seen == 3);
  CHECK(x.grad().item<double>() == 3 * 10 * 2 * 2);
  handle.remove();
  on_leaf.remove();
  x.set_grad({});
  (y * wrapped(3.0)).sum().backward();
  CHECK(x.grad().item<double>() == 6);
  int calls = 0;
  register_post_accumulate_grad_hook(x, [&](const Tensor& t) { calls += t.grad().defined(); });
  (x * x).sum().backward();
  CHECK(calls == 1);
}

TEST_CASE("retain_grad keeps the gradient of an inner tensor", "[autograd]") {
  Tensor x = leaf({3});
  Tensor y = x * x;
  y.retain_grad();
  (y * y).sum().backward();
  CHECK(y.grad().item<double>() == 18);
  CHECK_THROWS_AS(ones({1}).retain_grad(), Error);
}

TEST_CASE("backward refuses what has no history and gradients of another shape", "[autograd]") {
  CHECK_THROWS_AS(ones({1}).backward(), Error);
  Tensor x = leaf({1, 2});
  CHECK_THROWS_WITH((x * x).backward(), Contains("only tensors of one element"));
  CHECK_THROWS_AS((x * x).backward(ones({3}, kFloat64)), Error);
  CHECK_THROWS_AS(ones({2}, kInt64).requires_grad_(), Error);
}

TEST_CASE("a leaf's gradient is its own memory, not shared with other leaves", "[autograd]") {
  Tensor a = leaf({1}), b = leaf({1});
  (a + b).sum().backward();
  a.grad().fill_(5);
  CHECK(b.grad().item<double>() == 1);
}

TEST_CASE("backward inside a hook works", "[autograd]") {
  Tensor x = leaf({2}), w = leaf({3});
  Tensor y = x * x;
  register_hook(y, [&](const Tensor& g) {
    enable_grad record;
    (w * w).sum().backward();
    return g;
  });
  y.sum().backward();
  CHECK(x.grad().item<double>() == 4);
  CHECK(w.grad().item<double>() == 6);
}

TEST_CASE("graphs are freed: no tensor's memory outlives its handles", "[autograd]") {
  int64_t before = memory_stats().live_blocks;
  {
    Tensor x = leaf({1, 2, 3});
    Tensor y = (x * x).exp();
    Tensor z = tanh(y) * y;
    y = z;
    z.sum().backward();
  }
  CHECK(memory_stats().live_blocks == before);
}

TEST_CASE("the gradient of one tensor by one is asked for without braces", "[autograd]") {
  Tensor x = tensor({1.0, 2.0}).requires_grad_();
  Tensor first = autograd::grad(pow(x, 3).sum(), x, {.create_graph = true})[0];
  CHECK(equal(autograd::grad(first, x, {.grad_outputs = {ones({2})}})[0], x.detach() * 6));
}
