#include "lazuli/ops/index/indexing.h"

#include <algorithm>
#include <ostream>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/view.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

std::string to_string(const Slice& range) {
  const auto part = [](std::optional<int64_t> number) { return number ? std::to_string(*number) : "None"; };
  return "slice(" + part(range.start) + ", " + part(range.stop) + ", " + part(range.step) + ")";
}
std::ostream& operator<<(std::ostream& stream, const Slice& range) { return stream << to_string(range); }

namespace {

// Index tensors by the dimension of self that they index; undefined where a dimension is taken whole.
using PerDim = std::vector<Tensor>;

[[noreturn]] void fail_count(const char* op, int64_t rank, int64_t count) {
  fail(errors::at_error_index_out_of_bounds, ErrorKind::Index, op, "indices", "at most " + std::to_string(rank) + " indices, one for each dimension",
       std::to_string(count));
}

// Puts an index tensor at dimension `dim` of self: integers as they are, a mask as the indices of its true elements, one tensor for each of its dimensions.
// Returns how many dimensions of self it covers.
int64_t place(const char* op, PerDim& indices, const Tensor& self, int64_t dim, const Tensor& t) {
  DType dtype = t.dtype();
  if (dtype == kBool || dtype == kUInt8) {
    if (dim + t.dim() > self.dim()) fail_count(op, self.dim(), dim + t.dim());
    for (int64_t j = 0; j < t.dim(); ++j)
      if (t.sizes()[j] != self.sizes()[dim + j])
        fail(ErrorKind::Index, op, "indices",
             "a mask of the sizes it covers, from dimension " + std::to_string(dim) + " of " + to_string(self.sizes()), to_string(t.sizes()));
    Tensor where = nonzero(t.device() == self.device() ? t : moved(t, self.device()));
    int64_t count = where.sizes()[0];
    for (int64_t j = 0; j < t.dim(); ++j)
      indices[size_t(dim + j)] = alias(where, {count}, {where.strides()[0]}, where.storage_offset() + j * where.strides()[1]);
    return t.dim();
  }
  if (dtype != kInt64 && dtype != kInt32) fail(ErrorKind::Index, op, "indices", "index tensors of int64, int32, bool or uint8", name(dtype));
  if (dim >= self.dim()) fail_count(op, self.dim(), dim + 1);
  indices[size_t(dim)] = casted(moved(t, self.device()), kInt64);
  return 1;
}

// How the kernel's geometry lies in self and in the result.
struct Plan {
  std::vector<Tensor> indices;  // broadcast to one shape
  Shape order;                  // of self's dimensions: the indexed ones first
  Shape sizes, back;            // of the result; result dimension of each of the kernel's [index sizes.., rest..]
  Tensor of_self(const Tensor& self) const {
    Shape sizes = order, strides = order;
    for (int64_t i = 0; i < order.size(); ++i) sizes[i] = self.sizes()[order[i]], strides[i] = self.strides()[order[i]];
    return alias(self, sizes, strides, self.storage_offset());
  }
  Tensor of_result(const Tensor& out) const {
    Shape sizes = back, strides = back;
    for (int64_t i = 0; i < back.size(); ++i) sizes[i] = out.sizes()[back[i]], strides[i] = out.strides()[back[i]];
    return alias(out, sizes, strides, out.storage_offset());
  }
};

Plan plan(const char* op, const Tensor& self, const PerDim& per_dim) {
  Plan p;
  Shape common;
  int64_t first = -1, last = -1;
  for (int64_t d = 0; d < int64_t(per_dim.size()); ++d) {
    const Tensor& t = per_dim[size_t(d)];
    if (!t.defined()) continue;
    if (first < 0) first = d, common = t.sizes();
    else if (!can_broadcast_to(t.sizes(), common)) {
      try {
        common = broadcast_shapes(common, t.sizes(), op);
      } catch (const Error&) {
        fail(ErrorKind::Index, op, "indices", "index tensors that broadcast together", to_string(common) + " and " + to_string(t.sizes()));
      }
    }
    last = d;
    p.order.push_back(d);
  }
  bool neighbours = last - first + 1 == p.order.size();
  int64_t lead = neighbours ? first : 0, count = common.size();  // dimensions of the result before those of the indices
  for (int64_t d : p.order) p.indices.push_back(expanded(per_dim[size_t(d)], common));
  for (int64_t i = 0; i < count; ++i) p.back.push_back(lead + i);
  for (int64_t d = 0; d < self.dim(); ++d) {
    if (per_dim[size_t(d)].defined()) continue;
    int64_t place = p.sizes.size();
    p.back.push_back(place < lead ? place : place + count);
    p.order.push_back(d);
    p.sizes.push_back(self.sizes()[d]);
  }
  for (int64_t i = 0; i < count; ++i) p.sizes.insert(lead + i, common[i]);
  return p;
}

PerDim padded(PerDim indices, int64_t rank) {
  indices.resize(size_t(rank));
  return indices;
}

std::vector<OptionalTensor> optional(const std::vector<SavedTensor>& saved) {
  std::vector<OptionalTensor> out;
  for (const SavedTensor& s : saved) out.push_back(s.defined() ? OptionalTensor(s.get()) : OptionalTensor());
  return out;
}
std::vector<SavedTensor> save(Tape& tape, const PerDim& indices) {
  std::vector<SavedTensor> saved;
  for (const Tensor& t : indices) saved.push_back(tape.save(t));
  return saved;
}

Tensor take_at(const Tensor& self, const PerDim& per_dim) {
  Plan p = plan("index", self, per_dim);
  Tensor out = new_tensor(p.sizes, self.dtype(), self.device());
  bool empty_source = false;
  for (size_t d = 0; d < per_dim.size(); ++d) empty_source |= per_dim[d].defined() && self.sizes()[int64_t(d)] == 0 && per_dim[d].numel() != 0;
  if (empty_source) fail(ErrorKind::Index, "index", "indices", "no index into a dimension of size 0", "some");
  if (out.numel()) {
    Tensor to = p.of_result(out);
    index_kernel(self.device(), to, p.of_self(self), p.indices);
  }
  if (auto tape = Tape::recording(self))
    tape.record("index", out, [indices = save(tape, per_dim), sizes = self.sizes()](const Tensor& grad, Needs) {
      return Grads{index_put(zeros(sizes, grad.dtype(), grad.device()), optional(indices), grad, true)};
    });
  return out;
}

Tensor put_at(Target target, const Tensor& self, const PerDim& per_dim, const Tensor& values, bool accumulate) {
  if (values.dtype() != self.dtype())
    fail(ErrorKind::Type, "index_put", "values", "the dtype of self, " + std::string(name(self.dtype())), name(values.dtype()));
  Plan p = plan("index_put", self, per_dim);
  if (!can_broadcast_to(values.sizes(), p.sizes))
    fail("index_put", "values", "sizes that broadcast to " + to_string(p.sizes), to_string(values.sizes()));
  bool empty_target = false;
  for (size_t d = 0; d < per_dim.size(); ++d) empty_target |= per_dim[d].defined() && self.sizes()[int64_t(d)] == 0 && per_dim[d].numel() != 0;
  if (empty_target) fail(ErrorKind::Index, "index_put", "indices", "no index into a dimension of size 0", "some");
  Tensor from = values.device() == self.device() ? values : moved(values, self.device());
  Tensor out = target.copy_of(self, {.anywhere = {&from}, .all_of = p.indices});
  if (p.sizes.numel()) {
    Tensor to = p.of_self(out);
    index_put_kernel(out.device(), to, p.indices, p.of_result(expanded(from, p.sizes)), accumulate);
  }
  if (auto tape = Tape::recording(self, values))
    tape.record("index_put", out, [indices = save(tape, per_dim), accumulate](const Tensor& grad, Needs needs) {
      std::vector<OptionalTensor> at = optional(indices);
      Tensor of_self = !needs[0] || accumulate ? grad : index_put(grad, at, zeros({}, grad.dtype(), grad.device()), false);
      return Grads{needs[0] ? of_self : Tensor(), needs[1] ? index(grad, at) : Tensor()};
    });
  return out;
}

PerDim per_dim(const char* op, const Tensor& self, const std::vector<OptionalTensor>& indices) {
  PerDim out(static_cast<size_t>(self.dim()));
  int64_t dim = 0;
  bool any = false;
  for (const OptionalTensor& t : indices) {
    if (!t || !t->defined()) {
      if (++dim > self.dim()) fail_count(op, self.dim(), dim);
      continue;
    }
    if (t->dim() == 0 && (t->dtype() == kBool || t->dtype() == kUInt8))
      fail(ErrorKind::Index, op, "indices", "masks that cover a dimension (x.index({mask}) takes others)", "a 0-d one");
    any = true;
    dim += place(op, out, self, dim, *t);
  }
  if (!any) fail(op, "indices", "at least one index tensor", "none");
  return out;
}

}  // namespace

