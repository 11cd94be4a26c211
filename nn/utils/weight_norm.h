#pragma once
#include "lazuli/nn/module/module.h"

/// Weight norm and spectral norm as they were before parametrizations (nn/utils/parametrizations.h), for files that have their names. The weight is computed before each forward.
namespace lazuli::nn::utils {

/// weight = g v / |v|; the module's parameters are then weight_g and weight_v. Norms over all dimensions but `dim`, or over all.
/// Throws Error for a name that is no parameter, and for a weight that is computed already.
void weight_norm(Module& module, std::string_view name = "weight", std::optional<int64_t> dim = 0);
/// Makes the weight a parameter again, with the value it has. Throws Error where there is no weight norm.
void remove_weight_norm(Module& module, std::string_view name = "weight");

/// weight / sigma, its greatest singular value as a matrix with the rows of `dim` (0; of transposed convolutions 1), by the power method at each forward in training.
/// State: weight_orig, weight_u, weight_v.
void spectral_norm(Module& module, std::string_view name = "weight", int64_t n_power_iterations = 1, double eps = 1e-12,
                   std::optional<int64_t> dim = {});
void remove_spectral_norm(Module& module, std::string_view name = "weight");

// Of a module that is about to be held, which they return: `nn::Sequential{spectral_norm(nn::Conv2d(3, 16, 3)), nn::ReLU()}`.
template <class M, class... A>
requires(std::is_base_of_v<Module, M> && !std::is_const_v<M>) M weight_norm(M&& module, const A&... arguments) {
  weight_norm(static_cast<Module&>(module), arguments...);
  return std::move(module);
}
template <class M, class... A>
requires(std::is_base_of_v<Module, M> && !std::is_const_v<M>) M spectral_norm(M&& module, const A&... arguments) {
  spectral_norm(static_cast<Module&>(module), arguments...);
  return std::move(module);
}

}  // namespace lazuli::nn::utils
