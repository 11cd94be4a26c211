#include "lazuli/ops/shape/shape.h"

#include <algorithm>

#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/view.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

Shape inferred(const char* op, const Shape& wanted, int64_t numel, const Shape& from) {
  int64_t unknown = -1, known = 1;
  for (int64_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == -1) {
      if (unknown >= 0) fail(op, "sizes", "at most one -1", to_string(wanted));
      unknown = i;
    } else if (wanted[i] < 0) {
      fail(op, "sizes", "sizes that are not negative, or -1", to_string(wanted));
    } else if (__builtin_mul_overflow(known, wanted[i], &known)) {
      fail(op, "sizes", "sizes of " + std::to_string(numel) + " elements, those of " + to_string(from), to_string(wanted));
    }
  }
  if (unknown < 0) {
    if (known != numel) fail(op, "sizes", "sizes of " + std::to_string(numel) + " elements, those of " + to_string(from), to_string(wanted));
    return wanted;
  }
  if (known == 0) fail(op, "sizes", "no zero beside -1, which could then be anything", to_string(wanted));
  if (numel % known) fail(op, "sizes", "sizes that divide " + std::to_string(numel) + " elements, those of " + to_string(from), to_string(wanted));
  Shape sizes = wanted;
  sizes[unknown] = numel / known;
  return sizes;
}

// The strides under which the same memory has the new sizes, if there are any: each run of dimensions that lie in one piece can be cut anew.
bool view_strides(const Tensor& self, const Shape& sizes, Shape& strides) {
  if (self.is_contiguous()) {
    strides = contiguous_strides(sizes);
    return true;
  }
  const Shape &old_sizes = self.sizes(), &old_strides = self.strides();
  strides = sizes;
  int64_t to = sizes.size() - 1, piece_stride = old_sizes.empty() ? 1 : old_strides.back(), piece = 1, covered = 1;
  for (int64_t from = old_sizes.size() - 1; from >= 0; --from) {
    piece *= old_sizes[from];
    bool ends = from == 0 || (old_sizes[from - 1] != 1 && old_strides[from - 1] != piece * piece_stride);
    if (!ends) continue;
    while (to >= 0 && (covered < piece || sizes[to] == 1)) {
      strides[to] = covered * piece_stride;
      covered *= sizes[to--];
    }
    if (covered != piece) return false;
    if (from > 0) piece_stride = old_strides[from - 1], piece = covered = 1;
  }
  return to < 0;
}

Tensor view_at(const char* name, const Tensor& self, const Shape& sizes, const Shape& strides) {
  return make_view(name, self, sizes, strides, self.storage_offset(), [from = self.sizes()](const Tensor& grad) { return reshape(grad, from); });
}

// The gradient of a view that shows each element at most once: zeros with `grad` where the view lies; `view` makes that view of any tensor of self's sizes.
template <class View>
Tensor spread(const char* name, const Tensor& grad, const Shape& sizes, View view) {
  Tensor out = new_tensor(sizes, grad.dtype(), grad.device());
  if (out.numel()) {
    no_grad guard;
    fill_kernel(out.device(), out, 0);
    Tensor part = view(out);
    if (part.numel()) copy_kernel(out.device(), part, grad);
  }
  if (auto tape = Tape::recording(grad)) tape.record(name, out, [view](const Tensor& g, Needs) { return Grads{view(g)}; });
  return out;
}

// A copy of self with `src` where the view lies.
template <class View>
Tensor scattered(const char* name, const Tensor& self, const Tensor& src, View view) {
  Tensor out = new_tensor(self.sizes(), self.dtype(), self.device());
  {
    no_grad guard;
    Tensor part = view(out);
    if (!(part.sizes() == src.sizes())) fail(name, "src", "the sizes of the view it replaces, " + to_string(part.sizes()), to_string(src.sizes()));
    if (out.numel()) copy_kernel(out.device(), out, self);
    if (part.numel()) copy_kernel(out.device(), part, moved(src, out.device()));
  }
  if (auto tape = Tape::recording(self, src))
    tape.record(name, out, [name, view, sizes = src.sizes()](const Tensor& grad, Needs needs) {
      Tensor zero = needs[0] ? new_tensor(sizes, grad.dtype(), grad.device()) : Tensor();
      if (needs[0] && zero.numel()) fill_kernel(zero.device(), zero, 0);
      return Grads{needs[0] ? scattered(name, grad, zero, view) : Tensor(), needs[1] ? view(grad) : Tensor()};
    });
  return out;
}

