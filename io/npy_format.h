#pragma once
#include "lazuli/core/tensor.h"

/// The format of one NumPy array, in a file of its own or in an archive.
namespace lazuli::npy {

/// The array in these bytes, which `owner` keeps; `where` is what an Error calls them.
Tensor read(const char* op, const std::string& where, char* data, size_t size, const std::shared_ptr<void>& owner);
/// What comes before the elements of a contiguous tensor in C order.
std::string header(const char* op, const Tensor& tensor);

}  // namespace lazuli::npy
