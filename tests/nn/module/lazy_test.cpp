#include "tests/catch.h"
#include "tests/nn/nn_test.h"

using namespace lazuli;
using nn_test::message;
using nn_test::same;

namespace {

nn::Sequential lazy_net() {
  return nn::Sequential{nn::Flatten(), nn::LazyLinear(16), nn::LazyBatchNorm1d(), nn::ReLU(), nn::Dropout(), nn::LazyLinear(4)};
}
struct TwoInputs : nn::Module {
  nn::Child<nn::LazyLinear> a{this, "a", 3}, b{this, "b", 3};
  Tensor forward(const Tensor& x, const Tensor& y) { return a(x) + b(y); }
};
struct Reader : nn::Module {
  nn::Child<nn::Embedding> table{this, "table", 10, 6};
  nn::Child<nn::LazyLinear> head{this, "head", 2};
  Tensor forward(const Tensor& x) { return head(table(x)); }
};

}  // namespace

TEST_CASE("lazy and eager networks built in the same order from one seed get the same weights", "[nn]") {
  manual_seed(11);
  nn::Sequential lazy{nn::LazyLinear(5), nn::LazyBatchNorm1d(), nn::Linear(5, 4, false), nn::LazyLinear(3)};
  Tensor after_lazy = randn({3});
  manual_seed(11);
  nn::Sequential eager{nn::Linear(7, 5), nn::BatchNorm1d(5), nn::Linear(5, 4, false), nn::Linear(4, 3)};
  Tensor after_eager = randn({3});
  REQUIRE(same(after_lazy, after_eager));
  randn({100});  // what is drawn in between plays no part
  nn::materialize(lazy, {2, 7});
  StateDict a = lazy.state_dict(), b = eager.state_dict();
  REQUIRE(a.size() == b.size());
  for (const auto& [name, t] : a) REQUIRE(same(t, b.at(name)));
}

TEST_CASE("materialize sets sizes and touches nothing else", "[nn]") {
  nn::Sequential net = lazy_net();
  net[2].train(false);
  net[0].register_forward_pre_hook([](nn::Module&, const Tensor& x) { REQUIRE(x.device() == kMeta); });
  std::string before = default_generator().get_state();
  nn::materialize(net, {8, 3, 5});
  REQUIRE(default_generator().get_state() == before);
  REQUIRE(net.is_training());
  REQUIRE_FALSE(net[2].is_training());
  auto& bn = net.at<nn::LazyBatchNorm1d>(2);
  REQUIRE(bn.num_batches_tracked.item<int64_t>() == 0);
  REQUIRE(same(bn.running_mean, zeros({16})));
  REQUIRE(net.at<nn::LazyLinear>(1).weight.sizes() == Shape{16, 15});
  REQUIRE(net.at<nn::LazyLinear>(1).weight.device() == kCPU);
  REQUIRE(is_grad_enabled());
  REQUIRE(net.num_parameters() == 15 * 16 + 16 + 32 + 16 * 4 + 4);
}

TEST_CASE("materialize takes several inputs, and tensors for their dtypes", "[nn]") {
  TwoInputs two;
  nn::materialize(two, Shape{2, 5}, Shape{2, 7});
  REQUIRE(two.a->weight.sizes() == Shape{3, 5});
  REQUIRE(two.b->weight.sizes() == Shape{3, 7});
  Reader reader;
  nn::materialize(reader, zeros({2, 4}, kInt64));
  REQUIRE(reader.head->weight.sizes() == Shape{2, 6});
}

TEST_CASE("a dry run that fails leaves everything as it was", "[nn]") {
  nn::Sequential net{nn::LazyLinear(3), nn::Linear(4, 2)};
  Tensor weight = net.at<nn::Linear>(1).weight.detach().clone();
  std::string text = message([&] { nn::materialize(net, {2, 5}); });
  REQUIRE(text.find("in module 1 (Linear)") != std::string::npos);
  REQUIRE(nn::is_uninitialized_parameter(net.at<nn::LazyLinear>(0).weight));
  REQUIRE(net.at<nn::LazyLinear>(0).in_features == 0);
  REQUIRE(same(net.at<nn::Linear>(1).weight, weight));
  REQUIRE(message([&] { (void)net.at<nn::LazyLinear>(0).weight.sizes(); }).find("'0.weight'") != std::string::npos);
  REQUIRE(is_grad_enabled());
  REQUIRE(net.is_training());
}

TEST_CASE("an optimizer that was given uninitialized parameters works after the first forward", "[nn]") {
  manual_seed(5);
  nn::Sequential net = lazy_net();
  net[4].eval();
  optim::SGD sgd(net.parameters(), {.lr = 0.5});
  sgd.step();
  Tensor x = randn({16, 6}), target = randint(0, 4, {16});
  nn::CrossEntropyLoss loss;
  double first = 0, last = 0;
  for (int i = 0; i < 20; ++i) {
    sgd.zero_grad();
    Tensor l = loss(net(x), target);
    l.backward();
    sgd.step();
    (i == 0 ? first : last) = l.item<double>();
  }
  REQUIRE(last < 0.8 * first);
}