void need_dims(const char* op, const Tensor& self) {
  if (self.dim() == 0) fail(ErrorKind::Index, op, "self", "a tensor with dimensions", "a 0-d tensor");
}

}  // namespace

Tensor view(const Tensor& self, const Shape& wanted) {
  need_defined("view", self);
  Shape sizes = inferred("view", wanted, self.numel(), self.sizes()), strides;
  if (!view_strides(self, sizes, strides))
    fail("view", "sizes", "sizes for which the memory need not be moved (reshape copies where it must)",
         to_string(wanted) + " for sizes " + to_string(self.sizes()) + " with strides " + to_string(self.strides()));
  return view_at("view", self, sizes, strides);
}

Tensor view(const Tensor& self, DType dtype) {
  need_defined("view", self);
  int64_t from = self.item_size(), into = item_size(dtype), offset = self.storage_offset();
  if (from == into) return alias(self, dtype, self.sizes(), self.strides(), offset, "view");
  const char* op = "view";
  if (self.dim() == 0) fail(op, "self", "at least 1 dimension for a dtype of another size", "a 0-d tensor");
  if (self.strides().back() != 1)
    fail(op, "self", "a last dimension of stride 1 for a dtype of another size", "stride " + std::to_string(self.strides().back()));
  int64_t last = self.dim() - 1, ratio = from > into ? from / into : into / from;
  auto scale = [&](int64_t n, const char* what) {
    int64_t more;
    if (from > into && __builtin_mul_overflow(n, ratio, &more)) fail(op, "self", std::string(what) + " that fits 63 bits", std::to_string(n));
    if (from > into) return more;
    if (n % ratio)
      fail(op, "self", std::string(what) + " that " + std::to_string(ratio) + " divides for " + std::string(name(dtype)), std::to_string(n));
    return n / ratio;
  };
  Shape sizes = self.sizes(), strides = self.strides();
  sizes[last] = scale(sizes[last], "a last size");
  for (int64_t i = 0; i < last; ++i) strides[i] = scale(strides[i], "strides");
  return alias(self, dtype, sizes, strides, scale(offset, "an offset"), op);
}

Tensor reshape(const Tensor& self, const Shape& wanted) {
  need_defined("reshape", self);
  Shape sizes = inferred("reshape", wanted, self.numel(), self.sizes()), strides;
  if (view_strides(self, sizes, strides)) return view_at("reshape", self, sizes, strides);
  return view_at("reshape", contiguous(self), sizes, contiguous_strides(sizes));
}

Tensor view_as(const Tensor& self, const Tensor& other) {
  need_defined("view_as", self, "self", other, "other");
  return view(self, other.sizes());
}
Tensor reshape_as(const Tensor& self, const Tensor& other) {
  need_defined("reshape_as", self, "self", other, "other");
  return reshape(self, other.sizes());
}

Tensor flatten(const Tensor& self, int64_t start_dim, int64_t end_dim) {
  need_defined("flatten", self);
  int64_t first = wrap_dim(start_dim, self.dim(), "flatten"), last = wrap_dim(end_dim, self.dim(), "flatten");
  if (first > last) fail("flatten", "end_dim", "a dimension not before start_dim " + std::to_string(start_dim), std::to_string(end_dim));
  if (self.dim() == 0) return reshape(self, {1});
  if (first == last) return self;
  Shape sizes;
  for (int64_t i = 0; i < self.dim(); ++i) {
    if (i > first && i <= last) sizes[first] *= self.sizes()[i];
    else sizes.push_back(self.sizes()[i]);
  }
  return reshape(self, sizes);
}
Tensor ravel(const Tensor& self) {
  need_defined("ravel", self);
  return view(contiguous(self), {-1});
}

