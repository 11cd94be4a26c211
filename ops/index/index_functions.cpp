#include "lazuli/ops/index/index_functions.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/index/gather.h"
#include "lazuli/ops/index/gather_checks.h"
#include "lazuli/ops/index/indexing.h"
#include "lazuli/ops/index/sort.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace detail {

int64_t check_index_list(const char* op, const Tensor& self, int64_t dim, const Tensor& index) {
  int64_t at = wrap_dim(dim, self.dim(), op);
  check_device(op, "index", self, index);
  if (index.dim() > 1) fail(ErrorKind::Index, op, "index", "a 0-d or 1-d tensor", to_string(index.sizes()));
  if (index.dtype() != kInt64 && index.dtype() != kInt32) fail(ErrorKind::Type, op, "index", "an int64 or int32 tensor", name(index.dtype()));
  if (self.dim() == 0 && index.numel() != 1) fail(op, "index", "one index for a 0-d self", to_string(index.sizes()));
  return at;
}
// `source` has self's sizes but as many entries along `at` as index.
void check_index_source(const char* op, const Tensor& self, int64_t at, const Tensor& index, const Tensor& source) {
  check_device(op, "source", self, source);
  if (source.dtype() != self.dtype())
    fail(ErrorKind::Type, op, "source", "the dtype of self, " + std::string(name(self.dtype())), name(source.dtype()));
  Shape expected = self.sizes();
  if (expected.empty()) {
    if (source.numel() != 1 || source.dim() > 1) fail(op, "source", "one element for a 0-d self", to_string(source.sizes()));
    return;
  }
  expected[at] = index.numel();
  if (source.dim() == 0 && expected.numel() == 1 && expected.size() == 1) return;
  if (!(source.sizes() == expected))
    fail(op, "source", "sizes " + to_string(expected) + ", those of self but for the number of indices", to_string(source.sizes()));
}

}  // namespace detail

namespace {

using detail::check_device;
using detail::check_index_list;
using detail::check_index_source;

Tensor with_dims(const Tensor& t) { return t.dim() ? t : alias(t, {1}, {1}, t.storage_offset()); }

Tensor shaped(const Tensor& t, const Shape& sizes) { return t.sizes() == sizes ? t : reshape(t, sizes); }

}  // namespace

Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index) {
  need_defined("index_select", self, "self", index, "index");
  int64_t at = check_index_list("index_select", self, dim, index);
  Shape sizes = self.sizes();
  if (!sizes.empty()) sizes[at] = index.numel();
  if (index.numel() && self.dim() && self.sizes()[at] == 0)
    fail(ErrorKind::Index, "index_select", "index", "no index into a dimension of size 0", to_string(index.sizes()));
  Tensor out = new_tensor(sizes, self.dtype(), self.device());
  if (out.numel()) {
    Tensor to = with_dims(out);
    index_select_kernel(self.device(), to, with_dims(self), at, with_dims(index));
  }
  if (auto tape = Tape::recording(self))
    tape.record("index_select", out, [sizes = self.sizes(), at, index = tape.save(index)](const Tensor& grad, Needs) {
      return Grads{index_add(zeros(sizes, grad.dtype(), grad.device()), at, index.get(), grad)};
    });
  return out;
}

Tensor index_add(Target target, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) {
  need_defined("index_add", self, "self", index, "index", source, "source");
  int64_t at = check_index_list("index_add", self, dim, index);
  check_index_source("index_add", self, at, index, source);
  if (alpha.is_complex()) return index_add(target, self, dim, index, mul(source, alpha), 1);
  Tensor out = target.copy_of(self, {.anywhere = {&index, &source}});
  if (source.numel()) {
    Tensor to = with_dims(out);
    index_add_kernel(out.device(), ScatterOp::Add, to, at, with_dims(index), with_dims(source), alpha.to<double>());
  }
  if (auto tape = Tape::recording(self, source))
    tape.record("index_add", out, [at, alpha, index = tape.save(index, tape.needs(1)), sizes = source.sizes()](const Tensor& grad, Needs needs) {
      Tensor of_source = needs[1] ? shaped(index_select(grad, at, index.get()), sizes) : Tensor();
      if (needs[1] && !alpha.equal(1)) of_source = mul(of_source, alpha);
      return Grads{needs[0] ? grad : Tensor(), of_source};
    });
  return out;
}
Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) {
  return index_add(Target(), self, dim, index, source, alpha);
}
Tensor& index_add_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) {
  need_defined("index_add_", self, "self", index, "index", source, "source");
  return in_place("index_add_", self, {&source}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return index_add(target, old, dim, index, source, alpha); });
}

