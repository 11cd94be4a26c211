#include "lazuli/autograd/inplace.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli {

namespace {
bool overlaps_itself(const Tensor& t) {
  if (t.numel() == 0) return false;
  for (int64_t i = 0; i < t.dim(); ++i)
    if (t.sizes()[i] > 1 && t.strides()[i] == 0) return true;
  return false;
}
}  // namespace

void check_inplace(const char* op, const Tensor& self, bool result_requires_grad, bool may_overlap) {
  if (!self.defined()) fail_undefined(op, "self");
  if (!may_overlap && overlaps_itself(self))
    fail(ErrorKind::State, op, "self", "a tensor whose elements have memory of their own", "an expanded view; clone it first");
  if (self.body()->inference && !modes.inference)
    fail(ErrorKind::State, op, "self", "a tensor made outside inference mode", "an inference tensor; clone it first");
  // A view made while nothing was recorded does not say by itself that its base has a history: the base is asked.
  bool is_view = self.body()->is_view;
  if (!modes.grad || !(result_requires_grad || (is_view && autograd_meta(self)->base.requires_grad()))) return;
  bool requires_grad = self.requires_grad();
  if (is_view) {
    AutogradMeta& meta = *autograd_meta(self);
    switch (meta.origin) {
      case ViewOrigin::MultipleOutputs:
        fail(ErrorKind::State, op, "self", "a tensor that may be written in place",
             "one of the views that one operator (chunk, split, unbind) made together");
      case ViewOrigin::OtherDtype: fail(ErrorKind::State, op, "self", "a tensor that may be written in place", "a view of a tensor of another dtype");
      case ViewOrigin::NoGrad:
        fail(ErrorKind::State, op, "self", "a tensor that may be written in place", "a view made in no_grad, written while gradients are recorded");
      case ViewOrigin::Inference: fail(ErrorKind::State, op, "self", "a tensor that may be written in place", "a view made in inference mode");
      case ViewOrigin::Default: break;
    }
    if (requires_grad && meta.base.is_leaf())
      fail(ErrorKind::State, op, "self", "a tensor that may be written in place", "a view of a leaf that requires grad; use no_grad, or clone it");
  }
  if (requires_grad && self.is_leaf())
    fail(ErrorKind::State, op, "self", "a tensor that may be written in place", "a leaf that requires grad; use no_grad, or clone it");
}

namespace {
// base with one of its views replaced: the view's part of the gradient belongs to the new values, the rest to the old base.
class WriteView final : public Node {
 public:
  WriteView(const Tensor& base, const Tensor& view)
      : Node("copy_slices"),
        base_sizes_(base.sizes()),
        base_strides_(base.strides()),
        sizes_(view.sizes()),
        strides_(view.strides()),
        offset_(view.storage_offset() - base.storage_offset()) {}
  Grads apply(Grads& grads, Needs needs) override {
    Tensor grad = support::clone(grads[0]);
    if (!(grad.strides() == base_strides_)) {  // bring it into the base's layout, in which the view is described
      Tensor same = new_strided(base_sizes_, base_strides_, grad.dtype(), grad.device());
      same.copy_(grad);
      grad = same;
    }
    Tensor of_view = support::read_view(grad, sizes_, strides_, offset_);
    Tensor rest = needs[0] ? support::write_view(grad, support::zeros(sizes_, grad.dtype(), grad.device()), strides_, offset_) : Tensor();
    return Grads{std::move(rest), needs[1] ? of_view : Tensor()};
  }

 private:
  Shape base_sizes_, base_strides_, sizes_, strides_;
  int64_t offset_;
};
}  // namespace

void rebase_history(Tensor& self, const Tensor& result) {
  if (!self.body()->is_view) {
    const AutogradMeta& from = *autograd_meta(result);
    change_history(self, from.grad_fn, from.output);
    return;
  }
  AutogradMeta& meta = *autograd_meta(self);
  Tensor base = meta.base;
  Ref<Node> node(new WriteView(base, self));
  node->add_edge(gradient_edge(base));
  node->add_edge(gradient_edge(result));
  node->add_output(base);
  change_history(base, node, 0);
  self.body()->requires_grad = true;
  grad_fn(self);
}

void track_view(const Tensor& base, Tensor& view, ViewOrigin origin) {
  if (base.body()->inference || !is_differentiable(view.dtype())) return;
  AutogradMeta& meta = ensure_autograd_meta(view);
  const Tensor* root = &base;
  if (base.body()->is_view) {
    root = &autograd_meta(base)->base;
    if (origin == ViewOrigin::Default) origin = autograd_meta(base)->origin;
  }
  if (!modes.grad && origin == ViewOrigin::Default) origin = modes.inference ? ViewOrigin::Inference : ViewOrigin::NoGrad;
  if (root->dtype() != view.dtype()) origin = ViewOrigin::OtherDtype;
  meta.base = *root;
  meta.origin = origin;
  meta.view_version.store(view.version(), std::memory_order_relaxed);
  view.body()->is_view = true;
}

}  // namespace lazuli
