#pragma once
#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/node.h"

namespace lazuli {

/// A tensor kept for a backward. It knows the version it was kept at, so that a later in-place change is an error and not a wrong gradient.
class SavedTensor {
 public:
  SavedTensor() = default;
  /// The tensor with its history. Throws Error (State) naming operator and both versions when it has changed since.
  Tensor get() const;
  bool defined() const { return tensor_.defined(); }

 private:
  friend class Tape;
  Tensor as_saved() const;
  Tensor tensor_;                     // without history, unless it is a leaf that requires grad: then the leaf itself
  const Storage* storage_ = nullptr;  // of such a leaf, when it was kept
  Ref<Node> grad_fn_;                 // of an input
  uint32_t output_ = 0, version_ = 0;
  bool is_output_ = false;  // its grad_fn is the node that keeps it
};

namespace detail {
template <class F>
class FormulaNode final : public Node {
 public:
  FormulaNode(const char* name, F&& f, bool saves) : Node(name) {
    saves_ = saves;
    new (&memory_) F(std::move(f));
  }
  ~FormulaNode() override {
    if (!released_) formula().~F();
  }
  Grads apply(Grads& grads, Needs needs) override {
    if constexpr (requires(F & f) { f(grads[0], needs); }) {
      if (!grads[0].defined()) return Grads::undefined(num_inputs());
      return formula()(grads[0], needs);
    } else {
      return formula()(grads, needs);
    }
  }
  void release_saved() override {
    formula().~F();
    released_ = true;
  }

 private:
  F& formula() { return *std::launder(reinterpret_cast<F*>(&memory_)); }
  alignas(F) std::byte memory_[sizeof(F)];
  bool released_ = false;
};
}  // namespace detail

/// Records operators. The pattern, in every differentiable operator:
///
///   Tensor out = ...;                                                   // computed without regard to gradients
///   if (auto tape = Tape::recording(a, b))                             // false in no_grad, or when no input requires grad
///     tape.record("mul", out, [a = tape.save(a, tape.needs(1)), b = tape.save(b, tape.needs(0))](const Tensor& grad, Needs needs) {
///       return Grads{needs[0] ? grad * b.get() : Tensor(), needs[1] ? grad * a.get() : Tensor()};
///     });
///
/// The formula gives one gradient for each of `recording`'s tensors, in their order, undefined for none; the engine sums it down to the input's broadcast shape and casts
/// it to its dtype. It is written with differentiable operators, so that gradients of gradients exist. An operator of several outputs records a formula that takes
/// `(Grads& grads, Needs needs)`, where the gradient of an unused output is undefined. An output that is one of the inputs becomes a view of it.
class Tape {
 public:
  /// Tensors, and vectors of tensors, in the order of the formula's results. Undefined tensors take a place and want no gradient.
  template <class... T>
  static Tape recording(const T&... inputs) {
    Tape tape;
    if (modes.grad && (wants(inputs) || ...)) {
      tape.active_ = true;
      (tape.add(inputs), ...);
    }
    return tape;
  }
  explicit operator bool() const { return active_; }
  /// Whether input i wants a gradient.
  bool needs(size_t input) const { return input < count_ && requires_grad(*inputs_at(input)); }

  /// Keeps an input (or any tensor) for the formula; nothing is kept when `wanted` is false.
  SavedTensor save(const Tensor& t, bool wanted = true);
  /// Keeps one of the outputs that `record` is about to be given, without making a reference cycle.
  SavedTensor save_output(const Tensor& out, uint32_t index = 0);

  template <class F>
  void record(const char* name, Tensor& out, F formula) {
    finish(new detail::FormulaNode<F>(name, std::move(formula), saved_), &out, 1);
  }
  template <class F>
  void record(const char* name, std::initializer_list<Tensor*> outs, F formula) {
    auto* node = new detail::FormulaNode<F>(name, std::move(formula), saved_);
    finish(node, outs);
  }
  template <class F>
  void record(const char* name, std::vector<Tensor>& outs, F formula) {
    finish(new detail::FormulaNode<F>(name, std::move(formula), saved_), outs.data(), outs.size());
  }

 private:
  static bool requires_grad(const Tensor& t) { return t.defined() && (t.body()->requires_grad || (t.body()->is_view && t.requires_grad())); }
  static bool wants(const Tensor& t) { return requires_grad(t); }
  static bool wants(const std::optional<Tensor>& t) { return t && requires_grad(*t); }
  static bool wants(const std::vector<Tensor>& ts) {
    for (const Tensor& t : ts)
      if (requires_grad(t)) return true;
    return false;
  }
  void add(const Tensor& t) {
    if (count_ < kInline) inline_inputs_[count_++] = &t;
    else add_more(t);
  }
  void add_more(const Tensor& t);
  void add(const std::optional<Tensor>& t) { add(t ? *t : kUndefined); }
  void add(const std::vector<Tensor>& ts) {
    for (const Tensor& t : ts) add(t);
  }
  const Tensor* inputs_at(size_t i) const { return i < kInline ? inline_inputs_[i] : more_inputs_[i - kInline]; }
  void add_edges(Node& node) const;
  void add_result(Tensor& out, const Ref<Node>& node) const;
  void finish(Node* node, Tensor* outs, size_t count);
  void finish(Node* node, std::initializer_list<Tensor*> outs);

  static constexpr size_t kInline = 4;
  static const Tensor kUndefined;
  bool active_ = false, saved_ = false;
  size_t count_ = 0;
  const Tensor* inline_inputs_[kInline];
  std::vector<const Tensor*> more_inputs_;
};

}  // namespace lazuli
