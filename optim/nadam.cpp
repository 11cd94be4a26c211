#include "lazuli/optim/nadam.h"

#include <cmath>

#include "lazuli/optim/step.h"

namespace lazuli::optim {

void NAdam::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const NAdamOptions& o = options(group);
  const double step = state.number("step");
  const auto mu_at = [&](double t) { return o.beta1 * (1 - 0.5 * std::pow(0.96, t * o.momentum_decay)); };
  const double mu = mu_at(step), next = mu_at(step + 1);
  double& product = state.number("mu_product");
  product = (step == 1 ? 1 : product) * mu;
  elementwise_step(StepRule::NAdam, param, grad, {&state.zeros("exp_avg", param), &state.zeros("exp_avg_sq", param)},
                   {.lr = o.lr * (1 - mu) / (1 - product),
                    .weight_decay = o.decoupled_weight_decay ? 0 : o.weight_decay,
                    .shrink = o.decoupled_weight_decay ? 1 - o.lr * o.weight_decay : 1,
                    .beta1 = o.beta1,
                    .beta2 = o.beta2,
                    .eps = o.eps,
                    .momentum = o.lr * next / (1 - product * next),
                    .correction = 1 - std::pow(o.beta2, step),
                    .maximize = o.maximize});
}

}  // namespace lazuli::optim
