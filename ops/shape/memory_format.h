#pragma once
#include "lazuli/core/tensor.h"

/// How an image [n, channels, spatial..] lies in memory: its sizes stay, its strides say so. Convolution, pooling, normalization and pointwise operators keep the order of their
/// input; convolutions are fastest with channels last.
namespace lazuli {

enum class MemoryFormat : uint8_t {
  Contiguous,     // row-major
  ChannelsLast,   // of [n, c, h, w]: n, h, w, c in memory
  ChannelsLast3d  // of [n, c, d, h, w]: n, d, h, w, c
};

/// The tensor itself where it lies so, else a copy; any dtype. Throws Error for a rank that the format does not have (4 and 5).
Tensor contiguous(const Tensor& self, MemoryFormat memory_format);
/// Whether it lies so; false for a rank that the format does not have.
bool is_contiguous(const Tensor& self, MemoryFormat memory_format);

}  // namespace lazuli
