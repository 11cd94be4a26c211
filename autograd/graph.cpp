#include "lazuli/autograd/graph.h"

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <unordered_map>

#include "lazuli/autograd/node_extras.h"
#include "lazuli/core/error.h"
#include "lazuli/core/warning.h"

namespace lazuli::autograd {

Edge get_gradient_edge(const Tensor& tensor) {
  if (!tensor.defined() || !tensor.requires_grad())
    fail(ErrorKind::State, "get_gradient_edge", "tensor", "a tensor that requires grad", "one that does not");
  return gradient_edge(tensor);
}

RemovableHandle register_prehook(Node& node, NodePreHook hook) { return NodeExtras::of(node).pre.add(std::move(hook)); }
RemovableHandle register_hook(Node& node, NodeHook hook) { return NodeExtras::of(node).post.add(std::move(hook)); }

namespace {
// The state of one hook on several tensors: what has come in the backward under way.
struct MultiGrad {
  std::function<void(const std::vector<Tensor>&)> hook;
  bool any = false;
  std::mutex mutex;
  std::vector<Tensor> grads;
  size_t here = 0, expected = 0;
  std::vector<Ref<WeakTensor>> tensors;
};
}  // namespace

RemovableHandle register_multi_grad_hook(const std::vector<Tensor>& tensors, std::function<void(const std::vector<Tensor>& grads)> hook,
                                         std::string_view mode) {
  if (mode != "all" && mode != "any") fail("register_multi_grad_hook", "mode", "'all' or 'any'", "'" + std::string(mode) + "'");
  auto shared = std::make_shared<MultiGrad>();
  shared->hook = std::move(hook);
  shared->any = mode == "any";
  shared->grads.resize(tensors.size());
  shared->expected = tensors.size();
  auto handles = std::make_shared<std::vector<RemovableHandle>>();
  for (size_t i = 0; i < tensors.size(); ++i) {
    handles->push_back(lazuli::register_hook(tensors[i], [shared, i](const Tensor& grad) {
      std::vector<Tensor> ready;
      {
        std::lock_guard lock(shared->mutex);
        if (shared->any) {
          if (shared->here++ == 0) ready = {grad};
          if (shared->here == shared->expected) shared->here = 0;
        } else {
          shared->grads[i] = grad;
          if (++shared->here == shared->expected) {
            ready.swap(shared->grads);
            shared->grads.resize(shared->expected);
            shared->here = 0;
          }
        }
      }
      if (!ready.empty()) shared->hook(ready);
      return Tensor();
    }));
  }
  return RemovableHandle([handles] {
    for (RemovableHandle& h : *handles) h.remove();
  });
}

std::vector<Node*> nodes_of(const std::vector<Tensor>& roots) {
  std::unordered_map<Node*, size_t> waiting;  // for so many of those that lead to it
  std::vector<Node*> stack, order, first;
  for (const Tensor& t : roots)
    if (Node* n = gradient_edge(t).node.get(); n && waiting.emplace(n, 0).second) {
      stack.push_back(n);
      first.push_back(n);
    }
  while (!stack.empty()) {
    Node* n = stack.back();
    stack.pop_back();
    for (size_t i = 0; i < n->num_inputs(); ++i)
      if (Node* next = n->edge(i).node.get()) {
        auto [at, is_new] = waiting.emplace(next, 0);
        ++at->second;
        if (is_new) stack.push_back(next);
      }
  }
  for (auto at = first.rbegin(); at != first.rend(); ++at)
    if (waiting[*at] == 0) stack.push_back(*at);
  while (!stack.empty()) {
    Node* n = stack.back();
    stack.pop_back();
    order.push_back(n);
    for (size_t i = n->num_inputs(); i-- > 0;)
      if (Node* next = n->edge(i).node.get(); next && --waiting[next] == 0) stack.push_back(next);
  }
  return order;
}

namespace {

class Names {
 public:
  explicit Names(const std::vector<StateDict::Entry>& names) {
    for (const auto& [name, tensor] : names)
      if (tensor.defined()) names_.emplace(tensor.body(), name);
  }
  // "[2, 3] float32 fc1.weight"
  std::string about(const Node& node) const {
    std::string text;
    for (size_t i = 0; i < node.num_outputs(); ++i) {
      const Node::Output& out = node.output(i);
      text += (i ? ", " : " ") + to_string(out.sizes) + " " + std::string(name(out.dtype));
    }
    if (std::string leaf = name_of(node); !leaf.empty()) text += " " + leaf;
    return text;
  }
  std::string name_of(const Node& node) const {
    if (!node.accumulates()) return {};
    Tensor leaf = static_cast<const AccumulateGrad&>(node).leaf();
    auto at = leaf.defined() ? names_.find(leaf.body()) : names_.end();
    return at == names_.end() ? std::string() : at->second;
  }

