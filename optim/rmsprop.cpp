#include "lazuli/optim/rmsprop.h"

#include "lazuli/optim/step.h"

namespace lazuli::optim {

void RMSprop::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const RMSpropOptions& o = options(group);
  elementwise_step(o.centered ? StepRule::CenteredRMSprop : StepRule::RMSprop, param, grad,
                   {&state.zeros("square_avg", param), o.momentum != 0 ? &state.zeros("momentum_buffer", param) : nullptr,
                    o.centered ? &state.zeros("grad_avg", param) : nullptr},
                   {.lr = o.lr, .weight_decay = o.weight_decay, .beta2 = o.alpha, .eps = o.eps, .momentum = o.momentum, .maximize = o.maximize});
}

}  // namespace lazuli::optim
