#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// Reads a NumPy array file (.npy, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), versions 1 to 3. One in Fortran order becomes a transposed view.
/// Throws Error (File) for a file that is cut short, corrupt or hostile, before anything of its size is allocated, and for dtypes that Lazuli has not (uint16, texts, objects, ...).
Tensor load_npy(const std::string& path);

/// Writes one, all or nothing; tensors of other devices are copied to the CPU, views made contiguous. Throws Error (Type) for bfloat16, which NumPy has not.
void save_npy(const Tensor& tensor, const std::string& path);

}  // namespace lazuli
