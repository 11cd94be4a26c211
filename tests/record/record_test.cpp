#include "lazuli/record/record.h"

#include <thread>

#include "lazuli/core/slots.h"
#include "lazuli/lazuli.h"
#include "lazuli/record/slot_table.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {

void same_bits(const Tensor& a, const Tensor& b, const std::string& what) {
  INFO(what);
  REQUIRE(a.defined() == b.defined());
  if (!a.defined()) return;
  REQUIRE(a.sizes() == b.sizes());
  REQUIRE(a.dtype() == b.dtype());
  const Tensor x = a.detach().contiguous(), y = b.detach().contiguous();
  CHECK(std::memcmp(x.const_data_ptr(), y.const_data_ptr(), size_t(x.nbytes())) == 0);
}

struct Net : nn::Module {
  nn::Child<nn::Linear> fc1{this, "fc1", 6, 8};
  nn::Child<nn::BatchNorm1d> norm{this, "norm", 8};
  nn::Child<nn::Dropout> drop{this, "drop", 0.3};
  nn::Child<nn::Linear> fc2{this, "fc2", 8, 3};
  Tensor forward(const Tensor& x) { return fc2(drop(relu(norm(fc1(x))))); }
};

struct Batch {
  Tensor x, y;
};
std::vector<Batch> batches(int count, int64_t n = 5) {
  std::vector<Batch> all;
  for (int i = 0; i < count; ++i) all.push_back({randn({n, 6}), randint(3, {n})});
  return all;
}

// Trains two equal nets, one eagerly and one by a recorded step, which `make_step(net)` gives; all that can be seen of them is the same after each step.
template <class MakeStep>
void same_training(int steps, MakeStep make_step, RecordOptions options = {}, int64_t least_replays = -1) {
  manual_seed(3);
  Net eager_net, recorded_net;
  recorded_net.load_state_dict(eager_net.state_dict());
  auto eager = make_step(eager_net), body = make_step(recorded_net);
  auto recorded = record(*body, options);
  const auto data = batches(steps);
  for (int i = 0; i < steps; ++i) {
    manual_seed(uint64_t(100 + i));
    const Tensor expected = (*eager)(data[size_t(i)].x, data[size_t(i)].y);
    const std::string place = default_generator().get_state();
    manual_seed(uint64_t(100 + i));
    const Tensor loss = recorded(data[size_t(i)].x, data[size_t(i)].y);
    INFO("step " << i << " " << recorded.why());
    same_bits(loss, expected, "loss");
    CHECK_FALSE(loss.requires_grad());
    CHECK(default_generator().get_state() == place);
    const auto a = eager_net.named_parameters(), b = recorded_net.named_parameters();
    for (size_t k = 0; k < a.size(); ++k) {
      same_bits(b[k].second, a[k].second, a[k].first);
      same_bits(b[k].second.grad(), a[k].second.grad(), a[k].first + ".grad");
    }
    const auto c = eager_net.named_buffers(), d = recorded_net.named_buffers();
    for (size_t k = 0; k < c.size(); ++k) same_bits(d[k].second, c[k].second, c[k].first);
  }
  CHECK(recorded.replays() >= (least_replays < 0 ? steps - 2 : least_replays));
}