Tensor index_copy(Target target, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  need_defined("index_copy", self, "self", index, "index", source, "source");
  int64_t at = check_index_list("index_copy", self, dim, index);
  check_index_source("index_copy", self, at, index, source);
  Tensor out = target.copy_of(self, {.anywhere = {&index, &source}});
  if (source.numel()) {
    Tensor to = with_dims(out);
    index_add_kernel(out.device(), ScatterOp::Set, to, at, with_dims(index), with_dims(source), 1);
  }
  if (auto tape = Tape::recording(self, source))
    tape.record("index_copy", out, [at, index = tape.save(index), sizes = source.sizes()](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? index_fill(grad, at, index.get(), 0) : Tensor(),
                   needs[1] ? shaped(index_select(grad, at, index.get()), sizes) : Tensor()};
    });
  return out;
}
Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  if (const Casting cast{Cast::Widest, self, index, source}) return index_copy(cast(self), dim, cast(index), cast(source));
  return index_copy(Target(), self, dim, index, source);
}
Tensor& index_copy_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  need_defined("index_copy_", self, "self", index, "index", source, "source");
  return in_place("index_copy_", self, {&source}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return index_copy(target, old, dim, index, source); });
}

Tensor index_fill(Target target, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) {
  need_defined("index_fill", self, "self", index, "index", value, "value");
  int64_t at = check_index_list("index_fill", self, dim, index);
  if (value.dim() != 0) fail("index_fill", "value", "a 0-d tensor", to_string(value.sizes()));
  if (value.is_complex() && !self.is_complex())
    fail(ErrorKind::Type, "index_fill", "value", "a real number for a " + std::string(name(self.dtype())) + " tensor", "a complex one");
  Tensor out = target.copy_of(self, {.anywhere = {&index, &value}});
  if (out.numel() && index.numel()) {
    Tensor to = with_dims(out);
    Shape sizes = to.sizes(), strides = to.strides();
    std::swap(sizes[0], sizes[at]);
    std::swap(strides[0], strides[at]);
    to = alias(to, sizes, strides, to.storage_offset());
    sizes[0] = index.numel();
    Tensor where[] = {with_dims(casted(index, kInt64))};
    index_put_kernel(out.device(), to, where, expanded(casted(moved(value, self.device()), self.dtype()), sizes), false);
  }
  if (auto tape = Tape::recording(self, value))
    tape.record("index_fill", out, [at, index = tape.save(index)](const Tensor& grad, Needs needs) {
      Tensor i = index.get(), of_value;
      if (needs[1]) {  // a place that is named twice counts once
        Tensor places = reshape(where(i < 0, i + (grad.dim() ? grad.sizes()[at] : 1), i), {-1});
        of_value = sum(index_select(grad, at, places.device().is_meta() ? places : std::get<0>(unique(places))));
      }
      return Grads{needs[0] ? index_fill(grad, at, i, 0) : Tensor(), of_value};
    });
  return out;
}
Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) { return index_fill(Target(), self, dim, index, value); }
Tensor& index_fill_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) {
  need_defined("index_fill_", self, "self", index, "index", value, "value");
  return in_place("index_fill_", self, {&value}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return index_fill(target, old, dim, index, value); });
}
Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  need_defined("index_fill", self, "self", index, "index");
  check_fits("index_fill", "value", value, self.dtype());
  return index_fill(self, dim, index, wrapped(value, self));
}

Tensor& index_fill_(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  need_defined("index_fill_", self, "self", index, "index");
  check_fits("index_fill_", "value", value, self.dtype());
  return index_fill_(self, dim, index, wrapped(value, self));
}

Tensor take(const Tensor& self, const Tensor& index) {
  need_defined("take", self, "self", index, "index");
  if (index.dtype() != kInt64) fail(ErrorKind::Type, "take", "index", "an int64 tensor", name(index.dtype()));
  check_device("take", "index", self, index);
  if (self.numel() == 0 && index.numel() != 0) fail(ErrorKind::Index, "take", "self", "a tensor with elements", "none");
  Tensor out = new_tensor(index.sizes(), self.dtype(), self.device());
  if (out.numel()) {
    Tensor from = dense(self), flat = alias(from, {self.numel()}, {1}, from.storage_offset());
    index_kernel(self.device(), out, flat, std::span(&index, 1));
  }
  if (auto tape = Tape::recording(self))
    tape.record("take", out, [sizes = self.sizes(), index = tape.save(index)](const Tensor& grad, Needs) {
      return Grads{put(zeros(sizes, grad.dtype(), grad.device()), index.get(), grad, true)};
    });
  return out;
}

