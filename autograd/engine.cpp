#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/held_hooks.h"
#include "lazuli/autograd/levels.h"
#include "lazuli/autograd/meta.h"
#include "lazuli/autograd/node_extras.h"
#include "lazuli/autograd/origin.h"
#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots/scopes.h"

namespace lazuli {
namespace {

std::atomic<bool> anomaly{false}, anomaly_checks_nan{true};

constexpr int kMaxDepth = 100;
thread_local constinit int depth = 0;  // of backwards inside backwards

/// Counts this thread's backwards inside backwards, whose frames would otherwise fill the stack.
struct Nested {
  Nested() {
    if (depth == kMaxDepth)
      fail(ErrorKind::State, "backward", "", "at most " + std::to_string(kMaxDepth) + " backwards inside each other (in hooks or formulas)",
           "one more");
    ++depth;
  }
  ~Nested() { --depth; }
};

[[noreturn]] void fail_shape(const char* op, const char* argument, const Shape& expected, const Shape& got) {
  fail(op, argument, "sizes " + to_string(expected), to_string(got));
}

/// Runs `f`; an Error that leaves it says in whose backward it was thrown.
template <class F>
void in_backward_of(const Node& node, F f) {
  try {
    f();
  } catch (Error& e) {
    if (e.op() != node.name() && depth <= 4) e.add_context(std::string("in the backward of ") + node.name());
    if (const NodeExtras* extras = NodeExtras::if_any(node); extras && extras->origin && depth <= 4)
      if (std::string text = extras->origin->text(); !text.empty())
        e.add_context(std::string("whose forward '") + node.name() + "' was recorded" + (text.starts_with("called by") ? ", " : " ") + text);
    throw;
  }
}

/// One backward: a task for each node that the roots lead to. The nodes carry the tasks' numbers, except those that another backward has at the moment.
class Run {
 public:
  Run(bool keep_graph, bool create_graph)
      : keep_graph_(keep_graph),
        outer_linearizes_(std::exchange(detail::linearizing, detail::Linearizing::taken())),
        mode_(create_graph),
        outer_(std::exchange(current_, this)) {
    tasks_.reserve(usual_size);
  }
  ~Run() {
    detail::linearizing = outer_linearizes_;
    current_ = outer_;
    usual_size = std::min<size_t>(tasks_.size(), 1024);
    for (Task& t : tasks_)
      if (t.node) leave(*t.node);
  }

  void root(const Edge& edge, Tensor grad) {
    roots_.push_back(edge.node);
    discover(edge.node.get());
    if (edge.node->has_levels()) [[unlikely]]
      grad = in_levels(grad, nullptr, edge.node->levels(edge.output));
    deliver(edge, std::move(grad));
  }
  /// After all roots: wants the gradient that arrives at `edge`.
  void capture(const Edge& edge, Tensor* into) {
    want(edge);
    captures_.push_back({edge.node.get(), edge.output, into});
  }
  /// After all roots: computes only what is captured and what wanted nodes need. A wanted accumulator accumulates.
  void want(const Edge& edge) {
    if (Task* t = find(edge.node.get())) t->wanted = true;
  }
  void only_wanted() { selective_ = true; }

  void execute() {
    if (selective_) mark_needed();
    for (uint32_t i = 0; i < tasks_.size(); ++i)
      if (tasks_[i].dependencies == 0) push_ready(i);
    while (!ready_.empty()) {
      std::pop_heap(ready_.begin(), ready_.end(), earlier_);
      uint32_t i = ready_.back();
      ready_.pop_back();
      execute(i);
    }
    for (size_t i = 0; i < callbacks_.size(); ++i) callbacks_[i]();  // one may ask for another
  }
  void at_end(std::function<void()> callback) { callbacks_.push_back(std::move(callback)); }

  /// The outermost backward that this thread is in; null outside.
  static Run* outermost() {
    Run* run = current_;
    while (run && run->outer_) run = run->outer_;
    return run;
  }

 private:
  struct Task {
    Node* node = nullptr;  // kept alive by the roots; null once it is done
    uint32_t dependencies = 0;
    bool wanted = false, needed = true, any = false;
    Tensor leaf;  // of an accumulator
    Grads grads;
  };
  struct Capture {
    Node* node;
    uint32_t output;
    Tensor* into;
  };

