// What frozen networks call, on the CPU: the small library (lazuli::runtime) has this in the place of the lists of all kernels (backends/builtin.cpp) and of all composites
// (ops/composites/register.cpp).
#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/core/backend.h"
#include "lazuli/ops/composites.h"

namespace lazuli {

void register_builtin_backends();
void register_builtin_backends() {
  cpu::register_copy();
  cpu::register_unary();
  cpu::register_binary();
  cpu::register_ternary();
  cpu::register_reduce();
  cpu::register_softmax();
  cpu::register_convolution();
  cpu::register_pooling();
  cpu::register_norm();
  cpu::register_recurrent();
  cpu::register_attention();
  cpu::register_indexing();
  cpu::register_matmul();
  for (DeviceType device : {DeviceType::CUDA, DeviceType::OpenCL})
    set_missing_reason(device, "the library that runs frozen networks has the CPU only");
}

void register_composites() {
  composites::register_pointwise();
  composites::register_product();
  composites::register_convolution();
}

}  // namespace lazuli
