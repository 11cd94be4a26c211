// In the place of backends/builtin.cpp and ops/composites/register.cpp for the small library (lazuli::runtime): what frozen networks call, on the CPU.
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
  binary_number_kernel.set_composite(composites::binary_number);
  ternary_kernel.set_composite(composites::ternary);
  ternary_number_kernel.set_composite(composites::ternary_number);
  convolution_kernel.set_composite(composites::convolution);
  convolution_fused_kernel.set_composite(composites::convolution_fused);
  convolution_backward_input_kernel.set_composite(composites::convolution_backward_input);
}

}  // namespace lazuli
