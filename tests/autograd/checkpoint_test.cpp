#include "lazuli/autograd/checkpoint.h"

#include <ctime>
#include <limits>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/saved_tensors_hooks.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

/// What operators save without any checkpoint.
int64_t saved_bytes(const std::function<Tensor()>& f) {
  int64_t bytes = 0;
  autograd::saved_tensors_hooks count(
      [&](const Tensor& t) {
        bytes += t.numel() * t.item_size();
        return t;
      },
      [](const Tensor& t) { return t; });
  f();
  return bytes;
}

struct Block : nn::Module {
  nn::Child<nn::Linear> up{this, "up", 8, 32}, down{this, "down", 32, 8};
  nn::Child<nn::BatchNorm1d> norm{this, "norm", 32};
  nn::Child<nn::Dropout> drop{this, "drop", 0.5};
  int calls = 0;
  Tensor forward(const Tensor& x) {
    ++calls;
    return x + drop(down(gelu(norm(up(x)))));
  }
};

std::vector<Tensor> gradients(nn::Module& net, const std::function<Tensor()>& loss) {
  net.zero_grad();
  manual_seed(7);
  loss().backward();
  std::vector<Tensor> grads;
  for (const Tensor& p : net.parameters()) grads.push_back(p.grad());
  return grads;
}
bool same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  bool all = a.size() == b.size();
  for (size_t i = 0; all && i < a.size(); ++i) all = equal(a[i], b[i]);
  return all;
}

}  // namespace

TEST_CASE("a checkpoint gives the same numbers bit for bit, dropout and batch statistics included", "[autograd][checkpoint]") {
  manual_seed(1);
  Block block;
  Tensor x = randn({6, 8}).requires_grad_();
  auto plain = gradients(block, [&] { return square(block(x)).sum(); });
  Tensor x_grad = x.grad(), mean = block.norm->running_mean.clone();
  x.set_grad({});
  block.norm->reset_running_stats();
  block.calls = 0;
  auto checkpointed = gradients(block, [&] { return square(checkpoint([&](const Tensor& t) { return block(t); }, x)).sum(); });
  CHECK(same(plain, checkpointed));
  CHECK(equal(x.grad(), x_grad));
  CHECK(equal(block.norm->running_mean, mean));
  CHECK(block.calls == 2);
  // Nobody wants a gradient: nothing is computed again.
  no_grad guard;
  checkpoint(block, x);
  CHECK(block.calls == 3);
}

TEST_CASE("the random stream goes on after a checkpoint as without", "[autograd][checkpoint]") {
  Tensor x = randn({4}).requires_grad_();
  auto step = [&](bool use) {
    manual_seed(3);
    auto f = [](const Tensor& t) { return dropout(t, 0.5, true) * t; };
    Tensor y = use ? checkpoint(f, x) : f(x);
    y.sum().backward();
    return rand({3});
  };
  CHECK(equal(step(false), step(true)));
}

TEST_CASE("checkpoints nest, keep little, and have second derivatives", "[autograd][checkpoint]") {
  manual_seed(1);
  Tensor x = randn({5}, kFloat64).requires_grad_(), w = randn({5}, kFloat64).requires_grad_();
  int inner_calls = 0;
  auto inner = [&inner_calls, w](const Tensor& t) {
    ++inner_calls;
    return tanh(t * w) * sin(t);
  };
  auto outer = [inner](const Tensor& t) { return exp(checkpoint(inner, sin(t))) * t; };
  auto plain = [inner](const Tensor& t) { return exp(inner(sin(t))) * t; };
  auto second = [&](auto f) {
    Tensor first = autograd::grad({f(x).sum()}, {x}, {.create_graph = true})[0];
    return autograd::grad({square(first).sum()}, {x, w});
  };
  auto expected = second(plain), got = second([&](const Tensor&t) { return checkpoint(outer, t); });
  CHECK(same(expected, got));
  CHECK(autograd::gradgradcheck([&](const std::vector<Tensor>& in) { return checkpoint(outer, in[0]); }, {x}));
  CHECK(saved_bytes([&] { return plain(x); }) >= 5 * 8 * 5);
  CHECK(saved_bytes([&] { return checkpoint(outer, x); }) == 5 * 8);  // the input
}

TEST_CASE("a backward through a retained graph computes a checkpoint once more", "[autograd][checkpoint]") {
  Tensor x = tensor({0.5, 1.5}).requires_grad_();
  int calls = 0;
  Tensor y = checkpoint([&calls](const Tensor& t) { return ++calls, exp(t) * sin(t); }, x).sum();
  Tensor a = autograd::grad({y}, {x}, {.retain_graph = true})[0], b = autograd::grad({y}, {x})[0];
  CHECK(equal(a, b));
  CHECK(calls == 3);
}

