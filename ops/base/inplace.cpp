#include "lazuli/ops/base/inplace.h"

namespace lazuli::detail {

Tensor old_value(const Tensor& self, SelfIs use) {
  // The same history, in a body of its own, so that the history that self is about to get leads here and not to itself.
  Tensor old;
  if (use == SelfIs::Saved) {
    old = new_strided(self.sizes(), self.strides(), self.dtype(), self.device());
    copy_kernel(self.device(), old, self);
  } else {
    old = alias(self);
  }
  if (Edge edge = gradient_edge(self); edge.node) {
    AutogradMeta& meta = ensure_autograd_meta(old);
    meta.grad_fn = std::move(edge.node);
    meta.output = edge.output;
    old.body()->requires_grad = true;
  }
  return old;
}

void finish_inplace(const char* op, Tensor& self, Tensor& result, bool recorded) {
  bool in_place = result.storage() == self.storage() && result.data() == self.data() && result.strides() == self.strides();
  if (!in_place) {
    if (!can_broadcast_to(result.sizes(), self.sizes()))
      fail(op, "self", "sizes " + to_string(result.sizes()) + ", those of the result", to_string(self.sizes()));
    if (!can_cast(result.dtype(), self.dtype()))
      fail(ErrorKind::Type, op, "self", "a dtype to which the result's " + std::string(name(result.dtype())) + " casts", name(self.dtype()));
    if (!(result.device() == self.device())) result = moved(result, self.device());
    Tensor source = expanded(result, self.sizes());
    copy_kernel(self.device(), self, source);
  }
  if (recorded && result.requires_grad() && is_differentiable(self.dtype())) rebase_history(self, result);
  else self.storage()->bump_version();
}

void check_out_sizes(const char* op, const Tensor& out, const Tensor& result) {
  if (!(out.sizes() == result.sizes()))
    fail(op, "out", "sizes " + to_string(result.sizes()) + ", those of the result, or no elements", to_string(out.sizes()));
}

// An `out` without elements gets the result's sizes and memory.
void take_over(const char* op, Tensor& out, const Tensor& result) {
  if (!can_cast(result.dtype(), out.dtype()))
    fail(ErrorKind::Type, op, "out", "a dtype to which the result's " + std::string(name(result.dtype())) + " casts", name(out.dtype()));
  if (!(result.device() == out.device())) fail(op, "out", "the result's device, " + to_string(result.device()), to_string(out.device()));
  Tensor from = casted(result, out.dtype());
  TensorBody& body = *out.body();
  body.storage = from.storage();
  body.sizes = from.sizes();
  body.strides = from.strides();
  body.offset = from.storage_offset();
  body.update_layout();
}

}  // namespace lazuli::detail
