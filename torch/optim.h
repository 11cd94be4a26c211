#pragma once
#include "lazuli/torch/param_state.h"
#include "lazuli/torch/schedulers.h"

/// torch::optim: the library's optimizers, with options by setters and groups as libtorch has them.
namespace torch::optim {

namespace detail {
template <class Self, class O>
class OptionsOf : public OptimizerOptions {
 public:
  OptionsOf() = default;
  OptionsOf(const OptionsOf& other) : own_(other.values()) {}
  OptionsOf& operator=(const OptionsOf& other) { return values() = other.values(), *this; }
  O& values() { return of_group_ ? *of_group_ : own_; }
  const O& values() const { return of_group_ ? *of_group_ : own_; }
  friend bool operator==(const Self& a, const Self& b) {
    bool same = true;
    lazuli::for_each_member(a.values(), [&](const auto& m, const auto& value) { same &= value == b.values().*m.place; });
    return same;
  }
  double get_lr() const override { return values().lr; }
  void set_lr(double lr) override { values().lr = lr; }
  std::unique_ptr<OptimizerOptions> clone() const override { return std::make_unique<Self>(static_cast<const Self&>(*this)); }
  double lr() const { return values().lr; }
  double& lr() { return values().lr; }
  Self& lr(double lr) { return values().lr = lr, static_cast<Self&>(*this); }
  void bind(O& group) { of_group_ = &group; }
  bool is_bound() const { return of_group_; }