namespace {

// One mask over all dimensions of what lies densely: as good as one over a line, with one number for each place instead of one for each dimension.
bool is_mask_of_all(const Tensor& self, const std::vector<OptionalTensor>& indices) {
  if (indices.size() != 1 || !indices[0] || !indices[0]->defined() || self.dim() < 2 || !self.is_contiguous()) return false;
  const Tensor& mask = *indices[0];
  return (mask.dtype() == kBool || mask.dtype() == kUInt8) && mask.sizes() == self.sizes();
}

// Whether one number goes to where a mask over the first dimensions is true: a choice between two, for which nothing has to be found.
bool is_fill(const Tensor& self, const Tensor& mask, const Tensor& value) {
  return mask.defined() && mask.dtype() == kBool && mask.dim() > 0 && mask.dim() <= self.dim() &&
         std::equal(mask.sizes().begin(), mask.sizes().end(), self.sizes().begin()) && value.numel() == 1 && value.dim() <= 1 &&
         value.dtype() == self.dtype() && value.device() == self.device() && mask.device() == self.device();
}
bool is_fill(const Tensor& self, const std::vector<OptionalTensor>& indices, const Tensor& values, bool accumulate) {
  return !accumulate && indices.size() == 1 && indices[0] && is_fill(self, *indices[0], values);
}
Tensor over_all(const Tensor& mask, const Tensor& self) {
  Shape sizes = mask.sizes();
  while (sizes.size() < self.dim()) sizes.push_back(1);
  return sizes == mask.sizes() ? mask : reshape(mask, sizes);
}

}  // namespace

