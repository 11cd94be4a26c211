#pragma once
#include "lazuli/distributions/of.h"

/// Distributions over vectors and matrices.
namespace lazuli::distributions {

/// Over vectors that are not negative and have the sum 1: the product of x_i^(a_i - 1), over the multivariate beta function of a.
class Dirichlet : public DistributionOf<Dirichlet, ExponentialFamily> {
 public:
  explicit Dirichlet(const Tensor& concentration);
  static constexpr const char* class_name = "Dirichlet";
  static void fields(auto& self, auto f) { f("concentration", self.concentration, 1); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor concentration;
};

/// What the normal distribution's spread is given by: one of the three.
struct CovarianceOptions {
  OptionalTensor covariance_matrix = {}, precision_matrix = {}, scale_tril = {};
};
/// exp(-(x - loc)^T S^-1 (x - loc) / 2) / sqrt((2 pi)^k |S|), by the lower triangular L with L L^T = S.
class MultivariateNormal : public DistributionOf<MultivariateNormal> {
 public:
  MultivariateNormal(const Tensor& loc, const Tensor& covariance_matrix)
      : MultivariateNormal(loc, CovarianceOptions{.covariance_matrix = covariance_matrix}) {}
  MultivariateNormal(const Tensor& loc, const CovarianceOptions& spread);
  static constexpr const char* class_name = "MultivariateNormal";
  static void fields(auto& self, auto f) { f("loc", self.loc, 1), f("scale_tril", self.scale_tril, 2); }
  Tensor covariance_matrix() const;
  Tensor precision_matrix() const;
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override { return loc; }
  Tensor mode() const override { return loc; }
  Tensor variance() const override;
  Tensor loc, scale_tril;
};

/// The same with S = W W^T + diag(d), W of a few columns (cov_factor), d above 0 (cov_diag): costs grow with the columns alone.
class LowRankMultivariateNormal : public DistributionOf<LowRankMultivariateNormal> {
 public:
  LowRankMultivariateNormal(const Tensor& loc, const Tensor& cov_factor, const Tensor& cov_diag);
  static constexpr const char* class_name = "LowRankMultivariateNormal";
  static void fields(auto& self, auto f) { f("loc", self.loc, 1), f("cov_factor", self.cov_factor, 2), f("cov_diag", self.cov_diag, 1); }
  Tensor covariance_matrix() const;
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override { return loc; }
  Tensor mode() const override { return loc; }
  Tensor variance() const override;
  Tensor loc, cov_factor, cov_diag;

 private:
  Tensor capacitance() const;  // the Cholesky factor of I + W^T d^-1 W
  Tensor log_determinant(const Tensor& capacitance) const;
};

/// The softmax of a normal vector with a 0 appended, by stick breaking.
class LogisticNormal : public DistributionOf<LogisticNormal> {
 public:
  LogisticNormal(const Tensor& loc, const Tensor& scale);
  static constexpr const char* class_name = "LogisticNormal";
  static void fields(auto& self, auto f) { f("loc", self.loc, 1), f("scale", self.scale, 1); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor loc, scale;
};

/// A variate of Bernoulli that has a gradient: sigmoid((logits + logistic noise) / temperature) (Maddison et al., Jang et al., 2017).
class RelaxedBernoulli : public DistributionOf<RelaxedBernoulli> {
 public:
  RelaxedBernoulli(const Parameter& temperature, const ProbsOrLogits& given);
  static constexpr const char* class_name = "RelaxedBernoulli";
  static void fields(auto& self, auto f) { f("temperature", self.temperature, 0), f("probs", self.probs, 0), f("logits", self.logits, 0); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor temperature, probs, logits;
};
/// The same of a category: softmax((logits + Gumbel noise) / temperature).
class RelaxedOneHotCategorical : public DistributionOf<RelaxedOneHotCategorical> {
 public:
  RelaxedOneHotCategorical(double temperature, const ProbsOrLogits& given);
  static constexpr const char* class_name = "RelaxedOneHotCategorical";
  static void fields(auto& self, auto f) { f("probs", self.probs, 1), f("logits", self.logits, 1); }
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  double temperature = 1;
  Tensor probs, logits;
};

/// Over symmetric positive definite matrices: the sum of df outer products of normal vectors of the covariance L L^T, L = scale_tril (Bartlett, 1933).
class Wishart : public DistributionOf<Wishart> {
 public:
  Wishart(const Parameter& df, const Tensor& covariance_matrix) : Wishart(df, CovarianceOptions{.covariance_matrix = covariance_matrix}) {}
  Wishart(const Parameter& df, const CovarianceOptions& spread);
  static constexpr const char* class_name = "Wishart";
  static void fields(auto& self, auto f) { f("df", self.df, 0), f("scale_tril", self.scale_tril, 2); }
  Tensor covariance_matrix() const;
  Tensor rsample(const Shape& sample_shape = {}) const override;
  bool has_rsample() const override { return true; }
  Tensor log_prob(const Tensor& value) const override;
  Tensor entropy() const override;
  Tensor mean() const override;
  Tensor mode() const override;
  Tensor variance() const override;
  Tensor df, scale_tril;
};

/// Over the Cholesky factors of correlation matrices, of which the density is proportional to |R|^(concentration - 1) (Lewandowski, Kurowicka and Joe, 2009; the onion method).
class LKJCholesky : public DistributionOf<LKJCholesky> {
 public:
  explicit LKJCholesky(int64_t dim, const Parameter& concentration = 1);
  static constexpr const char* class_name = "LKJCholesky";
  static void fields(auto& self, auto f) { f("concentration", self.concentration, 0); }
  Tensor sample(const Shape& sample_shape = {}) const override;
  Tensor log_prob(const Tensor& value) const override;
  int64_t dim;
  Tensor concentration;
};

}  // namespace lazuli::distributions
