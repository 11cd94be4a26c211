#pragma once
#include <unordered_map>

#include "lazuli/torch/archive.h"
#include "lazuli/torch/arg.h"

/// torch::optim, for all optimizers: groups with options by setters, and what an optimizer of a program's own derives from.
namespace torch::optim {

/// The options of a group: a program's own, or those of an optimizer's group, which setters then change there.
class OptimizerOptions {
 public:
  virtual ~OptimizerOptions() = default;
  virtual std::unique_ptr<OptimizerOptions> clone() const {
    lazuli::fail(lazuli::ErrorKind::NotSupported, "OptimizerOptions::clone", "", "options that have it", "others");
  }
  virtual double get_lr() const { lazuli::fail(lazuli::ErrorKind::NotSupported, "OptimizerOptions::get_lr", "", "options with a rate", "others"); }
  virtual void set_lr(double) { lazuli::fail(lazuli::ErrorKind::NotSupported, "OptimizerOptions::set_lr", "", "options with a rate", "others"); }
};
/// What a program's optimizer keeps for one parameter.
class OptimizerParamState {
 public:
  virtual ~OptimizerParamState() = default;
  virtual std::unique_ptr<OptimizerParamState> clone() const {
    lazuli::fail(lazuli::ErrorKind::NotSupported, "OptimizerParamState::clone", "", "a state that has it", "another");
  }
};
template <class Self>
class OptimizerCloneableOptions : public OptimizerOptions {
 public:
  std::unique_ptr<OptimizerOptions> clone() const override { return std::make_unique<Self>(static_cast<const Self&>(*this)); }
};
template <class Self>
class OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override { return std::make_unique<Self>(static_cast<const Self&>(*this)); }
};

/// Parameters with options of their own; of those that an optimizer shows, the options are the group's.
class OptimizerParamGroup {
 public:
  OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}
  OptimizerParamGroup(std::vector<Tensor> params, std::shared_ptr<OptimizerOptions> options)
      : params_(std::move(params)), options_(std::move(options)) {}
  template <class O>
  requires std::is_base_of_v<OptimizerOptions, O> OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<O> options)
      : params_(std::move(params)), options_(std::move(options)) {}
  bool has_options() const { return bool(options_); }
  OptimizerOptions& options() { return *options_; }
  const OptimizerOptions& options() const { return *options_; }
  void set_options(std::unique_ptr<OptimizerOptions> options) { options_ = std::move(options); }
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }

 private:
  std::vector<Tensor> params_;
  std::shared_ptr<OptimizerOptions> options_;
};

class Optimizer;
namespace detail {
/// What a program's own optimizer is for the library: schedulers, hooks and files see its groups and their rates.
class Outer : public lazuli::optim::Optimizer {
 public:
  explicit Outer(torch::optim::Optimizer& self) : Optimizer("torch::optim::Optimizer"), self_(self) {}
  void add(const std::vector<Tensor>& params) { add_params(params), rates_.push_back(0); }
  using Optimizer::step;
  void step() override;
  /// Rates as the options have them, and back.
  void collect();
  void publish();

 protected:
  void update(size_t, Tensor&, const Tensor&, State&) override {}
  std::vector<StateName> state_names() const override { return {}; }
  double& lr_of(size_t group) override { return rates_[group]; }
  double* momentum_of(size_t) override { return nullptr; }
  lazuli::StateDict options_dict(size_t group) const override;
  std::string options_text(size_t group) const override { return "lr=" + std::to_string(rates_[group]); }
  std::shared_ptr<void> read_options(const std::vector<lazuli::StateDict>& dicts) const override;
  void take_options(const std::shared_ptr<void>& options) override;

 private:
  torch::optim::Optimizer& self_;
  std::vector<double> rates_;
};
/// While it lives the rates of an optimizer are read and set: those of a program's own are fetched before, and set in its options after.
class Rates {
 public:
  explicit Rates(lazuli::optim::Optimizer& optimizer) : outer_(dynamic_cast<Outer*>(&optimizer)) {
    if (outer_) outer_->collect();
  }
  ~Rates() noexcept(false) {
    if (outer_) outer_->publish();
  }
  Rates(const Rates&) = delete;

 private:
  Outer* outer_;
};
}  // namespace detail

