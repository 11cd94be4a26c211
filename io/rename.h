#pragma once
#include "lazuli/core/state_dict.h"

namespace lazuli {

/// One rule for names: every `from` in a name becomes `to`; "^layers." only at the beginning of a name, "gamma$" only at its end.
struct RenameRule {
  std::string from, to;
};

/// The same tensors under other names: each rule in turn, on what the one before it has made of the name.
///   model.load_state_dict(rename(load_torch("theirs.pt").to_state_dict(), {{"^module.", ""}, {".gamma$", ".weight"}}), false);
/// Throws Error for an empty `from`, and where two tensors would get one name.
StateDict rename(const StateDict& state, const std::vector<RenameRule>& rules);

}  // namespace lazuli
