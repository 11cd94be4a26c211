#include "lazuli/optim/adam.h"

#include "lazuli/core/slots.h"
#include "lazuli/optim/step.h"

namespace lazuli::optim {
namespace {

// `options` gives them as they are now.
template <class F>
void adam_step(F options, Tensor& param, const Tensor& grad, ParameterState& state) {
  const bool amsgrad = options().amsgrad;
  while_it_holds([=] { return options().amsgrad == amsgrad; });
  Tensor p = real_view(param), average = real_view(state.zeros("exp_avg", param)), average_square = real_view(state.zeros("exp_avg_sq", param));
  Tensor max_square = amsgrad ? real_view(state.zeros("max_exp_avg_sq", param)) : Tensor();
  const EachStep<lazuli::AdamOptions> numbers([options, &state] {
    const AdamOptions o = options();
    return lazuli::AdamOptions{.lr = o.lr,
                               .beta1 = o.beta1,
                               .beta2 = o.beta2,
                               .eps = o.eps,
                               .weight_decay = o.weight_decay,
                               .decoupled_weight_decay = o.decoupled_weight_decay,
                               .amsgrad = o.amsgrad,
                               .maximize = o.maximize,
                               .step = int64_t(state.number("step"))};
  });
  adam_kernel(p.device(), p, real_view(grad), average, average_square, max_square, numbers.value);
}

}  // namespace

void Adam::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  adam_step([this, group] { return options(group); }, param, grad, state);
}

void AdamW::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  adam_step(
      [this, group] {
        const AdamWOptions& o = options(group);
        return AdamOptions{.lr = o.lr,
                           .beta1 = o.beta1,
                           .beta2 = o.beta2,
                           .eps = o.eps,
                           .weight_decay = o.weight_decay,
                           .amsgrad = o.amsgrad,
                           .maximize = o.maximize,
                           .decoupled_weight_decay = true};
      },
      param, grad, state);
}

auto Adam::state_names() const -> std::vector<StateName> { return {{"exp_avg"}, {"exp_avg_sq"}, {"max_exp_avg_sq"}}; }
auto AdamW::state_names() const -> std::vector<StateName> { return {{"exp_avg"}, {"exp_avg_sq"}, {"max_exp_avg_sq"}}; }

}  // namespace lazuli::optim
