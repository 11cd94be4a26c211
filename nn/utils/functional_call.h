#pragma once
#include "lazuli/nn/module/child.h"

/// Modules as functions of their parameters.
namespace lazuli::nn {

namespace detail {
/// Of two tensors with one name the later.
StateDict merged(std::initializer_list<StateDict> states);
/// While it lives, the module has other tensors as parameters and buffers.
class Replaced {
 public:
  Replaced(Module& module, const StateDict& state, bool tie_weights, bool strict);
  ~Replaced();
  Replaced(const Replaced&) = delete;

 private:
  Module& module_;
  std::vector<std::pair<std::shared_ptr<Slot>, Tensor>> before_;
};
}  // namespace detail

/// module(args...) with the tensors of `state` in the places of the parameters and buffers of these names (those of `state_dict`); the module keeps its own. Gradients reach the
/// tensors given. Where the module has one tensor under several names, all of them change with one. What the forward writes to a buffer goes to the tensor given.
/// Until it returns the module is this call's: threads have a module each (`clone`).
/// Throws Error for names that the module does not have, for other sizes, and where a shared tensor is given twice and differently.
template <class M, class... A>
requires std::is_base_of_v<Module, M>
auto functional_call(M& module, const StateDict& state, A&&... args) {
  detail::Replaced replaced(module, state, true, false);
  return call(module, std::forward<A>(args)...);
}
/// With the tensors of several states, such as {parameters, buffers}; of two with one name the later.
template <class M, class... A>
requires std::is_base_of_v<Module, M>
auto functional_call(M& module, std::initializer_list<StateDict> states, A&&... args) {
  return functional_call(module, detail::merged(states), std::forward<A>(args)...);
}
/// The same, which throws Error, too, for a parameter or buffer that `state` lacks.
template <class M, class... A>
requires std::is_base_of_v<Module, M>
auto functional_call_strict(M& module, const StateDict& state, A&&... args) {
  detail::Replaced replaced(module, state, true, true);
  return call(module, std::forward<A>(args)...);
}

}  // namespace lazuli::nn
