#pragma once
#include <string>

#include "lazuli/core/error.h"
#include "lazuli/core/tensor.h"

namespace lazuli {

/// Throws Error naming `op`, `argument` and the first of `values` for which `right` (bool, of the same sizes) does not hold, with its place: "got 1.5 at [0, 3]".
/// It reads on the host; of a meta tensor nothing is known, and nothing refused.
void need_values(ErrorKind kind, const char* op, const char* argument, const std::string& expected, const Tensor& values, const Tensor& right);

/// The place of an element in row-major order as indices, "[0, 3]".
std::string place_of(int64_t element, const Shape& sizes);

}  // namespace lazuli
