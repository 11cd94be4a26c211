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
  const bool momentum = options(group).momentum != 0;
  Tensor none;
  Tensor& buffer = momentum ? state.tensor("momentum_buffer") : none;
  const bool first = momentum && !buffer.defined();
  if (first) initialized([&] { buffer = new_tensor(param.sizes(), state_dtype(param.dtype()), param.device()); });
  while_it_holds([=, this] { return (options(group).momentum != 0) == momentum; });
  Tensor p = real_view(param), kept = real_view(buffer);
  const auto numbers_of = [this, group](bool first_step) {
    const SGDOptions& o = options(group);
    return SgdOptions{.lr = o.lr,
                      .momentum = o.momentum,
                      .dampening = o.dampening,
                      .weight_decay = o.weight_decay,
                      .nesterov = o.nesterov,
                      .maximize = o.maximize,
                      .first_step = first_step};
  };
  EachStep<SgdOptions> numbers([=] { return numbers_of(false); });
  numbers.value.first_step = first;
  sgd_kernel(p.device(), p, real_view(grad), kept, numbers.value);
}

auto SGD::state_names() const -> std::vector<StateName> { return {{"momentum_buffer"}}; }

}  // namespace lazuli::optim
