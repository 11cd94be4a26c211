#include "tests/catch.h"
#include "tests/nn/nn_test.h"

using namespace lazuli;
using nn_test::message;
using nn_test::same;

TEST_CASE("Sequential is built, indexed, changed and run", "[nn]") {
  nn::Sequential net{nn::Linear(4, 3), nn::ReLU()};
  net.push_back(nn::Linear(3, 2)).push_back(std::make_shared<nn::Tanh>());
  nn::Linear& last = net.emplace<nn::Linear>(2, 2);
  REQUIRE(net.size() == 5);
  Tensor x = randn({2, 4});
  REQUIRE(same(net(x), last(tanh(net[2](relu(net[0](x)))))));
  REQUIRE(net[-1].class_name() == "Linear");
  net.insert(1, nn::Identity());
  REQUIRE(net.named_children()[1].first == "1");
  REQUIRE(net.pop(1)->class_name() == "Identity");
  net.set(1, nn::Sigmoid());
  REQUIRE(net[1].class_name() == "Sigmoid");
  std::vector<std::string> classes;
  for (nn::Module& m : net) classes.push_back(m.class_name());
  REQUIRE(classes == std::vector<std::string>{"Linear", "Sigmoid", "Linear", "Tanh", "Linear"});
  nn::Sequential both;
  both.extend(net).extend(net);
  REQUIRE(both.size() == 10);
  REQUIRE(both.parameters().size() == net.parameters().size());
  REQUIRE(message([&] { net[5]; }) == "at: argument 'index': expected an index in a container of 5, got 5");
  REQUIRE_THROWS_AS(net.at<nn::ReLU>(0), Error);
  nn::Sequential nested{nn::Sequential{nn::Linear(4, 4)}, nn::ReLU()};
  REQUIRE(nested.state_dict().contains("0.0.weight"));
  REQUIRE(same(nn::Sequential()(x), x));
  nn::Sequential moved = std::move(nested);
  REQUIRE(moved.size() == 2);
  nn::Sequential with_names(nn::named("fc", nn::Linear(4, 2)), nn::named("act", nn::ReLU()));
  REQUIRE(with_names.state_dict().contains("fc.bias"));
}

TEST_CASE("ModuleList and ModuleDict hold modules for a forward of one's own", "[nn]") {
  struct Net : nn::Module {
    nn::Child<nn::ModuleList> layers{this, "layers"};
    nn::Child<nn::ModuleDict> heads{this, "heads"};
    Net() {
      for (int i = 0; i < 3; ++i) layers->push_back(nn::Linear(4, 4));
      heads->set("a", nn::Linear(4, 1)).set("b", nn::Linear(4, 2));
    }
    Tensor forward(const Tensor& x) {
      Tensor y = x;
      for (nn::Module& m : *layers) y = m(y);
      return (*heads)["b"](y);
    }
  } net;
  REQUIRE(net(randn({2, 4})).sizes() == Shape{2, 2});
  REQUIRE(net.state_dict().contains("layers.2.weight"));
  REQUIRE(net.state_dict().contains("heads.a.bias"));
  REQUIRE(net.heads->keys() == std::vector<std::string>{"a", "b"});
  REQUIRE(net.heads->has("a"));
  net.heads->erase("a");
  REQUIRE(net.heads->size() == 1);
  REQUIRE(message([&] { (*net.heads)["a"]; }) == "ModuleDict.at: argument 'name': expected one of 'b', got 'a'");
}

