#include "lazuli/core/threads/together.h"

#include <algorithm>

#include "lazuli/tests/backends/kernel_test.h"

using namespace lazuli;
using lazuli::test::Threads;

TEST_CASE("what is put off runs once for each element, on any number of threads", "[core]") {
  for (const int threads : {1, 2, 3}) {
    Threads guard(threads);
    const std::vector<int64_t> sizes{5, 0, 1, 70000, 3, 40000, 12}, grains{32768, 10, 1, 32768, 7, 512, 5000};
    std::vector<std::vector<int>> times;
    for (const int64_t n : sizes) times.emplace_back(size_t(n), 0);
    Together together;
    REQUIRE(Together::open() == &together);
    for (size_t i = 0; i < sizes.size(); ++i)
      together.add(sizes[i], grains[i], [&times, i](int64_t from, int64_t to) {
        for (int64_t k = from; k < to; ++k) ++times[i][size_t(k)];
      });
    CHECK(times[0][0] == 0);
    together.run();
    for (const auto& t : times) CHECK(std::all_of(t.begin(), t.end(), [](int n) { return n == 1; }));
    together.run();
    CHECK(times[0][0] == 1);
  }
}

TEST_CASE("what is put off runs at the end, and not while somebody listens", "[core]") {
  int runs = 0;
  {
    Together outer;
    {
      Together inner;
      CHECK(Together::open() == &inner);
      inner.add(1, 1, [&runs](int64_t, int64_t) { ++runs; });
    }
    CHECK(runs == 1);
    CHECK(Together::open() == &outer);
    EventListener listener;
    Listening listening(listener);
    CHECK(Together::open() == nullptr);
  }
  CHECK(Together::open() == nullptr);
}
