#pragma once

namespace lazuli::cuda {

/// Registers the backend "cuda" if the system has NVIDIA's driver. The driver is started, and its devices are counted, when somebody first asks for one.
void register_cuda();

}  // namespace lazuli::cuda
