#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// Attached to the body of an UninitializedParameter or UninitializedBuffer (nn/module/lazy.h makes and materializes them).
struct UninitializedMark : TensorExtension {
  bool is_parameter = true;
  std::string path;  // "fc1.weight", once its module is registered
};

}  // namespace lazuli
