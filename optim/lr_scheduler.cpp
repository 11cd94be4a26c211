#include "lazuli/optim/lr_scheduler.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli::optim {

LRScheduler::LRScheduler(Optimizer& optimizer) : optimizer_(optimizer) {
  for (size_t g = 0; g < optimizer.num_groups(); ++g) base_lrs_.push_back(optimizer.lr(g));
  first_ = std::make_shared<std::function<void()>>([this] { set_step(step_); });
  optimizer.waiting_ = first_;
}
LRScheduler::~LRScheduler() { *first_ = nullptr; }

void LRScheduler::set_step(int64_t step) {
  if (step < 0) fail("LRScheduler", "step", "a step of at least 0", std::to_string(step));
  step_ = step;
  *first_ = nullptr;
  for (size_t g = 0; g < base_lrs_.size(); ++g) optimizer_.set_lr(lr_at(step_, base_lrs_[g]), g);
}

StateDict LRScheduler::state_dict() const {
  auto number = [](double value) {
    Tensor t = new_tensor({}, kFloat64);
    *t.data_ptr<double>() = value;
    return t;
  };
  StateDict state{{"step", number(double(step_))}};
  for (size_t g = 0; g < base_lrs_.size(); ++g) state.set("base_lr." + std::to_string(g), number(base_lrs_[g]));
  return state;
}

void LRScheduler::load_state_dict(const StateDict& state) {
  double step = state.at("step").item<double>();
  std::vector<double> base_lrs;
  for (size_t g = 0; g < base_lrs_.size(); ++g) base_lrs.push_back(state.at("base_lr." + std::to_string(g)).item<double>());
  if (state.size() != base_lrs.size() + 1)
    fail("LRScheduler", "state", "step and " + std::to_string(base_lrs.size()) + " base rates", std::to_string(state.size()) + " entries");
  if (!(step >= 0 && step < 9e15)) fail("LRScheduler", "step", "a step of at least 0", std::to_string(step));
  base_lrs_ = base_lrs;
  set_step(int64_t(step));
}

namespace {
int64_t positive(const char* scheduler, const char* argument, int64_t value) {
  if (value < 1) fail(scheduler, argument, "at least 1", std::to_string(value));
  return value;
}
}  // namespace

StepLR::StepLR(Optimizer& optimizer, int64_t step_size, double gamma)
    : LRScheduler(optimizer), step_size_(positive("StepLR", "step_size", step_size)), gamma_(gamma) {}
double StepLR::lr_at(int64_t step, double base_lr) const { return base_lr * std::pow(gamma_, double(step / step_size_)); }

LinearLR::LinearLR(Optimizer& optimizer, double start_factor, double end_factor, int64_t total_iters)
    : LRScheduler(optimizer), start_factor_(start_factor), end_factor_(end_factor), total_iters_(positive("LinearLR", "total_iters", total_iters)) {
  lazuli::detail::check_member("LinearLR", "start_factor", {.above = 0, .most = 1}, start_factor);
  lazuli::detail::check_member("LinearLR", "end_factor", {.least = 0, .most = 1}, end_factor);
}
double LinearLR::lr_at(int64_t step, double base_lr) const {
  double part = double(std::min(step, total_iters_)) / double(total_iters_);
  return base_lr * (start_factor_ + (end_factor_ - start_factor_) * part);
}

CosineAnnealingLR::CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min)
    : LRScheduler(optimizer), T_max_(positive("CosineAnnealingLR", "T_max", T_max)), eta_min_(eta_min) {}
double CosineAnnealingLR::lr_at(int64_t step, double base_lr) const {
  return eta_min_ + (base_lr - eta_min_) * (1 + std::cos(std::numbers::pi * double(step) / double(T_max_))) / 2;
}

}  // namespace lazuli::optim
