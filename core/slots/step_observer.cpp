#include "lazuli/core/slots/step_observer.h"

#include <atomic>

namespace lazuli::detail {

thread_local constinit StepObserver* step_observer = nullptr;

namespace {
std::atomic<uint64_t> changes{0};
}
void count_structural_change() { changes.fetch_add(1, std::memory_order_relaxed); }
uint64_t structural_changes() { return changes.load(std::memory_order_relaxed); }

}  // namespace lazuli::detail