Tensor put(Target target, const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) {
  need_defined("put", self, "self", index, "index", source, "source");
  if (index.dtype() != kInt64) fail(ErrorKind::Type, "put", "index", "an int64 tensor", name(index.dtype()));
  if (source.dtype() != self.dtype())
    fail(ErrorKind::Type, "put", "source", "the dtype of self, " + std::string(name(self.dtype())), name(source.dtype()));
  check_device("put", "index", self, index);
  check_device("put", "source", self, source);
  if (index.numel() != source.numel())
    fail("put", "source", "as many elements as index has, " + std::to_string(index.numel()), std::to_string(source.numel()));
  if (self.numel() == 0 && index.numel() != 0) fail(ErrorKind::Index, "put", "self", "a tensor with elements", "none");
  Tensor out = self.is_contiguous() ? target.copy_of(self, {.anywhere = {&index, &source}}) : dense(self);
  if (index.numel()) {
    Tensor flat = alias(out, {out.numel()}, {1}, out.storage_offset()), values = dense(source), where = dense(index);
    values = alias(values, {values.numel()}, {1}, values.storage_offset());
    where = alias(where, {where.numel()}, {1}, where.storage_offset());
    index_put_kernel(out.device(), flat, std::span(&where, 1), values, accumulate);
  }
  if (auto tape = Tape::recording(self, source))
    tape.record("put", out, [index = tape.save(index), accumulate, sizes = source.sizes()](const Tensor& grad, Needs needs) {
      Tensor i = index.get(), of_self = grad;
      if (needs[0] && !accumulate) of_self = put(grad, i, zeros(i.sizes(), grad.dtype(), grad.device()), false);
      return Grads{needs[0] ? of_self : Tensor(), needs[1] ? reshape(take(grad, i), sizes) : Tensor()};
    });
  return out;
}
Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) { return put(Target(), self, index, source, accumulate); }
Tensor& put_(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) {
  need_defined("put_", self, "self", index, "index", source, "source");
  return in_place("put_", self, {&source}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return put(target, old, index, source, accumulate); });
}

Tensor take_along_dim(const Tensor& self, const Tensor& indices, std::optional<int64_t> dim) {
  need_defined("take_along_dim", self, "self", indices, "indices");
  if (indices.dtype() != kInt64) fail(ErrorKind::Type, "take_along_dim", "indices", "an int64 tensor", name(indices.dtype()));
  if (!dim) return take_along_dim(reshape(self, {-1}), reshape(indices, {-1}), 0);
  if (self.dim() != indices.dim())
    fail("take_along_dim", "indices", "as many dimensions as self has, " + std::to_string(self.dim()), to_string(indices.sizes()));
  int64_t at = wrap_dim(*dim, self.dim(), "take_along_dim");
  Shape of_self = self.sizes(), of_indices = indices.sizes();
  if (self.dim()) of_self[at] = of_indices[at] = 1;
  Shape common = broadcast_shapes(of_self, of_indices, "take_along_dim"), mine = common, theirs = common;
  if (self.dim()) mine[at] = self.sizes()[at], theirs[at] = indices.sizes()[at];
  Tensor where_to = expanded(indices, theirs);
  if (self.dim() && indices.numel()) where_to = where(where_to < 0, where_to + self.sizes()[at], where_to);
  return gather(expand(self, mine), at, where_to);
}

Tensor masked_select(const Tensor& self, const Tensor& mask) {
  need_defined("masked_select", self, "self", mask, "mask");
  if (mask.dtype() != kBool) fail(ErrorKind::Type, "masked_select", "mask", "a bool tensor", name(mask.dtype()));
  Shape sizes = broadcast_shapes(self.sizes(), mask.sizes(), "masked_select");
  Tensor wide = self.sizes() == sizes ? self : expand(self, sizes), where = expanded(mask, sizes);
  return index(reshape(wide, {-1}), {reshape(where, {-1})});  // as one line: one number for each place
}

Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source) {
  need_defined("masked_scatter", self, "self", mask, "mask", source, "source");
  if (mask.dtype() != kBool) fail(ErrorKind::Type, "masked_scatter", "mask", "a bool tensor", name(mask.dtype()));
  if (source.dtype() != self.dtype())
    fail(ErrorKind::Type, "masked_scatter", "source", "the dtype of self, " + std::string(name(self.dtype())), name(source.dtype()));
  Shape sizes = broadcast_shapes(self.sizes(), mask.sizes(), "masked_scatter"), flat = sizes.empty() ? Shape{1} : sizes;
  Tensor wide = self.sizes() == flat ? self : expand(self, flat);
  Tensor where = self.device().is_meta() ? zeros({0, 1}, kInt64, kMeta) : nonzero(reshape(expanded(mask, flat), {-1}));
  int64_t count = where.sizes()[0];
  if (source.numel() < count)
    fail("masked_scatter", "source", "at least " + std::to_string(count) + " elements, one for each true one of mask",
         std::to_string(source.numel()));
  return reshape(index_put(reshape(wide, {-1}), {reshape(where, {-1})}, slice(reshape(source, {-1}), 0, 0, count)), sizes);
}
Tensor& masked_scatter_(const Tensor& self, const Tensor& mask, const Tensor& source) {
  need_defined("masked_scatter_", self, "self", mask, "mask", source, "source");
  if (!can_broadcast_to(mask.sizes(), self.sizes()))
    fail("masked_scatter_", "mask", "sizes that broadcast to " + to_string(self.sizes()), to_string(mask.sizes()));
  return in_place_aside("masked_scatter_", self, {&source}, [&](const Tensor& old) { return masked_scatter(old, mask, source); });
}

