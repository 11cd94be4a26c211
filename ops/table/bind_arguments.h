#pragma once
#include <optional>

#include "lazuli/ops/table/schema.h"

namespace lazuli {

/// What bind_arguments gives, or nothing where it throws: for one of several overloads.
std::optional<std::vector<Value>> try_bind_arguments(const Schema& schema, const std::vector<Value>& args, const Kwargs& kwargs, bool exact);

}  // namespace lazuli
