#include "tests/catch.h"

#include <cmath>

#include "tests/nn/nn_test.h"

// Batch norms folded into layers; modules as functions of their parameters; norms of weights as they were.
using namespace lazuli;
using nn_test::close;
using nn_test::same;
namespace utils = nn::utils;

namespace {
// Statistics and parameters that are not those of the beginning.
template <class Norm>
Norm& used(Norm& bn) {
  no_grad guard;
  bn.running_mean.copy_(randn(bn.running_mean.sizes()));
  bn.running_var.copy_(rand(bn.running_var.sizes()) + 0.5);
  if (bn.weight.defined()) {
    bn.weight.copy_(randn(bn.weight.sizes()));
    bn.bias.copy_(randn(bn.bias.sizes()));
  }
  bn.eval();
  return bn;
}
}  // namespace

TEST_CASE("a batch norm folds into the convolution before it", "[nn][fusion]") {
  manual_seed(51);
  for (bool bias : {true, false})
    for (bool affine : {true, false}) {
      nn::Conv2d conv(4, 6, 3, {.groups = 2, .bias = bias});
      nn::BatchNorm2d bn(6, {.affine = affine});
      conv.eval();
      const Tensor x = randn({2, 4, 7, 7}), before = conv.weight.detach().clone();
      nn::Conv2d fused = utils::fuse_conv_bn_eval(conv, used(bn));
      CHECK(close(fused(x), bn(conv(x)), 1e-4));
      CHECK(same(conv.weight, before));
      CHECK(fused.bias.defined());
      CHECK(fused.state_dict().size() == 2);
      CHECK(fused.weight.requires_grad());

      nn::ConvTranspose1d transposed(4, 6, 3, {.groups = 2, .bias = bias});
      nn::BatchNorm1d bn1(6, {.affine = affine});
      transposed.eval();
      const Tensor y = randn({2, 4, 7});
      nn::ConvTranspose1d both = utils::fuse_conv_bn_eval(transposed, used(bn1));
      CHECK(close(both(y), bn1(transposed(y)), 1e-4));
    }
}

TEST_CASE("a batch norm folds into the linear layer before it", "[nn][fusion]") {
  manual_seed(52);
  const Tensor x = randn({5, 3});
  nn::Linear linear(3, 4, false);
  linear.eval();
  nn::BatchNorm1d bn(4), one(1), other(3);
  nn::Linear fused = utils::fuse_linear_bn_eval(linear, used(bn));
  CHECK(close(fused(x), bn(linear(x)), 1e-4));
  nn::Linear by_one = utils::fuse_linear_bn_eval(linear, used(one));
  CHECK(close(by_one(x).unsqueeze(1), one(linear(x).unsqueeze(1)), 1e-4));
  CHECK_THROWS_AS(utils::fuse_linear_bn_eval(linear, used(other)), Error);
  bn.train();
  CHECK_THROWS_AS(utils::fuse_linear_bn_eval(linear, bn), Error);
  nn::BatchNorm1d untracked(4, {.track_running_stats = false});
  untracked.eval();
  CHECK_THROWS_AS(utils::fuse_linear_bn_eval(linear, untracked), Error);
}

TEST_CASE("a module is called with other parameters", "[nn][functional_call]") {
  nn::Sequential net{nn::Linear(3, 2), nn::BatchNorm1d(2)};
  const Tensor x = randn({4, 3}), own = net.get_parameter("0.weight"), before = own.detach().clone();
  const Tensor w = randn({2, 3}).requires_grad_(), mean = zeros({2});
  const Tensor y = nn::functional_call(net, {{"0.weight", w}, {"1.running_mean", mean}}, x);
  const StateDict parameters{{"0.weight", w}}, buffers{{"1.running_mean", zeros({2})}};
  CHECK(same(nn::functional_call(net, {parameters, buffers}, x), y));
  const Tensor h = linear(x, w, net.get_parameter("0.bias"));
  CHECK(close(y, (h - h.mean(0)) / sqrt(h.var(0, false) + 1e-5), 1e-4));
  (y * randn({4, 2})).sum().backward();
  CHECK(w.grad().defined());
  CHECK_FALSE(own.grad().defined());
  CHECK(net.get_parameter("0.weight").is_same(own));
  CHECK(same(own, before));
  CHECK_FALSE(same(mean, zeros({2})));  // the forward's statistics went to what was given
  CHECK(same(net.get_buffer("1.running_mean"), zeros({2})));
  CHECK_THROWS_AS(nn::functional_call(net, {{"0.nothing", w}}, x), Error);
  CHECK_THROWS_AS(nn::functional_call(net, {{"0.weight", zeros({3, 3})}}, x), Error);
  CHECK_THROWS_AS(nn::functional_call_strict(net, {{"0.weight", w}}, x), Error);
  CHECK_THROWS_AS(nn::functional_call(net, {{"0.weight", w}}, randn({4, 9})), Error);
  CHECK(net.get_parameter("0.weight").is_same(own));  // after a failure too
}

