#include "lazuli/autograd/autograd.h"

#include <mutex>

#include "lazuli/autograd/held_hooks.h"
#include "lazuli/autograd/inplace.h"
#include "lazuli/autograd/meta.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/step_observer.h"

// The autograd members of Tensor.
namespace lazuli {

bool Tensor::requires_grad() const {
  if (!body_) return false;
  if (body_->requires_grad || !body_->is_view) return body_->requires_grad;
  return bool(lazuli::grad_fn(*this));
}

Tensor& Tensor::requires_grad_(bool wanted) const {
  if (!body_) fail_unusable();
  if (!wanted && !is_leaf()) fail(ErrorKind::State, "requires_grad_", "requires_grad", "true for a tensor with history (detach it instead)", "false");
  if (wanted && !is_differentiable(body_->dtype))
    fail(ErrorKind::Type, "requires_grad_", "self", "a floating point or complex tensor", lazuli::name(body_->dtype));
  if (wanted && body_->inference && !modes.inference)
    fail(ErrorKind::State, "requires_grad_", "self", "a tensor made outside inference mode", "an inference tensor");
  body_->requires_grad = wanted;
  return self();
}

Ref<Node> Tensor::grad_fn() const { return body_ ? lazuli::grad_fn(*this) : nullptr; }
bool Tensor::is_leaf() const { return !body_ || !requires_grad() || !lazuli::grad_fn(*this); }

Tensor Tensor::grad() const {
  if (!body_) fail_unusable();
  if (detail::step_observer) [[unlikely]]
    detail::step_observer->gradient_read(*this);
  return body_->autograd ? autograd_meta(*this)->grad : Tensor();
}

void Tensor::set_grad(const Tensor& grad) const {
  if (!body_) fail_unusable();
  if (grad.defined()) {
    if (!(grad.sizes() == sizes())) fail("set_grad", "grad", "sizes " + to_string(sizes()), to_string(grad.sizes()));
    if (grad.dtype() != dtype()) fail(ErrorKind::Type, "set_grad", "grad", lazuli::name(dtype()), lazuli::name(grad.dtype()));
    if (!(grad.device() == device())) fail("set_grad", "grad", to_string(device()), to_string(grad.device()));
  } else if (!body_->autograd) {
    if (detail::step_observer) [[unlikely]]
      detail::step_observer->gradient_set(*this);
    return;
  }
  ensure_autograd_meta(*this).grad = grad;
  if (detail::step_observer) [[unlikely]]
    detail::step_observer->gradient_set(*this);
}

Tensor& Tensor::mutable_grad() const {
  if (!body_) fail_unusable();
  if (detail::step_observer) [[unlikely]]
    detail::step_observer->gradient_set(*this);
  return ensure_autograd_meta(*this).grad;
}

void Tensor::backward(const Tensor& gradient, bool retain_graph, bool create_graph) const {
  autograd::backward({*this}, {gradient}, retain_graph, create_graph);
}
void Tensor::backward(const autograd::BackwardOptions& options) const { autograd::backward({*this}, options); }

Tensor Tensor::detach() const {
  checked();
  Tensor t = alias(*this);
  return t;
}

Tensor& Tensor::detach_() const {
  checked();
  if (body_->is_view) fail(ErrorKind::State, "detach_", "self", "a tensor that is not a view", "a view; use detach()");
  if (body_->autograd) {
    AutogradMeta& meta = *autograd_meta(*this);
    meta.grad_fn.reset();
    meta.retains_grad = false;
  }
  body_->requires_grad = false;
  return self();
}

NodeHooks::Entry& NodeHooks::of(uint32_t output) {
  for (auto& [number, entry] : outputs_)
    if (number == output) return entry;
  outputs_.emplace_back(output, Entry());
  return outputs_.back().second;
}
RemovableHandle NodeHooks::add(uint32_t output, TensorHook hook) {
  std::lock_guard lock(mutex_);
  return of(output).hooks.add(std::move(hook));
}
void NodeHooks::retain(uint32_t output, Ref<WeakTensor> tensor) {
  std::lock_guard lock(mutex_);
  of(output).retain_for = std::move(tensor);
}
std::vector<NodeHooks::OfOutput> NodeHooks::snapshot() {
  std::lock_guard lock(mutex_);
  std::vector<OfOutput> all;
  for (auto& [output, entry] : outputs_) {
    all.push_back({output, {}, entry.retain_for});
    for (auto& [id, hook] : entry.hooks.snapshot()) all.back().hooks.push_back(std::move(hook));
  }
  return all;
}

RemovableHandle register_hook(const Tensor& tensor, TensorHook hook) {
  if (!tensor.requires_grad()) fail(ErrorKind::State, "register_hook", "tensor", "a tensor that requires grad", "one that does not");
  autograd::detail::note_hook(tensor, hook);
  Ref<Node> fn = grad_fn(tensor);
  if (!fn) return ensure_autograd_meta(tensor).leaf_hooks.add(std::move(hook));
  return fn->hooks().add(autograd_meta(tensor)->output, std::move(hook));
}

RemovableHandle register_post_accumulate_grad_hook(const Tensor& leaf, std::function<void(const Tensor&)> hook) {
  if (!leaf.requires_grad() || !leaf.is_leaf())
    fail(ErrorKind::State, "register_post_accumulate_grad_hook", "leaf", "a leaf that requires grad", "another tensor");
  autograd::detail::note_hook(leaf, hook);
  return ensure_autograd_meta(leaf).post_accumulate.add(std::move(hook));
}

}  // namespace lazuli
