#include "lazuli/autograd/meta.h"

#include <mutex>

#include "lazuli/autograd/held_hooks.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/step_observer.h"

namespace lazuli {

namespace {
// Of what is made once a tensor, at first use.
std::mutex& first_use_mutex() {
  static auto* m = new std::mutex;
  return *m;
}
// Of views' histories that are made anew.
std::mutex& view_mutex() {
  static auto* m = new std::mutex;
  return *m;
}
}  // namespace

AutogradMeta::~AutogradMeta() {
  if (weak) weak->forget();
  Ref<Node>::adopt(accumulator.load());
}

Tensor WeakTensor::lock() {
  std::lock_guard held(mutex);
  return body && body->try_retain() ? Tensor(Ref<TensorBody>::adopt(body)) : Tensor();
}
void WeakTensor::forget() {
  std::lock_guard held(mutex);
  body = nullptr;
}

AutogradMeta& ensure_autograd_meta(const Tensor& t) {
  ExtensionSlot& slot = t.body()->autograd;
  if (TensorExtension* there = slot.get()) return static_cast<AutogradMeta&>(*there);
  return static_cast<AutogradMeta&>(slot.attach(std::make_unique<AutogradMeta>()));
}

namespace {

// Reads the view out of its base, for views whose base (or another view of it) was written to.
class ReadView final : public Node {
 public:
  ReadView(const Tensor& base, const Tensor& view)
      : Node("as_strided"),
        base_sizes_(base.sizes()),
        base_strides_(base.strides()),
        strides_(view.strides()),
        offset_(view.storage_offset() - base.storage_offset()) {}
  Grads apply(Grads& grads, Needs) override { return Grads{support::read_view_backward(grads[0], base_sizes_, base_strides_, strides_, offset_)}; }

