#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "lazuli/core/error.h"
#include "lazuli/distributed/engine.h"
#include "lazuli/distributed/failure_detector.h"

namespace lazuli::distributed::detail {

/// One call of a user, on its way: stages that start one after the other, each when what the one before started is complete. A stage may compute, and start nothing (null).
struct Job {
  std::string op;          // for errors
  bool collective = true;  // one at a time, in the order of the calls; messages between two ranks overtake each other
  double timeout = 0;      // seconds
  int rank = 0, size = 1;
  std::vector<int> partners;  // ranks of the world that take part
  int64_t number = 0;         // of a collective call of the world's, from 1
  std::vector<std::function<Started()>> stages;

  void wait();
  bool complete();

 private:
  friend class Progress;
  void finish(std::exception_ptr error);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool complete_ = false;
  std::exception_ptr error_;
  // Of the thread that looks after it.
  size_t next_ = 0;
  Started started_;
  std::chrono::steady_clock::time_point began_;
};

/// The thread that starts jobs and looks after them, so that they go on while others compute. It lives from its first job to `stop`.
class Progress {
 public:
  /// `failures`: what is known of the other processes; null for nothing.
  explicit Progress(std::shared_ptr<FailureDetector> failures = nullptr) : failures_(std::move(failures)) {}
  ~Progress() { stop(); }
  /// Waits for what is on its way. Nothing can be submitted afterwards.
  void stop();
  void submit(std::shared_ptr<Job> job);
  /// Whether something went wrong beyond repair (an operation that did not become complete, a rank that died): from then on every job fails.
  bool broken();

 private:
  /// Why nothing can be exchanged any more: the two halves of an Error.
  struct Breakdown {
    std::string expected, got;
  };
  using Running = std::list<std::shared_ptr<Job>>;
  static Error error_of(const Job& job, const Breakdown& breakdown);
  void run();
  bool start_waiting();
  bool look_after();
  bool advance(Job& job);
  std::string late_ranks(const Job& job) const;
  void check_hope(const Job& job) const;
  void give_up(Running::iterator at, const Breakdown& breakdown, const std::string& reason);
  void break_with(const Breakdown& breakdown);

  std::shared_ptr<FailureDetector> failures_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> waiting_;
  Running running_;
  std::vector<std::shared_ptr<Job>> lost_;  // their memory may still be written to
  std::optional<Breakdown> broken_;
  bool stop_ = false;
  std::chrono::steady_clock::time_point moved_;  // when a job made headway
  std::thread thread_;
};

}  // namespace lazuli::distributed::detail