Tensor unflatten(const Tensor& self, int64_t dim, const Shape& parts) {
  need_defined("unflatten", self);
  int64_t at = wrap_dim(dim, self.dim(), "unflatten");
  need_dims("unflatten", self);
  if (parts.empty()) fail("unflatten", "sizes", "at least one size", "none");
  Shape sizes = self.sizes(), inner = inferred("unflatten", parts, self.sizes()[at], Shape{self.sizes()[at]});
  sizes.erase(at);
  for (int64_t i = 0; i < inner.size(); ++i) sizes.insert(at + i, inner[i]);
  return view(self, sizes);
}

Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1) {
  need_defined("transpose", self);
  int64_t a = wrap_dim(dim0, self.dim(), "transpose"), b = wrap_dim(dim1, self.dim(), "transpose");
  Shape sizes = self.sizes(), strides = self.strides();
  if (a != b) std::swap(sizes[a], sizes[b]), std::swap(strides[a], strides[b]);
  return make_view("transpose", self, sizes, strides, self.storage_offset(), [a, b](const Tensor& grad) { return transpose(grad, a, b); });
}

Tensor permute(const Tensor& self, const Shape& dims) {
  need_defined("permute", self);
  if (dims.size() != self.dim())
    fail(errors::permute_error_dimension_count_mismatch, "permute", "dims", "all of the " + std::to_string(self.dim()) + " dimensions",
         to_string(dims));
  Shape order = wrap_dims(dims, self.dim(), "permute"), back = order, sizes = order, strides = order;
  for (int64_t i = 0; i < order.size(); ++i) sizes[i] = self.sizes()[order[i]], strides[i] = self.strides()[order[i]], back[order[i]] = i;
  return make_view("permute", self, sizes, strides, self.storage_offset(), [back](const Tensor& grad) { return permute(grad, back); });
}

Tensor t(const Tensor& self) {
  need_defined("t", self);
  if (self.dim() > 2) fail(errors::transpose_error_requires_2d_tensor, "t", "self", "at most 2 dimensions", to_string(self.sizes()));
  return transpose(self, 0, self.dim() < 2 ? 0 : 1);
}
Tensor T(const Tensor& self) {
  need_defined("T", self);
  Shape dims = self.sizes();
  for (int64_t i = 0; i < dims.size(); ++i) dims[i] = dims.size() - 1 - i;
  return permute(self, dims);
}
Tensor mT(const Tensor& self) {
  need_defined("mT", self);
  if (self.dim() == 1) fail("mT", "self", "a matrix or a batch of matrices", to_string(self.sizes()));
  return self.dim() == 0 ? self : transpose(self, -2, -1);
}
Tensor H(const Tensor& self) {
  need_defined("H", self);
  if (self.dim() != 0 && self.dim() != 2) fail("H", "self", "a matrix", to_string(self.sizes()));
  Tensor turned = self.dim() == 0 ? self : transpose(self, 0, 1);
  return self.is_complex() ? conj(turned) : turned;
}
Tensor mH(const Tensor& self) {
  need_defined("mH", self);
  if (self.dim() == 1) fail("mH", "self", "a matrix or a batch of matrices", to_string(self.sizes()));
  Tensor turned = self.dim() == 0 ? self : transpose(self, -2, -1);
  return self.is_complex() ? conj(turned) : turned;
}
Tensor adjoint(const Tensor& self) {
  need_defined("adjoint", self);
  return mH(self);
}

Tensor movedim(const Tensor& self, const Shape& source, const Shape& destination) {
  need_defined("movedim", self);
  if (source.size() != destination.size()) fail("movedim", "destination", "as many places as source " + to_string(source), to_string(destination));
  Shape from = wrap_dims(source, self.dim(), "movedim"), to = wrap_dims(destination, self.dim(), "movedim");
  if (self.dim() == 0) return permute(self, {});
  Shape order = Shape::filled(self.dim(), -1);
  for (int64_t i = 0; i < from.size(); ++i) order[to[i]] = from[i];
  for (int64_t next = 0, place = 0; next < self.dim(); ++next) {
    if (from.contains(next)) continue;
    while (order[place] >= 0) ++place;
    order[place] = next;
  }
  return permute(self, order);
}
Tensor moveaxis(const Tensor& self, const Shape& source, const Shape& destination) { return movedim(self, source, destination); }
Tensor swapaxes(const Tensor& self, int64_t axis0, int64_t axis1) {
  need_defined("swapaxes", self);
  return transpose(self, axis0, axis1);
}
Tensor swapdims(const Tensor& self, int64_t dim0, int64_t dim1) {
  need_defined("swapdims", self);
  return transpose(self, dim0, dim1);
}

