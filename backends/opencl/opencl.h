#pragma once

namespace lazuli::opencl {

/// Registers the backend "opencl" if the system has OpenCL with a device; its devices are those of all platforms, GPUs first.
void register_opencl();

}  // namespace lazuli::opencl
