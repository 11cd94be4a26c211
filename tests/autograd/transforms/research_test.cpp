// Programs of research with gradients, which put several parts of autograd together.
#include "lazuli/research.h"

#include <any>

#include "lazuli/func.h"
#include "lazuli/record/record.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

using Tensors = std::vector<Tensor>;

Tensor cosine(const Shape& sizes, double shift, DType dtype = kFloat64) {
  return cos(arange(sizes.numel(), {.dtype = kFloat64}) * 1.7 + shift).reshape(sizes).to(dtype);
}
StateDict parameters_of(nn::Module& net) {
  StateDict all;
  for (const auto& [name, t] : net.named_parameters()) all.set(name, t.detach());
  return all;
}

struct Dropping : nn::Module {
  nn::Child<nn::Linear> up{this, "up", 4, 16}, down{this, "down", 16, 3};
  nn::Child<nn::Dropout> drop{this, "drop", 0.5};
  Tensor forward(const Tensor& x) { return down(drop(tanh(up(x)))); }
};

struct Block : nn::Module {
  nn::Child<nn::Linear> up{this, "up", 4, 16}, down{this, "down", 16, 4};
  nn::Child<nn::LayerNorm> norm{this, "norm", Shape{4}};
  Tensor forward(const Tensor& x) { return norm(x + down(gelu(up(x)))); }
};

/// x^2 y of two inputs, with a number and a backward of operators.
struct SquareTimes : autograd::Function<SquareTimes> {
  static Tensor forward(autograd::GradContext& ctx, const Tensor& x, const Tensor& y, double scale) {
    ctx.save_for_backward(x, y);
    ctx.saved_data["scale"] = scale;
    return x * x * y * scale;
  }
  static Tensors backward(autograd::GradContext& ctx, Tensors grads) {
    const Tensor x = ctx.saved_tensors()[0], y = ctx.saved_tensors()[1];
    const double scale = std::any_cast<double>(ctx.saved_data["scale"]);
    return {grads[0] * x * y * (2 * scale), grads[0] * x * x * scale, {}};
  }
};

}  // namespace

TEST_CASE("research: per-sample gradients of a module with dropout, under each randomness", "[autograd][transforms]") {
  manual_seed(1);
  Dropping net;
  net.to(kFloat64);
  const StateDict parameters = parameters_of(net);
  const Tensor x = cosine({5, 4}, 0), labels = tensor({0, 2, 1, 1, 0});
  const auto loss = [&](const StateDict& p, const Tensor& one, const Tensor& label) {
    return cross_entropy(func::functional_call(net, p, one.unsqueeze(0)), label.unsqueeze(0));
  };
  const auto of_one = func::grad(loss);
  CHECK_THROWS_AS(vmap(of_one, {none, 0, 0})(parameters, x, labels), Error);

  manual_seed(3);
  const StateDict same = vmap(of_one, VmapOptions{.in_dims = {none, 0, 0}, .randomness = "same"})(parameters, x, labels);
  for (int64_t i = 0; i < 5; ++i) {
    manual_seed(3);
    const StateDict one = of_one(parameters, x[i], labels[i]);
    for (const auto& [name, t] : one) CHECK(allclose(same.at(name)[i], t));
  }
  manual_seed(3);
  const StateDict different =
      vmap(of_one, VmapOptions{.in_dims = {none, 0, 0}, .randomness = "different"})(parameters, stack({x[0], x[0], x[0]}), tensor({0, 0, 0}));
  CHECK_FALSE(allclose(different.at("up.weight")[0], different.at("up.weight")[1]));
  // A unit that was dropped has no gradient in any weight of its own.
  const Tensor dropped = (different.at("up.weight").abs().sum(-1) == 0), down = different.at("down.weight").abs().sum(1) == 0;
  CHECK(equal(dropped, down));
  CHECK(dropped.sum().item<int64_t>() > 0);
  net.eval();
  const StateDict quiet = vmap(of_one, {none, 0, 0})(parameters, x, labels);
  CHECK(quiet.at("up.weight").sizes() == Shape{5, 16, 4});
}

