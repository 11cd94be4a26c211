#include <cmath>
#include <numbers>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

struct Net {
  Tensor p = ones({1}).requires_grad_(), q = ones({1}).requires_grad_();
  optim::SGD sgd{{{.params = {p}, .options = {.lr = 1.0}}, {.params = {q}, .options = {.lr = 0.1}}}};
};

// The first group's rates over `steps` steps, and whether the second's are a tenth of them.
template <class Scheduler>
std::vector<double> rates(Net& net, Scheduler& scheduler, int steps, bool tenth = true) {
  std::vector<double> seen;
  for (int k = 0; k < steps; ++k) {
    seen.push_back(net.sgd.lr(0));
    if (tenth) CHECK(net.sgd.lr(1) == Approx(seen.back() / 10).margin(1e-15));
    scheduler.step();
  }
  return seen;
}
void check(const std::vector<double>& got, const std::vector<double>& expected) {
  REQUIRE(got.size() == expected.size());
  for (size_t k = 0; k < got.size(); ++k) {
    INFO("step " << k);
    CHECK(got[k] == Approx(expected[k]).margin(1e-15));
  }
}

}  // namespace

TEST_CASE("Schedulers of decay", "[optim]") {
  {
    Net net;
    optim::MultiStepLR scheduler(net.sgd, {4, 2, 4}, 0.5);
    check(rates(net, scheduler, 6), {1, 1, 0.5, 0.5, 0.125, 0.125});
  }
  {
    Net net;
    optim::ConstantLR scheduler(net.sgd, 0.5, 2);
    check(rates(net, scheduler, 4), {0.5, 0.5, 1, 1});
  }
  {
    Net net;
    optim::ConstantLR scheduler(net.sgd, 0.5, 0);
    check(rates(net, scheduler, 4), {0.5, 0.5, 0.5, 0.5});
  }
  {
    Net net;
    optim::ExponentialLR scheduler(net.sgd, 0.5);
    check(rates(net, scheduler, 4), {1, 0.5, 0.25, 0.125});
  }
  {
    Net net;
    optim::PolynomialLR scheduler(net.sgd, 4, 2);
    check(rates(net, scheduler, 6), {1, 9.0 / 16, 4.0 / 16, 1.0 / 16, 0, 0});
  }
  {
    Net net;
    optim::LambdaLR scheduler(net.sgd, [](int64_t step) { return 1.0 / double(1 + step); });
    check(rates(net, scheduler, 4), {1, 1.0 / 2, 1.0 / 3, 1.0 / 4});
  }
  {
    Net net;
    optim::LambdaLR scheduler(net.sgd, {[](int64_t) { return 1.0; }, [](int64_t step) { return double(step); }});
    scheduler.step();
    scheduler.step();
    CHECK(net.sgd.lr(0) == 1);
    CHECK(net.sgd.lr(1) == Approx(0.2));
  }
  {
    Net net;
    optim::MultiplicativeLR scheduler(net.sgd, [](int64_t step) { return step == 2 ? 0.5 : 0.9; });
    check(rates(net, scheduler, 4), {1, 0.9, 0.45, 0.405});
    CHECK(scheduler.lr_at(3, 2) == Approx(0.81));
  }
}

TEST_CASE("Cosine annealing restarts, each time after longer", "[optim]") {
  Net net;
  optim::CosineAnnealingWarmRestarts scheduler(net.sgd, 2, 3, 0);
  const auto half = [](double part) { return (1 + std::cos(std::numbers::pi * part)) / 2; };
  check(rates(net, scheduler, 10), {1, half(0.5), 1, half(1.0 / 6), half(2.0 / 6), half(0.5), half(4.0 / 6), half(5.0 / 6), 1, half(1.0 / 18)});
  CHECK(scheduler.lr_at(INT64_MAX / 2, 1) >= 0);  // lengths beyond 64 bits
}

