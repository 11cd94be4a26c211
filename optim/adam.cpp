#include "lazuli/optim/adam.h"

#include "lazuli/core/slots.h"

namespace lazuli::optim {
namespace {

void adam_step(const AdamOptions& o, Tensor& param, const Tensor& grad, ParameterState& state) {
  Tensor none;
  Tensor &average = state.zeros("exp_avg", param), &average_square = state.zeros("exp_avg_sq", param);
  adam_kernel(param.device(), param, grad, average, average_square, o.amsgrad ? state.zeros("max_exp_avg_sq", param) : none,
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
