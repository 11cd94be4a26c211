#pragma once
#include <atomic>
#include <climits>
#include <exception>
#include <memory>
#include <mutex>

#include "lazuli/core/threads/team.h"
#include "lazuli/record/side_by_side.h"

namespace lazuli::recording {

/// Runs one group of calls side by side, in as many threads as there are, or as are given: a call begins when those are done that it waits for.
class Lanes {
 public:
  Lanes(const SideBySide& calls, const Order& order);
  const SideBySide& calls() const { return calls_; }

  /// f(call, lane) for each. Of what they throw, what the first of them in the list's order threw is rethrown, when nothing runs any more; calls behind it that have not begun do not.
  template <class F>
  void run(F&& f) {
    begin();
    in_team([&](int thread, int team) {
      for (int32_t i = calls_.begin; i < calls_.end; ++i) {
        const size_t lane = calls_.lane[size_t(i - calls_.begin)];
        if (int(lane) % team != thread) continue;
        if (!wait(i)) return end(thread, team);
        try {
          f(i, lane);
        } catch (...) {
          fails(i);
          return end(thread, team);
        }
        done_[lane].calls.fetch_add(1, std::memory_order_release);
        done_[lane].calls.notify_all();
      }
    });
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  }

 private:
  struct alignas(64) Done {
    std::atomic<int32_t> calls{0};
  };
  void begin();
  void end(int thread, int team) noexcept;  // nothing more comes of the lanes of this thread
  bool wait(int32_t call) const;            // false where a call before it has failed
  void fails(int32_t call) noexcept;

  SideBySide calls_;
  std::vector<std::vector<Order::Wait>> waits_;
  std::unique_ptr<Done[]> done_;
  std::atomic<int32_t> failed_{INT_MAX};  // the first call that has
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace lazuli::recording
