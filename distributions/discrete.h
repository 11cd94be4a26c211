#pragma once
#include "lazuli/distributions/of.h"

/// Distributions over whole numbers and categories. Where probabilities or logits may be given, both members are there.
namespace lazuli::distributions {

/// 1 with probability probs, else 0.
class Bernoulli : public DistributionOf<Bernoulli, ExponentialFamily> {
 public:
  explicit Bernoulli(const Parameter& probs);
  explicit Bernoulli(const ProbsOrLogits& given);
  static constexpr const char* class_name = "Bernoulli";
  static void fields(auto& self, auto f) { f("probs", self.probs, 0), f("logits", self.logits, 0); }
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override { return probs; }
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor enumerate_support(bool expand = true) const override;
  Tensor probs, logits;
};

/// Failures before the first success: (1 - probs)^k probs.
class Geometric : public DistributionOf<Geometric> {
 public:
  explicit Geometric(const Parameter& probs);
  explicit Geometric(const ProbsOrLogits& given);
  static constexpr const char* class_name = "Geometric";
  static void fields(auto& self, auto f) { f("probs", self.probs, 0), f("logits", self.logits, 0); }
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor probs, logits;
};

/// Successes in total_count trials.
class Binomial : public DistributionOf<Binomial> {
 public:
  Binomial(const Parameter& total_count, const Parameter& probs);
  Binomial(const Parameter& total_count, const ProbsOrLogits& given);
  static constexpr const char* class_name = "Binomial";
  static void fields(auto& self, auto f) { f("total_count", self.total_count, 0), f("probs", self.probs, 0), f("logits", self.logits, 0); }
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  /// Where all have one total_count.
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor enumerate_support(bool expand = true) const override;
  Tensor total_count, probs, logits;
};

/// Successes before total_count failures, each success of probability probs.
class NegativeBinomial : public DistributionOf<NegativeBinomial> {
 public:
  NegativeBinomial(const Parameter& total_count, const Parameter& probs);
  NegativeBinomial(const Parameter& total_count, const ProbsOrLogits& given);
  static constexpr const char* class_name = "NegativeBinomial";
  static void fields(auto& self, auto f) { f("total_count", self.total_count, 0), f("probs", self.probs, 0), f("logits", self.logits, 0); }
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor total_count, probs, logits;
};

/// rate^k exp(-rate) / k!
class Poisson : public DistributionOf<Poisson, ExponentialFamily> {
 public:
  explicit Poisson(const Parameter& rate);
  static constexpr const char* class_name = "Poisson";
  static void fields(auto& self, auto f) { f("rate", self.rate, 0); }
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  Tensor mean() const override { return rate; }
  Tensor mode() const override;
  Tensor variance() const override { return rate; }
  Tensor rate;
};

/// Over [0, 1] with density C probs^x (1 - probs)^(1 - x) (Loaiza-Ganem and Cunningham, 2019).
class ContinuousBernoulli : public DistributionOf<ContinuousBernoulli, ExponentialFamily> {
 public:
  explicit ContinuousBernoulli(const Parameter& probs);
  explicit ContinuousBernoulli(const ProbsOrLogits& given);
  static constexpr const char* class_name = "ContinuousBernoulli";
  static void fields(auto& self, auto f) { f("probs", self.probs, 0), f("logits", self.logits, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor variance() const override;
  Tensor cdf(const Tensor& value) const override;
  Tensor icdf(const Tensor& value) const override;
  Tensor probs, logits;

 private:
  Tensor log_normalizer() const;
};

/// The number of a category, int64. Probabilities (scaled to the sum 1) or logits lie along the last dimension.
class Categorical : public DistributionOf<Categorical> {
 public:
  explicit Categorical(const Tensor& probs) : Categorical(ProbsOrLogits{.probs = probs}) {}
  explicit Categorical(const ProbsOrLogits& given);
  static constexpr const char* class_name = "Categorical";
  static void fields(auto& self, auto f) { f("probs", self.probs, 1), f("logits", self.logits, 1); }
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor enumerate_support(bool expand = true) const override;
  Tensor probs, logits;  // logits: the logarithms of the probabilities
};

/// The category as a vector of zeros and a one.
class OneHotCategorical : public DistributionOf<OneHotCategorical> {
 public:
  explicit OneHotCategorical(const Tensor& probs) : OneHotCategorical(ProbsOrLogits{.probs = probs}) {}
  explicit OneHotCategorical(const ProbsOrLogits& given);
  static constexpr const char* class_name = "OneHotCategorical";
  static void fields(auto& self, auto f) { f("probs", self.probs, 1), f("logits", self.logits, 1); }
  std::shared_ptr<Distribution> expand(const Shape& batch_shape) const override;
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override { return probs; }
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor enumerate_support(bool expand = true) const override;
  Tensor probs, logits;
};

/// The same, with the gradient of the probabilities (Bengio et al., 2013).
class OneHotCategoricalStraightThrough : public OneHotCategorical {
 public:
  using OneHotCategorical::OneHotCategorical;
  std::string name() const override { return "OneHotCategoricalStraightThrough"; }
  std::shared_ptr<Distribution> expand(const Shape& batch_shape) const override;
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
};

/// How often each category comes in total_count draws.
class Multinomial : public DistributionOf<Multinomial> {
 public:
  Multinomial(int64_t total_count, const Tensor& probs) : Multinomial(total_count, ProbsOrLogits{.probs = probs}) {}
  Multinomial(int64_t total_count, const ProbsOrLogits& given);
  static constexpr const char* class_name = "Multinomial";
  static void fields(auto& self, auto f) { f("probs", self.probs, 1), f("logits", self.logits, 1); }
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor variance() const override;
  int64_t total_count = 1;
  Tensor probs, logits;
};

}  // namespace lazuli::distributions
