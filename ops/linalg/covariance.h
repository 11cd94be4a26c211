#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

namespace lazuli {

struct CovOptions {
  int64_t correction = 1;
  OptionalTensor fweights = {}, aweights = {};
  template <class O = CovOptions>
  static constexpr auto members() {
    return Members{member("correction", &O::correction), member("fweights", &O::fweights), member("aweights", &O::aweights)};
  }
};
namespace with_options {
Tensor cov(const Tensor& self, CovOptions options);
}
/// Covariance matrix of the variables in the rows of self [variables, observations] (1-d: one variable), divided by the number of observations
/// (their weight) minus `correction`.
/// fweights: how often each observation counts (integers); aweights: how much. Throws Error for weights that are negative or of other sizes.
template <class Correction = CovOptions>
Tensor cov(const Tensor& self, Correction correction = {}, const OptionalTensor& fweights = {}, const OptionalTensor& aweights = {}) {
  return with_options::cov(self, by_position<CovOptions>(std::move(correction), fweights, aweights));
}
/// Pearson's correlation coefficients of the rows: cov divided by both standard deviations.
Tensor corrcoef(const Tensor& self);

}  // namespace lazuli
