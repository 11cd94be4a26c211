#pragma once
#include <string>

#include "lazuli/core/tensor.h"

namespace conformance {

struct Tolerance {
  double rtol = 0, atol = 0;
};

/// What differs in dtype or shape only.
std::string form_difference(const lazuli::Tensor& expected, const lazuli::Tensor& got);
/// Empty when `got` is `expected`: the same dtype and shape, and elements within |got - expected| <= atol + rtol * |expected| (integers and bools: equal); NaN equals NaN.
/// Otherwise what differs. An undefined tensor equals another one.
std::string difference(const lazuli::Tensor& expected, const lazuli::Tensor& got, Tolerance tolerance);
/// The same with the elements of each last dimension in any order.
std::string difference_unordered(const lazuli::Tensor& expected, const lazuli::Tensor& got, Tolerance tolerance);
bool all_zero(const lazuli::Tensor& t);

}  // namespace conformance
