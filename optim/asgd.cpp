#include "lazuli/optim/asgd.h"

#include <algorithm>
#include <cmath>

#include "lazuli/optim/step.h"

namespace lazuli::optim {

void ASGD::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const ASGDOptions& o = options(group);
  const double step = state.number("step");
  double &eta = state.number("eta"), &mu = state.number("mu");
  if (step == 1) eta = o.lr, mu = 1;
  elementwise_step(StepRule::ASGD, param, grad, {&state.zeros("ax", param)},
                   {.lr = eta, .weight_decay = o.weight_decay, .shrink = 1 - o.lambd * eta, .momentum = mu, .maximize = o.maximize});
  eta = o.lr / std::pow(1 + o.lambd * o.lr * step, o.alpha);
  mu = 1 / std::max(1.0, step - o.t0);
}

}  // namespace lazuli::optim
