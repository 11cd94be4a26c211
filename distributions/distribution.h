#pragma once
#include <iosfwd>
#include <memory>
#include <string>

#include "lazuli/core/tensor.h"

/// Probability distributions, batched: a batch of distributions, of events that may be tensors themselves.
namespace lazuli::distributions {

/// A parameter: a tensor or a number. Parameters of one distribution broadcast, and numbers take the dtype and device of the tensors beside them.
struct Parameter {
  Tensor tensor;
  double number = 0;
  Parameter(const Tensor& t) : tensor(t) {}
  Parameter(double value) : number(value) {}
};
/// Probabilities or their logarithms up to a constant (of two outcomes: log(p / (1 - p))): one of the two.
struct ProbsOrLogits {
  OptionalTensor probs = {}, logits = {};
};

/// Whether parameters, and values given to log_prob, are checked; true at first. For all threads.
void set_default_validate_args(bool check);

class Distribution {
 public:
  virtual ~Distribution() = default;
  /// The sizes of the batch, and of one event.
  const Shape& batch_shape() const { return batch_shape_; }
  const Shape& event_shape() const { return event_shape_; }
  virtual std::string name() const = 0;

  /// Draws of sizes sample_shape + batch_shape + event_shape, from the default generator; `sample` without a gradient, `rsample` with that of the parameters. Throws Error (NotSupported)
  /// where a distribution has no rsample.
  virtual Tensor sample(const Shape& sample_shape = {}) const;
  virtual Tensor rsample(const Shape& sample_shape = {}) const;
  virtual bool has_rsample() const { return false; }
  /// The logarithm of the density (of the probability) at `value`, event dimensions summed. Throws Error for a value outside the support.
  virtual Tensor log_prob(const Tensor& value) const = 0;
  /// These throw Error (NotSupported) where there is no closed form.
  virtual Tensor entropy() const;
  virtual Tensor mean() const;
  virtual Tensor mode() const;
  virtual Tensor variance() const;
  Tensor stddev() const;
  virtual Tensor cdf(const Tensor& value) const;
  virtual Tensor icdf(const Tensor& value) const;
  /// exp(entropy).
  Tensor perplexity() const;
  /// All values, along a new first dimension, repeated for the batch where `expand`.
  virtual Tensor enumerate_support(bool expand = true) const;
  /// The same distribution with a batch of these sizes, to which its own expands.
  virtual std::shared_ptr<Distribution> expand(const Shape& batch_shape) const = 0;
  /// "Normal(loc: 0, scale: 1)"; sizes where a parameter has more than one element.
  std::string to_string() const;
  friend std::ostream& operator<<(std::ostream& stream, const Distribution& distribution);

 protected:
  Distribution() = default;
  Distribution(const Distribution&) = default;
  Shape extended(const Shape& sample_shape) const;
  [[noreturn]] void missing(const char* what) const;
  /// Throws Error unless `fits` (bool) is true everywhere.
  void check_support(const Tensor& value, const Tensor& fits, const char* support) const;
  virtual std::vector<std::pair<std::string, Tensor>> parameters() const { return {}; }

  Shape batch_shape_, event_shape_;
};
using DistributionPtr = std::shared_ptr<const Distribution>;

/// Distributions of the exponential family: the entropy follows from the gradient of the log normalizer.
class ExponentialFamily : public Distribution {};

/// KL(p || q), for each of the batch, in closed form. Throws Error (NotSupported), naming both, for a pair without one.
Tensor kl_divergence(const Distribution& p, const Distribution& q);

}  // namespace lazuli::distributions
