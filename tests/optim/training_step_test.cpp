#include "lazuli/core/memory/memory.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"

using namespace lazuli;

TEST_CASE("a training step in its steady state asks the system for nothing and keeps nothing", "[optim]") {
  nn::Sequential model{nn::Linear(20, 32), nn::LazyBatchNorm1d(), nn::ReLU(), nn::Linear(32, 5)};
  Tensor x = randn({16, 20}), y = randint(5, {16});
  model(x);
  optim::Adam adam(model.parameters(), 1e-3);
  auto step = [&] {
    adam.zero_grad();
    cross_entropy(model(x), y).backward();
    adam.step();
  };
  for (int i = 0; i < 3; ++i) step();
  MemoryStats before = memory_stats();
  for (int i = 0; i < 10; ++i) step();
  MemoryStats after = memory_stats();
  CHECK(after.live_blocks == before.live_blocks);
  CHECK(after.allocated == before.allocated);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(after.system_allocations == before.system_allocations);
  CHECK(after.allocations > before.allocations);
#endif
}
