#pragma once

namespace lazuli::opencl {

/// Registers the backend "opencl" if the system has an OpenCL loader. Its devices are those of all platforms, GPUs first, found when one is first asked for.
void register_opencl();

}  // namespace lazuli::opencl