TEST_CASE("CyclicLR goes up and down, and the momentum down and up", "[optim]") {
  Net net;
  optim::CyclicLR scheduler(net.sgd, 0.2, 1.0, {.step_size_up = 2, .step_size_down = 4, .base_momentum = 0.5, .max_momentum = 0.9});
  CHECK(net.sgd.lr(0) == Approx(0.2));
  CHECK(net.sgd.options(0).momentum == Approx(0.9));
  check(rates(net, scheduler, 9, false), {0.2, 0.6, 1, 0.8, 0.6, 0.4, 0.2, 0.6, 1});
  CHECK(net.sgd.options(0).momentum == Approx(0.6));
  Net other;
  optim::CyclicLR halving(other.sgd, {0.2, 0}, {1.0, 0.1}, {.step_size_up = 1, .mode = "triangular2"});
  check(rates(other, halving, 4, false), {0.2, 1, 0.2, 0.6});
  Net third;
  optim::CyclicLR own(third.sgd, 0, 1, {.step_size_up = 1, .scale_fn = [](double cycle) { return 1 / cycle; }, .cycle_momentum = false});
  check(rates(third, own, 6, false), {0, 1, 0, 0.5, 0, 1.0 / 3});
  CHECK(third.sgd.options(0).momentum == 0);
  optim::Adam adam({ones({1}).requires_grad_()}, 0.1);
  optim::CyclicLR beta(adam, 0, 1, {.step_size_up = 1, .base_momentum = 0.7});
  beta.step();
  CHECK(adam.options().beta1 == Approx(0.7));
  optim::Adagrad none({ones({1}).requires_grad_()});
  CHECK(says(error_of([&] { optim::CyclicLR(none, 0, 1); }), "momentum or beta1"));
}

TEST_CASE("OneCycleLR goes up once and far down", "[optim]") {
  Net net;
  optim::OneCycleLR scheduler(net.sgd, 1.0, 10, {.pct_start = 0.5, .anneal_strategy = "linear", .div_factor = 10, .final_div_factor = 100});
  std::vector<double> seen = rates(net, scheduler, 10, false);
  check({seen[0], seen[2], seen[4], seen[9]}, {0.1, 0.55, 1, 0.001});
  CHECK(seen[5] < 1);
  CHECK(net.sgd.options(0).momentum == Approx(0.95));
  CHECK(says(error_of([&] { scheduler.step(); }), "at most total_steps, 10"));
  Net three;
  optim::OneCycleLR phases(three.sgd, 1.0, 10, {.pct_start = 0.3, .anneal_strategy = "linear", .div_factor = 10, .three_phase = true});
  seen = rates(three, phases, 10, false);
  check({seen[0], seen[1], seen[2], seen[3], seen[4]}, {0.1, 0.55, 1, 0.55, 0.1});
  CHECK(seen[9] == Approx(1e-5));
  Net by_epochs;
  optim::OneCycleLR epochs(
      by_epochs.sgd, 1.0,
      {.epochs = 2, .steps_per_epoch = 5, .pct_start = 0.5, .anneal_strategy = "linear", .div_factor = 10, .final_div_factor = 100});
  for (int64_t step = 0; step < 10; ++step) CHECK(epochs.lr_at(step, 0) == scheduler.lr_at(step, 0));
  CHECK(says(error_of([&] { optim::OneCycleLR(net.sgd, 1.0, {.epochs = 2}); }), "steps_per_epoch"));
  CHECK(says(error_of([&] { optim::OneCycleLR(net.sgd, 1.0, {.epochs = 0, .steps_per_epoch = 3}); }), "epochs"));
  // An option by position and by name.
  const char* both = "expected a value by position or by name, got both";
  CHECK(says(error_of([&] { optim::OneCycleLR(net.sgd, 1.0, 10, {.max_lr = 2}); }), both));
  CHECK(says(error_of([&] { optim::OneCycleLR(net.sgd, 1.0, 10, {.total_steps = 20}); }), both));
  CHECK(says(error_of([&] { optim::OneCycleLR(net.sgd, 1.0, {.max_lr = 2, .total_steps = 20}); }), both));
  CHECK(says(error_of([&] { optim::StepLR(net.sgd, 3, {.step_size = 4}); }), both));
  CHECK(says(error_of([&] { optim::CosineAnnealingLR(net.sgd, 3, {.T_max = 4}); }), both));
  CHECK(says(error_of([&] { optim::CosineAnnealingWarmRestarts(net.sgd, 3, {.T_0 = 4}); }), both));
  optim::OneCycleLR total(net.sgd, 1.0, {.total_steps = 10});
  CHECK_NOTHROW(total.set_step(10));
  CHECK_THROWS_AS(total.set_step(11), Error);
  CHECK(says(error_of([&] { optim::OneCycleLR(net.sgd, 1.0, 10, {.pct_start = 1.5}); }), "pct_start"));
  CHECK(says(error_of([&] { optim::OneCycleLR(net.sgd, 1.0, 10, {.anneal_strategy = "sin"}); }), "cos or linear"));
}