 private:
  O own_ = {};
  O* of_group_ = nullptr;
};
}  // namespace detail

#define LAZULI_TORCH_OPTIM_OPTION(Self, name)                                              \
  Self& name(const decltype(Values::name)& value) { return values().name = value, *this; } \
  const auto& name() const { return values().name; }                                       \
  auto& name() { return values().name; }
#define LAZULI_TORCH_OPTIM_OPTIONS(Self) \
  using Values = lazuli::optim::Self;    \
  Self() = default;                      \
  Self(double rate) { lr(rate); }

class SGDOptions : public detail::OptionsOf<SGDOptions, lazuli::optim::SGDOptions> {
 public:
  LAZULI_TORCH_OPTIM_OPTIONS(SGDOptions)
  LAZULI_TORCH_OPTIM_OPTION(SGDOptions, momentum)
  LAZULI_TORCH_OPTIM_OPTION(SGDOptions, dampening)
  LAZULI_TORCH_OPTIM_OPTION(SGDOptions, weight_decay)
  LAZULI_TORCH_OPTIM_OPTION(SGDOptions, nesterov)
};
namespace detail {
template <class Self, class O>
class AdamLike : public OptionsOf<Self, O> {
 public:
  using Betas = std::tuple<double, double>;
  Betas betas() const { return {this->values().beta1, this->values().beta2}; }
  Self& betas(const Betas& value) {
    std::tie(this->values().beta1, this->values().beta2) = value;
    return static_cast<Self&>(*this);
  }
};
}  // namespace detail
class AdamOptions : public detail::AdamLike<AdamOptions, lazuli::optim::AdamOptions> {
 public:
  LAZULI_TORCH_OPTIM_OPTIONS(AdamOptions)
  LAZULI_TORCH_OPTIM_OPTION(AdamOptions, eps)
  LAZULI_TORCH_OPTIM_OPTION(AdamOptions, weight_decay)
  LAZULI_TORCH_OPTIM_OPTION(AdamOptions, amsgrad)
};
class AdamWOptions : public detail::AdamLike<AdamWOptions, lazuli::optim::AdamWOptions> {
 public:
  LAZULI_TORCH_OPTIM_OPTIONS(AdamWOptions)
  LAZULI_TORCH_OPTIM_OPTION(AdamWOptions, eps)
  LAZULI_TORCH_OPTIM_OPTION(AdamWOptions, weight_decay)
  LAZULI_TORCH_OPTIM_OPTION(AdamWOptions, amsgrad)
};
class AdagradOptions : public detail::OptionsOf<AdagradOptions, lazuli::optim::AdagradOptions> {
 public:
  LAZULI_TORCH_OPTIM_OPTIONS(AdagradOptions)
  LAZULI_TORCH_OPTIM_OPTION(AdagradOptions, lr_decay)
  LAZULI_TORCH_OPTIM_OPTION(AdagradOptions, weight_decay)
  LAZULI_TORCH_OPTIM_OPTION(AdagradOptions, initial_accumulator_value)
  LAZULI_TORCH_OPTIM_OPTION(AdagradOptions, eps)
};
class RMSpropOptions : public detail::OptionsOf<RMSpropOptions, lazuli::optim::RMSpropOptions> {
 public:
  LAZULI_TORCH_OPTIM_OPTIONS(RMSpropOptions)
  LAZULI_TORCH_OPTIM_OPTION(RMSpropOptions, alpha)
  LAZULI_TORCH_OPTIM_OPTION(RMSpropOptions, eps)
  LAZULI_TORCH_OPTIM_OPTION(RMSpropOptions, weight_decay)
  LAZULI_TORCH_OPTIM_OPTION(RMSpropOptions, momentum)
  LAZULI_TORCH_OPTIM_OPTION(RMSpropOptions, centered)
};
class LBFGSOptions : public detail::OptionsOf<LBFGSOptions, lazuli::optim::LBFGSOptions> {
 public:
  LAZULI_TORCH_OPTIM_OPTIONS(LBFGSOptions)
  LAZULI_TORCH_OPTIM_OPTION(LBFGSOptions, max_iter)
  LAZULI_TORCH_OPTIM_OPTION(LBFGSOptions, max_eval)
  LAZULI_TORCH_OPTIM_OPTION(LBFGSOptions, tolerance_grad)
  LAZULI_TORCH_OPTIM_OPTION(LBFGSOptions, tolerance_change)
  LAZULI_TORCH_OPTIM_OPTION(LBFGSOptions, history_size)
  LAZULI_TORCH_OPTIM_OPTION(LBFGSOptions, line_search_fn)
};
#undef LAZULI_TORCH_OPTIM_OPTION
#undef LAZULI_TORCH_OPTIM_OPTIONS

namespace detail {
/// An optimizer of the library that takes these options, and shows what it keeps as an S. What a program changes there and in the groups' lists of parameters is taken over before anything is
/// done with it.
template <class L, class O, class S>
class Adapted : public L, public Optimizer {
 public:
  using torch::optim::Optimizer::zero_grad, L::lr, L::set_lr, L::set_all_lr;
  Tensor step(torch::optim::Optimizer::LossClosure closure = nullptr) override {
    take_over();
    if (closure) return L::step(closure);
    return L::step(), Tensor();
  }
  lazuli::optim::Optimizer& own() override { return take_over(), *this; }
  const lazuli::optim::Optimizer& own() const override { return const_cast<Adapted&>(*this).own(); }
  explicit Adapted(const std::vector<Tensor>& params, const O& defaults = {}) : L(params, defaults.values()), defaults_(defaults) {}
  explicit Adapted(const std::vector<OptimizerParamGroup>& groups, const O& defaults = {}) : L(groups_of(groups, defaults)), defaults_(defaults) {}
  void add_param_group(const OptimizerParamGroup& group) override {
    take_over();
    const auto bind = [this] {  // the library's list of options may have moved, with an Error too
      for (size_t g = 0; g < this->param_groups_.size(); ++g) options_of(g).bind(this->options(g));
    };
    try {
      L::add_param_group(groups_of({group}, defaults_)[0]);
    } catch (...) {
      bind();
      throw;
    }
    bind();
  }
  lazuli::StateDict state_dict() const { return own().state_dict(); }
  void load_state_dict(const lazuli::StateDict& state) { L::load_state_dict(state), loaded(); }
  /// Of LBFGS it is not there: what it keeps is in `state_dict`.
  torch::optim::Optimizer::StateMap& state() override {
    if constexpr (std::is_void_v<S>) {
      lazuli::fail(lazuli::ErrorKind::NotSupported, this->name(), "", "state_dict() to see the state of LBFGS", "state()");
    } else {
      take_over();
      show();
      return torch::optim::Optimizer::state_;
    }
  }
  O& defaults() override { return defaults_; }
  std::vector<OptimizerParamGroup>& param_groups() override {
    take_over();
    for (size_t g = 0; g < this->num_groups(); ++g) {
      if (g == this->param_groups_.size()) this->param_groups_.emplace_back(this->params(g), std::make_shared<O>());
      this->param_groups_[g].params() = this->params(g);
      options_of(g).bind(this->options(g));
    }
    return this->param_groups_;
  }
  void load(serialize::InputArchive& archive) override { load_state_dict(archive.state()); }
  void loaded() override {
    if (shown_) show();
  }

 private:
  // A state that is shown is brought up to date after each step.
  const std::type_info& steps_as() const override { return shown_ ? typeid(*this) : typeid(L); }

