#pragma once
#include "lazuli/distributions/of.h"

/// Distributions over the real numbers: of a location and a scale, and the interval. Scales are above 0.
namespace lazuli::distributions {

/// exp(-((x - loc) / scale)^2 / 2) / (scale sqrt(2 pi))
class Normal : public DistributionOf<Normal, ExponentialFamily> {
 public:
  explicit Normal(const Parameter& loc = 0, const Parameter& scale = 1);
  static constexpr const char* class_name = "Normal";
  static void fields(auto& self, auto f) { f("loc", self.loc, 0), f("scale", self.scale, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override { return loc; }
  Tensor mode() const override { return loc; }
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor loc, scale;
};

/// The exponential of a normal variate.
class LogNormal : public DistributionOf<LogNormal> {
 public:
  explicit LogNormal(const Parameter& loc = 0, const Parameter& scale = 1);
  static constexpr const char* class_name = "LogNormal";
  static void fields(auto& self, auto f) { f("loc", self.loc, 0), f("scale", self.scale, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor loc, scale;
};

/// 1 / (high - low) in [low, high]
class Uniform : public DistributionOf<Uniform> {
 public:
  explicit Uniform(const Parameter& low = 0, const Parameter& high = 1);
  static constexpr const char* class_name = "Uniform";
  static void fields(auto& self, auto f) { f("low", self.low, 0), f("high", self.high, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  /// NaN: all values are as likely.
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor low, high;
};

/// exp(-|x - loc| / scale) / (2 scale)
class Laplace : public DistributionOf<Laplace> {
 public:
  explicit Laplace(const Parameter& loc = 0, const Parameter& scale = 1);
  static constexpr const char* class_name = "Laplace";
  static void fields(auto& self, auto f) { f("loc", self.loc, 0), f("scale", self.scale, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override { return loc; }
  Tensor mode() const override { return loc; }
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor loc, scale;
};

/// 1 / (pi scale (1 + ((x - loc) / scale)^2)); it has no mean and no variance: both are NaN.
class Cauchy : public DistributionOf<Cauchy> {
 public:
  explicit Cauchy(const Parameter& loc = 0, const Parameter& scale = 1);
  static constexpr const char* class_name = "Cauchy";
  static void fields(auto& self, auto f) { f("loc", self.loc, 0), f("scale", self.scale, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override { return loc; }
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor loc, scale;
};

/// exp(-(z + exp(-z))) / scale with z = (x - loc) / scale
class Gumbel : public DistributionOf<Gumbel> {
 public:
  explicit Gumbel(const Parameter& loc = 0, const Parameter& scale = 1);
  static constexpr const char* class_name = "Gumbel";
  static void fields(auto& self, auto f) { f("loc", self.loc, 0), f("scale", self.scale, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override { return loc; }
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor loc, scale;
};

/// The absolute value of a normal variate of mean 0.
class HalfNormal : public DistributionOf<HalfNormal> {
 public:
  explicit HalfNormal(const Parameter& scale = 1);
  static constexpr const char* class_name = "HalfNormal";
  static void fields(auto& self, auto f) { f("scale", self.scale, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor scale;
};

/// The absolute value of a Cauchy variate around 0; its mean and variance are infinite.
class HalfCauchy : public DistributionOf<HalfCauchy> {
 public:
  explicit HalfCauchy(const Parameter& scale = 1);
  static constexpr const char* class_name = "HalfCauchy";
  static void fields(auto& self, auto f) { f("scale", self.scale, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor scale;
};

/// Student's: loc + scale z sqrt(df / c), z normal and c chi-squared of df degrees of freedom.
class StudentT : public DistributionOf<StudentT> {
 public:
  explicit StudentT(const Parameter& df, const Parameter& loc = 0, const Parameter& scale = 1);
  static constexpr const char* class_name = "StudentT";
  static void fields(auto& self, auto f) { f("df", self.df, 0), f("loc", self.loc, 0), f("scale", self.scale, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override { return loc; }
  Tensor variance() const override;
  Tensor df, loc, scale;
};

/// Von Mises', of angles in [-pi, pi): exp(concentration cos(x - loc)) / (2 pi i0(concentration)). `variance` is the circular one.
class VonMises : public DistributionOf<VonMises> {
 public:
  explicit VonMises(const Parameter& loc, const Parameter& concentration);
  static constexpr const char* class_name = "VonMises";
  static void fields(auto& self, auto f) { f("loc", self.loc, 0), f("concentration", self.concentration, 0); }
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  Tensor mean() const override { return loc; }
  Tensor mode() const override { return loc; }
  Tensor variance() const override;
  Tensor loc, concentration;
};

}  // namespace lazuli::distributions
