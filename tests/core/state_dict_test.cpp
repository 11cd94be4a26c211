#include <map>

#include "lazuli/core/state_dict.h"

#include "lazuli/lazuli.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
std::vector<std::string> names(const StateDict& dict) {
  std::vector<std::string> all;
  for (const auto& [name, t] : dict) all.push_back(name);
  return all;
}
using Names = std::vector<std::string>;
}  // namespace

TEST_CASE("named tensors keep their order, and each name is there once", "[core]") {
  StateDict dict{{"b", ones({1})}, {"a", zeros({2})}};
  CHECK(names(dict) == Names{"b", "a"});
  dict.set("c", ones({3}));
  dict.set("b", ones({4}));  // in its place
  CHECK(names(dict) == Names{"b", "a", "c"});
  CHECK(dict.at("b").numel() == 4);
  CHECK(dict.size() == 3);
  CHECK(dict.contains("c"));
  CHECK(dict.find("d") == nullptr);
  CHECK(says(error_of([&] { dict.at("bb"); }), "b"));
  CHECK(says(error_of([] {
               StateDict{{"a", ones({1})}, {"a", ones({2})}};
             }),
             "StateDict: argument 'entries': expected names that differ, got 'a' twice"));
}

TEST_CASE("parts of a state are taken out by their prefix, and put back under another", "[core]") {
  const StateDict dict{{"encoder.weight", ones({1})}, {"encoderbias", ones({2})}, {"encoder.fc.weight", ones({3})}, {"head.weight", ones({4})}};
  const StateDict part = dict.with_prefix("encoder.");
  CHECK(names(part) == Names{"weight", "fc.weight"});
  CHECK(part.at("fc.weight").is_same(dict.at("encoder.fc.weight")));
  StateDict merged{{"head.weight", zeros({5})}};
  merged.merge(part, "new.");
  merged.merge(dict.with_prefix("head."), "head.");
  CHECK(names(merged) == Names{"head.weight", "new.weight", "new.fc.weight"});
  CHECK(merged.at("head.weight").numel() == 4);
}

TEST_CASE("a clone of a state does not change with what it was made of", "[core]") {
  Tensor weight = ones({2}).requires_grad_();
  StateDict dict{{"weight", weight}, {"later", nn::UninitializedParameter()}};
  const StateDict copy = dict.clone();
  no_grad guard;
  weight.mul_(3);
  CHECK(copy.at("weight").sum().item<double>() == 2);
  CHECK_FALSE(copy.at("weight").requires_grad());
  CHECK_FALSE(copy.contains("later"));
}

TEST_CASE("a state dict is read by its names", "[core]") {
  const StateDict dict{{"b", ones({1})}};
  CHECK(dict["b"].sizes() == Shape{1});
  CHECK_FALSE(error_of([&] { (void)dict["c"]; }).empty());
}

TEST_CASE("entries of a state are listed, replaced and taken out", "[core]") {
  StateDict dict{{"body", ones({1})}, {"head", ones({2})}};
  CHECK(dict.keys() == std::vector<std::string>{"body", "head"});
  dict["head"] = zeros({3});
  CHECK(dict.at("head").sizes() == Shape{3});
  dict.erase("body");
  CHECK(dict.keys() == std::vector<std::string>{"head"});
  CHECK(error_of([&] { dict.erase("body"); }) == "StateDict.at: argument 'name': expected one of the names head, got 'body'");
}

TEST_CASE("a name that is assigned is added to a state, as to a dict of Python or a std::map", "[core]") {
  StateDict best;
  best["body"] = ones({1});
  best["head"] = zeros({2});
  best["body"] = zeros({3});
  CHECK(best.keys() == std::vector<std::string>{"body", "head"});
  CHECK(std::as_const(best)["body"].sizes() == Shape{3});
  CHECK(error_of([&] { best.at("tail"); }) == "StateDict.at: argument 'name': expected one of the names body, head, got 'tail'");

  std::map<std::string, Tensor> by_name{{"weight", ones({2, 2})}, {"bias", zeros({2})}};
  auto keys = [](const StateDict& state) { return state.keys(); };
  CHECK(keys(by_name) == std::vector<std::string>{"bias", "weight"});
  const std::multimap<std::string, Tensor> twice{{"weight", ones({2})}, {"weight", zeros({2})}};
  CHECK(says(error_of([&] { keys(twice); }), "expected names that differ, got 'weight' twice"));
}

TEST_CASE("reading a name that a state does not have adds nothing to it", "[core]") {
  StateDict state{{"head", ones({2})}};
  CHECK_FALSE(state["haed"].defined());
  CHECK(state.keys() == Names{"head"});
  state["body"] = state["head"];
  CHECK(state.at("body").is_same(state.at("head")));
  state["head"].add_(1);
  CHECK(state["body"].sum().item<double>() == 4);
  auto head = state["head"];  // a tensor of its own name from here on
  head = zeros({5});
  CHECK(state.at("head").sizes() == Shape{2});
}
