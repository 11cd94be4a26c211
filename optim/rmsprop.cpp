#include "lazuli/optim/rmsprop.h"

#include "lazuli/optim/step.h"

namespace lazuli::optim {

void RMSprop::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const bool centered = options(group).centered, momentum = options(group).momentum != 0;
  while_it_holds([=, this] { return options(group).centered == centered && (options(group).momentum != 0) == momentum; });
  const EachStep<StepOptions> numbers([this, group] {
    const RMSpropOptions& o = options(group);
    return StepOptions{.lr = o.lr, .weight_decay = o.weight_decay, .beta2 = o.alpha, .eps = o.eps, .momentum = o.momentum, .maximize = o.maximize};
  });
  elementwise_step(centered ? StepRule::CenteredRMSprop : StepRule::RMSprop, param, grad,
                   {&state.zeros("square_avg", param), momentum ? &state.zeros("momentum_buffer", param) : nullptr,
                    centered ? &state.zeros("grad_avg", param) : nullptr},
                   numbers);
}

auto RMSprop::state_names() const -> std::vector<StateName> { return {{"square_avg"}, {"momentum_buffer"}, {"grad_avg"}}; }

}  // namespace lazuli::optim
