#include "lazuli/core/profiler/profiler.h"

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/core/fake_backend.h"
#include "tests/errors.h"

using namespace lazuli;
using profiler::ProfilerAction;
using Kind = profiler::ProfilerEvent::Kind;

namespace {
struct Mlp : nn::Module {
  nn::Child<nn::Linear> fc1{this, "fc1", 32, 64};
  nn::Child<nn::Sequential> tail{this, "tail", nn::ReLU(), nn::Linear(64, 4)};
  Tensor forward(const Tensor& x) { return tail(fc1(x)); }
};
}  // namespace

TEST_CASE("a profile counts kernels, backwards, modules and regions, and their times add up", "[core][profiler]") {
  Mlp net;
  Tensor x = randn({16, 32}), y = randn({16, 4});
  auto step = [&] {
    profiler::record_function region("a step");
    mse_loss(net(x), y).backward();
  };
  step();
  profiler::profile p({.record_shapes = true, .profile_memory = true});
  const auto start = std::chrono::steady_clock::now();
  step();
  step();
  const double wall = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  p.stop();
  step();  // not recorded

  auto averages = p.key_averages();
  const auto *matmul = averages.find("matmul"), *backward = averages.find("linear backward"), *region = averages.find("a step");
  REQUIRE((matmul && backward && region));
  CHECK(region->count == 2);
  CHECK(backward->count == 4);
  CHECK(matmul->count == 4 + 2 * 3);  // forward; the gradients of both weights and of the second input
  CHECK(matmul->flops == 2 * 2.0 * 16 * (32 * 64 * 2 + 64 * 4 * 3));
  CHECK(region->cpu_time_total > wall * 0.9);
  CHECK(region->cpu_time_total < wall * 1.01);
  CHECK(region->self_cpu_time_total < region->cpu_time_total);
  double self = 0;
  for (const auto& e : p.events()) self += e.self;
  CHECK(self == Approx(region->cpu_time_total));  // all of it is in the region, and nothing counts twice

  auto modules = p.module_averages();
  const auto *root = modules.find("Mlp"), *first = modules.find("Mlp.fc1"), *last = modules.find("Mlp.tail.1");
  REQUIRE((root && first && last));
  CHECK(root->count == 2);
  CHECK(root->cpu_time_total >= first->cpu_time_total + last->cpu_time_total);
  CHECK(root->flops >= first->flops + last->flops);
  CHECK(root->gflops_per_second() == Approx(root->flops / root->cpu_time_total * 1e-3));
  bool backward_in_module = false, shapes = false;
  for (const auto& e : p.events()) {
    backward_in_module |= e.kind == Kind::Backward && e.module == "Mlp.fc1" && e.name == "linear backward";
    shapes |= e.name == "matmul" && e.shapes.find("float32[16, 64]") == 0;
  }
  CHECK(backward_in_module);
  CHECK(shapes);

  const std::string table = averages.table("self_cpu_time_total", 3);
  CHECK(says(table, "Self CPU %"));
  CHECK(says(table, "GFLOP/s"));
  CHECK(std::count(table.begin(), table.end(), '\n') == 2 + 3 + 1);
  CHECK(says(error_of([&] { averages.table("colour"); }), "table: argument 'sort_by'"));
  CHECK(p.key_averages(true).size() > averages.size());
  CHECK(table.find("% of peak") == std::string::npos);
}

TEST_CASE("a profile's trace is JSON that a viewer reads, and its stacks are lines with times", "[core][profiler]") {
  Mlp net;
  Tensor x = randn({16, 32});
  profiler::profile p;
  net(x).sum().backward();
  p.stop();
  auto trace = nlohmann::json::parse(p.chrome_trace());
  size_t complete = 0;
  for (const auto& e : trace["traceEvents"]) {
    if (e["ph"] != "X") continue;
    ++complete;
    CHECK(e["dur"].get<double>() >= 0);
    CHECK(e["ts"].get<double>() + e["dur"].get<double>() <= p.total_time() + 1);
  }
  CHECK(complete == p.events().size());
  const std::string stacks = p.stacks();
  CHECK(says(stacks, "Mlp;"));
  CHECK_THROWS_AS(p.export_chrome_trace("/no/such/folder/trace.json"), Error);
}

