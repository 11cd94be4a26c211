#pragma once
#include <vector>

#include "lazuli/core/memory/storage.h"

namespace lazuli {

/// Memory of the CPU that kernels ask for while they run, kept from one run of the same calls to the next: what is run again and again asks the allocator for nothing. The calls share one
/// block, for each is done with its part when it ends. What a kernel keeps for longer (a packed weight) is its own, and is taken again when nobody holds it. For one thread at a time.
class Scratch {
 public:
  explicit Scratch(size_t calls) : calls_(calls) {}
  Scratch(const Scratch&) = delete;

  /// While it lives, what this thread asks for is for this call.
  class [[nodiscard]] Call {
   public:
    Call(Scratch& scratch, size_t call);
    ~Call();
    Call(const Call&) = delete;

   private:
    Scratch& scratch_;
    Scratch* before_;
  };
  /// After the last call of a run.
  void run_ends();

  /// For the allocation of storages: one that is kept for this request, or null; and what the allocator then gave.
  Ref<Storage> take(int64_t bytes);
  void given(const Ref<Storage>& storage);

 private:
  struct Request {
    int64_t bytes = 0;
    bool own = false;  // it lies in no block
    Ref<Storage> storage;
  };
  void call_ends() noexcept;

  std::vector<std::vector<Request>> calls_;
  size_t call_ = 0, next_ = 0;
  bool placed_ = false;
};

namespace detail {
/// That of the call that this thread runs; null outside.
extern thread_local constinit Scratch* scratch;
}  // namespace detail

}  // namespace lazuli
