#include "lazuli/core/threads/contention.h"

#include <atomic>

#include "lazuli/core/threads/parallel.h"
#include "lazuli/tests/catch.h"

using namespace lazuli;

TEST_CASE("spinning is short from the first stretch of much waiting, and long again after five calm ones", "[core]") {
  detail::SpinPolicy policy;
  CHECK_FALSE(policy.observe(0));
  CHECK_FALSE(policy.observe(0.06));  // some waiting is no reason to begin
  CHECK(policy.observe(0.5));
  for (int i = 0; i < 4; ++i) CHECK(policy.observe(0));
  CHECK(policy.observe(0.06));  // but to go on
  for (int i = 0; i < 4; ++i) CHECK(policy.observe(0.01));
  CHECK_FALSE(policy.observe(0.01));
}

TEST_CASE("parallel loops do their work while spinning is short, and after", "[core]") {
  for (bool on : {true, true, false, true, false, false}) {
    detail::set_short_spinning(on, get_num_threads());
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::atomic<int64_t> sum{0};
      parallel_for(0, 1000, 1, [&](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; ++i) sum += i;
      });
      REQUIRE(sum == 499500);
    }
  }
}
