#pragma once
#include "lazuli/distributed/engine.h"
#include "lazuli/distributed/process_group.h"
#include "lazuli/distributed/progress.h"

namespace lazuli::distributed::detail {

/// What stands behind a ProcessGroup.
struct GroupState {
  std::vector<int> ranks;  // of the world
  bool is_world = false;
  Communicator* communicator = nullptr;            // null where this process is not one of them
  std::unique_ptr<Communicator> own_communicator;  // of a group of some
  std::shared_ptr<Progress> progress;              // one for all groups of the process
  double timeout = 0;
  bool check = false;
  int64_t calls = 0;  // collective ones so far

  /// The group's state, or the world's. Throws Error (State), naming `op`, where there is none or this process is not in it.
  static GroupState& of(const ProcessGroup& group, const char* op);
};

}  // namespace lazuli::distributed::detail
