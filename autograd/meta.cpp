#include "lazuli/autograd/meta.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/support.h"

namespace lazuli {

AutogradMeta::~AutogradMeta() {
  if (AccumulateGrad* node = accumulator.load()) {
    node->forget_leaf();
    Ref<Node>::adopt(node);
  }
  if (retains_grad && grad_fn)
    if (NodeHooks* hooks = grad_fn->hooks_if_any())
      for (auto& o : hooks->outputs)
        if (o.retain_for && o.retain_for->autograd.get() == this) o.retain_for = nullptr;
}

AutogradMeta& ensure_autograd_meta(const Tensor& t) {
  auto& slot = t.body()->autograd;
  if (!slot) slot.reset(new AutogradMeta);
  return static_cast<AutogradMeta&>(*slot);
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

std::mutex& leaf_mutex() {
  static std::mutex* m = new std::mutex;
  return *m;
}

}  // namespace

Ref<Node> grad_fn(const Tensor& t) {
  if (!t.body()->autograd) return nullptr;
  AutogradMeta* meta = autograd_meta(t);
  if (!t.body()->is_view || meta->view_version == t.version()) return meta->grad_fn;
  const Tensor& base = meta->base;
  if (!base.body()->requires_grad) return meta->grad_fn;
  Ref<Node> node(new ReadView(base, t));
  node->add_edge(gradient_edge(base));
  node->add_output(t);
  meta->grad_fn = node;
  meta->output = 0;
  meta->view_version = t.version();
  t.body()->requires_grad = true;
  return node;
}

Edge gradient_edge(const Tensor& t) {
  TensorBody* body = t.body();
  if (!body->requires_grad && !body->is_view) return {};
  if (Ref<Node> fn = grad_fn(t)) return {std::move(fn), autograd_meta(t)->output};
  if (!body->requires_grad) return {};
  AutogradMeta& meta = ensure_autograd_meta(t);
  AccumulateGrad* node = meta.accumulator.load(std::memory_order_acquire);
  if (!node) [[unlikely]] {
    std::lock_guard lock(leaf_mutex());
    node = meta.accumulator.load();
    if (!node) {
      node = new AccumulateGrad(t);
      node->retain();
      meta.accumulator.store(node, std::memory_order_release);
    }
  }
  return {Ref<Node>(node), 0};
}

void set_history(const Tensor& t, const Ref<Node>& node) {
  uint32_t output = node->add_output(t);
  if (!is_differentiable(t.dtype())) return;
  AutogradMeta& meta = ensure_autograd_meta(t);
  meta.grad_fn = node;
  meta.output = output;
  t.body()->requires_grad = true;
}

Tensor AccumulateGrad::leaf() const {
  std::lock_guard lock(leaf_mutex());
  return leaf_ && leaf_->try_retain() ? Tensor(Ref<TensorBody>::adopt(leaf_)) : Tensor();
}
void AccumulateGrad::forget_leaf() {
  std::lock_guard lock(leaf_mutex());
  leaf_ = nullptr;
}

Grads AccumulateGrad::apply(Grads& grads, Needs) {
  Tensor grad = std::move(grads[0]), leaf = this->leaf();
  if (!leaf.defined()) return Grads();
  AutogradMeta& meta = *autograd_meta(leaf);
  if (!meta.grad.defined()) {
    // A gradient that nobody else holds is taken over; others (broadcast, or held by the user) are copied.
    bool ours = !modes.grad && grad.body()->use_count() == 1 && grad.storage()->use_count() == 1 && grad.is_contiguous();
    meta.grad = ours ? std::move(grad) : modes.grad ? support::clone(grad) : support::clone(grad.detach());
  } else if (modes.grad) {
    meta.grad = support::add(meta.grad, grad);
  } else {
    support::add_in_place(meta.grad, grad);
  }
  for (auto& [id, hook] : meta.post_accumulate.snapshot()) hook(leaf);
  return Grads();
}

}  // namespace lazuli