 private:
  Shape base_sizes_, base_strides_, strides_;
  int64_t offset_;
};

void set_node(AutogradMeta& meta, const Ref<Node>& node, uint32_t output) {
  meta.grad_fn = node;
  meta.output = output;
  if (meta.retains_grad) node->hooks().retain(output, meta.weak);
}
}  // namespace

Ref<Node> grad_fn(const Tensor& t) {
  AutogradMeta* meta = autograd_meta(t);
  if (!meta) return nullptr;
  if (!t.body()->is_view || meta->view_version.load(std::memory_order_acquire) == t.version()) return meta->grad_fn;
  const Tensor& base = meta->base;
  if (!base.body()->requires_grad) return meta->grad_fn;
  Ref<Node> node(new ReadView(base, t)), before;
  node->add_edge(gradient_edge(base));
  std::lock_guard lock(view_mutex());
  if (meta->view_version.load(std::memory_order_relaxed) == t.version()) return meta->grad_fn;
  node->add_output(t);
  before = meta->grad_fn;    // freed outside the lock
  set_node(*meta, node, 0);  // the body's flag stays: other threads read it, and ask here where it is false
  meta->view_version.store(t.version(), std::memory_order_release);
  return node;
}

namespace {
Ref<WeakTensor> weak_tensor(const Tensor& t, AutogradMeta& meta) {  // under the mutex
  if (!meta.weak) meta.weak = Ref<WeakTensor>(new WeakTensor(t.body()));
  return meta.weak;
}
}  // namespace

Ref<WeakTensor> autograd::detail::weak_of(const Tensor& t) {
  AutogradMeta& meta = ensure_autograd_meta(t);
  std::lock_guard lock(first_use_mutex());
  return weak_tensor(t, meta);
}

Edge gradient_edge(const Tensor& t) {
  TensorBody* body = t.body();
  if (!body->requires_grad && !body->is_view) return {};
  if (Ref<Node> fn = grad_fn(t)) return {std::move(fn), autograd_meta(t)->output};
  if (!body->requires_grad) return {};
  AutogradMeta& meta = ensure_autograd_meta(t);
  AccumulateGrad* node = meta.accumulator.load(std::memory_order_acquire);
  if (!node) [[unlikely]] {
    std::lock_guard lock(first_use_mutex());
    node = meta.accumulator.load();
    if (!node) {
      node = new AccumulateGrad(t, weak_tensor(t, meta));
      node->retain();
      meta.accumulator.store(node, std::memory_order_release);
    }
  }
  return {Ref<Node>(node), 0};
}

void set_history(const Tensor& t, const Ref<Node>& node) {
  uint32_t output = node->add_output(t);
  if (!is_differentiable(t.dtype())) return;
  ExtensionSlot& slot = t.body()->autograd;
  AutogradMeta& meta = static_cast<AutogradMeta&>(slot ? *slot.get() : slot.attach_first(std::make_unique<AutogradMeta>()));
  meta.grad_fn = node;
  meta.output = output;
  t.body()->requires_grad = true;
}

void share_history(const Tensor& t, const Tensor& from) {
  Edge edge = gradient_edge(from);
  if (!edge.node) return;
  AutogradMeta& meta = ensure_autograd_meta(t);
  meta.grad_fn = std::move(edge.node);
  meta.output = edge.output;
  t.body()->requires_grad = true;
}

void change_history(const Tensor& t, const Ref<Node>& node, uint32_t output) {
  set_node(ensure_autograd_meta(t), node, output);
  if (!t.body()->requires_grad) t.body()->requires_grad = true;
}

void Tensor::retain_grad() const {
  if (!requires_grad()) fail(ErrorKind::State, "retain_grad", "self", "a tensor that requires grad", "one that does not");
  Ref<Node> fn = lazuli::grad_fn(*this);
  AutogradMeta& meta = ensure_autograd_meta(*this);
  std::lock_guard lock(first_use_mutex());
  if (!fn || meta.retains_grad) return;
  fn->hooks().retain(meta.output, weak_tensor(*this, meta));
  meta.retains_grad = true;
}

bool Tensor::retains_grad() const {
  const AutogradMeta* meta = autograd_meta(*this);
  return meta && meta->retains_grad;
}
int64_t Tensor::output_nr() const {
  const AutogradMeta* meta = autograd_meta(*this);
  return meta && meta->grad_fn ? int64_t(meta->output) : 0;
}

void replace_leaf_data(const Tensor& leaf) {
  AutogradMeta* meta = autograd_meta(leaf);
  AccumulateGrad* old = meta ? meta->accumulator.load() : nullptr;
  if (!old || old->use_count() == 1) return;  // no graph leads to it
  old->replaced_ = alias(leaf);
  auto* fresh = new AccumulateGrad(leaf, old->leaf_);
  fresh->retain();
  meta->accumulator.store(fresh);
  Ref<Node>::adopt(old);
}

Grads AccumulateGrad::apply(Grads& grads, Needs) {
  if (Tensor leaf = this->leaf(); leaf.defined()) add(leaf, std::move(grads[0]));
  return Grads();
}

namespace {
std::string form(const Tensor& t) { return "sizes " + to_string(t.sizes()) + ", " + std::string(name(t.dtype())) + " on " + to_string(t.device()); }

// Whether adding to `grad` in place gives the sum, and touches nothing that must stay.
bool may_be_written(const Tensor& grad) {
  for (int64_t i = 0; i < grad.dim(); ++i)
    if (grad.sizes()[i] > 1 && grad.strides()[i] == 0) return false;
  return !modes.grad && !grad.body()->inference;
}
}  // namespace

void AccumulateGrad::add(const Tensor& leaf, Tensor grad) {
  AutogradMeta& meta = *autograd_meta(leaf);
  StepObserver* const observer = detail::step_observer;
  if (observer) [[unlikely]]
    observer->gradient_read(leaf);
  const Tensor before = observer ? meta.grad : Tensor();
  {
    std::lock_guard lock(leaf_->mutex);
    if (!meta.grad.defined()) {
      // A gradient that nobody else holds is taken over; others (broadcast, or held by the user) are copied.
      bool ours = !modes.grad && grad.body()->use_count() == 1 && grad.storage()->use_count() == 1 && grad.is_contiguous();
      meta.grad = ours ? std::move(grad) : modes.grad ? support::clone(grad) : support::clone(grad.detach());
    } else if (!(meta.grad.sizes() == grad.sizes()) || meta.grad.dtype() != grad.dtype() || !(meta.grad.device() == grad.device())) {
      fail(ErrorKind::State, "backward", "", "a leaf whose grad() has its own form, " + form(grad), form(meta.grad) + "; drop it by set_grad({})");
    } else if (may_be_written(meta.grad)) {
      support::add_in_place(meta.grad, grad);
    } else {
      meta.grad = support::add(meta.grad, grad);
    }
  }
  if (observer && !meta.grad.is_same(before)) observer->gradient_set(leaf);
  for (auto& [id, hook] : meta.post_accumulate.snapshot()) hook(leaf);
}

}  // namespace lazuli
