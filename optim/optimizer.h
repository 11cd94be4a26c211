#pragma once
#include "lazuli/core/state_dict.h"

namespace lazuli::optim {

/// The parameters of one group and the options they share. Fields left out keep their defaults: `{.params = head.parameters(), .options = {.lr = 1e-2}}`.
template <class Options>
struct Group {
  std::vector<Tensor> params = {};
  Options options = {};
};

/// Base of all optimizers: groups of parameters, their learning rates, and the state kept for each parameter.
/// Parameters may still be uninitialized (lazy modules): they are passed over until they have a gradient.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /// Updates every parameter that has a gradient. Nothing is recorded. Throws Error, before any parameter has changed, when a gradient has another size, dtype or device.
  void step();
  /// Drops the gradients of all parameters, or fills them with zeros.
  void zero_grad(bool set_to_none = true);

  size_t num_groups() const { return params_.size(); }
  const std::vector<Tensor>& params(size_t group = 0) const;
  double lr(size_t group = 0) const { return const_cast<Optimizer*>(this)->lr_of(checked(group)); }
  void set_lr(double lr, size_t group = 0) { lr_of(checked(group)) = lr; }
  /// For all groups.
  void set_all_lr(double lr);

  /// "group.G.OPTION" (0-d float64), "state.P.NAME" for parameter P counted over all groups. The tensors are the optimizer's own.
  StateDict state_dict() const;
  /// Restores options and state from copies, cast and moved to their parameters' dtype and device; parameters that `state` lacks begin anew.
  /// Throws Error, before anything has changed, for another number of groups, a name that this optimizer has not, or other sizes (uninitialized parameters: at their first step).
  void load_state_dict(const StateDict& state);

 protected:
  /// Everything kept for one parameter; slots are named by `state_names`.
  struct State {
    int64_t step = 0;
    Tensor slots[3];
    bool loaded = false;  // not yet held against the parameter, which was uninitialized
  };
  using Field = std::pair<const char*, double*>;
  using Flag = std::pair<const char*, bool*>;

  explicit Optimizer(const char* name) : name_(name) {}
  /// Throws Error for a parameter that is undefined, not a leaf, or is in a group already. One that does not require grad is passed over, as it gets no gradient.
  void add_params(const std::vector<Tensor>& params);
  virtual void update(size_t group, Tensor& param, const Tensor& grad, State& state) = 0;
  virtual double& lr_of(size_t group) = 0;
  virtual std::vector<Field> fields(size_t group) = 0;
  virtual std::vector<Flag> flags(size_t group) = 0;
  virtual std::vector<const char*> state_names() const = 0;
  /// For constructors: throws Error when there is nothing to optimize.
  void check_groups() const;
  const char* name() const { return name_; }
  /// Throws Error (Index) for a group that is not there.
  size_t checked(size_t group) const;

 private:
  void adopt(State& state, const Tensor& param, const std::string& which) const;
  const char* name_;
  std::vector<std::vector<Tensor>> params_;
  std::vector<std::vector<State>> state_;
};

/// Throws Error naming `optimizer` and `option` unless `value` lies in [least, most].
void check_option(const char* optimizer, const char* option, double value, double least, double most);

}  // namespace lazuli::optim