TEST_CASE("a schedule waits, warms up and records, in cycles", "[core][profiler]") {
  auto s = profiler::schedule({.wait = 1, .warmup = 1, .active = 2, .repeat = 2, .skip_first = 1});
  std::vector<ProfilerAction> actions;
  for (int64_t i = 0; i < 10; ++i) actions.push_back(s(i));
  using A = ProfilerAction;
  CHECK(actions == std::vector{A::None, A::None, A::Warmup, A::Record, A::RecordAndSave, A::None, A::Warmup, A::Record, A::RecordAndSave, A::None});
  CHECK_THROWS_AS(profiler::schedule(1, 1, 0), Error);

  Tensor x = randn({4});
  std::vector<int64_t> exps;
  {
    profiler::profile p({.schedule = s, .on_trace_ready = [&](profiler::profile& done) {
                           auto averages = done.key_averages();
                           const auto* e = averages.find("unary.Exp");
                           exps.push_back(e ? e->count : 0);
                           CHECK(averages.find("ProfilerStep#" + std::to_string(done.step_num() - 1)));
                         }});
    for (int i = 0; i < 10; ++i) {
      exp(x);
      p.step();
    }
  }
  CHECK(exps == std::vector<int64_t>{2, 2});
}

TEST_CASE("a memory timeline tells the peak and who owned it", "[core][profiler]") {
  nn::Sequential net{nn::Linear(8, 1024), nn::ReLU()};
  Tensor x = randn({256, 8}), kept;
  profiler::profile p({.profile_memory = true});
  {
    no_grad guard;
    Tensor passing = net(x);
    kept = passing.sum();
  }
  p.stop();
  auto memory = p.memory_timeline();
  CHECK(memory.peak_bytes >= 2 * 256 * 1024 * 4);
  CHECK(memory.points.back().bytes < memory.peak_bytes / 2);
  REQUIRE(memory.owners.size() >= 2);
  bool linear = false, relu = false;
  for (size_t i = 0; i < 2; ++i) {
    linear |= memory.owners[i].module == "Sequential.0";
    relu |= memory.owners[i].module == "Sequential.1";
  }
  CHECK((linear && relu));
  CHECK(says(memory.table(), "Peak: 2."));
}

TEST_CASE("a profile tells the user's line and the share of the machine's peak when asked", "[core][profiler]") {
  profiler::profile p({.with_stack = true, .measure_peak = true});
  exp(randn({1000}));
  p.stop();
  auto averages = p.key_averages();
  CHECK(averages.peak.gflops > 0);
  CHECK(averages.peak.gigabytes > 0);
  CHECK(says(averages.table(), "% of peak"));
  bool line = false;
  for (const auto& e : p.events()) line |= e.name == "unary.Exp" && !e.line.empty();
  CHECK(line);
}

TEST_CASE("what is thrown in a module leaves the profile whole", "[core][profiler]") {
  Mlp net;
  profiler::profile p;
  CHECK_THROWS_AS(net(randn({2, 5})), Error);
  exp(randn({3}));
  p.stop();
  for (const auto& e : p.events())
    if (e.name == "unary.Exp") CHECK(e.module == "");
  CHECK(p.module_averages().find("Mlp.fc1"));
}

TEST_CASE("other threads take part in a profile, workers of a DataLoader by themselves", "[core][profiler][data]") {
  profiler::profile p({.profile_memory = true});
  Tensor x = randn({8, 3}), made;
  exp(x);
  std::thread other([&, profile = profiler::current_profile()] {
    const profiler::on_this_thread here(profile);
    profiler::record_function region("beside");
    made = exp(x);
  });
  other.join();
  std::thread apart([&] { exp(x); });
  apart.join();
  data::DataLoader loader(data::TensorDataset(x, zeros({8})), {.batch_size = 4, .workers = 2});
  for (auto& [rows, labels] : loader) exp(rows);
  p.stop();
  std::map<int, int> exps;  // by thread
  bool enclosed = false, read_elsewhere = false;
  const auto events = p.events();
  for (const auto& e : events) {
    if (e.name == "unary.Exp") ++exps[e.thread];
    if (e.name == "unary.Exp" && e.parent >= 0) enclosed |= events[size_t(e.parent)].name == "beside" && events[size_t(e.parent)].thread == e.thread;
    read_elsewhere |= e.thread > 0 && e.parent < 0 && e.name != "beside";
  }
  CHECK(exps == std::map<int, int>{{0, 3}, {1, 1}});
  CHECK(enclosed);
  CHECK(read_elsewhere);
  CHECK(p.key_averages().find("unary.Exp")->count == 4);
  CHECK(p.memory_timeline().peak_bytes >= 2 * made.nbytes());
  CHECK_FALSE(profiler::current_profile());
  const profiler::on_this_thread nothing(profiler::current_profile());
}

