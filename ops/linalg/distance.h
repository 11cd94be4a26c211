#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

namespace lazuli {

/// x1 . x2 / (max(|x1|, eps) * max(|x2|, eps)) along dim, broadcast and promoted; floating point.
Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim = 1, double eps = 1e-8);
struct PairwiseDistanceOptions {
  double p = 2;
  double eps = 1e-6;
  bool keepdim = false;
  template <class O = PairwiseDistanceOptions>
  static constexpr auto members() {
    return Members{member("p", &O::p), member("eps", &O::eps), member("keepdim", &O::keepdim)};
  }
};
namespace with_options {
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, PairwiseDistanceOptions options);
}
/// The p-norm of x1 - x2 + eps over the last dimension, broadcast.
template <class P = PairwiseDistanceOptions>
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, P p = {}, double eps = 1e-6, bool keepdim = false) {
  return with_options::pairwise_distance(x1, x2, by_position<PairwiseDistanceOptions>(std::move(p), eps, keepdim));
}
/// The p-norms of all differences of a row of x1 [.., p, m] and a row of x2 [.., r, m]: [.., p, r], leading dimensions broadcast. Floating point.
/// p = 2 with more than 25 rows on either side goes by products, as in PyTorch: faster, and less exact where rows nearly agree.
Tensor cdist(const Tensor& x1, const Tensor& x2, double p = 2);
/// Those of every two rows of self [n, m], i < j, row by row: n * (n - 1) / 2 of them.
Tensor pdist(const Tensor& self, double p = 2);

}  // namespace lazuli
