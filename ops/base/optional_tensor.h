#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// Optional tensors that were given and are undefined, which is how libtorch's programs leave them out: they are none.
template <class... T>
void undefined_is_none(T&... optional) {
  ((optional && !optional->defined() ? optional.reset() : void()), ...);
}

}  // namespace lazuli
