#include <mutex>

#include "lazuli/core/memory/intrusive.h"

// Blocks of up to 1 KiB in classes of 32 bytes. A thread keeps free lists of its own and trades batches with the depot, so that blocks freed by
// another thread than their maker come back. Under sanitizers every block is the system's, so that misuse shows.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

namespace lazuli {
void* pool_allocate(size_t bytes) { return ::operator new(bytes); }
void pool_free(void* block, size_t) noexcept { ::operator delete(block); }
}  // namespace lazuli

#else

namespace lazuli {
namespace {
constexpr size_t kStep = 32, kClasses = 32, kBatch = 64, kSlab = 64 * 1024;

struct Block {
  Block* next;
};
struct List {
  Block* head = nullptr;
  size_t count = 0;
  void push(Block* b) {
    b->next = head;
    head = b;
    ++count;
  }
  Block* pop() {
    Block* b = head;
    head = b->next;
    --count;
    return b;
  }
};

struct Depot {
  std::mutex mutex;
  List lists[kClasses];

  void give(List& to, size_t c) {
    std::lock_guard lock(mutex);
    if (!lists[c].head) {
      size_t bytes = (c + 1) * kStep;
      char* slab = static_cast<char*>(::operator new(kSlab));  // slabs live as long as the process: their blocks are always wanted again
      for (size_t at = 0; at + bytes <= kSlab; at += bytes) lists[c].push(reinterpret_cast<Block*>(slab + at));
    }
    for (size_t i = 0; i < kBatch && lists[c].head; ++i) to.push(lists[c].pop());
  }
  void take(List& from, size_t c, size_t keep) {
    std::lock_guard lock(mutex);
    while (from.count > keep) lists[c].push(from.pop());
  }
};
Depot& depot() {
  static Depot* d = new Depot;
  return *d;
}

struct ThreadLists {
  List lists[kClasses];
  ~ThreadLists();
};
enum class State : uint8_t { Fresh, Alive, Gone };
thread_local constinit State state = State::Fresh;
thread_local constinit ThreadLists* lists = nullptr;
thread_local struct Guard {
  ThreadLists own;
  ~Guard() { lists = nullptr, state = State::Gone; }
} guard;
ThreadLists::~ThreadLists() {
  for (size_t c = 0; c < kClasses; ++c) depot().take(lists[c], c, 0);
}

// Only reached when this thread has no lists: at its first block, or while its thread-locals are being destroyed.
[[gnu::noinline]] ThreadLists* start_thread() {
  if (state == State::Gone) return nullptr;
  state = State::Alive;
  return lists = &guard.own;
}
}  // namespace

void* pool_allocate(size_t bytes) {
  size_t c = (bytes - 1) / kStep;
  if (c >= kClasses) return ::operator new(bytes);
  ThreadLists* t = lists ? lists : start_thread();
  if (!t) [[unlikely]] {
    List one;
    depot().give(one, c);
    Block* b = one.pop();
    depot().take(one, c, 0);
    return b;
  }
  if (!t->lists[c].head) [[unlikely]]
    depot().give(t->lists[c], c);
  return t->lists[c].pop();
}

void pool_free(void* block, size_t bytes) noexcept {
  size_t c = (bytes - 1) / kStep;
  if (c >= kClasses) return ::operator delete(block);
  ThreadLists* t = lists ? lists : start_thread();
  if (!t) [[unlikely]] {
    List one;
    one.push(static_cast<Block*>(block));
    return depot().take(one, c, 0);
  }
  t->lists[c].push(static_cast<Block*>(block));
  if (t->lists[c].count > 4 * kBatch) [[unlikely]]
    depot().take(t->lists[c], c, 2 * kBatch);
}

}  // namespace lazuli

#endif
