#include "lazuli/core/vmap/fold.h"

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::batching {
namespace {

Shape rest(const Shape& shape, int64_t from) { return Shape(shape.data() + from, shape.size() - from); }

Shape with_first(int64_t first, const Shape& others) {
  Shape out = others;
  out.insert(0, first);
  return out;
}

// The strides of a copy: of samples row by row, each in its own order where it has one without holes.
Shape copy_strides(const Tensor& t, int64_t count) {
  const int64_t last = count - 1;  // the first dimension that is the sample's own
  int64_t elements = 1;
  for (int64_t i = last; i < t.dim(); ++i) elements *= t.sizes()[i];
  int64_t reach = 1;
  for (int64_t i = last; i < t.dim(); ++i)
    if (t.sizes()[i] > 1) reach += (t.sizes()[i] - 1) * t.strides()[i];
  bool first_is_slowest = true, shared = false;
  for (int64_t i = last; i < t.dim(); ++i) {
    shared |= t.sizes()[i] > 1 && t.strides()[i] == 0;
    if (i > last && t.sizes()[i] > 1 && t.sizes()[last] > 1 && t.strides()[i] > t.strides()[last]) first_is_slowest = false;
  }
  if (elements == 0 || shared || reach != elements || !first_is_slowest) return contiguous_strides(t.sizes());
  Shape strides = t.strides();
  if (t.sizes()[last] <= 1) strides[last] = elements;
  int64_t step = elements;
  for (int64_t i = last; i-- > 0;) {
    strides[i] = step;
    step *= t.sizes()[i];
  }
  return strides;
}

}  // namespace

Tensor contiguous(const Tensor& t) {
  if (!t.defined() || t.is_contiguous()) return t;
  Tensor out = new_tensor(t.sizes(), t.dtype(), t.device());
  if (t.numel()) copy_kernel(t.device(), out, t);
  return out;
}

bool folds(const Tensor& t, int64_t count) {
  int64_t stride = 0;
  bool any = false;
  for (int64_t i = count; i-- > 0;) {
    if (t.sizes()[i] == 1) continue;
    if (any && t.strides()[i] != stride) return false;
    stride = t.strides()[i] * t.sizes()[i];
    any = true;
  }
  return true;
}

Tensor folded(const Tensor& t, int64_t count) {
  if (!t.defined()) return t;
  int64_t first = 1, stride = 1;
  for (int64_t i = 0; i < count; ++i) {
    first *= t.sizes()[i];
    if (t.sizes()[i] != 1) stride = t.strides()[i];
  }
  if (!folds(t, count)) {
    Tensor copy = new_strided(t.sizes(), copy_strides(t, count), t.dtype(), t.device());
    if (t.numel()) copy_kernel(t.device(), copy, t);
    return folded(copy, count);
  }
  if (first == 1) stride = count < t.dim() ? t.sizes()[count] * t.strides()[count] : 1;
  return alias(t, with_first(first, rest(t.sizes(), count)), with_first(stride, rest(t.strides(), count)), t.storage_offset());
}

Tensor packed(const Tensor& t, int64_t count) {
  const Tensor view = folded(t, count);
  const int64_t first = view.sizes()[0];
  if (first <= 1 || view.numel() == 0 || view.strides()[0] == view.numel() / first) return view;
  Tensor copy = new_strided(t.sizes(), copy_strides(t, count), t.dtype(), t.device());
  copy_kernel(t.device(), copy, t);
  return folded(copy, count);
}

Tensor unfolded(const Tensor& t, const Shape& sizes) {
  Shape all = sizes, strides = sizes;
  int64_t step = t.strides()[0];
  for (int64_t i = sizes.size(); i-- > 0;) {
    strides[i] = step;
    step *= sizes[i];
  }
  for (int64_t i = 1; i < t.dim(); ++i) all.push_back(t.sizes()[i]), strides.push_back(t.strides()[i]);
  return alias(t, all, strides, t.storage_offset());
}

void Written::fold(int64_t count) {
  if (!form.defined()) return;
  sizes_ = Shape(form.sizes().data(), count);
  if (folds(form, count)) {
    form = folded(form, count);
    return;
  }
  apart_ = true;
  if (keep_) {
    form = folded(form, count);
  } else {
    Tensor fresh = new_strided(form.sizes(), copy_strides(form, count), form.dtype(), form.device());
    form = folded(fresh, count);
  }
}

void Written::make_contiguous() {
  if (!form.defined() || form.is_contiguous()) return;
  apart_ = true;
  Tensor fresh = new_tensor(form.sizes(), form.dtype(), form.device());
  if (keep_ && form.numel()) copy_kernel(form.device(), fresh, form);
  form = fresh;
}

void Written::finish() const {
  if (!apart_ || there_.numel() == 0) return;
  Tensor to = there_;
  copy_kernel(to.device(), to, sizes_.empty() ? form : unfolded(form, sizes_));
}

}  // namespace lazuli::batching
