#pragma once
#include "lazuli/nn/linear.h"
#include "lazuli/ops/linalg/distance.h"

namespace lazuli::nn {

using lazuli::PairwiseDistanceOptions;

struct CosineSimilarityOptions {
  int64_t dim = 1;
  double eps = 1e-8;
  template <class O = CosineSimilarityOptions>
  static constexpr auto members() {
    return Members{member("dim", &O::dim), member("eps", &O::eps)};
  }
};
/// x1 . x2 / (|x1| |x2|) along dim.
class CosineSimilarity : public BinaryModule {
 public:
  using Options = CosineSimilarityOptions;
  explicit CosineSimilarity(const CosineSimilarityOptions& o = {}) : options(o) {}
  template <class... A>
  requires detail::ByPosition<CosineSimilarityOptions, A...>
  explicit CosineSimilarity(const A&... options) : CosineSimilarity(detail::positional<CosineSimilarityOptions>(options...)) {}
  template <class = void>
  explicit CosineSimilarity(...) = delete;  // CosineSimilarity({.dim, .eps})
  Tensor forward(const Tensor& x1, const Tensor& x2) override;
  CosineSimilarityOptions options;
};

/// The p-norm of x1 - x2 + eps over the last dimension.
class PairwiseDistance : public BinaryModule {
 public:
  using Options = PairwiseDistanceOptions;
  explicit PairwiseDistance(const PairwiseDistanceOptions& o = {}) : options(o) {}
  template <class... A>
  requires detail::ByPosition<PairwiseDistanceOptions, A...>
  explicit PairwiseDistance(const A&... options) : PairwiseDistance(detail::positional<PairwiseDistanceOptions>(options...)) {}
  template <class = void>
  explicit PairwiseDistance(...) = delete;  // PairwiseDistance({.p, .eps, .keepdim})
  Tensor forward(const Tensor& x1, const Tensor& x2) override;
  PairwiseDistanceOptions options;
};

}  // namespace lazuli::nn
