#include "lazuli/backends/gpu/families.h"

namespace lazuli::gpu {

void register_kernels(DeviceType type) {
  register_copy(type);
}

}  // namespace lazuli::gpu
