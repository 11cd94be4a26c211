#pragma once
#include "lazuli/nn/module/module.h"

/// Activation functions as modules; ops/pointwise/activation.h has the formulas. `inplace` overwrites the input.
namespace lazuli::nn {

/// Base of those that have no options but `inplace`.
class InplaceActivation : public TensorModule {
 public:
  std::string extra_repr() const override { return inplace ? "inplace=True" : ""; }
  bool inplace;

 protected:
  explicit InplaceActivation(bool in_place) : inplace(in_place) {}
};
class ReLU : public InplaceActivation {
 public:
  explicit ReLU(bool inplace = false) : InplaceActivation(inplace) {}
  Tensor forward(const Tensor& input) override;
};
class ReLU6 : public InplaceActivation {
 public:
  explicit ReLU6(bool inplace = false) : InplaceActivation(inplace) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
};
class SELU : public InplaceActivation {
 public:
  explicit SELU(bool inplace = false) : InplaceActivation(inplace) {}
  Tensor forward(const Tensor& input) override;
};
class SiLU : public InplaceActivation {
 public:
  explicit SiLU(bool inplace = false) : InplaceActivation(inplace) {}
  Tensor forward(const Tensor& input) override;
};
class Mish : public InplaceActivation {
 public:
  explicit Mish(bool inplace = false) : InplaceActivation(inplace) {}
  Tensor forward(const Tensor& input) override;
};
class Hardsigmoid : public InplaceActivation {
 public:
  explicit Hardsigmoid(bool inplace = false) : InplaceActivation(inplace) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override { return {}; }
};
class Hardswish : public InplaceActivation {
 public:
  explicit Hardswish(bool inplace = false) : InplaceActivation(inplace) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override { return {}; }
};

class ELU : public InplaceActivation {
 public:
  explicit ELU(double alpha_value = 1, bool inplace = false) : InplaceActivation(inplace), alpha(alpha_value) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double alpha;
};
class CELU : public InplaceActivation {
 public:
  explicit CELU(double alpha_value = 1, bool inplace = false) : InplaceActivation(inplace), alpha(alpha_value) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double alpha;
};
class LeakyReLU : public InplaceActivation {
 public:
  explicit LeakyReLU(double slope = 0.01, bool inplace = false) : InplaceActivation(inplace), negative_slope(slope) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double negative_slope;
};
class RReLU : public InplaceActivation {
 public:
  explicit RReLU(double lower_bound = 1.0 / 8, double upper_bound = 1.0 / 3, bool inplace = false)
      : InplaceActivation(inplace), lower(lower_bound), upper(upper_bound) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double lower, upper;
};
class Hardtanh : public InplaceActivation {
 public:
  /// Throws Error unless min < max.
  explicit Hardtanh(double min = -1, double max = 1, bool inplace = false);
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double min_val, max_val;
};
class Threshold : public InplaceActivation {
 public:
  Threshold(double threshold_value, double other_value, bool inplace = false)
      : InplaceActivation(inplace), threshold(threshold_value), value(other_value) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double threshold, value;
};

class Sigmoid : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};
class Tanh : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};
class LogSigmoid : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};
class Softsign : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};
class Tanhshrink : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};

class GELU : public TensorModule {
 public:
  /// `approximate`: "none" or "tanh".
  explicit GELU(std::string approximation = "none") : approximate(std::move(approximation)) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  std::string approximate;
};
class GLU : public TensorModule {
 public:
  explicit GLU(int64_t along = -1) : dim(along) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  int64_t dim;
};
class Hardshrink : public TensorModule {
 public:
  explicit Hardshrink(double lambda = 0.5) : lambd(lambda) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double lambd;
};
class Softshrink : public TensorModule {
 public:
  explicit Softshrink(double lambda = 0.5) : lambd(lambda) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double lambd;
};
class Softplus : public TensorModule {
 public:
  explicit Softplus(double beta_value = 1, double threshold_value = 20) : beta(beta_value), threshold(threshold_value) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  double beta, threshold;
};
class PReLU : public TensorModule {
 public:
  /// One learnt slope for each channel (dimension 1), or one for all.
  explicit PReLU(int64_t num_parameters = 1, double init = 0.25);
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  int64_t num_slopes;
  Parameter weight;
};

/// Without `dim`, 1 for 2-d and 4-d inputs and more, else 0, as PyTorch has it.
class Softmax : public TensorModule {
 public:
  explicit Softmax(std::optional<int64_t> along = {}) : dim(along) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  std::optional<int64_t> dim;
};
class LogSoftmax : public TensorModule {
 public:
  explicit LogSoftmax(std::optional<int64_t> along = {}) : dim(along) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  std::optional<int64_t> dim;
};
class Softmin : public TensorModule {
 public:
  explicit Softmin(std::optional<int64_t> along = {}) : dim(along) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  std::optional<int64_t> dim;
};
/// Softmax over the channels of [batch, channels, height, width] or [channels, height, width].
class Softmax2d : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};

}  // namespace lazuli::nn
