#include "tests/catch.h"
#include "tests/nn/nn_test.h"

// Parameters of which parts are held at zero.
using namespace lazuli;
using nn_test::message;
using nn_test::same;
namespace prune = nn::utils::prune;

namespace {
int64_t zeros_in(const Tensor& t) { return (t == 0).sum().item<int64_t>(); }
nn::Linear counted() {
  nn::Linear layer(4, 3);
  no_grad guard;
  layer.weight.copy_(tensor({{-6., 1., -2., 3.}, {4., -5., 6.5, 2.5}, {-1.5, 3.5, 5.5, -4.5}}, kFloat32));
  return layer;
}
}  // namespace

TEST_CASE("the least weights are pruned, and stay pruned in training", "[nn][prune]") {
  nn::Linear layer = counted();
  const Tensor trained = layer.weight, full_weight = layer.weight.detach().clone();
  REQUIRE_FALSE(prune::is_pruned(layer));
  prune::l1_unstructured(layer, "weight", 0.25);
  REQUIRE(prune::is_pruned(layer));
  const Tensor mask = tensor({{1., 0., 0., 1.}, {1., 1., 1., 1.}, {0., 1., 1., 1.}}, kFloat32);
  CHECK(same(layer.get_buffer("weight_mask"), mask));
  CHECK(same(layer.weight, full_weight * mask));
  std::vector<std::string> names;
  for (const auto& entry : layer.state_dict()) names.push_back(entry.first);
  CHECK(names == std::vector<std::string>{"bias", "weight_orig", "weight_mask"});
  CHECK(layer.get_parameter("weight_orig").is_same(trained));

  layer(ones({1, 4})).sum().backward();
  CHECK(same(trained.grad(), mask));
  {
    no_grad guard;
    trained.add_(1);
  }
  layer(ones({1, 4}));
  CHECK(same(layer.weight, (full_weight + 1) * mask));
  nn::Linear copy = clone(layer);
  CHECK(prune::is_pruned(copy));
  CHECK(same(copy(ones({1, 4})), layer(ones({1, 4}))));

  prune::l1_unstructured(layer, "weight", 2);  // of those that are left
  CHECK(zeros_in(layer.weight) == 5);
  prune::remove(layer, "weight");
  CHECK_FALSE(prune::is_pruned(layer));
  CHECK(layer.weight.is_same(trained));
  CHECK(zeros_in(trained) == 5);
  CHECK(layer.state_dict().contains("weight"));
  CHECK(layer.state_dict().size() == 2);
  CHECK_THROWS_AS(prune::remove(layer, "weight"), Error);
}

TEST_CASE("shares are rounded to the nearest number, ties to even", "[nn][prune]") {
  for (auto [share, pruned] : {std::pair{0.0, 0}, std::pair{0.2, 2}, std::pair{0.375, 4}, std::pair{0.875, 10}, std::pair{1.0, 12}}) {
    nn::Linear layer = counted();
    prune::l1_unstructured(layer, "weight", share);
    CHECK(zeros_in(layer.weight) == pruned);  // of 12: 0.375 is 4.5, 0.875 is 10.5
  }
}

TEST_CASE("rows and columns are pruned by their norm", "[nn][prune]") {
  nn::Linear layer = counted();
  prune::ln_structured(layer, "weight", 1, 2, 0);
  CHECK(same(layer.get_buffer("weight_mask"), tensor({{0., 0., 0., 0.}, {1., 1., 1., 1.}, {1., 1., 1., 1.}}, kFloat32)));
  prune::ln_structured(layer, "weight", 0.25, 1, -1);  // sums of what is left: 5.5, 8.5, 12, 7
  CHECK(same(layer.get_buffer("weight_mask"), tensor({{0., 0., 0., 0.}, {0., 1., 1., 1.}, {0., 1., 1., 1.}}, kFloat32)));
  nn::Linear other = counted();
  const Tensor scores = tensor({{9., 9., 9., 9.}, {1., 1., 1., 1.}, {5., 5., 5., 5.}}, kFloat32);
  prune::ln_structured(other, "weight", 1, 2, 0, scores);
  CHECK(zeros_in(other.weight.select(0, 1)) == 4);
}