namespace {
void squeezed(const Tensor& self, const std::optional<Shape>& dims, Shape& sizes, Shape& strides) {
  Shape chosen = dims ? wrap_dims(*dims, self.dim(), "squeeze") : Shape();
  for (int64_t i = 0; i < self.dim(); ++i) {
    if (self.sizes()[i] == 1 && (!dims || chosen.contains(i))) continue;
    sizes.push_back(self.sizes()[i]);
    strides.push_back(self.strides()[i]);
  }
}
int64_t unsqueezed(const Tensor& self, int64_t dim, Shape& sizes, Shape& strides) {
  int64_t at = wrap_dim(dim, self.dim() + 1, "unsqueeze");
  sizes = self.sizes();
  strides = self.strides();
  int64_t step = at < self.dim() ? sizes[at] * strides[at] : 1;
  sizes.insert(at, 1);
  strides.insert(at, step);
  return at;
}
}  // namespace

Tensor squeeze(const Tensor& self, OptionalShape dims) {
  need_defined("squeeze", self);
  Shape sizes, strides;
  squeezed(self, dims, sizes, strides);
  return view_at("squeeze", self, sizes, strides);
}

Tensor unsqueeze(const Tensor& self, int64_t dim) {
  need_defined("unsqueeze", self);
  Shape sizes, strides;
  int64_t at = unsqueezed(self, dim, sizes, strides);
  return make_view("unsqueeze", self, sizes, strides, self.storage_offset(), [at](const Tensor& grad) { return squeeze(grad, Shape(at)); });
}

Tensor expand(const Tensor& self, const Shape& wanted) {
  need_defined("expand", self);
  int64_t lead = wanted.size() - self.dim();
  if (lead < 0)
    fail(errors::expand_error_incompatible, "expand", "sizes",
         "at least the " + std::to_string(self.dim()) + " dimensions of " + to_string(self.sizes()), to_string(wanted));
  Shape sizes = wanted, strides = Shape::filled(wanted.size(), 0);
  for (int64_t i = 0; i < wanted.size(); ++i) {
    int64_t from = i < lead ? 1 : self.sizes()[i - lead];
    if (wanted[i] == -1 && i >= lead) sizes[i] = from;
    if (sizes[i] < 0)
      fail(errors::expand_error_incompatible, "expand", "sizes", "sizes that are not negative (-1 only where there is a size to keep)",
           to_string(wanted));
    if (i >= lead && from == sizes[i]) strides[i] = self.strides()[i - lead];
    else if (from != 1)
      fail(errors::expand_error_incompatible, "expand", "sizes", "sizes to which " + to_string(self.sizes()) + " broadcasts", to_string(wanted));
  }
  return make_view("expand", self, sizes, strides, self.storage_offset(), [](const Tensor& grad) { return grad; });  // the engine sums
}
Tensor expand_as(const Tensor& self, const Tensor& other) {
  need_defined("expand_as", self, "self", other, "other");
  return expand(self, other.sizes());
}
Tensor broadcast_to(const Tensor& self, const Shape& sizes) {
  need_defined("broadcast_to", self);
  return expand(self, sizes);
}

std::vector<Tensor> broadcast_tensors(const std::vector<Tensor>& tensors) {
  need_defined("broadcast_tensors", tensors, "tensors");
  Shape sizes;
  for (const Tensor& t : tensors) sizes = broadcast_shapes(sizes, t.sizes(), "broadcast_tensors");
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(expand(t, sizes));
  return out;
}
Shape broadcast_shapes(const std::vector<Shape>& shapes) {
  Shape sizes;
  for (const Shape& s : shapes) {
    for (int64_t v : s)
      if (v < 0) fail("broadcast_shapes", "shapes", "sizes that are not negative", to_string(s));
    sizes = broadcast_shapes(sizes, s, "broadcast_shapes");
  }
  return sizes;
}