// A step of a net and an optimizer that it owns.
template <class Optimizer>
struct Training {
  Net& net;
  Optimizer optimizer;
  explicit Training(Net& n, typename Optimizer::Options options = {}) : net(n), optimizer(n.parameters(), options) {}
  Tensor operator()(const Tensor& x, const Tensor& y) {
    optimizer.zero_grad();
    Tensor loss = cross_entropy(net(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  }
};

}  // namespace

TEST_CASE("all slots of the library can be recorded", "[record]") {
  for (KernelBase* slot : {static_cast<KernelBase*>(&matmul_kernel), static_cast<KernelBase*>(&adam_kernel)}) {
    REQUIRE(recording::slot_type(*slot));
    CHECK(recording::slot_type(slot->name) == recording::slot_type(*slot));
  }
  for (const KernelCounts& known : kernel_counts())
    if (!std::string_view(known.name).starts_with("slot_")) CHECK((recording::slot_type(known.name) || known.name));
}

TEMPLATE_TEST_CASE("a recorded step trains as the step itself does, with every optimizer", "[record]", optim::SGD, optim::Adam, optim::AdamW,
                   optim::Adamax, optim::NAdam, optim::SparseAdam, optim::Adagrad, optim::Adadelta, optim::RMSprop, optim::Rprop, optim::ASGD,
                   optim::Lion) {
  same_training(6, [](Net& net) { return std::make_unique<Training<TestType>>(net); });
}

TEST_CASE("optimizers whose steps change their kind are recorded again", "[record]") {
  // RAdam's first five steps are of another rule.
  same_training(
      12, [](Net& net) { return std::make_unique<Training<optim::RAdam>>(net); }, {}, 6);
  same_training(
      6, [](Net& net) { return std::make_unique<Training<optim::SGD>>(net, optim::SGDOptions{.lr = 0.1, .momentum = 0.9, .nesterov = true}); });
  same_training(6,
                [](Net& net) { return std::make_unique<Training<optim::RMSprop>>(net, optim::RMSpropOptions{.momentum = 0.5, .centered = true}); });
  same_training(6, [](Net& net) { return std::make_unique<Training<optim::Adam>>(net, optim::AdamOptions{.amsgrad = true}); });
}

namespace {
// Muon takes matrices only; its momentum and rate are others in each step.
struct Orthogonal {
  Net& net;
  optim::Muon optimizer{{net.fc1->weight, net.fc2->weight}, {.lr = 0.02}};
  optim::SGD others{{net.fc1->bias, net.norm->weight}, {.lr = 0.1}};
  optim::OneCycleLR schedule{optimizer, 0.05, 10};
  explicit Orthogonal(Net& n) : net(n) {}
  Tensor operator()(const Tensor& x, const Tensor& y) {
    net.zero_grad();
    Tensor loss = cross_entropy(net(x), y);
    loss.backward();
    optimizer.step();
    others.step();
    schedule.step();
    return loss;
  }
};
}  // namespace

TEST_CASE("optimizers of many calls a parameter are recorded with numbers of each step", "[record]") {
  same_training(6, [](Net& net) { return std::make_unique<Training<optim::Adafactor>>(net, optim::AdafactorOptions{.weight_decay = 0.1}); });
  same_training(8, [](Net& net) { return std::make_unique<Orthogonal>(net); });
  manual_seed(1);
  Net net;
  Training<optim::Adafactor> training(net);
  auto step = record(training);
  for (int i = 0; i < 3; ++i) step(randn({5, 6}), randint(3, {5}));
  CHECK_THAT(to_string(step), Contains("Rsqrt"));  // its calls are in the list
  training.optimizer.options().d = 2;
  step(randn({5, 6}), randint(3, {5}));
  CHECK(step.recordings() == 3);
}

TEST_CASE("schedules, clipping and gradient scaling go on in replays", "[record]") {
  struct Scheduled : Training<optim::AdamW> {
    optim::CosineAnnealingLR schedule{optimizer, 5};
    using Training::Training;
    Tensor operator()(const Tensor& x, const Tensor& y) {
      optimizer.zero_grad();
      Tensor loss = cross_entropy(net(x), y);
      loss.backward();
      nn::utils::clip_grad_norm_(net.parameters(), 0.5);
      optimizer.step();
      schedule.step();
      return loss;
    }
  };
  same_training(8, [](Net& net) { return std::make_unique<Scheduled>(net); });
  struct Scaled : Training<optim::SGD> {
    amp::GradScaler scaler{amp::GradScalerOptions{.init_scale = 8, .growth_interval = 3}};
    using Training::Training;
    Tensor operator()(const Tensor& x, const Tensor& y) {
      optimizer.zero_grad();
      Tensor loss = [&] {
        autocast guard(kCPU, kBFloat16);
        return cross_entropy(net(x), y);
      }();
      scaler.scale(loss).backward();
      scaler.unscale_(optimizer);
      nn::utils::clip_grad_norm_(net.parameters(), 1);
      scaler.step(optimizer);
      scaler.update();
      return loss;
    }
  };
  same_training(8, [](Net& net) { return std::make_unique<Scaled>(net, optim::SGDOptions{.lr = 0.1}); });
}

TEST_CASE("gradients that add up over calls are recorded for each state that they are in", "[record]") {
  struct Accumulating : Training<optim::SGD> {
    int calls = 0;
    using Training::Training;
    Tensor operator()(const Tensor& x, const Tensor& y) {
      Tensor loss = cross_entropy(net(x), y);
      loss.backward();
      return loss;
    }
  };
  manual_seed(1);
  Net a, b;
  b.load_state_dict(a.state_dict());
  Accumulating eager(a), body(b);
  auto recorded = record(body);
  const auto data = batches(16);
  for (size_t i = 0; i < data.size(); ++i) {
    manual_seed(i);
    Tensor expected = eager(data[i].x, data[i].y);
    manual_seed(i);
    same_bits(recorded(data[i].x, data[i].y), expected, "loss");
    if (i % 2) {
      for (Accumulating* t : {&eager, &body}) t->optimizer.step(), t->optimizer.zero_grad();
      for (size_t k = 0; k < a.parameters().size(); ++k) same_bits(b.parameters()[k], a.parameters()[k], "parameter");
    }
  }
  CHECK(recorded.replays() >= 8);
  CHECK(recorded.signatures() == 2);
}

TEST_CASE("a step is recorded for each signature, and for train and eval", "[record]") {
  manual_seed(1);
  Net net;
  auto step = record([&](const Tensor& x) {
    no_grad guard;
    return net(x);
  });
  auto check = [&](const Tensor& x) {
    manual_seed(5);
    const auto before = net.state_dict();
    std::vector<Tensor> kept;
    for (auto& [name, t] : before) kept.push_back(t.clone());
    Tensor expected = [&] {
      no_grad guard;
      return net(x);
    }();
    size_t k = 0;
    for (auto& [name, t] : before) {
      no_grad guard;
      Tensor(t).copy_(kept[k++]);
    }
    manual_seed(5);
    same_bits(step(x), expected, "result");
  };
  for (int round = 0; round < 4; ++round)
    for (int64_t n : {2, 3, 7}) {
      net.train();
      check(randn({n, 6}));
      net.eval();
      check(randn({n, 6}));
      check(randn({6, n}).t());
    }
  CHECK(step.replays() >= 12);
  CHECK(step.signatures() >= 6);
  // Other weights in the place of those: recorded again.
  net.fc1->weight = randn({8, 6});
  check(randn({3, 6}));
  net.fc2->weight.requires_grad_(false);
  check(randn({3, 6}));
  net.to(kFloat64);
  check(randn({3, 6}).to(kFloat64));
}

TEST_CASE("arguments may lie anywhere in their storage", "[record]") {
  const Tensor data = randn({10, 4}), others = randn({7, 4});
  auto step = record([](const Tensor& x) { return (x.narrow(1, 1, 2) * 2).sum(0); });
  for (int64_t i = 0; i < 5; ++i) {
    const Tensor rows = (i == 3 ? others : data).narrow(0, 2 * i % 5, 2);
    same_bits(step(rows), (rows.narrow(1, 1, 2) * 2).sum(0), "rows from " + std::to_string(2 * i % 5));
  }
  CHECK(step.signatures() == 1);
  CHECK(step.replays() == 3);
}

TEST_CASE("results are new tensors, unless they are to lie in the same memory", "[record]") {
  auto twice = record([](const Tensor& x) { return x * 2; });
  auto reused = record([](const Tensor& x) { return x * 2; }, {.reuse_outputs = true});
  std::vector<Tensor> all, same;
  for (int i = 0; i < 4; ++i) {
    all.push_back(twice(full({3}, double(i))));
    same.push_back(reused(full({3}, double(i))));
  }
  for (int i = 0; i < 4; ++i) CHECK(all[size_t(i)].to_vector<double>() == std::vector<double>(3, 2.0 * i));
  CHECK(same[2].address() == same[3].address());
  CHECK(same[2].to_vector<double>() == std::vector<double>(3, 6.0));
}

TEST_CASE("a scheduler that moves is recorded again where it is then", "[record]") {
  Tensor w = ones({3}).requires_grad_();
  optim::SGD sgd({w}, {.lr = 1});
  optim::LRScheduler* now = nullptr;
  auto step = record([&] {
    sgd.zero_grad();
    w.sum().backward();
    sgd.step();
    now->step();
  });
  auto first = std::make_unique<optim::StepLR>(sgd, 1, 0.5);
  now = first.get();
  for (int i = 0; i < 4; ++i) step();
  CHECK(sgd.lr() == 1.0 / 16);
  auto second = std::make_unique<optim::StepLR>(std::move(*first));
  CHECK_THROWS_WITH(step(), Contains("moved to another place"));
  CHECK_THROWS_WITH(first->set_step(2), Contains("moved to another place"));
  CHECK_THROWS_WITH(first->load_state_dict(second->state_dict()), Contains("moved to another place"));
  first.reset();
  now = second.get();
  for (int i = 0; i < 4; ++i) step();
  CHECK(second->current_step() == 8);
  CHECK(sgd.lr() == 1.0 / 256);
  CHECK(step.replays() == 4);
}

TEST_CASE("a scheduler that is set to a step is set in replays", "[record]") {
  Tensor w = ones({3}).requires_grad_();
  optim::SGD sgd({w}, {.lr = 1});
  optim::StepLR rates(sgd, 1, 0.5);
  auto step = record([&] { rates.set_step(3); });
  for (int i = 0; i < 4; ++i) {
    rates.set_step(0);
    step();
    CHECK(sgd.lr() == 0.125);
    CHECK(rates.current_step() == 3);
  }
  CHECK(step.replays() == 2);
  int64_t n = 0;
  auto other = record([&] { rates.set_step(++n); });
  CHECK_THROWS_WITH(
      [&] {
        for (int i = 0; i < 9; ++i) other();
      }(),
      Contains("scheduler at 3") && Contains("scheduler at 4"));
}

TEST_CASE("a replayed step asks the allocator for nothing", "[record]") {
  manual_seed(1);
  Net net;
  Training<optim::Adam> training(net);
  auto step = record([&](const Tensor& x, const Tensor& y) { training(x, y); });
  const auto data = batches(1);
  for (int i = 0; i < 4; ++i) step(data[0].x, data[0].y);
  const int64_t before = memory_stats().allocations;
  for (int i = 0; i < 3; ++i) step(data[0].x, data[0].y);
  CHECK(memory_stats().allocations == before);
  CHECK(step.replays() == 5);
}

TEST_CASE("what kernels need inside is kept from one replay to the next", "[record]") {
  const bool side_by_side = GENERATE(false, true);
  manual_seed(1);
  struct Images : nn::Module {
    nn::Child<nn::Conv2d> a{this, "a", 3, 16, 3, nn::ConvOptions{.stride = 2}}, b{this, "b", 16, 16, 3, nn::ConvOptions{.padding = 1}};
    nn::Child<nn::BatchNorm2d> norm{this, "norm", 16};
    nn::Child<nn::Conv2d> c{this, "c", 16, 8, 1};
    nn::Child<nn::LSTM> lstm{this, "lstm", 8, 8};
    nn::Child<nn::TransformerEncoderLayer> layer{this, "layer", 8, 2, nn::TransformerEncoderLayerOptions{.dim_feedforward = 16}};
    nn::Child<nn::Linear> out{this, "out", 8, 3};
    Tensor forward(const Tensor& x) {
      const Tensor rows = c(relu(norm(b(a(x))))).flatten(2).permute({2, 0, 1});
      return out(std::get<0>(sort(layer(std::get<0>(lstm(rows))).mean(0), 1)));
    }
  } net;
  optim::Adam adam(net.parameters());
  auto step = record(
      [&](const Tensor& x, const Tensor& y) {
        adam.zero_grad();
        Tensor loss = cross_entropy(net(x), y);
        loss.backward();
        adam.step();
        return loss;
      },
      {.reuse_outputs = true, .side_by_side = side_by_side});
  const int first = side_by_side ? 40 : 5;  // until it is known which calls run side by side
  const Tensor x = randn({2, 3, 12, 12}), y = randint(3, {2});
  for (int i = 0; i < first; ++i) step(x, y);
  const int64_t before = memory_stats().allocations;
  for (int i = 0; i < 3; ++i) step(x, y);
  CHECK(memory_stats().allocations == before);
  CHECK(step.replays() == first + 1);
}

TEST_CASE("what is read in the middle is an error that names it, or runs as it is", "[record]") {
  Tensor w = randn({4}), total = zeros({});
  auto reads = [&](const Tensor& x) {
    Tensor s = (x * w).sum();
    return s.item<double>() > 0 ? s : -s;
  };
  auto strict = record(reads);
  CHECK_THROWS_WITH(strict(ones({4})), Contains("item") && Contains("reduce.Sum"));
  CHECK(strict.signatures() == 0);
  CHECK_THROWS_WITH(record([](const Tensor& x) { return nonzero(x); })(ones({4})), Contains("count_nonzero"));
  auto eager = record(reads, {.or_eager = true});
  for (int i = 0; i < 3; ++i) same_bits(eager(full({4}, double(i - 1))), reads(full({4}, double(i - 1))), "result");
  CHECK(eager.eager_calls() == 2);
  CHECK_THAT(eager.why(), Contains("item"));
  // A cut may read.
  std::vector<double> log;
  auto cut = record([&](const Tensor& x) {
    Tensor s = (x * 3).sum();
    record_cut([s, &log] { log.push_back(s.item<double>()); });
    return s + 1;
  });
  for (int i = 0; i < 5; ++i) CHECK(cut(full({4}, double(i))).item<double>() == 12.0 * i + 1);
  CHECK(log == std::vector<double>{0, 12, 24, 36, 48});
  CHECK(cut.replays() == 3);
}

TEST_CASE("a step that is another each time is an error", "[record]") {
  int calls = 0;
  auto step = record([&](const Tensor& x) { return x * double(++calls); });
  CHECK_THROWS_WITH(
      [&] {
        for (int i = 0; i < 10; ++i) step(ones({2}));
      }(),
      Contains("binary_number"));
}

TEST_CASE("a step that is another each time runs as it is after a few recordings, if that is asked for", "[record]") {
  int calls = 0;
  auto step = record([&](const Tensor& x) { return x * double(++calls); }, {.or_eager = true});
  for (int i = 1; i <= 10; ++i) CHECK(step(ones({2})).sum().item<double>() == 2.0 * i);
  CHECK(step.recordings() == 4);
  CHECK(step.eager_calls() == 6);
  CHECK_THAT(step.why(), Contains("binary_number"));
  for (int i = 11; i <= 20; ++i) CHECK(step(ones({3})).sum().item<double>() == 3.0 * i);  // each signature has tries of its own
  CHECK(step.recordings() == 8);
}

TEST_CASE("numbers of the host that are the same each time are part of the step", "[record]") {
  Tensor state = zeros({3});
  auto step = record([&](const Tensor& x) {
    Tensor c = tensor({1.0, 2.0, 3.0});
    c.add_(x);  // written after it was made
    state.add_(c);
    return std::pair(c, state * tensor({2.0, 0.0, 1.0}));
  });
  for (int i = 1; i <= 5; ++i) {
    auto [c, s] = step(full({3}, double(i)));
    CHECK(c.to_vector<double>() == std::vector<double>{1.0 + i, 2.0 + i, 3.0 + i});
  }
  CHECK(state.to_vector<double>() == std::vector<double>{20, 25, 30});
  CHECK(step.replays() == 3);
}

TEST_CASE("an exception while recording leaves nothing behind", "[record]") {
  manual_seed(1);
  Net net;
  Training<optim::Adam> training(net);
  bool fails = true;
  auto handle = net.fc1->weight.register_hook([&](const Tensor& g) {
    if (fails) throw std::runtime_error("from the hook");
    return g;
  });
  auto step = record([&](const Tensor& x, const Tensor& y) { return training(x, y); });
  const auto data = batches(5);
  CHECK_THROWS(step(data[0].x, data[0].y));
  CHECK(step.signatures() == 0);
  fails = false;
  for (const Batch& b : data) step(b.x, b.y);
  CHECK(step.replays() == 3);
}

TEST_CASE("two threads call one recorded step", "[record]") {
  Tensor w = randn({4, 4}), x = randn({4});
  auto step = record([&](const Tensor& v) { return matmul(w, v).tanh(); });
  const Tensor expected = matmul(w, x).tanh();
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) wrong += !step(x).equal(expected);
    });
  for (auto& t : threads) t.join();
  CHECK(wrong == 0);
  CHECK(step.replays() == 38);
}

