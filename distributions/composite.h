#pragma once
#include <vector>

#include "lazuli/distributions/discrete.h"
#include "lazuli/distributions/transforms.h"

/// Distributions made of others, which they share.
namespace lazuli::distributions {

/// The last dimensions of the batch counted as dimensions of the event.
class Independent : public Distribution {
 public:
  Independent(DistributionPtr base, int64_t reinterpreted_batch_ndims);
  template <class D>
  requires std::is_base_of_v<Distribution, D> Independent(const D& base, int64_t dims) : Independent(std::make_shared<const D>(base), dims) {}
  std::string name() const override { return "Independent"; }
  std::shared_ptr<Distribution> expand(const Shape& batch_shape) const override;
  Tensor sample(const Shape& sample_shape = {}) const override { return base->sample(sample_shape); }
  Tensor rsample(const Shape& sample_shape = {}) const override { return base->rsample(sample_shape); }
  bool has_rsample() const override { return base->has_rsample(); }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override { return base->mean(); }
  Tensor mode() const override { return base->mode(); }
  Tensor variance() const override { return base->variance(); }
  DistributionPtr base;
  int64_t reinterpreted_batch_ndims;
};

/// Of transforms, one after the other, of a variate.
class TransformedDistribution : public Distribution {
 public:
  TransformedDistribution(DistributionPtr base, std::vector<TransformPtr> transforms);
  /// `TransformedDistribution(Normal(0, 1), {AffineTransform(0, 2), ExpTransform()})`, or one transform.
  template <class D>
  requires std::is_base_of_v<Distribution, D> TransformedDistribution(const D& base, std::vector<TransformPtr> transforms)
      : TransformedDistribution(std::make_shared<const D>(base), std::move(transforms)) {}
  template <class D, class T>
  requires(std::is_base_of_v<Distribution, D>&& std::is_convertible_v<const T&, TransformPtr>)
      TransformedDistribution(const D& base, const T& transform)
      : TransformedDistribution(base, std::vector<TransformPtr>{transform}) {}
  std::string name() const override { return "TransformedDistribution"; }
  std::shared_ptr<Distribution> expand(const Shape& batch_shape) const override;
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return base->has_rsample(); }
  Tensor log_prob(const Tensor& value) const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  DistributionPtr base;
  std::vector<TransformPtr> transforms;
};

/// A component, drawn from a categorical distribution, of the last dimension of a batch.
class MixtureSameFamily : public Distribution {
 public:
  MixtureSameFamily(const Categorical& mixture, DistributionPtr components);
  template <class D>
  requires std::is_base_of_v<Distribution, D> MixtureSameFamily(const Categorical& mixture, const D& components)
      : MixtureSameFamily(mixture, std::make_shared<const D>(components)) {}
  std::string name() const override { return "MixtureSameFamily"; }
  std::shared_ptr<Distribution> expand(const Shape& batch_shape) const override;
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  Tensor mean() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Categorical mixture;
  DistributionPtr components;
};

}  // namespace lazuli::distributions
