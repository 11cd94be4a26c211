#pragma once
#include <map>
#include <string>
#include <vector>

#include "lazuli/record/step_list.h"

namespace lazuli::recording {

/// Where the temporary buffers of a list lie: at offsets in one piece of memory for each device, those that are needed at the same time apart from each other. A pointwise call whose input
/// nobody reads afterwards writes its output over it.
struct MemoryPlan {
  struct Arena {
    Device device;
    int64_t bytes = 0;
  };
  std::vector<Arena> arenas;
  std::vector<int32_t> arena;   // of each buffer; -1: it has memory of its own, or needs none
  std::vector<int64_t> offset;  // in its arena
  int64_t separate_bytes = 0;   // of all temporary buffers, were each by itself
  int64_t live_bytes = 0;       // the most that is alive at one call: no plan takes less, but for what is written in place
  int64_t in_place = 0;         // outputs that lie over an input
};

/// Large buffers first, each into the least gap that it fits.
MemoryPlan plan_memory(const StepList& list);
/// Throws Error (State) where two buffers that are needed at the same time overlap, but for an output over an input of one pointwise call.
void check_plan(const StepList& list, const MemoryPlan& plan);
/// Bytes over time, and the modules that have most of them where it is highest.
std::string to_string(const StepList& list, const MemoryPlan& plan);

}  // namespace lazuli::recording
