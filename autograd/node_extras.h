#pragma once
#include "lazuli/autograd/hooks.h"
#include "lazuli/autograd/origin.h"

namespace lazuli {

/// What few nodes have: made at first use, in the place of `Node::hooks_`.
struct NodeExtras : NodeHooks {
  HookList<std::function<std::vector<Tensor>(const std::vector<Tensor>& grad_outputs)>> pre;
  HookList<std::function<std::vector<Tensor>(const std::vector<Tensor>& grad_inputs, const std::vector<Tensor>& grad_outputs)>> post;
  std::unique_ptr<autograd::Origin> origin;
  std::vector<std::vector<uint64_t>> levels;  // of each output, as Node::levels gives them; may be shorter

  static NodeExtras& of(Node& node) { return static_cast<NodeExtras&>(node.hooks()); }
  static NodeExtras* if_any(const Node& node) { return static_cast<NodeExtras*>(node.hooks_if_any()); }
};

}  // namespace lazuli
