#pragma once
#include <functional>
#include <optional>

#include "lazuli/nn/module/module.h"

/// Members of modules that are computed from other parts of the module, as nn::utils makes them: parametrizations, pruning, weight norm.
namespace lazuli::nn::detail {

/// The value of a computed member, from the parts of the module it is given (no other: a clone computes from its own).
using Compute = std::function<Tensor(Module&)>;
/// What happens with a value that someone assigned to such a member; without it the value is overwritten.
using Assign = std::function<void(Module&, const Tensor&)>;

/// A forward pre-hook that gives a member its value.
class ComputedMember {
 public:
  std::vector<Tensor> operator()(Module& module, const std::vector<Tensor>& inputs) const;
  const std::string& name() const;
  /// The value as of now, which the member shows too.
  Tensor show(Module& module) const;
  /// The same in evaluation mode: what learns from being used (the vectors of a spectral norm) stays as it is.
  void refresh(Module& module) const;

  // While a module is moved or copied, the member goes along.
  void mark_moving() const;
  static std::vector<ComputedMember> of(const Module& module);
  void copy_to(Module& copy, std::shared_ptr<Slot> entry) const;

 private:
  friend void compute_member(Module& module, std::string_view name, Compute compute, Assign assign);
  friend void stop_computing(Module& module, std::string_view name, const Tensor& value, bool is_parameter);
  struct State;
  std::shared_ptr<State> state_;
};

/// Takes the parameter or buffer `name` out of the module's list. Its member then shows what `compute` gives: from now on, anew before every forward, and after `to` and
/// `load_state_dict`.
void compute_member(Module& module, std::string_view name, Compute compute, Assign assign = {});
/// Puts the member back, as a parameter or as a buffer, with this value.
void stop_computing(Module& module, std::string_view name, const Tensor& value, bool is_parameter = true);
/// None where the module computes no member of that name.
std::optional<ComputedMember> find_computed(const Module& module, std::string_view name);
/// All computed members of this module and those below it, as of now.
void refresh_computed(Module& module);

/// Puts a tensor in the place of a parameter or buffer, and takes one out.
struct Parts {
  static std::vector<std::shared_ptr<Slot>>& parameters(Module& module) { return module.parameters_; }
  static std::vector<std::shared_ptr<Slot>>& buffers(Module& module) { return module.buffers_; }
  static std::vector<std::shared_ptr<ChildEntry>>& children(Module& module) { return module.children_; }
  static bool& training(Module& module) { return module.training_; }
  static ModuleHooks& hooks(Module& module) { return module.hooks(); }
  static const ModuleHooks* hooks(const Module& module) { return module.hooks_.get(); }
  /// The entry of the parameter or buffer `name`, or null.
  static std::shared_ptr<Slot> find(Module& module, std::string_view name);
  static void erase(Module& module, std::string_view name);
  static void erase_child(Module& module, std::string_view name);
};

}  // namespace lazuli::nn::detail
