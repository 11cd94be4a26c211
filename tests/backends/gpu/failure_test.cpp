#include "lazuli/core/memory/allocator.h"
#include "lazuli/core/memory/memory.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

struct FailingAllocations {
  Device device;
  FailingAllocations(Device d, double probability) : device(d) { set_allocation_failure(probability, 42, device); }
  ~FailingAllocations() { set_allocation_failure(0, 0, device); }
};

}  // namespace

TEST_CASE("gpu: of 1,000 training steps, allocations that fail cost only the steps in which they fall", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    manual_seed(7);
    nn::Sequential model{nn::Linear(12, 24), nn::LazyBatchNorm1d(), nn::ReLU(), nn::Dropout(0.1), nn::Linear(24, 3)};
    model.to(d);
    Tensor x = randn({16, 12}, {.device = d}), y = randint(3, {16}, {.device = d});
    model(x);
    optim::Adam adam(model.parameters(), 1e-2);
    auto step = [&] {
      adam.zero_grad();
      Tensor loss = cross_entropy(model(x), y);
      loss.backward();
      adam.step();
      return loss.item<double>();
    };
    double first = step();
    for (int i = 0; i < 3; ++i) step();
    const MemoryStats before = memory_stats(d);

    int lost = 0, done = 0;
    {
      FailingAllocations failing(d, 0.005);
      for (int i = 0; i < 1000; ++i) {
        try {
          step();
          ++done;
        } catch (const Error& error) {
          REQUIRE(error.kind() == ErrorKind::Memory);
          ++lost;
        }
      }
    }
    INFO(lost << " steps of 1000 were lost");
    CHECK(lost > 50);
    CHECK(done > 200);

    const double last = step();
    CHECK(last < 0.5 * first);
    const MemoryStats after = memory_stats(d);
    CHECK(after.live_blocks == before.live_blocks);
    CHECK(after.allocated == before.allocated);
  }
}

TEST_CASE("gpu: a limit of memory is an Error with who holds what, and the work goes on", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor held = ones({1 << 20}, {.device = d});
    empty_cache(d);
    set_memory_limit(memory_stats(d).reserved + (1 << 20), d);
    std::string text = error_of([&] { ones({1 << 22}, {.device = d}); });
    set_memory_limit(-1, d);
    INFO(text);
    CHECK(text.find("16.0 MiB") != std::string::npos);
    CHECK(text.find("4.0 MiB") != std::string::npos);
    CHECK(sum(held).item<double>() == 1 << 20);
    CHECK(sum(ones({1 << 22}, {.device = d})).item<double>() == 1 << 22);
  }
}
