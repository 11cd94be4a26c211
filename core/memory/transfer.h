#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// Copies the elements of `from` into `to`: both contiguous, of one dtype and as many elements, on any two devices that have data. Queued on the current stream; done on
/// return unless `non_blocking` and the side on the host, if there is one, is pinned.
void transfer(Tensor& to, const Tensor& from, bool non_blocking = false);

/// An uninitialised tensor in pinned memory of the host, for copies to and from `device`.
Tensor new_pinned(const Shape& sizes, DType dtype, Device device);
/// Whether a tensor's memory was made by pin_memory or new_pinned.
bool is_pinned(const Tensor& t);

}  // namespace lazuli