TEST_CASE("research: derivatives of every kind through a checkpointed block", "[autograd][transforms]") {
  manual_seed(2);
  Block block;
  block.to(kFloat64);
  const Tensor x = cosine({3, 4}, 0), v = cosine({3, 4}, 1);
  const auto plain = [&](const Tensor& t) { return block(block(t)); };
  const auto part = [&](const Tensor& t) { return block(t); };
  const auto less = [&](const Tensor& t) { return autograd::checkpoint(part, autograd::checkpoint(part, t)); };
  const auto loss = [](const auto& f) { return [&f](const Tensor& t) { return (f(t) * cosine(t.sizes(), 3)).square().sum(); }; };
  CHECK(equal(func::jvp(less, x, v).second, func::jvp(plain, x, v).second));
  CHECK(allclose(func::hvp(loss(less), x, v).second, func::hvp(loss(plain), x, v).second));
  CHECK(allclose(func::jacrev(less)(x), func::jacrev(plain)(x)));
  CHECK(allclose(func::jacfwd(less)(x), func::jacfwd(plain)(x)));
  CHECK(allclose(func::hessian(loss(less))(x), func::hessian(loss(plain))(x)));
  CHECK(allclose(func::jvp(func::grad(loss(less)), x, v).second, func::hvp(loss(plain), x, v).second));
  const Tensor samples = cosine({2, 3, 4}, 4);
  CHECK(allclose(vmap(func::grad(loss(less)))(samples), vmap(func::grad(loss(plain)))(samples)));
  const auto [y, push] = func::linearize(less, x);
  CHECK(allclose(push(v) * 2, push(v * 2)));
}

TEST_CASE("research: a Function under vmap, in both modes, and in a recorded step", "[autograd][transforms][record]") {
  const Tensor x = cosine({4, 3}, 0), y = cosine({3}, 1);
  const auto own = [](const Tensor& a, const Tensor& b) { return SquareTimes::apply(a, b, 0.5); };
  const auto operators = [](const Tensor& a, const Tensor& b) { return a * a * b * 0.5; };
  CHECK(allclose(vmap(own, {0, none})(x, y), operators(x, y)));
  const auto sum_of = [](const auto& f) { return [&f](const Tensor& a, const Tensor& b) { return f(a, b).sum(); }; };
  CHECK(allclose(vmap(func::grad(sum_of(own), 1), {0, none})(x, y), vmap(func::grad(sum_of(operators), 1), {0, none})(x, y)));
  CHECK(allclose(vmap(func::hessian(sum_of(own)), {0, none})(x, y), vmap(func::hessian(sum_of(operators)), {0, none})(x, y)));
  CHECK(allclose(func::jvp(own, std::tuple{x, y}, std::tuple{x * 2, y + 1}).second,
                 func::jvp(operators, std::tuple{x, y}, std::tuple{x * 2, y + 1}).second));

  const auto trained = [&](bool recorded) {
    Tensor w = cosine({3}, 2).requires_grad_();
    optim::Adam adam({w}, {.lr = 0.1});
    const std::function<Tensor(const Tensor&)> step = [&](const Tensor& t) {
      adam.zero_grad();
      Tensor loss = vmap(own, {0, none})(t, w).square().sum();
      loss.backward();
      adam.step();
      return loss.detach();
    };
    auto again = record(step);
    Tensors losses;
    for (int i = 0; i < 6; ++i) losses.push_back(recorded ? again(x) : step(x));
    if (recorded) CHECK(again.replays() > 0);
    return std::pair{stack(losses), w.detach().clone()};
  };
  const auto eager = trained(false), replayed = trained(true);
  CHECK(equal(eager.first, replayed.first));
  CHECK(equal(eager.second, replayed.second));
}