Tensor index(const Tensor& self, const std::vector<OptionalTensor>& indices) {
  need_defined("index", self);
  if (is_mask_of_all(self, indices)) return index(reshape(self, {-1}), {reshape(*indices[0], {-1})});
  return take_at(self, per_dim("index", self, indices));
}
Tensor index_put(const Tensor& self, const std::vector<OptionalTensor>& indices, const Tensor& values, bool accumulate) {
  if (const Casting cast{Cast::WidestOnGpu, self, values}) return index_put(cast(self), indices, cast(values), accumulate);
  need_defined("index_put", self, "self", values, "values");
  if (is_fill(self, indices, values, accumulate)) return masked_fill(self, over_all(*indices[0], self), reshape(values, {}));
  if (is_mask_of_all(self, indices)) return reshape(index_put(reshape(self, {-1}), {reshape(*indices[0], {-1})}, values, accumulate), self.sizes());
  return put_at(Target(), self, per_dim("index_put", self, indices), values, accumulate);
}
Tensor& index_put_(const Tensor& self, const std::vector<OptionalTensor>& indices, const Tensor& values, bool accumulate) {
  need_defined("index_put_", self, "self", values, "values");
  if (is_fill(self, indices, values, accumulate)) return masked_fill_(self, over_all(*indices[0], self), reshape(values, {}));
  return in_place("index_put_", self, {&values}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return put_at(target, old, per_dim("index_put", old, indices), values, accumulate); });
}

