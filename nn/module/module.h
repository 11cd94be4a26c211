#pragma once
#include <iosfwd>
#include <typeinfo>
#include <utility>

#include "lazuli/core/memory/owned.h"
#include "lazuli/core/state_dict.h"
#include "lazuli/nn/module/parameter.h"

namespace lazuli {
class Error;
class RemovableHandle;
}  // namespace lazuli

namespace lazuli::nn {

// Functions that see what happens at a module: nn/module/hooks.h.
struct ForwardPreHook;
struct ForwardHook;
struct BackwardPreHook;
struct BackwardHook;
struct StateDictPreHook;
struct StateDictHook;
struct LoadStateDictPreHook;
struct LoadStateDictPostHook;

/// What `load_state_dict` found. Names are those of the state_dict.
struct LoadReport {
  struct Mismatch {
    std::string name, expected, got;
  };
  std::vector<std::string> missing;     // the module has it, the dict has not
  std::vector<std::string> tied;        // the dict has not this name of a tensor, but another one: no failure
  std::vector<std::string> unexpected;  // the reverse
  std::vector<Mismatch> shapes;         // of other sizes: not loaded
  std::vector<Mismatch> dtypes;         // of another dtype: cast while loading, which is no failure
  // By PyTorch's names.
  const std::vector<std::string>& missing_keys() const { return missing; }
  const std::vector<std::string>& unexpected_keys() const { return unexpected; }
  bool ok() const { return missing.empty() && unexpected.empty() && shapes.empty(); }
};
std::string to_string(const LoadReport& report);
std::ostream& operator<<(std::ostream& out, const LoadReport& report);

// How a module is listed. Names begin with `prefix` and a dot.
struct RecurseOptions {
  bool recurse = true;
};
struct NamedRecurseOptions {
  std::string prefix = {};
  bool recurse = true;
  bool remove_duplicate = true;  // of tensors that are shared, one name
};
struct NamedModulesOptions {
  std::string prefix = {};
  bool remove_duplicate = true;
};
struct NumParametersOptions {
  bool only_trainable = false;
};
struct StateDictOptions {
  std::string prefix = {};
  bool keep_vars = false;  // the parameters themselves, not their values without history
};
struct TrainOptions {
  bool mode = true;
};

namespace detail {
struct ModuleHooks;
class Call;
class DryRun;
class Materializing;
struct KnownClass;
struct Recipe;
class Cloning;
class ComputedMember;
struct Parts;
/// A module's entry for one of the modules below it.
struct ChildEntry {
  std::string name;
  std::shared_ptr<Module> module;
  bool moving = false;  // the parent was moved, its Child not yet
  ChildEntry(std::string entry, std::shared_ptr<Module> held) : name(std::move(entry)), module(std::move(held)) {}
};
void keep_recipe(Module& module, std::shared_ptr<const Recipe> recipe);
template <class T>
void know_class(T& module);
template <class P>
Module* know_as(Module* module);
/// Without namespaces: "Linear".
std::string class_name(const std::type_info& type);
}  // namespace detail

/// Base of everything with parameters. A module is a plain class; its parts are members that name themselves to it:
///
///   struct Net : nn::Module {
///     nn::Child<nn::LazyLinear> fc1{this, "fc1", 128};
///     nn::Child<nn::Linear> fc2{this, "fc2", 128, 10};
///     Tensor forward(const Tensor& x) { return fc2(relu(fc1(x))); }
///   };
///
/// `net(x)` runs `forward` and the hooks. A forward with other arguments or results is declared in the same way and called through Child, as `nn::call(net, a, b)`,
/// or, when the class names itself (`struct Net : nn::ModuleOf<Net>`), as `net(a, b)`.
/// Modules move, and are copied only by `nn::clone(net)` (nn/module/clone.h), which is deep; copying one by accident does not compile.
class Module {
 public:
  virtual ~Module();
  Module(Module&& other) noexcept;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  /// Runs the hooks and the forward of the module's class. A base knows that class from its members (Child, Parameter, Buffer), from the Child or container that holds it,
  /// or from ModuleOf. Throws Error (NotSupported) when it does not, and for a forward that does not map a tensor to a tensor.
  Tensor operator()(const Tensor& input);

