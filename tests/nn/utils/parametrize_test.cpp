#include "lazuli/autograd/gradcheck.h"
#include "tests/catch.h"
#include "tests/nn/nn_test.h"

// Parameters that are computed from others.
using namespace lazuli;
using autograd::gradcheck;
using nn_test::close;
using nn_test::message;
using nn_test::same;
namespace parametrize = nn::utils::parametrize;
namespace parametrizations = nn::utils::parametrizations;

namespace {
struct Symmetric : nn::Module {
  Tensor forward(const Tensor& x) { return triu(x) + triu(x, 1).t(); }
  Tensor right_inverse(const Tensor& x) { return triu(x); }
};
struct Doubled : nn::Module {
  Tensor forward(const Tensor& x) { return x * 2; }
};
struct Narrow : nn::Module {
  Tensor forward(const Tensor& x) { return x.narrow(0, 0, 1); }
};
std::vector<std::string> names(const StateDict& dict) {
  std::vector<std::string> all;
  for (const auto& entry : dict) all.push_back(entry.first);
  return all;
}
Tensor columns_product(const Tensor& q) { return q.size(-2) < q.size(-1) ? matmul(q, q.mH()) : matmul(q.mH(), q); }
}  // namespace

TEST_CASE("a parametrized weight is a function of its original", "[nn][parametrize]") {
  nn::Linear layer(3, 3);
  const Tensor before = layer.weight, x = randn({2, 3});
  REQUIRE_FALSE(parametrize::is_parametrized(layer));
  parametrize::register_parametrization(layer, "weight", Symmetric());
  REQUIRE(parametrize::is_parametrized(layer));
  REQUIRE(parametrize::is_parametrized(layer, "weight"));
  REQUIRE_FALSE(parametrize::is_parametrized(layer, "bias"));
  CHECK(same(layer.weight, layer.weight.t()));
  CHECK(names(layer.state_dict()) == std::vector<std::string>{"bias", "parametrizations.weight.original"});
  const Tensor original = layer.get_parameter("parametrizations.weight.original");
  CHECK(original.is_same(before));  // what an optimizer has goes on being what is trained

  layer(x).sum().backward();  // the gradient of the weight, brought through Symmetric
  const Tensor ones_x = ones({2, 3}).t().mm(x), both = ones_x + ones_x.t();
  CHECK(close(original.grad(), triu(both) - diag(diag(ones_x))));

  {
    no_grad guard;
    original.fill_(0.5);
  }
  CHECK(close(layer(x), x.sum(1, true).expand({2, 3}) * 0.5 + layer.bias));
  CHECK(same(layer.weight, full({3, 3}, 0.5)));
  {
    no_grad guard;
    original.fill_(2);
  }
  CHECK(same(parametrize::parametrized(layer, "weight"), full({3, 3}, 2.0)));
}

TEST_CASE("an assigned value goes to the original", "[nn][parametrize]") {
  nn::Linear layer(2, 2);
  parametrize::register_parametrization(layer, "weight", Symmetric());
  layer.weight = tensor({{1., 2.}, {2., 3.}}, kFloat32);
  const Tensor y = layer(eye(2));
  CHECK(close(y, tensor({{1., 2.}, {2., 3.}}, kFloat32) + layer.bias));
  CHECK(same(layer.get_parameter("parametrizations.weight.original"), tensor({{1., 2.}, {0., 3.}}, kFloat32)));
  parametrize::register_parametrization(layer, "bias", Doubled());
  layer.bias = ones({2});
  CHECK(message([&] { layer(eye(2)); }).find("expected a right_inverse") != std::string::npos);
}

