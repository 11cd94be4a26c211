#pragma once
#include "lazuli/distributions/of.h"

/// Distributions over positive numbers and over (0, 1). Parameters are above 0.
namespace lazuli::distributions {

/// rate exp(-rate x)
class Exponential : public DistributionOf<Exponential, ExponentialFamily> {
 public:
  explicit Exponential(const Parameter& rate);
  static constexpr const char* class_name = "Exponential";
  static void fields(auto& self, auto f) { f("rate", self.rate, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor rate;
};

/// rate^concentration x^(concentration - 1) exp(-rate x) / gamma(concentration)
class Gamma : public DistributionOf<Gamma, ExponentialFamily> {
 public:
  explicit Gamma(const Parameter& concentration, const Parameter& rate);
  static constexpr const char* class_name = "Gamma";
  static void fields(auto& self, auto f) { f("concentration", self.concentration, 0), f("rate", self.rate, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor concentration, rate;
};

/// The sum of the squares of df normal variates: Gamma(df / 2, 1 / 2).
class Chi2 : public DistributionOf<Chi2, ExponentialFamily> {
 public:
  explicit Chi2(const Parameter& df);
  static constexpr const char* class_name = "Chi2";
  static void fields(auto& self, auto f) { f("df", self.df, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor df;
};

/// The reciprocal of a Gamma variate.
class InverseGamma : public DistributionOf<InverseGamma> {
 public:
  explicit InverseGamma(const Parameter& concentration, const Parameter& rate);
  static constexpr const char* class_name = "InverseGamma";
  static void fields(auto& self, auto f) { f("concentration", self.concentration, 0), f("rate", self.rate, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor concentration, rate;
};

/// x^(a - 1) (1 - x)^(b - 1) / B(a, b), a = concentration1 and b = concentration0
class Beta : public DistributionOf<Beta, ExponentialFamily> {
 public:
  explicit Beta(const Parameter& concentration1, const Parameter& concentration0);
  static constexpr const char* class_name = "Beta";
  static void fields(auto& self, auto f) { f("concentration1", self.concentration1, 0), f("concentration0", self.concentration0, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor concentration1, concentration0;
};

/// a b x^(a - 1) (1 - x^a)^(b - 1), a = concentration1 and b = concentration0
class Kumaraswamy : public DistributionOf<Kumaraswamy> {
 public:
  explicit Kumaraswamy(const Parameter& concentration1, const Parameter& concentration0);
  static constexpr const char* class_name = "Kumaraswamy";
  static void fields(auto& self, auto f) { f("concentration1", self.concentration1, 0), f("concentration0", self.concentration0, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor concentration1, concentration0;
};

/// The quotient of two chi-squared variates, each over its degrees of freedom.
class FisherSnedecor : public DistributionOf<FisherSnedecor> {
 public:
  explicit FisherSnedecor(const Parameter& df1, const Parameter& df2);
  static constexpr const char* class_name = "FisherSnedecor";
  static void fields(auto& self, auto f) { f("df1", self.df1, 0), f("df2", self.df2, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor df1, df2;
};

/// alpha scale^alpha / x^(alpha + 1) from scale on
class Pareto : public DistributionOf<Pareto> {
 public:
  explicit Pareto(const Parameter& scale, const Parameter& alpha);
  static constexpr const char* class_name = "Pareto";
  static void fields(auto& self, auto f) { f("scale", self.scale, 0), f("alpha", self.alpha, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor scale, alpha;
};

/// (1 + c z)^(-1 / c - 1) / scale with z = (x - loc) / scale and c = concentration, which may be 0 or less
class GeneralizedPareto : public DistributionOf<GeneralizedPareto> {
 public:
  explicit GeneralizedPareto(const Parameter& loc, const Parameter& scale, const Parameter& concentration);
  static constexpr const char* class_name = "GeneralizedPareto";
  static void fields(auto& self, auto f) { f("loc", self.loc, 0), f("scale", self.scale, 0), f("concentration", self.concentration, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor loc, scale, concentration;
};

/// (k / scale) (x / scale)^(k - 1) exp(-(x / scale)^k), k = concentration
class Weibull : public DistributionOf<Weibull> {
 public:
  explicit Weibull(const Parameter& scale, const Parameter& concentration);
  static constexpr const char* class_name = "Weibull";
  static void fields(auto& self, auto f) { f("scale", self.scale, 0), f("concentration", self.concentration, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor scale, concentration;
};

}  // namespace lazuli::distributions
