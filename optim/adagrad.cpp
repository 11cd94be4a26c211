#include "lazuli/optim/adagrad.h"

#include "lazuli/core/factory.h"
#include "lazuli/optim/step.h"

namespace lazuli::optim {

void Adagrad::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const AdagradOptions& o = options(group);
  const bool first = !state.find("sum");
  Tensor& sum = state.zeros("sum", param);
  if (first && o.initial_accumulator_value != 0) real_view(sum).fill_(o.initial_accumulator_value);
  elementwise_step(
      StepRule::Adagrad, param, grad, {&sum},
      {.lr = o.lr / (1 + (state.number("step") - 1) * o.lr_decay), .weight_decay = o.weight_decay, .eps = o.eps, .maximize = o.maximize});
}

}  // namespace lazuli::optim
