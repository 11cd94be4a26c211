#pragma once
#include "lazuli/core/described.h"
#include "lazuli/nn/module/child.h"

/// Layers whose options are one described struct.
namespace lazuli::nn {

namespace detail {
template <class O>
const O& checked(std::string_view module, const O& options) {
  check_members(module, options);
  return options;
}
}  // namespace detail

/// Base of layers that take a struct of options: it is kept, printed, and what `clone` and construction by name make them from.
template <class O>
class WithOptions : public TensorModule {
 public:
  using Options = O;
  explicit WithOptions(const O& o = {}) : options(o) {}
  O options;
};

}  // namespace lazuli::nn