Tensor atleast_1d(const Tensor& self) {
  need_defined("atleast_1d", self);
  return self.dim() == 0 ? reshape(self, {1}) : self;
}
Tensor atleast_2d(const Tensor& self) {
  need_defined("atleast_2d", self);
  return self.dim() == 0 ? reshape(self, {1, 1}) : self.dim() == 1 ? unsqueeze(self, 0) : self;
}
Tensor atleast_3d(const Tensor& self) {
  need_defined("atleast_3d", self);
  if (self.dim() == 0) return reshape(self, {1, 1, 1});
  if (self.dim() == 1) return unsqueeze(unsqueeze(self, 0), -1);
  return self.dim() == 2 ? unsqueeze(self, -1) : self;
}
namespace {
template <class F>
std::vector<Tensor> each(const std::vector<Tensor>& tensors, F f) {
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(f(t));
  return out;
}
}  // namespace
std::vector<Tensor> atleast_1d(const std::vector<Tensor>& tensors) {
  need_defined("atleast_1d", tensors, "tensors");
  return each(tensors, [](const Tensor& t) { return atleast_1d(t); });
}
std::vector<Tensor> atleast_2d(const std::vector<Tensor>& tensors) {
  need_defined("atleast_2d", tensors, "tensors");
  return each(tensors, [](const Tensor& t) { return atleast_2d(t); });
}
std::vector<Tensor> atleast_3d(const std::vector<Tensor>& tensors) {
  need_defined("atleast_3d", tensors, "tensors");
  return each(tensors, [](const Tensor& t) { return atleast_3d(t); });
}

Tensor select(const Tensor& self, int64_t dim, int64_t index) {
  need_defined("select", self);
  need_dims("select", self);
  int64_t at = wrap_dim(dim, self.dim(), "select"), size = self.sizes()[at];
  if (index < -size || index >= size)
    fail(errors::select_error_index_out_of_bounds, ErrorKind::Index, "select", "index",
         "an index of dimension " + std::to_string(at) + ", which has size " + std::to_string(size), std::to_string(index));
  if (index < 0) index += size;
  Shape sizes = self.sizes(), strides = self.strides();
  int64_t offset = self.storage_offset() + index * strides[at];
  sizes.erase(at);
  strides.erase(at);
  return make_view("select", self, sizes, strides, offset, [from = self.sizes(), at, index](const Tensor& grad) {
    return spread("select_backward", grad, from, [at, index](const Tensor& x) { return select(x, at, index); });
  });
}

Tensor with_options::slice(const Tensor& self, SliceOptions options) {
  need_defined("slice", self);
  need_dims("slice", self);
  const int64_t step = options.step;
  int64_t at = wrap_dim(options.dim, self.dim(), "slice"), size = self.sizes()[at];
  if (step < 1) fail(errors::slice_error_out_of_bounds, "slice", "step", "a positive step", std::to_string(step));
  int64_t first = options.start.value_or(0), last = options.end.value_or(size);
  first = std::clamp<int64_t>(first < 0 ? first + size : first, 0, size);
  last = std::clamp<int64_t>(last < 0 ? last + size : last, first, size);
  Shape sizes = self.sizes(), strides = self.strides();
  int64_t offset = self.storage_offset() + first * strides[at];
  sizes[at] = (last - first) / step + ((last - first) % step != 0);
  strides[at] = sizes[at] > 1 || step == 1 ? strides[at] * step : strides[at];
  return make_view("slice", self, sizes, strides, offset, [from = self.sizes(), at, first, last, step](const Tensor& grad) {
    return spread("slice_backward", grad, from, [at, first, last, step](const Tensor& x) { return slice(x, at, first, last, step); });
  });
}

Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  need_defined("narrow", self);
  need_dims("narrow", self);
  int64_t at = wrap_dim(dim, self.dim(), "narrow"), size = self.sizes()[at];
  if (length < 0) fail(errors::narrow_error_length_exceeds_bounds, "narrow", "length", "a length that is not negative", std::to_string(length));
  if (start < -size || start > size)
    fail(errors::narrow_error_start_out_of_bounds, ErrorKind::Index, "narrow", "start",
         "a place in [" + std::to_string(-size) + ", " + std::to_string(size) + "]", std::to_string(start));
  if (start < 0) start += size;
  if (start > size - length)
    fail(errors::narrow_error_length_exceeds_bounds, "narrow", "length",
         "at most " + std::to_string(size - start) + ", what is left of dimension " + std::to_string(at), std::to_string(length));
  return slice(self, at, start, start + length);
}
Tensor narrow(const Tensor& self, int64_t dim, const Tensor& start, int64_t length) {
  need_defined("narrow", self, "self", start, "start");
  if (start.dim() != 0 || !is_integral(start.dtype()) || start.dtype() == kBool)
    fail("narrow", "start", "a 0-d integer tensor", std::string(name(start.dtype())) + " " + to_string(start.sizes()));
  return narrow(self, dim, start.item<int64_t>(), length);
}
Tensor narrow_copy(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  need_defined("narrow_copy", self);
  return clone(narrow(self, dim, start, length));
}

