#include "lazuli/optim/nadam.h"

#include <cmath>

#include "lazuli/optim/step.h"

namespace lazuli::optim {
namespace {
double mu_at(const NAdamOptions& o, double step) { return o.beta1 * (1 - 0.5 * std::pow(0.96, step * o.momentum_decay)); }
}  // namespace

void NAdam::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  double& product = state.number("mu_product");
  in_each_step("NAdam", {&product}, [this, group, &state, &product] {
    const double step = state.number("step");
    product = (step == 1 ? 1 : product) * mu_at(options(group), step);
  });
  const EachStep<StepOptions> numbers([this, group, &state, &product] {
    const NAdamOptions& o = options(group);
    const double step = state.number("step"), mu = mu_at(o, step), next = mu_at(o, step + 1);
    return StepOptions{.lr = o.lr * (1 - mu) / (1 - product),
                       .weight_decay = o.decoupled_weight_decay ? 0 : o.weight_decay,
                       .shrink = o.decoupled_weight_decay ? 1 - o.lr * o.weight_decay : 1,
                       .beta1 = o.beta1,
                       .beta2 = o.beta2,
                       .eps = o.eps,
                       .momentum = o.lr * next / (1 - product * next),
                       .correction = 1 - std::pow(o.beta2, step),
                       .maximize = o.maximize};
  });
  elementwise_step(StepRule::NAdam, param, grad, {&state.zeros("exp_avg", param), &state.zeros("exp_avg_sq", param)}, numbers);
}

auto NAdam::state_names() const -> std::vector<StateName> { return {number_name("mu_product"), {"exp_avg"}, {"exp_avg_sq"}}; }

}  // namespace lazuli::optim
