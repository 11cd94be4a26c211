#pragma once
#include "lazuli/optim/betas.h"
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct RAdamOptions {
  double lr = 1e-3;
  Betas betas = {0.9, 0.999};
  double beta1 = betas.first(), beta2 = betas.second(), eps = 1e-8, weight_decay = 0;
  /// Weight decay on the parameter itself and not through the gradient.
  bool decoupled_weight_decay = false;
  bool maximize = false;
  template <class O = RAdamOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("beta1", &O::beta1, {.least = 0, .below = 1}),
                   member("beta2", &O::beta2, {.least = 0, .below = 1}),
                   member("eps", &O::eps, {.least = 0}),
                   member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("decoupled_weight_decay", &O::decoupled_weight_decay),
                   member("maximize", &O::maximize)};
  }
};

/// Rectified Adam (Liu et al., 2019, https://arxiv.org/abs/1908.03265): m, v as in Adam, rho_inf = 2 / (1 - beta2) - 1, rho = rho_inf - 2 t beta2^t / (1 - beta2^t);
///   rho > 5: p -= lr * m / (1 - beta1^t) * r * sqrt(1 - beta2^t) / (sqrt(v) + eps), r^2 = (rho - 4)(rho - 2) rho_inf / ((rho_inf - 4)(rho_inf - 2) rho)
///   else:    p -= lr * m / (1 - beta1^t)
class RAdam : public OptimizerOf<RAdam, RAdamOptions> {
 public:
  static constexpr const char* class_name = "RAdam";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit RAdam(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .beta1, .beta2, .eps, .weight_decay, ..}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
