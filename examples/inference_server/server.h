#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "lazuli/lazuli.h"

/// Answers requests of many threads in batches: a thread waits for the first, takes those that come within `wait` up to `batch` of them, runs the model once and hands the rows out.
class BatchingServer {
 public:
  using Clock = std::chrono::steady_clock;
  BatchingServer(std::function<lazuli::Tensor(const lazuli::Tensor&)> model, int64_t batch, std::chrono::microseconds wait);
  /// Answers what has come, then ends.
  ~BatchingServer();
  BatchingServer(const BatchingServer&) = delete;
  BatchingServer& operator=(const BatchingServer&) = delete;
  /// One example, without a batch dimension. The future has the answer, or what the model threw.
  std::future<lazuli::Tensor> submit(lazuli::Tensor example);
  int64_t batches() const { return batches_; }

 private:
  struct Request {
    lazuli::Tensor example;
    std::promise<lazuli::Tensor> answer;
  };
  void serve();
  void answer(std::vector<Request> requests);

  std::function<lazuli::Tensor(const lazuli::Tensor&)> model_;
  size_t batch_;
  std::chrono::microseconds wait_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Request> waiting_;
  bool ending_ = false;
  std::atomic<int64_t> batches_{0};
  std::thread thread_;
};