TEST_CASE("a checkpoint takes anything and ends computing again with what is needed", "[autograd][checkpoint]") {
  Tensor x = tensor({2.0}).requires_grad_(), y = tensor({3.0}).requires_grad_();
  bool ended = false;
  int times = 0;
  auto f = [&](const std::vector<Tensor>& xs, double factor, std::optional<Tensor> bias) {
    ++times;
    Tensor product = xs[0] * xs[1];
    ended = times == 1;  // the second time it does not come here: nothing after the product is saved
    return std::pair{product * factor, *bias + 1.0};
  };
  auto [a, b] = checkpoint(f, std::vector{x, y}, 2.0, std::optional<Tensor>(x));
  CHECK(ended);
  (a + b).backward();
  CHECK(x.grad().item<double>() == 7);
  CHECK(y.grad().item<double>() == 4);
  CHECK(times == 2);
}

TEST_CASE("a checkpoint that ends in a linear layer or a convolution does not compute it again", "[autograd][checkpoint]") {
  struct Calls final : EventListener {
    int64_t count = 0;  // of products and convolutions
    void call_begins(const SlotCall& call) override {
      const std::string_view name = call.slot.name;
      count += name == "matmul" || name.starts_with("convolution");
    }
  };
  const Tensor x = randn({2, 4}), images = randn({2, 4, 5, 5});
  const Tensor w1 = randn({4, 4}).requires_grad_(), w2 = randn({4, 4}).requires_grad_(), k1 = randn({4, 4, 3, 3}).requires_grad_(),
               k2 = randn({4, 4, 3, 3}).requires_grad_();
  const auto calls_of_backward = [](const Tensor& loss) {
    Calls calls;
    const Listening listening(calls);
    loss.backward();
    return calls.count;
  };
  const std::vector<std::pair<Tensor, std::function<Tensor(const Tensor&)>>> functions{
      {x, [&](const Tensor& t) { return t + linear(relu(linear(t, w1)), w2); }},
      {images, [&](const Tensor& t) { return t + conv2d(relu(conv2d(t, k1, none, 1, 1)), k2, none, 1, 1); }}};
  for (const auto& [input, f] : functions) {
    const int64_t plain = calls_of_backward(f(input).sum());
    CHECK(calls_of_backward(checkpoint(f, input).sum()) == plain + 1);
    CHECK(calls_of_backward(checkpoint(autograd::CheckpointOptions{.early_stop = false}, f, input).sum()) == plain + 2);
  }
}

TEST_CASE("a checkpoint that ends in a layer norm does not compute it again", "[autograd][checkpoint]") {
  struct Calls final : EventListener {
    int64_t count = 0;
    void call_begins(const SlotCall& call) override { count += std::string_view(call.slot.name) == "layer_norm"; }
  };
  const Tensor x = randn({3, 4}).requires_grad_(), w = randn({4}).requires_grad_(), b = zeros({4}).requires_grad_();
  const auto f = [&](const Tensor& t) { return layer_norm(t + sin(layer_norm(t, {4})), {4}, w, b); };
  const Tensor loss = square(checkpoint(f, x)).sum();
  Calls calls;
  {
    const Listening listening(calls);
    loss.backward();
  }
  CHECK(calls.count == 1);
  const Tensor grad = x.grad();
  x.set_grad({});
  square(f(x)).sum().backward();
  CHECK(equal(x.grad(), grad));
}

