#include "tests/catch.h"

#include <cmath>

#include "tests/nn/nn_test.h"

using namespace lazuli;
using nn_test::close;
using nn_test::message;
using nn_test::same;

TEST_CASE("Linear begins within its bounds and computes x W^T + b", "[nn]") {
  manual_seed(2);
  nn::Linear fc(100, 50);
  double bound = 0.1;
  REQUIRE(amax(abs(fc.weight)).item<double>() <= bound);
  REQUIRE(amax(abs(fc.weight)).item<double>() > 0.9 * bound);
  REQUIRE(amax(abs(fc.bias)).item<double>() <= bound);
  Tensor x = randn({3, 100});
  REQUIRE(close(fc(x), matmul(x, fc.weight.t()) + fc.bias, 1e-4));
  REQUIRE_FALSE(nn::Linear(2, 3, false).bias.defined());
  REQUIRE_FALSE(nn::Linear(2, 3, {.bias = false}).bias.defined());
  REQUIRE(message([&] { nn::Linear(-1, 3); }) == "Linear: argument 'in_features': expected a size that is not negative, got -1");
  Tensor old = fc.weight.detach().clone();
  fc.reset_parameters();
  REQUIRE_FALSE(same(old, fc.weight));
}

TEST_CASE("Bilinear", "[nn]") {
  nn::Bilinear bilinear(2, 3, 4);
  Tensor a = randn({5, 2}), b = randn({5, 3});
  Tensor y = bilinear(a, b);
  REQUIRE(y.sizes() == Shape{5, 4});
  for (int64_t k : {0, 3}) REQUIRE(close(y.select(1, k), sum(matmul(a, bilinear.weight[k]) * b, 1) + bilinear.bias[k], 1e-4));
  REQUIRE_THROWS_AS(bilinear(b, b), Error);
}

TEST_CASE("Dropout drops in training only", "[nn]") {
  nn::Dropout dropout(0.25);
  Tensor x = ones({10000});
  double kept = sum(dropout(x) != 0).item<double>() / 10000;
  REQUIRE(kept == Approx(0.75).margin(0.03));
  dropout.eval();
  REQUIRE(dropout(x).is_same(x));
  REQUIRE_THROWS_AS(nn::Dropout(1.5), Error);
}

TEST_CASE("Embedding", "[nn]") {
  nn::Embedding table(10, 3, {.padding_idx = 2});
  REQUIRE(same(table.weight[2], zeros({3})));
  Tensor y = table(tensor({{1, 2}, {3, 1}}));
  REQUIRE(y.sizes() == Shape{2, 2, 3});
  sum(y).backward();
  REQUIRE(same(table.weight.grad()[2], zeros({3})));
  REQUIRE(same(table.weight.grad()[1], full({3}, 2.0)));
  nn::Embedding frozen = nn::Embedding::from_pretrained(ones({4, 2}));
  REQUIRE_FALSE(frozen.weight.requires_grad());
  REQUIRE(frozen.num_embeddings == 4);
  REQUIRE_THROWS_AS(nn::Embedding(3, 2, {.padding_idx = 3}), Error);
}

TEST_CASE("a layer of one option takes it by name and by position", "[nn]") {
  Tensor x = randn({3, 4});
  REQUIRE(same(nn::GELU({.approximate = "tanh"})(x), gelu(x, "tanh")));
  REQUIRE(same(nn::GELU("tanh")(x), gelu(x, "tanh")));
  REQUIRE(same(nn::GELU()(x), gelu(x)));
  REQUIRE(same(nn::Softmax({.dim = 0})(x), softmax(x, 0)));
  REQUIRE(same(nn::LogSoftmax(0)(x), log_softmax(x, 0)));
  REQUIRE(same(nn::Softmin()(x), softmin(x, 1)));
  static_assert(!std::is_constructible_v<nn::Linear, int, const char*> && !std::is_default_constructible_v<nn::Linear>);
  static_assert(!std::is_constructible_v<nn::Softmax, const char*> && std::is_default_constructible_v<nn::Softmax>);
}

TEST_CASE("in-place activations write to their input", "[nn]") {
  Tensor x = tensor({-1.0, 2.0});
  nn::ReLU relu(true);
  REQUIRE(relu(x).is_same(x));
  REQUIRE(same(x, tensor({0.0, 2.0})));
  REQUIRE_THROWS_AS(nn::Hardtanh(1, 0), Error);
}

