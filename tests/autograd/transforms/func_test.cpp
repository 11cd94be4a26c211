#include "lazuli/func.h"
#include "lazuli/core/error.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {

Tensor numbers(const Shape& sizes, double shift = 0) { return cos(arange(sizes.numel(), {.dtype = kFloat64}) * 1.3 + shift).reshape(sizes); }
bool close(const Tensor& a, const Tensor& b, double tolerance = 1e-10) {
  return a.sizes() == b.sizes() && (a.numel() == 0 || (a - b).abs().max().item<double>() <= tolerance);
}

struct Pair {
  Tensor w, b;
  auto tensors() { return std::tie(w, b); }
};
struct Net : nn::Module {
  nn::Child<nn::Linear> first{this, "first", 3, 4};
  nn::Child<nn::Linear> second{this, "second", 4, 2};
  Tensor forward(const Tensor& x) { return second(tanh(first(x))); }
};

}  // namespace

TEST_CASE("grad gives the gradient in the form of its argument, and no graph where nothing outside wants one", "[autograd][transforms]") {
  const Tensor x = numbers({3});
  const Tensor g = func::grad([](const Tensor& t) { return (t * t * t).sum(); })(x);
  CHECK(close(g, 3 * x * x));
  CHECK_FALSE(g.requires_grad());
  CHECK_FALSE(x.requires_grad());

  const Pair p{numbers({2}), numbers({2}, 1)};
  const Pair gp = func::grad([](const Pair& q, const Tensor& t) { return (q.w * q.w * t + q.b).sum(); })(p, ones({2}, kFloat64));
  CHECK(close(gp.w, 2 * p.w));
  CHECK(close(gp.b, ones({2}, kFloat64)));

  const auto nested = std::tuple{std::vector<Tensor>{x, x * 2}, p};
  const auto gn = func::grad([](const auto& n) { return (std::get<0>(n)[0] * std::get<0>(n)[1]).sum() + std::get<1>(n).w.sum(); })(nested);
  CHECK(close(std::get<0>(gn)[0], x * 2));
  CHECK(close(std::get<1>(gn).b, zeros({2}, kFloat64)));
}

TEST_CASE("argnums choose arguments, and what a function returns beside its loss comes back", "[autograd][transforms]") {
  auto f = [](const Tensor& a, const Tensor& b) { return (a * a * b).sum(); };
  const Tensor a = numbers({2}), b = numbers({2}, 2);
  CHECK(close(func::grad(f, 1)(a, b), a * a));
  CHECK(close(func::grad(f, -1)(a, b), a * a));
  const std::vector<Tensor> both = func::grad(f, std::vector<int64_t>{1, 0})(a, b);
  CHECK(close(both.at(0), a * a));
  CHECK(close(both.at(1), 2 * a * b));
  const auto [ga, gb] = func::grad<0, 1>(f)(a, b);
  CHECK(close(ga, both[1]));
  CHECK(close(gb, both[0]));
  const auto [g, aux] = func::grad([](const Tensor& t) { return std::pair{(t * t).sum(), t * 3}; })(a);
  CHECK(close(g, 2 * a));
  CHECK(close(aux, 3 * a));
  CHECK_FALSE(aux.requires_grad());
  const auto [value, gradient] = func::value_and_grad(f)(a, b);
  CHECK(close(value, f(a, b)));
  CHECK(close(gradient, 2 * a * b));
  const auto [gradient_first, value_second] = func::grad_and_value(f)(a, b);
  CHECK(close(gradient_first, gradient));
  CHECK(close(value_second, value));
  CHECK_THROWS_WITH(func::grad(f, 2)(a, b), Contains("argnums"));
  CHECK_THROWS_WITH(func::grad([](const Tensor& t) { return t * 2; })(a), Contains("one element"));
  CHECK_THROWS_WITH(func::grad([](const Tensor& t) { return t.sum(); })(arange(3)), Contains("floating"));
}

TEST_CASE("transforms nest without confusing their levels", "[autograd][transforms]") {
  auto cube = [](const Tensor& t) { return (t * t * t).sum(); };
  const Tensor x = tensor({2.0}, kFloat64);
  auto first = func::grad(cube);
  auto second = func::grad([&](const Tensor& t) { return first(t).sum(); });
  auto third = func::grad([&](const Tensor& t) { return second(t).sum(); });
  CHECK(first(x).item<double>() == Approx(12));
  CHECK(second(x).item<double>() == Approx(12));
  CHECK(third(x).item<double>() == Approx(6));
  // d/dx (x d/dy (x + y)) is 1, not 2: the inner derivative knows its own variable only.
  CHECK(
      func::grad([](const Tensor& outer) { return (outer * func::grad([&](const Tensor& inner) { return (outer + inner).sum(); })(outer)).sum(); })(x)
          .item<double>() == Approx(1));
  // jvp of grad
  const auto [g, hv] = func::jvp(first, x, tensor({3.0}, kFloat64));
  CHECK(g.item<double>() == Approx(12));
  CHECK(hv.item<double>() == Approx(36));
  // grad of jvp
  auto along = [&](const Tensor& t) { return func::jvp(cube, t, tensor({1.0}, kFloat64)).second; };
  CHECK(func::grad(along)(x).item<double>() == Approx(12));
}

