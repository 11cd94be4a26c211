#pragma once
#include "lazuli/core/state_dict.h"
#include "lazuli/distributed/collectives.h"

/// How all ranks come to have one module. For the sources of this room.
namespace lazuli::distributed::detail {

/// Throws Error (State) naming `op`, on all ranks alike, where one has others than rank 0: it shows the first that differs.
void check_same_parameters(const char* op, const std::vector<StateDict::Entry>& parameters, const ProcessGroup& group);
/// All become rank 0's. Small ones of one dtype and device travel together.
void broadcast_from_first(const std::vector<Tensor>& tensors, const ProcessGroup& group);

}  // namespace lazuli::distributed::detail