Tensor with_options::diagonal(const Tensor& self, DiagonalOptions options) {
  need_defined("diagonal", self);
  const int64_t offset = options.offset, a = wrap_dim(options.dim1, self.dim(), "diagonal"), b = wrap_dim(options.dim2, self.dim(), "diagonal");
  if (a == b) fail("diagonal", "dim2", "a dimension other than dim1", std::to_string(options.dim2));
  int64_t rows = self.sizes()[a] + std::min<int64_t>(offset, 0), columns = self.sizes()[b] - std::max<int64_t>(offset, 0);
  int64_t length = std::max<int64_t>(std::min(rows, columns), 0);
  Shape sizes = self.sizes(), strides = self.strides();
  int64_t at = self.storage_offset();
  if (length > 0) at += offset >= 0 ? offset * strides[b] : -offset * strides[a];
  int64_t step = strides[a] + strides[b];
  for (int64_t d : {std::max(a, b), std::min(a, b)}) sizes.erase(d), strides.erase(d);
  sizes.push_back(length);
  strides.push_back(step);
  return make_view("diagonal", self, sizes, strides, at, [from = self.sizes(), offset, a, b](const Tensor& grad) {
    return spread("diagonal_backward", grad, from, [offset, a, b](const Tensor& x) { return diagonal(x, offset, a, b); });
  });
}

Tensor unfold(const Tensor& self, int64_t dimension, int64_t size, int64_t step) {
  need_defined("unfold", self);
  int64_t at = wrap_dim(dimension, self.dim(), "unfold"), length = self.dim() ? self.sizes()[at] : 1;
  if (size < 0 || size > length)
    fail("unfold", "size", "a size in [0, " + std::to_string(length) + "], the size of dimension " + std::to_string(at), std::to_string(size));
  if (step < 1) fail("unfold", "step", "a positive step", std::to_string(step));
  auto geometry = [at, size, step](Shape& sizes, Shape& strides) {
    int64_t inner = sizes.empty() ? 1 : strides[at];
    if (!sizes.empty()) sizes[at] = (sizes[at] - size) / step + 1, strides[at] *= sizes[at] > 1 ? step : 1;
    sizes.push_back(size);
    strides.push_back(inner);
  };
  Shape sizes = self.sizes(), strides = self.strides();
  geometry(sizes, strides);
  return make_view("unfold", self, sizes, strides, self.storage_offset(), [geometry, from = self.sizes()](const Tensor& grad) {
    Shape sizes = from, strides = contiguous_strides(from), packed = strides;
    geometry(sizes, strides);
    return support::read_view_backward(grad, from, packed, strides, 0);
  });
}

