#pragma once
#include "lazuli/record/step_list.h"

/// What `freeze` does to a list of pure inference, on the CPU: constants may be folded where nothing learns any more. Each takes a list without host actions and leaves one that
/// gives the same outputs, to rounding where it says so.
namespace lazuli::recording {

/// Captured memory becomes constants of the list's own: what is written to a module's parameters later does not reach it. What the step left behind for others is temporary.
void own_memory(StepList& list);
/// An input that is written to in place is copied first: what is given to a frozen network stays as it is.
void own_inputs(StepList& list);
/// Outputs that are constants, inputs or views of temporary memory become copies.
void own_outputs(StepList& list);
/// Calls that read nothing but constants have run once and for all; what they wrote is a constant.
void fold_constants(StepList& list);
/// A batch norm in evaluation goes into the weight and the bias of the convolution or the product before it, where nobody else reads that one's result. Rounds otherwise.
void fold_batch_norm(StepList& list);
/// A convolution, the sum of its result with another tensor and the activation behind become one call (convolution_fused). Rounds otherwise.
void fuse_epilogues(StepList& list);
/// Calls whose results nobody reads go, then buffers that nothing uses.
void remove_dead(StepList& list);

/// The tensor of a view of memory, without history.
Tensor tensor_on(const Ref<Storage>& memory, const BufferView& view);

}  // namespace lazuli::recording
