#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/core/backend.h"
#if defined(LAZULI_HAS_CUDA)
#include "lazuli/backends/cuda/cuda.h"
#endif
#if defined(LAZULI_HAS_OPENCL)
#include "lazuli/backends/opencl/opencl.h"
#endif

namespace lazuli {

/// The backends of this build, listed here and nowhere else, so that static linking keeps them.
void register_builtin_backends();
void register_builtin_backends() {
  cpu::register_kernels();
#if defined(LAZULI_HAS_CUDA)
  cuda::register_cuda();
#else
  set_missing_reason(DeviceType::CUDA, "this build of Lazuli is without CUDA");
#endif
#if defined(LAZULI_HAS_OPENCL)
  opencl::register_opencl();
#else
  set_missing_reason(DeviceType::OpenCL, "this build of Lazuli is without OpenCL");
#endif
}

}  // namespace lazuli
