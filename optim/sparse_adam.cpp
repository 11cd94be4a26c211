#include "lazuli/optim/sparse_adam.h"

#include <cmath>

#include "lazuli/optim/step.h"

namespace lazuli::optim {

void SparseAdam::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const EachStep<StepOptions> numbers([this, group, &state] {
    const SparseAdamOptions& o = options(group);
    const double step = state.number("step"), correction1 = 1 - std::pow(o.beta1, step), correction2 = 1 - std::pow(o.beta2, step);
    return StepOptions{.lr = o.lr * std::sqrt(correction2) / correction1, .beta1 = o.beta1, .beta2 = o.beta2, .eps = o.eps, .maximize = o.maximize};
  });
  elementwise_step(StepRule::SparseAdam, param, grad, {&state.zeros("exp_avg", param), &state.zeros("exp_avg_sq", param)}, numbers);
}

auto SparseAdam::state_names() const -> std::vector<StateName> { return {{"exp_avg"}, {"exp_avg_sq"}}; }

}  // namespace lazuli::optim
