// The requirements R1 to R37 of the page LazyBatchNorm1d, one test each.
#include <lazuli/lazuli.h>

#include <chrono>

#include "tests/catch.h"
#include "tests/nn/nn_test.h"

using namespace lazuli;
using nn_test::close;
using nn_test::message;
using nn_test::same;

namespace {

// A lazy one and a regular one, both of whose parameters have the same values, which are not the initial ones.
struct Pair {
  nn::LazyBatchNorm1d lazy;
  nn::BatchNorm1d regular{3};
  Pair() {
    manual_seed(3);
    lazy(randn({2, 3}));
    regular.load_state_dict(lazy.state_dict());
    no_grad guard;
    for (nn::Module* m : {static_cast<nn::Module*>(&lazy), static_cast<nn::Module*>(&regular)}) {
      m->get_parameter("weight").copy_(tensor({0.5, 2.0, -1.0}));
      m->get_parameter("bias").copy_(tensor({0.1, -0.2, 0.3}));
    }
  }
};
struct Unit : nn::Module {
  nn::Child<nn::LazyBatchNorm1d> bn{this, "bn"};
  Tensor forward(const Tensor& x) { return bn(x); }
};
// Example 2 of the page.
class DynamicNetwork : public nn::Module {
 public:
  DynamicNetwork(int64_t input_size, int64_t hidden_size, int64_t output_size)
      : fc1(this, "fc1", input_size, hidden_size), bn1(this, "bn1"), fc2(this, "fc2", hidden_size, output_size), bn2(this, "bn2") {}
  Tensor forward(const Tensor& x) {
    Tensor h = relu(bn1(fc1(x)));
    return bn2(fc2(h));
  }
  nn::Child<nn::Linear> fc1;
  nn::Child<nn::LazyBatchNorm1d> bn1;
  nn::Child<nn::Linear> fc2;
  nn::Child<nn::LazyBatchNorm1d> bn2;
};
struct LazyScale : nn::Module, nn::LazyModule {
  nn::Parameter factor{this, "factor", nn::UninitializedParameter({.dtype = kFloat64})};
  nn::Buffer count{this, "count", nn::UninitializedBuffer()};
  Tensor forward(const Tensor& x) {
    ensure_initialized(x);
    return x * factor;
  }
  void initialize_parameters(const Tensor& input) override {
    nn::materialize_uninitialized(factor, {input.size(-1)});
    nn::materialize_uninitialized(count, {});
    nn::init::constant_(factor, 2);
  }
};

}  // namespace

