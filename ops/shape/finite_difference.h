#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// Estimates of the derivative of samples `self` along each of `dims` (none: all), one tensor each: central differences inside, of first or second
/// order (`edge_order`) at the ends.
/// `spacing`: one distance, one for each dimension, or (second form) the coordinates of the samples, a 1-d tensor for each. Throws Error for too few
/// samples along a dimension.
std::vector<Tensor> gradient(const Tensor& self, const std::vector<double>& spacing = {1.0}, const DimList& dims = {}, int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& self, const std::vector<Tensor>& spacing, const DimList& dims = {}, int64_t edge_order = 1);
std::vector<Tensor> gradient(...) = delete;  // gradient(x, [spacing], [dims], [edge_order])

}  // namespace lazuli
