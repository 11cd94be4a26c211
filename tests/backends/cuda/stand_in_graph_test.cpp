// Recorded steps as CUDA graphs, against the stand-in driver with kernels that the host's compiler has made (stand_in/kernels.cpp); and the same against one of before there were graphs. Elsewhere
// these cases do nothing.
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "lazuli/core/profiler/profiler.h"
#include "lazuli/core/threads/stream.h"
#include "lazuli/lazuli.h"
#include "lazuli/record/record.h"
#include "tests/backends/cuda/stand_in/control.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

const Device kDevice(DeviceType::CUDA, 0);

struct StandIn {
  StandInControl* control = nullptr;
  bool graphs = false;
};
// Where kernels run.
const StandIn& stand_in() {
  static const StandIn found = [] {
    const char* wanted = std::getenv("LAZULI_STAND_IN");  // in tests for which it has to be there
    initialize_backends();
    StandIn s;
    void *driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL), *compiler = dlopen("libnvrtc.so.13", RTLD_NOW | RTLD_LOCAL);
    if (!driver || !compiler || !dlsym(compiler, "stand_in_nvrtc")) {
      REQUIRE(!wanted);
      return s;
    }
    s.control = static_cast<StandInControl*>(dlsym(driver, "stand_in_control"));
    s.graphs = dlsym(driver, "cuGraphLaunch");
    if (wanted) {
      REQUIRE(s.control);
      REQUIRE(s.graphs == (wanted == std::string_view("graphs")));
    }
    return s;
  }();
  return found;
}

// What the driver was asked for while `f` ran.
struct Asked {
  int kernels, graphs, updates, copies;
};
template <class F>
Asked asked(F&& f) {
  const StandInControl before = *stand_in().control;
  f();
  const StandInControl& now = *stand_in().control;
  return {now.launch.calls - before.launch.calls, now.graph_launches - before.graph_launches, now.graph_updates - before.graph_updates,
          now.copies - before.copies};
}

void require_equal(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    INFO("value " << i);
    REQUIRE(equal(a[i], b[i]));
  }
}

struct Net : nn::Module {
  nn::Child<nn::Linear> fc1{this, "fc1", 6, 16};
  nn::Child<nn::LayerNorm> norm{this, "norm", 16};
  nn::Child<nn::Dropout> drop{this, "drop", 0.25};
  nn::Child<nn::Linear> fc2{this, "fc2", 16, 3};
  Tensor forward(const Tensor& x) { return fc2(drop(relu(norm(fc1(x))))); }
};

