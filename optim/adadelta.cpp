#include "lazuli/optim/adadelta.h"

#include "lazuli/optim/step.h"

namespace lazuli::optim {

void Adadelta::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const EachStep<StepOptions> numbers([this, group] {
    const AdadeltaOptions& o = options(group);
    return StepOptions{.lr = o.lr, .weight_decay = o.weight_decay, .beta1 = o.rho, .eps = o.eps, .maximize = o.maximize};
  });
  elementwise_step(StepRule::Adadelta, param, grad, {&state.zeros("square_avg", param), &state.zeros("acc_delta", param)}, numbers);
}

auto Adadelta::state_names() const -> std::vector<StateName> { return {{"square_avg"}, {"acc_delta"}}; }

}  // namespace lazuli::optim
