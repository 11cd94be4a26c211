#include "lazuli/autograd/function.h"

#include "lazuli/lazuli.h"
#include "lazuli/ops/table/autograd_registry.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;
using autograd::GradContext;

namespace {

struct Cube : autograd::Function<Cube> {
  static Tensor forward(GradContext& ctx, const Tensor& x) {
    CHECK_FALSE(is_grad_enabled());
    ctx.save_for_backward(x);
    return x * x * x;
  }
  static std::vector<Tensor> backward(GradContext& ctx, std::vector<Tensor> grads) {
    Tensor x = ctx.saved_tensors()[0];
    return {grads[0] * 3.0 * x * x};
  }
};

// forward without the context
struct Scaled : autograd::Function<Scaled> {
  static Tensor forward(const Tensor& x, double factor) { return exp(x * factor); }
  static void setup_context(GradContext& ctx, const std::tuple<Tensor, double>& inputs, const Tensor& output) {
    ctx.save_for_backward(output);
    ctx.saved_data["factor"] = std::get<1>(inputs);
  }
  static std::vector<Tensor> backward(GradContext& ctx, std::vector<Tensor> grads) {
    return {grads[0] * ctx.saved_tensors()[0] * std::any_cast<double>(ctx.saved_data["factor"]), Tensor()};
  }
};
struct TwoOutputs : autograd::Function<TwoOutputs> {
  static std::tuple<Tensor, Tensor> forward(const Tensor& x) { return {sin(x), cos(x)}; }
  static void setup_context(GradContext* ctx, const auto& inputs, const auto& output) {
    const auto& [x] = inputs;
    ctx->save_for_backward(x, std::get<1>(output));
  }
  static std::vector<Tensor> backward(GradContext& ctx, std::vector<Tensor> grads) {
    return {grads[0] * ctx.saved_tensors()[1] - grads[1] * sin(ctx.saved_tensors()[0])};
  }
};

// libtorch's signatures
struct ScaledBy : autograd::Function<ScaledBy> {
  static Tensor forward(autograd::AutogradContext* ctx, Tensor x, double factor, Tensor y) {
    ctx->save_for_backward({x, y});
    ctx->saved_data["factor"] = factor;
    return x * factor * y;
  }
  static autograd::tensor_list backward(autograd::AutogradContext* ctx, autograd::tensor_list grads) {
    auto saved = ctx->get_saved_variables();
    double factor = std::any_cast<double>(ctx->saved_data["factor"]);
    CHECK(ctx->needs_input_grad(0));
    CHECK_FALSE(ctx->needs_input_grad(1));
    return {grads[0] * factor * saved[1], Tensor(), ctx->needs_input_grad(2) ? grads[0] * factor * saved[0] : Tensor()};
  }
};

struct ExpOnce : autograd::Function<ExpOnce> {
  static constexpr bool once_differentiable = true;
  static Tensor forward(GradContext& ctx, const Tensor& x) {
    Tensor y = exp(x);
    ctx.save_for_backward(y);  // an output
    return y;
  }
  static Tensor backward(GradContext& ctx, const Tensor& grad) {
    CHECK_FALSE(is_grad_enabled());
    return grad * ctx.saved_tensors()[0];
  }
};

struct Parts : autograd::Function<Parts> {
  static std::tuple<Tensor, Tensor, Tensor> forward(GradContext& ctx, const std::vector<Tensor>& xs, bool materialize) {
    ctx.set_materialize_grads(materialize);
    Tensor places = argmax(xs[0]), sign_of = sign(xs[1]);
    ctx.mark_non_differentiable({places, sign_of});
    return {xs[0] + xs[1], sign_of, xs[0] * 2.0};
  }
  static std::vector<Tensor> backward(GradContext&, std::vector<Tensor> grads) {
    seen = grads;
    Tensor sum = grads[0].defined() ? grads[0] : Tensor();
    return {sum, sum, Tensor()};
  }
  static inline std::vector<Tensor> seen;
};

struct Doubled : autograd::Function<Doubled> {
  static Tensor forward(GradContext& ctx, Tensor x) {
    ctx.mark_dirty({x});
    x.mul_(2);
    return x;
  }
  static std::vector<Tensor> backward(GradContext&, std::vector<Tensor> grads) { return {grads[0] * 2.0}; }
};

struct TooMany : autograd::Function<TooMany> {
  static Tensor forward(GradContext&, const Tensor& x) { return x + 1; }
  static std::vector<Tensor> backward(GradContext&, std::vector<Tensor> grads) { return {grads[0], grads[0]}; }
};

struct InFloat32 : autograd::Function<InFloat32> {
  static constexpr Cast autocast = Cast::Float32;
  static Tensor forward(GradContext&, const Tensor& x, int64_t) { return x.sum(); }
  static std::vector<Tensor> backward(GradContext&, std::vector<Tensor> grads) { return {grads[0].expand({3}), Tensor()}; }
};

}  // namespace