  // ---- which nodes take part ----
  Task* find(Node* node) {
    if (node->claim.is_of(this)) return &tasks_[node->claim.place()];
    if (elsewhere_.empty()) return nullptr;
    auto at = elsewhere_.find(node);
    return at == elsewhere_.end() ? nullptr : &tasks_[at->second];
  }
  Task& task(Node* node) { return *find(node); }
  uint32_t number(Node* node) { return node->claim.is_of(this) ? node->claim.place() : elsewhere_.at(node); }

  void discover(Node* node) {
    if (find(node)) return;
    enter(node);
    std::vector<Node*> stack{node};
    while (!stack.empty()) {
      Node* n = stack.back();
      stack.pop_back();
      for (size_t i = 0; i < n->num_inputs(); ++i) {
        Node* next = n->edge(i).node.get();
        if (!next) continue;
        Task* t = find(next);
        if (!t) {
          t = &enter(next);
          stack.push_back(next);
        }
        ++t->dependencies;
      }
    }
  }
  Task& enter(Node* node) {
    auto place = uint32_t(tasks_.size());
    Task& t = tasks_.emplace_back();
    t.node = node;
    if (!node->claim.take(this, place)) elsewhere_.emplace(node, place);
    if (node->accumulates()) {
      t.leaf = static_cast<AccumulateGrad*>(node)->leaf();
      t.needed = t.leaf.defined() && t.leaf.body()->requires_grad;  // it may have been frozen since
    }
    return t;
  }
  void leave(Node& node) {
    if (node.claim.is_of(this)) node.claim.give_back();
  }

  // Only nodes on a path to a wanted one are worth computing.
  void mark_needed() {
    std::vector<uint32_t> pending(tasks_.size()), topological;
    topological.reserve(tasks_.size());
    for (uint32_t i = 0; i < tasks_.size(); ++i) {
      pending[i] = tasks_[i].dependencies;
      if (pending[i] == 0) topological.push_back(i);
    }
    for (size_t k = 0; k < topological.size(); ++k) {
      Node* n = tasks_[topological[k]].node;
      for (size_t e = 0; e < n->num_inputs(); ++e)
        if (Node* next = n->edge(e).node.get())
          if (uint32_t i = number(next); --pending[i] == 0) topological.push_back(i);
    }
    for (size_t k = topological.size(); k-- > 0;) {
      Task& t = tasks_[topological[k]];
      t.needed = t.wanted || leads_on(*t.node);
    }
  }
  bool leads_on(const Node& node) {
    for (size_t e = 0; e < node.num_inputs(); ++e)
      if (Node* next = node.edge(e).node.get(); next && task(next).needed) return true;
    return false;
  }
  // Of its edges, for the formula; null when all do.
  const std::vector<bool>* edges_needed(const Node& node) {
    if (!selective_) return nullptr;
    edges_needed_.assign(node.num_inputs(), false);
    for (size_t e = 0; e < node.num_inputs(); ++e)
      if (Node* next = node.edge(e).node.get()) edges_needed_[e] = task(next).needed;
    return &edges_needed_;
  }

  // ---- gradients on their way ----
  void push_ready(uint32_t i) {
    ready_.push_back(i);
    std::push_heap(ready_.begin(), ready_.end(), earlier_);
  }

  void deliver(const Edge& edge, Tensor grad) {
    Task& t = task(edge.node.get());
    if (t.grads.size() == 0) t.grads = Grads::undefined(edge.node->num_outputs());
    Tensor& slot = t.grads[edge.output];
    t.any = true;
    if (!slot.defined()) {
      slot = std::move(grad);
    } else if (!modes.grad && slot.body()->use_count() == 1 && slot.storage()->use_count() == 1 && !slot.storage()->hidden() &&
               slot.is_contiguous()) {
      support::add_in_place(slot, grad);
    } else {
      slot = support::add(slot, grad);
    }
  }

