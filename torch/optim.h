#pragma once
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
  double get_lr() const override { return values().lr; }
  void set_lr(double lr) override { values().lr = lr; }
  std::unique_ptr<OptimizerOptions> clone() const override { return std::make_unique<Self>(static_cast<const Self&>(*this)); }
  double lr() const { return values().lr; }
  double& lr() { return values().lr; }
  Self& lr(double lr) { return values().lr = lr, static_cast<Self&>(*this); }
  void bind(O& group) { of_group_ = &group; }

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
/// An optimizer of the library that takes these options.
template <class L, class O>
class Adapted : public L, public Optimizer {
 public:
  using L::zero_grad, L::lr, L::set_lr, L::set_all_lr;
  Tensor step(torch::optim::Optimizer::LossClosure closure = nullptr) override {
    if (closure) return L::step(closure);
    return L::step(), Tensor();
  }
  lazuli::optim::Optimizer& own() override { return *this; }
  const lazuli::optim::Optimizer& own() const override { return *this; }
  explicit Adapted(const std::vector<Tensor>& params, const O& defaults = {}) : L(params, defaults.values()), defaults_(defaults) {}
  explicit Adapted(const std::vector<OptimizerParamGroup>& groups, const O& defaults = {}) : L(groups_of(groups, defaults)), defaults_(defaults) {}
  void add_param_group(const OptimizerParamGroup& group) override { L::add_param_group(groups_of({group}, defaults_)[0]); }
  /// Not there: what these keep is in `state_dict`.
  torch::optim::Optimizer::StateMap& state() override {
    lazuli::fail(lazuli::ErrorKind::NotSupported, this->name(), "", "state_dict() to see the state of an optimizer of the library", "state()");
  }
  O& defaults() override { return defaults_; }
  std::vector<OptimizerParamGroup>& param_groups() override {
    this->param_groups_.clear();
    for (size_t g = 0; g < this->num_groups(); ++g) {
      auto options = std::make_shared<O>();
      options->bind(this->options(g));
      this->param_groups_.emplace_back(this->params(g), std::move(options));
    }
    return this->param_groups_;
  }

 private:
  using Group = lazuli::optim::Group<typename L::Options>;
  static std::vector<Group> groups_of(const std::vector<OptimizerParamGroup>& groups, const O& defaults) {
    std::vector<Group> all;
    for (const OptimizerParamGroup& group : groups)
      all.push_back({group.params(), group.has_options() ? static_cast<const O&>(group.options()).values() : defaults.values()});
    return all;
  }
  O defaults_;
};
}  // namespace detail

class SGD : public detail::Adapted<lazuli::optim::SGD, SGDOptions> {
 public:
  using Adapted::Adapted;
};
class Adam : public detail::Adapted<lazuli::optim::Adam, AdamOptions> {
 public:
  using Adapted::Adapted;
};
class AdamW : public detail::Adapted<lazuli::optim::AdamW, AdamWOptions> {
 public:
  using Adapted::Adapted;
};
class Adagrad : public detail::Adapted<lazuli::optim::Adagrad, AdagradOptions> {
 public:
  using Adapted::Adapted;
};
class RMSprop : public detail::Adapted<lazuli::optim::RMSprop, RMSpropOptions> {
 public:
  using Adapted::Adapted;
};
class LBFGS : public detail::Adapted<lazuli::optim::LBFGS, LBFGSOptions> {
 public:
  using Adapted::Adapted;
};

}  // namespace torch::optim