TEST_CASE("parametrizations follow each other, and are taken away", "[nn][parametrize]") {
  nn::Linear layer(2, 2);
  const Tensor trained = layer.weight, value = layer.weight.detach().clone();
  parametrize::register_parametrization(layer, "weight", Doubled());
  parametrize::register_parametrization(layer, "weight", Doubled());
  CHECK(same(layer.weight, value * 4));
  CHECK(to_string(layer) ==
        "ParametrizedLinear(\n  in_features=2, out_features=2, bias=True\n  (parametrizations): ModuleDict(\n    (weight): ParametrizationList(\n    "
        "  (0-1): 2 x "
        "Doubled()\n    )\n  )\n)");
  SECTION("with the value that is shown") {
    CHECK(parametrize::remove_parametrizations(layer, "weight").is_same(trained));
    CHECK(same(layer.weight, value * 4));
  }
  SECTION("with the original") {
    parametrize::remove_parametrizations(layer, "weight", false);
    CHECK(same(layer.weight, value));
  }
  CHECK(names(layer.state_dict()) == std::vector<std::string>{"bias", "weight"});
  CHECK(layer.weight.is_same(trained));
  CHECK(layer.weight.requires_grad());
  CHECK(to_string(layer) == "Linear(in_features=2, out_features=2, bias=True)");
  const Tensor x = randn({3, 2});
  CHECK(close(layer(x), linear(x, trained, layer.bias)));
  CHECK_THROWS_AS(parametrize::remove_parametrizations(layer, "weight"), Error);
}

TEST_CASE("parametrizations that do not fit are refused, and nothing has changed", "[nn][parametrize]") {
  nn::Linear layer(2, 2);
  CHECK(message([&] { parametrize::register_parametrization(layer, "weight", Narrow()); }) ==
        "register_parametrization: argument 'parametrization': expected the sizes of the tensor, [2, 2] (unless it is unsafe), got [1, 2]");
  CHECK_THROWS_AS(parametrize::register_parametrization(layer, "nothing", Doubled()), Error);
  CHECK(names(layer.state_dict()) == std::vector<std::string>{"weight", "bias"});
  parametrize::register_parametrization(layer, "weight", Narrow(), true);
  CHECK(layer.weight.sizes() == Shape{1, 2});
  nn::LazyLinear lazy(2);
  CHECK_THROWS_AS(parametrize::register_parametrization(lazy, "weight", Doubled()), Error);
}

TEST_CASE("computed weights move, are cloned, cast, stored and loaded with their module", "[nn][parametrize]") {
  const Tensor x = randn({2, 3});
  nn::Linear made(3, 3);
  parametrize::register_parametrization(made, "weight", Symmetric());
  nn::Linear layer = std::move(made);
  const Tensor original = layer.get_parameter("parametrizations.weight.original");
  {
    no_grad guard;
    original.fill_(1);
  }
  CHECK(close(layer(x), x.sum(1, true).expand({2, 3}) + layer.bias));  // the member that moved is the one that is written

  nn::Linear copy = clone(layer);
  CHECK(same(copy(x), layer(x)));
  {
    no_grad guard;
    copy.get_parameter("parametrizations.weight.original").fill_(3);
  }
  CHECK(close(copy(x), x.sum(1, true).expand({2, 3}) * 3 + copy.bias));
  CHECK(close(layer(x), x.sum(1, true).expand({2, 3}) + layer.bias));

  copy.load_state_dict(layer.state_dict());
  CHECK(same(copy.weight, layer.weight));
  copy.to(kFloat64);
  CHECK(copy.weight.dtype() == kFloat64);
  CHECK(copy(x.to(kFloat64)).dtype() == kFloat64);

  nn::Sequential net{std::move(copy), nn::ReLU()};
  CHECK(net(x.to(kFloat64)).sizes() == Shape{2, 3});
  CHECK(net.state_dict().contains("0.parametrizations.weight.original"));
  materialize(net, Shape{2, 3});
  CHECK(net.at<nn::Linear>(0).weight.device().is_cpu());
}

TEST_CASE("within a cache a weight is computed once", "[nn][parametrize]") {
  struct Counting : nn::Module {
    explicit Counting(std::shared_ptr<int> counted) : calls(std::move(counted)) {}
    Tensor forward(const Tensor& x) { return ++*calls, x * 1; }
    std::shared_ptr<int> calls;
  };
  auto calls = std::make_shared<int>(0);
  nn::Linear layer(2, 2);
  parametrize::register_parametrization(layer, "weight", Counting(calls));
  const Tensor x = ones({1, 2}), original = layer.get_parameter("parametrizations.weight.original");
  *calls = 0;
  Tensor y;
  {
    parametrize::cached guard;
    y = layer(x) + layer(x) + layer(x);
    CHECK(*calls == 1);
  }
  y.sum().backward();
  CHECK(same(original.grad(), full({2, 2}, 3.0)));
  layer(x);
  layer(x);
  CHECK(*calls == 3);
}