TEST_CASE("a forward without the context leaves to setup_context what the backward needs", "[autograd][function]") {
  const Tensor x = randn({3}, kFloat64).requires_grad_();
  const auto scaled = [](const Tensor& t) { return Scaled::apply(t, 2.0); };
  CHECK(autograd::gradcheck(scaled, {x}));
  CHECK(autograd::gradgradcheck(scaled, {x}));
  CHECK(autograd::gradcheck([](const Tensor& t) { return TwoOutputs::apply(t); }, {x}));
}

TEST_CASE("a Function with a backward of operators is differentiable twice", "[autograd]") {
  Tensor x = tensor({2.0, -1.0}, kFloat64).requires_grad_();
  Tensor y = Cube::apply(x).sum();
  Tensor first = autograd::grad({y}, {x}, {.create_graph = true})[0];
  CHECK(first.to_vector<double>() == std::vector<double>{12, 3});
  CHECK(autograd::grad({first.sum()}, {x})[0].to_vector<double>() == std::vector<double>{12, -6});
  CHECK(autograd::gradcheck([](const std::vector<Tensor>& in) { return Cube::apply(in[0]); }, {x}));
  CHECK(autograd::gradgradcheck([](const std::vector<Tensor>& in) { return Cube::apply(in[0]); }, {x}));
  CHECK(autograd::gradcheck(Cube::apply, x));
  CHECK(autograd::gradgradcheck(Cube::apply, {x}));
  const auto of_two = [](auto f) { return std::is_invocable_v<decltype(f), const Tensor&, const Tensor&>; };
  CHECK_FALSE(of_two(Cube::apply));
  CHECK(grad_fn(Cube::apply(x))->name() == std::string("Cube"));
  no_grad guard;
  CHECK_FALSE(Cube::apply(x).requires_grad());
}

TEST_CASE("a Function takes its context by pointer, as in libtorch, and arguments that are no tensors", "[autograd]") {
  Tensor x = tensor({1.0, 2.0}).requires_grad_(), y = tensor({3.0, 4.0}).requires_grad_();
  ScaledBy::apply(x, 10, y).sum().backward();
  CHECK(x.grad().to_vector<double>() == std::vector<double>{30, 40});
  CHECK(y.grad().to_vector<double>() == std::vector<double>{10, 20});
  ScaledBy::apply(x, 10, y.detach()).sum().backward();
}

TEST_CASE("a saved input of a Function that was changed in place is an Error", "[autograd]") {
  Tensor x = tensor({1.0}).requires_grad_(), h = x * 2.0;
  Tensor y = Cube::apply(h);
  h.mul_(2);
  CHECK(says(error_of([&] { y.backward(); }), "has been modified by an in-place operation"));
}

TEST_CASE("once_differentiable refuses the second derivative", "[autograd]") {
  Tensor x = tensor({0.5}).requires_grad_();
  Tensor y = ExpOnce::apply(x);
  Tensor first = autograd::grad({y}, {x}, {.create_graph = true})[0];
  CHECK(first.item<double>() == Approx(std::exp(0.5)));
  CHECK(says(error_of([&] { first.backward(); }), "ExpOnce: expected a backward that is differentiated once"));
}