TEST_CASE("ReduceLROnPlateau reduces after more bad epochs than its patience", "[optim]") {
  Net net;
  optim::ReduceLROnPlateau scheduler(net.sgd, {.factor = 0.5, .patience = 1, .threshold = 0, .cooldown = 1}, {0.3, 0.0});
  std::vector<double> seen;
  for (double loss : {5.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, double(NAN), double(NAN), double(NAN)}) {
    scheduler.step(loss);
    seen.push_back(net.sgd.lr(0));
  }
  check(seen, {1, 1, 1, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3});
  CHECK(net.sgd.lr(1) == Approx(0.0125));
  CHECK(scheduler.best() == 4);
  Net other;
  optim::ReduceLROnPlateau most(other.sgd, {.mode = "max", .factor = 0.5, .patience = 0, .threshold = 0.5, .threshold_mode = "abs"});
  for (double accuracy : {1.0, 1.4, 1.6, 2.2}) most.step(accuracy);
  CHECK(other.sgd.lr(0) == 0.5);  // 1.4 is not enough better than 1, 1.6 is, 2.2 than 1.6, too
  CHECK(says(error_of([&] { optim::ReduceLROnPlateau(net.sgd, {.factor = 1}); }), "factor"));
  CHECK(says(error_of([&] { optim::ReduceLROnPlateau(net.sgd, {.mode = "least"}); }), "min or max"));
}

TEST_CASE("A warm-up, then cosine", "[optim]") {
  Net net;
  optim::LinearLR warmup(net.sgd, 0.5, 1.0, 2);
  optim::CosineAnnealingLR cosine(net.sgd, 4);
  optim::SequentialLR scheduler(net.sgd, {&warmup, &cosine}, {2});
  check(rates(net, scheduler, 7), {0.5, 0.75, 1, (1 + std::sqrt(0.5)) / 2, 0.5, (1 - std::sqrt(0.5)) / 2, 0});
  scheduler.set_step(1);
  CHECK(net.sgd.lr(0) == 0.75);
  CHECK(says(error_of([&] { optim::SequentialLR(net.sgd, {&warmup, &cosine}, {2, 3}); }), "1, one less than schedulers"));
  CHECK(says(error_of([&] { optim::SequentialLR(net.sgd, {&warmup, &cosine}, {0}); }), "above 0 that rise"));
  CHECK(says(error_of([&] { optim::SequentialLR(net.sgd, {}, {}); }), "at least one"));
  Net other;
  CHECK(says(error_of([&] { optim::SequentialLR(other.sgd, {&warmup, &cosine}, {2}); }), "of another"));
}

TEST_CASE("Schedulers chain: together in one, or each with steps of its own", "[optim]") {
  const auto expected = [](int k) { return std::pow(0.9, k) * (k < 3 ? 0.5 : 1); };
  Net net;
  optim::ConstantLR constant(net.sgd, 0.5, 3);
  optim::ExponentialLR decay(net.sgd, 0.9);
  optim::ChainedScheduler both(net.sgd, {&constant, &decay});
  check(rates(net, both, 6), {expected(0), expected(1), expected(2), expected(3), expected(4), expected(5)});
  CHECK(both.lr_at(4, 1) == Approx(expected(4)));
  Net other;
  optim::ConstantLR first(other.sgd, 0.5, 3);
  optim::ExponentialLR second(other.sgd, 0.9);
  for (int k = 0; k < 6; ++k) {
    CHECK(other.sgd.lr(0) == Approx(expected(k)));
    first.step();
    second.step();
  }
  // Cosine annealing in a chain comes out of its minimum again.
  Net third;
  optim::CosineAnnealingLR cosine(third.sgd, 4);
  optim::ConstantLR one(third.sgd, 1, 3);
  optim::ChainedScheduler chain(third.sgd, {&cosine, &one});
  std::vector<double> seen = rates(third, chain, 9);
  CHECK(seen[4] == Approx(0).margin(1e-12));
  CHECK(seen[8] == Approx(1));
}

