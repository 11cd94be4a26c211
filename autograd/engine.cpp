#include <algorithm>
#include <mutex>

#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/meta.h"
#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"

namespace lazuli {
namespace {

std::atomic<bool> anomaly{false};
std::recursive_mutex& engine_mutex() {
  static auto* m = new std::recursive_mutex;
  return *m;
}
uint64_t last_run = 0;  // under the mutex
int depth = 0;          // of backwards inside backwards

[[noreturn]] void fail_shape(const char* op, const char* argument, const Shape& expected, const Shape& got) {
  fail(op, argument, "sizes " + to_string(expected), to_string(got));
}

/// One backward. Nodes carry the number of the run and their place in `tasks_`, so no map is needed; a backward inside a backward puts the outer one's numbers back.
class Run {
 public:
  Run(bool keep_graph, bool create_graph) : keep_graph_(keep_graph), mode_(create_graph), id_(++last_run) { ++depth; }
  ~Run() {
    --depth;
    for (auto it = saved_.rbegin(); it != saved_.rend(); ++it) it->node->run = it->run, it->node->slot = it->slot;
  }

  void root(const Edge& edge, Tensor grad) {
    discover(edge.node.get());
    deliver(edge, std::move(grad));
  }
  /// Wants the gradient that arrives at `edge`, instead of accumulating.
  void capture(const Edge& edge, Tensor* into) {
    captures_only_ = true;
    discover(edge.node.get());
    captures_.push_back({edge.node.get(), edge.output, into});
    task(edge.node.get()).captured = true;
  }

  void execute() {
    if (captures_only_) mark_needed();
    for (uint32_t i = 0; i < tasks_.size(); ++i)
      if (tasks_[i].dependencies == 0) push_ready(i);
    while (!ready_.empty()) {
      std::pop_heap(ready_.begin(), ready_.end(), earlier_);
      uint32_t i = ready_.back();
      ready_.pop_back();
      execute(i);
    }
  }

 private:
  struct Task {
    Ref<Node> node;
    uint32_t dependencies = 0;
    bool captured = false, needed = true, any = false;
    Grads grads;
  };
  struct Saved {
    Node* node;
    uint64_t run;
    uint32_t slot;
  };
  struct Capture {
    Node* node;
    uint32_t output;
    Tensor* into;
  };

  Task& task(Node* node) { return tasks_[node->slot]; }

  void discover(Node* node) {
    if (node->run == id_) return;
    enter(node);
    std::vector<Node*> stack{node};
    while (!stack.empty()) {
      Node* n = stack.back();
      stack.pop_back();
      for (size_t i = 0; i < n->num_inputs(); ++i) {
        Node* next = n->edge(i).node.get();
        if (!next) continue;
        if (next->run != id_) {
          enter(next);
          stack.push_back(next);
        }
        ++task(next).dependencies;
      }
    }
  }
  void enter(Node* node) {
    if (depth > 1) saved_.push_back({node, node->run, node->slot});
    node->run = id_;
    node->slot = uint32_t(tasks_.size());
    tasks_.emplace_back();
    tasks_.back().node = Ref<Node>(node);
  }

