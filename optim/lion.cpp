#include "lazuli/optim/lion.h"

#include "lazuli/optim/step.h"

namespace lazuli::optim {

void Lion::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const EachStep<StepOptions> numbers([this, group] {
    const LionOptions& o = options(group);
    return StepOptions{.lr = o.lr, .shrink = 1 - o.lr * o.weight_decay, .beta1 = o.beta1, .beta2 = o.beta2, .maximize = o.maximize};
  });
  elementwise_step(StepRule::Lion, param, grad, {&state.zeros("exp_avg", param)}, numbers);
}

auto Lion::state_names() const -> std::vector<StateName> { return {{"exp_avg"}}; }

}  // namespace lazuli::optim
