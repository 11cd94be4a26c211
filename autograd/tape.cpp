#include "lazuli/autograd/tape.h"

#include "lazuli/autograd/inplace.h"
#include "lazuli/autograd/meta.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli {

constinit const Tensor Tape::kUndefined;

Tensor SavedTensor::get() const {
  if (!tensor_.defined()) return tensor_;
  if (uint32_t now = tensor_.version(); now != version_) {
    fail(ErrorKind::State, current_node ? current_node->name() : "backward", "",
         "the tensor that was saved for the backward, at version " + std::to_string(version_),
         "version " + std::to_string(now) + ": it has been modified by an in-place operation (sizes " + to_string(tensor_.sizes()) + ")");
  }
  Node* node = is_output_ ? current_node : grad_fn_.get();
  if (!node || !modes.grad) return tensor_;
  Tensor t = alias(tensor_);
  AutogradMeta& meta = ensure_autograd_meta(t);
  meta.grad_fn = Ref<Node>(node);
  meta.output = output_;
  t.body()->requires_grad = true;
  return t;
}

SavedTensor Tape::save(const Tensor& t, bool wanted) {
  SavedTensor s;
  if (!wanted || !t.defined()) return s;
  if (t.body()->inference)
    fail(ErrorKind::State, "save for backward", "", "a tensor made outside inference mode",
         "an inference tensor of sizes " + to_string(t.sizes()) + "; clone it outside inference mode first");
  saved_ = true;
  s.version_ = t.version();
  if (TensorBody* body = t.body(); body->requires_grad || body->is_view) {
    Ref<Node> fn = grad_fn(t);
    if (!fn && body->requires_grad && !body->is_view) {
      s.tensor_ = t;
      return s;
    }
    if (fn) s.output_ = autograd_meta(t)->output;
    else if (body->requires_grad) fn = gradient_edge(t).node;
    s.grad_fn_ = std::move(fn);
  }
  s.tensor_ = alias(t);
  return s;
}

SavedTensor Tape::save_output(const Tensor& out, uint32_t index) {
  SavedTensor s;
  s.tensor_ = alias(out);
  s.version_ = out.version();
  s.output_ = index;
  s.is_output_ = true;
  saved_ = true;
  return s;
}

void Tape::finish(Node* node, Tensor* outs, size_t count) {
  Ref<Node> ref(node);
  for (size_t i = 0; i < count_; ++i) {
    const Tensor& t = *inputs_at(i);
    node->add_edge(t.defined() ? gradient_edge(t) : Edge());
  }
  for (size_t i = 0; i < count; ++i) set_history(outs[i], ref);
}

void Tape::finish(Node* node, std::initializer_list<Tensor*> outs) {
  Ref<Node> ref(node);
  for (size_t i = 0; i < count_; ++i) {
    const Tensor& t = *inputs_at(i);
    node->add_edge(t.defined() ? gradient_edge(t) : Edge());
  }
  for (Tensor* out : outs) set_history(*out, ref);
}

}  // namespace lazuli
