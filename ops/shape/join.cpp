#include "lazuli/ops/shape/join.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/shape/split.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

DType joined_type(const std::vector<Tensor>& tensors) {
  bool same = true;
  for (const Tensor& t : tensors) same &= t.dtype() == tensors[0].dtype();
  return same ? tensors[0].dtype() : result_type(tensors);
}
Device joined_device(const char* op, const std::vector<Tensor>& tensors) {
  for (const Tensor& t : tensors)
    if (!(t.device() == tensors[0].device()))
      fail(op, "tensors", "tensors on one device", to_string(tensors[0].device()) + " and " + to_string(t.device()));
  return tensors[0].device();
}
void need_some(const char* op, const std::vector<Tensor>& tensors) {
  if (tensors.empty()) fail(op, "tensors", "at least one tensor", "none");
}

}  // namespace

Tensor cat(const std::vector<Tensor>& tensors, int64_t dim) {
  if (const Casting cast{Cast::Widest, tensors}) return cat(cast(tensors), dim);
  need_defined("cat", tensors, "tensors");
  need_some("cat", tensors);
  auto passed_over = [](const Tensor& t) { return t.dim() == 1 && t.sizes()[0] == 0; };
  const Tensor* first = nullptr;
  for (const Tensor& t : tensors) {
    if (t.dim() == 0) fail("cat", "tensors", "tensors with dimensions (stack joins 0-d ones)", "a 0-d tensor");
    if (!first && !passed_over(t)) first = &t;
  }
  if (!first) first = &tensors[0];
  int64_t at = wrap_dim(dim, first->dim(), "cat");
  Shape sizes = first->sizes();
  sizes[at] = 0;
  for (const Tensor& t : tensors) {
    if (passed_over(t)) continue;
    bool fits = t.dim() == first->dim();
    for (int64_t i = 0; fits && i < t.dim(); ++i) fits = i == at || t.sizes()[i] == sizes[i];
    if (!fits) fail("cat", "tensors", "sizes " + to_string(first->sizes()) + " except in dimension " + std::to_string(at), to_string(t.sizes()));
    sizes[at] = size_sum(sizes[at], t.sizes()[at], "cat");
  }
  DType dtype = joined_type(tensors);
  Device device = joined_device("cat", tensors);
  Tensor out = new_tensor(sizes, dtype, device);
  if (!device.is_meta()) {
    int64_t begin = 0;
    for (const Tensor& t : tensors) {
      if (t.numel() == 0) continue;
      Tensor part = alias(out, t.sizes(), out.strides(), begin * out.strides()[at]);
      copy_kernel(device, part, t);
      begin += t.sizes()[at];
    }
  }
  if (auto tape = Tape::recording(tensors)) {
    std::vector<std::pair<int64_t, int64_t>> ranges;  // second -1: passed over
    ranges.reserve(tensors.size());
    for (int64_t begin = 0; const Tensor& t : tensors) {
      int64_t length = passed_over(t) && first->dim() != 1 ? -1 : t.sizes()[at];
      ranges.emplace_back(begin, length);
      begin += std::max<int64_t>(length, 0);
    }
    tape.record("cat", out, [ranges = std::move(ranges), at](const Tensor& grad, Needs needs) {
      Grads grads;
      grads.reserve(ranges.size());
      for (size_t i = 0; i < ranges.size(); ++i) {
        auto [begin, length] = ranges[i];
        grads.push_back(!needs[i] ? Tensor() : length < 0 ? new_tensor({0}, grad.dtype(), grad.device()) : narrow(grad, at, begin, length));
      }
      return grads;
    });
  }
  return out;
}
Tensor concat(const std::vector<Tensor>& tensors, int64_t dim) { return cat(tensors, dim); }

Tensor stack(const std::vector<Tensor>& tensors, int64_t dim) {
  if (const Casting cast{Cast::Widest, tensors}) return stack(cast(tensors), dim);
  need_defined("stack", tensors, "tensors");
  need_some("stack", tensors);
  const Shape& each = tensors[0].sizes();
  int64_t at = wrap_dim(dim, each.size() + 1, "stack");
  for (const Tensor& t : tensors)
    if (!(t.sizes() == each)) fail("stack", "tensors", "tensors of one size, " + to_string(each), to_string(t.sizes()));
  Shape sizes = each;
  sizes.insert(at, int64_t(tensors.size()));
  DType dtype = joined_type(tensors);
  Device device = joined_device("stack", tensors);
  Tensor out = new_tensor(sizes, dtype, device);
  if (out.numel() && !device.is_meta()) {
    Shape strides = out.strides();
    int64_t step = strides[at];
    strides.erase(at);
    for (int64_t i = 0; const Tensor& t : tensors) {
      Tensor part = alias(out, each, strides, i++ * step);
      copy_kernel(device, part, t);
    }
  }
  if (auto tape = Tape::recording(tensors))
    tape.record("stack", out, [count = tensors.size(), at](const Tensor& grad, Needs needs) {
      Grads grads;
      grads.reserve(count);
      for (size_t i = 0; i < count; ++i) grads.push_back(needs[i] ? select(grad, at, int64_t(i)) : Tensor());
      return grads;
    });
  return out;
}

Tensor hstack(const std::vector<Tensor>& tensors) {
  need_defined("hstack", tensors, "tensors");
  need_some("hstack", tensors);
  std::vector<Tensor> rows = atleast_1d(tensors);
  return cat(rows, rows[0].dim() == 1 ? 0 : 1);
}
Tensor vstack(const std::vector<Tensor>& tensors) {
  need_defined("vstack", tensors, "tensors");
  need_some("vstack", tensors);
  return cat(atleast_2d(tensors), 0);
}
Tensor row_stack(const std::vector<Tensor>& tensors) { return vstack(tensors); }
Tensor dstack(const std::vector<Tensor>& tensors) {
  need_defined("dstack", tensors, "tensors");
  need_some("dstack", tensors);
  return cat(atleast_3d(tensors), 2);
}
Tensor column_stack(const std::vector<Tensor>& tensors) {
  need_defined("column_stack", tensors, "tensors");
  need_some("column_stack", tensors);
  std::vector<Tensor> columns;
  for (const Tensor& t : tensors) columns.push_back(t.dim() <= 1 ? reshape(t, {t.numel(), 1}) : t);
  return cat(columns, 1);
}

void register_join(OpTable& table) {
  table.add("cat(Tensor[] tensors, int dim=0) -> Tensor", &cat);
  table.alias("concat", "cat");
  table.alias("concatenate", "cat");
  table.add("stack(Tensor[] tensors, int dim=0) -> Tensor", &stack);
  table.add("hstack(Tensor[] tensors) -> Tensor", &hstack);
  table.add("vstack(Tensor[] tensors) -> Tensor", &vstack);
  table.alias("row_stack", "vstack");
  table.add("dstack(Tensor[] tensors) -> Tensor", &dstack);
  table.add("column_stack(Tensor[] tensors) -> Tensor", &column_stack);
}

}  // namespace lazuli
