#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// Covariance matrix of the variables in the rows of self [variables, observations] (1-d: one variable), divided by the number of observations
/// (their weight) minus `correction`.
/// fweights: how often each observation counts (integers); aweights: how much. Throws Error for weights that are negative or of other sizes.
Tensor cov(const Tensor& self, int64_t correction = 1, const OptionalTensor& fweights = {}, const OptionalTensor& aweights = {});
/// Pearson's correlation coefficients of the rows: cov divided by both standard deviations.
Tensor corrcoef(const Tensor& self);

}  // namespace lazuli
