#include "lazuli/core/tensor/registration.h"
#include "tests/catch.h"
#include "tests/nn/nn_test.h"

// What a member of class Parameter or Buffer is given is what the module has under that name.

using namespace lazuli;
using nn_test::same;

namespace {
Tensor listed(const nn::Module& m, const char* name) { return m.state_dict().at(name); }
bool has(const nn::Module& m, const nn::Parameter& member, const char* name) {
  return m.get_parameter(name).is_same(member) && m.parameters()[0].is_same(member);
}
struct Two : nn::Module {
  nn::Parameter weight{this, "weight", ones({2})};
  nn::Buffer mean{this, "mean", zeros({2})};
};
}  // namespace

TEST_CASE("assigned, moved and swapped parameters are registered", "[nn][parameter]") {
  struct Net : nn::Module {
    nn::Child<nn::Linear> a{this, "a", 2, 2}, b{this, "b", 2, 2};
  } net;
  Tensor wa = net.a->weight, wb = net.b->weight;
  std::swap(net.a->weight, net.b->weight);
  REQUIRE(net.get_parameter("a.weight").is_same(wb));
  REQUIRE(net.get_parameter("b.weight").is_same(wa));
  REQUIRE(net.a->weight.is_same(wb));
  REQUIRE_FALSE(is_replaced(wa));
  REQUIRE_FALSE(is_replaced(wb));

  net.a->weight = std::move(net.b->weight);
  REQUIRE(has(*net.a, net.a->weight, "weight"));
  REQUIRE(net.a->weight.is_same(wa));
  REQUIRE(has(*net.b, net.b->weight, "weight"));
  std::string path;
  REQUIRE(is_replaced(wb, &path));
  REQUIRE(path == "a.weight");

  Tensor plain = randn({2, 2}) * 2;
  net.b->weight = plain;
  REQUIRE(net.get_parameter("b.weight").is_leaf());
  REQUIRE(net.get_parameter("b.weight").requires_grad());
  REQUIRE(same(listed(net, "b.weight"), plain));
  nn::Parameter fresh(zeros({2, 2}));
  net.b->weight = std::move(fresh);
  REQUIRE(same(listed(net, "b.weight"), zeros({2, 2})));

  nn::Parameter taken = std::move(net.b->weight);
  REQUIRE(taken.is_same(net.get_parameter("b.weight")));
}

TEST_CASE("buffers likewise, and lists of parameters", "[nn][parameter]") {
  Two a, b;
  a.mean = ones({2});
  REQUIRE(same(listed(a, "mean"), ones({2})));
  std::swap(a.mean, b.mean);
  REQUIRE(same(listed(a, "mean"), zeros({2})));
  REQUIRE(same(listed(b, "mean"), ones({2})));
  b.mean = std::move(a.mean);
  REQUIRE(same(listed(b, "mean"), zeros({2})));
  nn::ParameterList list({ones({2})});
  Tensor old = list[0];
  list.set(0, zeros({2}));
  REQUIRE(is_replaced(old));
}

TEST_CASE("moving and swapping modules takes the entries along", "[nn][parameter]") {
  Two a, b;
  Tensor wa = a.weight, wb = b.weight;
  std::swap(a, b);
  REQUIRE(has(a, a.weight, "weight"));
  REQUIRE(a.weight.is_same(wb));
  REQUIRE(b.weight.is_same(wa));
  a.weight = zeros({2});
  REQUIRE(same(listed(a, "weight"), zeros({2})));
  REQUIRE(same(listed(b, "weight"), ones({2})));
  std::vector<Two> many(1);
  for (int i = 0; i < 5; ++i) many.emplace_back();
  for (Two& m : many) {
    m.weight = full({2}, 4.0);
    REQUIRE(same(listed(m, "weight"), full({2}, 4.0)));
  }
  Two gone;
  Tensor kept = gone.weight;
  gone = Two();
  REQUIRE(has(gone, gone.weight, "weight"));
  REQUIRE_FALSE(kept.is_same(gone.weight));
}

TEST_CASE("a Child that is assigned or swapped is registered, too", "[nn][parameter]") {
  struct Net : nn::Module {
    nn::Child<nn::Linear> a{this, "a", 2, 2}, b{this, "b", 2, 3};
  } net;
  nn::Module *a = net.a.get(), *b = net.b.get();
  std::swap(net.a, net.b);
  REQUIRE(&net.get_submodule("a") == b);
  REQUIRE(&net.get_submodule("b") == a);
  REQUIRE(net.a.get() == b);
  net.a = std::move(net.b);
  REQUIRE(&net.get_submodule("a") == a);
  nn::Child<nn::Linear> handle = net.a;
  REQUIRE(handle.get() == a);
}
