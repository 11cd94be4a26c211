#include "lazuli/autograd/node.h"

#include "lazuli/autograd/graph.h"
#include "lazuli/autograd/hooks.h"
#include "lazuli/autograd/node_extras.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/core/vmap/levels.h"

namespace lazuli {

thread_local constinit Node* current_node = nullptr;

namespace {
thread_local constinit uint64_t next_sequence = 0;
thread_local constinit Node* doomed = nullptr;  // a list through `next_doomed_`
thread_local constinit bool destroying = false;
thread_local constinit uint64_t destroyed = 0;  // of those that have a sequence

// For errors and pictures of the graph.
void note_origin(Node& node) {
  auto origin = std::make_unique<autograd::Origin>();
  origin->module = autograd::detail::current_module();
  origin->stack = call_stack();
  if (current_node) origin->within = current_node->name();
  NodeExtras::of(node).origin = std::move(origin);
}
}  // namespace

bool Needs::is_wanted(size_t input) const { return (*wanted_)[input]; }

void Grads::reserve(size_t count) {
  if (count <= capacity_) return;
  auto* bigger = static_cast<Tensor*>(::operator new(count * sizeof(Tensor)));
  Tensor* old = begin();
  for (uint32_t i = 0; i < size_; ++i) {
    new (bigger + i) Tensor(std::move(old[i]));
    old[i].~Tensor();
  }
  ::operator delete(heap_);
  heap_ = bigger;
  capacity_ = uint32_t(count);
}

void Grads::clear() {
  Tensor* t = begin();
  for (uint32_t i = 0; i < size_; ++i) t[i].~Tensor();
  ::operator delete(heap_);
  heap_ = nullptr;
  size_ = 0;
  capacity_ = kInline;
}

void Grads::take(Grads& other) noexcept {
  if (other.heap_) {
    heap_ = std::exchange(other.heap_, nullptr);
    size_ = other.size_;
    capacity_ = other.capacity_;
  } else {
    for (uint32_t i = 0; i < other.size_; ++i) {
      new (begin() + i) Tensor(std::move(other[i]));
      other[i].~Tensor();
    }
    size_ = other.size_;
  }
  other.size_ = 0;
  other.capacity_ = kInline;
}

Node::Node(const char* node_name, Accumulates) : name_(node_name), sequence_(kFirst) {}
Node::Node(const char* node_name) : batched_(detail::newest_batch_level != 0), name_(node_name), sequence_(next_sequence++) {
  if (autograd::detail::origins_wanted.load(std::memory_order_relaxed)) [[unlikely]]
    note_origin(*this);
}
Node::~Node() {
  if (sequence_ != kFirst) ++destroyed;
  delete static_cast<NodeExtras*>(hooks_.load());
}
int64_t autograd::live_nodes() { return int64_t(next_sequence - destroyed); }

void Node::destroy(Node* node) noexcept {
  if (destroying) {
    node->next_doomed_ = std::exchange(doomed, node);
    return;
  }
  destroying = true;
  for (delete node; doomed;) {
    Node* next = doomed;
    doomed = next->next_doomed_;
    delete next;
  }
  destroying = false;
}

std::vector<Edge> Node::next_functions() const { return {edges(), edges() + edge_count_}; }

void Node::add_edge(Edge edge) {
  if (edge_count_ < kInlineEdges) {
    inline_edges_[edge_count_++] = std::move(edge);
    return;
  }
  if (more_edges_.empty())
    for (Edge& e : inline_edges_) more_edges_.push_back(std::move(e));
  more_edges_.push_back(std::move(edge));
  ++edge_count_;
}

uint32_t Node::add_output(const Tensor& t) {
  Output& meta = output_count_ == 0 ? first_output_ : more_outputs_.emplace_back();
  meta.sizes = t.sizes();
  meta.dtype = t.dtype();
  meta.device = t.device();
  if (t.storage() && t.storage()->hidden()) [[unlikely]]
    note_levels(output_count_, batching::levels_of(t));
  return output_count_++;
}

void Node::note_levels(uint32_t output, std::vector<uint64_t> levels) {
  if (levels.empty()) return;
  auto& all = NodeExtras::of(*this).levels;
  all.resize(output + 1);
  all[output] = std::move(levels);
  has_levels_ = true;
}
std::span<const uint64_t> Node::levels(size_t output) const {
  if (!has_levels_) return {};
  const auto& all = NodeExtras::if_any(*this)->levels;
  return output < all.size() ? std::span<const uint64_t>(all[output]) : std::span<const uint64_t>();
}

NodeHooks& Node::hooks() {
  if (NodeHooks* there = hooks_if_any()) return *there;
  auto made = std::make_unique<NodeExtras>();
  NodeHooks* there = nullptr;
  return hooks_.compare_exchange_strong(there, made.get()) ? *made.release() : *there;
}

}  // namespace lazuli
