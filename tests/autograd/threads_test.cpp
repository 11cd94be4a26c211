#include <cmath>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/checkpoint.h"
#include "lazuli/core/error.h"
#include "lazuli/core/profiler/profiler.h"
#include "lazuli/func.h"
#include "lazuli/lazuli.h"
#include "tests/autograd/leaf.h"
#include "tests/catch.h"

using namespace lazuli;
using lazuli::test::leaf;

namespace {

constexpr int kThreads = 8;

// `f(i)` in kThreads threads, which begin together; the first exception comes out here.
template <class F>
void together(F f) {
  std::atomic<int> waiting{kThreads};
  std::exception_ptr thrown;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      for (--waiting; waiting > 0;) std::this_thread::yield();
      try {
        f(i);
      } catch (...) {
        std::lock_guard lock(mutex);
        if (!thrown) thrown = std::current_exception();
      }
    });
  for (std::thread& t : threads) t.join();
  if (thrown) std::rethrow_exception(thrown);
}

// Lets one thread wait for another, but not forever.
class Signal {
 public:
  void give() {
    std::lock_guard lock(mutex_);
    given_ = true;
    changed_.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return given_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool given_ = false;
};

}  // namespace

TEST_CASE("backwards in several threads add up exactly in leaves that they share", "[autograd][threads]") {
  Tensor a = leaf({1, 2, 3}), b = leaf({2});
  constexpr int kSteps = 100;
  together([&](int i) {
    for (int step = 0; step < kSteps; ++step) (a * b * Scalar(i + 1)).sum().backward();
  });
  double factor = kSteps * (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8);
  CHECK(a.grad().to_vector<double>() == std::vector<double>(3, factor * 2));
  CHECK(b.grad().item<double>() == factor * 6);
}

TEST_CASE("the first use of a leaf by several threads at once loses nothing", "[autograd][threads]") {
  for (int round = 0; round < 200; ++round) {
    Tensor w = leaf({1});
    std::atomic<int> hooks{0};
    together([&](int i) {
      if (i % 2) register_hook(w, [&](const Tensor&) { return ++hooks, Tensor(); });
      (w * Scalar(3)).backward();
    });
    REQUIRE(w.grad().item<double>() == 3 * kThreads);
    hooks = 0;
    w.backward(ones({1}, kFloat64));
    REQUIRE(hooks == kThreads / 2);
  }
}

TEST_CASE("backwards at once through one graph are right, and leave it usable", "[autograd][threads]") {
  Tensor x = leaf({2, 3});
  Tensor y = x * x, inner = y.exp(), z = (inner * y).sum() + y.sum();
  std::vector<double> expected = autograd::grad({z}, {x}, {.retain_graph = true})[0].to_vector<double>();
  together([&](int i) {
    for (int step = 0; step < 50; ++step) {
      if (i % 2) {
        if (autograd::grad({z}, {x}, {.retain_graph = true})[0].to_vector<double>() != expected) throw std::runtime_error("another gradient");
      } else {
        z.backward({.retain_graph = true});
      }
    }
  });
  std::vector<double> got = x.grad().to_vector<double>();
  for (size_t i = 0; i < 2; ++i) CHECK(got[i] == Approx(expected[i] * 50 * kThreads / 2));
  CHECK(autograd::grad({z}, {x})[0].to_vector<double>() == expected);
}

TEST_CASE("backwards at once that free their graph end right or in an Error, never otherwise", "[autograd][threads]") {
  for (int round = 0; round < 100; ++round) {
    Tensor x = leaf({2});
    Tensor z = (x.exp() * x).sum();
    double expected = (1 + 2) * std::exp(2.0);
    std::atomic<int> right{0}, refused{0};
    together([&](int) {
      try {
        right += std::abs(autograd::grad({z}, {x})[0].item<double>() - expected) < 1e-9;
      } catch (const Error& e) { refused += std::string(e.what()).find("retain_graph") != std::string::npos; }
    });
    REQUIRE(right + refused == kThreads);
    REQUIRE(right > 0);
  }
}

TEST_CASE("a hook may wait for another thread's backward, through the same leaf and the same graph too", "[autograd][threads]") {
  Tensor x = leaf({3});
  Tensor y = x * x;
  std::atomic<bool> waited{false};
  bool done = false;
  register_hook(x, [&](const Tensor&) {
    if (waited.exchange(true)) return Tensor();  // the other thread's hook
    Signal finished;
    std::thread other([&] {
      autograd::grad({y.sum()}, {x}, {.retain_graph = true});
      (x * Scalar(10)).sum().backward();
      finished.give();
    });
    done = finished.wait();
    other.join();
    return Tensor();
  });
  y.sum().backward({.retain_graph = true});
  CHECK(done);
  CHECK(x.grad().item<double>() == 16);
}

TEST_CASE("hooks are added and removed while other threads run them", "[autograd][threads]") {
  Tensor x = leaf({1});
  Tensor y = x * Scalar(2);
  std::atomic<int> calls{0};
  together([&](int i) {
    for (int step = 0; step < 50; ++step) {
      RemovableHandle on_leaf = register_hook(x, [&](const Tensor&) { return ++calls, Tensor(); });
      RemovableHandle on_result = register_hook(y, [&](const Tensor&) { return ++calls, Tensor(); });
      RemovableHandle after = register_post_accumulate_grad_hook(x, [&](const Tensor&) { ++calls; });
      if (i % 2) y.backward({.retain_graph = true});
      on_leaf.remove();
      on_result.remove();
      after.remove();
    }
  });
  CHECK(x.grad().item<double>() == 2 * 50 * kThreads / 2);
  CHECK(calls >= 3 * 50 * kThreads / 2);
  calls = 0;
  y.backward();
  CHECK(calls == 0);
}