TEST_CASE("losses keep their weights as buffers", "[nn]") {
  nn::CrossEntropyLoss loss({.weight = tensor({1.0, 2.0, 3.0}, kFloat32), .reduction = Reduction::Sum});
  REQUIRE(loss.state_dict().contains("weight"));
  Tensor x = randn({4, 3}), t = tensor({0, 1, 2, 1});
  REQUIRE(close(loss(x, t), cross_entropy(x, t, {.weight = loss.weight, .reduction = Reduction::Sum})));
  REQUIRE(nn::MSELoss()(x, x).item<double>() == 0);
  REQUIRE(nn::MSELoss(Reduction::None)(x, x).sizes() == x.sizes());
  REQUIRE(nn::functional::mse_loss(x, x).item<double>() == 0);
}

TEST_CASE("initializers", "[nn]") {
  manual_seed(4);
  Tensor t = empty({64, 32});
  REQUIRE(nn::init::calculate_gain("leaky_relu", std::sqrt(5.0)) == Approx(std::sqrt(1.0 / 3)));
  REQUIRE_THROWS_AS(nn::init::calculate_gain("nope"), Error);
  nn::init::xavier_uniform_(t);
  REQUIRE(amax(abs(t)).item<double>() <= std::sqrt(6.0 / 96));
  nn::init::kaiming_uniform_(t, std::sqrt(5.0));
  REQUIRE(amax(abs(t)).item<double>() <= 1 / std::sqrt(32.0));
  nn::init::kaiming_normal_(t, 0, nn::init::FanMode::Out, "relu");
  REQUIRE(mean(t * t).item<double>() == Approx(2.0 / 64).epsilon(0.15));
  nn::init::trunc_normal_(t, 1, 2, 0, 3);
  REQUIRE(amin(t).item<double>() >= 0);
  REQUIRE(amax(t).item<double>() <= 3);
  nn::init::orthogonal_(t, 2);
  REQUIRE(close(matmul(t.t(), t), eye(32) * 4, 1e-4));
  Tensor wide = nn::init::orthogonal_(empty({3, 2, 4}));
  REQUIRE(close(matmul(wide.view({3, 8}), wide.view({3, 8}).t()), eye(3), 1e-4));
  nn::init::sparse_(t, 0.25);
  REQUIRE(sum(t == 0).item<int64_t>() == 16 * 32);
  REQUIRE(same(nn::init::eye_(empty({2, 3})), eye(2, 3)));
  Tensor conv = nn::init::dirac_(empty({2, 2, 3}));
  REQUIRE(sum(conv).item<double>() == 2);
  REQUIRE(conv.select(0, 1).select(0, 1)[1].item<double>() == 1);
  nn::Linear fc(2, 2);
  nn::init::constant_(fc.weight, 3);
  REQUIRE(same(fc.weight, full({2, 2}, 3.0)));
  REQUIRE(fc.weight.is_leaf());
}

TEST_CASE("gradients are clipped, and parameters flattened", "[nn]") {
  nn::Linear a(2, 2), b(2, 2);
  REQUIRE(nn::utils::clip_grad_norm_(a.parameters(), 1).item<double>() == 0);  // no gradients yet
  a.weight.set_grad(full({2, 2}, 3.0));
  a.bias.set_grad(full({2}, 8.0));
  REQUIRE(nn::utils::clip_grad_norm_(a.parameters(), 1e6).item<double>() == Approx(std::sqrt(164.0)));
  REQUIRE(same(a.bias.grad(), full({2}, 8.0)));
  nn::utils::clip_grad_norm_(a.parameters(), 1);
  REQUIRE(nn::utils::get_total_norm({a.weight.grad(), a.bias.grad()}).item<double>() == Approx(1).epsilon(1e-4));
  nn::utils::clip_grad_value_(a.parameters(), 0.25);
  REQUIRE(amax(a.bias.grad()).item<double>() == 0.25);
  a.bias.set_grad(full({2}, INFINITY));
  REQUIRE_THROWS_AS(nn::utils::clip_grad_norm_(a.parameters(), 1, 2, true), Error);
  nn::utils::vector_to_parameters(nn::utils::parameters_to_vector(a.parameters()), b.parameters());
  REQUIRE(same(a.weight, b.weight));
  REQUIRE_THROWS_AS(nn::utils::vector_to_parameters(ones({5}), b.parameters()), Error);
  nn::LazyLinear lazy(3);
  REQUIRE(nn::utils::clip_grad_norm_(lazy.parameters(), 1).item<double>() == 0);
}

