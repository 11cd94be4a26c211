#include "lazuli/autograd/forward_mode.h"

#include "lazuli/autograd/levels.h"
#include "lazuli/autograd/support.h"
#include "lazuli/core/factory.h"

namespace lazuli {

namespace detail {

thread_local constinit bool linearizing = false;

namespace {
thread_local constinit bool next_linearizes = false;
}

Linearizing::Linearizing() { next_linearizes = true; }
Linearizing::~Linearizing() { next_linearizes = false; }
bool Linearizing::taken() { return std::exchange(next_linearizes, false); }

std::vector<Tensor> gradients_without_values(Needs needs, std::vector<size_t>& at) {
  std::vector<Tensor> gradients;
  for (size_t i = 0; i < current_node->num_inputs(); ++i) {
    if (!needs[i]) continue;
    const Edge& edge = current_node->edge(i);
    const Node::Output& as = edge.node->output(edge.output);
    const Tensor zero = alias(support::zeros({}, as.dtype, as.device), as.sizes, Shape::filled(as.sizes.size(), 0), 0);
    gradients.push_back(in_levels(zero, nullptr, edge.node->levels(edge.output)));
    at.push_back(i);
  }
  return gradients;
}

}  // namespace detail

Tensor sum_of_tangents(const Tensor& a, const Tensor& b) { return !a.defined() ? b : !b.defined() ? a : support::add(a, b); }

}  // namespace lazuli
