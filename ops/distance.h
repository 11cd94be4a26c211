#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// x1 . x2 / (max(|x1|, eps) * max(|x2|, eps)) along dim, broadcast and promoted; floating point.
Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim = 1, double eps = 1e-8);
/// The p-norm of x1 - x2 + eps over the last dimension, broadcast.
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p = 2, double eps = 1e-6, bool keepdim = false);

}  // namespace lazuli
