#include "lazuli/ops/index/gather.h"

#include <algorithm>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/index/gather_checks.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace detail {

void check_device(const char* op, const char* argument, const Tensor& self, const Tensor& t) {
  if (!(t.device() == self.device()))
    fail(op, argument, "a tensor on " + to_string(self.device()) + ", as self is", "one on " + to_string(t.device()));
}
int64_t check_index(const char* op, const Tensor& self, int64_t dim, const Tensor& index) {
  int64_t at = wrap_dim(dim, self.dim(), op);
  check_device(op, "index", self, index);
  if (index.numel() == 0) return at;
  if (index.dtype() != kInt64 && index.dtype() != kInt32) fail(ErrorKind::Type, op, "index", "an int64 or int32 tensor", name(index.dtype()));
  if (std::max<int64_t>(index.dim(), 1) != std::max<int64_t>(self.dim(), 1))
    fail(op, "index", "as many dimensions as self has, " + std::to_string(self.dim()), to_string(index.sizes()));
  for (int64_t i = 0; i < std::min(index.dim(), self.dim()); ++i)
    if (i != at && index.sizes()[i] > self.sizes()[i])
      fail(op, "index", "sizes no larger than " + to_string(self.sizes()) + " except in dimension " + std::to_string(at), to_string(index.sizes()));
  return at;
}
void check_source(const char* op, const Tensor& self, const Tensor& index, const Tensor& src) {
  if (src.dtype() != self.dtype()) fail(ErrorKind::Type, op, "src", "the dtype of self, " + std::string(name(self.dtype())), name(src.dtype()));
  check_device(op, "src", self, src);
  if (index.numel() == 0) return;
  if (std::max<int64_t>(src.dim(), 1) != std::max<int64_t>(index.dim(), 1))
    fail(op, "src", "as many dimensions as index has, " + std::to_string(index.dim()), to_string(src.sizes()));
  for (int64_t i = 0; i < std::min(index.dim(), src.dim()); ++i)
    if (index.sizes()[i] > src.sizes()[i])
      fail(op, "index", "sizes no larger than those of src, " + to_string(src.sizes()), to_string(index.sizes()));
}
Tensor corner(const Tensor& src, const Shape& sizes) {
  Tensor part = src;
  for (int64_t i = 0; i < std::min(sizes.size(), src.dim()); ++i)
    if (part.sizes()[i] != sizes[i]) part = slice(part, i, 0, sizes[i]);
  return part.dim() == sizes.size() ? part : reshape(part, sizes);
}

}  // namespace detail

namespace {

using detail::check_index;
using detail::check_source;
using detail::corner;

// 0-d tensors take part as 1-d ones.
Tensor with_dims(const Tensor& t) { return t.dim() ? t : alias(t, {1}, {1}, t.storage_offset()); }
void run_scatter(ScatterOp op, Tensor& out, int64_t at, const Tensor& index, const Tensor& src) {
  if (index.numel() == 0) return;
  Tensor to = with_dims(out), where = with_dims(casted(index, kInt64)), from = with_dims(src);
  scatter_kernel(out.device(), op, to, at, where, from);
}

// Without an index nothing moves, whatever the sizes of src.
Tensor nothing_scattered(const char* op, Target target, const Tensor& self, const Tensor& src) {
  Tensor out = target.copy_of(self, {.anywhere = {&src}});
  if (auto tape = Tape::recording(self, src)) tape.record(op, out, [](const Tensor& grad, Needs) { return Grads{grad, Tensor()}; });
  return out;
}

}  // namespace

Tensor gather(const Tensor& self, int64_t dim, const Tensor& index) {
  need_defined("gather", self, "self", index, "index");
  int64_t at = check_index("gather", self, dim, index);
  Tensor out = new_tensor(index.sizes(), self.dtype(), self.device());
  if (index.numel()) {
    Tensor to = with_dims(out);
    gather_kernel(self.device(), to, with_dims(self), at, with_dims(casted(index, kInt64)));
  }
  if (auto tape = Tape::recording(self))
    tape.record("gather", out, [sizes = self.sizes(), at, index = tape.save(index)](const Tensor& grad, Needs) {
      return Grads{scatter_add(zeros(sizes, grad.dtype(), grad.device()), at, index.get(), grad)};
    });
  return out;
}

Tensor scatter(Target target, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  need_defined("scatter", self, "self", index, "index", src, "src");
  int64_t at = check_index("scatter", self, dim, index);
  check_source("scatter", self, index, src);
  if (index.numel() == 0) return nothing_scattered("scatter", target, self, src);
  if (!(src.sizes() == index.sizes())) return scatter(target, self, dim, index, corner(src, index.sizes()));
  Tensor out = target.copy_of(self, {.anywhere = {&index, &src}});
  run_scatter(ScatterOp::Set, out, at, index, src);
  if (auto tape = Tape::recording(self, src))
    tape.record("scatter", out, [at, index = tape.save(index)](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? scatter(grad, at, index.get(), 0) : Tensor(), needs[1] ? gather(grad, at, index.get()) : Tensor()};
    });
  return out;
}
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) { return scatter(Target(), self, dim, index, src); }
Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  need_defined("scatter_", self, "self", index, "index", src, "src");
  return in_place("scatter_", self, {&src}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return scatter(target, old, dim, index, src); });
}

