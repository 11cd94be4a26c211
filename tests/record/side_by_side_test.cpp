#include "lazuli/record/side_by_side.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/core/threads/team.h"
#include "lazuli/lazuli.h"
#include "lazuli/record/record.h"
#include "lazuli/record/runner.h"
#include "tests/catch.h"

using namespace lazuli;
using namespace lazuli::recording;

namespace {

bool same_bits(const Tensor& a, const Tensor& b) {
  const Tensor x = a.detach().contiguous(), y = b.detach().contiguous();
  return x.sizes() == y.sizes() && std::memcmp(x.const_data_ptr(), y.const_data_ptr(), size_t(x.nbytes())) == 0;
}

struct Threads {
  const int before = get_num_threads();
  explicit Threads(int n) { set_num_threads(n); }
  ~Threads() { set_num_threads(before); }
};

// A slot that notes where it runs and which calls have ended, and throws where it is told to.
constinit Kernel<void(Tensor& out, const Tensor& in, int64_t call)> noted_kernel{"side_by_side_noted"};
struct Notes {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::set<int64_t> throwing;
  std::vector<int64_t> ended;
  std::optional<std::thread::id> slow_elsewhere;  // than in this one
} notes;
void note(Tensor& out, const Tensor& in, int64_t call) {
  if (notes.slow_elsewhere && *notes.slow_elsewhere != std::this_thread::get_id()) std::this_thread::sleep_for(std::chrono::microseconds(100));
  {
    const std::lock_guard lock(notes.mutex);
    notes.threads.insert(std::this_thread::get_id());
    if (notes.throwing.contains(call)) fail(ErrorKind::State, "noted", "call", "one that may end", std::to_string(call));
  }
  float* to = out.data_ptr<float>();
  const float* from = in.const_data_ptr<float>();
  for (int64_t i = 0; i < in.numel(); ++i) to[i] = 2 * from[i] + float(call);
  const std::lock_guard lock(notes.mutex);
  notes.ended.push_back(call);
}

struct Writer {
  StepList list;

  Writer() {
    noted_kernel.set(DeviceType::CPU, &note);
    know_slot(noted_kernel);
  }
  BufferView input(const Shape& sizes) {
    const BufferView v = list.add_temporary(sizes, kFloat32, kCPU);
    list.buffers.back().role = BufferRole::Input;
    list.buffers.back().input = int32_t(list.inputs.size());
    list.inputs.push_back(v);
    return v;
  }
  BufferView temporary(const Shape& sizes) { return list.add_temporary(sizes, kFloat32, kCPU); }
  void returns(const BufferView& v) {
    list.buffers[size_t(v.buffer)].role = BufferRole::Output;
    list.outputs.push_back(v);
  }
  template <class Slot, class... A>
  void call(Slot& slot, A... arguments) {
    std::vector<CallArgument> all;
    (all.push_back(std::move(arguments)), ...);
    list.calls.push_back(ListedCall::of(*slot_type(slot), kCPU, std::move(all)));
  }
  BufferView noted(const BufferView& a) {
    const BufferView to = temporary(a.sizes);
    call(noted_kernel, CallArgument::output(to), CallArgument::input(a), CallArgument::of(int64_t(list.calls.size())));
    return to;
  }
  void add(const BufferView& to, const BufferView& a, const BufferView& b) {
    call(binary_kernel, CallArgument::of(BinaryOp::Add), CallArgument::output(to), CallArgument::input(a), CallArgument::input(b),
         CallArgument::of(Params()));
  }
  void matmul(const BufferView& to, const BufferView& a, const BufferView& b) {
    call(matmul_kernel, CallArgument::output(to), CallArgument::input(a), CallArgument::input(b), CallArgument::input({}), CallArgument::of(0.0),
         CallArgument::of(1.0));
  }
};

// Two branches of `length` calls, and their sum.
StepList branches(int length) {
  Writer w;
  const BufferView x = w.input({40});
  std::vector<BufferView> ends;
  for (int b = 0; b < 2; ++b) {
    BufferView at = x;
    for (int i = 0; i < length; ++i) at = w.noted(at);
    ends.push_back(at);
  }
  const BufferView sum = w.temporary({40});
  w.add(sum, ends[0], ends[1]);
  w.returns(sum);
  return std::move(w.list);
}

std::vector<CallCost> costs_of(const StepList& list, double spread = 1, double alone = 1) {
  return std::vector<CallCost>(list.calls.size(), CallCost{spread, alone});
}

std::vector<Tensor> run(StepList list, const std::vector<Tensor>& inputs) { return Runner(std::move(list), {}).run(inputs); }

// The branches side by side, laid out as a recording would have them.
StepList branches_side_by_side(int length) {
  StepList list = branches(length);
  list.side_by_side = find_side_by_side(list, costs_of(list), {.lanes = 2});
  REQUIRE(list.side_by_side.size() == 1);
  return list;
}

}  // namespace

