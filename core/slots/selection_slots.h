#pragma once
#include "lazuli/core/kernel.h"

/// The slot that picks one element of a line by its place in the order. core/slots.h tells what holds for all slots.
namespace [[gnu::visibility("default")]] lazuli {

// The middle of each line along dim, the lower of two, and its position (int64): what is at (n - 1) / 2 of the line in the order of sort. values and indices have size 1 at dim. A line
// with NaN gives the first of them, or, where `pass_nan`, the middle of its numbers. Any real dtype.
inline constinit Kernel<void(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool pass_nan)> median_kernel{"median"};

}  // namespace lazuli