Tensor scatter(Target target, const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  need_defined("scatter", self, "self", index, "index");
  int64_t at = check_index("scatter", self, dim, index);
  check_fits("scatter", "value", value, self.dtype());
  Tensor out = target.copy_of(self, {.anywhere = {&index}});
  if (index.numel()) {
    Tensor one = new_tensor({}, self.dtype(), self.device());
    fill_kernel(self.device(), one, value);
    run_scatter(ScatterOp::Set, out, at, index, expanded(one, with_dims(index).sizes()));
  }
  if (auto tape = Tape::recording(self))
    tape.record("scatter", out, [at, index = tape.save(index)](const Tensor& grad, Needs) { return Grads{scatter(grad, at, index.get(), 0)}; });
  return out;
}
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) { return scatter(Target(), self, dim, index, value); }
Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  need_defined("scatter_", self, "self", index, "index");
  return in_place("scatter_", self, {}, SelfIs::NotSaved, [&](Target target, const Tensor& old) { return scatter(target, old, dim, index, value); });
}

Tensor scatter(Target target, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) {
  need_defined("scatter", self, "self", index, "index", src, "src");
  int64_t at = check_index("scatter", self, dim, index);
  check_source("scatter", self, index, src);
  if (reduce != "add" && reduce != "multiply") fail("scatter", "reduce", "'add' or 'multiply'", "'" + std::string(reduce) + "'");
  if (modes.grad && (self.requires_grad() || src.requires_grad()))
    fail(ErrorKind::NotSupported, "scatter", "reduce", "no gradient (scatter_reduce has one)", "a tensor that requires grad");
  Tensor out = target.copy_of(self, {.anywhere = {&index, &src}});
  if (index.numel()) run_scatter(reduce == "add" ? ScatterOp::Add : ScatterOp::Mul, out, at, index, corner(src, index.sizes()));
  return out;
}
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) {
  return scatter(Target(), self, dim, index, src, reduce);
}
Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) {
  need_defined("scatter_", self, "self", index, "index", src, "src");
  return in_place("scatter_", self, {&src}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return scatter(target, old, dim, index, src, reduce); });
}
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) {
  need_defined("scatter", self, "self", index, "index");
  return scatter(self, dim, index, full(index.sizes(), value, self.dtype(), self.device()), reduce);
}
Tensor& scatter_(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) {
  need_defined("scatter_", self, "self", index, "index");
  return scatter_(self, dim, index, full(index.sizes(), value, self.dtype(), self.device()), reduce);
}

Tensor scatter_add(Target target, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  need_defined("scatter_add", self, "self", index, "index", src, "src");
  int64_t at = check_index("scatter_add", self, dim, index);
  check_source("scatter_add", self, index, src);
  if (index.numel() == 0) return nothing_scattered("scatter_add", target, self, src);
  if (!(src.sizes() == index.sizes())) return scatter_add(target, self, dim, index, corner(src, index.sizes()));
  Tensor out = target.copy_of(self, {.anywhere = {&index, &src}});
  run_scatter(ScatterOp::Add, out, at, index, src);
  if (auto tape = Tape::recording(self, src))
    tape.record("scatter_add", out, [at, index = tape.save(index, tape.needs(1))](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? grad : Tensor(), needs[1] ? gather(grad, at, index.get()) : Tensor()};
    });
  return out;
}
Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  if (const Casting cast{Cast::WidestOnGpu, self, index, src}) return scatter_add(cast(self), dim, cast(index), cast(src));
  return scatter_add(Target(), self, dim, index, src);
}
Tensor& scatter_add_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  need_defined("scatter_add_", self, "self", index, "index", src, "src");
  return in_place("scatter_add_", self, {&src}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& old) { return scatter_add(target, old, dim, index, src); });
}

void register_gather(OpTable& table) {
  table.add("gather(Tensor self, int dim, Tensor index) -> Tensor", &gather);
  table.add("scatter(Tensor self, int dim, Tensor index, Tensor src) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, int64_t, const Tensor&, const Tensor&)>(&scatter));
  table.add("scatter(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, int64_t, const Tensor&, const Scalar&)>(&scatter));
  table.add("scatter(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, int64_t, const Tensor&, const Tensor&, std::string_view)>(&scatter));
  table.add("scatter(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, int64_t, const Tensor&, const Scalar&, std::string_view)>(&scatter));
  table.add("scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor", &scatter_add);
  table.add("scatter_(Tensor(a!) self, int dim, Tensor index, Tensor src) -> Tensor(a!)",
            static_cast<Tensor& (*)(const Tensor&, int64_t, const Tensor&, const Tensor&)>(&scatter_));
  table.add("scatter_(Tensor(a!) self, int dim, Tensor index, Scalar value) -> Tensor(a!)",
            static_cast<Tensor& (*)(const Tensor&, int64_t, const Tensor&, const Scalar&)>(&scatter_));
  table.add("scatter_(Tensor(a!) self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor(a!)",
            static_cast<Tensor& (*)(const Tensor&, int64_t, const Tensor&, const Tensor&, std::string_view)>(&scatter_));
  table.add("scatter_(Tensor(a!) self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor(a!)",
            static_cast<Tensor& (*)(const Tensor&, int64_t, const Tensor&, const Scalar&, std::string_view)>(&scatter_));
  table.add("scatter_add_(Tensor(a!) self, int dim, Tensor index, Tensor src) -> Tensor(a!)", &scatter_add_);
}

}  // namespace lazuli