TEST_CASE("BatchNormReLU is BatchNorm and ReLU, with the same state", "[nn]") {
  nn::BatchNormReLU2d both(3, {.eps = 1e-3});
  nn::BatchNorm2d plain(3, {.eps = 1e-3});
  plain.load_state_dict(both.state_dict());
  Tensor x = randn({4, 3, 5, 5}), z = randn({4, 3, 5, 5});
  for (bool training : {true, false}) {
    both.train(training), plain.train(training);
    CHECK(allclose(both(x), relu(plain(x)), 1e-5, 1e-6));
    CHECK(allclose(both(x, z), relu(plain(x) + z), 1e-5, 1e-6));
    CHECK(allclose(both.running_var, plain.running_var));
    CHECK(equal(both.num_batches_tracked, plain.num_batches_tracked));
  }
  CHECK(to_string(both).starts_with("BatchNormReLU2d(3, eps=0.001"));
  struct Net : nn::Module {
    nn::Child<nn::BatchNormReLU2d> norm{this, "norm", 3};
    Tensor forward(const Tensor& x) { return norm(x, x); }
  } net;
  CHECK(net(x).sizes() == x.sizes());
  CHECK(nn::clone(both).options.eps == 1e-3);
}

TEST_CASE("SyncBatchNorm in one process is BatchNorm", "[nn]") {
  nn::SyncBatchNorm sync(3);
  nn::BatchNorm2d plain(3);
  Tensor x = randn({4, 3, 2, 2});
  REQUIRE(same(sync(x), plain(x)));
  REQUIRE(same(sync.running_var, plain.running_var));
  sync.eval();
  plain.eval();
  REQUIRE(same(sync(x), plain(x)));
  REQUIRE(sync(randn({4, 3})).sizes() == Shape{4, 3});
  REQUIRE_THROWS_AS(sync(randn({3})), Error);
}

TEST_CASE("CTCLoss has its options", "[nn]") {
  nn::CTCLoss loss({.blank = 2, .reduction = Reduction::Sum});
  Tensor p = log_softmax(randn({5, 2, 3}), -1), target = tensor({{0, 1}, {1, 0}});
  REQUIRE(close(loss(p, target, Shape{5, 4}, Shape{2, 1}), ctc_loss(p, target, Shape{5, 4}, Shape{2, 1}, {.blank = 2, .reduction = Reduction::Sum})));
  REQUIRE(close(loss(p, target, tensor({5, 4}), tensor({2, 1})), loss(p, target, Shape{5, 4}, Shape{2, 1})));
  REQUIRE_THROWS_AS(nn::CTCLoss({.blank = -1}), Error);
}

TEST_CASE("layer norms take their sizes in braces, as a Shape or as one integer", "[nn]") {
  const int64_t n = 4;
  CHECK(nn::LayerNorm({8}).normalized_shape == Shape{8});
  CHECK(nn::LayerNorm({3, n}, {.eps = 1e-3}).normalized_shape == Shape{3, 4});
  CHECK(nn::RMSNorm({n}).normalized_shape == Shape{4});
  CHECK(nn::LayerNorm(8).normalized_shape == nn::LayerNorm(Shape{8}).normalized_shape);
}

TEST_CASE("sparse gradients are dense ones with the same numbers", "[nn]") {
  nn::Embedding sparse(5, 3, {.sparse = true}), dense(5, 3);
  dense.load_state_dict(sparse.state_dict());
  const Tensor index = tensor({1, 3, 1});
  sparse(index).sum().backward();
  dense(index).sum().backward();
  CHECK(equal(sparse.weight.grad(), dense.weight.grad()));
  optim::SparseAdam adam(sparse.parameters());
  adam.step();
  CHECK(equal(sparse.weight[0], dense.weight[0]));
  CHECK(!equal(sparse.weight[1], dense.weight[1]));
}
