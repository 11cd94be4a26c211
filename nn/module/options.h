#pragma once
#include "lazuli/core/described.h"
#include "lazuli/nn/module/child.h"

/// Layers whose options are one described struct.
///
/// Classes end their constructors with `explicit Linear(...) = delete;`, the worst match of all: a call that none of them takes is then one message, which shows that line and what it says.
/// It is a template where the class has a default constructor, and it is left out where a single argument may be sizes in braces, which the dots would take too.
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
