#pragma once
#include "lazuli/backends/gpu/driver.h"

/// One function for each family of kernels, called by register_kernels: each fills its slots.
namespace lazuli::gpu {

void register_copy(DeviceType type);
void register_unary(DeviceType type);
void register_binary(DeviceType type);
void register_ternary(DeviceType type);
void register_fused(DeviceType type);
void register_matmul(DeviceType type);
void register_optimizer(DeviceType type);
void register_random(DeviceType type);
void register_arange(DeviceType type);
void register_indexing(DeviceType type);
void register_indexing_write(DeviceType type);
void register_sort(DeviceType type);
void register_sort_search(DeviceType type);
void register_triangle(DeviceType type);
void register_reduce(DeviceType type);
void register_layer_norm(DeviceType type);
void register_batch_norm(DeviceType type);
void register_scan(DeviceType type);
void register_softmax(DeviceType type);
void register_cross_entropy(DeviceType type);
void register_convolution(DeviceType type);

}  // namespace lazuli::gpu
