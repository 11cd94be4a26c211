#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lazuli/distributed/engine.h"

namespace lazuli::distributed::detail {

/// What the processes of a job tell each other beside their operations, so that no rank waits for one that is gone: each keeps a connection to rank 0, which passes on what it hears. The
/// system closes the connections of a process that dies, however it does. A thread of its own listens, whatever the others do.
class FailureDetector {
 public:
  /// Collective over `world`. Null on every rank where one of them does not reach rank 0 over TCP: then only timeouts tell. Throws std::exception as the communicator's operations do.
  static std::unique_ptr<FailureDetector> connect(Communicator& world);
  ~FailureDetector();
  FailureDetector(const FailureDetector&) = delete;
  FailureDetector& operator=(const FailureDetector&) = delete;

  /// Whether the job can go no further, and why: a rank that died, or what another one has told. The first reason stays.
  bool failed() const { return failed_; }
  std::string reason() const;
  /// All ranks are to know that this one cannot go on. Nothing where they know of something already.
  void tell(const std::string& reason);

  /// How many collective operations of all ranks this process has called.
  void note_calls(int64_t calls) { calls_ = calls; }
  /// The other ranks that have called fewer than `calls` of them, as they answer within so many seconds; those that do not answer are among them.
  std::vector<int> behind(int64_t calls, double seconds);

  /// This process is about to end in good order.
  void leave();
  /// Which of `ranks` (of the world) has ended in good order, `seconds` ago or earlier; -1: none.
  int left(const std::vector<int>& ranks, double seconds) const;
  /// Returns when all others have left or died, or after so many seconds.
  void wait_for_others(double seconds) const;

 private:
  struct Connection;
  struct News;
  using Clock = std::chrono::steady_clock;
  FailureDetector(int rank, int size, std::vector<Connection> connections);
  void run();
  void hear(size_t connection);
  void learn(const News& news, int from);
  bool take(const News& news);
  void send(const News& news, int except);
  bool wait_until(const std::function<bool(int rank)>& holds, double seconds) const;

  const int rank_, size_;
  std::atomic<bool> failed_{false}, anyone_left_{false};
  mutable std::mutex mutex_;
  std::string reason_;
  std::vector<Clock::time_point> left_at_;  // by rank; the epoch for one that is still there
  std::vector<bool> gone_;                  // left or died
  std::atomic<int64_t> calls_{0};
  std::vector<int64_t> calls_of_;  // as the ranks have answered last; -1: not yet
  std::mutex sending_;
  std::vector<Connection> connections_;
  int wake_ = -1;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace lazuli::distributed::detail
