#include "lazuli/optim/adagrad.h"

#include "lazuli/core/factory.h"
#include "lazuli/optim/step.h"

namespace lazuli::optim {

void Adagrad::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const AdagradOptions& now = options(group);
  const bool first = !state.find("sum");
  Tensor& sum = state.zeros("sum", param);
  if (first && now.initial_accumulator_value != 0) initialized([&] { real_view(sum).fill_(now.initial_accumulator_value); });
  const EachStep<StepOptions> numbers([this, group, &state] {
    const AdagradOptions& o = options(group);
    return StepOptions{
        .lr = o.lr / (1 + (state.number("step") - 1) * o.lr_decay), .weight_decay = o.weight_decay, .eps = o.eps, .maximize = o.maximize};
  });
  elementwise_step(StepRule::Adagrad, param, grad, {&sum}, numbers);
}

auto Adagrad::state_names() const -> std::vector<StateName> { return {{"sum"}}; }

}  // namespace lazuli::optim
