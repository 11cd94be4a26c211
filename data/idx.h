#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// Reads an IDX file (the format of MNIST: http://yann.lecun.com/exdb/mnist/), plain or gzip by its first bytes. The result has the file's dtype and shape.
/// Throws Error (File) for a file that is cut short, has bytes left over, or is corrupt or hostile, before memory for its claimed size is allocated.
Tensor read_idx(const std::string& path);

}  // namespace lazuli
