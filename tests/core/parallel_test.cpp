#include "lazuli/core/threads/parallel.h"

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "lazuli/core/error.h"
#include "lazuli/tests/catch.h"

using namespace lazuli;

namespace {
struct ThreadCount {  // restores the setting at the end of a test
  int before = get_num_threads();
  explicit ThreadCount(int n) { set_num_threads(n); }
  ~ThreadCount() { set_num_threads(before); }
};

std::vector<std::pair<int64_t, int64_t>> pieces_of(int64_t begin, int64_t end, int64_t grain) {
  std::mutex mutex;
  std::vector<std::pair<int64_t, int64_t>> pieces;
  parallel_for(begin, end, grain, [&](int64_t from, int64_t to) {
    std::lock_guard lock(mutex);
    pieces.emplace_back(from, to);
  });
  return pieces;
}
}  // namespace

TEST_CASE("parallel_for visits every index once", "[core]") {
  for (int threads : {1, 2, 3, 7}) {
    ThreadCount scope(threads);
    for (int64_t n : {0, 1, 2, 5, 64, 1000})
      for (int64_t grain : {0, 1, 3, 64, 5000}) {
        std::vector<std::atomic<int>> seen(n);
        parallel_for(10, 10 + n, grain, [&](int64_t from, int64_t to) {
          for (int64_t i = from; i < to; ++i) ++seen[i - 10];
        });
        for (auto& s : seen) REQUIRE(s == 1);
      }
  }
}

TEST_CASE("parallel_for makes at most one piece a thread, none smaller than the grain but the last", "[core]") {
  ThreadCount scope(4);
  REQUIRE(pieces_of(0, 100, 1).size() == 4);
  auto pieces = pieces_of(0, 100, 40);
  REQUIRE(pieces.size() == 3);
  for (auto [from, to] : pieces) REQUIRE((to - from == 40 || to == 100));
  REQUIRE(pieces_of(0, 100, 100) == std::vector<std::pair<int64_t, int64_t>>{{0, 100}});
  REQUIRE(pieces_of(5, 5, 1).empty());
  REQUIRE(pieces_of(5, 3, 1).empty());
}

TEST_CASE("parallel_for rethrows in the caller", "[core]") {
  ThreadCount scope(2);
  for (int64_t bad : {0, 99}) {
    auto run = [&] {
      parallel_for(0, 100, 1, [&](int64_t from, int64_t to) {
        if (from <= bad && bad < to) throw std::runtime_error("piece");
      });
    };
    REQUIRE_THROWS_AS(run(), std::runtime_error);
  }
  REQUIRE(pieces_of(0, 100, 1).size() == 2);
}

TEST_CASE("a nested parallel_for runs inline", "[core]") {
  ThreadCount scope(2);
  std::atomic<int> inner{0}, threads_inside{0};
  parallel_for(0, 2, 1, [&](int64_t, int64_t) {
    threads_inside = get_num_threads();
    auto id = std::this_thread::get_id();
    parallel_for(0, 100, 1, [&](int64_t from, int64_t to) { inner += from == 0 && to == 100 && std::this_thread::get_id() == id; });
  });
  REQUIRE(inner == 2);
  REQUIRE(threads_inside == 1);
}

TEST_CASE("set_num_threads holds in other threads and refuses less than one", "[core]") {
  ThreadCount scope(3);
  int there = 0;
  std::thread([&] { there = get_num_threads(); }).join();
  REQUIRE(there == 3);
  REQUIRE_THROWS_AS(set_num_threads(0), Error);
  REQUIRE(get_num_threads() == 3);
}
