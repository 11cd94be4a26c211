#include "lazuli/ops/shape/copy.h"

#include "lazuli/autograd/support.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/backend.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

namespace {
Tensor new_in(MemoryFormat format, const Tensor& self, const char* op) {
  if (format == MemoryFormat::Preserve) return new_like(self, self.dtype());
  return new_strided(self.sizes(), strides_in(format, self.sizes(), op), self.dtype(), self.device());
}
}  // namespace

Tensor clone(const Tensor& self, MemoryFormat memory_format) {
  need_defined("clone", self);
  Tensor out = new_in(memory_format, self, "clone");
  if (self.numel()) copy_kernel(self.device(), out, self);
  if (auto tape = Tape::recording(self)) tape.record("clone", out, [](const Tensor& grad, Needs) { return Grads{grad}; });
  return out;
}

Tensor contiguous(const Tensor& self, MemoryFormat memory_format) {
  need_defined("contiguous", self);
  if (memory_format == MemoryFormat::Preserve) strides_in(memory_format, self.sizes(), "contiguous");
  if (self.is_contiguous(memory_format)) return self;
  Tensor out = new_in(memory_format, self, "contiguous");
  if (self.numel()) copy_kernel(self.device(), out, self);
  if (auto tape = Tape::recording(self)) tape.record("contiguous", out, [](const Tensor& grad, Needs) { return Grads{grad}; });
  return out;
}

namespace {
Tensor to_with(const Tensor& self, Device device, DType dtype, ToOptions options) {
  if (self.device() == device && self.dtype() == dtype) return options.copy ? clone(self) : self;
  Tensor out = self.device() == device ? casted(self, dtype) : moved(device.is_cpu() ? self : casted(self, dtype), device, options.non_blocking);
  out = casted(out, dtype);
  if (is_differentiable(dtype))
    if (auto tape = Tape::recording(self))
      tape.record("to", out, [](const Tensor& grad, Needs) { return Grads{grad}; });  // the engine casts and moves it back
  return out;
}
}  // namespace

Tensor to(const Tensor& self, MemoryFormat memory_format) {
  need_defined("to", self);
  return memory_format == MemoryFormat::Preserve ? self : contiguous(self, memory_format);
}
Tensor to(const Tensor& self, Device device, DType dtype, bool copy) { return to_with(self, device, dtype, {.copy = copy}); }
Tensor to(const Tensor& self, Device device, ToOptions options) {
  need_defined("to", self);
  if (options.memory_format != MemoryFormat::Preserve) strides_in(options.memory_format, self.sizes(), "to");
  return to(to_with(self, device, self.dtype(), options), options.memory_format);
}
Tensor to(const Tensor& self, DType dtype) {
  need_defined("to", self);
  return to(self, self.device(), dtype);
}
Tensor to(const Tensor& self, Device device) {
  need_defined("to", self);
  return to(self, device, self.dtype());
}

Tensor pin_memory(const Tensor& self, std::optional<Device> device) {
  if (!self.device().is_cpu()) fail("pin_memory", "self", "a tensor on the CPU", "one on " + to_string(self.device()));
  if (is_pinned(self)) return self;
  for (Device d : list_devices())
    if (!device && !d.is_cpu() && !d.is_meta()) device = d;
  if (!device) fail(ErrorKind::NotSupported, "pin_memory", "device", "a device other than the CPU", "none");
  Tensor out = new_pinned(self.sizes(), self.dtype(), *device);
  if (self.numel()) copy_kernel(kCPU, out, self);
  if (auto tape = Tape::recording(self)) tape.record("pin_memory", out, [](const Tensor& grad, Needs) { return Grads{grad}; });
  return out;
}

Tensor& copy_async(Tensor& self, const Tensor& source) {
  if (!(self.sizes() == source.sizes())) fail("copy_async", "source", "sizes " + to_string(self.sizes()), to_string(source.sizes()));
  if (self.dtype() != source.dtype()) fail(ErrorKind::Type, "copy_async", "source", "dtype " + std::string(name(self.dtype())), name(source.dtype()));
  for (const Tensor* t : {&std::as_const(self), &source}) {
    const char* which = t == &source ? "source" : "self";
    if (t->device().is_meta()) fail(ErrorKind::NotSupported, "copy_async", which, "a tensor with data", "one on the meta device");
    if (!t->is_contiguous()) fail("copy_async", which, "a contiguous tensor", "strides " + to_string(t->strides()));
    if (modes.grad && t->requires_grad())
      fail(ErrorKind::State, "copy_async", which, "a tensor that does not require grad, or no_grad", "one that does");
  }
  check_inplace("copy_async", self, false);
  transfer(self, source.storage() == self.storage() ? clone(source.detach()) : source, true);  // the two may overlap
  self.storage()->bump_version();
  return self;
}