  // The tree. Everything is listed in the order of registration, own parts before those of children, and shared tensors and modules once.
  std::vector<Tensor> parameters(bool recurse = true) const;
  std::vector<Tensor> buffers(bool recurse = true) const;
  std::vector<StateDict::Entry> named_parameters(bool recurse = true) const;
  std::vector<StateDict::Entry> named_buffers(bool recurse = true) const;
  std::vector<Tensor> parameters(const RecurseOptions& options) const { return parameters(options.recurse); }
  std::vector<Tensor> buffers(const RecurseOptions& options) const { return buffers(options.recurse); }
  std::vector<StateDict::Entry> named_parameters(const NamedRecurseOptions& options) const;
  std::vector<StateDict::Entry> named_buffers(const NamedRecurseOptions& options) const;
  /// This module (under the empty name) and all below it, parents first.
  std::vector<std::pair<std::string, Module*>> named_modules() const;
  std::vector<std::pair<std::string, Module*>> named_modules(const NamedModulesOptions& options) const;
  std::vector<Module*> modules() const;
  /// The modules right below.
  std::vector<std::pair<std::string, std::shared_ptr<Module>>> named_children() const;
  std::vector<std::shared_ptr<Module>> children() const;
  /// The same with shared modules as often as they are registered.
  std::vector<std::pair<std::string, std::shared_ptr<Module>>> child_entries() const;
  /// Number of elements of all parameters. Throws Error when one is not initialized.
  int64_t num_parameters(bool only_trainable = false) const;
  int64_t num_parameters(const NumParametersOptions& options) const { return num_parameters(options.only_trainable); }
  /// By dotted path, such as "encoder.0.weight". Throw Error (Index) naming the part that is not there.
  Module& get_submodule(std::string_view path) const;
  Tensor get_parameter(std::string_view path) const;
  Tensor get_buffer(std::string_view path) const;

  // What Parameter, Buffer and Child do; for parts whose number or names are known only at run time. Throw Error for a name that is taken, empty or has a dot.
  Parameter register_parameter(std::string_view name, const Tensor& value, bool requires_grad = true);
  Buffer register_buffer(std::string_view name, const Tensor& value, bool persistent = true);
  void add_module(std::string_view name, std::shared_ptr<Module> module);
  template <class M>
  void add_module(std::string_view name, const std::shared_ptr<M>& module) {
    if (module) detail::know_class(*module);
    add_module(name, std::shared_ptr<Module>(module));
  }
  /// A module that is given as a temporary: `add_module("fc", nn::Linear(4, 8))`.
  template <class M>
  requires(std::is_base_of_v<Module, M> && !std::is_lvalue_reference_v<M>) void add_module(std::string_view name, M&& module) {
    add_module(name, std::make_shared<M>(std::move(module)));
  }
  /// The module, for a member that holds it.
  template <class M>
  std::shared_ptr<M> register_module(std::string_view name, const std::shared_ptr<M>& module) {
    add_module(name, module);
    return module;
  }

  /// Parameters and persistent buffers by name. They share their data with the module; uninitialized ones are included as they are.
  StateDict state_dict() const;
  StateDict state_dict(const StateDictOptions& options) const;
  /// Copies the tensors of `dict` into those of the same name, cast and moved as needed; uninitialized ones take the sizes of what they get.
  /// `strict`: throws Error, with the whole report and before anything has changed, for a missing or unexpected name or other sizes. Otherwise these are skipped.
  LoadReport load_state_dict(const StateDict& dict, bool strict = true);

  /// Sets the mode of this module and all below it.
  virtual Module& train(bool on = true);
  Module& train(const TrainOptions& options) { return train(options.mode); }
  Module& eval() { return train(false); }
  bool is_training() const { return training_; }
  bool training() const { return training_; }
  Module& requires_grad_(bool requires_grad = true);
  void zero_grad(bool set_to_none = true);
  /// Moves or casts every parameter and buffer in place, so that handles stay valid; a dtype applies to floating point (and complex) tensors only.
  Module& to(Device device);
  Module& to(DType dtype);
  Module& to(Device device, DType dtype);
  Module& half() { return to(kFloat16); }
  Module& bfloat16() { return to(kBFloat16); }
  /// Images' kernels (parameters and buffers of 4 dimensions, or of 5 for ChannelsLast3d) in that order in memory.
  Module& to(MemoryFormat memory_format);
  /// Calls `f(Module&)` for all modules, children first.
  template <class F>
  Module& apply(F&& f) {
    for (Module* m : post_order()) f(*m);
    return *this;
  }
  /// Whether a parameter or buffer of this module, or of one below it, has not got its sizes yet.
  bool has_uninitialized_params() const;
  /// A deep copy. For a module whose class you know, `nn::clone(module)` gives that class. Throws Error (NotSupported) for a part that cannot be made again.
  std::shared_ptr<Module> clone() const;
  /// This module as a `T` (or as the class that the holder `T` of lazuli/torch.h contains); null where it is none.
  template <class T>
  auto* as() {
    if constexpr (requires { typename T::ContainedType; }) return dynamic_cast<typename T::ContainedType*>(this);
    else return dynamic_cast<T*>(this);
  }

