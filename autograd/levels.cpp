#include "lazuli/autograd/levels.h"

#include "lazuli/autograd/support.h"
#include "lazuli/autograd/tape.h"

namespace lazuli {

Tensor hide_level(const Tensor& t, uint64_t id) {
  Tensor out = batching::hide(t, id);
  if (auto tape = Tape::recording(t))
    tape.record("vmap_in", out, [id, size = t.sizes()[0]](const Tensor& grad, Needs) { return Grads{show_level(grad, id, size)}; });
  return out;
}

Tensor show_level(const Tensor& t, uint64_t id, int64_t size) {
  const Tensor in = batching::find_level(t, id) ? t : share_levels(t, {{id, size, 0}});
  Tensor out = batching::show(in, id, size);
  if (auto tape = Tape::recording(in)) tape.record("vmap_out", out, [id](const Tensor& grad, Needs) { return Grads{hide_level(grad, id)}; });
  return out;
}

// The engine sums over the levels that the input lacks.
Tensor share_levels(const Tensor& t, const std::vector<BatchLevel>& levels) {
  Tensor out = batching::shared_over(t, levels);
  if (auto tape = Tape::recording(t)) tape.record("vmap_expand", out, [](const Tensor& grad, Needs) { return Grads{grad}; });
  return out;
}

namespace {
bool has(std::span<const uint64_t> levels, uint64_t id) {
  for (size_t i = 0; i < levels.size(); i += 2)
    if (levels[i] == id) return true;
  return false;
}
bool has(const Node& node, uint64_t id) {
  for (size_t i = 0; i < node.num_outputs(); ++i)
    if (has(node.levels(i), id)) return true;
  for (size_t i = 0; i < node.num_inputs(); ++i)  // an output without elements has no levels
    if (const Edge& edge = node.edge(i); edge.node && has(edge.node->levels(edge.output), id)) return true;
  return false;
}
}  // namespace

Tensor in_levels(Tensor grad, const Node* from, std::span<const uint64_t> as) {
  if (from)
    for (const BatchLevel& level : std::vector<BatchLevel>(batching::levels(grad)))
      if (!has(as, level.id) && has(*from, level.id)) {
        const Shape sizes = grad.sizes();
        grad = support::sum_to_size(show_level(grad, level.id, level.size), sizes);
      }
  std::vector<BatchLevel> missing;
  for (size_t i = 0; i < as.size(); i += 2)
    if (!batching::find_level(grad, as[i])) missing.push_back({as[i], int64_t(as[i + 1]), 0});
  return missing.empty() ? grad : share_levels(grad, missing);
}

}  // namespace lazuli
