#include "lazuli/optim/optimizer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli::optim {

void check_option(const char* optimizer, const char* option, double value, double least, double most) {
  if (value >= least && value <= most) return;
  char range[80], got[32];
  if (std::isinf(most)) std::snprintf(range, sizeof(range), "a value of at least %g", least);
  else std::snprintf(range, sizeof(range), "a value in [%g, %g]", least, most);
  std::snprintf(got, sizeof(got), "%g", value);
  fail(optimizer, option, range, got);
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
    if (!p.body()->uninitialized && !p.is_leaf()) fail(name_, which, "a leaf", "a tensor with history");
    for (const auto& group : params_)
      for (const Tensor& other : group)
        if (other.is_same(p)) fail(name_, which, "a parameter that is in no group yet", "one that is");
    for (size_t j = 0; j < i; ++j)
      if (params[j].is_same(p)) fail(name_, which, "each parameter once", "the same as params[" + std::to_string(j) + "]");
  }
  params_.push_back(params);
  state_.emplace_back(params.size());
}

void Optimizer::check_groups() const {
  for (const auto& group : params_)
    if (!group.empty()) return;
  fail(name_, "params", "at least one parameter", "none");
}

void Optimizer::set_all_lr(double lr) {
  for (size_t g = 0; g < num_groups(); ++g) lr_of(g) = lr;
}

void Optimizer::step() {
  no_grad guard;
  for (size_t g = 0; g < params_.size(); ++g)
    for (size_t i = 0; i < params_[g].size(); ++i) {
      const Tensor& p = params_[g][i];
      Tensor grad = p.grad();
      if (!grad.defined()) continue;
      if (state_[g][i].loaded) adopt(state_[g][i], p, "params[" + std::to_string(i) + "]");
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

void Optimizer::adopt(State& state, const Tensor& param, const std::string& which) const {
  auto names = state_names();
  for (size_t s = 0; s < names.size(); ++s) {
    Tensor& slot = state.slots[s];
    if (!slot.defined()) continue;
    if (!(slot.sizes() == param.sizes())) fail(name_, which + "'s " + names[s], "sizes " + to_string(param.sizes()), to_string(slot.sizes()));
    slot = slot.to(param.device(), param.dtype());
  }
  state.loaded = false;
}

void Optimizer::load_state_dict(const StateDict& dict) {
  no_grad guard;
  auto read_number = [&](const std::string& key, double least) {
    const Tensor& t = dict.at(key);
    double value = t.numel() == 1 ? t.item<double>() : NAN;
    if (!(value >= least)) fail(name_, key, "a number", t.numel() == 1 ? std::to_string(value) : "sizes " + to_string(t.sizes()));
    return value;
  };
  auto names = state_names();
  std::vector<std::vector<State>> loaded;
  std::vector<std::pair<double*, double>> numbers;
  std::vector<std::pair<bool*, bool>> switches;
  size_t used = 0, p = 0;
  for (size_t g = 0; g < params_.size(); ++g) {
    std::string prefix = "group." + std::to_string(g) + ".";
    if (!dict.empty() && dict.with_prefix(prefix).empty())
      fail(name_, "state", std::to_string(params_.size()) + " groups, as the optimizer has", "none of the name " + prefix);
    for (auto [option, value] : fields(g))
      if (dict.contains(prefix + option)) numbers.emplace_back(value, read_number(prefix + option, -INFINITY)), ++used;
    for (auto [option, value] : flags(g))
      if (dict.contains(prefix + option)) switches.emplace_back(value, read_number(prefix + option, 0) != 0), ++used;
    loaded.emplace_back(params_[g].size());
    for (size_t i = 0; i < params_[g].size(); ++i) {
      std::string of = "state." + std::to_string(p++) + ".";
      State& state = loaded.back()[i];
      if (dict.contains(of + "step")) state.step = int64_t(std::min(read_number(of + "step", 0), 9e15)), ++used;
      for (size_t s = 0; s < names.size(); ++s)
        if (const Tensor* slot = dict.find(of + names[s])) state.slots[s] = slot->detach().clone(), ++used;
      state.loaded = true;
      if (!params_[g][i].body()->uninitialized) adopt(state, params_[g][i], of.substr(0, of.size() - 1));
    }
  }
  if (used != dict.size())
    for (const auto& [key, tensor] : dict)
      if (!key.starts_with("group.") && !key.starts_with("state.")) fail(name_, "state", "names that begin with group. or state.", "'" + key + "'");
  if (used != dict.size())
    fail(name_, "state",
         std::to_string(used) + " entries that this optimizer knows, of " + std::to_string(params_.size()) + " groups and " + std::to_string(p) +
             " parameters",
         std::to_string(dict.size()) + " entries");
  state_ = std::move(loaded);
  for (auto [to, value] : numbers) *to = value;
  for (auto [to, value] : switches) *to = value;
}

}  // namespace lazuli::optim