// As PyTorch 2.15 has them.
TEST_CASE("Parts of sequences and chains that have rates of their own begin where PyTorch has them begin", "[optim]") {
  struct Momentum {
    Tensor p = ones({1}).requires_grad_();
    optim::SGD sgd{{p}, {.lr = 1, .momentum = 0.9}};
    std::vector<double> rates(optim::LRScheduler& scheduler) {
      std::vector<double> seen;
      for (int k = 0; k < 8; ++k, scheduler.step()) seen.push_back(sgd.lr());
      return seen;
    }
  };
  {
    Momentum net;
    optim::StepLR decay(net.sgd, 2, 0.5);
    optim::OneCycleLR cycle(net.sgd, 4, 8);
    optim::SequentialLR both(net.sgd, {&decay, &cycle}, {4});
    check(net.rates(both), {0.16, 0.16, 0.08, 0.08, 0.16, 3.2771004160067627, 3.887767111443886, 3.2469824682});
  }
  {
    Momentum net;
    optim::StepLR decay(net.sgd, 2, 0.5);
    optim::MultiplicativeLR slower(net.sgd, [](int64_t) { return 0.9; });
    optim::SequentialLR both(net.sgd, {&decay, &slower}, {4});
    check(net.rates(both), {1, 1, 0.5, 0.5, 0.45, 0.405, 0.3645, 0.32805});
    CHECK(both.lr_at(5, 1) == Approx(0.405));
  }
  {
    Momentum net;
    optim::CyclicLR cycle(net.sgd, 0.1, 0.5, {.step_size_up = 2});
    optim::StepLR decay(net.sgd, 2, 0.5);
    optim::SequentialLR both(net.sgd, {&cycle, &decay}, {4});
    check(net.rates(both), {0.1, 0.3, 0.5, 0.3, 0.1, 0.1, 0.05, 0.05});
  }
  Momentum net;
  optim::StepLR decay(net.sgd, 2, 0.5);
  optim::CyclicLR cycle(net.sgd, 0.1, 0.5, {.step_size_up = 2});
  optim::ChainedScheduler both(net.sgd, {&decay, &cycle});
  check(net.rates(both), {1, 0.3, 0.5, 0.3, 0.1, 0.3, 0.5, 0.3});
}

TEST_CASE("A rate that the user sets is what a scheduler goes on from", "[optim]") {
  Net net;
  optim::ExponentialLR scheduler(net.sgd, 0.5);
  scheduler.step();
  net.sgd.set_lr(8, 0);
  scheduler.step();
  CHECK(net.sgd.lr(0) == 4);
}

TEST_CASE("SWALR takes over from where another scheduler has come", "[optim][swa]") {
  Net net;
  optim::ExponentialLR decay(net.sgd, 0.5);
  optim::swa_utils::SWALR swa(net.sgd, 0.05, 2, optim::swa_utils::Anneal::Linear);
  for (int k = 0; k < 2; ++k) decay.step();
  CHECK(net.sgd.lr(0) == 0.25);
  swa.step();
  CHECK(net.sgd.lr(0) == Approx(0.15));
  swa.step();
  CHECK(net.sgd.lr(0) == Approx(0.05));
}

namespace {

// Runs 12 steps, or saves after 5, makes everything again, loads and runs the rest: the rates must be the same bits.
template <class Make>
void resumes(Make make) {
  std::vector<double> whole, resumed;
  const auto run = [](Net& net, auto& scheduler, int from, int to, std::vector<double>& into) {
    for (int k = from; k < to; ++k) {
      into.push_back(net.sgd.lr(0));
      into.push_back(net.sgd.lr(1));
      into.push_back(net.sgd.options(0).momentum);
      scheduler.step();
    }
  };
  Net a, b, c;
  auto first = make(a), second = make(b);
  run(a, *first, 0, 12, whole);
  run(b, *second, 0, 5, resumed);
  const StateDict optimizer = b.sgd.state_dict().clone(), state = second->state_dict().clone();
  c.sgd.load_state_dict(optimizer);
  auto third = make(c);
  third->load_state_dict(state);
  run(c, *third, 5, 12, resumed);
  CHECK(resumed == whole);
  CHECK(error_of([&] { third->load_state_dict(StateDict{}); }) != "no error");
  StateDict wrong = state;
  wrong.set("more", zeros({}));
  CHECK(says(error_of([&] { third->load_state_dict(wrong); }), "entries"));
}

}  // namespace

