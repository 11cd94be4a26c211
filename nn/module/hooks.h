#pragma once
#include "lazuli/autograd/hooks.h"
#include "lazuli/nn/module/child.h"

/// Hooks of modules: functions that see, and may replace, what goes in and comes out. A hook is written with the tensors of a call as vectors, or, where one goes in and one
/// comes out, with plain tensors, or with one of each, and returns nothing or what replaces them:
///
///   net.fc1->register_forward_hook([](nn::Module&, const Tensor& input, const Tensor& output) { ... });
///   net.fc1->register_forward_pre_hook([](nn::Module&, const Tensor& input) { return input * 2; });
///   net.fc1->register_full_backward_hook([](nn::Module&, const std::vector<Tensor>& grad_inputs, const std::vector<Tensor>& grad_outputs) { ... });
///
/// Global hooks see all modules, and run before the module's own. Hooks may remove themselves or register others while they run.
namespace lazuli::nn {

namespace detail {
using Tensors = std::vector<Tensor>;

template <class F, class... A>
Tensors hook_result(F& f, Module& module, A&... arguments) {
  using R = std::invoke_result_t<F&, Module&, A&...>;
  if constexpr (std::is_void_v<R>) {
    f(module, arguments...);
    return {};
  } else if constexpr (std::is_convertible_v<R, Tensor>) {
    Tensor t = f(module, arguments...);
    return t.defined() ? Tensors{t} : Tensors();
  } else {
    return f(module, arguments...);
  }
}
inline Tensor only(const Tensors& tensors) { return tensors.empty() ? Tensor() : tensors[0]; }

/// A hook with one list of tensors (pre-hooks).
struct HookOfOne {
  std::function<Tensors(Module&, const Tensors&)> function;
  template <class F>
  requires(!std::is_base_of_v<HookOfOne, F>) explicit HookOfOne(F f) {
    constexpr bool takes = std::is_invocable_v<F&, Module&, const Tensor&> || std::is_invocable_v<F&, Module&, const Tensors&>;
    static_assert(takes, "this hook is to take (nn::Module&, const Tensor&), or a std::vector<Tensor> in place of the Tensor");
    if constexpr (takes)
      function = [f = std::move(f)](Module& module, const Tensors& tensors) mutable -> Tensors {
        if constexpr (std::is_invocable_v<F&, Module&, const Tensor&>) {
          const Tensor t = only(tensors);
          return hook_result(f, module, t);
        } else {
          return hook_result(f, module, tensors);
        }
      };
  }
};
/// A hook with two.
struct HookOfTwo {
  std::function<Tensors(Module&, const Tensors&, const Tensors&)> function;
  template <class F>
  requires(!std::is_base_of_v<HookOfTwo, F>) explicit HookOfTwo(F f) {
    constexpr bool plain = std::is_invocable_v<F&, Module&, const Tensor&, const Tensor&>,
                   last = std::is_invocable_v<F&, Module&, const Tensors&, const Tensor&>,
                   first = std::is_invocable_v<F&, Module&, const Tensor&, const Tensors&>,
                   takes = plain || last || first || std::is_invocable_v<F&, Module&, const Tensors&, const Tensors&>;
    static_assert(takes, "this hook is to take (nn::Module&, const Tensor&, const Tensor&), or std::vector<Tensor>s in place of the Tensors");
    if constexpr (takes)
      function = [f = std::move(f)](Module& module, const Tensors& a, const Tensors& b) mutable -> Tensors {
        const Tensor ta = only(a), tb = only(b);
        if constexpr (plain) return hook_result(f, module, ta, tb);
        else if constexpr (last) return hook_result(f, module, a, tb);
        else if constexpr (first) return hook_result(f, module, ta, b);
        else return hook_result(f, module, a, b);
      };
  }
};
}  // namespace detail

/// Before forward: (module, inputs); a result replaces the inputs.
struct ForwardPreHook : detail::HookOfOne {
  template <class F>
  requires(!std::is_base_of_v<ForwardPreHook, F>) ForwardPreHook(F f) : HookOfOne(std::move(f)) {}
};
/// After forward: (module, inputs, outputs); a result replaces the outputs.
struct ForwardHook : detail::HookOfTwo {
  template <class F>
  requires(!std::is_base_of_v<ForwardHook, F>) ForwardHook(F f) : HookOfTwo(std::move(f)) {}
};
/// Once the gradients of the outputs are known: (module, grad_outputs); a result replaces them.
struct BackwardPreHook : detail::HookOfOne {
  template <class F>
  requires(!std::is_base_of_v<BackwardPreHook, F>) BackwardPreHook(F f) : HookOfOne(std::move(f)) {}
};
/// Once the gradients of the inputs are known: (module, grad_inputs, grad_outputs); undefined for tensors that need none; a result replaces grad_inputs.
/// When no input requires grad it runs once grad_outputs are known.
struct BackwardHook : detail::HookOfTwo {
  template <class F>
  requires(!std::is_base_of_v<BackwardHook, F>) BackwardHook(F f) : HookOfTwo(std::move(f)) {}
};
/// At each registration in any module: (module, name, what is registered); a defined result is registered instead.
struct ParameterRegistrationHook : std::function<Tensor(Module&, const std::string&, const Tensor&)> {
  using function::function;
};
struct BufferRegistrationHook : std::function<Tensor(Module&, const std::string&, const Tensor&)> {
  using function::function;
};
struct ModuleRegistrationHook : std::function<void(Module&, const std::string&, Module&)> {
  using function::function;
};

// What a module does to states, of which it may be a part: `prefix` is "" or "encoder.fc1.", what its names begin with.
/// Before its state is taken: (module, prefix).
struct StateDictPreHook : std::function<void(Module&, const std::string&)> {
  using function::function;
};
/// Once the whole state is taken: (module, state, prefix); may add to it, take away and replace. Parts before what they are parts of.
struct StateDictHook : std::function<void(Module&, StateDict&, const std::string&)> {
  using function::function;
};
/// Before a state is loaded: (module, state, prefix); what it changes is what is loaded (old names, say). Parts after what they are parts of.
struct LoadStateDictPreHook : std::function<void(Module&, StateDict&, const std::string&)> {
  using function::function;
};
/// After one was loaded: (module, report); `load_state_dict` returns what it leaves there. A strict one has thrown before, with nothing changed, where the report is not ok.
struct LoadStateDictPostHook : std::function<void(Module&, LoadReport&)> {
  using function::function;
};

RemovableHandle register_module_forward_pre_hook(ForwardPreHook hook);
RemovableHandle register_module_forward_hook(ForwardHook hook);
RemovableHandle register_module_full_backward_pre_hook(BackwardPreHook hook);
RemovableHandle register_module_full_backward_hook(BackwardHook hook);
/// PyTorch's older name of the same.
RemovableHandle register_module_backward_hook(BackwardHook hook);
RemovableHandle register_module_parameter_registration_hook(ParameterRegistrationHook hook);
RemovableHandle register_module_buffer_registration_hook(BufferRegistrationHook hook);
RemovableHandle register_module_module_registration_hook(ModuleRegistrationHook hook);

}  // namespace lazuli::nn
