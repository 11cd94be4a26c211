#pragma once
#include <functional>

#include "lazuli/autograd/hooks.h"
#include "lazuli/autograd/node.h"

namespace lazuli {

/// How a view came about; all but Default refuse in-place operators while gradients are recorded.
enum class ViewOrigin : uint8_t {
  Default,
  MultipleOutputs /*of chunk, split, unbind*/,
  OtherDtype /*real, imag, view_as_real ...*/,
  NoGrad,
  Inference
};

class AccumulateGrad;

/// A tensor's part in autograd, attached to its body when first needed.
struct AutogradMeta : TensorExtension {
  Tensor grad;
  Ref<Node> grad_fn;
  uint32_t output = 0;
  bool retains_grad = false;
  std::atomic<AccumulateGrad*> accumulator{nullptr};  // owned, made at the leaf's first use
  Ref<WeakTensor> weak;                               // made when a node needs to find the tensor
  HookList<std::function<void(const Tensor&)>> post_accumulate;
  HookList<TensorHook> leaf_hooks;

  Tensor base;                            // defined for a differentiable view: the tensor at the root of all views
  std::atomic<uint32_t> view_version{0};  // the storage's version at which grad_fn was right
  ViewOrigin origin = ViewOrigin::Default;

  ~AutogradMeta() override;
  static void* operator new(size_t bytes) { return pool_allocate(bytes); }
  static void operator delete(void* p, size_t bytes) { pool_free(p, bytes); }
};

/// The end of a path: adds the gradient to a leaf's `grad`. It lives as long as the leaf or a graph that ends in it, whichever is longer.
class AccumulateGrad final : public Node {
 public:
  AccumulateGrad(const Tensor& leaf, Ref<WeakTensor> weak) : Node("AccumulateGrad", Accumulates()), leaf_(std::move(weak)) { add_output(leaf); }
  Grads apply(Grads& grads, Needs needs) override;
  /// Adds `grad`, which has the leaf's form, and calls the post-accumulate hooks.
  void add(const Tensor& leaf, Tensor grad);
  /// Undefined once nobody holds the leaf any more: its gradient could not be seen.
  Tensor leaf() const { return leaf_->lock(); }
  /// What the leaf held when these graphs were recorded, if that was replaced since.
  const Tensor& replaced_data() const { return replaced_; }

 private:
  friend void replace_leaf_data(const Tensor& leaf);
  Ref<WeakTensor> leaf_;
  Tensor replaced_;
};

inline AutogradMeta* autograd_meta(const Tensor& t) { return static_cast<AutogradMeta*>(t.body()->autograd.get()); }
AutogradMeta& ensure_autograd_meta(const Tensor& t);
/// The node that made `t`; null for leaves. For a view whose base was written to, a new node that reads it out of the base.
Ref<Node> grad_fn(const Tensor& t);
/// Where a gradient of `t` goes: its grad_fn, the accumulator of a leaf that requires grad, or nowhere.
Edge gradient_edge(const Tensor& t);
/// Makes the new tensor `t` output of `node`.
void set_history(const Tensor& t, const Ref<Node>& node);
/// Gives the new tensor `t`, another body of what `from` is, the history of `from` if that has one.
void share_history(const Tensor& t, const Tensor& from);
/// Makes `t`, which may have a history already, output `output` of `node`. If its gradient is retained, that is from now on the gradient of the new value.
void change_history(const Tensor& t, const Ref<Node>& node, uint32_t output);
/// To be called before a leaf's storage is replaced, by one of another dtype or device: graphs that are alive keep the old data for their formulas,
/// and their gradients go to the leaf in its new form.
void replace_leaf_data(const Tensor& leaf);

}  // namespace lazuli
