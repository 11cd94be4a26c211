#pragma once
#include <functional>
#include <iosfwd>
#include <typeinfo>

#include "lazuli/autograd/hooks.h"
#include "lazuli/core/by_position.h"
#include "lazuli/core/state_dict.h"
#include "lazuli/optim/parameter_state.h"

namespace lazuli::optim {

/// The parameters of one group and the options they share. Fields left out keep their defaults: `{.params = head.parameters(), .options = {.lr = 1e-2}}`.
template <class Options>
struct Group {
  std::vector<Tensor> params = {};
  Options options = {};
};
/// A group as an optimizer has it: its parameters, and its options to read and to change.
template <class Options>
struct ParamGroup {
  const std::vector<Tensor>& params;
  Options& options;
};

/// Base of all optimizers: groups of parameters, their learning rates, and the state kept for each parameter.
/// Parameters may still be uninitialized (lazy modules): they are passed over until they have a gradient. One of your own derives from OptimizerOf.
class Optimizer {
 public:
  virtual ~Optimizer();
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /// Updates every parameter that has a gradient. Nothing is recorded. Throws Error, before any parameter has changed, when a gradient has another size, dtype or device.
  virtual void step();
  /// Calls `closure`, which computes the loss and its gradients, with gradients recorded, then steps; the loss. Optimizers that look at the loss several times a step override it.
  virtual Tensor step(const std::function<Tensor()>& closure);
  /// Drops the gradients of all parameters, or fills them with zeros.
  void zero_grad(bool set_to_none = true);

  size_t num_groups() const { return params_.size(); }
  const std::vector<Tensor>& params(size_t group = 0) const;
  double lr(size_t group = 0) const;
  void set_lr(double lr, size_t group = 0);
  /// For all groups.
  void set_all_lr(double lr);

  /// "group.G.OPTION", "state.P.NAME" for parameter P counted over all groups; numbers are 0-d float64. The tensors are the optimizer's own (`clone()` the dict to keep it).
  StateDict state_dict() const;
  /// Restores options and state from copies, cast and moved to their parameters' (state) dtype and device; parameters that `state` lacks begin anew.
  /// Throws Error, before anything has changed, for another number of groups, a name that this optimizer has not, or other sizes (uninitialized parameters: at their first step).
  void load_state_dict(const StateDict& state);

  using Hook = std::function<void(Optimizer&)>;
  /// Called before each step and after it, in the order of registration.
  RemovableHandle register_step_pre_hook(Hook hook);
  RemovableHandle register_step_post_hook(Hook hook);

  /// What is kept for one of the parameters: `adam.state(weight)["exp_avg"]`. Throws Error for a tensor that is none of them.
  const ParameterState& state(const Tensor& param) const;

  /// "Adam".
  const char* name() const { return name_; }
  /// The name, and a line for each group with its options.
  friend std::string to_string(const Optimizer& optimizer);

 protected:
  using State = ParameterState;
  /// A name of the state: a tensor `like_parameter` has its sizes and dtype rule, others come back as they were. One that ends in * stands for any that begins so.
  struct StateName {
    const char* name;
    bool like_parameter = true;
    bool is_number = false;
  };
  static constexpr StateName number_name(const char* name) { return {name, false, true}; }

  explicit Optimizer(const char* name);
  /// Throws Error for a parameter that is undefined, not a leaf, or is in a group already. One that does not require grad is passed over, as it gets no gradient.
  void add_params(const std::vector<Tensor>& params);
  /// One parameter's step, whole: `param` and `grad` are contiguous. `state.number("step")` has been counted up, so that it is 1 at first.
  virtual void update(size_t group, Tensor& param, const Tensor& grad, State& state) = 0;
  /// The optimizer of the library whose `update` and `step` this has. A class derived from one may do more in them, so that all parameters at once and recorded steps are only for the class itself,
  /// and for those that change neither and name it here.
  virtual const std::type_info& steps_as() const { return typeid(*this); }
  /// The tensors of the state, and by `number_name` its numbers (but "step", which is known).
  virtual std::vector<StateName> state_names() const = 0;
  /// To be read and changed: what it holds is checked against the parameter, as that of a file is, before the next step.
  State& state(size_t group, size_t index);
  /// Lets the group have `param` in the place of parameter `index`; what is kept stays, and is checked likewise. Throws Error as `add_params` does, and (Index) for an index that is not there.
  void replace_param(size_t group, size_t index, const Tensor& param);
  /// For constructors: throws Error when there is nothing to optimize.
  void check_groups() const;
  /// Throws Error (Index) for a group that is not there.
  size_t checked(size_t group) const;
  /// Lets a scheduler that was made and not used yet set its first rates.
  void settle() const;
  /// Throws Error where `step` would: gradients that do not fit their parameters.
  void check_gradients();
  /// Calls the hooks that come before a step, or those after it.
  void call_hooks(bool before);

