#include "lazuli/optim/radam.h"

#include <cmath>

#include "lazuli/optim/step.h"

namespace lazuli::optim {

void RAdam::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const RAdamOptions& o = options(group);
  const double step = state.number("step");
  const double correction1 = 1 - std::pow(o.beta1, step), correction2 = 1 - std::pow(o.beta2, step);
  const double longest = 2 / (1 - o.beta2) - 1, length = longest - 2 * step * std::pow(o.beta2, step) / correction2;
  const bool rectified = length > 5;
  const double r = std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
  elementwise_step(rectified ? StepRule::RAdam : StepRule::RAdamUnrectified, param, grad,
                   {&state.zeros("exp_avg", param), &state.zeros("exp_avg_sq", param)},
                   {.lr = o.lr / correction1 * (rectified ? r * std::sqrt(correction2) : 1),
                    .weight_decay = o.decoupled_weight_decay ? 0 : o.weight_decay,
                    .shrink = o.decoupled_weight_decay ? 1 - o.lr * o.weight_decay : 1,
                    .beta1 = o.beta1,
                    .beta2 = o.beta2,
                    .eps = o.eps,
                    .maximize = o.maximize});
}

}  // namespace lazuli::optim
