#pragma once
#include <memory>
#include <vector>

#include "lazuli/nn/module/module.h"

namespace lazuli::func {

/// What many modules of one kind hold, stacked along a new first dimension: `vmap` over it runs them all at once,
///
///   auto [parameters, buffers] = func::stack_module_state({&a, &b, &c});
///   vmap([&](const StateDict& p, const StateDict& b, const Tensor& x) { return nn::functional_call(base, {p, b}, x); }, {0, 0, none})(parameters, buffers, x);
///
/// The stacked parameters are new leaves that require grad where the modules' do. Throws Error for modules whose names or sizes differ, and for none.
struct ModuleState {
  StateDict parameters, buffers;
};
ModuleState stack_module_state(const std::vector<nn::Module*>& modules);
/// Of a ModuleList, or of a vector of modules or of pointers to them.
template <class Modules>
requires(!std::is_convertible_v<const Modules&, std::vector<nn::Module*>>) ModuleState stack_module_state(const Modules& modules) {
  std::vector<nn::Module*> all;
  for (const auto& m : modules) {
    if constexpr (std::is_base_of_v<nn::Module, std::remove_cvref_t<decltype(m)>>)
      all.push_back(const_cast<nn::Module*>(static_cast<const nn::Module*>(&m)));
    else all.push_back(&*m);
  }
  return stack_module_state(all);
}
/// The entries of both.
StateDict joined(const StateDict& parameters, const StateDict& buffers);

/// Every batch norm of the module keeps no running statistics from now on, which have one place for all samples of a vmap. Gives the module back.
nn::Module& replace_all_batch_norm_modules_(nn::Module& module);

}  // namespace lazuli::func
