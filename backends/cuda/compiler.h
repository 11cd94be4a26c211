#pragma once
#include <string>

#include "lazuli/backends/cuda/library.h"

namespace lazuli::cuda {

/// What kernels are compiled to for a device of compute capability `capability` (90 is 9.0): machine code where this compiler knows the device, else PTX of the newest
/// architecture below it that it knows, which the driver compiles further when it is loaded.
struct CompileTarget {
  int architecture = 0;  // 0: this compiler knows nothing so old
  bool machine_code = false;
  std::string option() const { return (machine_code ? "--gpu-architecture=sm_" : "--gpu-architecture=compute_") + std::to_string(architecture); }
};
CompileTarget target_of(const Nvrtc& nvrtc, int capability);

/// "NVRTC 13.0".
std::string compiler_name(const Nvrtc& nvrtc);

/// Compiles a text of the kernels' dialect. `exact`: no contraction of a * b + c. Throws Error with the compiler's log.
std::string compile(const Nvrtc& nvrtc, const std::string& source, const CompileTarget& target, bool exact);

}  // namespace lazuli::cuda