  // The formula's gradient in the form of what it belongs to: broadcast dimensions summed, dtype and device its own. A leaf's form is the one that it has now.
  Tensor conform(Tensor grad, const Edge& edge, const Node& from) {
    const char* op = from.name();
    const Task& t = task(edge.node.get());
    if (from.batched() || edge.node->has_levels()) [[unlikely]]
      grad = in_levels(grad, &from, edge.node->levels(edge.output));
    if (t.leaf.defined()) return conform(std::move(grad), t.leaf.sizes(), t.leaf.dtype(), t.leaf.device(), op);
    const Node::Output& as = edge.node->output(edge.output);
    return conform(std::move(grad), as.sizes, as.dtype, as.device, op);
  }
  static Tensor conform(Tensor grad, const Shape& sizes, DType dtype, Device device, const char* op) {
    if (!(grad.sizes() == sizes)) {
      if (!can_broadcast_to(sizes, grad.sizes())) fail_shape(op, "gradient of its input", sizes, grad.sizes());
      grad = support::sum_to_size(grad, sizes);
    }
    if (grad.dtype() != dtype) grad = support::cast(grad, dtype);
    if (!(grad.device() == device)) grad = support::to_device(grad, device);
    return grad;
  }

  // ---- hooks ----
  static void call(const TensorHook& hook, Tensor& grad) {
    Tensor replaced = hook(grad);
    if (!replaced.defined()) return;
    if (!(replaced.sizes() == grad.sizes())) fail_shape("register_hook", "hook's result", grad.sizes(), replaced.sizes());
    if (replaced.dtype() != grad.dtype()) fail(ErrorKind::Type, "register_hook", "hook's result", name(grad.dtype()), name(replaced.dtype()));
    if (!(replaced.device() == grad.device())) fail("register_hook", "hook's result", to_string(grad.device()), to_string(replaced.device()));
    grad = std::move(replaced);
  }
  static void retain(WeakTensor& wanted_by, const Node& node, uint32_t output, const Tensor& grad) {
    Tensor t = wanted_by.lock();
    if (!t.defined()) return;
    AutogradMeta& meta = *autograd_meta(t);
    if (meta.grad_fn.get() != &node || meta.output != output) return;  // it was written in place since
    std::lock_guard lock(wanted_by.mutex);
    meta.grad = meta.grad.defined() ? support::add(meta.grad, grad) : modes.grad ? grad : grad.detach();
  }
  // The gradients that a hook on a node gave; none: as before.
  static void take(const char* what, std::vector<Tensor>&& given, Grads& grads) {
    if (given.empty()) return;
    if (given.size() != grads.size()) fail("register_hook", what, std::to_string(grads.size()) + " gradients, or none", std::to_string(given.size()));
    for (size_t i = 0; i < given.size(); ++i) grads[i] = std::move(given[i]);
  }
  static std::vector<Tensor> listed(Grads& grads) { return {grads.begin(), grads.end()}; }
  static void run_pre_hooks(Task& t) {
    if (NodeExtras* extras = NodeExtras::if_any(*t.node))
      for (auto& [id, hook] : extras->pre.snapshot()) take("hook's result", hook(listed(t.grads)), t.grads);
  }
  static void run_hooks(Task& t) {
    if (t.leaf.defined()) {
      for (auto& [id, hook] : autograd_meta(t.leaf)->leaf_hooks.snapshot()) call(hook, t.grads[0]);
    } else if (NodeHooks* hooks = t.node->hooks_if_any()) {
      for (auto& of : hooks->snapshot()) {
        if (t.grads.size() <= of.output || !t.grads[of.output].defined()) continue;
        for (TensorHook& hook : of.hooks) call(hook, t.grads[of.output]);
        if (of.retain_for) retain(*of.retain_for, *t.node, of.output, t.grads[of.output]);
      }
    }
  }

  // ---- one node ----
  void execute(uint32_t index) {
    Task& t = tasks_[index];
    Node& node = *t.node;
    std::optional<batching::BackwardGuard> guard;
    if (node.batched()) [[unlikely]]
      guard.emplace();
    Grads results;
    if (t.any && t.needed) {
      in_backward_of(node, [&] {
        run_hooks(t);
        run_pre_hooks(t);
      });
      for (Capture& c : captures_)
        if (c.node == &node) *c.into = t.grads[c.output];
      if (t.leaf.defined()) {
        if (captures_.empty()) in_backward_of(node, [&] { accumulate(t); });
      } else if (!selective_ || leads_on(node)) {
        results = apply(node, t.grads);
        if (!keep_graph_ && node.saves() && node.claim.is_of(this) && node.claim.free_saved()) node.release_saved();
      }
    }
    t.grads = Grads();
    t.leaf = Tensor();
    for (size_t i = 0; i < node.num_inputs(); ++i) {
      const Edge& edge = node.edge(i);
      if (!edge.node) continue;
      uint32_t next = number(edge.node.get());
      if (i < results.size() && results[i].defined() && tasks_[next].needed) deliver(edge, conform(std::move(results[i]), edge, node));
      if (--tasks_[next].dependencies == 0) push_ready(next);
    }
    leave(node);
    t.node = nullptr;
  }