Tensor select_scatter(const Tensor& self, const Tensor& src, int64_t dim, int64_t index) {
  need_defined("select_scatter", self, "self", src, "src");
  return scattered("select_scatter", self, src, [dim, index](const Tensor& x) { return select(x, dim, index); });
}
Tensor with_options::slice_scatter(const Tensor& self, const Tensor& src, SliceOptions options) {
  need_defined("slice_scatter", self, "self", src, "src");
  return scattered("slice_scatter", self, src, [=](const Tensor& x) { return slice(x, options); });
}
Tensor linalg::diagonal(const Tensor& A, DiagonalOptions options) {
  need_defined("linalg.diagonal", A, "A");
  return lazuli::diagonal(A, options.offset, options.dim1, options.dim2);
}
Tensor with_options::diagonal_scatter(const Tensor& self, const Tensor& src, DiagonalOptions options) {
  need_defined("diagonal_scatter", self, "self", src, "src");
  return scattered("diagonal_scatter", self, src, [=](const Tensor& x) { return diagonal(x, options); });
}

namespace {
// Self takes over the geometry and history of `changed`, a view of it.
Tensor& become(const char* op, const Tensor& self, Tensor (*change)(const Tensor&, int64_t, int64_t, const std::optional<Shape>&), int64_t a,
               int64_t b, const std::optional<Shape>& dims = {}) {
  bool recorded = modes.grad && self.requires_grad();
  check_inplace(op, self, recorded, true);
  Tensor old = alias(self);
  if (recorded && !self.body()->is_view) share_history(old, self);
  Tensor changed = change(old, a, b, dims);
  TensorBody& body = *self.body();
  set_geometry(body, changed.sizes(), changed.strides(), body.offset, op);
  if (recorded && !body.is_view) {
    const AutogradMeta& from = *autograd_meta(changed);
    change_history(self, from.grad_fn, from.output);
  }
  self.storage()->bump_version();
  return const_cast<Tensor&>(self);
}
}  // namespace

Tensor& squeeze_(const Tensor& self, OptionalShape dims) {
  return become(
      "squeeze_", self, [](const Tensor& x, int64_t, int64_t, const std::optional<Shape>& d) { return squeeze(x, d); }, 0, 0, dims);
}
Tensor& unsqueeze_(const Tensor& self, int64_t dim) {
  return become(
      "unsqueeze_", self, [](const Tensor& x, int64_t a, int64_t, const std::optional<Shape>&) { return unsqueeze(x, a); }, dim, 0);
}
Tensor& transpose_(const Tensor& self, int64_t dim0, int64_t dim1) {
  return become(
      "transpose_", self, [](const Tensor& x, int64_t a, int64_t b, const std::optional<Shape>&) { return transpose(x, a, b); }, dim0, dim1);
}
Tensor& swapaxes_(const Tensor& self, int64_t axis0, int64_t axis1) {
  need_defined("swapaxes_", self);
  return transpose_(self, axis0, axis1);
}
Tensor& swapdims_(const Tensor& self, int64_t dim0, int64_t dim1) { return transpose_(self, dim0, dim1); }
Tensor& t_(const Tensor& self) {
  return become(
      "t_", self, [](const Tensor& x, int64_t, int64_t, const std::optional<Shape>&) { return t(x); }, 0, 0);
}

