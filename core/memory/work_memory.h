#pragma once
#include <vector>

#include "lazuli/core/memory/storage.h"

namespace lazuli {

/// Memory of a device that calls ask for inside, where their work is kept and launched again (core/threads/work_graph.h): it is theirs until this object goes. Calls run one after another on one stream, so
/// that each has what those before it let go of. For one thread at a time.
class WorkMemory {
 public:
  enum class Way : uint8_t {
    Rehearsed,  // what is missing comes from the allocator
    Kept,       // what is missing is an Error; where each request lies is remembered
    Again       // each request lies where it did
  };
  WorkMemory(Device device, size_t calls) : device_(device), places_(calls) {}
  WorkMemory(const WorkMemory&) = delete;

  /// While it lives, what this thread asks of the device is for this call.
  class [[nodiscard]] Call {
   public:
    Call(WorkMemory& memory, size_t call, Way way);
    ~Call();
    Call(const Call&) = delete;

   private:
    WorkMemory* before_;
  };

  /// For the allocation of storages; null for other devices.
  Ref<Storage> take(int64_t bytes, Device device);

 private:
  Ref<Storage> block_for(int64_t bytes);

  Device device_;
  std::vector<std::vector<Ref<Storage>>> places_;  // by call, what was given to it in the way Kept
  std::vector<Ref<Storage>> blocks_;
  size_t call_ = 0, next_ = 0;
  Way way_ = Way::Rehearsed;
};

namespace detail {
/// That of the call that this thread runs; null outside.
extern thread_local constinit WorkMemory* work_memory;
}  // namespace detail

}  // namespace lazuli
