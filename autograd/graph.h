#pragma once
#include <type_traits>

#include "lazuli/autograd/hooks.h"
#include "lazuli/autograd/meta.h"
#include "lazuli/core/state_dict.h"

/// The recorded graph: walking it, hooks on its nodes, and pictures of it.
///   for (const Edge& next : y.grad_fn()->next_functions()) ...
namespace lazuli::autograd {

using lazuli::Edge;
using lazuli::Node;
using GradientEdge = Edge;
using GradFn = Node;
/// Where a gradient of `tensor` goes: its grad_fn, or the accumulator of a leaf. Throws Error (State) for one that does not require grad.
Edge get_gradient_edge(const Tensor& tensor);

/// Before a node's formula: the gradients of its outputs; a result that is not empty replaces them.
using NodePreHook = std::function<std::vector<Tensor>(const std::vector<Tensor>& grad_outputs)>;
/// After it: the gradients of its inputs, and of its outputs; a result that is not empty replaces the former. Undefined gradients are zeros.
using NodeHook = std::function<std::vector<Tensor>(const std::vector<Tensor>& grad_inputs, const std::vector<Tensor>& grad_outputs)>;
RemovableHandle register_prehook(Node& node, NodePreHook hook);
RemovableHandle register_hook(Node& node, NodeHook hook);

/// Calls `hook` in each backward once the gradients of all `tensors` that it reaches are there: with one for each, undefined where there is none. "any": with the first that comes,
/// alone. Throws Error for tensors that do not require grad.
RemovableHandle register_multi_grad_hook(const std::vector<Tensor>& tensors, std::function<void(const std::vector<Tensor>& grads)> hook,
                                         std::string_view mode = "all");

/// The nodes that a backward of `roots` passes, each once and after all that lead to it.
std::vector<Node*> nodes_of(const std::vector<Tensor>& roots);

/// The graph behind `root` as lines, a node each:
///   #0 mean -> #1
///   #1 mul [2, 3] float32 in module fc1 (Linear) -> #2, #3
///   #2 AccumulateGrad [2, 3] float32 fc1.weight
/// `names` (`module.named_parameters()`) name the leaves. Modules and lines are known of what was recorded under `trace_origins` or in anomaly mode.
std::string print_graph(const Tensor& root, const std::vector<StateDict::Entry>& names = {});
/// The same for Graphviz: operators of one module stand in one box.
std::string make_dot(const Tensor& root, const std::vector<StateDict::Entry>& names = {});

/// How many nodes this thread has recorded that are alive.
int64_t live_nodes();

namespace detail {
/// Told at each optimizer step: warns, once, when graphs pile up.
void note_step();
/// The warning comes after so many steps in a row that each left more nodes behind.
inline constexpr int kStepsOfGrowth = 50;
}  // namespace detail

}  // namespace lazuli::autograd

namespace lazuli {

template <class F>
RemovableHandle Node::register_prehook(F hook) {
  if constexpr (std::is_void_v<std::invoke_result_t<F&, const std::vector<Tensor>&>>)
    return autograd::register_prehook(*this, [hook = std::move(hook)](const std::vector<Tensor>& grads) mutable {
      hook(grads);
      return std::vector<Tensor>();
    });
  else return autograd::register_prehook(*this, std::move(hook));
}
template <class F>
RemovableHandle Node::register_hook(F hook) {
  if constexpr (std::is_void_v<std::invoke_result_t<F&, const std::vector<Tensor>&, const std::vector<Tensor>&>>)
    return autograd::register_hook(*this, [hook = std::move(hook)](const std::vector<Tensor>& inputs, const std::vector<Tensor>& outputs) mutable {
      hook(inputs, outputs);
      return std::vector<Tensor>();
    });
  else return autograd::register_hook(*this, std::move(hook));
}

}  // namespace lazuli
