#pragma once
#include "lazuli/optim/betas.h"
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct AdamOptions {
  double lr = 1e-3;
  Betas betas = {0.9, 0.999};
  double beta1 = betas.first(), beta2 = betas.second(), eps = 1e-8, weight_decay = 0;
  bool amsgrad = false, maximize = false;
  /// Weight decay on the parameter itself and not through the gradient: AdamW.
  bool decoupled_weight_decay = false;
  template <class O = AdamOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("beta1", &O::beta1, {.least = 0, .below = 1}),
                   member("beta2", &O::beta2, {.least = 0, .below = 1}),
                   member("eps", &O::eps, {.least = 0}),
                   member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("amsgrad", &O::amsgrad),
                   member("maximize", &O::maximize),
                   member("decoupled_weight_decay", &O::decoupled_weight_decay)};
  }
};

/// Adam (Kingma and Ba, 2014, https://arxiv.org/abs/1412.6980), with PyTorch's defaults:
///   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;  p -= lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
/// The moments of float16 and bfloat16 parameters are float32.
class Adam : public OptimizerOf<Adam, AdamOptions> {
 public:
  static constexpr const char* class_name = "Adam";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit Adam(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .beta1, .beta2, .eps, ..}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

struct AdamWOptions {
  double lr = 1e-3;
  Betas betas = {0.9, 0.999};
  double beta1 = betas.first(), beta2 = betas.second(), eps = 1e-8, weight_decay = 1e-2;
  bool amsgrad = false, maximize = false;
  template <class O = AdamWOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("beta1", &O::beta1, {.least = 0, .below = 1}),
                   member("beta2", &O::beta2, {.least = 0, .below = 1}),
                   member("eps", &O::eps, {.least = 0}),
                   member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("amsgrad", &O::amsgrad),
                   member("maximize", &O::maximize)};
  }
};

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2017, https://arxiv.org/abs/1711.05101): p *= 1 - lr * weight_decay before Adam's step.
class AdamW : public OptimizerOf<AdamW, AdamWOptions> {
 public:
  static constexpr const char* class_name = "AdamW";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit AdamW(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .beta1, .beta2, .eps, .weight_decay, ..}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