TEST_CASE("a checkpoint keeps little of its end, before which computing again stops", "[autograd][checkpoint]") {
  manual_seed(8);
  const auto wide = [](int64_t from, int64_t to) { return (randn({to, from}) * 0.3).requires_grad_(); };
  const Tensor up = wide(8, 64), down = wide(64, 8), x = randn({6, 8}).requires_grad_();
  const auto normed = [&](const Tensor& t) { return layer_norm(t + dropout(linear(gelu(linear(t, up)), down), 0.5), {8}); };
  const auto ends_in_result = [&](const Tensor& t) { return tanh(linear(gelu(linear(t, up)), down)); };
  struct Products : EventListener {
    int count = 0;
    void call_begins(const SlotCall& call) override { count += std::string_view(call.slot.name) == "matmul"; }
  };
  const auto gradients_of = [&](const auto& f, int& products) {
    manual_seed(9);
    for (Tensor t : {up, down, x}) t.set_grad({});
    Tensor loss = (f(x) * arange(8)).square().sum();
    Products seen;
    {
      const Listening listening(seen);
      loss.backward();
    }
    products = seen.count;
    return std::vector<Tensor>{up.grad(), down.grad(), x.grad()};
  };
  const auto part = [&](const auto& f, double keep_last) {
    return [&f, keep_last](const Tensor& t) { return checkpoint(autograd::CheckpointOptions{.keep_last = keep_last}, f, t); };
  };
  int plain = 0, inputs_only = 0, with_last = 0;
  const auto expected = gradients_of(normed, plain);
  CHECK(same(expected, gradients_of(part(normed, 0), inputs_only)));
  CHECK(same(expected, gradients_of(part(normed, 1.25), with_last)));
  CHECK(inputs_only == plain + 2);
  CHECK(with_last == plain + 1);
  CHECK(same(expected, gradients_of(part(normed, std::numeric_limits<double>::infinity()), with_last)));  // all of it is not kept
  CHECK(with_last == inputs_only);

  // What was kept and then written over is computed again.
  const auto doubled = gradients_of([&](const Tensor& t) { return ends_in_result(t) * 2; }, plain);
  const auto in_place = gradients_of(
      [&](const Tensor& t) {
        Tensor y = part(ends_in_result, 1.25)(t);
        return y.mul_(2);
      },
      with_last);
  CHECK(same(doubled, in_place));
}

TEST_CASE("a checkpoint recomputes under the autocast of its forward", "[autograd][checkpoint][amp]") {
  Tensor x = randn({3, 4}), w = randn({5, 4}).requires_grad_();
  std::vector<DType> seen;
  Tensor loss;
  {
    amp::autocast guard(kCPU, kBFloat16);
    loss = checkpoint(
               [&](const Tensor& t) {
                 Tensor y = linear(t, w);
                 seen.push_back(y.dtype());
                 return square(y);
               },
               x)
               .to(kFloat32)
               .sum();
  }
  loss.backward();
  CHECK(seen == std::vector{kBFloat16, kBFloat16});
  CHECK(w.grad().dtype() == kFloat32);
}

TEST_CASE("a function that is another the second time, or an input that was changed, is an Error", "[autograd][checkpoint]") {
  Tensor x = tensor({2.0}).requires_grad_();
  int calls = 0;
  Tensor y = checkpoint([&](const Tensor& t) { return ++calls == 1 ? t * t : t + 1; }, x);
  CHECK(says(error_of([&] { y.backward(); }),
             "checkpoint: argument 'fn': expected a function that saves the same tensors when it is computed again, got 0 of 2"));
  Tensor h = x * 1.0;
  Tensor z = checkpoint([](const Tensor& t) { return t * t; }, h);
  {
    no_grad guard;
    h.mul_(2);
  }
  CHECK(says(error_of([&] { z.backward(); }), "has been modified by an in-place operation"));
}

TEST_CASE("checkpoint_sequential cuts a Sequential into parts", "[autograd][checkpoint]") {
  manual_seed(2);
  nn::Sequential net{nn::Linear(4, 16), nn::GELU(), nn::Linear(16, 16), nn::GELU(), nn::Linear(16, 2)};
  Tensor x = randn({3, 4});
  auto plain = gradients(net, [&] { return square(net(x)).sum(); });
  for (int64_t segments : {1, 2, 3, 5, 9}) CHECK(same(plain, gradients(net, [&] { return square(checkpoint_sequential(net, segments, x)).sum(); })));
  std::vector<std::function<Tensor(const Tensor&)>> functions{[](const Tensor& t) { return sin(t); }, [](const Tensor& t) { return exp(t); }};
  CHECK(equal(checkpoint_sequential(functions, 2, x), exp(sin(x))));
}

TEST_CASE("a memory budget keeps what has room and drops the rest, with the same numbers", "[autograd][checkpoint]") {
  manual_seed(2);
  nn::Sequential net;
  for (int i = 0; i < 16; ++i) {
    net.push_back(nn::Linear(64, 64));
    net.push_back(nn::GELU());
  }
  Tensor x = randn({256, 64}).requires_grad_();
  auto plain = gradients(net, [&] { return square(net(x)).sum(); });
  const int64_t all = [&] {
    autograd::with_memory_budget(int64_t(1) << 40, [&] { return net(x); });
    return autograd::memory_budget_report().kept_bytes;
  }();
  CHECK(all == 0);  // its graph is gone
  int64_t whole = 0;
  for (int64_t percent : {100, 60, 30, 0}) {
    auto report = autograd::MemoryBudgetReport();
    auto grads = gradients(net, [&] {
      Tensor y = autograd::with_memory_budget(percent == 100 ? int64_t(1) << 40 : whole * percent / 100, [&] { return net(x); });
      report = autograd::memory_budget_report();
      return square(y).sum();
    });
    if (percent == 100) whole = report.kept_bytes;
    CHECK(same(plain, grads));
    CHECK(report.parts == 8);
    if (percent) {
      CHECK(report.kept_bytes <= whole * percent / 100);
      CHECK(report.kept_bytes >= whole * (percent - 15) / 100);
    } else {
      CHECK(report.dropped == report.parts);
    }
    CHECK((report.dropped == 0) == (percent == 100));
    CHECK(autograd::memory_budget_report().kept_bytes == 0);
  }
  CHECK(whole > 0);
  CHECK_FALSE(autograd::has_memory_budget());
}

