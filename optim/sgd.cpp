#include "lazuli/optim/sgd.h"

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/optim/step.h"

namespace lazuli::optim {

void SGDOptions::check(const char* optimizer) const {
  if (nesterov && (momentum <= 0 || dampening != 0))
    fail(optimizer, "nesterov", "a momentum above 0 and no dampening with it",
         "momentum " + std::to_string(momentum) + ", dampening " + std::to_string(dampening));
}

void SGD::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const SGDOptions& o = options(group);
  Tensor none;
  Tensor& buffer = o.momentum != 0 ? state.tensor("momentum_buffer") : none;
  const bool first = !buffer.defined();
  if (o.momentum != 0 && first) buffer = new_tensor(param.sizes(), state_dtype(param.dtype()), param.device());
  Tensor p = real_view(param), kept = real_view(buffer);
  sgd_kernel(p.device(), p, real_view(grad), kept,
             {.lr = o.lr,
              .momentum = o.momentum,
              .dampening = o.dampening,
              .weight_decay = o.weight_decay,
              .nesterov = o.nesterov,
              .maximize = o.maximize,
              .first_step = first});
}

}  // namespace lazuli::optim