TEST_CASE("Every scheduler goes on exactly from its saved state", "[optim]") {
  resumes([](Net& n) { return std::make_unique<optim::StepLR>(n.sgd, 2, 0.3); });
  resumes([](Net& n) { return std::make_unique<optim::MultiStepLR>(n.sgd, std::vector<int64_t>{3, 7}, 0.3); });
  resumes([](Net& n) { return std::make_unique<optim::ConstantLR>(n.sgd, 0.3, 7); });
  resumes([](Net& n) { return std::make_unique<optim::LinearLR>(n.sgd, 0.3, 1, 9); });
  resumes([](Net& n) { return std::make_unique<optim::ExponentialLR>(n.sgd, 0.7); });
  resumes([](Net& n) { return std::make_unique<optim::PolynomialLR>(n.sgd, 10, 1.7); });
  resumes([](Net& n) { return std::make_unique<optim::LambdaLR>(n.sgd, [](int64_t step) { return 1 / (1.3 + double(step)); }); });
  resumes([](Net& n) { return std::make_unique<optim::MultiplicativeLR>(n.sgd, [](int64_t step) { return 0.9 + 0.01 * double(step); }); });
  resumes([](Net& n) { return std::make_unique<optim::CosineAnnealingLR>(n.sgd, 7, 0.01); });
  resumes([](Net& n) { return std::make_unique<optim::CosineAnnealingWarmRestarts>(n.sgd, 3, 2, 0.01); });
  resumes([](Net& n) {
    return std::make_unique<optim::CyclicLR>(n.sgd, 0.1, 0.7, optim::CyclicLROptions{.step_size_up = 3, .mode = "exp_range", .gamma = 0.9});
  });
  resumes([](Net& n) { return std::make_unique<optim::OneCycleLR>(n.sgd, 0.7, 13); });
  struct Two {
    std::unique_ptr<optim::LRScheduler> a, b, whole;
    void step() { whole->step(); }
    StateDict state_dict() { return whole->state_dict(); }
    void load_state_dict(const StateDict& state) { whole->load_state_dict(state); }
  };
  const auto two = [](Net& n) {
    auto made = std::make_unique<Two>();
    made->a = std::make_unique<optim::LinearLR>(n.sgd, 0.3, 1, 4);
    made->b = std::make_unique<optim::CosineAnnealingLR>(n.sgd, 6);
    return made;
  };
  resumes([&](Net& n) {
    auto made = two(n);
    made->whole =
        std::make_unique<optim::SequentialLR>(n.sgd, std::vector<optim::LRScheduler*>{made->a.get(), made->b.get()}, std::vector<int64_t>{4});
    return made;
  });
  resumes([&](Net& n) {
    auto made = two(n);
    made->whole = std::make_unique<optim::ChainedScheduler>(n.sgd, std::vector<optim::LRScheduler*>{made->a.get(), made->b.get()});
    return made;
  });
  resumes([&](Net& n) {
    struct Cycled : Two {
      std::unique_ptr<optim::LRScheduler> c;
    };
    auto made = std::make_unique<Cycled>();
    made->a = std::make_unique<optim::LinearLR>(n.sgd, 0.3, 1, 4);
    made->b = std::make_unique<optim::OneCycleLR>(n.sgd, 0.7, 30, optim::OneCycleLROptions{.cycle_momentum = false});
    made->c = std::make_unique<optim::ChainedScheduler>(n.sgd, std::vector<optim::LRScheduler*>{made->a.get()});
    made->whole =
        std::make_unique<optim::SequentialLR>(n.sgd, std::vector<optim::LRScheduler*>{made->c.get(), made->b.get()}, std::vector<int64_t>{4});
    return made;
  });
  struct Plateau {
    optim::ReduceLROnPlateau scheduler;
    void step() { scheduler.step(1); }
    StateDict state_dict() { return scheduler.state_dict(); }
    void load_state_dict(const StateDict& state) { scheduler.load_state_dict(state); }
  };
  resumes(
      [](Net& n) { return std::unique_ptr<Plateau>(new Plateau{optim::ReduceLROnPlateau(n.sgd, {.factor = 0.7, .patience = 2, .cooldown = 1})}); });
}