TEST_CASE("ParameterList and ParameterDict", "[nn]") {
  nn::ParameterList list({ones({2}), zeros({3})});
  list.append(ones({4}));
  REQUIRE(list.size() == 3);
  REQUIRE(list[-1].sizes() == Shape{4});
  REQUIRE(list[0].requires_grad());
  list.pop(0);
  REQUIRE(list.state_dict().contains("1"));
  REQUIRE_FALSE(list.state_dict().contains("2"));
  nn::ParameterDict dict({{"w", ones({2})}});
  dict.set("b", zeros({2})).set("w", zeros({5}));
  REQUIRE(dict["w"].sizes() == Shape{5});
  REQUIRE(dict.keys() == std::vector<std::string>{"w", "b"});
  REQUIRE(dict.parameters().size() == 2);
  REQUIRE_THROWS_AS(std::as_const(dict)["nope"], Error);
  dict["c"] = ones({3});  // assigned, it is set
  CHECK(dict["c"].requires_grad());
  CHECK(dict.keys() == std::vector<std::string>{"w", "b", "c"});
  dict["w"] = zeros({4});
  CHECK(dict.parameters()[0].sizes() == Shape{4});
  CHECK_FALSE(dict["nope"].defined());
  CHECK(dict.size() == 3);
}

TEST_CASE("a ModuleDict is made of names and modules in braces", "[nn]") {
  nn::ModuleDict heads{{"a", nn::Linear(2, 3)}, {"b", std::make_shared<nn::ReLU>()}};
  CHECK(heads.keys() == std::vector<std::string>{"a", "b"});
  CHECK(heads.at<nn::Linear>("a").out_features == 3);
  std::string names;
  for (auto& [name, head] : heads) names += name + (head(ones({1, 2})).size(1) == 3 ? "3 " : " ");
  CHECK(names == "a3 b ");
  nn::ModuleDict shared({{"c", heads.at("a")}});
  CHECK(&shared["c"] == &heads["a"]);
}

TEST_CASE("Containers are extended by modules in braces", "[nn]") {
  nn::ModuleList layers;
  layers.extend({nn::Linear(4, 3), nn::ReLU()}).extend({std::make_shared<nn::Tanh>(), nn::Linear(3, 2)});
  CHECK((layers.size() == 4 && layers[2].class_name() == "Tanh" && layers.parameters().size() == 4));
  const std::vector<std::shared_ptr<nn::Module>> more{std::make_shared<nn::Sigmoid>()};
  CHECK(layers.extend(more)[4].class_name() == "Sigmoid");
  nn::Sequential net;
  net.extend({nn::Linear(4, 3), nn::ReLU()});
  CHECK(net(ones({1, 4})).sizes() == Shape{1, 3});
}

TEST_CASE("sequences are made of names in braces and cut by slices", "[nn]") {
  nn::Sequential net{{"fc", nn::Linear(3, 4)}, {"act", nn::ReLU()}, {"out", nn::Linear(4, 2)}};
  CHECK(net.state_dict().contains("fc.weight"));
  Tensor x = randn({2, 3});
  nn::Sequential body = net[Slice(0, -1)];
  CHECK(body.size() == 2);
  CHECK(equal(net[2](body(x)), net(x)));
  CHECK(&body[0] == &net[0]);
  CHECK(body.state_dict().contains("fc.weight"));
  nn::ModuleList list{nn::Linear(1, 1), nn::ReLU(), nn::Tanh()};
  CHECK(list[Slice(1, none)].state_dict().empty());
  CHECK(list[Slice(none, none, 2)].size() == 2);
  CHECK(list[Slice(5, 9)].empty());
}

TEST_CASE("parameters of a container are looped over by auto&", "[nn]") {
  nn::ParameterList list({ones({2}), ones({3})});
  double sum = 0;
  for (auto& p : list) sum += p.sum().item<double>();
  static_assert(std::is_const_v<std::remove_reference_t<decltype(*list.begin())>>);  // another one is given by set
  CHECK(sum == 5);
  nn::ParameterDict dict;
  dict.insert("a", ones({2}));
  dict.insert("b", full({2}, 3.0));
  std::string names;
  for (auto& [name, p] : dict) names += name, sum += p.sum().item<double>();
  CHECK(names == "ab");
  CHECK(sum == 13);
}
