#pragma once
#include "lazuli/autograd/node.h"
#include "lazuli/core/vmap/levels.h"

/// The hidden dimensions of vmap in gradients. All are differentiable.
namespace lazuli {

/// As batching::hide, show and shared_over.
Tensor hide_level(const Tensor& t, uint64_t id);
Tensor show_level(const Tensor& t, uint64_t id, int64_t size);
Tensor share_levels(const Tensor& t, const std::vector<BatchLevel>& levels);
/// A gradient in the levels of the output it belongs to, `as`: those that it lacks are shared; those that it got in `from`, from other inputs, are summed away.
/// Levels that neither knows are of a vmap around the backward and stay.
Tensor in_levels(Tensor grad, const Node* from, std::span<const uint64_t> as);

}  // namespace lazuli
