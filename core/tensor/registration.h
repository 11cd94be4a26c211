#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// Attached (as `lazy`) to the body of a tensor that a module has as a parameter or buffer.
struct Registration : TensorExtension {
  int places = 0;       // names under which modules have it
  bool placed = false;  // there was one
  std::string path;     // of an uninitialized one as seen from the outermost module, else its name
};

/// Whether modules had this tensor as a parameter or buffer and have others in all its places now: what trains it trains nothing that is used. `path` is where it was.
bool is_replaced(const Tensor& t, std::string* path = nullptr);

}  // namespace lazuli