Tensor nonzero(const Tensor& self) {
  need_defined("nonzero", self);
  if (self.device().is_meta())
    fail(ErrorKind::NotSupported, "nonzero", "self", "a tensor with data, on which the result's sizes depend", "one on the meta device");
  Tensor count = new_tensor({}, kInt64, self.device());
  fill_kernel(self.device(), count, 0);
  if (self.numel()) count_nonzero_kernel(self.device(), count, self);
  Tensor out = new_tensor({count.item<int64_t>(), self.dim()}, kInt64, self.device());
  if (out.numel()) nonzero_kernel(self.device(), out, self);
  return out;
}
Tensor argwhere(const Tensor& self) {
  need_defined("argwhere", self);
  return nonzero(self);
}
Tensor nonzero_static(const Tensor& self, int64_t size, int64_t fill_value) {
  need_defined("nonzero_static", self);
  if (size < 0) fail("nonzero_static", "size", "a size that is not negative", std::to_string(size));
  Tensor out = new_tensor({size, self.dim()}, kInt64, self.device());
  if (out.numel() == 0) return out;
  fill_kernel(self.device(), out, fill_value);
  if (self.device().is_meta()) return out;
  const Tensor all = nonzero(self);
  const int64_t count = std::min(size, all.sizes()[0]);
  Tensor part = alias(out, {count, self.dim()}, {self.dim(), 1}, 0);
  if (count) copy_kernel(self.device(), part, alias(all, {count, self.dim()}, {self.dim(), 1}, 0));
  return out;
}
std::vector<Tensor> nonzero_as_tuple(const Tensor& self) {
  need_defined("nonzero", self);
  Tensor all = nonzero(self.dim() ? self : alias(self, {1}, {1}, self.storage_offset()));
  std::vector<Tensor> out;
  for (int64_t d = 0; d < all.sizes()[1]; ++d) out.push_back(select(all, 1, d));
  return out;
}

void register_index_functions(OpTable& table) {
  table.add("index_select(Tensor self, int dim, Tensor index) -> Tensor", &index_select);
  table.add("index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor", &index_add);
  table.add("index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor", &index_copy);
  table.add("index_fill(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, int64_t, const Tensor&, const Scalar&)>(&index_fill));
  table.add("index_fill(Tensor self, int dim, Tensor index, Tensor value) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, int64_t, const Tensor&, const Tensor&)>(&index_fill));
  table.add("index_add_(Tensor(a!) self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor(a!)", &index_add_);
  table.add("index_copy_(Tensor(a!) self, int dim, Tensor index, Tensor source) -> Tensor(a!)", &index_copy_);
  table.add("index_fill_(Tensor(a!) self, int dim, Tensor index, Scalar value) -> Tensor(a!)",
            static_cast<Tensor& (*)(const Tensor&, int64_t, const Tensor&, const Scalar&)>(&index_fill_));
  table.add("index_fill_(Tensor(a!) self, int dim, Tensor index, Tensor value) -> Tensor(a!)",
            static_cast<Tensor& (*)(const Tensor&, int64_t, const Tensor&, const Tensor&)>(&index_fill_));
  table.add("take(Tensor self, Tensor index) -> Tensor", &take);
  table.add("take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor", &take_along_dim);
  table.add("put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor", &put);
  table.add("put_(Tensor(a!) self, Tensor index, Tensor source, bool accumulate=False) -> Tensor(a!)", &put_);
  table.add("masked_select(Tensor self, Tensor mask) -> Tensor", &masked_select);
  table.add("masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor", &masked_scatter);
  table.add("masked_scatter_(Tensor(a!) self, Tensor mask, Tensor source) -> Tensor(a!)", &masked_scatter_);
  table.add("nonzero_static(Tensor self, *, int size, int fill_value=-1) -> Tensor", &nonzero_static);
  table.add("nonzero(Tensor self, *, bool as_tuple=False) -> Tensor",
            [](const Tensor& x, bool as_tuple) { return as_tuple ? Value(nonzero_as_tuple(x)) : Value(nonzero(x)); });
  table.add("argwhere(Tensor self) -> Tensor", &argwhere);
}

}  // namespace lazuli
