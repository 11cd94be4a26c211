#pragma once
#include <string>

#include "lazuli/core/slots/fused_slots.h"

namespace lazuli::gpu {

/// A kernel's text for a program without reductions, in the dialect: parameters are the outputs out0, ..., the inputs in0, ..., the number of elements, and unless DENSE their geometry.
/// Empty for a program that has to be run as separate calls: with complex numbers, with float64 beside other floating dtypes, with integers that are divided or need helper functions.
std::string fused_text(const FusedProgram& program);

/// The name of the type parameter of a dtype in that text.
const char* fused_type(DType t);

}  // namespace lazuli::gpu
