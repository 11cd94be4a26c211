#include "lazuli/ops/shape/memory_format.h"

#include <string>

#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli {
namespace {
int64_t rank_of(MemoryFormat format) { return format == MemoryFormat::ChannelsLast ? 4 : 5; }
Tensor last(const Tensor& t) { return movedim(t, {1}, {-1}); }
}  // namespace

Tensor contiguous(const Tensor& self, MemoryFormat format) {
  need_defined("contiguous", self);
  if (format == MemoryFormat::Contiguous) return contiguous(self);
  if (self.dim() != rank_of(format))
    fail("contiguous", "self", std::to_string(rank_of(format)) + " dimensions, as the memory format has", "sizes " + to_string(self.sizes()));
  if (is_contiguous(self, format)) return self;
  return movedim(contiguous(last(self)), {-1}, {1});
}

bool is_contiguous(const Tensor& self, MemoryFormat format) {
  need_defined("is_contiguous", self);
  if (format == MemoryFormat::Contiguous) return self.is_contiguous();
  return self.dim() == rank_of(format) && last(self.detach()).is_contiguous();
}

}  // namespace lazuli
