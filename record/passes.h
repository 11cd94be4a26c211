#pragma once
#include "lazuli/record/step_list.h"

/// What makes a recorded step faster: passes over its list (StepList), each of which leaves a list of the same results.
namespace lazuli::recording {

/// Calls whose results nobody reads go.
void remove_dead_calls(StepList& list);

/// Of calls that compute the same from the same memory the first stays, and gives its results to who read the others'.
void remove_duplicate_calls(StepList& list);

struct FusionOptions {
  /// Reductions behind pointwise calls join them. Sums are then added in another order: up to 1e-5 relative from separate calls in float32; all else has the same bits.
  bool reductions = true;
};

/// Runs of pointwise calls of one size (with casts, broadcasts, and reductions at their end) become calls of the slot `fused` (core/slots/fused_slots.h), one pass over the elements each:
/// where a call reads what another writes, or both read the same, and nothing between them stands in the way. What only they read is not written to memory.
void fuse_pointwise(StepList& list, const FusionOptions& options = {});

/// On the CPU a batch norm and the ReLU behind it become one call, and so do their gradients: the same bits.
void fuse_batch_norm_relu(StepList& list);

/// On the CPU a product and the activation behind it become one call, and so do the product of a gradient and the gradient of an activation: the same bits.
void fuse_products(StepList& list);

/// What takes little to compute (activations, norms, dropout, copies, fused calls) and is read again late is not kept over the call where most memory is needed, but computed again from what is kept anyway,
/// or from what such a call makes again. Behind the passes that fuse: the same bits, more calls, less memory. It ends where `share` of the memory before is enough, and takes no call for less than `least_bytes`.
/// Recorded steps have it unless RecordOptions::recompute is false.
void recompute_cheap_calls(StepList& list, int64_t least_bytes = 1 << 16, double share = 0.625);

/// Goes on with attention as well, which is dearer (some hundredths of a step's time), until the memory takes no more than `enough` bytes.
void recompute_attention(StepList& list, int64_t enough, int64_t least_bytes = 1 << 16);

/// Those before, in their order, for RecordOptions::passes.
std::vector<Pass> fusion_passes(const FusionOptions& options = {});

}  // namespace lazuli::recording
