#include "lazuli/optim/radam.h"

#include <cmath>

#include "lazuli/optim/step.h"

namespace lazuli::optim {
namespace {

// Of the average of squares, in steps of the simple moving average that it is like.
double longest(const RAdamOptions& o) { return 2 / (1 - o.beta2) - 1; }
double length(const RAdamOptions& o, double step) { return longest(o) - 2 * step * std::pow(o.beta2, step) / (1 - std::pow(o.beta2, step)); }
bool rectified(const RAdamOptions& o, double step) { return length(o, step) > 5; }

}  // namespace

void RAdam::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const bool is_rectified = rectified(options(group), state.number("step"));
  while_it_holds([=, this, &state] { return rectified(options(group), state.number("step") + 1) == is_rectified; });
  const EachStep<StepOptions> numbers([=, this, &state] {
    const RAdamOptions& o = options(group);
    const double step = state.number("step"), most = longest(o), now = length(o, step);
    const double correction1 = 1 - std::pow(o.beta1, step), correction2 = 1 - std::pow(o.beta2, step);
    const double r = std::sqrt((now - 4) * (now - 2) * most / ((most - 4) * (most - 2) * now));
    return StepOptions{.lr = o.lr / correction1 * (is_rectified ? r * std::sqrt(correction2) : 1),
                       .weight_decay = o.decoupled_weight_decay ? 0 : o.weight_decay,
                       .shrink = o.decoupled_weight_decay ? 1 - o.lr * o.weight_decay : 1,
                       .beta1 = o.beta1,
                       .beta2 = o.beta2,
                       .eps = o.eps,
                       .maximize = o.maximize};
  });
  elementwise_step(is_rectified ? StepRule::RAdam : StepRule::RAdamUnrectified, param, grad,
                   {&state.zeros("exp_avg", param), &state.zeros("exp_avg_sq", param)}, numbers);
}

auto RAdam::state_names() const -> std::vector<StateName> { return {{"exp_avg"}, {"exp_avg_sq"}}; }

}  // namespace lazuli::optim