TEST_CASE("weight_norm keeps direction and length apart", "[nn][parametrize]") {
  nn::Conv2d layer(3, 4, 2);
  const Tensor weight = layer.weight.detach().clone(), x = randn({1, 3, 5, 5});
  const Tensor y = layer(x);
  parametrizations::weight_norm(layer);
  CHECK(close(layer(x), y));
  CHECK(names(layer.state_dict()) == std::vector<std::string>{"bias", "parametrizations.weight.original0", "parametrizations.weight.original1"});
  const Tensor g = layer.get_parameter("parametrizations.weight.original0"), v = layer.get_parameter("parametrizations.weight.original1");
  CHECK(g.sizes() == Shape{4, 1, 1, 1});
  CHECK(same(v, weight));
  CHECK(to_string(layer.get_submodule("parametrizations.weight")) == "ParametrizationList(\n  (0): _WeightNorm()\n)");
  {
    no_grad guard;
    g.fill_(2);
    v.mul_(5);
  }
  layer(x).sum().backward();
  CHECK(close(linalg::vector_norm(layer.weight, 2.0, {1, 2, 3}), full({4}, 2.0)));
  CHECK(close((v.grad() * v).sum({1, 2, 3}), zeros({4}), 1e-4));  // its length does not count
  CHECK(g.grad().defined());
  CHECK_THROWS_AS(parametrize::remove_parametrizations(layer, "weight", false), Error);
  parametrize::remove_parametrizations(layer, "weight");
  CHECK(close(linalg::vector_norm(layer.weight, 2.0, {1, 2, 3}), full({4}, 2.0)));

  nn::Linear whole(3, 2);
  parametrizations::weight_norm(whole, "weight", std::nullopt);
  CHECK(whole.get_parameter("parametrizations.weight.original0").dim() == 0);
  CHECK_THROWS_AS(parametrizations::weight_norm(whole, "bias", 1), Error);
  const Tensor again = whole.weight.detach().clone();
  whole.weight = again * 3;
  whole(randn({1, 3}));
  CHECK(close(whole.weight, again * 3));
}

TEST_CASE("gradients of computed weights are those of the formula", "[nn][parametrize]") {
  manual_seed(31);
  const Tensor x = randn({2, 4}, kFloat64);
  auto check = [&](nn::Linear& layer) {
    layer.eval();
    std::vector<Tensor> inputs;
    std::vector<std::string> paths;
    for (const auto& [name, p] : layer.named_parameters()) {
      inputs.push_back(p.detach().clone().requires_grad_());
      paths.push_back(name);
    }
    CHECK(gradcheck(
        [&](const std::vector<Tensor>& values) {
          StateDict state;
          for (size_t i = 0; i < values.size(); ++i) state.set(paths[i], values[i]);
          return nn::functional_call(layer, state, x);
        },
        inputs));
  };
  nn::Linear norm(4, 3), spectral(4, 3), exponential(4, 4), cayley(4, 4), householder(4, 3);
  for (nn::Linear* layer : {&norm, &spectral, &exponential, &cayley, &householder}) layer->to(kFloat64);
  parametrizations::weight_norm(norm);
  check(norm);
  parametrizations::spectral_norm(spectral);
  check(spectral);
  using Map = parametrizations::OrthogonalMap;
  for (auto& [layer, map] : {std::pair{&exponential, Map::MatrixExp}, std::pair{&cayley, Map::Cayley}, std::pair{&householder, Map::Householder}}) {
    parametrizations::orthogonal(*layer, "weight", map);
    no_grad guard;
    layer->get_parameter("parametrizations.weight.original").add_(randn(layer->weight.sizes(), kFloat64), 0.3);
  }
  check(exponential);
  check(cayley);
  check(householder);
}