  void accumulate(Task& t) {
    const detail::ScopeGuard scope(Scope::Kind::Backward, t.node->name(), t.node);
    NodeExtras* extras = NodeExtras::if_any(*t.node);
    if (!extras || extras->post.empty()) return static_cast<AccumulateGrad&>(*t.node).add(t.leaf, std::move(t.grads[0]));
    static_cast<AccumulateGrad&>(*t.node).add(t.leaf, t.grads[0]);
    for (auto& [id, hook] : extras->post.snapshot()) hook({}, listed(t.grads));
  }
  Grads apply(Node& node, Grads& grads) {
    if (node.claim.saved_is_freed())
      fail(ErrorKind::State, "backward", "", "a graph whose saved tensors are still there",
           std::string("one that a backward has freed, at '") + node.name() + "'; pass retain_graph the first time to go through it twice");
    struct Current {
      Node* before = current_node;
      ~Current() { current_node = before; }
    } current;
    current_node = &node;
    Grads results;
    in_backward_of(node, [&] {
      NodeExtras* extras = NodeExtras::if_any(node);
      const bool watched = extras && !extras->post.empty();
      const std::vector<Tensor> of_outputs = watched ? listed(grads) : std::vector<Tensor>();
      {
        const detail::ScopeGuard scope(Scope::Kind::Backward, node.name(), &node);
        results = node.apply(grads, Needs(node, edges_needed(node)));
      }
      if (watched)
        for (auto& [id, hook] : extras->post.snapshot()) take("hook's result", hook(listed(results), of_outputs), results);
      if (anomaly && anomaly_checks_nan)
        for (size_t i = 0; i < results.size(); ++i)
          if (const Tensor& t = results[i]; t.defined() && support::has_nan(t))
            fail(ErrorKind::State, node.name(), "", "a backward without NaN",
                 "NaN in the gradient of input " + std::to_string(i) + ", sizes " + to_string(t.sizes()) + " (anomaly mode)");
    });
    return results;
  }

  static thread_local constinit size_t usual_size;
  static thread_local constinit Run* current_;

  Nested nested_;
  bool keep_graph_, outer_linearizes_, selective_ = false;
  GradMode mode_;
  Run* outer_;
  amp::detail::Suspended without_autocast_;
  std::vector<Task> tasks_;
  std::unordered_map<Node*, uint32_t> elsewhere_;  // numbers of the nodes that another run has
  std::vector<Ref<Node>> roots_;
  std::vector<Capture> captures_;
  std::vector<bool> edges_needed_;
  std::vector<uint32_t> ready_;
  std::vector<std::function<void()>> callbacks_;
  // Leaves first, so that their hooks run as soon as a gradient is complete; else the node recorded last, so that the order of sums never depends on chance.
  struct Earlier {
    const std::vector<Task>& tasks;
    bool operator()(uint32_t a, uint32_t b) const {
      uint64_t x = tasks[a].node->sequence(), y = tasks[b].node->sequence();
      return x != y ? x < y : a < b;
    }
  } earlier_{tasks_};
};
thread_local constinit size_t Run::usual_size = 16;
thread_local constinit Run* Run::current_ = nullptr;

/// To be made before the Run, whose roots hold what may be freed after it.
struct AfterOutermost {
  ~AfterOutermost() {
    if (!Run::outermost()) autograd::detail::free_held_hooks();
  }
};

void add_roots(Run& run, const char* op, const std::vector<Tensor>& tensors, const std::vector<Tensor>& grads, const char* grads_name) {
  if (!grads.empty() && grads.size() != tensors.size())
    fail(op, grads_name, "as many as outputs (" + std::to_string(tensors.size()) + ")", std::to_string(grads.size()));
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& t = tensors[i];
    if (!t.requires_grad())
      fail(ErrorKind::State, op, "tensors", "a tensor that requires grad, with a history to follow",
           "one of sizes " + to_string(t.sizes()) + " without");
    Tensor g = i < grads.size() ? grads[i] : Tensor();
    if (!g.defined()) {
      if (t.numel() != 1)
        fail(op, grads_name, "a gradient, because only tensors of one element have an implied one", "none for sizes " + to_string(t.sizes()));
      g = support::ones_like(t);
    } else if (!(g.sizes() == t.sizes())) {
      fail_shape(op, grads_name, t.sizes(), g.sizes());
    } else if (g.dtype() != t.dtype()) {
      g = support::cast(g, t.dtype());
    }
    run.root(gradient_edge(t), std::move(g));
  }
}

void check_inputs(const char* op, const std::vector<Tensor>& inputs) {
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!inputs[i].requires_grad()) fail(ErrorKind::State, op, "inputs", "tensors that require grad", "one that does not, at " + std::to_string(i));
}

