#pragma once
#include <string>
#include <vector>

#include "lazuli/ops/table/schema.h"
#include "lazuli/ops/table/value.h"

/// Small arguments with which every operator of the table can be called. Not for users.
namespace lazuli::registry::detail {

struct ProbeCall {
  std::vector<Value> args;
  Kwargs kwargs = {};
};

/// For each overload of an operator, calls to try: made up from its schema, or written down for those that want certain sizes or texts. Tensors have the dtype where they may.
std::vector<ProbeCall> probe_calls(const std::string& op, DType dtype);

/// Positive, below 1 but on the diagonal, and different: within the domain of most functions, and a well-conditioned matrix.
Tensor probe_tensor(const Shape& sizes, DType dtype);

}  // namespace lazuli::registry::detail