TEST_CASE("branches of a list run side by side, each in a lane", "[record]") {
  const StepList list = branches_side_by_side(3);
  const SideBySide& group = list.side_by_side[0];
  CHECK(group.begin == 0);
  CHECK(group.end >= 6);
  const std::vector<uint8_t> first(group.lane.begin(), group.lane.begin() + 3), second(group.lane.begin() + 3, group.lane.begin() + 6);
  CHECK(first == std::vector<uint8_t>(3, first[0]));
  CHECK(second == std::vector<uint8_t>(3, uint8_t(1 - first[0])));
  const Order order(list);
  CHECK(order.before(0, 2));
  CHECK_FALSE(order.before(0, 3));
  CHECK_FALSE(order.before(2, 5));
  CHECK(order.before(2, 6));
  CHECK(order.before(5, 6));
  CHECK(order.first_open(5) == 0);
  CHECK_THAT(to_string(list), Contains("side by side in 2 threads") && Contains("thread 1: "));
}

TEST_CASE("calls stay one after the other where that takes no longer", "[record]") {
  const StepList list = branches(3);
  CHECK(find_side_by_side(list, costs_of(list, 1, 2.5), {}).empty());   // all threads are good for each
  CHECK(find_side_by_side(list, costs_of(list), {.wake = 4}).empty());  // it takes longer to wake them
  CHECK(find_side_by_side(list, costs_of(list), {.move = 1}).empty());  // ... or to move what they read
  CHECK(find_side_by_side(list, costs_of(list), {.lanes = 1}).empty());
  std::vector<CallCost> by_itself = costs_of(list);
  for (size_t i = 0; i < 3; ++i) by_itself[i] = CallCost{1};
  CHECK(find_side_by_side(list, by_itself, {}).empty());

  Writer w;  // each call needs the one before it
  BufferView at = w.input({8});
  for (int i = 0; i < 5; ++i) at = w.noted(at);
  w.returns(at);
  CHECK(find_side_by_side(w.list, costs_of(w.list), {}).empty());
  CHECK_FALSE(could_run_side_by_side(w.list));
  CHECK(could_run_side_by_side(list));
}

TEST_CASE("what is written waits for who reads it, and who writes it", "[record]") {
  Writer w;
  const BufferView x = w.input({8}), a = w.temporary({8}), b = w.temporary({8}), c = w.temporary({8});
  w.add(a, x, x);
  w.add(b, a, x);  // reads a
  w.add(a, x, x);  // writes what that reads
  w.add(c, a, b);
  w.returns(c);
  CHECK(find_side_by_side(w.list, costs_of(w.list), {}).empty());

  Writer halves;  // of one buffer, which are not each other's
  const BufferView given = halves.input({8}), whole = halves.temporary({16});
  BufferView low = whole, high = whole;
  low.sizes = high.sizes = {8};
  high.offset = 8;
  halves.add(low, given, given);
  halves.add(high, given, given);
  halves.returns(whole);
  CHECK(find_side_by_side(halves.list, costs_of(halves.list), {}).size() == 1);
}

