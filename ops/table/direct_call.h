#pragma once
#include "lazuli/ops/table/registry.h"

namespace lazuli {

/// Runs the function behind one schema line (as get_op_info has it) with arguments of the schema's types, one for each: nothing is converted, filled in or refused on the way, and None
/// is an undefined tensor. What a typed call of the C++ function does, for tests that go through the whole table. Throws Error for a line that is not in the table.
std::vector<Value> call_directly(std::string_view schema, std::vector<Value> args);

}  // namespace lazuli
