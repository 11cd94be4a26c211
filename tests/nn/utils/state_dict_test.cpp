#include "lazuli/nn/utils/state_dict.h"

#include "lazuli/nn/nn.h"
#include "tests/catch.h"

using namespace lazuli;

TEST_CASE("a prefix is taken from the names that have it", "[nn][state]") {
  const nn::Linear inner(3, 2);
  StateDict state = inner.state_dict({.prefix = "module"});
  state.set("step", ones({1}));
  nn::utils::consume_prefix_in_state_dict_if_present(state, "module.");
  CHECK((state.contains("weight") && state.contains("bias") && state.contains("step") && state.size() == 3));
  CHECK(state.at("weight").sizes() == Shape{2, 3});
  nn::utils::consume_prefix_in_state_dict_if_present(state, "module.");
  CHECK(state.size() == 3);
}