TEST_CASE("modes are each thread's own", "[autograd][threads]") {
  no_grad here;
  Tensor x = leaf({2});
  together([&](int i) {
    if (!is_grad_enabled() || is_inference_mode_enabled()) throw std::runtime_error("a mode of another thread");
    for (int step = 0; step < 50; ++step) {
      if (i % 3 == 0) {
        no_grad guard;
        if ((x * x).requires_grad()) throw std::runtime_error("recorded in no_grad");
      } else if (i % 3 == 1) {
        inference_mode guard;
        if ((x * x).requires_grad()) throw std::runtime_error("recorded in inference mode");
      } else {
        if (!(x * x).requires_grad()) throw std::runtime_error("not recorded");
      }
    }
  });
  CHECK_FALSE((x * x).requires_grad());
}

TEST_CASE("a view whose base was written is used by several threads at once", "[autograd][threads]") {
  for (int round = 0; round < 50; ++round) {
    Tensor w = leaf({5}), base = zeros({4}, kFloat64), view = base.narrow(0, 1, 2);
    base.add_(w);
    together([&](int) { (view * Scalar(2)).sum().backward(); });
    REQUIRE(w.grad().item<double>() == 4 * kThreads);
  }
}

TEST_CASE("a graph made in one thread runs and is freed in another", "[autograd][threads]") {
  Tensor x = leaf({1});
  Tensor y = x;
  std::thread([&] {
    for (int i = 0; i < 1000; ++i) y = y + x;
  }).join();
  std::thread([y = std::move(y)]() mutable {
    y.backward();
    y = Tensor();
  }).join();
  CHECK(x.grad().item<double>() == 1001);
}

TEST_CASE("a model is trained by several threads that share its parameters", "[autograd][threads]") {
  manual_seed(0);
  nn::Sequential model{nn::Linear(4, 8), nn::ReLU(), nn::Linear(8, 2)};
  Tensor x = ones({3, 4});
  model(x).sum().backward();
  std::vector<std::vector<float>> once;
  for (const Tensor& p : model.parameters()) once.push_back(p.grad().to_vector<float>());
  model.zero_grad();
  together([&](int) { model(x).sum().backward(); });
  size_t k = 0;
  for (const Tensor& p : model.parameters()) {
    std::vector<float> sum = p.grad().to_vector<float>();
    for (size_t i = 0; i < sum.size(); ++i) CHECK(sum[i] == Approx(once[k][i] * kThreads));
    ++k;
  }
}

TEST_CASE("threads share leaves while hooks, autocast, profiles and checkpoints are at work in all of them", "[autograd][threads]") {
  manual_seed(0);
  nn::Linear first(4, 8), second(8, 2);
  const Tensor x = ones({3, 4});
  std::atomic<int> seen{0};
  RemovableHandle hook = register_hook(first.weight, [&](const Tensor&) { return ++seen, Tensor(); });
  RemovableHandle after = register_post_accumulate_grad_hook(second.weight, [&](const Tensor&) { ++seen; });
  constexpr int kSteps = 10;
  together([&](int i) {
    std::optional<profiler::profile> profile;
    if (i % 2) profile.emplace(profiler::ProfileOptions{.record_shapes = true, .profile_memory = true});
    for (int step = 0; step < kSteps; ++step) {
      std::optional<amp::autocast> lower;
      if (i % 4 < 2) lower.emplace(kCPU, kBFloat16);
      const Tensor hidden = checkpoint([&](const Tensor& t) { return relu(first(t)); }, x);
      const Tensor out = autograd::with_memory_budget(step % 2 ? 0 : 1 << 20, [&] { return checkpoint(second, hidden); });
      lower.reset();
      out.to(kFloat32).sum().backward();
    }
    if (!profile) return;
    profile->stop();
    const auto averages = profile->key_averages();
    const auto* matmul = averages.find("matmul");
    if (!matmul || matmul->count < 3 * kSteps) throw std::runtime_error("a profile without its thread's products");
  });
  CHECK(seen == 2 * kSteps * kThreads);
  CHECK(second.bias.grad().to_vector<float>() == std::vector<float>(2, 3.0f * kSteps * kThreads));
}

TEST_CASE("threads take part in one profile while each takes per-sample gradients of shared parameters", "[autograd][threads]") {
  manual_seed(0);
  const std::vector<Tensor> parameters{randn({8, 4}), randn({8}), randn({2, 8})};
  const Tensor x = randn({5, 3, 4});
  const auto loss = [](const std::vector<Tensor>& p, const Tensor& t) {
    return linear(tanh(layer_norm(linear(t, p[0], p[1]), {8}, p[1])), p[2]).square().sum();
  };
  const auto of_each = vmap(func::grad(loss), {none, 0});
  const std::vector<Tensor> expected = of_each(parameters, x);
  profiler::profile profile;
  together([&, handle = profiler::current_profile()](int i) {
    const profiler::on_this_thread here(handle);
    for (int step = 0; step < 10; ++step) {
      profiler::record_function region("thread " + std::to_string(i));
      const std::vector<Tensor> got = of_each(parameters, x);
      for (size_t k = 0; k < expected.size(); ++k)
        if (!equal(got[k], expected[k])) throw std::runtime_error("another gradient");
    }
  });
  profile.stop();
  const auto averages = profile.key_averages();
  for (int i = 0; i < kThreads; ++i) {
    const auto* region = averages.find("thread " + std::to_string(i));
    REQUIRE(region);
    CHECK(region->count == 10);
  }
}
