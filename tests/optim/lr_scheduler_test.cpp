#include "lazuli/optim/lr_scheduler.h"

#include <cmath>
#include <numbers>
#include <sstream>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

struct Fixture {
  Tensor p = ones({1}).requires_grad_(), q = ones({1}).requires_grad_();
  optim::SGD sgd{{{.params = {p}, .options = {.lr = 1.0}}, {.params = {q}, .options = {.lr = 0.1}}}};
};

}  // namespace

TEST_CASE("StepLR", "[optim]") {
  Fixture f;
  optim::StepLR scheduler(f.sgd, 3, 0.5);
  for (double expected : {1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25}) {
    CHECK(f.sgd.lr(0) == Approx(expected));
    CHECK(f.sgd.lr(1) == Approx(expected / 10));
    const double last = scheduler.get_last_lr();
    CHECK(last == f.sgd.lr(0));
    CHECK(scheduler.get_last_lr(1) == f.sgd.lr(1));
    CHECK(scheduler.get_last_lr() == std::vector{f.sgd.lr(0), f.sgd.lr(1)});
    CHECK(scheduler.get_last_lr()[1] == f.sgd.lr(1));
    scheduler.step();
  }
}

TEST_CASE("LinearLR", "[optim]") {
  Fixture f;
  optim::LinearLR scheduler(f.sgd, 0.5, 1.0, 4);
  for (double expected : {0.5, 0.625, 0.75, 0.875, 1.0, 1.0, 1.0}) {
    CHECK(f.sgd.lr(0) == Approx(expected));
    CHECK(f.sgd.lr(1) == Approx(expected / 10));
    scheduler.step();
  }
}

TEST_CASE("CosineAnnealingLR", "[optim]") {
  Fixture f;
  optim::CosineAnnealingLR scheduler(f.sgd, 10, 0.01);
  for (int i = 0; i <= 12; ++i) {
    CHECK(f.sgd.lr(0) == Approx(0.01 + 0.99 * (1 + std::cos(std::numbers::pi * i / 10)) / 2));
    scheduler.step();
  }
}

TEST_CASE("A scheduler goes to any step, and its state comes back", "[optim]") {
  Fixture f, g;
  optim::StepLR a(f.sgd, 2, 0.1);
  a.set_step(5);
  CHECK(f.sgd.lr() == Approx(0.01));
  CHECK(a.current_step() == 5);
  // Resumed the usual way: the optimizer first, whose rate is no longer the base rate.
  g.sgd.load_state_dict(f.sgd.state_dict());
  optim::StepLR b(g.sgd, 2, 0.1);
  b.load_state_dict(a.state_dict());
  for (int i = 0; i < 4; ++i) {
    CHECK(g.sgd.lr(0) == f.sgd.lr(0));
    CHECK(g.sgd.lr(1) == f.sgd.lr(1));
    a.step();
    b.step();
  }
  CHECK(error_of([&] { b.load_state_dict({{"step", zeros({})}}); }).find("base_lr.0") != std::string::npos);
  CHECK(error_of([&] { b.set_step(-1); }).find("step") != std::string::npos);
}

TEST_CASE("Scheduler arguments out of range", "[optim]") {
  Fixture f;
  CHECK(error_of([&] { optim::StepLR(f.sgd, 0); }).find("step_size") != std::string::npos);
  CHECK(error_of([&] { optim::LinearLR(f.sgd, 0); }).find("start_factor") != std::string::npos);
  CHECK(error_of([&] { optim::LinearLR(f.sgd, 0.5, 1.5); }).find("end_factor") != std::string::npos);
  CHECK(error_of([&] { optim::LinearLR(f.sgd, 0.5, 1, 0); }).find("total_iters") != std::string::npos);
  CHECK(error_of([&] { optim::CosineAnnealingLR(f.sgd, 0); }).find("T_max") != std::string::npos);
}

namespace {
struct Halving : optim::LRScheduler {
  explicit Halving(optim::Optimizer& optimizer) : LRScheduler(optimizer) {}
  double lr_at(int64_t step, double base_lr) const override { return base_lr / double(step + 2); }
};
}  // namespace

