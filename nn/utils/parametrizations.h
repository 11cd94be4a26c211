#pragma once
#include "lazuli/nn/utils/parametrize.h"

/// Parametrizations that are ready made. Each takes the place of the tensor `name` of `module` (nn/utils/parametrize.h) and is taken away by `remove_parametrizations`.
namespace lazuli::nn::utils::parametrizations {

/// weight = g v / |v|, the norms over all dimensions but `dim`, or over all of them where there is none (Salimans, Kingma 2016, https://arxiv.org/abs/1602.07868).
/// State: parametrizations.weight.original0 (g, sizes 1 but in `dim`), parametrizations.weight.original1 (v).
void weight_norm(Module& module, std::string_view name = "weight", std::optional<int64_t> dim = 0);

/// weight / sigma, its greatest singular value as a matrix with the rows of dimension `dim` (0; of transposed convolutions 1). sigma comes from `n_power_iterations` steps of the
/// power method at each use in training (Miyato and others 2018, https://arxiv.org/abs/1802.05957). A weight of one dimension is divided by its norm.
/// State: parametrizations.weight.original, parametrizations.weight.0._u and .0._v.
void spectral_norm(Module& module, std::string_view name = "weight", int64_t n_power_iterations = 1, double eps = 1e-12,
                   std::optional<int64_t> dim = {});

enum class OrthogonalMap : uint8_t { MatrixExp, Cayley, Householder };
/// A weight [.., n, k] with orthonormal columns (n >= k) or rows, from any tensor of its sizes:
///   MatrixExp   exp(A),                             A = X - X^H of the lower triangle X,
///   Cayley      (1 - A/2)^-1 (1 + A/2),
///   Householder the product of the k reflections of X's columns.
/// By default MatrixExp for square and for complex weights, else Householder. With `use_trivialization` this is multiplied by a fixed matrix `base`, so that any orthogonal matrix
/// is where training begins (Lezcano-Casado 2019, https://arxiv.org/abs/1909.09501); without it, only Householder can be assigned to.
/// State: parametrizations.weight.original, parametrizations.weight.0.base.
void orthogonal(Module& module, std::string_view name = "weight", std::optional<OrthogonalMap> orthogonal_map = {}, bool use_trivialization = true);

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
template <class M, class... A>
requires(std::is_base_of_v<Module, M> && !std::is_const_v<M>) M orthogonal(M&& module, const A&... arguments) {
  orthogonal(static_cast<Module&>(module), arguments...);
  return std::move(module);
}

}  // namespace lazuli::nn::utils::parametrizations
