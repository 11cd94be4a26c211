#include "lazuli/backends/cpu/network/normalization.h"

#include "lazuli/backends/cpu/cpu.h"

namespace lazuli::cpu {

void register_norm() {
  layer_norm_kernel.set(DeviceType::CPU, layer_norm);
  layer_norm_backward_kernel.set(DeviceType::CPU, layer_norm_backward);
  batch_norm_kernel.set(DeviceType::CPU, batch_norm);
  batch_norm_backward_kernel.set(DeviceType::CPU, batch_norm_backward);
  batch_norm_relu_kernel.set(DeviceType::CPU, batch_norm_relu);
  batch_norm_relu_backward_kernel.set(DeviceType::CPU, batch_norm_relu_backward);
  group_norm_kernel.set(DeviceType::CPU, group_norm);
  group_norm_backward_kernel.set(DeviceType::CPU, group_norm_backward);
}

}  // namespace lazuli::cpu
