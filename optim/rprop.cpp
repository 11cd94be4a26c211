#include "lazuli/optim/rprop.h"

#include "lazuli/core/error.h"
#include "lazuli/optim/step.h"

namespace lazuli::optim {

void RpropOptions::check(const char* optimizer) const {
  if (step_size_min > step_size_max)
    fail(optimizer, "step_size_min", "at most step_size_max, " + std::to_string(step_size_max), std::to_string(step_size_min));
}

void Rprop::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const bool first = !state.find("step_size");
  Tensor &prev = state.zeros("prev", param), &step_size = state.zeros("step_size", param);
  if (first) initialized([&] { real_view(step_size).fill_(options(group).lr); });
  const EachStep<StepOptions> numbers([this, group] {
    const RpropOptions& o = options(group);
    return StepOptions{.beta1 = o.eta_minus, .beta2 = o.eta_plus, .least = o.step_size_min, .most = o.step_size_max, .maximize = o.maximize};
  });
  elementwise_step(StepRule::Rprop, param, grad, {&prev, &step_size}, numbers);
}

auto Rprop::state_names() const -> std::vector<StateName> { return {{"prev"}, {"step_size"}}; }

}  // namespace lazuli::optim
