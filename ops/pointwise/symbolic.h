#pragma once
#include <vector>

#include "lazuli/core/scalar.h"

/// PyTorch's functions of numbers that may be symbols; here numbers are numbers.
namespace lazuli {

/// Cut towards zero. Throws Error for a number that int64 does not hold, and for a complex one.
int64_t sym_int(const Scalar& a);
double sym_float(const Scalar& a);
bool sym_not(const Scalar& a);
/// `then` where the condition holds, else `otherwise`.
Scalar sym_ite(bool condition, const Scalar& then, const Scalar& otherwise);
/// A float where one of the two is; NaN where one is NaN.
Scalar sym_max(const Scalar& a, const Scalar& b);
Scalar sym_min(const Scalar& a, const Scalar& b);
/// Of integers, exact. Throws Error where int64 does not hold it.
int64_t sym_sum(const std::vector<int64_t>& numbers);

}  // namespace lazuli