TEST_CASE("outputs of a Function that are marked have no gradient; those that are not used have zeros, or none", "[autograd]") {
  Tensor a = tensor({1.0, -2.0}).requires_grad_(), b = tensor({3.0, 4.0}).requires_grad_();
  auto [sum, sign_of, twice] = Parts::apply(std::vector{a, b}, true);
  CHECK(sum.requires_grad());
  CHECK_FALSE(sign_of.requires_grad());
  sum.sum().backward();
  CHECK(b.grad().to_vector<double>() == std::vector<double>{1, 1});
  REQUIRE(Parts::seen.size() == 3);
  CHECK(Parts::seen[2].to_vector<double>() == std::vector<double>{0, 0});
  auto again = Parts::apply(std::vector{a, b}, false);
  std::get<0>(again).sum().backward();
  CHECK_FALSE(Parts::seen[2].defined());
  Parts::seen.clear();
}

TEST_CASE("a dirty input gets the Function's history", "[autograd]") {
  Tensor x = tensor({1.0, 2.0}).requires_grad_();
  Tensor h = x * 3.0, view = h.view({2, 1});
  Tensor y = Doubled::apply(h);
  CHECK(h.to_vector<double>() == std::vector<double>{6, 12});
  CHECK(y.is_same(h));
  (h.sum() + view.sum()).backward();
  CHECK(x.grad().to_vector<double>() == std::vector<double>{12, 12});
  CHECK(says(error_of([&] { Doubled::apply(x); }), "a leaf that requires grad"));
  CHECK(x.to_vector<double>() == std::vector<double>{1, 2});
}

TEST_CASE("a Function that gives another number of gradients is an Error", "[autograd]") {
  Tensor x = tensor({1.0}).requires_grad_();
  CHECK(says(error_of([&] { TooMany::apply(x).backward(); }),
             "TooMany: argument 'backward's result': expected one gradient for each argument of forward, 1, got 2"));
}

TEST_CASE("a Function has a policy under autocast", "[autograd][amp]") {
  Tensor x = tensor({1.f, 2.f, 3.f}).to(kBFloat16).requires_grad_();
  CHECK(InFloat32::apply(x, 1).dtype() == kBFloat16);
  amp::autocast guard(kCPU);
  Tensor y = InFloat32::apply(x, 1);
  CHECK(y.dtype() == kFloat32);
  y.backward();
  CHECK(x.grad().dtype() == kBFloat16);
}

TEST_CASE("an operator of the table can be given its derivative apart", "[autograd]") {
  register_function("tests_square(Tensor self, float factor=1) -> Tensor", [](std::vector<Value>& args) {
    return std::vector<Value>{Value(args[0].to_tensor() * args[0].to_tensor() * args[1].to_double())};
  });
  CHECK_FALSE(autograd::has_autograd("tests_square"));
  auto handle = autograd::register_autograd({.op = "tests_square",
                                             .backward =
                                                 [](GradContext& ctx, std::vector<Tensor> grads) {
                                                   double factor = std::any_cast<double>(ctx.saved_data["factor"]);
                                                   return std::vector<Tensor>{grads[0] * 2.0 * factor * ctx.saved_tensors()[0], Tensor()};
                                                 },
                                             .setup_context =
                                                 [](GradContext& ctx, const std::vector<Value>& inputs, const std::vector<Value>&) {
                                                   ctx.save_for_backward(inputs[0].to_tensor());
                                                   ctx.saved_data["factor"] = inputs[1].to_double();
                                                 }});
  CHECK(autograd::has_autograd("tests_square"));
  CHECK(autograd::get_autograd("tests_square").op == "tests_square");
  Tensor x = tensor({3.0}).requires_grad_();
  Tensor y = call("tests_square", {x, 5.0})[0].to_tensor();
  CHECK(y.grad_fn()->name() == std::string("tests_square"));
  Tensor first = autograd::grad({y}, {x}, {.create_graph = true})[0];
  CHECK(first.item<double>() == 30);
  CHECK(autograd::grad({first}, {x})[0].item<double>() == 10);
  CHECK_THROWS_AS(autograd::register_backward("tests_square", [](GradContext&, std::vector<Tensor> g) { return g; }), Error);
  CHECK_THROWS_AS(autograd::register_backward("no_such_operator", [](GradContext&, std::vector<Tensor> g) { return g; }), Error);
  handle.remove();
  CHECK_FALSE(autograd::has_autograd("tests_square"));
  CHECK(call("tests_square", {x, 5.0})[0].to_tensor().grad_fn()->name() == std::string("mul"));  // what its function records by itself
}
