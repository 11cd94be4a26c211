#include "lazuli/optim/adam.h"

#include <cmath>

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::optim {

Adam::Adam(const char* name, const std::vector<Group<AdamOptions>>& groups) : Optimizer(name) {
  for (const auto& group : groups) add_group(group);
  check_groups();
}

void Adam::add_group(const Group<AdamOptions>& group) {
  const AdamOptions& o = group.options;
  check_option(name(), "lr", o.lr, 0, INFINITY);
  check_option(name(), "eps", o.eps, 0, INFINITY);
  check_option(name(), "beta1", o.beta1, 0, std::nextafter(1.0, 0.0));
  check_option(name(), "beta2", o.beta2, 0, std::nextafter(1.0, 0.0));
  check_option(name(), "weight_decay", o.weight_decay, 0, INFINITY);
  add_params(group.params);
  options_.push_back(o);
}

void Adam::update(size_t group, Tensor& param, const Tensor& grad, State& state) {
  const AdamOptions& o = options_[group];
  auto zeros = [&](Tensor& t) {
    if (t.defined()) return;
    t = new_tensor(param.sizes(), param.dtype(), param.device());
    if (t.numel()) fill_kernel(t.device(), t, 0);
  };
  zeros(state.slots[0]);
  zeros(state.slots[1]);
  if (o.amsgrad) zeros(state.slots[2]);
  Tensor none;
  lazuli::AdamOptions kernel{.lr = o.lr,
                             .beta1 = o.beta1,
                             .beta2 = o.beta2,
                             .eps = o.eps,
                             .weight_decay = o.weight_decay,
                             .decoupled_weight_decay = o.decoupled_weight_decay,
                             .amsgrad = o.amsgrad,
                             .maximize = o.maximize,
                             .step = state.step};
  adam_kernel(param.device(), param, grad, state.slots[0], state.slots[1], o.amsgrad ? state.slots[2] : none, kernel);
}

std::vector<Optimizer::Field> Adam::fields(size_t group) {
  AdamOptions& o = options_[group];
  return {{"lr", &o.lr}, {"beta1", &o.beta1}, {"beta2", &o.beta2}, {"eps", &o.eps}, {"weight_decay", &o.weight_decay}};
}
std::vector<Optimizer::Flag> Adam::flags(size_t group) {
  AdamOptions& o = options_[group];
  return {{"amsgrad", &o.amsgrad}, {"maximize", &o.maximize}, {"decoupled_weight_decay", &o.decoupled_weight_decay}};
}

namespace {
Group<AdamOptions> decoupled(const Group<AdamWOptions>& group) {
  const AdamWOptions& o = group.options;
  return {group.params,
          {.lr = o.lr,
           .beta1 = o.beta1,
           .beta2 = o.beta2,
           .eps = o.eps,
           .weight_decay = o.weight_decay,
           .amsgrad = o.amsgrad,
           .maximize = o.maximize,
           .decoupled_weight_decay = true}};
}
std::vector<Group<AdamOptions>> decoupled(const std::vector<Group<AdamWOptions>>& groups) {
  std::vector<Group<AdamOptions>> out;
  for (const auto& group : groups) out.push_back(decoupled(group));
  return out;
}
}  // namespace

AdamW::AdamW(const std::vector<Group<AdamWOptions>>& groups) : Adam("AdamW", decoupled(groups)) {}
void AdamW::add_group(const Group<AdamWOptions>& group) { Adam::add_group(decoupled(group)); }

}  // namespace lazuli::optim
