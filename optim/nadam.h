#pragma once
#include "lazuli/optim/betas.h"
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct NAdamOptions {
  double lr = 2e-3;
  Betas betas = {0.9, 0.999};
  double beta1 = betas.first(), beta2 = betas.second(), eps = 1e-8, weight_decay = 0, momentum_decay = 4e-3;
  /// Weight decay on the parameter itself and not through the gradient.
  bool decoupled_weight_decay = false;
  bool maximize = false;
  template <class O = NAdamOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("beta1", &O::beta1, {.least = 0, .below = 1}),
                   member("beta2", &O::beta2, {.least = 0, .below = 1}),
                   member("eps", &O::eps, {.least = 0}),
                   member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("momentum_decay", &O::momentum_decay, {.least = 0}),
                   member("decoupled_weight_decay", &O::decoupled_weight_decay),
                   member("maximize", &O::maximize)};
  }
};

/// Adam with Nesterov's momentum (Dozat, 2016, https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ), with mu(t) = beta1 (1 - 0.96^(t momentum_decay) / 2) and M the product of all mu so far:
///   m, v as in Adam;  p -= (lr (1 - mu(t)) / (1 - M(t)) g + lr mu(t+1) / (1 - M(t+1)) m) / (sqrt(v / (1 - beta2^t)) + eps)
class NAdam : public OptimizerOf<NAdam, NAdamOptions> {
 public:
  static constexpr const char* class_name = "NAdam";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit NAdam(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .beta1, .beta2, .eps, ..}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
