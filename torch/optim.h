#pragma once
#include "lazuli/torch/archive.h"

/// torch::optim: the library's optimizers, with options by setters and groups as libtorch has them.
namespace torch::optim {

/// What sets learning rates: one of the library's, or a class of a program's whose `get_lrs` tells the rates of all groups at each step.
class LRScheduler {
 public:
  explicit LRScheduler(lazuli::optim::Optimizer& optimizer) : optimizer_(optimizer) {}
  virtual ~LRScheduler() = default;
  virtual void step() {
    const std::vector<double> lrs = get_lrs();
    if (lrs.size() != optimizer_.num_groups())
      lazuli::fail("LRScheduler", "get_lrs", std::to_string(optimizer_.num_groups()) + " rates, one for each group", std::to_string(lrs.size()));
    for (size_t g = 0; g < lrs.size(); ++g) optimizer_.set_lr(lrs[g], g);
    ++step_count_;
  }

 protected:
  virtual std::vector<double> get_lrs() { return get_current_lrs(); }
  std::vector<double> get_current_lrs() const {
    std::vector<double> lrs;
    for (size_t g = 0; g < optimizer_.num_groups(); ++g) lrs.push_back(optimizer_.lr(g));
    return lrs;
  }
  lazuli::optim::Optimizer& optimizer_;
  unsigned step_count_ = 0;
};
namespace detail {
/// A scheduler of the library's: rates are as in Python.
template <class L>
class Scheduled : public L, public LRScheduler {
 public:
  template <class... A>
  explicit Scheduled(lazuli::optim::Optimizer& optimizer, A&&... arguments) : L(optimizer, std::forward<A>(arguments)...), LRScheduler(optimizer) {}
  void step() override { L::step(); }
};
}  // namespace detail
using StepLR = detail::Scheduled<lazuli::optim::StepLR>;
using MultiStepLR = detail::Scheduled<lazuli::optim::MultiStepLR>;
using ExponentialLR = detail::Scheduled<lazuli::optim::ExponentialLR>;
using CosineAnnealingLR = detail::Scheduled<lazuli::optim::CosineAnnealingLR>;
using LambdaLR = detail::Scheduled<lazuli::optim::LambdaLR>;
/// The rate times `factor` when a value has got no better for more than `patience` steps.
class ReduceLROnPlateauScheduler : public lazuli::optim::ReduceLROnPlateau {
 public:
  enum SchedulerMode { min, max };
  enum ThresholdMode { rel, abs };
  using ReduceLROnPlateau::ReduceLROnPlateau;
  explicit ReduceLROnPlateauScheduler(lazuli::optim::Optimizer& optimizer, SchedulerMode mode = min, double factor = 0.1, int64_t patience = 10,
                                      double threshold = 1e-4, ThresholdMode threshold_mode = rel, int64_t cooldown = 0,
                                      const std::vector<float>& min_lr = {}, double eps = 1e-8, bool /*verbose*/ = false)
      : ReduceLROnPlateau(optimizer, {.mode = mode == min ? "min" : "max",
                                      .factor = factor,
                                      .patience = patience,
                                      .threshold = threshold,
                                      .threshold_mode = threshold_mode == rel ? "rel" : "abs",
                                      .cooldown = cooldown,
                                      .min_lr = min_lr.empty() ? 0.0 : double(min_lr[0]),
                                      .eps = eps}) {}
};

/// The options of a group: a program's own, or those of an optimizer's group, which setters then change there.
class OptimizerOptions {
 public:
  virtual ~OptimizerOptions() = default;
  virtual double get_lr() const = 0;
  virtual void set_lr(double lr) = 0;
};
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
  double lr() const { return values().lr; }
  Self& lr(double lr) { return values().lr = lr, static_cast<Self&>(*this); }
  void bind(O& group) { of_group_ = &group; }

 private:
  O own_ = {};
  O* of_group_ = nullptr;
};
}  // namespace detail

#define LAZULI_TORCH_OPTIM_OPTION(Self, name)                                              \
  Self& name(const decltype(Values::name)& value) { return values().name = value, *this; } \
  const auto& name() const { return values().name; }
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

/// Parameters with options of their own; of those that an optimizer shows, the options are the group's.
class OptimizerParamGroup {
 public:
  explicit OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}
  OptimizerParamGroup(std::vector<Tensor> params, std::shared_ptr<OptimizerOptions> options)
      : params_(std::move(params)), options_(std::move(options)) {}
  template <class O>
  requires std::is_base_of_v<OptimizerOptions, O> OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<O> options)
      : params_(std::move(params)), options_(std::move(options)) {}
  bool has_options() const { return bool(options_); }
  OptimizerOptions& options() { return *options_; }
  const OptimizerOptions& options() const { return *options_; }
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }

 private:
  std::vector<Tensor> params_;
  std::shared_ptr<OptimizerOptions> options_;
};

/// What all optimizers have: for functions that take any, and go over its groups.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  virtual lazuli::optim::Optimizer& own() = 0;
  virtual const lazuli::optim::Optimizer& own() const = 0;
  operator lazuli::optim::Optimizer&() { return own(); }
  /// The groups of now; what they set is set in the optimizer.
  virtual std::vector<OptimizerParamGroup>& param_groups() = 0;
  virtual void add_param_group(const OptimizerParamGroup& group) = 0;
  void step() { own().step(); }
  Tensor step(const std::function<Tensor()>& closure) { return own().step(closure); }
  void zero_grad(bool set_to_none = true) { own().zero_grad(set_to_none); }
  double lr(size_t group = 0) { return own().lr(group); }
  void set_lr(double lr, size_t group = 0) { own().set_lr(lr, group); }
  void set_all_lr(double lr) { own().set_all_lr(lr); }
  std::vector<Tensor> parameters() const {
    std::vector<Tensor> all;
    for (size_t g = 0; g < own().num_groups(); ++g)
      for (const Tensor& p : own().params(g)) all.push_back(p);
    return all;
  }
  size_t size() const { return parameters().size(); }
  void save(serialize::OutputArchive& archive) const {
    for (const auto& [name, tensor] : own().state_dict()) archive.write(name, tensor);
  }
  void load(serialize::InputArchive& archive) { own().load_state_dict(archive.state()); }
};

namespace detail {
/// An optimizer of the library that takes these options.
template <class L, class O>
class Adapted : public L, public Optimizer {
 public:
  using L::step, L::zero_grad, L::lr, L::set_lr, L::set_all_lr;
  lazuli::optim::Optimizer& own() override { return *this; }
  const lazuli::optim::Optimizer& own() const override { return *this; }
  explicit Adapted(const std::vector<Tensor>& params, const O& defaults = {}) : L(params, defaults.values()), defaults_(defaults) {}
  explicit Adapted(const std::vector<OptimizerParamGroup>& groups, const O& defaults = {}) : L(groups_of(groups, defaults)), defaults_(defaults) {}
  void add_param_group(const OptimizerParamGroup& group) override { L::add_param_group(groups_of({group}, defaults_)[0]); }
  O& defaults() { return defaults_; }
  const O& defaults() const { return defaults_; }
  std::vector<OptimizerParamGroup>& param_groups() override {
    groups_.clear();
    for (size_t g = 0; g < this->num_groups(); ++g) {
      auto options = std::make_shared<O>();
      options->bind(this->options(g));
      groups_.emplace_back(this->params(g), std::move(options));
    }
    return groups_;
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
  std::vector<OptimizerParamGroup> groups_;
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
