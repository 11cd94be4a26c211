#pragma once
#include "lazuli/core/tensor/registration.h"

namespace lazuli {

/// Attached to the body of an UninitializedParameter or UninitializedBuffer (nn/module/lazy.h makes and materializes them).
struct UninitializedMark : Registration {
  bool is_parameter = true;
};

}  // namespace lazuli
