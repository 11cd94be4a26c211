#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "lazuli/distributed/engine.h"

namespace lazuli::distributed::detail {

/// One call of a user, on its way: stages that start one after the other, each when what the one before started is complete. A stage may compute, and start nothing (null).
struct Job {
  std::string op;          // for errors
  bool collective = true;  // one at a time, in the order of the calls; messages between two ranks overtake each other
  double timeout = 0;      // seconds
  int rank = 0, size = 1;
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
  ~Progress() { stop(); }
  /// Waits for what is on its way. Nothing can be submitted afterwards.
  void stop();
  void submit(std::shared_ptr<Job> job);
  /// What went wrong beyond repair (an operation that did not become complete), or empty: from then on every job fails.
  std::string broken();

 private:
  void run();
  bool advance(Job& job);
  void break_with(const std::string& reason);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::list<std::shared_ptr<Job>> running_;
  std::vector<std::shared_ptr<Job>> lost_;  // their memory may still be written to
  std::string broken_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace lazuli::distributed::detail
