#include "lazuli/optim/optimizer.h"

#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli::optim {

void check_option(const char* optimizer, const char* option, double value, double least, double most) {
  if (value >= least && value <= most) return;
  std::string range = std::isinf(most) ? "a value of at least " + std::to_string(least) : "a value in [" + std::to_string(least) + ", " + std::to_string(most) + "]";
  fail(optimizer, option, range, std::to_string(value));
}

size_t Optimizer::checked(size_t group) const {
  if (group >= params_.size()) fail(ErrorKind::Index, name_, "group", "a group below " + std::to_string(params_.size()), std::to_string(group));
  return group;
}

const std::vector<Tensor>& Optimizer::params(size_t group) const { return params_[checked(group)]; }

void Optimizer::add_params(const std::vector<Tensor>& params) {
  for (size_t i = 0; i < params.size(); ++i) {
    const Tensor& p = params[i];
    std::string which = "params[" + std::to_string(i) + "]";
    if (!p.defined()) fail(name_, which, "a parameter", "an undefined tensor");
    if (!p.body()->uninitialized) {
      if (!p.requires_grad()) fail(name_, which, "a tensor that requires grad", "one that does not");
      if (!p.is_leaf()) fail(name_, which, "a leaf", "a tensor with history");
    }
    for (const auto& group : params_)
      for (const Tensor& other : group)
        if (other.is_same(p)) fail(name_, which, "a parameter that is in no group yet", "one that is");
    for (size_t j = 0; j < i; ++j)
      if (params[j].is_same(p)) fail(name_, which, "each parameter once", "the same as params[" + std::to_string(j) + "]");
  }
  params_.push_back(params);
  state_.emplace_back(params.size());
}

void Optimizer::set_all_lr(double lr) {
  for (size_t g = 0; g < num_groups(); ++g) lr_of(g) = lr;
}

void Optimizer::step() {
  no_grad guard;
  for (const auto& group : params_)
    for (const Tensor& p : group) {
      Tensor grad = p.grad();
      if (!grad.defined()) continue;
      if (!(grad.sizes() == p.sizes())) fail(name_, "gradient", "sizes " + to_string(p.sizes()), to_string(grad.sizes()));
      if (grad.dtype() != p.dtype()) fail(ErrorKind::Type, name_, "gradient", lazuli::name(p.dtype()), lazuli::name(grad.dtype()));
      if (!(grad.device() == p.device())) fail(name_, "gradient", to_string(p.device()), to_string(grad.device()));
    }
  for (size_t g = 0; g < params_.size(); ++g)
    for (size_t i = 0; i < params_[g].size(); ++i) {
      Tensor& p = params_[g][i];
      Tensor grad = p.grad();
      if (!grad.defined()) continue;
      State& state = state_[g][i];
      ++state.step;
      if (p.is_contiguous()) {
        update(g, p, grad.contiguous(), state);
      } else {
        Tensor dense = p.contiguous();
        update(g, dense, grad.contiguous(), state);
        Tensor(p.detach()).copy_(dense);
      }
      p.storage()->bump_version();
    }
}

void Optimizer::zero_grad(bool set_to_none) {
  for (auto& group : params_)
    for (Tensor& p : group) {
      Tensor grad = p.grad();
      if (!grad.defined()) continue;
      if (set_to_none) p.set_grad(Tensor());
      else grad.detach().zero_();
    }
}

namespace {
Tensor number(double value) {
  Tensor t = new_tensor({}, kFloat64);
  *t.data_ptr<double>() = value;
  return t;
}
}  // namespace

StateDict Optimizer::state_dict() const {
  auto* self = const_cast<Optimizer*>(this);
  StateDict dict;
  size_t p = 0;
  for (size_t g = 0; g < params_.size(); ++g) {
    std::string prefix = "group." + std::to_string(g) + ".";
    for (auto [name, value] : self->fields(g)) dict.set(prefix + name, number(*value));
    for (auto [name, value] : self->flags(g)) dict.set(prefix + name, number(*value));
    for (const State& state : state_[g]) {
      std::string of = "state." + std::to_string(p++) + ".";
      if (state.step == 0) continue;
      dict.set(of + "step", number(double(state.step)));
      auto names = state_names();
      for (size_t s = 0; s < names.size(); ++s)
        if (state.slots[s].defined()) dict.set(of + names[s], state.slots[s]);
    }
  }
  return dict;
}

void Optimizer::load_state_dict(const StateDict& dict) {
  for (const auto& [key, tensor] : dict) {
    bool group = key.starts_with("group.");
    if (!group && !key.starts_with("state.")) fail(name_, "state", "names that begin with group. or state.", "'" + key + "'");
    size_t index = size_t(std::strtoull(key.c_str() + 6, nullptr, 10)), count = 0;
    for (const auto& params : params_) count += params.size();
    if (index >= (group ? params_.size() : count))
      fail(name_, "state", group ? std::to_string(params_.size()) + " groups" : std::to_string(count) + " parameters", "'" + key + "'");
  }
  auto names = state_names();
  size_t p = 0;
  std::vector<std::vector<State>> loaded;
  for (const auto& group : params_) {
    loaded.emplace_back(group.size());
    for (size_t i = 0; i < group.size(); ++i) {
      std::string of = "state." + std::to_string(p++) + ".";
      State& state = loaded.back()[i];
      if (const Tensor* step = dict.find(of + "step")) state.step = int64_t(step->item<double>());
      for (size_t s = 0; s < names.size(); ++s) {
        const Tensor* slot = dict.find(of + names[s]);
        if (!slot) continue;
        if (!group[i].body()->uninitialized && !(slot->sizes() == group[i].sizes())) fail(name_, of + names[s], "sizes " + to_string(group[i].sizes()), to_string(slot->sizes()));
        state.slots[s] = slot->detach().clone();
      }
    }
  }
  state_ = std::move(loaded);
  for (size_t g = 0; g < params_.size(); ++g) {
    std::string prefix = "group." + std::to_string(g) + ".";
    for (auto [name, value] : fields(g))
      if (const Tensor* t = dict.find(prefix + name)) *value = t->item<double>();
    for (auto [name, value] : flags(g))
      if (const Tensor* t = dict.find(prefix + name)) *value = t->item<double>() != 0;
  }
}

}  // namespace lazuli::optim