TEST_CASE("a graph outside of a transform goes on through it", "[autograd][transforms]") {
  Tensor w = tensor({3.0}, kFloat64).requires_grad_();
  const Tensor x = tensor({2.0}, kFloat64);
  const Tensor g = func::grad([&](const Tensor& t) { return (w * t * t).sum(); })(x);  // 2 w x
  REQUIRE(g.requires_grad());
  g.sum().backward();
  CHECK(w.grad().item<double>() == Approx(4));
  {
    no_grad guard;
    const Tensor plain = func::grad([&](const Tensor& t) { return (w * t * t).sum(); })(x);
    CHECK(plain.item<double>() == Approx(12));
    CHECK_FALSE(plain.requires_grad());
  }
  Tensor leaf = tensor({2.0}, kFloat64).requires_grad_();
  func::grad([](const Tensor& t) { return (t * t * t).sum(); })(leaf).sum().backward();  // 3 x^2
  CHECK(leaf.grad().item<double>() == Approx(12));
}

TEST_CASE("vjp and linearize give functions that work any number of times", "[autograd][transforms]") {
  auto f = [](const Tensor& a, const Tensor& b) { return matmul(a, b); };
  const Tensor a = numbers({2, 3}), b = numbers({3, 2}, 1), u = numbers({2, 2}, 2);
  auto [y, pull] = func::vjp(f, a, b);
  CHECK(close(y, matmul(a, b)));
  for (int i = 0; i < 2; ++i) {
    const auto [ga, gb] = pull(u);
    CHECK(close(ga, matmul(u, b.t())));
    CHECK(close(gb, matmul(a.t(), u)));
  }
  const Tensor va = numbers({2, 3}, 3), vb = numbers({3, 2}, 4);
  auto [z, push] = func::linearize(f, a, b);
  CHECK(close(z, y));
  for (int i = 0; i < 2; ++i) CHECK(close(push(va, vb), matmul(va, b) + matmul(a, vb)));
  const auto [value, tangent] = func::jvp(f, std::tuple{a, b}, std::tuple{va, vb});
  CHECK(close(value, y));
  CHECK(close(tangent, push(va, vb)));
  CHECK_THROWS_WITH(pull(a), Contains("cotangents"));
}

TEST_CASE("Jacobians by rows, by columns, in chunks and without vmap are the same", "[autograd][transforms]") {
  const Tensor w = numbers({4, 3}), x = numbers({3}, 2);
  auto f = [&](const Tensor& t) { return tanh(matmul(w, t)); };
  const Tensor expected = (1 - f(x).square()).unsqueeze(1) * w;
  CHECK(close(func::jacrev(f)(x), expected));
  CHECK(close(func::jacfwd(f)(x), expected));
  CHECK(close(func::jacrev(f, 0, 3)(x), expected));
  CHECK(close(func::jacrev(f, 0, 1)(x), expected));
  CHECK(close(func::jacfwd(f, 0, 2)(x), expected));
  CHECK(close(autograd::functional::jacobian(f, x), expected));
  CHECK(close(autograd::functional::jacobian(f, x, {.vectorize = false}), expected));
  CHECK(close(autograd::functional::jacobian(f, x, {.strategy = autograd::functional::Strategy::ForwardMode}), expected));

  auto two = [](const Tensor& a, const Tensor& b) { return a * b.sum(); };
  const Tensor a = numbers({2}), b = numbers({3});
  const std::vector<Tensor> j = autograd::functional::jacobian(two, std::vector<Tensor>{a, b});
  CHECK(close(j.at(0), eye(2, {.dtype = kFloat64}) * b.sum()));
  CHECK(close(j.at(1), a.unsqueeze(1).expand({2, 3})));
  CHECK_THROWS_WITH(autograd::functional::jacobian([](const Tensor& p, const Tensor&) { return p * 2; }, std::tuple{a, b}, {.strict = true}),
                    Contains("strict"));
}