TEST_CASE("buffers that are used at the same time lie apart", "[record]") {
  StepList list = branches_side_by_side(4);
  const MemoryPlan plan = plan_memory(list);
  check_plan(list, plan);
  StepList in_a_row = branches(4);
  const MemoryPlan less = plan_memory(in_a_row);
  check_plan(in_a_row, less);
  CHECK(plan.arenas[0].bytes > less.arenas[0].bytes);
  CHECK_THROWS_WITH(check_plan(list, less), Contains("at the same time"));
}

TEST_CASE("lists with calls side by side compute the same bits", "[record]") {
  std::mt19937 random(7);
  const auto below = [&](size_t n) { return size_t(random() % n); };
  const Threads threads(3);
  size_t grouped = 0;
  for (int round = 0; round < 40; ++round) {
    Writer w;
    std::vector<BufferView> known;
    for (int i = 0; i < 2; ++i) known.push_back(w.input({12, 12}));
    std::vector<BufferView> made;
    const auto any = [&] {
      return made.empty() || below(3) == 0 ? known[below(2)] : made[made.size() - 1 - below(std::min<size_t>(made.size(), 6))];
    };
    for (int i = 0; i < 40; ++i) {
      const BufferView a = any(), b = any();
      const bool again = !made.empty() && below(5) == 0;  // over what was there
      const BufferView to = again ? made[below(made.size())] : w.temporary({12, 12});
      if (to.buffer != a.buffer && to.buffer != b.buffer && below(2)) w.matmul(to, a, b);
      else w.add(to, a, b);
      if (!again) made.push_back(to);
    }
    w.returns(made.back());
    w.returns(made[made.size() / 2]);
    const std::vector<Tensor> inputs = {rand({12, 12}) * 0.1, rand({12, 12}) * 0.1};
    const std::vector<Tensor> expected = run(w.list.copy(), inputs);
    std::vector<CallCost> costs;
    for (size_t i = 0; i < w.list.calls.size(); ++i) costs.push_back(below(12) ? CallCost{double(1 + below(4)), double(1 + below(4))} : CallCost{1});
    StepList list = w.list.copy();
    list.side_by_side = find_side_by_side(list, costs, {.lanes = 3});
    grouped += list.side_by_side.size();
    check_plan(list, plan_memory(list));
    Runner runner(std::move(list), {});
    for (int i = 0; i < 5; ++i) {
      const std::vector<Tensor> got = runner.run(inputs);
      for (size_t k = 0; k < got.size(); ++k) REQUIRE(same_bits(got[k], expected[k]));
    }
  }
  CHECK(grouped > 40);
}

TEST_CASE("calls side by side run in several threads, and in one where there is one, or somebody listens", "[record]") {
  const Threads threads(2);
  int team = 1;
  in_team([&](int thread, int size) {
    if (thread == 0) team = size;
  });
  const std::vector<Tensor> inputs{rand({40})};
  const Tensor expected = run(branches(3), inputs)[0];
  Runner runner(branches_side_by_side(3), {});
  const auto in_threads = [&] {
    notes.threads.clear();
    CHECK(same_bits(runner.run(inputs)[0], expected));
    return int(notes.threads.size());
  };
  CHECK(in_threads() == team);
  {
    const Threads one(1);
    CHECK(in_threads() == 1);
  }
  {
    const Threads other(3);  // not what was measured
    CHECK(in_threads() == 1);
  }
  parallel_for(0, 2, 1, [&](int64_t from, int64_t) {
    if (from == 0) CHECK(in_threads() == 1);
  });
  struct Listener : EventListener {
    int64_t calls = 0;
    void call_begins(const SlotCall&) override { ++calls; }
  } listener;
  {
    const Listening listening(listener);
    CHECK(in_threads() == 1);
  }
  CHECK(listener.calls == 7);
  CHECK(in_threads() == team);
}

