#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct SGDOptions {
  double lr = 1e-3, momentum = 0, dampening = 0, weight_decay = 0;
  bool nesterov = false, maximize = false;
};

/// Stochastic gradient descent (https://pytorch.org/docs/stable/generated/torch.optim.SGD.html):
///   g += weight_decay * p;  b = momentum * b + (1 - dampening) * g (b = g at first);  p -= lr * (nesterov ? g + momentum * b : momentum ? b : g)
class SGD : public Optimizer {
 public:
  explicit SGD(const std::vector<Tensor>& params, const SGDOptions& options = {}) : SGD(std::vector<Group<SGDOptions>>{{params, options}}) {}
  SGD(const std::vector<Tensor>& params, double lr) : SGD(params, SGDOptions{.lr = lr}) {}
  /// Throws Error for options out of range.
  explicit SGD(const std::vector<Group<SGDOptions>>& groups);
  void add_group(const Group<SGDOptions>& group);
  SGDOptions& options(size_t group = 0) { return options_[checked(group)]; }

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  double& lr_of(size_t group) override { return options_[group].lr; }
  std::vector<Field> fields(size_t group) override;
  std::vector<Flag> flags(size_t group) override;
  std::vector<const char*> state_names() const override { return {"momentum_buffer"}; }

 private:
  std::vector<SGDOptions> options_;
};

}  // namespace lazuli::optim