void backward_to(const std::vector<Tensor>& tensors, const std::vector<Tensor>& grad_tensors, bool retain_graph, bool create_graph,
                 const std::vector<Tensor>& inputs) {
  check_inputs("backward", inputs);
  const AfterOutermost after;
  Run run(retain_graph || create_graph, create_graph);
  add_roots(run, "backward", tensors, grad_tensors, "gradient");
  if (!inputs.empty()) run.only_wanted();
  for (Tensor t : inputs) {
    t.retain_grad();
    run.want(gradient_edge(t));
  }
  run.execute();
}

std::vector<Tensor> gradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, const std::vector<Tensor>& grad_outputs,
                              bool retain_graph, bool create_graph, bool allow_unused) {
  check_inputs("grad", inputs);
  std::vector<Tensor> found(inputs.size());
  {
    const AfterOutermost after;
    Run run(retain_graph || create_graph, create_graph);
    add_roots(run, "grad", outputs, grad_outputs, "grad_outputs");
    run.only_wanted();
    for (size_t i = 0; i < inputs.size(); ++i) run.capture(gradient_edge(inputs[i]), &found[i]);
    run.execute();
  }
  for (size_t i = 0; i < found.size(); ++i) {
    if (!found[i].defined() && !allow_unused)
      fail(ErrorKind::State, "grad", "inputs", "tensors on which the outputs depend",
           "an unused one at " + std::to_string(i) + "; pass allow_unused for an undefined gradient");
    if (found[i].defined() && !create_graph) found[i] = found[i].detach();
  }
  return found;
}

}  // namespace

namespace autograd {

void backward(const std::vector<Tensor>& tensors, const BackwardOptions& options) {
  backward_to(tensors, options.grad_tensors, options.retain_graph, options.create_graph, options.inputs);
}
void backward(const std::vector<Tensor>& tensors, const std::vector<Tensor>& grad_tensors, bool retain_graph, bool create_graph) {
  backward_to(tensors, grad_tensors, retain_graph, create_graph, {});
}

std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, const GradOptions& options) {
  return gradients(outputs, inputs, options.grad_outputs, options.retain_graph, options.create_graph, options.allow_unused);
}
std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, const std::vector<Tensor>& grad_outputs,
                         bool retain_graph, bool create_graph, bool allow_unused) {
  return gradients(outputs, inputs, grad_outputs, retain_graph, create_graph, allow_unused);
}

void queue_callback(std::function<void()> callback) {
  Run* run = Run::outermost();
  if (!run) fail(ErrorKind::State, "queue_callback", "", "a backward that this thread is in, as hooks are", "none");
  run->at_end(std::move(callback));
}

void set_detect_anomaly(bool enabled, bool check_nan) {
  if (anomaly.exchange(enabled) != enabled) detail::origins_wanted.fetch_add(enabled ? 1 : -1);
  anomaly_checks_nan = check_nan;
}
void set_detect_anomaly(bool enabled) { set_detect_anomaly(enabled, true); }
bool is_anomaly_enabled() { return anomaly; }
bool is_anomaly_check_nan_enabled() { return anomaly && anomaly_checks_nan; }

}  // namespace autograd
}  // namespace lazuli