TEST_CASE("spectral_norm divides by the greatest singular value", "[nn][parametrize]") {
  manual_seed(32);
  nn::Linear layer(4, 3);
  {
    no_grad guard;
    layer.weight.copy_(tensor({{3., 0., 0., 0.}, {0., 2., 0., 0.}, {0., 0., 1., 0.}}, kFloat32));
  }
  parametrizations::spectral_norm(layer);
  const Tensor u = layer.get_buffer("parametrizations.weight.0._u"), v = layer.get_buffer("parametrizations.weight.0._v");
  CHECK(u.sizes() == Shape{3});
  CHECK(v.sizes() == Shape{4});
  for (int i = 0; i < 20; ++i) layer(ones({1, 4}));
  CHECK(close(diag(layer.weight.narrow(1, 0, 3)), tensor({1., 2. / 3, 1. / 3}, kFloat32), 1e-4));
  layer.eval();
  const Tensor kept = u.clone();
  layer(ones({1, 4}));
  CHECK(same(u, kept));  // in evaluation nothing is learned
  layer.train();
  StateDict state = layer.state_dict().clone();
  layer.load_state_dict(state);
  CHECK(same(u, state.at("parametrizations.weight.0._u")));  // nor by loading
  nn::ConvTranspose1d transposed(2, 5, 3);
  parametrizations::spectral_norm(transposed);
  CHECK(transposed.get_buffer("parametrizations.weight.0._u").sizes() == Shape{5});
  CHECK_THROWS_AS(parametrizations::spectral_norm(layer, "weight", 0), Error);
}

TEST_CASE("orthogonal weights stay orthogonal while they are trained", "[nn][parametrize]") {
  manual_seed(33);
  using Map = parametrizations::OrthogonalMap;
  for (Map map : {Map::MatrixExp, Map::Cayley, Map::Householder})
    for (Shape sizes : {Shape{5, 5}, Shape{3, 5}, Shape{5, 3}}) {
      INFO(int(map) << " " << to_string(sizes));
      nn::Linear layer(sizes[1], sizes[0], {.bias = false});
      layer.to(kFloat64);
      nn::init::orthogonal_(layer.weight);
      const Tensor start = layer.weight.detach().clone();
      parametrizations::orthogonal(layer, "weight", map);
      CHECK(close(layer.weight, start, 1e-9));  // what was orthogonal is where it begins
      const Tensor original = layer.get_parameter("parametrizations.weight.original"), target = randn(sizes, kFloat64);
      double first = 0, last = 0;
      for (int step = 0; step < 30; ++step) {
        const Tensor loss = mse_loss(layer(eye(sizes[1], {.dtype = kFloat64})), target.t());
        (step ? last : first) = loss.item<double>();
        original.set_grad({});
        loss.backward();
        no_grad guard;
        original.sub_(original.grad(), 0.5);
      }
      CHECK(last < first);
      const Tensor q = parametrize::parametrized(layer, "weight");
      CHECK(close(columns_product(q), eye(std::min(sizes[0], sizes[1]), {.dtype = kFloat64}), 1e-9));
      CHECK_FALSE(close(q, start, 1e-3));
    }
  nn::Linear plain(3, 4, {.bias = false});
  nn::init::orthogonal_(plain.weight);
  const Tensor start = plain.weight.detach().clone();
  parametrizations::orthogonal(plain, "weight", {}, false);  // Householder, without a base
  CHECK(names(plain.state_dict()) == std::vector<std::string>{"parametrizations.weight.original"});
  CHECK(close(plain.weight, start));
  nn::Linear square(3, 3);
  parametrizations::orthogonal(square, "weight", Map::Cayley, false);
  CHECK(close(columns_product(square.weight), eye(3)));
  square.weight = eye(3);
  CHECK(message([&] { square(eye(3)); }).find("the Householder map, or use_trivialization") != std::string::npos);
  CHECK_THROWS_AS(parametrizations::orthogonal(square, "bias"), Error);
}

TEST_CASE("a module that is about to be held is normed on its way", "[nn][parametrize]") {
  namespace parametrizations = nn::utils::parametrizations;
  nn::Sequential net{parametrizations::spectral_norm(nn::Conv2d(2, 3, 3)), parametrizations::weight_norm(nn::Linear(4, 4), "weight", 1),
                     nn::Flatten(), parametrizations::orthogonal(nn::Linear(48, 2))};
  CHECK(net.get_parameter("0.parametrizations.weight.original").sizes() == Shape{3, 2, 3, 3});
  CHECK(net.get_parameter("1.parametrizations.weight.original0").sizes() == Shape{1, 4});
  net(randn({1, 2, 6, 6})).sum().backward();
  CHECK(net.get_parameter("0.parametrizations.weight.original").grad().defined());
  Tensor rows = static_cast<nn::Linear&>(net[3]).weight;
  CHECK(allclose(rows.matmul(rows.t()), eye(2), 1e-4, 1e-5));
}
