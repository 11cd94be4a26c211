#include "lazuli/core/threads/contention.h"

#include <fcntl.h>
#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

namespace lazuli::detail {
namespace {

/// A thread's file of the kernel's scheduler: "run wait slices", the first two in nanoseconds.
class WaitingTime {
 public:
  WaitingTime() = default;
  WaitingTime(const WaitingTime&) = delete;
  WaitingTime& operator=(const WaitingTime&) = delete;
  ~WaitingTime() { close_file(); }
  void open_own() {
    close_file();
    file_ = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    last_ = read_it();
  }
  /// Nanoseconds since the last call.
  double lap() {
    const double now = read_it(), waited = now - last_;
    last_ = now;
    return waited > 0 ? waited : 0;
  }

 private:
  double read_it() const {
    char text[96];
    const ssize_t n = file_ < 0 ? -1 : pread(file_, text, sizeof text - 1, 0);  // fails once the thread has ended
    if (n <= 0) return 0;
    text[n] = 0;
    char* end = nullptr;
    std::strtod(text, &end);
    return std::strtod(end, nullptr);
  }
  void close_file() {
    if (file_ >= 0) close(file_);
    file_ = -1;
  }
  int file_ = -1;
  double last_ = 0;
};

constexpr size_t kWatched = 32;  // threads at most

// Never destroyed: threads may outlive static objects.
struct Watch {
  std::mutex mutex;
  std::array<WaitingTime, kWatched> threads;
  size_t count = 0;
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
  SpinPolicy policy;
};
Watch& watch() {
  static Watch& w = *new Watch;
  return w;
}
thread_local constinit bool counted = false;
thread_local constinit unsigned calls = 0;

/// libgomp spins a thousandth as long while it knows of more threads than there are processors: so we let it know of some that sleep.
struct Sleepers {
  std::mutex mutex;
  std::condition_variable wake;
  bool stay = true;
};
std::mutex sleepers_mutex;
std::shared_ptr<Sleepers>& sleepers() {
  static std::shared_ptr<Sleepers>& s = *new std::shared_ptr<Sleepers>;
  return s;
}

}  // namespace

void set_short_spinning(bool on, int threads) {
  std::lock_guard lock(sleepers_mutex);
  std::shared_ptr<Sleepers>& current = sleepers();
  if (on == bool(current)) return;
  if (!on) {
    std::lock_guard inner(current->mutex);
    current->stay = false;
    current->wake.notify_all();
    current.reset();
    return;
  }
  const int team = omp_get_num_procs() - threads + 2;
  if (team > 4) return;  // there are processors enough
  auto made = std::make_shared<Sleepers>();
  try {
    std::thread([made, team] {
#pragma omp parallel num_threads(team > 2 ? team : 2)
      { std::atomic_signal_fence(std::memory_order_seq_cst); }
      std::unique_lock inner(made->mutex);
      made->wake.wait(inner, [&] { return !made->stay; });
    }).detach();
  } catch (const std::exception&) { return; }  // no thread to be had
  current = std::move(made);
}

void count_this_thread() {
  if (counted) return;
  counted = true;
  Watch& w = watch();
  std::lock_guard lock(w.mutex);
  if (w.count == kWatched) w.count = 0;  // the oldest are forgotten
  w.threads[w.count++].open_own();
}

void watch_contention(int threads) {
  if (++calls % 32) return;
  Watch& w = watch();
  std::unique_lock lock(w.mutex, std::try_to_lock);
  if (!lock) return;
  const auto now = std::chrono::steady_clock::now();
  const double passed = std::chrono::duration<double, std::nano>(now - w.last).count();
  if (passed < 50e6) return;
  w.last = now;
  double most = 0;
  for (WaitingTime& t : w.threads) most = std::max(most, t.lap());
  set_short_spinning(w.policy.observe(most / passed), threads);
}

}  // namespace lazuli::detail