  // With captures only nodes on a path to one of them are worth computing. Tasks in order of decreasing sequence come before those they lead to.
  void mark_needed() {
    std::vector<uint32_t> order(tasks_.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::vector<uint32_t> pending(tasks_.size()), topological;
    for (Task& t : tasks_) pending[t.node->slot] = t.dependencies;
    for (uint32_t i = 0; i < tasks_.size(); ++i)
      if (pending[i] == 0) topological.push_back(i);
    for (size_t k = 0; k < topological.size(); ++k) {
      Node* n = tasks_[topological[k]].node.get();
      for (size_t e = 0; e < n->num_inputs(); ++e)
        if (Node* next = n->edge(e).node.get(); next && --pending[next->slot] == 0) topological.push_back(next->slot);
    }
    for (size_t k = topological.size(); k-- > 0;) {
      Task& t = tasks_[topological[k]];
      t.needed = t.captured;
      for (size_t e = 0; e < t.node->num_inputs() && !t.needed; ++e)
        if (Node* next = t.node->edge(e).node.get()) t.needed = task(next).needed;
    }
  }

  void push_ready(uint32_t i) {
    ready_.push_back(i);
    std::push_heap(ready_.begin(), ready_.end(), earlier_);
  }

  void deliver(const Edge& edge, Tensor grad) {
    Task& t = task(edge.node.get());
    if (!t.needed) return;
    if (t.grads.size() == 0) t.grads = Grads::undefined(edge.node->num_outputs());
    Tensor& slot = t.grads[edge.output];
    t.any = true;
    if (!slot.defined()) {
      slot = std::move(grad);
    } else if (!modes.grad && slot.body()->use_count() == 1 && slot.storage()->use_count() == 1 && slot.is_contiguous()) {
      support::add_in_place(slot, grad);
    } else {
      slot = support::add(slot, grad);
    }
  }

  // The formula's gradient in the form of the input: broadcast dimensions summed, dtype and device those of the input.
  static Tensor conform(Tensor grad, const Node::Output& as, const char* op) {
    if (!(grad.sizes() == as.sizes)) {
      if (!can_broadcast_to(as.sizes, grad.sizes())) fail_shape(op, "gradient of its input", as.sizes, grad.sizes());
      grad = support::sum_to_size(grad, as.sizes);
    }
    if (grad.dtype() != as.dtype) grad = support::cast(grad, as.dtype);
    if (!(grad.device() == as.device)) grad = support::to_device(grad, as.device);
    return grad;
  }

  void run_hooks(Task& t) {
    if (NodeHooks* hooks = t.node->hooks_if_any()) {
      for (size_t h = 0; h < hooks->outputs.size(); ++h) {
        uint32_t output = hooks->outputs[h].output;
        if (t.grads.size() <= output || !t.grads[output].defined()) continue;
        for (auto& [id, hook] : hooks->outputs[h].hooks.snapshot())
          if (Tensor replaced = hook(t.grads[output]); replaced.defined()) t.grads[output] = replaced;
        if (TensorBody* body = hooks->outputs[h].retain_for) {
          auto* meta = static_cast<AutogradMeta*>(body->autograd.get());
          const Tensor& g = t.grads[output];
          meta->grad = meta->grad.defined() ? support::add(meta->grad, g) : modes.grad ? g : g.detach();
        }
      }
    }
    if (t.node->num_inputs() > 0) return;
    if (auto* accumulate = dynamic_cast<AccumulateGrad*>(t.node.get()); accumulate && t.any)
      if (Tensor leaf = accumulate->leaf(); leaf.defined())
        for (auto& [id, hook] : autograd_meta(leaf)->leaf_hooks.snapshot())
          if (Tensor replaced = hook(t.grads[0]); replaced.defined()) t.grads[0] = replaced;
  }

  void execute(uint32_t index) {
    Ref<Node> node = tasks_[index].node;
    Grads results;
    bool compute = false;
    {
      Task& t = tasks_[index];
      if (t.any) {
        run_hooks(t);
        if (t.captured)
          for (Capture& c : captures_)
            if (c.node == node.get()) *c.into = t.grads[c.output];
        compute = t.needed && !(captures_only_ && !leads_on(t));
        if (compute) {
          if (node->released())
            fail(ErrorKind::State, "backward", "", "a graph whose saved tensors are still there",
                 std::string("one that a backward has freed, at '") + node->name() + "'; pass retain_graph the first time to go through it twice");
          results = apply(*node, t.grads);
        }
        t.grads = Grads();
      }
    }
    if (compute && !keep_graph_) node->release_saved();
    tasks_[index].node.reset();
    for (size_t i = 0; i < node->num_inputs(); ++i) {
      const Edge& edge = node->edge(i);
      if (!edge.node) continue;
      if (i < results.size() && results[i].defined()) deliver(edge, conform(std::move(results[i]), edge.node->output(edge.output), node->name()));
      if (--task(edge.node.get()).dependencies == 0) push_ready(edge.node->slot);
    }
  }

  bool leads_on(const Task& t) {
    for (size_t e = 0; e < t.node->num_inputs(); ++e)
      if (Node* next = t.node->edge(e).node.get(); next && task(next).needed) return true;
    return false;
  }

  Grads apply(Node& node, Grads& grads) {
    struct Current {
      Node* before = current_node;
      ~Current() { current_node = before; }
    } current;
    current_node = &node;
    try {
      Grads results = node.apply(grads, Needs(node));
      if (anomaly)
        for (const Tensor& t : results)
          if (t.defined() && support::has_nan(t))
            fail(ErrorKind::State, node.name(), "", "a backward without NaN", "NaN in a gradient (anomaly mode)");
      return results;
    } catch (Error& e) {
      if (e.op() != node.name()) e.add_context(std::string("in the backward of ") + node.name());
      throw;
    }
  }

  bool keep_graph_, captures_only_ = false;
  GradMode mode_;
  uint64_t id_;
  std::vector<Task> tasks_;
  std::vector<Saved> saved_;
  std::vector<Capture> captures_;
  std::vector<uint32_t> ready_;
  // The node recorded last goes first, so that the order of sums never depends on chance.
  struct Earlier {
    const std::vector<Task>& tasks;
    bool operator()(uint32_t a, uint32_t b) const {
      uint64_t x = tasks[a].node->sequence(), y = tasks[b].node->sequence();
      return x != y ? x < y : a < b;
    }
  } earlier_{tasks_};
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

}  // namespace

namespace autograd {

void backward(const std::vector<Tensor>& tensors, const std::vector<Tensor>& grad_tensors, bool retain_graph, bool create_graph) {
  std::lock_guard lock(engine_mutex());
  Run run(retain_graph || create_graph, create_graph);
  add_roots(run, "backward", tensors, grad_tensors, "gradient");
  run.execute();
}

std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, const std::vector<Tensor>& grad_outputs,
                         bool retain_graph, bool create_graph, bool allow_unused) {
  std::lock_guard lock(engine_mutex());
  std::vector<Tensor> found(inputs.size());
  {
    Run run(retain_graph || create_graph, create_graph);
    add_roots(run, "grad", outputs, grad_outputs, "grad_outputs");
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!inputs[i].requires_grad())
        fail(ErrorKind::State, "grad", "inputs", "tensors that require grad", "one that does not, at " + std::to_string(i));
      run.capture(gradient_edge(inputs[i]), &found[i]);
    }
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

void set_detect_anomaly(bool enabled) { anomaly = enabled; }
bool is_anomaly_enabled() { return anomaly; }

}  // namespace autograd
}  // namespace lazuli