 private:
  std::unordered_map<const TensorBody*, std::string> names_;
};

const Origin* origin_of(const Node& node) {
  const NodeExtras* extras = NodeExtras::if_any(node);
  return extras ? extras->origin.get() : nullptr;
}

std::string quoted(const std::string& text) {
  std::string q;
  for (char c : text) {
    if (c == '"' || c == '\\') q += '\\';
    q += c;
  }
  return q;
}

}  // namespace

std::string print_graph(const Tensor& root, const std::vector<StateDict::Entry>& names) {
  const Names named(names);
  const std::vector<Node*> nodes = nodes_of({root});
  std::unordered_map<const Node*, size_t> numbers;
  for (Node* n : nodes) numbers.emplace(n, numbers.size());
  std::string text;
  for (Node* n : nodes) {
    text += fmt::format("#{} {}{}", numbers[n], n->name(), named.about(*n));
    if (const Origin* origin = origin_of(*n))
      if (std::string where = origin->text(); !where.empty()) text += ", " + where;
    const char* before = " -> ";
    for (size_t i = 0; i < n->num_inputs(); ++i)
      if (Node* next = n->edge(i).node.get()) {
        text += fmt::format("{}#{}", before, numbers[next]);
        if (next->num_outputs() > 1) text += fmt::format(".{}", n->edge(i).output);
        before = ", ";
      }
    text += '\n';
  }
  return text;
}

std::string make_dot(const Tensor& root, const std::vector<StateDict::Entry>& names) {
  const Names named(names);
  const std::vector<Node*> nodes = nodes_of({root});
  std::unordered_map<const Node*, size_t> numbers;
  std::map<std::string, std::string> modules;  // what stands in each box; the empty name: outside of all
  for (Node* n : nodes) {
    const size_t number = numbers.size();
    numbers.emplace(n, number);
    const std::string leaf = named.name_of(*n);
    std::string sizes;
    for (size_t i = 0; i < n->num_outputs(); ++i) sizes += (i ? ", " : "") + to_string(n->output(i).sizes);
    const Origin* origin = origin_of(*n);
    modules[origin ? origin->module : std::string()] +=
        n->accumulates() ? fmt::format("  n{} [label=\"{}\\n{}\", shape=ellipse, style=filled, fillcolor=lightblue];\n", number,
                                       quoted(leaf.empty() ? "leaf" : leaf), sizes)
                         : fmt::format("  n{} [label=\"{}\\n{}\"];\n", number, quoted(n->name()), sizes);
  }
  std::string text = "digraph graph_of_gradients {\n  node [shape=box, fontname=\"monospace\"];\n";
  size_t box = 0;
  for (const auto& [module, lines] : modules)
    text += module.empty() ? lines : fmt::format("  subgraph cluster_{} {{\n  label=\"{}\";\n{}  }}\n", box++, quoted(module), lines);
  for (Node* n : nodes)
    for (size_t i = 0; i < n->num_inputs(); ++i)
      if (Node* next = n->edge(i).node.get()) text += fmt::format("  n{} -> n{};\n", numbers[next], numbers[n]);
  return text + "}\n";
}

void detail::note_step() {
  thread_local int64_t before = 0, rises = 0, first = 0;
  const int64_t now = live_nodes();
  if (now <= before) {
    rises = 0;
  } else if (rises++ == 0) {
    first = before;
  } else if (rises == kStepsOfGrowth) {
    warn_once(
        fmt::format("The graphs of the last {} optimizer steps are still alive: {} recorded operators, {} more at each step. Something that has a "
                    "history is kept from "
                    "step to step, such as a sum of losses: keep loss.item() or loss.detach().",
                    kStepsOfGrowth, now, (now - first) / kStepsOfGrowth));
  }
  before = now;
}

}  // namespace lazuli::autograd
