#include "lazuli/autograd/tape.h"

#include "lazuli/autograd/inplace.h"
#include "lazuli/autograd/meta.h"
#include "lazuli/autograd/saved_tensors_hooks.h"
#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/scopes.h"

namespace lazuli {

constinit const Tensor Tape::kUndefined;

// ---- hooks on saved tensors ----

namespace autograd {
namespace detail {
thread_local constinit const std::shared_ptr<SavedTensorHooks>* saved_tensor_hooks = nullptr;

SavedTensorHooksScope::SavedTensorHooksScope(std::shared_ptr<SavedTensorHooks> hooks) : hooks_(std::move(hooks)), before_(saved_tensor_hooks) {
  saved_tensor_hooks = hooks_ ? &hooks_ : nullptr;
}
SavedTensorHooksScope::~SavedTensorHooksScope() { saved_tensor_hooks = before_; }
Tensor data_of(const Tensor& t) { return alias(t); }
}  // namespace detail

save_on_cpu::save_on_cpu()
    : scope_(std::make_shared<detail::PackAndUnpack<std::pair<Tensor, Device> (*)(const Tensor&), Tensor (*)(const std::pair<Tensor, Device>&)>>(
          +[](const Tensor& t) {
            return std::pair{support::to_device(t, kCPU), t.device()};
          },
          +[](const std::pair<Tensor, Device>& packed) { return support::to_device(packed.first, packed.second); })) {}
}  // namespace autograd

namespace {
// In the place of a tensor that was packed: its form, and what is kept instead.
struct Packed : TensorExtension {
  std::shared_ptr<autograd::detail::SavedTensorHooks> hooks;
  std::shared_ptr<void> kept;
};
const Storage* packed_mark() {
  static const char mark = 0;
  return reinterpret_cast<const Storage*>(&mark);
}

Tensor pack(const Tensor& t) {
  auto packed = std::make_unique<Packed>();
  packed->hooks = *autograd::detail::saved_tensor_hooks;
  {
    no_grad unrecorded;
    const autograd::detail::SavedTensorHooksScope none(nullptr);
    packed->kept = packed->hooks->pack(t);
  }
  Tensor form = alias(t);
  form.body()->storage = {};
  form.body()->lazy = std::move(packed);
  return form;
}

Tensor unpack(const Tensor& form) {
  const Packed& packed = static_cast<const Packed&>(*form.body()->lazy);
  no_grad unrecorded;
  const autograd::detail::SavedTensorHooksScope none(nullptr);
  Tensor t = packed.hooks->unpack(packed.kept);
  const char* op = "saved_tensors_hooks";
  if (!t.defined()) fail(op, "unpack's result", "a tensor", "an undefined one");
  const TensorBody &was = *form.body(), &is = *t.body();
  if (!(is.sizes == was.sizes)) fail(op, "unpack's result", "sizes " + to_string(was.sizes), to_string(is.sizes));
  if (is.dtype != was.dtype) fail(ErrorKind::Type, op, "unpack's result", name(was.dtype), name(is.dtype));
  if (!(is.device == was.device)) fail(op, "unpack's result", to_string(was.device), to_string(is.device));
  return t;
}
}  // namespace

// ---- saved tensors ----

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
  const bool packed = storage_ == packed_mark();
  Tensor saved = packed ? unpack(tensor_) : as_saved();
  if (uint32_t now = packed ? version_ : saved.version(); now != version_) {
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
  const bool hooked = autograd::detail::saved_tensor_hooks;
  if (TensorBody* body = t.body(); body->requires_grad || body->is_view) {
    Ref<Node> fn = grad_fn(t);
    if (!fn && body->requires_grad && !body->is_view && !hooked) {
      s.tensor_ = t;
      s.storage_ = t.storage().get();
      return s;
    }
    if (fn) s.output_ = autograd_meta(t)->output;
    else if (body->requires_grad) fn = gradient_edge(t).node;
    s.grad_fn_ = std::move(fn);
  }
  if (hooked) [[unlikely]] {
    s.tensor_ = pack(t);
    s.storage_ = packed_mark();
  } else {
    s.tensor_ = alias(t);
  }
  return s;
}

SavedTensor Tape::save_output(const Tensor& out, uint32_t index) {
  SavedTensor s;
  if (autograd::detail::saved_tensor_hooks) [[unlikely]] {
    s.tensor_ = pack(out);
    s.storage_ = packed_mark();
  } else {
    s.tensor_ = alias(out);
  }
  s.version_ = out.version();
  s.output_ = index;
  s.is_output_ = true;
  saved_ = true;
  return s;
}

void Tape::add_more(const Tensor& t) {
  more_inputs_.push_back(&t);
  ++count_;
}

void Tape::add_edges(Node& node) const {
  for (size_t i = 0; i < count_; ++i) {
    const Tensor& t = *inputs_at(i);
    const TensorBody* body = t.body();
    if (body && (body->requires_grad || body->is_view)) node.add_edge(gradient_edge(t));
    else node.add_edge();
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

namespace {
void tell(const Node& node) {
  if (detail::scope_listening) [[unlikely]]
    detail::tell_recorded(node.name(), &node);
}
}  // namespace

void Tape::finish(Node* node, Tensor* outs, size_t count) {
  Ref<Node> ref(node);
  add_edges(*node);
  for (size_t i = 0; i < count; ++i) add_result(outs[i], ref);
  tell(*node);
}

void Tape::finish(Node* node, std::initializer_list<Tensor*> outs) {
  Ref<Node> ref(node);
  add_edges(*node);
  for (Tensor* out : outs) add_result(*out, ref);
  tell(*node);
}

}  // namespace lazuli
