#pragma once
#include <map>
#include <string>
#include <vector>

#include "lazuli/record/step_list.h"

namespace lazuli::recording {

/// Where the temporary buffers of a list lie, and the kept ones that are `planned`: at offsets in one piece of memory for each device, those that are needed at the same time apart from each
/// other. A call that reads each element of an input before it writes that of its output writes over an input that nobody reads afterwards.
struct MemoryPlan {
  struct Arena {
    Device device;
    int64_t bytes = 0;
  };
  std::vector<Arena> arenas;
  std::vector<int32_t> arena;   // of each buffer; -1: it has memory of its own, or needs none
  std::vector<int64_t> offset;  // in its arena
  int64_t separate_bytes = 0;   // of all temporary buffers, were each by itself
  int64_t live_bytes = 0;       // the most that is alive at one call: no plan takes less
  int64_t in_place = 0;         // outputs that lie over an input
};

/// Of several orders the one that takes least, each buffer into the least gap that it fits.
MemoryPlan plan_memory(const StepList& list);
/// Bytes of what the plan places that are needed at each call, what is written in place counted once.
std::vector<int64_t> live_bytes(const StepList& list);
/// Throws Error (State) where two buffers that are needed at the same time overlap, but for an output over an input of one call.
void check_plan(const StepList& list, const MemoryPlan& plan);
/// Bytes over time, and the modules that have most of them where it is highest.
std::string to_string(const StepList& list, const MemoryPlan& plan);

}  // namespace lazuli::recording