TEST_CASE("Scheduler arguments that make no sense", "[optim]") {
  Net net;
  CHECK(says(error_of([&] { optim::ConstantLR(net.sgd, 1.5); }), "factor"));
  CHECK(says(error_of([&] { optim::ConstantLR(net.sgd, 0.5, -1); }), "total_iters"));
  CHECK(says(error_of([&] { optim::PolynomialLR(net.sgd, 0); }), "total_iters"));
  CHECK(says(error_of([&] { optim::CosineAnnealingWarmRestarts(net.sgd, 0); }), "T_0"));
  CHECK(says(error_of([&] { optim::CosineAnnealingWarmRestarts(net.sgd, 1, 0); }), "T_mult"));
  CHECK(says(error_of([&] { optim::LambdaLR(net.sgd, optim::LambdaLR::Function()); }), "a function"));
  CHECK(says(error_of([&] { optim::LambdaLR(net.sgd, std::vector<optim::LambdaLR::Function>(3)); }), "2 groups"));
  CHECK(says(error_of([&] { optim::CyclicLR(net.sgd, 0, 1, {.mode = "square"}); }), "exp_range"));
  CHECK(says(error_of([&] { optim::CyclicLR(net.sgd, 0, 1, {.step_size_up = 0}); }), "step_size_up"));
}

TEST_CASE("Schedulers are made of others that are made on the spot", "[optim]") {
  Net net;
  optim::SequentialLR scheduler(net.sgd, {optim::LinearLR(net.sgd, 0.5, 1.0, 2), optim::CosineAnnealingLR(net.sgd, 4)}, {2});
  CHECK(net.sgd.lr(0) == 0.5);
  Net named;
  optim::LinearLR warmup(named.sgd, 0.5, 1.0, 2);
  optim::CosineAnnealingLR cosine(named.sgd, 4);
  optim::SequentialLR same(named.sgd, {&warmup, &cosine}, {2});
  for (int step = 0; step < 7; ++step) {
    CHECK(net.sgd.lr(0) == named.sgd.lr(0));
    scheduler.step(), same.step();
  }
  CHECK(scheduler.state_dict().keys() == same.state_dict().keys());
  Net third;
  optim::ChainedScheduler chain(third.sgd, {optim::ConstantLR(third.sgd, 0.5, 3), std::make_shared<optim::ExponentialLR>(third.sgd, 0.9)});
  CHECK(third.sgd.lr(0) == 0.5);
  chain.step();
  CHECK(third.sgd.lr(0) == Approx(0.45));
}

TEST_CASE("schedulers are written as in PyTorch: a chain without its optimizer, options in order by position, last_epoch", "[optim]") {
  Net net;
  optim::ChainedScheduler chain({optim::ConstantLR(net.sgd, 0.1, 2), optim::ExponentialLR(net.sgd, 0.9)});
  for (int i = 0; i < 4; ++i) net.sgd.step(), chain.step();
  CHECK(net.sgd.lr(0) == Approx(std::pow(0.9, 4)));
  CHECK(net.sgd.lr(1) == Approx(0.1 * std::pow(0.9, 4)));
  CHECK(chain.last_epoch() == 4);
  CHECK(says(error_of([] { optim::ChainedScheduler(std::vector<optim::LRScheduler*>{}); }), "at least one"));

  Net other;
  optim::ReduceLROnPlateau plateau(other.sgd, "max", 0.5, 1);
  for (double metric : {1.0, 0.5, 0.5}) plateau.step(metric);
  CHECK(other.sgd.lr(0) == Approx(0.5));
  CHECK(plateau.last_epoch() == 3);
  CHECK(says(error_of([&] { optim::ReduceLROnPlateau(other.sgd, "least"); }), "min or max"));

  Net third;
  optim::OneCycleLR cycle(third.sgd, {.max_lr = 0.4, .epochs = 2, .steps_per_epoch = 10, .pct_start = 0.25});
  CHECK(cycle.lr_at(4, 1.0) == Approx(0.4));
}
