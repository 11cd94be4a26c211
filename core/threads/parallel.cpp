#include "lazuli/core/threads/parallel.h"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <string>

#include "lazuli/core/error.h"
#include "lazuli/core/threads/contention.h"

namespace lazuli {
namespace {
#if defined(__SANITIZE_THREAD__)
constexpr bool kOneThread = true;  // ThreadSanitizer does not see how libgomp's threads wait for each other
#else
constexpr bool kOneThread = false;
#endif
std::atomic<int> chosen_threads{0};           // 0: whatever OpenMP says
thread_local constinit int thread_limit = 0;  // 0: none
}  // namespace

ThreadLimit::ThreadLimit(int n) : before_(thread_limit) {
  if (n < 1) fail("ThreadLimit", "n", "at least 1", std::to_string(n));
  thread_limit = before_ > 0 ? std::min(before_, n) : n;
}
ThreadLimit::~ThreadLimit() { thread_limit = before_; }

bool in_parallel_region() { return omp_in_parallel(); }
int get_thread_num() { return omp_get_thread_num(); }

int get_num_threads() {
  if (omp_in_parallel()) return 1;
  int n = chosen_threads.load(std::memory_order_relaxed);
  if (n == 0) n = omp_get_max_threads();
  return thread_limit > 0 ? std::min(n, thread_limit) : n;
}

void set_num_threads(int n) {
  if (n < 1) fail("set_num_threads", "n", "at least 1", std::to_string(n));
  chosen_threads.store(n, std::memory_order_relaxed);
}

void detail::parallel_run(int64_t begin, int64_t end, int64_t grain, void (*body)(void*, int64_t, int64_t), void* context) {
  if (begin >= end) return;
  const int64_t count = end - begin;
  const int threads = get_num_threads();
  const int64_t piece = std::max({(count + threads - 1) / threads, grain, int64_t(1)});
  const int64_t pieces = (count + piece - 1) / piece;
  if (pieces == 1) return body(context, begin, end);

  if (!kOneThread) watch_contention(threads);
  std::atomic<bool> failed{false};
  std::exception_ptr error;
  // Always the whole team, idle members included: libgomp ends and restarts its threads when the size of the team changes.
#pragma omp parallel num_threads(kOneThread ? 1 : threads)
  {
    if (!kOneThread) count_this_thread();
    // The runtime may give fewer threads than asked for.
    for (int64_t p = omp_get_thread_num(); p < pieces; p += omp_get_num_threads()) {
      const int64_t from = begin + p * piece;
      try {
        body(context, from, std::min(from + piece, end));
      } catch (...) {
        if (!failed.exchange(true)) error = std::current_exception();
      }
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace lazuli
