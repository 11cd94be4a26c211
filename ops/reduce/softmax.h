#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/random/generator.h"
#include "lazuli/core/tensor.h"

/// Softmax along a dimension, for floating point; `dtype` casts first. Throws Error for other dtypes and for a dim out of range.
namespace lazuli {

/// exp(x) / sum(exp(x)), computed without overflow.
Tensor softmax(const Tensor& self, int64_t dim, std::optional<DType> dtype = {});
/// log(softmax(x)).
Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<DType> dtype = {});
/// softmax(-x).
Tensor softmin(const Tensor& self, int64_t dim, std::optional<DType> dtype = {});
struct GumbelSoftmaxOptions {
  double tau = 1;
  bool hard = false;
  int64_t dim = -1;
  std::optional<Generator> generator = {};
  template <class O = GumbelSoftmaxOptions>
  static constexpr auto members() {
    return Members{member("tau", &O::tau), member("hard", &O::hard), member("dim", &O::dim), member("generator", &O::generator)};
  }
};
namespace with_options {
Tensor gumbel_softmax(const Tensor& logits, GumbelSoftmaxOptions options);
}
/// softmax((logits + noise) / tau) with Gumbel noise from `generator` or the default one: a sample of the categories that can be differentiated.
/// `hard` gives the one-hot
/// vector of the greatest, with the gradient of the soft one (https://arxiv.org/abs/1611.01144).
template <class Tau = GumbelSoftmaxOptions>
Tensor gumbel_softmax(const Tensor& logits, Tau tau = {}, bool hard = false, int64_t dim = -1, const std::optional<Generator>& generator = {}) {
  return with_options::gumbel_softmax(logits, by_position<GumbelSoftmaxOptions>(std::move(tau), hard, dim, generator));
}

namespace special {
using lazuli::log_softmax;
using lazuli::softmax;
}  // namespace special

}  // namespace lazuli
