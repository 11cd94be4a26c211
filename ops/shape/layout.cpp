#include "lazuli/ops/shape/layout.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/memory/storage.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

Tensor empty_permuted(const Shape& sizes, const Shape& physical_layout, const CreationOptions& options) {
  constexpr const char* op = "empty_permuted";
  if (physical_layout.size() != sizes.size())
    fail(op, "physical_layout", "each of " + std::to_string(sizes.size()) + " dimensions", to_string(physical_layout));
  Shape strides = Shape::filled(sizes.size(), -1);
  int64_t step = 1;
  for (int64_t i = sizes.size(); i-- > 0;) {
    const int64_t d = physical_layout[i];
    if (d < 0 || d >= sizes.size() || strides[d] != -1) fail(op, "physical_layout", "each dimension once", to_string(physical_layout));
    if (sizes[d] < 0) fail(op, "size", "sizes that are not negative", to_string(sizes));
    strides[d] = step;
    step = size_product(step, std::max<int64_t>(sizes[d], 1), op);
  }
  return empty_strided(sizes, strides, options);
}

Tensor new_empty_strided(const Tensor& self, const Shape& sizes, const Shape& strides, const CreationOptions& options) {
  need_defined("new_empty_strided", self);
  return empty_strided(sizes, strides, {options.dtype.value_or(self.dtype()), options.device.value_or(self.device()), options.requires_grad});
}

Tensor& resize_(const Tensor& self, const Shape& sizes) {
  constexpr const char* op = "resize_";
  need_defined(op, self);
  if (self.requires_grad()) fail(ErrorKind::State, op, "self", "a tensor that does not require grad", "one that does");
  TensorBody& body = *self.body();
  const int64_t start = self.storage_offset(), there = self.storage() ? self.storage()->bytes() / item_size(self.dtype()) - start : 0;
  for (int64_t n : sizes)
    if (n < 0) fail(op, "size", "sizes that are not negative", to_string(sizes));
  const int64_t wanted = reach_of(sizes, contiguous_strides(sizes), self.dtype(), op);
  if (wanted <= there || self.device().is_meta()) {
    set_geometry(body, sizes, contiguous_strides(sizes), start, op);
  } else {
    Tensor grown = new_tensor(sizes, self.dtype(), self.device());
    if (there > 0) {
      Tensor kept = alias(grown, {there}, {1}, 0);
      copy_kernel(self.device(), kept, alias(self, {there}, {1}, start));
    }
    body.storage = grown.storage();
    set_geometry(body, sizes, grown.strides(), 0, op);
  }
  return const_cast<Tensor&>(self);
}

Tensor& resize_as_(const Tensor& self, const Tensor& like) {
  need_defined("resize_as_", self, "self", like, "the_template");
  return resize_(self, like.sizes());
}

void register_layout(OpTable& table) {
  using T = std::optional<DType>;
  using D = std::optional<Device>;
  table.add("empty_permuted(int[] size, int[] physical_layout, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Shape& s, const Shape& p, T t, D d, bool g) {
              return empty_permuted(s, p, {t, d, g});
            });
  table.add("new_empty_strided(Tensor self, int[] size, int[] stride, *, dtype? dtype=None, Device? device=None, bool requires_grad=False) -> Tensor",
            [](const Tensor& x, const Shape& s, const Shape& p, T t, D d, bool g) {
              return new_empty_strided(x, s, p, {t, d, g});
            });
  table.add("resize_(Tensor(a!) self, int[] size) -> Tensor(a!)", &resize_);
  table.add("resize_as_(Tensor(a!) self, Tensor the_template) -> Tensor(a!)", &resize_as_);
  table.add("can_broadcast_to(int[] from, int[] to) -> bool", &can_broadcast_to);
  table.add("needs_broadcast(int[] a, int[] b) -> bool", &needs_broadcast);
}

}  // namespace lazuli