  // What OptimizerOf does for its class of options.
  virtual double& lr_of(size_t group) = 0;
  /// The group's momentum or beta1, which some schedulers move against the rate; null where it has none.
  virtual double* momentum_of(size_t group) = 0;
  virtual StateDict options_dict(size_t group) const = 0;
  virtual std::string options_text(size_t group) const = 0;
  /// All groups' options with those of `dicts`, checked.
  virtual std::shared_ptr<void> read_options(const std::vector<StateDict>& dicts) const = 0;
  virtual void take_options(const std::shared_ptr<void>& options) = 0;

 private:
  friend class LRScheduler;
  void adopt(State& state, const Tensor& param, const std::string& which) const;
  void check_param(const Tensor& param, const std::string& which) const;
  State read_state(const StateDict& dict, const std::string& of) const;
  const char* name_;
  std::vector<std::vector<Tensor>> params_;
  std::vector<std::vector<State>> state_;
  HookList<Hook> pre_hooks_, post_hooks_;
  std::shared_ptr<std::function<void()>> waiting_;  // the first rates of a scheduler
  std::vector<double> initial_lrs_;                 // the groups' rates when the first scheduler was made
};
std::ostream& operator<<(std::ostream& out, const Optimizer& optimizer);

namespace detail {
Tensor stored(double value);
Tensor stored(bool value);
Tensor stored(int64_t value);
Tensor stored(const std::string& value);
Tensor stored(const Shape& value);
void restore(const char* owner, const std::string& name, const Tensor& from, double& value);
void restore(const char* owner, const std::string& name, const Tensor& from, bool& value);
void restore(const char* owner, const std::string& name, const Tensor& from, int64_t& value);
void restore(const char* owner, const std::string& name, const Tensor& from, std::string& value);
void restore(const char* owner, const std::string& name, const Tensor& from, Shape& value);
[[noreturn]] void fail_option(const char* owner, const std::string& name, const std::string& known);
}  // namespace detail

/// What an optimizer derives from: `Self` is its class, `Options` its struct, which lists its members (core/described.h) and has an `lr`. Constructors, groups, printing, range checks
/// and state come from that. Rules between options stand in a member `void check(const char* optimizer) const`, those for parameters in a public
/// `static void check_parameter(const Tensor& param)` of the class, if there are any.
///
///   struct SignOptions {
///     double lr = 1e-3;
///     static constexpr auto members() { return Members{member("lr", &SignOptions::lr, {.least = 0})}; }
///   };
///   class Sign : public optim::OptimizerOf<Sign, SignOptions> {
///    public:
///     static constexpr const char* class_name = "Sign";
///     using OptimizerOf::OptimizerOf;
///    protected:
///     void update(size_t group, Tensor& param, const Tensor& grad, State&) override { param.sub_(sign(grad), options(group).lr); }
///     std::vector<StateName> state_names() const override { return {}; }
///   };
template <class Self, class OptionsClass>
class OptimizerOf : public Optimizer {
 public:
  using Options = OptionsClass;
  explicit OptimizerOf(const std::vector<Tensor>& params, const Options& options = {})
      : OptimizerOf(std::vector<Group<Options>>{{params, options}}) {}
  OptimizerOf(const std::vector<Tensor>& params, double lr) : OptimizerOf(params, lazuli::detail::positional<Options>(lr)) {}
  /// By position, in PyTorch's order: `SGD(params, 0.01, 0.9)`, `Adam(params, 1e-3, {0.9, 0.95}, 1e-8)`.
  template <class O = Options, class... A>
  requires(sizeof...(A) > 0 && !requires(O o) { o.betas; } && lazuli::detail::ByPosition<O, double, A...>)
      OptimizerOf(const std::vector<Tensor>& params, double lr, const A&... more)
      : OptimizerOf(params, lazuli::detail::positional<O>(lr, more...)) {}
  template <class O = Options, class... A>
  requires lazuli::detail::ByPosition<O, double, double, double, A...> OptimizerOf(const std::vector<Tensor>& params, double lr,
                                                                                   const decltype(O::betas)& betas, const A&... more)
      : OptimizerOf(params, lazuli::detail::positional<O>(lr, betas.first(), betas.second(), more...)) {}
  template <class = void>
  explicit OptimizerOf(const std::vector<Tensor>&, ...) = delete;  // takes (params, {.lr, ..}), (params, lr) or groups
  /// Throws Error for options out of range.
  explicit OptimizerOf(const std::vector<Group<Options>>& groups) : Optimizer(Self::class_name) {
    for (const auto& group : groups) add_param_group(group);
    check_groups();
  }
  /// What a group leaves as it is comes from `defaults`: `SGD({{.params = a}, {.params = b, .options = {.lr = 1e-3}}}, {.lr = 1e-2, .momentum = 0.9})`. A group that wants the value that
  /// the options begin with, where `defaults` have another, is added by add_param_group.
  OptimizerOf(const std::vector<Group<Options>>& groups, const Options& defaults) : OptimizerOf(with_defaults(groups, defaults)) {}
  /// Throws Error, before anything has changed, as the constructor does.
  void add_param_group(const Group<Options>& group) {
    check_options(group.options);
    if constexpr (requires(const Tensor& p) { Self::check_parameter(p); })
      for (const Tensor& p : group.params)
        if (p.defined() && !p.body()->uninitialized) Self::check_parameter(p);
    std::vector<Options>& all = list();
    all.reserve(all.size() + 1);
    add_params(group.params);
    all.push_back(group.options);
  }
  Options& options(size_t group = 0) {
    settle();
    return list()[checked(group)];
  }
  /// As PyTorch's: `for (auto& group : adam.param_groups()) group.options.lr *= 0.1;`. They refer to the optimizer's own until another group is added.
  std::vector<ParamGroup<Options>> param_groups() {
    std::vector<ParamGroup<Options>> groups;
    for (size_t group = 0; group < num_groups(); ++group) groups.push_back({params(group), options(group)});
    return groups;
  }