TEST_CASE("calls that are slower side by side again run one after the other, on the memory of such", "[record]") {
  const Threads threads(2);
  int team = 1;
  in_team([&](int thread, int size) {
    if (thread == 0) team = size;
  });
  if (team == 1) return;
  const std::vector<Tensor> inputs{rand({40})};
  const Tensor expected = run(branches(4), inputs)[0];
  Runner runner(branches_side_by_side(4), {});
  const int64_t less = plan_memory(branches(4)).arenas[0].bytes;
  CHECK(runner.plan().arenas[0].bytes > less);
  notes.slow_elsewhere = std::this_thread::get_id();
  for (int i = 0; i < 1300; ++i) REQUIRE(same_bits(runner.run(inputs)[0], expected));
  notes.slow_elsewhere.reset();
  CHECK(runner.plan().arenas[0].bytes == less);
  notes.threads.clear();
  CHECK(same_bits(runner.run(inputs)[0], expected));
  CHECK(notes.threads.size() == 1);
}

TEST_CASE("an argument over memory that calls side by side write is no reason for other values", "[record]") {
  const Threads threads(2);
  Writer w;
  const BufferView x = w.input({40});
  const Tensor state = zeros({40});
  BufferView kept = w.temporary({40});
  w.list.buffers.back().role = BufferRole::Captured;
  w.list.buffers.back().storage = state.storage();
  const BufferView first = w.temporary({40}), second = w.temporary({40});
  w.add(first, x, x);
  w.call(fill_kernel, CallArgument::output(kept), CallArgument::of(Scalar(5.0)));
  w.add(second, first, kept);
  w.returns(second);
  w.list.side_by_side = {{0, 2, {1, 0}}};
  Runner runner(std::move(w.list), {});
  for (int i = 0; i < 50; ++i) {
    state.fill_(1);
    REQUIRE(runner.run(std::vector<Tensor>{state})[0].to_vector<float>() == std::vector<float>(40, 7));
  }
}

TEST_CASE("what a call side by side throws is told as from the list, and the next run is as ever", "[record]") {
  const Threads threads(2);
  const std::vector<Tensor> inputs{rand({40})};
  const Tensor expected = run(branches(4), inputs)[0];
  Runner runner(branches_side_by_side(4), {});
  for (int i = 0; i < 20; ++i) {
    notes.throwing = {2, 5};
    notes.ended.clear();
    CHECK_THROWS_WITH(runner.run(inputs), Contains("noted") && Contains("got 2"));
    for (const int64_t done : {0, 1}) CHECK(std::count(notes.ended.begin(), notes.ended.end(), done) == 1);  // as in the list
    CHECK(std::count(notes.ended.begin(), notes.ended.end(), 3) == 0);
    notes.throwing.clear();
    CHECK(same_bits(runner.run(inputs)[0], expected));
  }
}