  using Group = lazuli::optim::Group<typename L::Options>;
  static std::vector<Group> groups_of(const std::vector<OptimizerParamGroup>& groups, const O& defaults) {
    std::vector<Group> all;
    for (const OptimizerParamGroup& group : groups)
      all.push_back({group.params(), group.has_options() ? static_cast<const O&>(group.options()).values() : defaults.values()});
    return all;
  }
  O& options_of(size_t group) {
    OptimizerParamGroup& g = this->param_groups_[group];
    O* const options = g.has_options() ? dynamic_cast<O*>(&g.options()) : nullptr;
    if (!options)
      lazuli::fail(lazuli::ErrorKind::Type, this->name(), "param_groups()[" + std::to_string(group) + "].options()", "options of its own class",
                   "others");
    return *options;
  }

  // Groups and states as a program has left them.
  void take_over() {
    for (size_t g = 0; g < this->param_groups_.size(); ++g) {
      const std::vector<Tensor>& wanted = this->param_groups_[g].params();
      if (wanted.size() != this->params(g).size())
        lazuli::fail(this->name(), "param_groups()[" + std::to_string(g) + "].params()",
                     std::to_string(this->params(g).size()) + " parameters, as before (add_param_group adds some)", std::to_string(wanted.size()));
      for (size_t i = 0; i < wanted.size(); ++i)
        if (!wanted[i].is_same(this->params(g)[i])) {
          if (!shown_) show();  // what is kept is that of the old one, as in libtorch, until the program moves it
          this->replace_param(g, i, wanted[i]);
        }
      if (!options_of(g).is_bound()) {  // by set_options
        this->options(g) = options_of(g).values();
        options_of(g).bind(this->options(g));
      }
    }
    if constexpr (!std::is_void_v<S>) {
      if (!shown_) return;
      for (size_t g = 0; g < this->num_groups(); ++g)
        for (size_t i = 0; i < this->params(g).size(); ++i) {
          lazuli::optim::ParameterState& kept = L::state(g, i);
          const auto found = torch::optim::Optimizer::state_.find(this->params(g)[i].unsafeGetTensorImpl());
          if (found == torch::optim::Optimizer::state_.end() || !found->second) {
            kept = {};
            continue;
          }
          S* const own_state = dynamic_cast<S*>(found->second.get());
          if (!own_state) lazuli::fail(lazuli::ErrorKind::Type, this->name(), "state()", "states of its own class", "one of another optimizer");
          own_state->each([&](const char* name, auto& value) {
            if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(value)>, Tensor>) kept.number(name) = double(value);
            else if (value.defined() || kept.find(name)) kept.tensor(name) = value;
          });
        }
    }
  }
  void show() {
    if constexpr (!std::is_void_v<S>) {
      if (!shown_) {  // by hooks, for steps that somebody takes by a reference to the library's class, too
        shown_ = true;
        this->register_step_pre_hook([this](lazuli::optim::Optimizer&) { take_over(); });
        this->register_step_post_hook([this](lazuli::optim::Optimizer&) { show(); });
      }
      for (size_t g = 0; g < this->num_groups(); ++g)
        for (size_t i = 0; i < this->params(g).size(); ++i) {
          const lazuli::optim::ParameterState& kept = L::state(g, i);
          void* const key = this->params(g)[i].unsafeGetTensorImpl();
          bool any = false;
          S all;
          all.each([&](const char* name, auto& value) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, Tensor>) {
              if (const Tensor* tensor = kept.find(name)) value = *tensor, any = true;
            } else {
              value = int64_t(kept.number(name)), any |= value != 0;
            }
          });
          auto& shown = torch::optim::Optimizer::state_[key];
          if (!any) torch::optim::Optimizer::state_.erase(key);
          else if (shown) static_cast<S&>(*shown) = all;
          else shown = std::make_unique<S>(all);
        }
    }
  }
  O defaults_;
  bool shown_ = false;  // state() was asked for, and is kept up to date
};
}  // namespace detail

class SGD : public detail::Adapted<lazuli::optim::SGD, SGDOptions, SGDParamState> {
 public:
  using Adapted::Adapted;
};
class Adam : public detail::Adapted<lazuli::optim::Adam, AdamOptions, AdamParamState> {
 public:
  using Adapted::Adapted;
};
class AdamW : public detail::Adapted<lazuli::optim::AdamW, AdamWOptions, AdamWParamState> {
 public:
  using Adapted::Adapted;
};
class Adagrad : public detail::Adapted<lazuli::optim::Adagrad, AdagradOptions, AdagradParamState> {
 public:
  using Adapted::Adapted;
};
class RMSprop : public detail::Adapted<lazuli::optim::RMSprop, RMSpropOptions, RMSpropParamState> {
 public:
  using Adapted::Adapted;
};
class LBFGS : public detail::Adapted<lazuli::optim::LBFGS, LBFGSOptions, void> {
 public:
  using Adapted::Adapted;
};

}  // namespace torch::optim