TEST_CASE("memory of temporary tensors is shared", "[record]") {
  auto step = record([](const Tensor& x) {
    Tensor y = x;
    for (int i = 0; i < 10; ++i) y = matmul(y, y).tanh();
    return y.sum();
  });
  for (int i = 0; i < 3; ++i) step(eye(32));
  CHECK_THAT(step.plan(), Contains("outputs in place"));
  CHECK_THAT(to_string(step), Contains("matmul_fused(out %"));
}

TEST_CASE("a replay that is checked compares each call, and says where it differs", "[record]") {
  same_training(6, [](Net& net) { return std::make_unique<Training<optim::AdamW>>(net); }, {.check = true});
  // A number that the host changes later on is found.
  Tensor x = ones({4}), scale = ones({});
  double factor = 2;
  auto step = record([&](const Tensor& v) { return (v * scale + factor).tanh(); }, {.check = true});
  for (int i = 0; i < 4; ++i) step(x);
  factor = 3;
  CHECK_THROWS_WITH(step(x), Contains("other values") && Contains("binary_number"));
}

namespace {

struct Attending : nn::Module {
  nn::Child<nn::LayerNorm> norm{this, "norm", 64};
  nn::Child<nn::Linear> up{this, "up", 64, 256}, down{this, "down", 256, 64};
  Tensor forward(const Tensor& x) { return x + down(gelu(up(norm(x)))); }
};

struct Heads : nn::Module {
  nn::Child<nn::Linear> qkv{this, "qkv", 64, 192}, out{this, "out", 64, 64};
  double dropout;
  explicit Heads(double p) : dropout(p) {}
  Tensor forward(const Tensor& x) {
    const std::vector<Tensor> parts = unbind(qkv(x).view({16, 64, 3, 8, 8}).permute({2, 0, 3, 1, 4}), 0);
    const Tensor seen = scaled_dot_product_attention(parts[0], parts[1], parts[2], {.dropout_p = dropout});
    return x + out(seen.transpose(1, 2).reshape({1024, 64}));
  }
};

int64_t peak_of(const std::function<void()>& step) {
  reset_peak_memory_stats(kCPU);
  step();
  return memory_stats(kCPU).peak_allocated;
}

// Trains two equal nets, eagerly and recorded: the same bits, and `share` of the memory that eager steps take beside what lasts. The dump of the recording.
std::string takes_less(nn::Sequential a, nn::Sequential b, const Tensor& x, const Tensor& y, double share) {
  b.load_state_dict(a.state_dict());
  optim::AdamW adam_a(a.parameters(), {.lr = 1e-2}), adam_b(b.parameters(), {.lr = 1e-2});
  const auto step_of = [&](nn::Sequential& net, optim::AdamW& adam) {
    return [&] {
      adam.zero_grad();
      cross_entropy(net(x), y).backward();
      adam.step();
    };
  };
  auto step = record(step_of(b, adam_b));
  const auto with_its_numbers = [](auto f) {  // the same random ones each time
    return [f] {
      manual_seed(2);
      f();
    };
  };
  const auto eager = with_its_numbers(step_of(a, adam_a));
  const auto recorded = with_its_numbers(step);
  for (int i = 0; i < 3; ++i) eager(), recorded();
  const int64_t lasting = memory_stats(kCPU).allocated;  // with the arena
  const int64_t of_eager = peak_of(eager) - lasting, of_recorded = peak_of(recorded) - lasting + std::stoll(step.plan());
  REQUIRE(step.replays() == 2);
  INFO("eager " << of_eager << " recorded " << of_recorded);
  CHECK(double(of_recorded) < share * double(of_eager));
  for (size_t k = 0; k < a.parameters().size(); ++k) {
    same_bits(b.parameters()[k], a.parameters()[k], "parameter");
    same_bits(b.parameters()[k].grad(), a.parameters()[k].grad(), "gradient");
  }
  for (size_t k = 0; k < a.buffers().size(); ++k) same_bits(b.buffers()[k], a.buffers()[k], "buffer");
  return to_string(step);
}

}  // namespace

