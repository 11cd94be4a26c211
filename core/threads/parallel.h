#pragma once
#include <cstdint>
#include <type_traits>

namespace lazuli {

/// The number of threads that kernels use in calls from this thread: OpenMP's value unless set here.
int get_num_threads();
/// For calls from any thread; OpenMP's own setting is left alone. Throws Error for n < 1.
void set_num_threads(int n);
/// Whether this thread is in a parallel loop, and its number there, from 0.
bool in_parallel_region();
int get_thread_num();
/// While it lives, kernels called from this thread use at most `n` threads; the workers of a data loader use one each.
class ThreadLimit {
 public:
  explicit ThreadLimit(int n);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  int before_;
};

namespace detail {
void parallel_run(int64_t begin, int64_t end, int64_t grain, void (*body)(void*, int64_t, int64_t), void* context);
}

/// Calls `body(from, to)` over pieces of [begin, end), at most one piece a thread and none smaller than `grain` (but the last); one call in this thread when that
/// leaves one piece, or inside another parallel loop. An exception thrown in a piece is rethrown here. Choose `grain` so that a piece is worth at least 5 microseconds.
template <class F>
void parallel_for(int64_t begin, int64_t end, int64_t grain, F&& body) {
  if (end - begin <= grain) {
    if (end > begin) body(begin, end);
    return;
  }
  detail::parallel_run(
      begin, end, grain, [](void* context, int64_t from, int64_t to) { (*static_cast<std::remove_reference_t<F>*>(context))(from, to); }, &body);
}

}  // namespace lazuli
