#include "server.h"

using namespace lazuli;

BatchingServer::BatchingServer(std::function<Tensor(const Tensor&)> model, int64_t batch, std::chrono::microseconds wait)
    : model_(std::move(model)), batch_(size_t(batch)), wait_(wait), thread_([this] { serve(); }) {}

BatchingServer::~BatchingServer() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  came_.notify_all();
  thread_.join();
}

std::future<Tensor> BatchingServer::submit(Tensor example) {
  Request request{std::move(example), {}};
  std::future<Tensor> answer = request.answer.get_future();
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(request));
  }
  came_.notify_all();
  return answer;
}

void BatchingServer::serve() {
  for (;;) {
    std::vector<Request> requests;
    {
      std::unique_lock lock(mutex_);
      came_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const auto until = Clock::now() + wait_;
      came_.wait_until(lock, until, [&] { return ending_ || waiting_.size() >= batch_; });
      for (; !waiting_.empty() && requests.size() < batch_; waiting_.pop_front()) requests.push_back(std::move(waiting_.front()));
    }
    answer(std::move(requests));
  }
}

void BatchingServer::answer(std::vector<Request> requests) {
  ++batches_;
  try {
    inference_mode guard;
    std::vector<Tensor> examples;
    for (Request& request : requests) examples.push_back(request.example);
    const Tensor answers = model_(stack(examples));
    for (size_t i = 0; i < requests.size(); ++i) requests[i].answer.set_value(answers[int64_t(i)].clone());
  } catch (...) {
    for (Request& request : requests) request.answer.set_exception(std::current_exception());
  }
}