void register_shape(OpTable& table) {
  table.add("view(Tensor self, int[] size) -> Tensor", static_cast<Tensor (*)(const Tensor&, const Shape&)>(&view));
  table.add("view(Tensor self, dtype dtype) -> Tensor", static_cast<Tensor (*)(const Tensor&, DType)>(&view));
  table.add("reshape(Tensor self, int[] shape) -> Tensor", &reshape);
  table.add("view_as(Tensor self, Tensor other) -> Tensor", &view_as);
  table.add("reshape_as(Tensor self, Tensor other) -> Tensor", &reshape_as);
  table.add("flatten(Tensor self, int start_dim=0, int end_dim=-1) -> Tensor", &flatten);
  table.add("ravel(Tensor self) -> Tensor", &ravel);
  table.add("unflatten(Tensor self, int dim, int[] sizes) -> Tensor", &unflatten);
  table.add("transpose(Tensor self, int dim0, int dim1) -> Tensor", &transpose);
  table.add("permute(Tensor self, int[] dims) -> Tensor", &permute);
  table.add("t(Tensor self) -> Tensor", &t);
  table.add("T(Tensor self) -> Tensor", &T);
  table.add("mT(Tensor self) -> Tensor", &mT);
  table.add("H(Tensor self) -> Tensor", &H);
  table.add("mH(Tensor self) -> Tensor", &mH);
  table.add("adjoint(Tensor self) -> Tensor", &adjoint);
  table.add("movedim(Tensor self, int[] source, int[] destination) -> Tensor", &movedim);
  table.alias("moveaxis", "movedim");
  table.add("swapaxes(Tensor self, int axis0, int axis1) -> Tensor", &swapaxes);
  table.add("swapdims(Tensor self, int dim0, int dim1) -> Tensor", &swapdims);
  table.add("squeeze(Tensor self, int[]? dim=None) -> Tensor", &squeeze);
  table.add("unsqueeze(Tensor self, int dim) -> Tensor", &unsqueeze);
  table.add("expand(Tensor self, int[] size) -> Tensor", &expand);
  table.add("expand_as(Tensor self, Tensor other) -> Tensor", &expand_as);
  table.add("broadcast_to(Tensor self, int[] size) -> Tensor", &broadcast_to);
  table.add("broadcast_tensors(Tensor[] *tensors) -> Tensor[]", &broadcast_tensors);
  table.add("broadcast_shapes(Any[] *shapes) -> int[]", [](const std::vector<Value>& values) {
    std::vector<Shape> shapes;
    for (const Value& v : values) shapes.push_back(v.kind() == Value::Kind::Int ? Shape(v.to_int()) : v.to_shape());
    return broadcast_shapes(shapes);
  });
  table.add("atleast_1d(Tensor self) -> Tensor", static_cast<Tensor (*)(const Tensor&)>(&atleast_1d));
  table.add("atleast_1d(Tensor[] *tensors) -> Tensor[]", static_cast<std::vector<Tensor> (*)(const std::vector<Tensor>&)>(&atleast_1d));
  table.add("atleast_2d(Tensor self) -> Tensor", static_cast<Tensor (*)(const Tensor&)>(&atleast_2d));
  table.add("atleast_2d(Tensor[] *tensors) -> Tensor[]", static_cast<std::vector<Tensor> (*)(const std::vector<Tensor>&)>(&atleast_2d));
  table.add("atleast_3d(Tensor self) -> Tensor", static_cast<Tensor (*)(const Tensor&)>(&atleast_3d));
  table.add("atleast_3d(Tensor[] *tensors) -> Tensor[]", static_cast<std::vector<Tensor> (*)(const std::vector<Tensor>&)>(&atleast_3d));
  table.add("select(Tensor self, int dim, int index) -> Tensor", &select);
  table.add("slice(Tensor self, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor", &with_options::slice);
  table.add("narrow(Tensor self, int dim, int start, int length) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, int64_t, int64_t, int64_t)>(&narrow));
  table.add("narrow(Tensor self, int dim, Tensor start, int length) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, int64_t, const Tensor&, int64_t)>(&narrow));
  table.add("narrow_copy(Tensor self, int dim, int start, int length) -> Tensor", &narrow_copy);
  table.add("diagonal(Tensor self, int offset=0, int dim1=0, int dim2=1) -> Tensor", &with_options::diagonal);
  table.add("linalg.diagonal(Tensor A, *, int offset=0, int dim1=-2, int dim2=-1) -> Tensor", &linalg::diagonal);
  table.add("unfold(Tensor self, int dimension, int size, int step) -> Tensor", &unfold);
  table.add("select_scatter(Tensor self, Tensor src, int dim, int index) -> Tensor", &select_scatter);
  table.add("slice_scatter(Tensor self, Tensor src, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor", &with_options::slice_scatter);
  table.add("diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor", &with_options::diagonal_scatter);
  table.add("squeeze_(Tensor(a!) self, int[]? dim=None) -> Tensor(a!)", &squeeze_);
  table.add("unsqueeze_(Tensor(a!) self, int dim) -> Tensor(a!)", &unsqueeze_);
  table.add("transpose_(Tensor(a!) self, int dim0, int dim1) -> Tensor(a!)", &transpose_);
  table.add("swapaxes_(Tensor(a!) self, int axis0, int axis1) -> Tensor(a!)", &swapaxes_);
  table.alias("swapdims_", "transpose_");
  table.add("t_(Tensor(a!) self) -> Tensor(a!)", &t_);
}

}  // namespace lazuli