TEST_CASE("R1: the class is nn::LazyBatchNorm1d", "[nn]") {
  lazuli::nn::LazyBatchNorm1d bn;
  REQUIRE(bn.class_name() == "LazyBatchNorm1d");
}
TEST_CASE("R2: it has a base shared with 2d and 3d and is a BatchNorm1d", "[nn]") {
  STATIC_REQUIRE(std::is_base_of_v<nn::BatchNorm1d, nn::LazyBatchNorm1d>);
  STATIC_REQUIRE(std::is_base_of_v<nn::LazyModule, nn::LazyBatchNorm1d>);
  STATIC_REQUIRE(std::is_base_of_v<nn::LazyFeatureNorm<nn::BatchNorm1d>, nn::LazyBatchNorm1d>);
  STATIC_REQUIRE(std::is_base_of_v<nn::LazyFeatureNorm<nn::BatchNorm2d>, nn::LazyBatchNorm2d>);
  nn::LazyBatchNorm1d lazy;
  nn::BatchNorm1d& accepted = lazy;
  REQUIRE(accepted(randn({4, 5})).sizes() == Shape{4, 5});
}
TEST_CASE("R3: construction needs no num_features and makes no values", "[nn]") {
  nn::LazyBatchNorm1d bn;
  REQUIRE(bn.num_features == 0);
  for (const Tensor& t : {Tensor(bn.weight), Tensor(bn.bias), Tensor(bn.running_mean), Tensor(bn.running_var)}) REQUIRE(!t.body()->storage);
}
TEST_CASE("R4: the options are those of BatchNorm1d", "[nn]") {
  nn::LazyBatchNorm1d bn({.eps = 1e-3, .momentum = 0.3, .affine = false, .track_running_stats = false});
  REQUIRE(bn.options.eps == 1e-3);
  REQUIRE(bn.options.momentum == 0.3);
  REQUIRE(to_string(bn) == "LazyBatchNorm1d(0, eps=0.001, momentum=0.3, affine=False, track_running_stats=False)");
}
TEST_CASE("R5: reading parameters before the first forward is a clear error", "[nn]") {
  Unit unit;
  REQUIRE(nn::is_uninitialized_parameter(unit.bn->weight));
  REQUIRE(nn::is_uninitialized_parameter(unit.bn->bias));
  REQUIRE(nn::is_uninitialized_buffer(unit.bn->running_mean));
  REQUIRE(message([&] { (void)unit.bn->weight.sizes(); }) ==
          "tensor: expected an initialized parameter or buffer, got the uninitialized one of 'bn.weight'; "
          "run a forward pass or materialize(model, shapes) first, or load a state_dict");
  REQUIRE(message([&] { unit.bn->running_var + 1; }).find("'bn.running_var'") != std::string::npos);
}
TEST_CASE("R6: parameters are created by the first forward", "[nn]") {
  nn::LazyBatchNorm1d bn;
  REQUIRE(nn::is_uninitialized_parameter(bn.weight));
  bn(randn({4, 7}));
  REQUIRE_FALSE(nn::is_uninitialized_parameter(bn.weight));
  REQUIRE(bn.weight.sizes() == Shape{7});
}
TEST_CASE("R7: first forward takes num_features from input.shape[1]", "[nn]") {
  nn::LazyBatchNorm1d flat, long_one;
  flat(randn({4, 7}));
  long_one(randn({4, 5, 9}));
  REQUIRE(flat.num_features == 7);
  REQUIRE(long_one.num_features == 5);
}
TEST_CASE("R8: weight and bias exist if affine, and only then", "[nn]") {
  nn::LazyBatchNorm1d with, without({.affine = false});
  with(randn({4, 7}));
  without(randn({4, 7}));
  REQUIRE(same(with.weight, ones({7})));
  REQUIRE(same(with.bias, zeros({7})));
  REQUIRE_FALSE(without.weight.defined());
  REQUIRE_FALSE(without.bias.defined());
  REQUIRE(without.parameters().empty());
}
TEST_CASE("R9: running statistics exist if tracked, and only then", "[nn]") {
  nn::LazyBatchNorm1d with, without({.track_running_stats = false});
  with.eval();
  with(randn({4, 7}));
  without(randn({4, 7}));
  REQUIRE(same(with.running_mean, zeros({7})));
  REQUIRE(same(with.running_var, ones({7})));
  REQUIRE_FALSE(without.running_mean.defined());
  REQUIRE_FALSE(without.running_var.defined());
  REQUIRE(without.buffers().empty());
}
TEST_CASE("R10: the first forward initializes, then normalizes", "[nn]") {
  Tensor x = randn({8, 5});
  nn::LazyBatchNorm1d lazy;
  nn::BatchNorm1d regular(5);
  REQUIRE(same(lazy.forward(x), regular.forward(x)));
  REQUIRE(same(lazy.running_var, regular.running_var));
}
TEST_CASE("R11: later forwards are those of BatchNorm1d, bit for bit", "[nn]") {
  Pair p;
  for (bool training : {true, false, true}) {
    p.lazy.train(training);
    p.regular.train(training);
    Tensor x1 = randn({6, 3}).requires_grad_(), x2 = x1.detach().clone().requires_grad_();
    Tensor y1 = p.lazy(x1), y2 = p.regular(x2);
    REQUIRE(same(y1, y2));
    sum(y1 * y1 * y1).backward();
    sum(y2 * y2 * y2).backward();
    REQUIRE(same(x1.grad(), x2.grad()));
    REQUIRE(same(p.lazy.weight.grad(), p.regular.weight.grad()));
    REQUIRE(same(p.lazy.running_mean, p.regular.running_mean));
    REQUIRE(same(p.lazy.running_var, p.regular.running_var));
  }
  REQUIRE(p.lazy.num_batches_tracked.item<int64_t>() == p.regular.num_batches_tracked.item<int64_t>());
}
TEST_CASE("R12: the mean is that over the batch", "[nn]") {
  nn::LazyBatchNorm1d bn({.momentum = 1.0});
  bn(tensor({{1.0, 10.0}, {3.0, 30.0}}, kFloat32));
  REQUIRE(close(bn.running_mean, tensor({2.0, 20.0}, kFloat32)));
}
TEST_CASE("R13: the variance that normalizes is the biased one", "[nn]") {
  nn::LazyBatchNorm1d bn({.eps = 0});
  Tensor y = bn(tensor({{1.0}, {3.0}}, kFloat32));  // biased: 1, unbiased: 2
  REQUIRE(close(y, tensor({{-1.0}, {1.0}}, kFloat32)));
}
TEST_CASE("R14: y = weight * (x - mean) / sqrt(var + eps) + bias", "[nn]") {
  Pair p;
  Tensor x = randn({6, 3});
  Tensor centred = x - mean(x, 0);
  Tensor expected = p.lazy.weight * (centred / sqrt(mean(centred * centred, 0) + 1e-5)) + p.lazy.bias;
  REQUIRE(close(p.lazy(x), expected));
}
TEST_CASE("R15: running mean <- (1 - m) * running + m * batch", "[nn]") {
  nn::LazyBatchNorm1d bn({.momentum = 0.25});
  bn(tensor({{4.0}, {8.0}}, kFloat32));
  REQUIRE(bn.running_mean.item<double>() == Approx(0.25 * 6));
  bn(tensor({{1.0}, {3.0}}, kFloat32));
  REQUIRE(bn.running_mean.item<double>() == Approx(0.75 * 1.5 + 0.25 * 2));
}
TEST_CASE("R16: running variance <- (1 - m) * running + m * batch, unbiased as in PyTorch (A1)", "[nn]") {
  nn::LazyBatchNorm1d bn({.momentum = 0.25});
  bn(tensor({{1.0}, {3.0}}, kFloat32));
  REQUIRE(bn.running_var.item<double>() == Approx(0.75 * 1 + 0.25 * 2));  // the biased variance would be 1
}
TEST_CASE("A2: a 3-D input is averaged over batch and sequence", "[nn]") {
  nn::LazyBatchNorm1d bn({.momentum = 1.0});
  bn(tensor({{{1.0, 3.0}}, {{5.0, 7.0}}}, kFloat32));
  REQUIRE(bn.running_mean.item<double>() == Approx(4));
  REQUIRE(bn.running_var.item<double>() == Approx(20.0 / 3));
}
TEST_CASE("A3: without momentum the statistics are cumulative; one value per feature cannot be trained on", "[nn]") {
  nn::LazyBatchNorm1d bn({.momentum = {}});
  bn(tensor({{1.0}, {3.0}}, kFloat32));
  bn(tensor({{5.0}, {7.0}}, kFloat32));
  REQUIRE(bn.running_mean.item<double>() == Approx(4));
  REQUIRE(bn.num_batches_tracked.item<int64_t>() == 2);
  REQUIRE_THROWS_AS(bn(ones({1, 1})), Error);
  REQUIRE(bn.num_batches_tracked.item<int64_t>() == 2);
  REQUIRE(to_string(bn) == "BatchNorm1d(1, eps=1e-05, momentum=None, affine=True, track_running_stats=True)");
}
TEST_CASE("R17: running statistics are updated in training, the first forward included", "[nn]") {
  nn::LazyBatchNorm1d bn;
  bn(full({4, 2}, 5.0));
  REQUIRE(close(bn.running_mean, full({2}, 0.5)));
  REQUIRE(bn.num_batches_tracked.item<int64_t>() == 1);
}
TEST_CASE("R18: training uses the batch's statistics, evaluation the running ones", "[nn]") {
  Pair p;
  Tensor x = randn({6, 3}) + 5;
  Tensor trained = p.lazy(x);
  REQUIRE(close(mean(trained, 0), p.lazy.bias, 1e-4));
  p.lazy.eval();
  Tensor before = p.lazy.running_mean.clone();
  Tensor expected = p.lazy.weight * ((x - p.lazy.running_mean) / sqrt(p.lazy.running_var + 1e-5)) + p.lazy.bias;
  REQUIRE(close(p.lazy(x), expected));
  REQUIRE(same(before, p.lazy.running_mean));
}
TEST_CASE("R19: the input is 2-D or 3-D, on the first forward as well", "[nn]") {
  nn::LazyBatchNorm1d bn;
  REQUIRE(message([&] {
            bn(randn({2, 3, 4, 5}));
          }) == "LazyBatchNorm1d: argument 'input': expected 2D or 3D input, got 4D input of sizes [2, 3, 4, 5]\n  in module LazyBatchNorm1d");
  REQUIRE(message([&] { bn.forward(randn({3})); }) == "LazyBatchNorm1d: argument 'input': expected 2D or 3D input, got 1D input of sizes [3]");
  REQUIRE(nn::is_uninitialized_parameter(bn.weight));  // nothing has changed
  bn(randn({4, 3}));
  REQUIRE(message([&] { bn.forward(randn({3})); }) == "BatchNorm1d: argument 'input': expected 2D or 3D input, got 1D input of sizes [3]");
}
TEST_CASE("R20: another number of features is an error that names both", "[nn]") {
  nn::Sequential net{nn::Identity(), nn::LazyBatchNorm1d()};
  net(randn({4, 64}));
  REQUIRE(message([&] {
            net(randn({4, 63}));
          }) == "BatchNorm1d: argument 'input': expected 64 features in dimension 1, got 63 (sizes [4, 63])\n  in module 1 (BatchNorm1d)");
}
TEST_CASE("R21: the batch size may change", "[nn]") {
  nn::LazyBatchNorm1d bn;
  REQUIRE(bn(randn({32, 64})).sizes() == Shape{32, 64});
  REQUIRE(bn(randn({16, 64})).sizes() == Shape{16, 64});
  REQUIRE(bn(randn({2, 64, 3})).sizes() == Shape{2, 64, 3});
}
TEST_CASE("R22: the output has the input's sizes", "[nn]") {
  for (const Shape& sizes : {Shape{4, 3}, Shape{4, 3, 5}, Shape{2, 1, 1}}) {
    nn::LazyBatchNorm1d bn;
    REQUIRE(bn(randn(sizes)).sizes() == sizes);
  }
}
TEST_CASE("R23: later forwards cost what BatchNorm1d's cost", "[nn]") {
  Pair p;
  Tensor x = randn({32, 3});
  no_grad guard;
  auto time = [&](nn::Module& m) {
    auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 200; ++i) m(x);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  double lazy = 1e9, regular = 1e9;
  for (int i = 0; i < 100 && (i < 5 || lazy > 1.2 * regular); ++i) {  // more rounds while other programs disturb
    lazy = std::min(lazy, time(p.lazy));
    regular = std::min(regular, time(p.regular));
  }
  REQUIRE(lazy < 1.3 * regular);
}
TEST_CASE("R24: memory after initialization equals that of BatchNorm1d", "[nn]") {
  auto bytes = [](auto make) {
    int64_t before = memory_stats().allocated;
    auto held = make();
    return memory_stats().allocated - before;
  };
  Tensor x = randn({4, 1000});
  auto lazy = bytes([&] {
    auto m = std::make_unique<nn::LazyBatchNorm1d>();
    no_grad guard;
    (*m)(x);
    return m;
  });
  auto regular = bytes([&] { return std::make_unique<nn::BatchNorm1d>(1000); });
  REQUIRE(lazy == regular);
}
TEST_CASE("R25: two of them never share parameters", "[nn]") {
  nn::LazyBatchNorm1d a, b;
  Tensor x = randn({4, 3});
  a(x);
  b(x);
  REQUIRE_FALSE(a.weight.is_same(b.weight));
  REQUIRE(a.weight.address() != b.weight.address());
}
TEST_CASE("R26: gradients reach weight, bias and input from the first forward on", "[nn]") {
  Tensor x1 = randn({6, 3}).requires_grad_(), x2 = x1.detach().clone().requires_grad_(), w = randn({6, 3});
  nn::LazyBatchNorm1d lazy;
  nn::BatchNorm1d regular(3);
  sum(lazy(x1) * w).backward();
  sum(regular(x2) * w).backward();
  REQUIRE(lazy.weight.grad().defined());
  REQUIRE(same(lazy.weight.grad(), regular.weight.grad()));
  REQUIRE(same(lazy.bias.grad(), regular.bias.grad()));
  REQUIRE(same(x1.grad(), x2.grad()));
}
TEST_CASE("R27: it works inside Sequential and as a member of a module", "[nn]") {
  nn::Sequential net{nn::LazyLinear(12), nn::LazyBatchNorm1d(), nn::ReLU()};
  REQUIRE(net(randn({4, 5})).sizes() == Shape{4, 12});
  REQUIRE(net.at<nn::LazyBatchNorm1d>(1).num_features == 12);
  Unit unit;
  REQUIRE(unit(randn({4, 6})).sizes() == Shape{4, 6});
  REQUIRE(unit.bn->num_features == 6);
}
TEST_CASE("R28: it works after layers of dynamic output size", "[nn]") {
  for (int64_t n : {2, 3, 6}) {
    nn::LazyBatchNorm1d bn;
    REQUIRE(bn(randn({4, 6}).reshape({-1, n})).size(1) == n);
    nn::Sequential flat{nn::Flatten(), nn::LazyBatchNorm1d()};
    REQUIRE(flat(randn({4, n, 2})).size(1) == 2 * n);
  }
}
TEST_CASE("R29: example 1", "[nn]") {
  nn::Linear fc1(10, 0);  // "Dummy"
  REQUIRE(fc1.weight.sizes() == Shape{0, 10});
  nn::LazyBatchNorm1d bn;
  Tensor x = randn({32, 64});
  Tensor output = bn.forward(x);
  REQUIRE(output.sizes() == Shape{32, 64});
  REQUIRE(bn.num_features == 64);
  Tensor weight = bn.weight;
  bn.forward(randn({16, 64}));
  REQUIRE(weight.is_same(bn.weight));
}
TEST_CASE("R30: example 2 is constructed", "[nn]") {
  DynamicNetwork net(10, 128, 64);
  REQUIRE(net.named_children().size() == 4);
  REQUIRE(net.fc2->weight.sizes() == Shape{64, 128});
  REQUIRE(nn::is_uninitialized_parameter(net.bn2->weight));
}
TEST_CASE("R31: example 2 runs", "[nn]") {
  DynamicNetwork net(10, 128, 64);
  REQUIRE(net.forward(randn({8, 10})).sizes() == Shape{8, 64});
  REQUIRE(net.bn1->num_features == 128);
  REQUIRE(net.bn2->num_features == 64);
}
TEST_CASE("R32: the functions and members of the examples exist", "[nn]") {
  Tensor x = randn({2, 3});
  Tensor y = relu(x);
  nn::BatchNorm1d bn(3);
  nn::Module& module = bn;
  REQUIRE(module(y).sizes() == Shape{2, 3});
}
TEST_CASE("R33: parity with PyTorch: keys, and the class after initialization", "[nn]") {
  nn::LazyBatchNorm1d bn;
  auto keys = [&] {
    std::vector<std::string> names;
    for (const auto& entry : bn.state_dict()) names.push_back(entry.first);
    return names;
  };
  std::vector<std::string> expected{"weight", "bias", "running_mean", "running_var", "num_batches_tracked"};
  REQUIRE(keys() == expected);
  REQUIRE(bn.num_batches_tracked.item<int64_t>() == 0);
  bn.eval();
  bn(randn({2, 64}));
  REQUIRE(keys() == expected);
  REQUIRE(bn.class_name() == "BatchNorm1d");
  REQUIRE(to_string(bn) == "BatchNorm1d(64, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)");
}
TEST_CASE("R34: the other lazy modules keep the same contract", "[nn]") {
  auto check = [](auto&& lazy, const Shape& sizes, const char* name) {
    REQUIRE(nn::is_uninitialized_parameter(lazy.weight));
    Tensor x = randn(sizes);
    lazy(x);
    REQUIRE_FALSE(nn::is_uninitialized_parameter(lazy.weight));
    REQUIRE(lazy.class_name() == name);
  };
  check(nn::LazyBatchNorm2d(), {2, 3, 4, 5}, "BatchNorm2d");
  check(nn::LazyBatchNorm3d(), {2, 3, 4, 5, 6}, "BatchNorm3d");
  check(nn::LazyInstanceNorm1d(), {2, 3, 4}, "InstanceNorm1d");
  check(nn::LazyInstanceNorm2d(), {2, 3, 4, 5}, "InstanceNorm2d");
  check(nn::LazyInstanceNorm3d(), {2, 3, 4, 5, 6}, "InstanceNorm3d");
  check(nn::LazyLinear(7), {2, 3}, "Linear");
}
TEST_CASE("R35: the support for lazy modules of one's own", "[nn]") {
  LazyScale scale;
  REQUIRE(nn::is_uninitialized_parameter(scale.factor));
  REQUIRE_FALSE(nn::is_uninitialized_buffer(scale.factor));
  REQUIRE(nn::is_uninitialized_buffer(scale.count));
  nn::materialize(scale, {4, 3});
  REQUIRE(scale.factor.sizes() == Shape{3});
  REQUIRE(scale.factor.dtype() == kFloat64);
  REQUIRE(close(scale(ones({2, 3}, kFloat64)), full({2, 3}, 2.0, kFloat64)));
  REQUIRE(message([&] { nn::materialize_uninitialized(scale.factor, {3}); }).find("expected an uninitialized parameter or buffer") !=
          std::string::npos);
}
TEST_CASE("R36: uninitialized state is stored and loaded; initialized state initializes", "[nn]") {
  nn::LazyBatchNorm1d a, b, c;
  b.load_state_dict(a.state_dict());
  REQUIRE(nn::is_uninitialized_parameter(b.weight));
  a(randn({8, 5}));
  Tensor handle = b.weight;
  b.load_state_dict(a.state_dict());
  REQUIRE_FALSE(nn::is_uninitialized_parameter(b.weight));
  REQUIRE(handle.sizes() == Shape{5});
  REQUIRE(b.num_features == 5);
  REQUIRE(same(b.running_mean, a.running_mean));
  Tensor x = randn({4, 5});
  REQUIRE(same(a(x), b(x)));
  REQUIRE_THROWS_AS(a.load_state_dict(c.state_dict()), Error);  // uninitialized values into an initialized module
}
TEST_CASE("R37: the purpose: a network that is built on the fly, without sizes", "[nn]") {
  nn::Sequential net;
  for (int64_t width : {32, 16}) {
    net.push_back(nn::LazyLinear(width));
    net.push_back(nn::LazyBatchNorm1d());
    net.push_back(nn::ReLU());
  }
  net.push_back(nn::LazyLinear(3));
  REQUIRE(net(randn({4, 10})).sizes() == Shape{4, 3});
  REQUIRE(net.num_parameters() == 10 * 32 + 32 + 64 + 32 * 16 + 16 + 32 + 16 * 3 + 3);
}