Tensor& copy_(const Tensor& self, const Tensor& source) {
  need_defined("copy_", self, "self", source, "source");
  if (!can_broadcast_to(source.sizes(), self.sizes()))
    fail("copy_", "source", "sizes that broadcast to " + to_string(self.sizes()), to_string(source.sizes()));
  if (self.is_same(source)) {
    check_inplace("copy_", self, modes.grad && self.requires_grad(), true);
    return const_cast<Tensor&>(self);
  }
  return in_place("copy_", self, {&source}, SelfIs::NotSaved, [&](Target target, const Tensor& old) {
    Tensor out = target.output(old.sizes(), old.dtype(), old.device(), {.anywhere = {&source}});
    if (out.numel()) copy_kernel(out.device(), out, expanded(moved(source, old.device()), out.sizes()));
    if (auto tape = Tape::recording(old, source))
      tape.record("copy_", out, [](const Tensor& grad, Needs needs) {
        return Grads{needs[0] ? support::zeros(grad.sizes(), grad.dtype(), grad.device()) : Tensor(), needs[1] ? grad : Tensor()};
      });
    return out;
  });
}

Tensor fill(Target target, const Tensor& self, const Scalar& value) {
  need_defined("fill", self);
  check_fits("fill", "value", value, self.dtype());
  Tensor out = target.output_like(self, self.dtype());
  if (self.numel()) fill_kernel(self.device(), out, value);
  if (auto tape = Tape::recording(self))
    tape.record("fill", out, [](const Tensor& grad, Needs) { return Grads{support::zeros(grad.sizes(), grad.dtype(), grad.device())}; });
  return out;
}
Tensor fill(const Tensor& self, const Scalar& value) { return fill(Target(), self, value); }
Tensor& fill_(const Tensor& self, const Scalar& value) {
  return in_place("fill_", self, {}, SelfIs::Filled, [&](Target target, const Tensor& old) { return fill(target, old, value); });
}

Tensor fill(const Tensor& self, const Tensor& value) {
  need_defined("fill", self, "self", value, "value");
  if (value.dim() != 0) fail("fill", "value", "a 0-d tensor", to_string(value.sizes()));
  Tensor out = new_like(self, self.dtype());
  if (self.numel()) copy_kernel(self.device(), out, expanded(moved(value, self.device()), out.sizes()));
  if (auto tape = Tape::recording(self, value))
    tape.record("fill", out, [](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? support::zeros(grad.sizes(), grad.dtype(), grad.device()) : Tensor(), needs[1] ? grad : Tensor()};
    });
  return out;
}

Tensor& fill_(const Tensor& self, const Tensor& value) {
  if (value.dim() != 0) fail("fill_", "value", "a 0-d tensor", to_string(value.sizes()));
  return in_place("fill_", self, {&value}, SelfIs::Filled, [&](Target, const Tensor& old) { return fill(old, value); });
}
Tensor& zero_(const Tensor& self) {
  need_defined("zero_", self);
  return fill_(self, 0);
}

Tensor detach(const Tensor& self) {
  need_defined("detach", self);
  return self.detach();
}

void register_copy(OpTable& table) {
  table.add("clone(Tensor self, *, str memory_format='preserve_format') -> Tensor", &clone);
  table.add("contiguous(Tensor self, *, str memory_format='contiguous_format') -> Tensor", &contiguous);
  table.add("to(Tensor self, dtype dtype) -> Tensor", static_cast<Tensor (*)(const Tensor&, DType)>(&to));
  table.add("to(Tensor self, Device device) -> Tensor", static_cast<Tensor (*)(const Tensor&, Device)>(&to));
  table.add("copy_(Tensor(a!) self, Tensor source) -> Tensor(a!)", &copy_);
  table.add("fill(Tensor self, Scalar value) -> Tensor", static_cast<Tensor (*)(const Tensor&, const Scalar&)>(&fill));
  table.add("fill(Tensor self, Tensor value) -> Tensor", static_cast<Tensor (*)(const Tensor&, const Tensor&)>(&fill));
  table.add("fill_(Tensor(a!) self, Scalar value) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, const Scalar&)>(&fill_));
  table.add("zero_(Tensor(a!) self) -> Tensor(a!)", &zero_);
  table.add("detach(Tensor self) -> Tensor", &detach);
}

}  // namespace lazuli
