#include "lazuli/nn/module/registry.h"

#include <algorithm>

#include "tests/catch.h"
#include "tests/nn/nn_test.h"

using namespace lazuli;
using nn_test::message;

TEST_CASE("modules are made by name, with arguments by position and name", "[nn][registry]") {
  auto norm = nn::make_module("BatchNorm1d", {3, 1e-3}, {{"momentum", Value()}, {"affine", false}});
  REQUIRE(to_string(*norm) == "BatchNorm1d(3, eps=0.001, momentum=None, affine=False, track_running_stats=True)");
  REQUIRE(to_string(*nn::make_module("Linear", {3, 2}, {{"bias", false}})) == "Linear(in_features=3, out_features=2, bias=False)");
  REQUIRE(to_string(*nn::make_module("LeakyReLU", {0.2})) == "LeakyReLU(negative_slope=0.2)");
  REQUIRE(to_string(*nn::make_module("LeakyReLU", {}, {{"inplace", true}})) == "LeakyReLU(negative_slope=0.01, inplace=True)");
  REQUIRE(to_string(*nn::make_module("CrossEntropyLoss", {}, {{"reduction", "sum"}})) == "CrossEntropyLoss()");
  REQUIRE(nn::print_arguments(*nn::make_module("HuberLoss", {}, {{"reduction", "sum"}})) == "reduction='sum', delta=1.0");
  REQUIRE(std::ranges::count(nn::list_modules(), "Embedding") == 1);
  auto without = nn::make_module("GroupNorm", {2, 4}, {{"bias", false}});
  REQUIRE(without->named_parameters().size() == 1);
  REQUIRE(equal((*without)(ones({1, 4})), zeros({1, 4})));
}

TEST_CASE("a module that is an argument may be None", "[nn][registry]") {
  auto layer = std::make_shared<nn::TransformerEncoderLayer>(4, 2);
  auto encoder = nn::make_module("TransformerEncoder", {2}, {{"norm", Value()}}, {{"encoder_layer", layer}});
  REQUIRE(encoder->named_children().size() == 1);
}

TEST_CASE("arguments that do not fit are refused by name", "[nn][registry]") {
  REQUIRE(message([] { nn::make_module("Linaer"); }) == "make_module: argument 'name': expected the name of a module of the library, got 'Linaer'");
  REQUIRE(message([] { nn::make_module("Linear", {3}); }) == "Linear: argument 'out_features': expected a value, got none");
  REQUIRE(message([] {
            nn::make_module("Linear", {3, 2}, {{"bais", true}});
          }) == "Linear: argument 'bais': expected an argument that the module has, got another name");
  REQUIRE(message([] { nn::make_module("ReLU", {true, 1}); }) == "ReLU: expected at most 1 arguments, got 2");
  REQUIRE(message([] { nn::make_module("ReLU", {true}, {{"inplace", true}}); }).find("by position and by name") != std::string::npos);
  REQUIRE(message([] { nn::make_module("MSELoss", {"avg"}); }) ==
          "MSELoss: argument 'reduction': expected one of none, mean, sum, batchmean, got 'avg'");
  REQUIRE(message([] { nn::make_module("Dropout", {1.5}); }) == "Dropout: argument 'p': expected a value in [0, 1], got 1.5");
  REQUIRE_THROWS_AS(nn::make_module("Linear", {"three", 2}), Error);
}