TEST_CASE("Hessians and their products", "[autograd][transforms]") {
  const Tensor x = numbers({3}), v = numbers({3}, 1);
  auto f = [](const Tensor& t) { return (t * t * t).sum() + t[0] * t[1]; };
  Tensor expected = diag(6 * x);
  expected[0][1] += 1;
  expected[1][0] += 1;
  CHECK(close(func::hessian(f)(x), expected));
  CHECK(close(func::jacfwd(func::grad(f))(x), expected));
  CHECK(close(func::jacrev(func::jacrev(f))(x), expected));
  CHECK(close(func::jacfwd(func::jacrev(f))(x), expected));
  CHECK(close(autograd::functional::hessian(f, x), expected));
  CHECK(close(func::hvp(f, x, v).second, matmul(expected, v)));
  CHECK(close(autograd::functional::hvp(f, x, v).second, matmul(expected, v)));
  CHECK(close(autograd::functional::vhp(f, x, v).second, matmul(expected, v)));
  auto two = [](const Tensor& a, const Tensor& b) { return (a * a * b).sum(); };
  const auto h = autograd::functional::hessian(two, std::vector<Tensor>{x, v});
  CHECK(close(h.at(0).at(0), diag(2 * v)));
  CHECK(close(h.at(0).at(1), diag(2 * x)));
  CHECK(close(h.at(1).at(1), zeros({3, 3}, kFloat64)));
  const std::vector<std::vector<Tensor>> both = func::hessian(two, {0, 1})(x, v);
  CHECK(close(both.at(0).at(1), diag(2 * x)));
  CHECK(close(both.at(1).at(0), diag(2 * x)));
  CHECK(close(func::hessian(two, 0)(x, v), diag(2 * v)));
  const std::vector<Pair> of_tree = func::hessian([](const Pair& p) { return (p.w * p.w * p.b).sum(); })(Pair{x, v});
  CHECK(close(of_tree.at(0).b, diag(2 * x)));
  CHECK(close(of_tree.at(1).b, zeros({3, 3}, kFloat64)));
}

TEST_CASE("functional vjp and jvp with create_graph can be differentiated", "[autograd][transforms]") {
  Tensor x = numbers({3}).requires_grad_();
  const Tensor v = ones({3}, kFloat64);
  auto cube = [](const Tensor& t) { return t * t * t; };
  const Tensor product = autograd::functional::vjp(cube, x, v, {.create_graph = true}).second;
  CHECK(close(product, 3 * x.detach() * x.detach()));
  CHECK(close(autograd::grad({product.sum()}, {x})[0], 6 * x.detach()));
  const Tensor tangent = autograd::functional::jvp(cube, x, v, {.create_graph = true}).second;
  CHECK(close(autograd::grad({tangent.sum()}, {x})[0], 6 * x.detach()));
  CHECK_FALSE(autograd::functional::jvp(cube, x, v).second.requires_grad());
}

TEST_CASE("modules are functions of their parameters", "[autograd][transforms]") {
  manual_seed(1);
  Net net;
  const Tensor x = randn({5, 3});
  StateDict parameters;
  for (const auto& [name, t] : net.named_parameters()) parameters.set(name, t.detach());
  auto loss = [&](const StateDict& p) { return func::functional_call(net, p, x).square().sum(); };
  const StateDict gradients = func::grad(loss)(parameters);
  net(x).square().sum().backward();
  for (const auto& [name, t] : net.named_parameters()) CHECK(close(gradients.at(name), t.grad(), 1e-4));
  CHECK(close(func::jacrev(net)(x[0]), func::jacfwd([&](const Tensor& t) { return net(t); })(x[0]), 1e-5));
}

TEST_CASE("dual numbers carry derivatives forward", "[autograd][transforms]") {
  const Tensor x = numbers({3}), v = numbers({3}, 1);
  forward_ad::dual_level level;
  const Tensor dual = forward_ad::make_dual(x, v);
  const auto [primal, tangent] = forward_ad::unpack_dual(sin(dual) * dual);
  CHECK(close(primal, sin(x) * x));
  CHECK(close(tangent, (cos(x) * x + sin(x)) * v));
  CHECK_FALSE(tangent.requires_grad());
  CHECK_FALSE(forward_ad::unpack_dual(x * 2).tangent.defined());
  const auto sum = forward_ad::unpack_dual(dual + forward_ad::make_dual(x, v));
  CHECK(close(sum.tangent, 2 * v));
  CHECK_THROWS_WITH(forward_ad::make_dual(x, v[0]), Contains("tangent"));
}
TEST_CASE("duals are made inside a level only", "[autograd][transforms]") {
  CHECK_THROWS_WITH(forward_ad::make_dual(ones({1}), ones({1})), Contains("dual_level"));
}

TEST_CASE("the states of modules in a vector or a ModuleList are stacked", "[func]") {
  std::vector<std::shared_ptr<nn::Linear>> models{std::make_shared<nn::Linear>(3, 2), std::make_shared<nn::Linear>(3, 2)};
  CHECK(func::stack_module_state(models).parameters["weight"].sizes() == Shape{2, 2, 3});
  nn::ModuleList list{nn::Linear(3, 2), nn::Linear(3, 2), nn::Linear(3, 2)};
  CHECK(func::stack_module_state(list).parameters["bias"].sizes() == Shape{3, 2});
}
