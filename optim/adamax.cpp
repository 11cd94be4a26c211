#include "lazuli/optim/adamax.h"

#include <cmath>

#include "lazuli/optim/step.h"

namespace lazuli::optim {

void Adamax::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const EachStep<StepOptions> numbers([this, group, &state] {
    const AdamaxOptions& o = options(group);
    return StepOptions{.lr = o.lr / (1 - std::pow(o.beta1, state.number("step"))),
                       .weight_decay = o.weight_decay,
                       .beta1 = o.beta1,
                       .beta2 = o.beta2,
                       .eps = o.eps,
                       .maximize = o.maximize};
  });
  elementwise_step(StepRule::Adamax, param, grad, {&state.zeros("exp_avg", param), &state.zeros("exp_inf", param)}, numbers);
}

auto Adamax::state_names() const -> std::vector<StateName> { return {{"exp_avg"}, {"exp_inf"}}; }

}  // namespace lazuli::optim