 protected:
  double& lr_of(size_t group) override { return list()[group].lr; }
  double* momentum_of([[maybe_unused]] size_t group) override {
    if constexpr (requires(Options & o) { o.momentum; }) return &list()[group].momentum;
    else if constexpr (requires(Options & o) { o.beta1; }) return &list()[group].beta1;
    else return nullptr;
  }
  StateDict options_dict(size_t group) const override {
    StateDict dict;
    auto store = [&](const char* name, const auto& value) { dict.set(name, detail::stored(value)); };
    for_each_member(list()[group], [&](const auto& m, const auto& value) {
      if constexpr (requires { value.has_value(); }) {
        if (value) store(m.name, *value);
        else dict.set(m.name, detail::stored(Shape()));  // none: no elements
      } else if constexpr (NamedEnum<std::remove_cvref_t<decltype(value)>>) store(m.name, std::string(name_of(value)));
      else store(m.name, value);
    });
    return dict;
  }
  std::string options_text(size_t group) const override { return print_members(list()[group]); }
  std::shared_ptr<void> read_options(const std::vector<StateDict>& dicts) const override {
    auto read = std::make_shared<std::vector<Options>>(list());
    for (size_t g = 0; g < dicts.size(); ++g) {
      for (const auto& entry : dicts[g]) {
        const std::string& name = entry.first;
        if (!visit_member((*read)[g], name, [&](auto& value) { read_member(name, entry.second, value); })) {
          std::string known;
          for_each_member((*read)[g], [&](const auto& m, const auto&) { known += (known.empty() ? "" : ", ") + std::string(m.name); });
          detail::fail_option(Self::class_name, "group." + std::to_string(g) + "." + name, known);
        }
      }
      check_options((*read)[g]);
    }
    return read;
  }
  void take_options(const std::shared_ptr<void>& options) override {  // one by one: references to the optimizer's own stay
    std::vector<Options>& read = *std::static_pointer_cast<std::vector<Options>>(options);
    for (size_t g = 0; g < read.size(); ++g) list()[g] = std::move(read[g]);
  }

 private:
  static std::vector<Group<Options>> with_defaults(std::vector<Group<Options>> groups, const Options& defaults) {
    const Options untouched;
    for (auto& group : groups)
      for_each_member(group.options, [&](const auto& m, auto& value) {
        if (value == untouched.*m.place) value = defaults.*m.place;
      });
    return groups;
  }
  static void check_options(const Options& options) {
    check_members(Self::class_name, options);
    if constexpr (requires { options.check(Self::class_name); }) options.check(Self::class_name);
  }
  template <class T>
  static void read_member(const std::string& name, const Tensor& tensor, T& value) {
    if constexpr (requires { value.has_value(); }) {
      value.reset();
      if (tensor.numel() > 0) read_member(name, tensor, value.emplace());
    } else if constexpr (NamedEnum<T>) {
      std::string text;
      detail::restore(Self::class_name, name, tensor, text);
      if (auto known = named<T>(text)) value = *known;
      else detail::fail_option(Self::class_name, name + "=" + text, "a name of " + name);
    } else {
      detail::restore(Self::class_name, name, tensor, value);
    }
  }
  std::vector<Options>& list() const { return *static_cast<std::vector<Options>*>(options_.get()); }
  std::shared_ptr<void> options_ = std::make_shared<std::vector<Options>>();  // a list of them: its class is made where it is used
};

}  // namespace lazuli::optim