/// What all optimizers have: for functions that take any, and go over its groups. An optimizer of a program's own derives from it as from libtorch's: it gives its groups and the options of those
/// that have none to the constructor, and `step` goes over `param_groups_`.
class Optimizer {
 public:
  using LossClosure = std::function<Tensor()>;
  Optimizer(std::vector<OptimizerParamGroup> groups, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults)
      : Optimizer(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(parameters))}, std::move(defaults)) {}
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  virtual lazuli::optim::Optimizer& own() { return *outer_; }
  virtual const lazuli::optim::Optimizer& own() const { return *outer_; }
  operator lazuli::optim::Optimizer&() { return own(); }
  /// The groups of now; what they set is set in the optimizer.
  virtual std::vector<OptimizerParamGroup>& param_groups() { return param_groups_; }
  virtual void add_param_group(const OptimizerParamGroup& group);
  virtual Tensor step(LossClosure closure = nullptr) = 0;
  virtual OptimizerOptions& defaults() { return *defaults_; }
  void zero_grad(bool set_to_none = true) { own().zero_grad(set_to_none); }
  double lr(size_t group = 0) {
    const detail::Rates rates(own());
    return own().lr(group);
  }
  void set_lr(double lr, size_t group = 0) {
    const detail::Rates rates(own());
    own().set_lr(lr, group);
  }
  void set_all_lr(double lr) {
    const detail::Rates rates(own());
    own().set_all_lr(lr);
  }
  std::vector<Tensor> parameters() const {
    std::vector<Tensor> all;
    for (size_t g = 0; g < own().num_groups(); ++g)
      for (const Tensor& p : own().params(g)) all.push_back(p);
    return all;
  }
  size_t size() const { return parameters().size(); }
  virtual void save(serialize::OutputArchive& archive) const {
    for (const auto& [name, tensor] : own().state_dict()) archive.write(name, tensor);
  }
  virtual void load(serialize::InputArchive& archive) { own().load_state_dict(archive.state()); }
  /// After the state was loaded past `load`.
  virtual void loaded() {}
  /// What is kept for each parameter, by `unsafeGetTensorImpl()` of its parameters.
  using StateMap = std::unordered_map<void*, std::unique_ptr<OptimizerParamState>>;
  virtual StateMap& state() { return state_; }

 protected:
  Optimizer() = default;  // of the library's
  std::vector<OptimizerParamGroup> param_groups_;
  StateMap state_;
  std::unique_ptr<OptimizerOptions> defaults_;

 private:
  std::unique_ptr<detail::Outer> outer_;
};

inline Optimizer::Optimizer(std::vector<OptimizerParamGroup> groups, std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)), outer_(std::make_unique<detail::Outer>(*this)) {
  for (const OptimizerParamGroup& group : groups) Optimizer::add_param_group(group);
}
inline void Optimizer::add_param_group(const OptimizerParamGroup& group) {
  OptimizerParamGroup added = group;
  if (!added.has_options()) {
    if (!defaults_) lazuli::fail("add_param_group", "group", "options, as there are no defaults", "none");
    added.set_options(defaults_->clone());
  }
  outer_->add(added.params());
  param_groups_.push_back(std::move(added));
}

namespace detail {
inline void Outer::step() { self_.step(); }
inline void Outer::collect() {
  for (size_t g = 0; g < rates_.size(); ++g) rates_[g] = self_.param_groups()[g].options().get_lr();
}
inline void Outer::publish() {
  for (size_t g = 0; g < rates_.size(); ++g) self_.param_groups()[g].options().set_lr(rates_[g]);
}
inline lazuli::StateDict Outer::options_dict(size_t group) const {
  lazuli::StateDict dict;
  dict.set("lr", lazuli::optim::detail::stored(self_.param_groups()[group].options().get_lr()));
  return dict;
}
inline std::shared_ptr<void> Outer::read_options(const std::vector<lazuli::StateDict>& dicts) const {
  auto rates = std::make_shared<std::vector<double>>();
  for (const auto& dict : dicts) rates->push_back(dict.at("lr").item<double>());
  return rates;
}
inline void Outer::take_options(const std::shared_ptr<void>& options) {
  rates_ = *std::static_pointer_cast<std::vector<double>>(options);
  publish();
}
}  // namespace detail

}  // namespace torch::optim