TEST_CASE("a recorded step takes less memory than the step itself", "[record]") {
  manual_seed(1);
  const auto attending = [] { return nn::Sequential{Attending(), Attending(), Attending(), nn::Linear(64, 512)}; };
  takes_less(attending(), attending(), randn({1024, 64}), randint(512, {1024}), 0.7);
  const auto seeing = [] {
    const auto convolution = [](int64_t from) { return nn::Conv2d(from, 16, 3, {.padding = 1, .bias = false}); };
    return nn::Sequential{convolution(3),  nn::BatchNormReLU2d(16), convolution(16),          nn::BatchNorm2d(16), nn::ReLU(),
                          convolution(16), nn::BatchNormReLU2d(16), nn::AdaptiveAvgPool2d(1), nn::Flatten(),       nn::Linear(16, 10)};
  };
  takes_less(seeing(), seeing(), contiguous(randn({16, 3, 32, 32}), MemoryFormat::ChannelsLast), randint(10, {16}), 0.87);
}

namespace {

int count_of(const std::string& text, const std::string& what) {
  int count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("what was dropped is dropped again instead of being kept", "[record]") {
  manual_seed(1);
  const auto part = [] { return nn::Sequential{nn::Linear(64, 256), nn::GELU(), nn::Dropout(0.2), nn::Linear(256, 64)}; };
  const auto net = [&] { return nn::Sequential{part(), part(), part(), nn::Linear(64, 10)}; };
  CHECK(count_of(takes_less(net(), net(), randn({1024, 64}), randint(10, {1024}), 0.75), " dropout(") > 3);
}

TEST_CASE("attention is computed again where a recorded step would take more memory than it should", "[record]") {
  for (const double dropout : {0.0, 0.2}) {
    manual_seed(1);
    const auto net = [dropout] { return nn::Sequential{Heads(dropout), Heads(dropout), Heads(dropout), Heads(dropout), nn::Linear(64, 10)}; };
    const std::string calls = takes_less(net(), net(), randn({1024, 64}), randint(10, {1024}), 0.92);
    CHECK(count_of(calls, dropout == 0 ? " attention(" : " attention_dropout(") > 4);
  }
}

TEST_CASE("a recurrent layer that lays its weights out for many steps is recorded", "[record]") {
  manual_seed(1);
  nn::LSTM a(4, 6, {.batch_first = true}), b(4, 6, {.batch_first = true});
  b.load_state_dict(a.state_dict());
  const auto step_of = [](nn::LSTM& net) {
    return [&](const Tensor& x) {
      net.zero_grad();
      Tensor loss = std::get<0>(net(x)).square().sum();
      loss.backward();
      return loss;
    };
  };
  auto eager = step_of(a);
  auto recorded = record(step_of(b));
  for (int i = 0; i < 4; ++i) {
    const Tensor x = randn({3, 12, 4});
    same_bits(recorded(x), eager(x), "loss");
    for (size_t k = 0; k < a.parameters().size(); ++k) same_bits(b.parameters()[k].grad(), a.parameters()[k].grad(), "gradient");
  }
  CHECK(recorded.replays() == 2);
}

TEST_CASE("gradients stay when the recording goes, and its memory does not", "[record]") {
  nn::Linear net(64, 256);
  auto step = record([&](const Tensor& x) {
    net.zero_grad();
    net(x).tanh().square().sum().backward();
  });
  const Tensor x = randn({2048, 64});
  for (int i = 0; i < 3; ++i) step(x);
  const Tensor held = net.weight.grad(), values = held.clone();
  const int64_t with_arena = memory_stats(kCPU).allocated;
  step.forget();
  CHECK(memory_stats(kCPU).allocated < with_arena - 2048 * 256 * 4);
  same_bits(net.weight.grad(), values, "gradient");
  CHECK(net.weight.grad().is_same(held));
  for (int i = 0; i < 3; ++i) step(x);
  same_bits(net.weight.grad(), values, "gradient");
}

TEST_CASE("a loss of one pass is recorded with what is around it", "[record]") {
  manual_seed(5);
  Tensor weight = randn({64, 80}).requires_grad_(), same = weight.detach().clone().requires_grad_();
  optim::SGD optimizer({weight}, {.lr = 0.1}), other({same}, {.lr = 0.1});
  const auto step_of = [](const Tensor& w, optim::SGD& sgd) {
    return [w, &sgd](const Tensor& x, const Tensor& y) {
      sgd.zero_grad();
      Tensor loss = smooth_l1_loss(matmul(x, w), y) + binary_cross_entropy_with_logits(matmul(x, w), y);
      loss.backward();
      sgd.step();
      return loss;
    };
  };
  auto eager = step_of(weight, optimizer);
  auto recorded = record(step_of(same, other));
  for (int i = 0; i < 4; ++i) {
    const Tensor x = randn({70, 64}), y = rand({70, 80});
    same_bits(recorded(x, y), eager(x, y), "loss");
    same_bits(same.grad(), weight.grad(), "gradient");
    same_bits(same, weight, "weight");
  }
  CHECK(recorded.replays() >= 2);
}