  // Hooks (nn/module/hooks.h tells what they get and may return); they run in the order of their registration.
  RemovableHandle register_forward_pre_hook(ForwardPreHook hook);
  RemovableHandle register_forward_hook(ForwardHook hook);
  RemovableHandle register_full_backward_pre_hook(BackwardPreHook hook);
  RemovableHandle register_full_backward_hook(BackwardHook hook);
  /// PyTorch's older name of the same.
  RemovableHandle register_backward_hook(BackwardHook hook);
  RemovableHandle register_state_dict_pre_hook(StateDictPreHook hook);
  RemovableHandle register_state_dict_post_hook(StateDictHook hook);
  RemovableHandle register_load_state_dict_pre_hook(LoadStateDictPreHook hook);
  RemovableHandle register_load_state_dict_post_hook(LoadStateDictPostHook hook);

  /// The class without namespaces, as printed.
  virtual std::string class_name() const;
  std::string name() const { return class_name(); }
  /// What stands in the brackets when printed: "in_features=10, out_features=5, bias=True".
  virtual std::string extra_repr() const { return {}; }

 protected:
  Module& operator=(Module&& other) noexcept;  // of the whole class only: `net.set(3, nn::Linear(8, 5))` replaces a part of a container
  Module();
  /// Called after `load_state_dict` wrote parameters or buffers of this very module.
  virtual void state_loaded() {}
  /// The sizes that the module's uninitialized parameter `name` could take, in words, when a state_dict brings others; empty when `sizes` are fine.
  virtual std::string expected_sizes(std::string_view /*name*/, const Shape& /*sizes*/) const { return {}; }

  // For containers, which add, replace and remove.
  std::vector<std::shared_ptr<detail::ChildEntry>>& registered_modules() { return children_; }
  const std::vector<std::shared_ptr<detail::ChildEntry>>& registered_modules() const { return children_; }
  std::vector<std::shared_ptr<detail::Slot>>& registered_parameters() { return parameters_; }
  const std::vector<std::shared_ptr<detail::Slot>>& registered_parameters() const { return parameters_; }

 private:
  friend class Parameter;
  friend class Buffer;
  friend class detail::Call;
  friend class detail::DryRun;
  friend struct detail::ModuleHooks;
  template <class T>
  friend void detail::know_class(T& module);
  template <class P>
  friend Module* detail::know_as(Module* module);
  friend class TensorModule;
  friend class detail::Materializing;
  friend class detail::Cloning;
  friend struct detail::Parts;
  friend void detail::keep_recipe(Module& module, std::shared_ptr<const detail::Recipe> recipe);
  template <class T>
  friend class Child;
  virtual Tensor forward_of_class(const Tensor& input);  // where the class is not known
  void run(const Tensor& input);                         // the forward with any result, which is dropped
  std::shared_ptr<detail::ChildEntry> add_entry(std::string_view name, std::shared_ptr<Module> module);
  std::shared_ptr<Module> remade(detail::Cloning& cloning) const;  // of the same class and arguments; null where nobody knows how
  void mark_moving() noexcept;
  void check_whole() const;  // throws Error for a module that was moved from
  std::shared_ptr<detail::Slot> add_parameter(std::string_view name, const Tensor& value);
  std::shared_ptr<detail::Slot> add_buffer(std::string_view name, const Tensor& value, bool persistent);
  void check_name(const char* op, std::string_view name) const;
  std::vector<Module*> post_order() const;
  detail::ModuleHooks& hooks();
  using HookedState = std::pair<std::shared_ptr<Module*>, std::string>;  // null once a hook has taken the module away
  std::vector<HookedState> hooked_states(const std::string& prefix) const;
  std::vector<StateDict::Entry> named_slots(const NamedRecurseOptions& options, std::vector<std::shared_ptr<detail::Slot>> Module::*slots) const;
  template <class F>
  void for_each_state(const std::string& prefix, F&& visit) const;
  void convert(const Device* device, const DType* dtype, MemoryFormat format = MemoryFormat::Preserve);
  void set_training(bool on) { training_ = on; }

  std::vector<std::shared_ptr<detail::Slot>> parameters_, buffers_;
  std::vector<std::shared_ptr<detail::ChildEntry>> children_;
  Owned<detail::ModuleHooks> hooks_;
  std::shared_ptr<const detail::Recipe> recipe_;
  const detail::KnownClass* class_ = nullptr;  // the nearest that is known: its very class, or a base of it
  bool training_ = true;
  bool moved_from_ = false;
};

/// The module as PyTorch prints it.
std::string to_string(const Module& module);
std::ostream& operator<<(std::ostream& out, const Module& module);

}  // namespace lazuli::nn