struct Trained {
  std::vector<Tensor> seen;  // after each of 20 steps, on the CPU
  std::vector<Asked> asked;
  std::string text;
};
template <class Optimizer>
Trained trained(const RecordOptions* options, bool cut = false, const std::function<void(int)>& before_step = {}, Device device = kDevice) {
  manual_seed(2);
  Net net;
  net.to(device);
  Optimizer optimizer(net.parameters(), {.lr = 0.01});
  optim::ExponentialLR schedule(optimizer, 0.95);
  Trained result;
  const auto body = [&](const Tensor& x, const Tensor& y) {
    optimizer.zero_grad();
    const Tensor loss = cross_entropy(net(x), y);
    loss.backward();
    const Tensor norm = nn::utils::clip_grad_norm_(net.parameters(), 1.0);
    if (cut) record_cut([norm, &result] { result.seen.push_back(norm.cpu()); });
    optimizer.step();
    schedule.step();
    return loss.detach();
  };
  auto step = record(body, options ? *options : RecordOptions());
  for (int i = 0; i < 20; ++i) {
    manual_seed(uint64_t(60 + i));
    const Tensor x = randn({5, 6}).to(device), y = randint(3, {5}).to(device);
    if (before_step) before_step(i);
    Tensor loss;
    result.asked.push_back(asked([&] { loss = options ? step(x, y) : body(x, y); }));
    result.seen.push_back(loss.cpu());
    for (const Tensor& p : net.parameters()) {
      result.seen.push_back(p.detach().cpu().clone());
      result.seen.push_back(p.grad().cpu().clone());
    }
  }
  if (options) CHECK(step.replays() == 18);
  result.text = to_string(step);
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("cuda graph: replays are the steps themselves, by one launch", "[backends][cuda][standin][graph]", optim::SGD, optim::AdamW) {
  if (!stand_in().control) return;
  const Trained eager = trained<TestType>(nullptr), on_cpu = trained<TestType>(nullptr, false, {}, kCPU);
  for (size_t i = 0; i < eager.seen.size(); ++i) REQUIRE(allclose(eager.seen[i], on_cpu.seen[i], 1e-3, 1e-4));  // its kernels do their work
  for (bool reuse : {false, true})
    for (bool fuse : {false, true}) {
      INFO("reuse " << reuse << " fuse " << fuse);
      const RecordOptions by_list{.reuse_outputs = reuse, .fuse = fuse, .graphs = false}, by_graph{.reuse_outputs = reuse, .fuse = fuse};
      const Trained list = trained<TestType>(&by_list), graph = trained<TestType>(&by_graph);
      if (!fuse) require_equal(list.seen, eager.seen);
      require_equal(graph.seen, list.seen);
      CHECK(list.text.find("graph on") == std::string::npos);
      const Asked& last = graph.asked.back();
      if (!stand_in().graphs) {
        CHECK(last.kernels == list.asked.back().kernels);
        continue;
      }
      CHECK_THAT(graph.text, Contains("1 graph on cuda:0: "));
      CHECK(list.asked.back().kernels > 20);
      CHECK(last.kernels == 0);
      CHECK(last.graphs == 1);
      CHECK(last.copies == (reuse ? 2 : 3));  // two arguments, and the result
      CHECK(last.updates >= 7);               // dropout's place, and the rate for six parameters
      CHECK(last.updates <= 9);
    }
}

TEST_CASE("cuda graph: numbers that stay as they are cost nothing", "[backends][cuda][standin][graph]") {
  if (!stand_in().control || !stand_in().graphs) return;
  const Tensor w = randn({4, 4}).to(kDevice).requires_grad_();
  optim::SGD sgd({w}, {.lr = 0.1});
  auto step = record([&](const Tensor& x) {
    sgd.zero_grad();
    matmul(x, w).square().mean().backward();
    sgd.step();
  });
  for (int i = 0; i < 6; ++i) step(randn({3, 4}).to(kDevice));
  const Tensor x = randn({3, 4}).to(kDevice);
  CHECK(asked([&] { step(x); }).updates == 0);
  sgd.set_lr(0.05);
  CHECK(asked([&] { step(x); }).updates == 1);
  CHECK(asked([&] { step(x); }).updates == 0);
}

TEST_CASE("cuda graph: a cut lies between two graphs", "[backends][cuda][standin][graph]") {
  if (!stand_in().control) return;
  const RecordOptions by_list{.graphs = false}, by_graph{};
  const Trained list = trained<optim::AdamW>(&by_list, true), graph = trained<optim::AdamW>(&by_graph, true);
  require_equal(graph.seen, list.seen);
  if (!stand_in().graphs) return;
  CHECK_THAT(graph.text, Contains("2 graphs on cuda:0: "));
  CHECK(graph.asked.back().graphs == 2);
  CHECK(graph.asked.back().kernels == 0);
}

TEST_CASE("cuda graph: a driver that refuses leaves the list, and the streams as they were", "[backends][cuda][standin][graph]") {
  if (!stand_in().control || !stand_in().graphs) return;
  StandInControl& control = *stand_in().control;
  const RecordOptions by_list{.graphs = false}, by_graph{};
  const Trained list = trained<optim::AdamW>(&by_list);
  const int graphs = control.graphs, executables = control.graph_executables;

  control.refuse_graphs = true;
  Trained other = trained<optim::AdamW>(&by_graph);
  control.refuse_graphs = false;
  require_equal(other.seen, list.seen);
  CHECK_THAT(other.text, Contains("no graph: ") && Contains("the begin of a graph"));
  CHECK(other.asked.back().kernels == list.asked.back().kernels);

  control.fail_instantiation = true;
  other = trained<optim::AdamW>(&by_graph);
  control.fail_instantiation = false;
  require_equal(other.seen, list.seen);
  CHECK_THAT(other.text, Contains("no graph: "));

  for (int kernel : {1, 5, 20}) {  // one kernel is refused in the middle: it runs between two graphs from then on
    other = trained<optim::AdamW>(&by_graph, false, [&](int i) {
      if (i == 4) control.fail_kernel_in_graph = kernel;
    });
    require_equal(other.seen, list.seen);
    CHECK(control.fail_kernel_in_graph == 0);
    CHECK_THAT(other.text, Contains(kernel == 1 ? "1 graph on cuda:0" : "2 graphs on cuda:0"));
    CHECK(other.asked.back().kernels >= 1);
    CHECK(other.asked.back().kernels <= 2);
  }
  for (int update : {1, 4}) {
    other = trained<optim::AdamW>(&by_graph, false, [&](int i) {
      if (i == 10) control.fail_update = update;
    });
    require_equal(other.seen, list.seen);
    CHECK(control.fail_update == 0);
    CHECK(other.asked.back().graphs >= 1);
  }
  CHECK(control.graphs == graphs);
  CHECK(control.graph_executables == executables);
  CHECK(equal((ones({3}).to(kDevice) + 1).cpu(), full({3}, 2.0)));
}

TEST_CASE("cuda graph: arguments of other places, and results that are parts of them", "[backends][cuda][standin][graph]") {
  if (!stand_in().control) return;
  auto step = record([&](const Tensor& x) { return std::tuple{(x * 2 + 1).sum(1), x.slice(0, 1), x.t().matmul(x)}; });
  const Tensor all = randn({10, 3});
  const Tensor there = all.to(kDevice);
  std::vector<Tensor> kept, expected;
  for (int i = 0; i < 7; ++i) {
    const Tensor x = there.slice(0, i, i + 4), host = all.slice(0, i, i + 4);
    const auto [sums, rest, product] = step(x);
    CHECK(rest.address() == x.slice(0, 1).address());
    kept.push_back(sums);  // of this call, whatever comes after it
    expected.push_back((host * 2 + 1).sum(1));
    CHECK(allclose(product.cpu(), host.t().matmul(host), 1e-5, 1e-5));
  }
  for (size_t i = 0; i < kept.size(); ++i) CHECK(allclose(kept[i].cpu(), expected[i], 1e-5, 1e-5));
  if (stand_in().graphs) CHECK_THAT(to_string(step), Contains("1 graph on cuda:0"));
}

TEST_CASE("cuda graph: arguments that the step writes, itself or as what it holds, are the list's", "[backends][cuda][standin][graph]") {
  if (!stand_in().control) return;
  Tensor held = zeros({4}).to(kDevice);
  auto adds = record([&](const Tensor& x) {
    held.add_(1.0);
    return x * 2 + 1;
  });
  Tensor other = ones({4}).to(kDevice);
  for (int i = 0; i < 8; ++i) { CHECK(equal(adds(held).cpu(), full({4}, 2.0 * (i + 1) + 1))); }
  auto writes = record([&](Tensor x) {
    x.add_(1.0);
    return x * 2 + 1;
  });
  for (int i = 0; i < 6; ++i) CHECK(equal(writes(other).cpu(), full({4}, 2.0 * (i + 2) + 1)));
  CHECK(equal(other.cpu(), full({4}, 7.0)));
  if (stand_in().graphs) CHECK_THAT(to_string(writes), Contains("no graph: the step writes to its arguments"));
}

TEST_CASE("cuda graph: who listens sees the calls of the list", "[backends][cuda][standin][graph]") {
  if (!stand_in().control || !stand_in().graphs) return;
  auto step = record([&](const Tensor& x) { return ((x + 1) * 2).exp().sum(); });
  const Tensor x = randn({5}).to(kDevice);
  for (int i = 0; i < 5; ++i) step(x);
  CHECK(asked([&] { step(x); }).graphs == 1);
  struct Counts : EventListener {
    int calls = 0;
    void call_begins(const SlotCall&) override { ++calls; }
  } counts;
  {
    const Listening listening(counts);
    const Asked of_list = asked([&] { step(x); });
    CHECK(of_list.graphs == 0);
    CHECK(of_list.kernels >= 1);
  }
  CHECK(counts.calls >= 1);
  CHECK(asked([&] { step(x); }).graphs == 1);
}

TEST_CASE("cuda graph: a bad index in a graph is an Error at the next wait", "[backends][cuda][standin][graph]") {
  if (!stand_in().control) return;
  const Tensor table = randn({5, 3}).to(kDevice);
  auto step = record([&](const Tensor& at) { return embedding(at, table) * 2 + 1; });
  const Tensor good = tensor({0, 4, 2}, kInt64).to(kDevice), bad = tensor({0, 5, 2}, kInt64).to(kDevice);
  for (int i = 0; i < 5; ++i) step(good);
  synchronize(kDevice);
  std::string text;
  const Asked of_step = asked([&] {
    text = error_of([&] {
      step(bad);
      synchronize(kDevice);
    });
  });
  if (stand_in().graphs) CHECK(of_step.graphs == 1);
  CHECK(says(text, "index"));
  CHECK(says(text, "5"));
  step(good);
  CHECK_NOTHROW(synchronize(kDevice));
}

TEST_CASE("cuda graph: it is launched on the current stream, and made again after a setting changes", "[backends][cuda][standin][graph]") {
  if (!stand_in().control || !stand_in().graphs) return;
  const Tensor w = randn({4, 4}).to(kDevice);
  auto step = record([&](const Tensor& x) { return matmul(x, w).exp() + 1; });
  const Tensor x = randn({2, 4}).to(kDevice);
  const Tensor expected = step(x).cpu();
  const Stream side(kDevice);
  const StreamGuard guard(side);
  for (int i = 0; i < 6; ++i) CHECK(equal(step(x).cpu(), expected));
  CHECK(asked([&] { step(x); }).graphs == 1);
  {
    const MatmulPrecisionGuard precision("high");
    CHECK(asked([&] { step(x); }).graphs == 0);
    CHECK(asked([&] { step(x); }).graphs == 1);
  }
  CHECK(asked([&] { step(x); }).graphs == 0);
  CHECK(equal(step(x).cpu(), expected));
}

TEST_CASE("cuda graph: convolutions with memory to work in", "[backends][cuda][standin][graph]") {
  if (!stand_in().control) return;
  auto* cudnn = static_cast<StandInCudnn*>(dlsym(dlopen("libcudnn.so.9", RTLD_NOW | RTLD_LOCAL), "stand_in_cudnn"));
  REQUIRE(cudnn);
  manual_seed(10);
  cudnn->workspace = 5000;
  const Tensor w = randn({4, 3, 3, 3}), dw = w.to(kDevice);
  auto step = record([&](const Tensor& x) { return relu(conv2d(relu(conv2d(x, dw, {.padding = 1}).slice(1, 0, 3)), dw, {.padding = 1})); });
  for (int turn = 0; turn < 8; ++turn) {
    const Tensor x = randn({2, 3, 8, 7}), there = x.to(kDevice);
    Tensor out;
    const Asked of_step = asked([&] { out = step(there); });
    const Tensor noise = randn({4000}).to(kDevice);  // takes what memory is free, if it is
    CHECK(allclose(out.cpu(), relu(conv2d(relu(conv2d(x, w, {.padding = 1}).slice(1, 0, 3)), w, {.padding = 1})), 1e-4, 1e-4));
    if (turn > 5 && stand_in().graphs) CHECK((of_step.graphs == 1 && of_step.kernels == 0));
  }
  cudnn->workspace = 0;
}

TEST_CASE("cuda graph: other threads' work is theirs, and they may wait for the device while one is captured", "[backends][cuda][standin][graph]") {
  if (!stand_in().control) return;
  const RecordOptions by_list{.graphs = false}, by_graph{};
  const Trained list = trained<optim::SGD>(&by_list);
  std::atomic<bool> ends{false}, right{true};
  std::atomic<int> turns{0};
  std::thread other([&] {
    for (int turn = 0; !ends; ++turn) {
      const Tensor x = full({3}, double(turn)).to(kDevice) + 1;
      synchronize(kDevice);
      if (!equal(x.cpu(), full({3}, turn + 1.0))) right = false;
      ++turns;
    }
  });
  for (int k = 0; k < 5; ++k) {
    const Trained graph = trained<optim::SGD>(&by_graph);
    require_equal(graph.seen, list.seen);
    if (stand_in().graphs) CHECK_THAT(graph.text, Contains("1 graph on cuda:0"));
  }
  ends = true;
  other.join();
  CHECK(turns > 0);
  CHECK(right);
}
