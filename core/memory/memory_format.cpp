#include "lazuli/core/memory/memory_format.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/tensor.h"

namespace lazuli {

Shape channels_last_strides(const Shape& sizes) {
  Shape strides = sizes;
  int64_t step = std::max<int64_t>(sizes[1], 1);
  strides[1] = 1;
  for (int64_t d = sizes.size() - 1; d >= 0; --d)
    if (d != 1) {
      strides[d] = step;
      step *= std::max<int64_t>(sizes[d], 1);
    }
  return strides;
}

namespace {
// Where a dimension has one element, its stride says nothing.
bool lies_in(const Tensor& t, const Shape& strides) {
  for (int64_t d = 0; d < t.dim(); ++d)
    if (t.sizes()[d] != 1 && t.strides()[d] != strides[d]) return false;
  return true;
}
}  // namespace

bool is_channels_last(const Tensor& t) { return t.dim() >= 3 && !t.is_contiguous() && lies_in(t, channels_last_strides(t.sizes())); }

Shape strides_in(MemoryFormat format, const Shape& sizes, const char* op) {
  if (format == MemoryFormat::Preserve) fail(op, "memory_format", "a format that says where elements lie", "preserve_format");
  if (format == MemoryFormat::Contiguous) return contiguous_strides(sizes);
  int64_t rank = format == MemoryFormat::ChannelsLast ? 4 : 5;
  if (sizes.size() != rank)
    fail(op, "memory_format", "a format for " + std::to_string(sizes.size()) + " dimensions",
         rank == 4 ? "channels_last, for 4" : "channels_last_3d, for 5");
  return channels_last_strides(sizes);
}

bool Tensor::is_contiguous(MemoryFormat format) const {
  if (format == MemoryFormat::Contiguous || format == MemoryFormat::Preserve) return is_contiguous();
  return dim() == (format == MemoryFormat::ChannelsLast ? 4 : 5) && lies_in(*this, channels_last_strides(sizes()));
}

MemoryFormat Tensor::suggest_memory_format() const {
  if (dim() == 4 && is_channels_last(*this)) return MemoryFormat::ChannelsLast;
  if (dim() == 5 && is_channels_last(*this)) return MemoryFormat::ChannelsLast3d;
  return MemoryFormat::Contiguous;
}

}  // namespace lazuli
