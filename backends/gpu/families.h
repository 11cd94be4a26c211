#pragma once
#include "lazuli/backends/gpu/driver.h"

/// One function for each family of kernels, called by register_kernels: each fills its slots.
namespace lazuli::gpu {

void register_copy(DeviceType type);

}  // namespace lazuli::gpu
