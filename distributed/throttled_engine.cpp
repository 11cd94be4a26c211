#include "lazuli/distributed/throttled_engine.h"

#include <algorithm>
#include <chrono>

namespace lazuli::distributed {
namespace {
using Clock = std::chrono::steady_clock;

/// When the process's link is free again; of all communicators.
struct Line {
  Link link;
  Clock::time_point free = Clock::now();
  Clock::time_point take(double messages, double bytes) {
    const double seconds = messages * link.latency + (link.bandwidth > 0 ? bytes / link.bandwidth : 0);
    free = std::max(free, Clock::now()) + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    return free;
  }
};

class Late : public Operation {
 public:
  Late(Started inner, Clock::time_point due) : inner_(std::move(inner)), due_(due) {}
  bool done() override {
    if (!arrived_ && inner_) arrived_ = inner_->done();
    return (arrived_ || !inner_) && Clock::now() >= due_;
  }

 private:
  Started inner_;
  bool arrived_ = false;
  Clock::time_point due_;
};

class ThrottledCommunicator : public Communicator {
 public:
  ThrottledCommunicator(Communicator& inner, std::shared_ptr<Line> line) : inner_(inner), line_(std::move(line)) {}
  ThrottledCommunicator(std::unique_ptr<Communicator> inner, std::shared_ptr<Line> line)
      : owned_(std::move(inner)), inner_(*owned_), line_(std::move(line)) {}
  int rank() const override { return inner_.rank(); }
  int size() const override { return inner_.size(); }

  Started broadcast(void* data, size_t size, int root) override { return late(inner_.broadcast(data, size, root), 1, size); }
  Started all_gather(const void* own, void* all, size_t size) override { return late(inner_.all_gather(own, all, size), others(), others() * size); }
  Started all_to_all(const void* parts, const std::vector<size_t>& sizes, void* received, const std::vector<size_t>& received_sizes) override {
    size_t sent = 0;
    for (size_t r = 0; r < sizes.size(); ++r) sent += r == size_t(rank()) ? 0 : sizes[r];
    return late(inner_.all_to_all(parts, sizes, received, received_sizes), others(), sent);
  }
  Started gather(const void* own, void* all, size_t size, int root) override {
    return late(inner_.gather(own, all, size, root), 1, rank() == root ? others() * size : size);
  }
  Started scatter(const void* all, void* own, size_t size, int root) override {
    return late(inner_.scatter(all, own, size, root), 1, rank() == root ? others() * size : size);
  }
  Started barrier() override { return late(inner_.barrier(), 1, 0); }
  Started send(const void* data, size_t size, int to, int tag) override { return late(inner_.send(data, size, to, tag), 1, size); }
  Started receive(void* data, size_t size, int from, int tag) override { return inner_.receive(data, size, from, tag); }
  std::unique_ptr<Communicator> split(const std::vector<int>& ranks) override {
    auto some = inner_.split(ranks);
    return some ? std::make_unique<ThrottledCommunicator>(std::move(some), line_) : nullptr;
  }

 private:
  size_t others() const { return size_t(size() - 1); }
  Started late(Started started, size_t messages, size_t bytes) {
    return std::make_unique<Late>(std::move(started), line_->take(size() > 1 ? double(messages) : 0, double(bytes)));
  }
  std::unique_ptr<Communicator> owned_;
  Communicator& inner_;
  std::shared_ptr<Line> line_;
};

class ThrottledEngine : public Engine {
 public:
  ThrottledEngine(std::shared_ptr<Engine> inner, const Link& link)
      : inner_(std::move(inner)), world_(inner_->world(), std::make_shared<Line>(Line{link})) {}
  const char* name() const override { return "throttled"; }
  Communicator& world() override { return world_; }
  void finish() override { inner_->finish(); }
  void abort(int status) override { inner_->abort(status); }

 private:
  std::shared_ptr<Engine> inner_;
  ThrottledCommunicator world_;
};

}  // namespace

std::unique_ptr<Engine> throttled_engine(std::shared_ptr<Engine> inner, const Link& link) {
  return std::make_unique<ThrottledEngine>(std::move(inner), link);
}

}  // namespace lazuli::distributed