TEST_CASE("research: saved tensors packed in bfloat16, with checkpoints, double backwards and transforms", "[autograd][hooks]") {
  manual_seed(4);
  Block block;
  const Tensor x = cosine({6, 4}, 0, kFloat32), weights = cosine({4}, 1, kFloat32);  // without these the loss of normalised values is a constant
  int64_t packed = 0;
  const auto pack = [&](const Tensor& t) {
    packed += t.dtype() == kFloat32;
    return std::pair{t.dtype() == kFloat32 ? t.to(kBFloat16) : t, t.dtype()};
  };
  const auto unpack = [](const std::pair<Tensor, DType>& kept) { return kept.first.to(kept.second); };
  const auto gradient = [&](const std::function<Tensor(const Tensor&)>& f) {
    Tensor leaf = x.clone().requires_grad_();
    block.zero_grad();
    (f(leaf) * weights).square().sum().backward();
    return leaf.grad();
  };
  const auto close = [](const Tensor& a, const Tensor& b) { return ((a - b).abs().max() / b.abs().max()).item<double>() < 0.05; };
  const Tensor exact = gradient([&](const Tensor& t) { return block(t); });
  const auto part = [&](const Tensor& t) { return block(t); };
  {
    const autograd::saved_tensors_hooks hooks(pack, unpack);
    CHECK(close(gradient(part), exact));
    CHECK(packed > 4);
    packed = 0;
    CHECK(close(gradient([&](const Tensor& t) { return autograd::checkpoint(part, t); }), exact));
    const auto loss = [&](const Tensor& t) { return (block(t) * weights).square().sum(); };
    CHECK(close(func::hvp(loss, x, x).second, [&] {
      const autograd::saved_tensors_hooks none([](const Tensor& t) { return t; }, [](const Tensor& t) { return t; });
      return func::hvp(loss, x, x).second;
    }()));
    CHECK(close(func::jvp(part, x, x * 0.5f + 1).second, [&] {
      const autograd::saved_tensors_hooks none([](const Tensor& t) { return t; }, [](const Tensor& t) { return t; });
      return func::jvp(part, x, x * 0.5f + 1).second;
    }()));
    CHECK(close(vmap(func::grad(loss))(x), func::grad(loss)(x)));
  }
}

TEST_CASE("research: the Hessian of a loss that is a mean over a vmap", "[autograd][transforms]") {
  const Tensor x = cosine({6, 3}, 0), target = cosine({6}, 1), w = cosine({3}, 2);
  const auto loss = [&](const Tensor& weights) {
    const auto one = [&](const Tensor& a, const Tensor& t) { return square(tanh((a * weights).sum()) - t); };
    return vmap(one)(x, target).mean();
  };
  const Tensor H = func::hessian(loss)(w);
  // By hand: with s = tanh(x w), s' = 1 - s^2, s'' = -2 s s' the Hessian is the mean of 2 (s'^2 + (s - t) s'') x x^T.
  const Tensor s = tanh(matmul(x, w)), first = 1 - s * s, second = -2 * s * first;
  CHECK(allclose(H, matmul(x.t() * (2 * (first * first + (s - target) * second)), x) / 6));
  CHECK(allclose(func::jacfwd(func::grad(loss))(w), H));
  CHECK(allclose(func::jacrev(func::jacrev(loss))(w), H));
  CHECK(allclose(func::jacrev(func::jacfwd(loss))(w), H));
  CHECK(allclose(func::hvp(loss, w, w).second, matmul(H, w)));
}

TEST_CASE("research: autocast, a scaled loss, accumulation and clipping are the same steps as one large batch", "[autograd][amp]") {
  const Tensor x = cosine({8, 4}, 0, kFloat32), y = cosine({8, 4}, 1, kFloat32);
  const auto trained = [&](bool mixed, int64_t parts) {
    manual_seed(5);
    Block block;
    optim::SGD sgd(block.parameters(), {.lr = 0.1, .momentum = 0.9});
    amp::GradScaler scaler({.init_scale = 1024});
    Tensors norms;
    for (int step = 0; step < 5; ++step) {
      sgd.zero_grad();
      for (const auto& [from, length] : [&] {
             std::vector<std::pair<int64_t, int64_t>> all;
             for (int64_t i = 0; i < parts; ++i) all.emplace_back(i * 8 / parts, 8 / parts);
             return all;
           }()) {
        const amp::autocast casts(kCPU, kBFloat16, mixed);
        const Tensor loss = mse_loss(block(x.narrow(0, from, length)), y.narrow(0, from, length)) / double(parts);
        scaler.scale(loss).backward();
      }
      scaler.unscale_(sgd);
      norms.push_back(nn::utils::clip_grad_norm_(block.parameters(), 0.5).clone());
      scaler.step(sgd);
      scaler.update();
    }
    Tensors all{stack(norms)};
    for (const Tensor& p : block.parameters()) all.push_back(p.detach().clone());
    return all;
  };
  const Tensors whole = trained(false, 1), accumulated = trained(false, 4), mixed = trained(true, 4);
  for (size_t i = 0; i < whole.size(); ++i) {
    CHECK(allclose(accumulated[i], whole[i], 1e-4, 1e-5));
    CHECK(allclose(mixed[i], whole[i], 5e-2, 5e-2));
  }
}
