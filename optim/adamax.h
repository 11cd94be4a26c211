#pragma once
#include "lazuli/optim/betas.h"
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct AdamaxOptions {
  double lr = 2e-3;
  Betas betas = {0.9, 0.999};
  double beta1 = betas.first(), beta2 = betas.second(), eps = 1e-8, weight_decay = 0;
  bool maximize = false;
  template <class O = AdamaxOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("beta1", &O::beta1, {.least = 0, .below = 1}),
                   member("beta2", &O::beta2, {.least = 0, .below = 1}),
                   member("eps", &O::eps, {.least = 0}),
                   member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("maximize", &O::maximize)};
  }
};

/// Adam with the infinity norm (Kingma and Ba, 2014, https://arxiv.org/abs/1412.6980, section 7.1):
///   g += weight_decay p;  m = beta1 m + (1 - beta1) g;  u = max(beta2 u, |g| + eps);  p -= lr / (1 - beta1^t) * m / u
class Adamax : public OptimizerOf<Adamax, AdamaxOptions> {
 public:
  static constexpr const char* class_name = "Adamax";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit Adamax(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .beta1, .beta2, .eps, .weight_decay, ..}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
