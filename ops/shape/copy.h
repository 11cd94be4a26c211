#pragma once
#include "lazuli/core/factory.h"
#include "lazuli/core/memory/transfer.h"

namespace lazuli {

/// The same values in memory of their own, in self's layout where that is dense, or in the format asked for. Throws Error when that is not one for self's dimensions.
Tensor clone(const Tensor& self, MemoryFormat memory_format = MemoryFormat::Preserve);
/// self itself when it is contiguous (row-major, or in the format asked for), else a copy that is. Throws Error like clone.
Tensor contiguous(const Tensor& self, MemoryFormat memory_format = MemoryFormat::Contiguous);
/// contiguous(self, memory_format), or self itself for Preserve.
Tensor to(const Tensor& self, MemoryFormat memory_format);
/// Self on another device or in another dtype; self itself where nothing changes, unless `copy`. Complex to real drops the imaginary part.
Tensor to(const Tensor& self, Device device, DType dtype, bool copy = false);
Tensor to(const Tensor& self, DType dtype);
Tensor to(const Tensor& self, Device device);
Tensor to(const Tensor& self, Device device, ToOptions options);
Tensor to(...) = delete;  // to(x, device), to(x, dtype), to(x, device, dtype), to(x, device, {.non_blocking, .copy}) or to(x, {.dtype, .device})
/// Self, a tensor on the CPU, in pinned memory, so that `to(device, {.non_blocking = true})` and copy_async need not wait; self itself when it is there already.
/// For copies to and from `device`, or without one the first device that is not the CPU. Throws Error when there is none.
Tensor pin_memory(const Tensor& self, std::optional<Device> device = {});
/// Writes `source` into self, without waiting where the side on the host, if there is one, is in pinned memory. Both contiguous, of the same sizes and dtype; nothing is
/// recorded for gradients. Throws Error otherwise.
Tensor& copy_async(Tensor& self, const Tensor& source);
/// Writes `source`, broadcast and cast, into self.
Tensor& copy_(const Tensor& self, const Tensor& source);
/// A tensor of self's form with every element `value`; and in place.
Tensor fill(const Tensor& self, const Scalar& value);
Tensor fill(const Tensor& self, const Tensor& value);
Tensor fill(...) = delete;  // fill(x, tensor or number value)
Tensor& fill_(const Tensor& self, const Scalar& value);
Tensor& fill_(const Tensor& self, const Tensor& value);
Tensor& fill_(...) = delete;  // fill_(x, tensor or number value)
Tensor& zero_(const Tensor& self);
/// Self without history; the data is shared.
Tensor detach(const Tensor& self);

}  // namespace lazuli
