#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct AdamOptions {
  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;
  bool amsgrad = false, maximize = false;
  /// Weight decay on the parameter itself and not through the gradient: AdamW.
  bool decoupled_weight_decay = false;
};

/// Adam (Kingma and Ba, 2014, https://arxiv.org/abs/1412.6980), with PyTorch's defaults:
///   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;  p -= lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
class Adam : public Optimizer {
 public:
  explicit Adam(const std::vector<Tensor>& params, const AdamOptions& options = {}) : Adam(std::vector<Group<AdamOptions>>{{params, options}}) {}
  Adam(const std::vector<Tensor>& params, double lr) : Adam(params, AdamOptions{.lr = lr}) {}
  /// Throws Error for options out of range.
  explicit Adam(const std::vector<Group<AdamOptions>>& groups) : Adam("Adam", groups) {}
  void add_group(const Group<AdamOptions>& group);
  AdamOptions& options(size_t group = 0) { return options_[checked(group)]; }

 protected:
  Adam(const char* name, const std::vector<Group<AdamOptions>>& groups);
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  double& lr_of(size_t group) override { return options_[group].lr; }
  std::vector<Field> fields(size_t group) override;
  std::vector<Flag> flags(size_t group) override;
  std::vector<const char*> state_names() const override { return {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"}; }

 private:
  std::vector<AdamOptions> options_;
};

struct AdamWOptions {
  double lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 1e-2;
  bool amsgrad = false, maximize = false;
};

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2017, https://arxiv.org/abs/1711.05101): p *= 1 - lr * weight_decay before Adam's step.
class AdamW : public Adam {
 public:
  explicit AdamW(const std::vector<Tensor>& params, const AdamWOptions& options = {}) : AdamW(std::vector<Group<AdamWOptions>>{{params, options}}) {}
  AdamW(const std::vector<Tensor>& params, double lr) : AdamW(params, AdamWOptions{.lr = lr}) {}
  explicit AdamW(const std::vector<Group<AdamWOptions>>& groups);
  void add_group(const Group<AdamWOptions>& group);
};

}  // namespace lazuli::optim