TEST_CASE("pruning at random takes as many as it is told", "[nn][prune]") {
  manual_seed(41);
  nn::Linear layer(40, 50);
  prune::random_unstructured(layer, "weight", 0.3);
  CHECK(zeros_in(layer.get_buffer("weight_mask")) == 600);
  prune::random_unstructured(layer, "weight", 0.5);  // of the 1,400 that are left
  CHECK(zeros_in(layer.get_buffer("weight_mask")) == 1300);
  nn::Conv2d conv(6, 8, 3);
  prune::random_structured(conv, "weight", 3, 1);
  const Tensor channels = conv.get_buffer("weight_mask").sum({0, 2, 3});
  CHECK(zeros_in(channels) == 3);
  CHECK((channels == 72).sum().item<int64_t>() == 3);
}

TEST_CASE("a mask of one's own, and none", "[nn][prune]") {
  nn::Linear layer = counted();
  prune::identity(layer, "weight");
  CHECK(prune::is_pruned(layer));
  CHECK(zeros_in(layer.weight) == 0);
  const Tensor mask = tensor({{0, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 0}}, kInt64);
  prune::custom_from_mask(layer, "weight", mask);
  CHECK(same(layer.get_buffer("weight_mask"), mask.to(kFloat32)));
  prune::custom_from_mask(layer, "weight", 1 - mask);  // masks join
  CHECK(zeros_in(layer.weight) == 12);
  prune::custom_from_mask(layer, "bias", zeros({3}));
  CHECK(same(layer.bias, zeros({3})));
}

TEST_CASE("several parameters are pruned as one", "[nn][prune]") {
  nn::Sequential net{nn::Linear(4, 3, false), nn::Linear(3, 2, false)};
  {
    no_grad guard;
    for (const Tensor& p : net.parameters()) p.copy_(arange(1, p.numel() + 1, {.dtype = kFloat32}).view(p.sizes()));
  }
  prune::global_unstructured({{net[0], "weight"}, {net[1], "weight"}}, prune::Method::L1Unstructured, 6);  // 1, 2 and 3 of both
  CHECK(zeros_in(net.at<nn::Linear>(0).weight) == 3);
  CHECK(zeros_in(net.at<nn::Linear>(1).weight) == 3);
  CHECK(prune::is_pruned(net));
  prune::global_unstructured({{net[0], "weight"}, {net[1], "weight"}}, prune::Method::RandomUnstructured, 0.5);  // of 12 that are left
  CHECK(zeros_in(net[0].get_buffer("weight_mask")) + zeros_in(net[1].get_buffer("weight_mask")) == 12);
}

TEST_CASE("what cannot be pruned is refused, and nothing has changed", "[nn][prune]") {
  nn::Linear layer = counted();
  CHECK(message([&] { prune::l1_unstructured(layer, "weight", 13); }) ==
        "l1_unstructured: argument 'amount': expected at most 12, what there is to prune, got 13");
  CHECK_THROWS_AS(prune::l1_unstructured(layer, "weight", 1.5), Error);
  CHECK_THROWS_AS(prune::l1_unstructured(layer, "weight", -1), Error);
  CHECK_THROWS_AS(prune::l1_unstructured(layer, "nothing", 0.5), Error);
  CHECK_THROWS_AS(prune::ln_structured(layer, "bias", 1, 2, 0), Error);
  CHECK_THROWS_AS(prune::random_structured(layer, "weight", 1, 2), Error);
  CHECK_THROWS_AS(prune::custom_from_mask(layer, "weight", ones({3})), Error);
  CHECK_THROWS_AS(prune::l1_unstructured(layer, "weight", 1, ones({3})), Error);
  CHECK_FALSE(prune::is_pruned(layer));
  CHECK(layer.state_dict().size() == 2);
}