TEST_CASE("A scheduler of one's own sets the rate of step 0 as well", "[optim]") {
  Fixture f;
  Halving scheduler(f.sgd);
  CHECK(f.sgd.lr(0) == 0.5);
  CHECK(f.sgd.lr(1) == 0.05);
  scheduler.step();
  CHECK(f.sgd.lr(0) == Approx(1.0 / 3));
  // In a step that comes before anyone asks, too.
  Fixture g;
  Halving other(g.sgd);
  g.p.set_grad(ones({1}));
  g.sgd.step();
  CHECK(g.p.item<double>() == 0.5);
  // One that is gone before the optimizer is used has no say; one made after it takes over its rates.
  Fixture h;
  { Halving gone(h.sgd); }
  CHECK(h.sgd.lr(0) == 1);
  Halving first(h.sgd), second(h.sgd);
  CHECK(h.sgd.lr(0) == 0.25);
  CHECK(first.get_last_lr()[0] == 0.25);
}

TEST_CASE("Schedulers take their options by name", "[optim]") {
  Fixture f;
  optim::LinearLR warm(f.sgd, {.start_factor = 0.1, .total_iters = 5});
  optim::CosineAnnealingLR cosine(f.sgd, 20, {.eta_min = 0.01}), same(f.sgd, {.T_max = 20, .eta_min = 0.01});
  CHECK(warm.lr_at(0, 1.0) == 0.1);
  CHECK(cosine.lr_at(20, 1.0) == Approx(0.01));
  CHECK(same.lr_at(7, 1.0) == cosine.lr_at(7, 1.0));
  optim::SequentialLR both(f.sgd, {warm, cosine}, {5});
  CHECK(both.lr_at(2, 1.0) == warm.lr_at(2, 1.0));
  CHECK(both.lr_at(9, 1.0) == cosine.lr_at(4, 1.0));
  CHECK(optim::StepLR(f.sgd, 3, {.gamma = 0.5}).lr_at(3, 1.0) == 0.5);
  CHECK(optim::StepLR(f.sgd, {.step_size = 3}).lr_at(3, 1.0) == Approx(0.1));
  CHECK(optim::MultiStepLR(f.sgd, {2, 4}, {.gamma = 0.5}).lr_at(4, 1.0) == 0.25);
  CHECK(optim::PolynomialLR(f.sgd, {.total_iters = 4, .power = 2}).lr_at(2, 1.0) == Approx(0.25));
  CHECK(optim::CosineAnnealingWarmRestarts(f.sgd, {.T_0 = 5, .T_mult = 2}).lr_at(5, 1.0) == Approx(1.0));
  CHECK(optim::swa_utils::SWALR(f.sgd, {.swa_lr = 0.05, .anneal_epochs = 3}).lr_at(3, 1.0) == Approx(0.05));
  optim::SGD other({f.p}, 1.0);
  optim::OneCycleLR cycle(other, {.max_lr = 0.5, .total_steps = 10});
  CHECK(cycle.lr_at(0, 1.0) == Approx(0.02));
  CHECK(error_of([&] { optim::StepLR(f.sgd, {.gamma = 0.5}); }) == "StepLR: argument 'step_size': expected a value, got none");
}

TEST_CASE("schedulers print where they are", "[optim]") {
  const Tensor w = ones({2}).requires_grad_();
  optim::SGD sgd({w}, {.lr = 0.5});
  optim::StepLR steps(sgd, {.step_size = 1, .gamma = 0.5});
  CHECK(to_string(steps) == "StepLR(step=0, lr=[0.5])");
  sgd.step();
  steps.step();
  std::ostringstream text;
  text << steps;
  CHECK(text.str() == "StepLR(step=1, lr=[0.25])");
  optim::ReduceLROnPlateau plateau(sgd);
  plateau.step(2.5);
  CHECK(to_string(plateau) == "ReduceLROnPlateau(step=1, lr=[0.25], best=2.5)");
}
