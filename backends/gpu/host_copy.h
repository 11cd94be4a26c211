#pragma once
#include "lazuli/backends/gpu/driver.h"
#include "lazuli/core/threads/stream.h"

namespace lazuli::gpu {

/// `out` (contiguous) = `host`, a contiguous tensor of the CPU with the same sizes and dtype; done on return.
inline void copy_from_host(Tensor& out, const Tensor& host) {
  Device device = out.device();
  driver_of(device).copy_from_host(out.address(), host.address(), host.nbytes(), device.index, current_stream_handle(device), true);
}

}  // namespace lazuli::gpu