TEST_CASE("to, clone and state of a lazy network before its first forward", "[nn]") {
  nn::Sequential net = lazy_net();
  net.to(kFloat64);
  nn::Sequential copy = nn::clone(net);
  REQUIRE(message([&] { (void)copy.get_parameter("1.weight").sizes(); }).find("'1.weight'") != std::string::npos);
  Tensor x = randn({4, 6}, kFloat64);
  REQUIRE(net(x).dtype() == kFloat64);
  REQUIRE(net.get_parameter("1.weight").dtype() == kFloat64);
  REQUIRE(nn::is_uninitialized_parameter(copy.get_parameter("1.weight")));
  copy(x);
  REQUIRE(same(copy.get_parameter("1.weight"), net.get_parameter("1.weight")));  // the stream came along
  nn::Sequential third = lazy_net();
  third.load_state_dict(net.state_dict());
  REQUIRE(third.get_parameter("1.weight").sizes() == Shape{16, 6});
  REQUIRE(third[1].class_name() == "Linear");
  REQUIRE_THROWS_AS(lazy_net().num_parameters(), Error);
}

TEST_CASE("summary shows a lazy network without initializing it", "[nn]") {
  nn::Sequential net = lazy_net();
  REQUIRE(nn::summary(net, {32, 3, 8, 8}) ==
          "Layer             Output shape  Parameters\n"
          "------------------------------------------\n"
          "Sequential        [32, 4]                -\n"
          "  0: Flatten      [32, 192]              -\n"
          "  1: Linear       [32, 16]           3,088\n"
          "  2: BatchNorm1d  [32, 16]              32\n"
          "  3: ReLU         [32, 16]               -\n"
          "  4: Dropout      [32, 16]               -\n"
          "  5: Linear       [32, 4]               68\n"
          "------------------------------------------\n"
          "Parameters: 3,188 (3,188 trainable), 0.01 MiB\n"
          "Buffers: 0.00 MiB\n"
          "Outputs of one forward: 0.03 MiB\n");
  REQUIRE(nn::is_uninitialized_parameter(net.at<nn::LazyLinear>(1).weight));
  REQUIRE(net[1].class_name() == "LazyLinear");
  REQUIRE(net.at<nn::LazyLinear>(1).in_features == 0);
  net(randn({2, 3, 8, 8}));
  REQUIRE(nn::summarize(net, {1, 3, 8, 8}).parameters == 3188);
}

TEST_CASE("a lazy module refuses a state that cannot be its own, and names both", "[nn]") {
  nn::LazyLinear lazy(8);
  REQUIRE(
      message([&] {
        lazy.load_state_dict({{"weight", ones({16, 4})}, {"bias", ones({16})}});
      }) ==
      "load_state_dict: argument 'dict': expected the state of a LazyLinear, got other sizes weight (has [8, in_features], dict [16, 4]), bias (has "
      "[8], dict [16])");
  REQUIRE(nn::is_uninitialized_parameter(lazy.weight));
  REQUIRE_THROWS_AS(nn::LazyBatchNorm1d().load_state_dict({{"weight", ones({2, 2})}}, true), Error);
  lazy.load_state_dict({{"weight", ones({8, 4})}, {"bias", ones({8})}});
  REQUIRE(lazy.in_features == 4);
}

TEST_CASE("an uninitialized parameter prints its name", "[nn]") {
  nn::Sequential net{nn::LazyLinear(3)};
  REQUIRE(to_string(net.get_parameter("0.weight")) == "UninitializedParameter('0.weight', float32, cpu)");
  REQUIRE(to_string(nn::UninitializedBuffer()) == "UninitializedBuffer(float32, cpu)");
}

TEST_CASE("summary shows what stands in a list under the list's name", "[nn]") {
  struct Net : nn::Module {
    nn::Child<nn::ModuleList> layers{this, "layers"};
    Net() { layers->push_back(nn::Sequential{nn::Linear(2, 2)}); }
    Tensor forward(const Tensor& x) { return (*layers)[0](x); }
  } net;
  std::string text = nn::summary(net, {1, 2});
  REQUIRE(text.find("\n  layers.0: Sequential") != std::string::npos);
  REQUIRE(text.find("\n    0: Linear") != std::string::npos);
}

TEST_CASE("a module tells whether parameters or buffers of it, or below, have no sizes yet", "[nn][lazy]") {
  nn::Sequential net{nn::Linear(4, 3), nn::LazyBatchNorm1d({.affine = false})};
  CHECK(net.has_uninitialized_params());
  CHECK_FALSE(net[0].has_uninitialized_params());
  net(ones({2, 4}));
  CHECK_FALSE(net.has_uninitialized_params());
}
