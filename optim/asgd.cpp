#include "lazuli/optim/asgd.h"

#include <algorithm>
#include <cmath>

#include "lazuli/optim/step.h"

namespace lazuli::optim {

void ASGD::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  double &eta = state.number("eta"), &mu = state.number("mu");
  if (state.number("step") == 1) eta = options(group).lr, mu = 1;
  const EachStep<StepOptions> numbers([this, group, &eta, &mu] {
    const ASGDOptions& o = options(group);
    return StepOptions{.lr = eta, .weight_decay = o.weight_decay, .shrink = 1 - o.lambd * eta, .momentum = mu, .maximize = o.maximize};
  });
  elementwise_step(StepRule::ASGD, param, grad, {&state.zeros("ax", param)}, numbers);
  in_each_step("ASGD", {&eta, &mu}, [this, group, &state, &eta, &mu] {
    const ASGDOptions& o = options(group);
    const double step = state.number("step");
    eta = o.lr / std::pow(1 + o.lambd * o.lr * step, o.alpha);
    mu = 1 / std::max(1.0, step - o.t0);
  });
}

auto ASGD::state_names() const -> std::vector<StateName> { return {number_name("eta"), number_name("mu"), {"ax"}}; }

}  // namespace lazuli::optim
