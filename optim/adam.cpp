#include "lazuli/optim/adam.h"

#include "lazuli/core/slots.h"
#include "lazuli/optim/step.h"

namespace lazuli::optim {
namespace {

void adam_step(const AdamOptions& o, Tensor& param, const Tensor& grad, ParameterState& state) {
  Tensor p = real_view(param), average = real_view(state.zeros("exp_avg", param)), average_square = real_view(state.zeros("exp_avg_sq", param));
  Tensor max_square = o.amsgrad ? real_view(state.zeros("max_exp_avg_sq", param)) : Tensor();
  adam_kernel(p.device(), p, real_view(grad), average, average_square, max_square,
              {.lr = o.lr,
               .beta1 = o.beta1,
               .beta2 = o.beta2,
               .eps = o.eps,
               .weight_decay = o.weight_decay,
               .decoupled_weight_decay = o.decoupled_weight_decay,
               .amsgrad = o.amsgrad,
               .maximize = o.maximize,
               .step = int64_t(state.number("step"))});
}

}  // namespace

void Adam::update(size_t group, Tensor& param, const Tensor& grad, State& state) { adam_step(options(group), param, grad, state); }

void AdamW::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const AdamWOptions& o = options(group);
  adam_step({.lr = o.lr,
             .beta1 = o.beta1,
             .beta2 = o.beta2,
             .eps = o.eps,
             .weight_decay = o.weight_decay,
             .amsgrad = o.amsgrad,
             .maximize = o.maximize,
             .decoupled_weight_decay = true},
            param, grad, state);
}

}  // namespace lazuli::optim
