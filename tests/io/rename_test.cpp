#include "lazuli/io/rename.h"

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
std::string renamed(const std::string& name, const std::vector<RenameRule>& rules) { return rename({{name, ones({1})}}, rules).begin()->first; }
}  // namespace

TEST_CASE("Names are changed by rules, one after the other", "[io]") {
  CHECK(renamed("module.0.weight", {{"^module.", ""}}) == "0.weight");
  CHECK(renamed("0.module.weight", {{"^module.", ""}}) == "0.module.weight");
  CHECK(renamed("norm.gamma", {{".gamma$", ".weight"}}) == "norm.weight");
  CHECK(renamed("gamma.x", {{"gamma$", "weight"}}) == "gamma.x");
  CHECK(renamed("a.b.a", {{"a", "aa"}}) == "aa.b.aa");
  CHECK(renamed("a", {{"^a$", "b"}, {"b", "c"}}) == "c");
  CHECK(renamed("x.y", {}) == "x.y");
  const StateDict state{{"a.w", ones({2})}, {"b.w", zeros({2})}};
  CHECK(rename(state, {{"^a.", "c."}}).at("c.w").is_same(state.at("a.w")));
  CHECK(says(error_of([&] { rename(state, {{"^a.", ""}, {"^b.", ""}}); }), "'w' for both 'a.w' and 'b.w'"));
  CHECK(says(error_of([&] { rename(state, {{"", "x"}}); }), "an empty text"));
}