namespace {

int64_t dims_of(const IndexItem& item) {
  switch (item.kind) {
    case IndexItem::Kind::Integer:
    case IndexItem::Kind::Slice: return 1;
    case IndexItem::Kind::Tensor: return item.tensor.dtype() == kBool || item.tensor.dtype() == kUInt8 ? item.tensor.dim() : 1;
    default: return 0;
  }
}

// Applies all items but tensors as views, one after another, and puts the tensors at the dimensions of the view that they index.
Tensor view_of(const Tensor& self, const std::vector<IndexItem>& items, PerDim& indices, bool& any_tensor) {
  int64_t covered = 0, ellipses = 0;
  for (const IndexItem& item : items) {
    covered += dims_of(item);
    ellipses += item.kind == IndexItem::Kind::Ellipsis;
  }
  if (covered > self.dim()) fail_count("index", self.dim(), covered);
  if (ellipses > 1) fail(ErrorKind::Index, "index", "indices", "at most one Ellipsis", std::to_string(ellipses));
  Tensor view = self;
  bool changed = false;
  int64_t dim = 0;
  auto put = [&](const Tensor& t) {
    indices.resize(static_cast<size_t>(view.dim()));
    any_tensor = true;
    dim += place("index", indices, view, dim, t);
  };
  auto add_dim = [&] {
    view = unsqueeze(view, dim);
    changed = true;
  };
  for (const IndexItem& item : items) {
    switch (item.kind) {
      case IndexItem::Kind::None:
        add_dim();
        ++dim;
        break;
      case IndexItem::Kind::Ellipsis: dim += self.dim() - covered; break;
      case IndexItem::Kind::Integer:
        view = select(view, dim, item.integer);
        changed = true;
        break;
      case IndexItem::Kind::Slice: {
        const Slice& s = item.slice;
        if (s.step.value_or(1) < 1) fail("index", "indices", "slices with a positive step", std::to_string(*s.step));
        if (s.start || s.stop || s.step.value_or(1) != 1) view = slice(view, dim, s.start, s.stop, s.step.value_or(1)), changed = true;
        ++dim;
        break;
      }
      case IndexItem::Kind::Bool: {
        add_dim();
        Tensor chosen = new_tensor({item.integer ? 1 : 0}, kInt64, self.device());
        if (item.integer) fill_kernel(self.device(), chosen, 0);
        put(chosen);
        break;
      }
      case IndexItem::Kind::Tensor: {
        const Tensor& t = item.tensor;
        if (t.dim() == 0 && (t.dtype() == kBool || t.dtype() == kUInt8)) {
          add_dim();
          put(reshape(t, {1}));
        } else if (t.dim() == 0 && is_integral(t.dtype()) && !t.device().is_meta() && !batching::is_batched(t)) {
          view = select(view, dim, t.item<int64_t>());
          changed = true;
        } else {
          put(t);
        }
        break;
      }
    }
  }
  if (any_tensor) indices = padded(std::move(indices), view.dim());
  else if (!changed) view = make_view("alias", self, self.sizes(), self.strides(), self.storage_offset(), [](const Tensor& grad) { return grad; });
  return view;
}

}  // namespace

IndexItem::IndexItem(const char* text) : kind(Kind::Ellipsis) {
  if (std::string_view(text) != "...") fail(ErrorKind::Type, "index", "indices", "\"...\" as the only text", "\"" + std::string(text) + "\"");
}

Tensor get_item(const Tensor& self, const std::vector<IndexItem>& items) {
  need_defined("index", self);
  if (items.size() == 1 && items[0].kind == IndexItem::Kind::Integer && self.dim() > 0) return select(self, 0, items[0].integer);
  PerDim indices;
  bool any_tensor = false;
  Tensor view = view_of(self, items, indices, any_tensor);
  return any_tensor ? take_at(view, indices) : view;
}

