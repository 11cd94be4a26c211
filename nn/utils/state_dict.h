#pragma once
#include "lazuli/core/state_dict.h"

namespace lazuli::nn::utils {

/// Takes `prefix` from the names that begin with it, in place: of a state that a wrapped model wrote ("module.").
inline void consume_prefix_in_state_dict_if_present(StateDict& state_dict, std::string_view prefix) {
  StateDict kept;
  for (const auto& [name, tensor] : state_dict) kept.set(name.starts_with(prefix) ? name.substr(prefix.size()) : name, tensor);
  state_dict = std::move(kept);
}

}  // namespace lazuli::nn::utils