TEST_CASE("recorded steps of networks with branches train as the steps themselves do", "[record]") {
  const Threads threads(2);
  struct Branches : nn::Module {
    nn::Child<nn::Linear> left{this, "left", 32, 64}, right{this, "right", 32, 64}, actor{this, "actor", 128, 6}, critic{this, "critic", 128, 1};
    nn::Child<nn::Dropout> drop{this, "drop", 0.2};
    nn::Child<nn::GRU> gru{this, "gru", 32, 8, nn::GRUOptions{.bidirectional = true}};
    std::vector<Tensor> operator()(const Tensor& x) {
      const Tensor joint = cat({drop(relu(left(x))), tanh(right(x))}, 1);
      const Tensor steps = std::get<0>(gru(x.view({6, 4, 32}))).mean();
      return {actor(joint), critic(joint) + steps};
    }
  };
  manual_seed(4);
  Branches a, b;
  b.load_state_dict(a.state_dict());
  optim::Adam adam_a(a.parameters()), adam_b(b.parameters());
  optim::StepLR rate_a(adam_a, 3, 0.5), rate_b(adam_b, 3, 0.5);
  const auto step_of = [](Branches& net, optim::Adam& adam, optim::StepLR& rate) {
    return [&](const Tensor& x, const Tensor& y) {
      adam.zero_grad();
      const std::vector<Tensor> out = net(x);
      Tensor loss = cross_entropy(out[0], y) + out[1].square().mean();
      loss.backward();
      nn::utils::clip_grad_norm_(net.parameters(), 1.0);
      adam.step();
      rate.step();
      return loss;
    };
  };
  auto eager = step_of(a, adam_a, rate_a);
  auto recorded = record(step_of(b, adam_b, rate_b));
  std::vector<Tensor> xs, ys;
  for (int i = 0; i < 30; ++i) xs.push_back(randn({24, 32})), ys.push_back(randint(6, {24}));
  const auto one = [&](size_t i) {
    manual_seed(i);
    const Tensor expected = eager(xs[i], ys[i]);
    manual_seed(i);
    Tensor got;
    std::thread([&] { got = recorded(xs[i], ys[i]); }).join();  // from another thread each time
    INFO("step " << i);
    REQUIRE(same_bits(got, expected));
    for (size_t k = 0; k < a.parameters().size(); ++k) {
      REQUIRE(same_bits(b.parameters()[k], a.parameters()[k]));
      REQUIRE(same_bits(b.parameters()[k].grad(), a.parameters()[k].grad()));
    }
  };
  for (size_t i = 0; i < 24; ++i) one(i);
  const Threads other(3);
  for (size_t i = 24; i < 30; ++i) one(i);
  CHECK(recorded.replays() == 28);
}

TEST_CASE("a step whose calls need each other stays as it is", "[record]") {
  const Threads threads(2);
  const Tensor w = randn({16, 16});
  auto step = record([&](const Tensor& x) { return matmul(matmul(x, w).softmax(1), w).softmax(0); }, {.fuse = false});
  const Tensor x = randn({16, 16}), expected = step(x);
  for (int i = 0; i < 30; ++i) REQUIRE(same_bits(step(x), expected));
  CHECK_THAT(to_string(step), !Contains("side by side"));
}

TEST_CASE("calls of a program's own slots run once in each replay, one after the other", "[record]") {
  const Threads threads(2);
  const Writer known;  // the slot is, from here on
  auto step = record([](const Tensor& x) {
    Tensor a = zeros_like(x), b = zeros_like(x);
    noted_kernel(kCPU, a, x, 1);
    noted_kernel(kCPU, b, x, 2);
    return a + b;
  });
  const Tensor x = rand({40});
  notes.threads.clear();
  for (int i = 0; i < 30; ++i) {
    notes.ended.clear();
    const Tensor got = step(x);
    REQUIRE(notes.ended == std::vector<int64_t>{1, 2});
    REQUIRE(allclose(got, x * 4 + 3));
  }
  CHECK(notes.threads.size() == 1);
  CHECK(step.replays() == 28);
}

TEST_CASE("what writes as much as its numbers say is called with none but the step's", "[record]") {
  const Threads threads(2);
  auto step = record([](const Tensor& x) { return std::tuple{nonzero(relu(x)), sin(x) + cos(x)}; }, {.cut_at_reads = true, .fuse = false});
  const Tensor x = full({20000}, -1.0);
  x.select(0, 7).fill_(1.0);
  const Tensor expected = sin(x) + cos(x);
  for (int i = 0; i < 12; ++i) {
    const auto [place, other] = step(x);
    REQUIRE(place.to_vector<int64_t>() == std::vector<int64_t>{7});
    REQUIRE(same_bits(other, expected));
  }
  CHECK(step.replays() > 0);
}
