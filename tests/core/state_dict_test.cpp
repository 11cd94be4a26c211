#include "lazuli/core/state_dict.h"

#include "lazuli/ops/ops.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
std::string names(const StateDict& dict) {
  std::string text;
  for (const auto& [name, tensor] : dict) text += (text.empty() ? "" : " ") + name;
  return text;
}
}  // namespace

TEST_CASE("a state dict keeps its names in order, sets, finds and merges by name", "[core]") {
  const Tensor a = ones({1}), b = ones({2}), c = ones({3});
  StateDict dict{{"fc.weight", a}, {"bn.weight", b}};
  dict.set("fc.bias", c);
  dict.set("bn.weight", c);  // in its place
  CHECK(names(dict) == "fc.weight bn.weight fc.bias");
  CHECK(dict.size() == 3);
  CHECK(dict.at("bn.weight").is_same(c));
  CHECK(dict.find("fc.weight")->is_same(a));
  CHECK(dict.find("fc") == nullptr);
  CHECK(dict.contains("fc.bias"));
  CHECK_FALSE(dict.contains("bias"));
  CHECK(error_of([&] { dict.at("fc"); }) == "StateDict.at: argument 'name': expected one of the names fc.weight, bn.weight, fc.bias, got 'fc'");
  const StateDict part = dict.with_prefix("fc.");
  CHECK(names(part) == "weight bias");
  CHECK(part.at("weight").is_same(a));
  CHECK(dict.with_prefix("none.").empty());
  StateDict whole{{"ema.weight", a}};
  whole.merge(part, "ema.");
  CHECK(names(whole) == "ema.weight ema.bias");
  CHECK(whole.at("ema.bias").is_same(c));
}
