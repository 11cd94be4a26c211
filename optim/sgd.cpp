#include "lazuli/optim/sgd.h"

#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::optim {

SGD::SGD(const std::vector<Group<SGDOptions>>& groups) : Optimizer("SGD") {
  for (const auto& group : groups) add_group(group);
  check_groups();
}

void SGD::add_group(const Group<SGDOptions>& group) {
  const SGDOptions& o = group.options;
  check_option(name(), "lr", o.lr, 0, INFINITY);
  check_option(name(), "momentum", o.momentum, 0, INFINITY);
  check_option(name(), "weight_decay", o.weight_decay, 0, INFINITY);
  if (o.nesterov && (o.momentum <= 0 || o.dampening != 0))
    fail(name(), "nesterov", "a momentum above 0 and no dampening with it",
         "momentum " + std::to_string(o.momentum) + ", dampening " + std::to_string(o.dampening));
  add_params(group.params);
  options_.push_back(o);
}

void SGD::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const SGDOptions& o = options_[group];
  Tensor& buffer = state.slots[0];
  bool first = !buffer.defined();
  if (o.momentum != 0 && first) buffer = new_tensor(param.sizes(), param.dtype(), param.device());
  Tensor none;
  sgd_kernel(param.device(), param, grad, o.momentum != 0 ? buffer : none,
             {.lr = o.lr,
              .momentum = o.momentum,
              .dampening = o.dampening,
              .weight_decay = o.weight_decay,
              .nesterov = o.nesterov,
              .maximize = o.maximize,
              .first_step = first});
}

std::vector<Optimizer::Field> SGD::fields(size_t group) {
  SGDOptions& o = options_[group];
  return {{"lr", &o.lr}, {"momentum", &o.momentum}, {"dampening", &o.dampening}, {"weight_decay", &o.weight_decay}};
}
std::vector<Optimizer::Flag> SGD::flags(size_t group) { return {{"nesterov", &options_[group].nesterov}, {"maximize", &options_[group].maximize}}; }

}  // namespace lazuli::optim
