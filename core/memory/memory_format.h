#pragma once
#include "lazuli/core/described.h"
#include "lazuli/core/dtype.h"
#include "lazuli/core/shape.h"

namespace lazuli {

class Tensor;

/// In which order the elements of a tensor lie in memory. Sizes and indices are the same in all of them, only the strides differ; operators on images keep the format of what they get.
enum class MemoryFormat : uint8_t {
  Contiguous,     ///< row-major: the last dimension's elements lie next to each other
  Preserve,       ///< that of the tensor it is made from where that is dense, else row-major
  ChannelsLast,   ///< images [n, channels, h, w] whose channels lie next to each other
  ChannelsLast3d  ///< the same of [n, channels, d, h, w]
};
constexpr auto names_of(MemoryFormat) {
  return enum_names<MemoryFormat>({{MemoryFormat::Contiguous, "contiguous_format"},
                                   {MemoryFormat::Preserve, "preserve_format"},
                                   {MemoryFormat::ChannelsLast, "channels_last"},
                                   {MemoryFormat::ChannelsLast3d, "channels_last_3d"}});
}

/// Strides of an image of any rank from 3 whose channels lie next to each other.
Shape channels_last_strides(const Shape& sizes);
/// Whether an image lies so, and not in row-major order.
bool is_channels_last(const Tensor& t);

/// The strides of a dense tensor of these sizes. Throws Error naming `op` for a rank that the format does not have, or for Preserve.
Shape strides_in(MemoryFormat format, const Shape& sizes, const char* op);

}  // namespace lazuli
