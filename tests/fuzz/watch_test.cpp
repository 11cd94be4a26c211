// That the fuzzers see what they are there to see.
#include "tests/fuzz/watch.h"

#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

namespace {

// Returns at 0, 2, 4, ...; does something else at each odd number.
std::string misbehave(uint64_t number, fuzz::Note& note) {
  note.describe(fmt::format("deed {}", number));
  switch (number) {
    case 1: throw std::bad_alloc();
    case 3: throw 3;
    case 5: return "a wrong result";
    case 7: std::raise(SIGSEGV); return {};
    case 9: std::abort();
    case 11: _Exit(3);
    case 13:
      for (std::atomic<int> i = 0;; i.store(1)) {}
    case 15: {
      const size_t bytes = size_t(512) << 20;
      const std::unique_ptr<char[]> block(new char[bytes]);
      for (;;) std::memset(block.get(), int(number++), bytes);
    }
    default: return {};
  }
}

}  // namespace

int main() {
  fuzz::Task task{.count = 17, .seconds = 3, .bytes = int64_t(256) << 20};
  const uint64_t seen = fuzz::watch(task, "watch_test", misbehave), right = fuzz::watch({.start = 20, .count = 1000}, "watch_test", misbehave),
                 first = fuzz::watch({.count = 10, .most_wrong = 2}, "watch_test", misbehave);
  fmt::print("saw {} of 8 wrong ones, {} of 0, {} of the first 2\n", seen, right, first);
  return seen == 8 && right == 0 && first == 2 ? 0 : 1;
}
