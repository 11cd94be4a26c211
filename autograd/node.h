#pragma once
#include <memory>

#include "lazuli/autograd/claim.h"
#include "lazuli/core/tensor.h"

namespace lazuli {

class Node;
class NodeHooks;
class RemovableHandle;

/// Gradients in the order of a node's inputs or outputs. Undefined means zero.
class Grads {
 public:
  Grads() = default;
  template <class... T>
  requires(sizeof...(T) > 0 && (std::is_convertible_v<T, Tensor> && ...)) Grads(T&&... tensors) {
    reserve(sizeof...(T));
    (push_back(Tensor(std::forward<T>(tensors))), ...);
  }
  Grads(std::vector<Tensor> tensors) {
    reserve(tensors.size());
    for (Tensor& t : tensors) push_back(std::move(t));
  }
  static Grads undefined(size_t count) {
    Grads g;
    g.reserve(count);
    for (size_t i = 0; i < count; ++i) g.push_back(Tensor());
    return g;
  }
  Grads(Grads&& other) noexcept { take(other); }
  Grads& operator=(Grads&& other) noexcept {
    clear();
    take(other);
    return *this;
  }
  ~Grads() { clear(); }
  size_t size() const { return size_; }
  Tensor& operator[](size_t i) { return begin()[i]; }
  const Tensor& operator[](size_t i) const { return const_cast<Grads*>(this)->begin()[i]; }
  Tensor* begin() { return heap_ ? heap_ : reinterpret_cast<Tensor*>(inline_); }
  Tensor* end() { return begin() + size_; }
  void push_back(Tensor t) {
    if (size_ == capacity_) reserve(2 * size_t(capacity_));
    new (begin() + size_++) Tensor(std::move(t));
  }
  void reserve(size_t count);

 private:
  static constexpr uint32_t kInline = 3;
  void clear();
  void take(Grads& other) noexcept;
  alignas(Tensor) std::byte inline_[kInline * sizeof(Tensor)];
  Tensor* heap_ = nullptr;
  uint32_t size_ = 0, capacity_ = kInline;
};

/// Which of a node's inputs want a gradient in this backward; a formula need not compute the others.
class Needs {
 public:
  /// `wanted`, one for each input, narrows down those that lead somewhere.
  explicit Needs(const Node& node, const std::vector<bool>* wanted = nullptr) : node_(node), wanted_(wanted) {}
  bool operator[](size_t input) const;

 private:
  bool is_wanted(size_t input) const;
  const Node& node_;
  const std::vector<bool>* wanted_;
};

/// Where a gradient goes: output `output` of `node`. A null node: nowhere.
struct Edge {
  Ref<Node> node;
  uint32_t output = 0;
};

/// One recorded operator: it turns the gradients of its outputs into those of its inputs and passes them along its edges.
class Node : public Counted {
 public:
  explicit Node(const char* node_name);
  virtual ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  virtual Grads apply(Grads& grads, Needs needs) = 0;
  /// Frees what the formula saved, once its claim allows it; a second backward through it is then an error.
  virtual void release_saved() {}

  /// Iterative: freeing a chain of a million nodes does not recurse.
  static void destroy(Node* node) noexcept;
  static void* operator new(size_t bytes) { return pool_allocate(bytes); }
  static void operator delete(void* p, size_t bytes) { pool_free(p, bytes); }

  const char* name() const { return name_; }
  /// Where the gradients of its inputs go, in their order; one without a node: nowhere.
  std::vector<Edge> next_functions() const;
  // Defined in autograd/graph.h, which says what the hooks get.
  template <class F>
  RemovableHandle register_prehook(F hook);
  template <class F>
  RemovableHandle register_hook(F hook);
  uint64_t sequence() const { return sequence_; }
  size_t num_inputs() const { return edge_count_; }
  const Edge& edge(size_t i) const { return edges()[i]; }
  void add_edge(Edge edge);
  /// One that leads nowhere.
  void add_edge() {
    if (edge_count_ < kInlineEdges) ++edge_count_;
    else add_edge(Edge());
  }
  size_t num_outputs() const { return output_count_; }

  /// What the engine must know of an output to bring a gradient into its form.
  struct Output {
    Shape sizes;
    DType dtype;
    Device device;
  };
  const Output& output(size_t i) const { return i == 0 ? first_output_ : more_outputs_[i - 1]; }
  uint32_t add_output(const Tensor& t);
  /// Whether an output has hidden dimensions of vmap, and which: number and size of each (core/vmap/levels.h).
  bool has_levels() const { return has_levels_; }
  std::span<const uint64_t> levels(size_t output) const;

  NodeHooks& hooks();  // made at first use
  NodeHooks* hooks_if_any() const { return hooks_.load(std::memory_order_acquire); }
  /// Whether it is the end of a path (AccumulateGrad).
  bool accumulates() const { return sequence_ == kFirst; }
  /// Whether release_saved has anything to do.
  bool saves() const { return saves_; }
  /// Whether it was recorded inside a vmap: its gradients may have hidden dimensions.
  bool batched() const { return batched_; }

  Claim claim;

 protected:
  static constexpr uint64_t kFirst = UINT64_MAX;  // a sequence before all others in a backward
  struct Accumulates {};
  Node(const char* node_name, Accumulates);
  bool saves_ = false;

 private:
  bool batched_ = false, has_levels_ = false;
  static constexpr uint32_t kInlineEdges = 3;
  void note_levels(uint32_t output, std::vector<uint64_t> levels);
  Edge* edges() { return more_edges_.empty() ? inline_edges_ : more_edges_.data(); }
  const Edge* edges() const { return more_edges_.empty() ? inline_edges_ : more_edges_.data(); }
  const char* name_;
  uint64_t sequence_;
  uint32_t edge_count_ = 0, output_count_ = 0;
  Edge inline_edges_[kInlineEdges];
  std::vector<Edge> more_edges_;
  Output first_output_;
  std::vector<Output> more_outputs_;
  std::atomic<NodeHooks*> hooks_{nullptr};  // owned
  Node* next_doomed_ = nullptr;
};

inline bool Needs::operator[](size_t input) const { return input < node_.num_inputs() && node_.edge(input).node && (!wanted_ || is_wanted(input)); }

/// The node whose formula this thread is computing; null outside a backward.
extern thread_local constinit Node* current_node;

}  // namespace lazuli
