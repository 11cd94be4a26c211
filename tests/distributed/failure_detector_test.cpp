#include "lazuli/distributed/failure_detector.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>

#include "tests/catch.h"

namespace dist = lazuli::distributed;
using dist::detail::FailureDetector;

// Ranks that are threads of one process; their connections are real ones.
namespace {

/// What the ranks hand each other, one call after the other.
struct Table {
  explicit Table(int n) : size(n) {}
  const int size;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<char> bytes;
  int there = 0;
  long round = 0;

  // Every rank puts its bytes at its place; all of them when all are there.
  std::vector<char> exchange(int rank, const void* own, size_t count) {
    std::unique_lock lock(mutex);
    bytes.resize(count * size_t(size));
    std::memcpy(bytes.data() + count * size_t(rank), own, count);
    const long now = round;
    if (++there == size) {
      there = 0;
      ++round;
      changed.notify_all();
    }
    changed.wait(lock, [&] { return round > now; });
    std::vector<char> all = bytes;
    // Nobody begins the next round before all have a copy.
    if (++there == size) {
      there = 0;
      ++round;
      changed.notify_all();
    }
    changed.wait(lock, [&] { return round > now + 1; });
    return all;
  }
};

struct Ready : dist::Operation {
  bool done() override { return true; }
};

class OverThreads : public dist::Communicator {
 public:
  OverThreads(Table& table, int rank) : table_(table), rank_(rank) {}
  int rank() const override { return rank_; }
  int size() const override { return table_.size; }
  dist::Started broadcast(void* data, size_t size, int root) override {
    const std::vector<char> all = table_.exchange(rank_, data, size);
    std::memcpy(data, all.data() + size * size_t(root), size);
    return std::make_unique<Ready>();
  }
  dist::Started all_gather(const void* own, void* all, size_t size) override {
    const std::vector<char> gathered = table_.exchange(rank_, own, size);
    std::memcpy(all, gathered.data(), gathered.size());
    return std::make_unique<Ready>();
  }
  dist::Started all_to_all(const void*, const std::vector<size_t>&, void*, const std::vector<size_t>&) override { return nullptr; }
  dist::Started gather(const void*, void*, size_t, int) override { return nullptr; }
  dist::Started scatter(const void*, void*, size_t, int) override { return nullptr; }
  dist::Started barrier() override { return nullptr; }
  dist::Started send(const void*, size_t, int, int) override { return nullptr; }
  dist::Started receive(void*, size_t, int, int) override { return nullptr; }
  std::unique_ptr<dist::Communicator> split(const std::vector<int>&) override { return nullptr; }

 private:
  Table& table_;
  int rank_;
};

std::vector<std::unique_ptr<FailureDetector>> detectors(int count) {
  Table table(count);
  std::vector<std::unique_ptr<FailureDetector>> all(static_cast<size_t>(count));
  std::vector<std::thread> threads;
  for (int r = 0; r < count; ++r)
    threads.emplace_back([&, r] {
      OverThreads world(table, r);
      all[size_t(r)] = FailureDetector::connect(world);
    });
  for (std::thread& t : threads) t.join();
  return all;
}
template <class F>
bool soon(F holds) {
  for (int i = 0; i < 2000 && !holds(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return holds();
}

}  // namespace

TEST_CASE("every rank hears which one died", "[distributed]") {
  for (size_t dead : {0, 2}) {
    CAPTURE(dead);
    auto all = detectors(4);
    for (const auto& d : all) {
      REQUIRE(d);
      REQUIRE_FALSE(d->failed());
    }
    all[dead] = nullptr;  // its connections are closed
    for (const auto& d : all) {
      if (!d) continue;
      REQUIRE(soon([&] { return d->failed(); }));
      REQUIRE(d->reason() == "rank " + std::to_string(dead) + ", whose process died");
    }
  }
}

TEST_CASE("every rank hears why one gave up, and only the first", "[distributed]") {
  auto all = detectors(3);
  all[1]->tell("barrier that failed");
  for (const auto& d : all) {
    REQUIRE(soon([&] { return d->failed(); }));
    REQUIRE(d->reason() == "rank 1, which gave up: barrier that failed");
  }
  all[2]->tell(std::string(1000, 'x'));  // as much of it as there is room for, to nobody's use
  all[0] = nullptr;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  REQUIRE(all[2]->reason() == "rank 1, which gave up: barrier that failed");
}

TEST_CASE("a rank that leaves in good order is no failure", "[distributed]") {
  auto all = detectors(3);
  all[1]->leave();
  for (int r : {0, 2}) REQUIRE(soon([&] { return all[size_t(r)]->left({0, 1, 2}, 0) == 1; }));
  REQUIRE(all[0]->left({0, 2}, 0) == -1);
  REQUIRE(all[0]->left({1}, 1000) == -1);
  REQUIRE(all[1]->left({0, 1, 2}, 0) == -1);
  all[1] = nullptr;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  REQUIRE_FALSE(all[0]->failed());
  REQUIRE_FALSE(all[2]->failed());
  all[2]->leave();
  all[0]->leave();
  all[0]->wait_for_others(100);  // returns at once
  all[2]->wait_for_others(100);
}

TEST_CASE("ranks say how far they are", "[distributed]") {
  auto all = detectors(4);
  for (size_t r = 0; r < 4; ++r) all[r]->note_calls(r == 2 ? 6 : 7);
  REQUIRE(all[0]->behind(7, 100) == std::vector<int>{2});
  REQUIRE(all[3]->behind(7, 100) == std::vector<int>{2});
  REQUIRE(all[3]->behind(8, 100) == std::vector<int>{0, 1, 2});
  REQUIRE(all[1]->behind(6, 100).empty());
}
