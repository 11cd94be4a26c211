#include "lazuli/ops/base/view.h"

#include <algorithm>

#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

Tensor alias_view(const Tensor& self, const Shape& sizes, const Shape& strides, int64_t offset) {
  return alias(self, sizes, strides, offset, "view");
}

namespace {
// Whether elements may share memory: some step is no longer than what the shorter ones reach over.
bool may_overlap(const Shape& sizes, const Shape& strides) {
  std::vector<std::pair<int64_t, int64_t>> steps;
  for (int64_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] > 1) steps.emplace_back(strides[i], sizes[i]);
  std::sort(steps.begin(), steps.end());
  int64_t reach = 0;
  for (auto [stride, size] : steps) {
    if (stride <= reach) return true;
    reach += stride * (size - 1);
  }
  return false;
}
}  // namespace

namespace support {

Tensor read_view(const Tensor& base, const Shape& sizes, const Shape& strides, int64_t offset) {
  return as_strided(base, sizes, strides, base.storage_offset() + offset);
}

Tensor read_view_backward(const Tensor& grad, const Shape& base_sizes, const Shape& base_strides, const Shape& strides, int64_t offset) {
  const int64_t reach = reach_of(base_sizes, base_strides, grad.dtype(), "as_strided");
  if (may_overlap(base_sizes, base_strides)) {  // an element of the storage shares its gradient out among those of the base that show it
    Tensor shown = support::zeros({reach}, grad.dtype(), grad.device()), one = lazuli::ones(base_sizes, grad.dtype(), grad.device());
    if (one.numel()) as_strided_backward_kernel(grad.device(), shown, one, base_strides, 0);
    Tensor of_storage = read_view_backward(grad, {reach}, {1}, strides, offset);
    return as_strided(of_storage / clamp_min(shown, 1), base_sizes, base_strides, 0);
  }
  // The view may go on in the storage behind the base's last element.
  const int64_t whole = grad.numel() ? std::max(reach, offset + reach_of(grad.sizes(), strides, grad.dtype(), "as_strided")) : reach;
  Tensor flat = support::zeros({whole}, grad.dtype(), grad.device());
  if (grad.numel()) as_strided_backward_kernel(grad.device(), flat, grad, strides, offset);
  Tensor out = alias(flat, base_sizes, base_strides, 0);
  if (auto tape = Tape::recording(grad)) {
    tape.record("as_strided_backward", out, [sizes = grad.sizes(), strides, offset, base_sizes, base_strides](const Tensor& g, Needs) {
      Tensor base = g;
      if (!(base.strides() == base_strides)) {
        base = new_strided(base_sizes, base_strides, g.dtype(), g.device());
        copy_(base, g);
      }
      return Grads{read_view(base, sizes, strides, offset)};
    });
  }
  return out;
}

Tensor write_view(const Tensor& base, const Tensor& values, const Shape& strides, int64_t offset) {
  check_bounds(values.sizes(), strides, offset, reach_of(base.sizes(), base.strides(), base.dtype(), "as_strided_scatter"), "as_strided_scatter");
  Tensor out = new_strided(base.sizes(), base.strides(), base.dtype(), base.device());
  if (base.numel()) copy_kernel(base.device(), out, base);
  Tensor part = alias(out, values.sizes(), strides, offset);
  if (values.numel()) copy_kernel(base.device(), part, casted(values, base.dtype()));
  if (auto tape = Tape::recording(base, values)) {
    tape.record("as_strided_scatter", out,
                [sizes = values.sizes(), strides, offset, base_sizes = base.sizes(), base_strides = base.strides()](const Tensor& g, Needs needs) {
                  Tensor grad = g;
                  if (!(grad.strides() == base_strides)) {
                    grad = new_strided(base_sizes, base_strides, g.dtype(), g.device());
                    copy_(grad, g);
                  }
                  Tensor rest = needs[0] ? write_view(grad, support::zeros(sizes, g.dtype(), g.device()), strides, offset) : Tensor();
                  return Grads{rest, needs[1] ? read_view(grad, sizes, strides, offset) : Tensor()};
                });
  }
  return out;
}

}  // namespace support

namespace {
int64_t elements_of(const Tensor& t) { return t.storage()->bytes() / t.item_size(); }
}  // namespace

Tensor as_strided(const Tensor& self, const Shape& sizes, const Shape& strides, std::optional<int64_t> storage_offset) {
  need_defined("as_strided", self);
  int64_t offset = storage_offset.value_or(self.storage_offset());
  check_bounds(sizes, strides, offset, elements_of(self), "as_strided");
  int64_t from_base = offset - self.storage_offset();
  if (modes.grad && self.requires_grad() && from_base < 0)
    fail("as_strided", "storage_offset", "an offset inside the part of the storage that self covers", std::to_string(offset));
  return make_view("as_strided", self, sizes, strides, offset,
                   [base_sizes = self.sizes(), base_strides = self.strides(), strides, from_base](const Tensor& grad) {
                     return support::read_view_backward(grad, base_sizes, base_strides, strides, from_base);
                   });
}

Tensor as_strided_scatter(const Tensor& self, const Tensor& source, const Shape& sizes, const Shape& strides, std::optional<int64_t> storage_offset) {
  need_defined("as_strided_scatter", self, "self", source, "src");
  int64_t offset = storage_offset.value_or(self.storage_offset());
  check_bounds(sizes, strides, offset, elements_of(self), "as_strided_scatter");
  if (!(source.sizes() == sizes)) fail("as_strided_scatter", "src", "sizes " + to_string(sizes), to_string(source.sizes()));
  return support::write_view(self, source, strides, offset - self.storage_offset());
}

void register_view(OpTable& table) {
  table.add("as_strided(Tensor self, int[] size, int[] stride, int? storage_offset=None) -> Tensor", &as_strided);
  table.add("as_strided_scatter(Tensor self, Tensor src, int[] size, int[] stride, int? storage_offset=None) -> Tensor", &as_strided_scatter);
}

}  // namespace lazuli
