#include "lazuli/autograd/tape.h"

#include "lazuli/autograd/inplace.h"
#include "lazuli/autograd/meta.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli {

constinit const Tensor Tape::kUndefined;

// A leaf whose data were replaced since (Module::to) is, for this graph, what it was.
Tensor SavedTensor::as_saved() const {
  if (!storage_ || tensor_.storage().get() == storage_) return tensor_;
  for (size_t i = 0; current_node && i < current_node->num_inputs(); ++i)
    if (Node* node = current_node->edge(i).node.get(); node && node->accumulates())
      if (const Tensor& data = static_cast<AccumulateGrad*>(node)->replaced_data(); data.defined() && data.storage().get() == storage_) {
        if (!modes.grad) return data;
        Tensor t = alias(data);
        change_history(t, current_node->edge(i).node, 0);
        return t;
      }
  fail(ErrorKind::State, current_node ? current_node->name() : "backward", "", "the tensor that was saved for the backward",
       "one whose memory has been replaced since (sizes " + to_string(tensor_.sizes()) + ")");
}

Tensor SavedTensor::get() const {
  if (!tensor_.defined()) return tensor_;
  Tensor saved = as_saved();
  if (uint32_t now = saved.version(); now != version_) {
    fail(ErrorKind::State, current_node ? current_node->name() : "backward", "",
         "the tensor that was saved for the backward, at version " + std::to_string(version_),
         "version " + std::to_string(now) + ": it has been modified by an in-place operation (sizes " + to_string(tensor_.sizes()) + ")");
  }
  Node* node = is_output_ ? current_node : grad_fn_.get();
  if (!node || !modes.grad) return saved;
  Tensor t = alias(saved);
  change_history(t, Ref<Node>(node), output_);
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
      s.storage_ = t.storage().get();
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

void Tape::add_edges(Node& node) const {
  for (size_t i = 0; i < count_; ++i) {
    const Tensor& t = *inputs_at(i);
    node.add_edge(t.defined() ? gradient_edge(t) : Edge());
  }
}

// An output that is one of the inputs becomes a view of it, so that the input's own history stays what it is.
void Tape::add_result(Tensor& out, const Ref<Node>& node) const {
  for (size_t i = 0; i < count_; ++i) {
    if (inputs_at(i)->body() != out.body()) continue;
    Tensor input = out;
    out = alias(input);
    set_history(out, node);
    return track_view(input, out);
  }
  set_history(out, node);
}

void Tape::finish(Node* node, Tensor* outs, size_t count) {
  Ref<Node> ref(node);
  add_edges(*node);
  for (size_t i = 0; i < count; ++i) add_result(outs[i], ref);
}

void Tape::finish(Node* node, std::initializer_list<Tensor*> outs) {
  Ref<Node> ref(node);
  add_edges(*node);
  for (Tensor* out : outs) add_result(*out, ref);
}

}  // namespace lazuli