Tensor& set_item(Tensor& self, const std::vector<IndexItem>& items, const Tensor& value, bool accumulate) {
  need_defined("index_put_", self, "self", value, "value");
  if (!accumulate && items.size() == 1 && items[0].kind == IndexItem::Kind::Tensor) {
    const Tensor number = value.body()->wrapped_number ? to(value, self.dtype()) : value;
    if (is_fill(self, items[0].tensor, number)) {
      masked_fill_(self, over_all(items[0].tensor, self), reshape(number, {}));
      return self;
    }
  }
  PerDim indices;
  bool any_tensor = false;
  Tensor view = view_of(self, items, indices, any_tensor), source = value;
  int64_t rank = any_tensor ? plan("index_put_", view, indices).sizes.size() : view.dim();
  while (source.dim() > rank && source.sizes()[0] == 1) source = select(source, 0, 0);  // leading ones broadcast away
  if (!any_tensor) {
    if (accumulate) add_(view, source);
    else copy_(view, source);
    return self;
  }
  if (source.body()->wrapped_number) source = to(source, self.dtype());
  in_place("index_put_", view.is_same(self) ? self : view, {&source}, SelfIs::NotSaved,
           [&](Target target, const Tensor& old) { return put_at(target, old, indices, source, accumulate); });
  return self;
}

Tensor& set_item(Tensor& self, const std::vector<IndexItem>& items, const Scalar& value) {
  need_defined("index_put_", self);
  if (value.is_complex() && !self.is_complex())
    fail(ErrorKind::Type, "index_put_", "value", "a real number for a " + std::string(name(self.dtype())) + " tensor", "a complex one");
  return set_item(self, items, full({}, value, self.dtype(), self.device()));
}

namespace {
std::vector<IndexItem> items_of(const std::vector<Value>& values) {
  std::vector<IndexItem> items;
  auto maybe = [](const Value& v) { return v.is_none() ? std::optional<int64_t>() : std::optional<int64_t>(v.to_int()); };
  for (const Value& v : values) {
    switch (v.kind()) {
      case Value::Kind::None: items.emplace_back(std::nullopt); break;
      case Value::Kind::Ellipsis: items.emplace_back(Ellipsis); break;
      case Value::Kind::Bool: items.emplace_back(v.to_bool()); break;
      case Value::Kind::Int: items.emplace_back(v.to_int()); break;
      case Value::Kind::Slice: {
        const Value::List& parts = v.slice_parts();
        items.emplace_back(Slice(maybe(parts[0]), maybe(parts[1]), maybe(parts[2])));
        break;
      }
      case Value::Kind::Tensor: items.emplace_back(v.to_tensor()); break;
      case Value::Kind::List: items.emplace_back(tensor(v.to_shape().vec())); break;
      default:
        fail(ErrorKind::Type, "index", "indices", "integers, slices, None, Ellipsis, tensors or lists of integers", std::string(kind_name(v.kind())));
    }
  }
  return items;
}
}  // namespace

void register_indexing(OpTable& table) {
  table.add("getitem(Tensor self, Any[] items) -> Tensor", [](const Tensor& x, const std::vector<Value>& items) {
    need_defined("getitem", x);
    return get_item(x, items_of(items));
  });
  table.add("setitem(Tensor(a!) self, Any[] items, Tensor value, bool accumulate=False) -> Tensor(a!)",
            [](Tensor& x, const std::vector<Value>& items, const Tensor& value, bool accumulate) -> Tensor& {
              need_defined("setitem", x, "self", value, "value");
              return set_item(x, items_of(items), value, accumulate);
            });
  table.add("index(Tensor self, Tensor?[] indices) -> Tensor", static_cast<Tensor (*)(const Tensor&, const std::vector<OptionalTensor>&)>(&index));
  table.add("index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor", &index_put);
  table.add("index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)", &index_put_);
}

}  // namespace lazuli