TEST_CASE("shared tensors are replaced together", "[nn][functional_call]") {
  nn::Linear a(2, 2, false), b(2, 2, false);
  b.weight = a.weight;
  nn::Sequential net{std::move(a), std::move(b)};
  const Tensor x = randn({1, 2}), w = eye(2) * 3;
  CHECK(close(nn::functional_call(net, {{"0.weight", w}}, x), x * 9));
  CHECK_THROWS_AS(nn::functional_call(net, {{"0.weight", w}, {"1.weight", eye(2)}}, x), Error);
}

TEST_CASE("weight norm and spectral norm under their old names", "[nn][weight_norm]") {
  manual_seed(53);
  nn::Linear layer(3, 2);
  const Tensor weight = layer.weight.detach().clone(), x = randn({4, 3});
  utils::weight_norm(layer);
  std::vector<std::string> names;
  for (const auto& entry : layer.named_parameters()) names.push_back(entry.first);
  CHECK(names == std::vector<std::string>{"bias", "weight_g", "weight_v"});
  CHECK(layer.get_parameter("weight_g").sizes() == Shape{2, 1});
  CHECK(close(layer.weight, weight));
  {
    no_grad guard;
    layer.get_parameter("weight_g").mul_(2);
  }
  CHECK(close(layer(x), linear(x, weight * 2, layer.bias)));
  layer(x).sum().backward();
  CHECK(layer.get_parameter("weight_v").grad().defined());
  utils::remove_weight_norm(layer);
  CHECK(close(layer.weight, weight * 2));
  CHECK(layer.weight.requires_grad());
  CHECK(layer.state_dict().size() == 2);
  CHECK_THROWS_AS(utils::remove_weight_norm(layer), Error);
  nn::Sequential net{utils::spectral_norm(nn::Conv2d(2, 3, 3)), utils::weight_norm(nn::Linear(4, 4), "weight", 1)};
  CHECK(net.get_parameter("0.weight_orig").sizes() == Shape{3, 2, 3, 3});
  CHECK(net.get_parameter("1.weight_g").sizes() == Shape{1, 4});

  utils::spectral_norm(layer);
  CHECK(layer.state_dict().contains("weight_orig"));
  CHECK(layer.get_buffer("weight_u").sizes() == Shape{2});
  CHECK(layer.get_buffer("weight_v").sizes() == Shape{3});
  for (int i = 0; i < 50; ++i) layer(x);
  const Tensor w = layer.weight.detach(), gram = w.mm(w.t());  // of 2 x 2: its greater eigenvalue is 1
  const double trace = diag(gram).sum().item<double>(), det = (gram[0][0] * gram[1][1] - gram[0][1] * gram[1][0]).item<double>();
  CHECK(trace / 2 + std::sqrt(trace * trace / 4 - det) == Approx(1).epsilon(1e-3));
  utils::remove_spectral_norm(layer);
  CHECK(close(layer.weight, w));
}

TEST_CASE("gradients are scaled by a norm that is known", "[nn]") {
  const Tensor a = zeros({2}).requires_grad_(), b = zeros({1}).requires_grad_();
  a.set_grad(tensor({3., 0.}, kFloat32));
  b.set_grad(tensor({4.}, kFloat32));
  const Tensor norm = utils::get_total_norm({a.grad(), b.grad()});
  CHECK(norm.item<double>() == Approx(5));
  utils::clip_grads_with_norm_({a, b}, 2.5, norm);
  CHECK(close(a.grad(), tensor({1.5, 0.}, kFloat32)));
  CHECK(close(b.grad(), tensor({2.}, kFloat32)));
  utils::clip_grads_with_norm_({a, b}, 100, norm);
  CHECK(close(b.grad(), tensor({2.}, kFloat32)));
}
