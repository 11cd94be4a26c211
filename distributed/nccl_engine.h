#pragma once
#include "lazuli/core/device.h"
#include "lazuli/distributed/engine.h"

namespace lazuli::distributed {

/// Tensors on CUDA devices travel over NCCL, which libnccl.so.2 brings where it is installed; others, and what ranks agree on, over `inner`. Sums are made by Lazuli, rank after rank, as with every
/// engine: NCCL carries the bytes. `type` is that of the tensors. LAZULI_NCCL_LIBRARY names another file. Throws Error (NotSupported), naming what the loader says, where there is none.
std::shared_ptr<Engine> nccl_engine(std::shared_ptr<Engine> inner, DeviceType type = DeviceType::CUDA);

}  // namespace lazuli::distributed
