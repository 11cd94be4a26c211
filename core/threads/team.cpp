#include "lazuli/core/threads/team.h"

#include <omp.h>

#include <atomic>
#include <exception>

#include "lazuli/core/threads/contention.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli {

#if defined(__SANITIZE_THREAD__)
static constexpr bool kOneThread = true;  // as in parallel_for
#else
static constexpr bool kOneThread = false;
#endif

void detail::team_run(void (*body)(void*, int, int), void* context) {
  const int threads = kOneThread ? 1 : get_num_threads();
  if (!kOneThread) watch_contention(threads);
  std::atomic<bool> failed{false};
  std::exception_ptr error;
#pragma omp parallel num_threads(threads)
  {
    if (!kOneThread) count_this_thread();
    try {
      body(context, omp_get_thread_num(), omp_get_num_threads());
    } catch (...) {
      if (!failed.exchange(true)) error = std::current_exception();
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace lazuli