TEST_CASE("kernels on another device have that device's times, by its events", "[core][profiler][fake]") {
  static Kernel<void(Tensor&)> slot{"profiled_on_a_device"};
  slot.set(fake_device().type, [](Tensor& out) { queue_fill(out, 1); });
  FreshFake fresh;
  Tensor t = empty({4}, {.device = fake_device()});
  const size_t events_before = fake_backend().events;
  {
    profiler::profile p;
    {
      profiler::record_function region("both");
      slot(t.device(), t);
      slot(t.device(), t);
    }
    p.stop();
    // The fake's clock goes on by a millisecond at each event.
    const auto averages = p.key_averages();
    const auto *kernel = averages.find("profiled_on_a_device"), *region = averages.find("both");
    REQUIRE((kernel && region));
    CHECK(kernel->self_device_time_total == Approx(2000));
    CHECK(region->device_time_total == Approx(2000));
    CHECK(region->self_device_time_total == 0);
    CHECK(says(averages.table("self_device_time_total"), "Self Device"));
    double last = 0;
    for (const auto& e : p.events()) {
      if (e.device_time == 0) continue;
      CHECK(e.device == t.device());
      CHECK(e.device_start >= last);
      last = e.device_start + e.device_time;
    }
    CHECK(last > 0);
    bool row = false;
    const auto trace = nlohmann::json::parse(p.chrome_trace());
    for (const auto& e : trace["traceEvents"]) row |= e.value("cat", "") == "kernel" && e["tid"] == 1000;
    CHECK(row);
  }
  CHECK(fake_backend().events == events_before);
  profiler::profile without({.device_times = false});
  slot(t.device(), t);
  without.stop();
  CHECK(without.events()[0].device_time == 0);
}

namespace {
// Of a step under a profile: how much of the time the profile's events account for, and that its trace is read back.
double accounted_once(const std::function<void()>& step) {
  profiler::profile p;
  for (int i = 0; i < 3; ++i) {
    profiler::record_function region("step");
    step();
  }
  p.stop();
  double self = 0, whole = 0;
  size_t count = 0;
  for (const auto& e : p.events()) {
    self += e.self;
    if (e.name == "step") whole += e.duration;
    ++count;
  }
  CHECK(self == Approx(whole).epsilon(0.01));
  CHECK(p.stacks().find("step;") != std::string::npos);
  size_t complete = 0;
  const auto trace = nlohmann::json::parse(p.chrome_trace());
  for (const auto& e : trace["traceEvents"]) complete += e["ph"] == "X";
  CHECK(complete == count);
  return self / p.total_time();
}
// Another process may have the processor between two events: the best of some times.
double accounted(const std::function<void()>& step) {
  double best = 0;
  for (int i = 0; i < 5 && best < 0.95; ++i) best = std::max(best, accounted_once(step));
  return best;
}

struct SmallCnn : nn::Module {
  nn::Child<nn::Conv2d> conv{this, "conv", 1, 4, 3};
  nn::Child<nn::BatchNorm2d> norm{this, "norm", 4};
  nn::Child<nn::Linear> out{this, "out", 4 * 36, 10};
  Tensor forward(const Tensor& x) { return out(flatten(relu(norm(conv(x))), 1)); }
};
struct SmallGpt : nn::Module {
  nn::Child<nn::Embedding> embedding{this, "embedding", 16, 8};
  nn::Child<nn::TransformerEncoder> blocks{this, "blocks", nn::TransformerEncoderLayer(8, 2, {.dim_feedforward = 16, .batch_first = true}), 2};
  nn::Child<nn::Linear> head{this, "head", 8, 16};
  Tensor forward(const Tensor& x) { return head(blocks(embedding(x))); }
};
template <class Net>
double accounted(Net& net, const Tensor& x, const Tensor& y) {
  optim::SGD sgd(net.parameters(), 0.01);
  return accounted([&] {
    sgd.zero_grad();
    cross_entropy(net(x), y).backward();
    sgd.step();
  });
}
}  // namespace

TEST_CASE("a profile's times sum to the time that passed, for a perceptron, a convolutional net and a transformer", "[core][profiler]") {
  Mlp mlp;
  CHECK(accounted(mlp, randn({16, 32}), randint(4, {16})) > 0.95);
  SmallCnn cnn;
  CHECK(accounted(cnn, randn({4, 1, 8, 8}), randint(10, {4})) > 0.95);
  SmallGpt gpt;
  const Tensor tokens = randint(16, {2, 6});
  optim::SGD sgd(gpt.parameters(), 0.01);
  CHECK(accounted([&] {
          sgd.zero_grad();
          cross_entropy(gpt(tokens).flatten(0, 1), tokens.flatten()).backward();
          sgd.step();
        }) > 0.95);
}