TEST_CASE("a transformer of 24 layers trains in less than half of the memory, with the same numbers", "[autograd][checkpoint]") {
  manual_seed(4);
  nn::TransformerEncoder encoder(nn::TransformerEncoderLayer(16, 2, {.dim_feedforward = 64, .dropout = 0.1}), 24);
  Tensor x = randn({32, 8, 16});
  auto peak_of = [&](const std::function<Tensor()>& forward, std::vector<Tensor>& grads) {
    encoder.zero_grad();
    manual_seed(7);
    const int64_t before = memory_stats(kCPU).allocated;
    reset_peak_memory_stats(kCPU);
    square(forward()).sum().backward();
    for (const Tensor& p : encoder.parameters()) grads.push_back(p.grad());
    return memory_stats(kCPU).peak_allocated - before;
  };
  std::vector<Tensor> plain_grads, grads;
  const int64_t plain = peak_of([&] { return encoder(x); }, plain_grads);
  const int64_t little = peak_of([&] { return with_memory_budget(0, [&] { return encoder(x); }); }, grads);
  CHECK(same(plain_grads, grads));
  CHECK(little < plain / 2);
}

TEST_CASE("a transformer of 24 layers in less than half of its memory takes at most 35 % more time", "[timed]") {
  manual_seed(4);
  nn::TransformerEncoder encoder(nn::TransformerEncoderLayer(64, 4, {.dim_feedforward = 256, .dropout = 0.1}), 24);
  const Tensor x = randn({32, 8, 64});
  const ThreadLimit one(1);
  struct Run {
    int64_t peak = 0;
    std::clock_t time = std::numeric_limits<std::clock_t>::max();  // of the processor, the best of some
    void again(nn::Module& net, const std::function<Tensor()>& forward) {
      net.zero_grad();
      const int64_t before = memory_stats(kCPU).allocated;
      reset_peak_memory_stats(kCPU);
      const std::clock_t start = std::clock();
      square(forward()).sum().backward();
      time = std::min(time, std::clock() - start);
      peak = memory_stats(kCPU).peak_allocated - before;
    }
  } plain, within;
  for (int i = 0; i < 8; ++i) {
    plain.again(encoder, [&] { return encoder(x); });
    within.again(encoder, [&] { return with_memory_budget(plain.peak * 2 / 5, [&] { return encoder(x); }); });
  }
  INFO(double(within.time) / double(plain.time) << " of the time, " << double(within.peak) / double(plain.peak) << " of the memory");
  CHECK(within.peak < plain.peak / 2);
  CHECK(double(within.time) < 1.35 * double(plain.time));
}

TEST_CASE("a memory budget keeps its promise: what a forward leaves in memory is the budget to 10 %, at any of three", "[autograd][checkpoint]") {
  manual_seed(4);
  nn::TransformerEncoder encoder(nn::TransformerEncoderLayer(16, 2, {.dim_feedforward = 64, .dropout = 0}), 24);
  Tensor x = randn({32, 8, 16});
  auto left_by = [&](int64_t budget, std::vector<Tensor>& grads) {
    encoder.zero_grad();
    const int64_t before = memory_stats(kCPU).allocated;
    Tensor y = with_memory_budget(budget, [&] { return encoder(x); });
    const int64_t left = memory_stats(kCPU).allocated - before;
    square(y).sum().backward();
    for (const Tensor& p : encoder.parameters()) grads.push_back(p.grad());
    return left;
  };
  std::vector<Tensor> plain;
  const int64_t whole = left_by(int64_t(1) << 40, plain);
  for (int64_t percent : {75, 50, 25}) {
    INFO(percent);
    std::vector<Tensor> grads;
    const double left = double(left_by(whole * percent / 100, grads)), budget = double(whole * percent) / 100;
    CHECK(left < 1.1 * budget);
    CHECK(left > 0.9 * budget);
    CHECK(same(plain, grads));
  }
}
