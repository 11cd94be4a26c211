#include "lazuli/backends/gpu/families.h"

namespace lazuli::gpu {

void register_kernels(DeviceType type) {
  register_copy(type);
  register_unary(type);
  register_binary(type);
  register_ternary(type);
  register_fused(type);
  register_matmul(type);
  register_optimizer(type);
  register_random(type);
  register_arange(type);
  register_indexing(type);
  register_indexing_write(type);
  register_sort(type);
  register_sort_search(type);
  register_triangle(type);
  register_reduce(type);
  register_layer_norm(type);
  register_batch_norm(type);
  register_scan(type);
  register_softmax(type);
  register_cross_entropy(type);
  register_convolution(type);
}

}  // namespace lazuli::gpu
