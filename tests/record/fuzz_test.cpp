// Recorded steps under what programs do by accident: shapes that change from call to call, hooks that throw, several threads that record at once.
#include <atomic>
#include <cstring>
#include <random>
#include <thread>

#include "lazuli/lazuli.h"
#include "lazuli/record/record.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {

bool same_bits(const Tensor& a, const Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  const Tensor x = a.contiguous(), y = b.contiguous();
  return x.sizes() == y.sizes() && x.dtype() == y.dtype() && std::memcmp(x.const_data_ptr(), y.const_data_ptr(), size_t(x.nbytes())) == 0;
}

struct Net : nn::Module {
  nn::Child<nn::Conv1d> in{this, "in", 3, 4, 3, nn::ConvOptions{.padding = 1}};
  nn::Child<nn::BatchNorm1d> norm{this, "norm", 4};
  nn::Child<nn::Dropout> drop{this, "drop", 0.2};
  nn::Child<nn::Linear> out{this, "out", 4, 2};
  Tensor forward(const Tensor& x) { return out(drop(gelu(norm(in(x)))).mean(2)); }
};

struct Training {
  Net net;
  optim::Adam adam{net.parameters(), {.lr = 1e-2}};
  Tensor operator()(const Tensor& x, const Tensor& y) {
    adam.zero_grad();
    Tensor loss = cross_entropy(net(x), y);
    loss.backward();
    adam.step();
    return loss.detach();
  }
};

void same_state(Training& a, Training& b) {
  const auto x = a.net.state_dict(), y = b.net.state_dict();
  REQUIRE(x.size() == y.size());
  auto other = y.begin();
  for (const auto& [name, t] : x) {
    INFO(name);
    REQUIRE(same_bits((other++)->second, t));
  }
  for (size_t k = 0; k < a.net.parameters().size(); ++k) REQUIRE(same_bits(a.net.parameters()[k].grad(), b.net.parameters()[k].grad()));
}

}  // namespace

TEST_CASE("shapes, strides, dtypes and modes may change from call to call", "[record]") {
  std::mt19937 random(7);
  const auto below = [&](int n) { return int(random() % unsigned(n)); };
  for (const bool fuse : {true, false}) {
    manual_seed(1);
    Training eager, body;
    body.net.load_state_dict(eager.net.state_dict());
    auto step = record(body, {.fuse = fuse, .signatures = 3});
    for (int i = 0; i < 90; ++i) {
      INFO("call " << i << " " << step.why());
      const int64_t n = 2 + below(2), length = 4 + below(2);
      Tensor x = below(2) ? randn({n, 3, length}) : randn({n, length, 3}).transpose(1, 2);
      const Tensor y = randint(2, {n});
      const bool trains = below(5) > 0;
      eager.net.train(trains);
      body.net.train(trains);
      manual_seed(uint64_t(i));
      const Tensor expected = eager(x, y);
      manual_seed(uint64_t(i));
      REQUIRE(same_bits(step(x, y), expected));
      same_state(eager, body);
    }
    CHECK(step.signatures() <= 3);
    CHECK(step.replays() > 0);
    CHECK(step.replays() + step.recordings() == 90);
  }
}

TEST_CASE("a hook that throws at any call leaves no half recording", "[record]") {
  std::mt19937 random(3);
  manual_seed(1);
  Training eager, body;
  body.net.load_state_dict(eager.net.state_dict());
  bool throws = false;
  const auto hook = [&](const Tensor& g) {
    if (throws) throw std::runtime_error("from the hook");
    return g * 2;
  };
  std::vector<RemovableHandle> hooks;
  for (Training* t : {&eager, &body}) {
    hooks.push_back(t->net.out->weight.register_hook(hook));
    hooks.push_back(t->net.in->weight.register_hook(hook));
  }
  auto step = record(body);
  for (int i = 0; i < 40; ++i) {
    INFO("call " << i);
    const Tensor x = randn({2 + int64_t(random() % 2), 3, 5}), y = randint(2, {x.size(0)});
    throws = random() % 3 == 0;
    const int64_t recorded = step.recordings(), signatures = step.signatures();
    bool threw = false;
    manual_seed(uint64_t(i));
    try {
      step(x, y);
    } catch (const std::runtime_error& e) {
      threw = true;
      CHECK(std::string(e.what()) == "from the hook");
      CHECK(step.signatures() == signatures);
      CHECK(step.recordings() == recorded + 1);
    }
    // A hook is code of the host: it runs while the step is recorded, and what it computes in replays.
    manual_seed(uint64_t(i));
    if (threw) {
      CHECK_THROWS(eager(x, y));
    } else {
      throws = false;
      eager(x, y);
    }
    same_state(eager, body);
  }
  CHECK(step.signatures() == 2);
  CHECK(step.replays() > 10);
}

TEST_CASE("threads record one callable and others at the same time", "[record]") {
  const Tensor w = randn({5, 5});
  auto shared = record([w](const Tensor& x) { return matmul(x, w).tanh().sum(0); });
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&, t] {
      Tensor v = full({5, 5}, 0.1 * (t + 1)).requires_grad_();
      auto own = record([v](const Tensor& x) {
        v.set_grad(Tensor());
        Tensor loss = matmul(x, v).square().sum();
        loss.backward();
        return loss.detach();
      });
      for (int i = 0; i < 30; ++i) {
        const Tensor x = full({1 + (i + t) % 3, 5}, 0.01 * (i + 1));
        wrong += !same_bits(shared(x), matmul(x, w).tanh().sum(0));
        wrong += !same_bits(own(x), matmul(x, v.detach()).square().sum());
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
  CHECK(shared.signatures() == 3);
  CHECK(shared.replays() + shared.recordings() == 90);
}
