#include "lazuli/optim/lr_scheduler/decay.h"

#include <algorithm>
#include <cmath>

#include "lazuli/optim/lr_scheduler/checks.h"

namespace lazuli::optim {

using lazuli::detail::check_member;

StepLR::StepLR(Optimizer& optimizer, int64_t step_size, double gamma)
    : LRScheduler(optimizer), step_size_(at_least(1, "StepLR", "step_size", step_size)), gamma_(gamma) {}
double StepLR::lr_at(int64_t step, double base_lr) const { return base_lr * std::pow(gamma_, double(step / step_size_)); }

MultiStepLR::MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma)
    : LRScheduler(optimizer), milestones_(std::move(milestones)), gamma_(gamma) {
  std::sort(milestones_.begin(), milestones_.end());
}
double MultiStepLR::lr_at(int64_t step, double base_lr) const {
  return base_lr * std::pow(gamma_, double(std::upper_bound(milestones_.begin(), milestones_.end(), step) - milestones_.begin()));
}

ConstantLR::ConstantLR(Optimizer& optimizer, double factor, int64_t total_iters)
    : LRScheduler(optimizer), factor_(factor), total_iters_(at_least(0, "ConstantLR", "total_iters", total_iters)) {
  check_member("ConstantLR", "factor", {.least = 0, .most = 1}, factor);
}
double ConstantLR::lr_at(int64_t step, double base_lr) const { return step < total_iters_ || total_iters_ == 0 ? base_lr * factor_ : base_lr; }

LinearLR::LinearLR(Optimizer& optimizer, double start_factor, double end_factor, int64_t total_iters)
    : LRScheduler(optimizer),
      start_factor_(start_factor),
      end_factor_(end_factor),
      total_iters_(at_least(1, "LinearLR", "total_iters", total_iters)) {
  check_member("LinearLR", "start_factor", {.above = 0, .most = 1}, start_factor);
  check_member("LinearLR", "end_factor", {.least = 0, .most = 1}, end_factor);
}
double LinearLR::lr_at(int64_t step, double base_lr) const {
  double part = double(std::min(step, total_iters_)) / double(total_iters_);
  return base_lr * (start_factor_ + (end_factor_ - start_factor_) * part);
}

ExponentialLR::ExponentialLR(Optimizer& optimizer, double gamma) : LRScheduler(optimizer), gamma_(gamma) {}
double ExponentialLR::lr_at(int64_t step, double base_lr) const { return base_lr * std::pow(gamma_, double(step)); }

PolynomialLR::PolynomialLR(Optimizer& optimizer, int64_t total_iters, double power)
    : LRScheduler(optimizer), total_iters_(at_least(1, "PolynomialLR", "total_iters", total_iters)), power_(power) {
  check_member("PolynomialLR", "power", {.least = 0}, power);
}
double PolynomialLR::lr_at(int64_t step, double base_lr) const {
  return base_lr * std::pow(1 - double(std::min(step, total_iters_)) / double(total_iters_), power_);
}

LambdaLR::LambdaLR(Optimizer& optimizer, Function lr_lambda) : LambdaLR(optimizer, std::vector<Function>{std::move(lr_lambda)}) {}
LambdaLR::LambdaLR(Optimizer& optimizer, std::vector<Function> lr_lambdas)
    : LRScheduler(optimizer), lambdas_(for_groups("LambdaLR", "lr_lambda", std::move(lr_lambdas), optimizer.num_groups())) {
  for (const Function& f : lambdas_)
    if (!f) fail("LambdaLR", "lr_lambda", "a function", "an empty one");
}
double LambdaLR::lr_at(int64_t step, double base_lr) const { return group_lr_at(0, step, base_lr); }
double LambdaLR::group_lr_at(size_t group, int64_t step, double base_lr) const { return base_lr * lambdas_[group](step); }
double LambdaLR::next_lr(size_t group, int64_t step, double, double base_lr) const { return group_lr_at(group, step, base_lr); }

MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, Function lr_lambda)
    : MultiplicativeLR(optimizer, std::vector<Function>{std::move(lr_lambda)}) {}
MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, std::vector<Function> lr_lambdas)
    : LRScheduler(optimizer), lambdas_(for_groups("MultiplicativeLR", "lr_lambda", std::move(lr_lambdas), optimizer.num_groups())) {
  for (const Function& f : lambdas_)
    if (!f) fail("MultiplicativeLR", "lr_lambda", "a function", "an empty one");
  go_from_last();
}
double MultiplicativeLR::lr_at(int64_t step, double base_lr) const { return group_lr_at(0, step, base_lr); }
double MultiplicativeLR::group_lr_at(size_t group, int64_t step, double base_lr) const {
  for (int64_t s = 1; s <= step; ++s) base_lr *= lambdas_[group](s);
  return base_lr;
}
double MultiplicativeLR::next_lr(size_t group, int64_t step, double lr, double) const { return step == 0 ? lr : lr * lambdas_[group](step); }

}  // namespace lazuli::optim
