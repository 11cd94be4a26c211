// Recorded steps on devices.
#include <cstring>

#include "lazuli/record/passes.h"
#include "lazuli/record/record.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

struct Net : nn::Module {
  nn::Child<nn::Linear> fc1{this, "fc1", 6, 16};
  nn::Child<nn::LayerNorm> norm{this, "norm", 16};
  nn::Child<nn::Dropout> drop{this, "drop", 0.25};
  nn::Child<nn::Linear> fc2{this, "fc2", 16, 3};
  Tensor forward(const Tensor& x) { return fc2(drop(relu(norm(fc1(x))))); }
};

// All that can be seen after each of 20 steps, on the CPU.
std::vector<Tensor> trained(Device device, const RecordOptions* options, std::string* text = nullptr) {
  manual_seed(2);
  Net net;
  net.to(device);
  optim::AdamW adam(net.parameters(), {.lr = 0.01});
  optim::ExponentialLR schedule(adam, 0.95);
  const auto body = [&](const Tensor& x, const Tensor& y) {
    adam.zero_grad();
    const Tensor loss = cross_entropy(net(x), y);
    loss.backward();
    nn::utils::clip_grad_norm_(net.parameters(), 1.0);
    adam.step();
    schedule.step();
    return loss.detach();
  };
  std::vector<Tensor> seen;
  auto step = record(body, options ? *options : RecordOptions());
  for (int i = 0; i < 20; ++i) {
    manual_seed(uint64_t(60 + i));
    const Tensor x = randn({5, 6}).to(device), y = randint(3, {5}).to(device);
    seen.push_back((options ? step(x, y) : body(x, y)).cpu());
    for (const Tensor& p : net.parameters()) {
      seen.push_back(p.detach().cpu());
      seen.push_back(p.grad().cpu());
    }
  }
  if (options) CHECK(step.replays() == 18);
  if (text) *text = to_string(step);
  return seen;
}

}  // namespace

TEST_CASE("gpu: recorded steps are the steps themselves", "[record][gpu]") {
  for (Device device : gpu_devices()) {
    const std::vector<Tensor> eager = trained(device, nullptr);
    const RecordOptions plain{.fuse = false}, fused, all{.passes = recording::fusion_passes()};
    const std::vector<Tensor> recorded = trained(device, &plain);
    for (size_t i = 0; i < eager.size(); ++i) require_same(recorded[i], eager[i]);
    std::string text;
    for (const RecordOptions* options : {&fused, &all}) {  // one kernel for many calls: products and sums may be rounded together
      const std::vector<Tensor> other = trained(device, options, &text);
      CHECK_THAT(text, Contains("fused("));
      for (size_t i = 0; i < eager.size(); ++i) require_same(other[i], eager[i], 1e-4, 1e-5);
    }
  }
}

TEST_CASE("gpu: a replay waits for the device when somebody reads, and not before", "[record][gpu]") {
  for (Device device : gpu_devices()) {
    Tensor w = randn({64, 64}).to(device);
    auto step = record([&](const Tensor& x) {
      Tensor y = x;
      for (int i = 0; i < 4; ++i) y = tanh(matmul(y, w));
      return y.sum();
    });
    struct Waits : EventListener {
      int64_t reads = 0, transfers = 0;
      void value_read(const Tensor&) override { ++reads; }
      void transfer_begins(const Transfer& t) override { transfers += t.waits; }
    } waits;
    const Tensor x = randn({64, 64}).to(device);
    Tensor total;
    for (int i = 0; i < 3; ++i) total = step(x);
    {
      const Listening listening(waits);
      for (int i = 0; i < 5; ++i) total = step(x);
    }
    CHECK(step.replays() == 6);
    CHECK(waits.reads == 0);
    CHECK(waits.transfers == 0);
    Tensor y = x;
    for (int i = 0; i < 4; ++i) y = tanh(matmul(y, w));
    require_same(total, y.sum());
  }
}
