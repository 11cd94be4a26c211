#include "lazuli/distributed/local_engine.h"

#include <cstring>
#include <deque>
#include <map>

namespace lazuli::distributed {
namespace {

struct Ready : Operation {
  bool done() override { return true; }
};
Started copied(const void* from, void* to, size_t size) {
  if (from != to && size > 0) std::memmove(to, from, size);
  return std::make_unique<Ready>();
}

/// Messages to oneself, in the order in which they were sent.
using Mailbox = std::map<int, std::deque<std::vector<std::byte>>>;
struct Receive : Operation {
  Mailbox& mailbox;
  void* data;
  size_t size;
  int tag;
  Receive(Mailbox& m, void* d, size_t s, int t) : mailbox(m), data(d), size(s), tag(t) {}
  bool done() override {
    auto& messages = mailbox[tag];
    if (messages.empty()) return false;
    copied(messages.front().data(), data, std::min(size, messages.front().size()));
    messages.pop_front();
    return true;
  }
};

class LocalCommunicator : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  Started broadcast(void*, size_t, int) override { return std::make_unique<Ready>(); }
  Started all_gather(const void* own, void* all, size_t size) override { return copied(own, all, size); }
  Started all_to_all(const void* parts, const std::vector<size_t>& sizes, void* received, const std::vector<size_t>&) override {
    return copied(parts, received, sizes[0]);
  }
  Started gather(const void* own, void* all, size_t size, int) override { return copied(own, all, size); }
  Started scatter(const void* all, void* own, size_t size, int) override { return copied(all, own, size); }
  Started barrier() override { return std::make_unique<Ready>(); }
  Started send(const void* data, size_t size, int, int tag) override {
    auto* bytes = static_cast<const std::byte*>(data);
    mailbox_[tag].emplace_back(bytes, bytes + size);
    return std::make_unique<Ready>();
  }
  Started receive(void* data, size_t size, int, int tag) override { return std::make_unique<Receive>(mailbox_, data, size, tag); }
  std::unique_ptr<Communicator> split(const std::vector<int>& ranks) override {
    return ranks.empty() ? nullptr : std::make_unique<LocalCommunicator>();
  }

 private:
  Mailbox mailbox_;
};

class LocalEngine : public Engine {
 public:
  const char* name() const override { return "local"; }
  Communicator& world() override { return world_; }
  void finish() override {}
  void abort(int status) override { std::_Exit(status); }

 private:
  LocalCommunicator world_;
};

}  // namespace

std::unique_ptr<Engine> local_engine() { return std::make_unique<LocalEngine>(); }

}  // namespace lazuli::distributed
