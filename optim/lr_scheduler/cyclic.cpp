#include "lazuli/optim/lr_scheduler/cyclic.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lazuli/optim/lr_scheduler/checks.h"

namespace lazuli::optim {

using lazuli::detail::check_member;

namespace {
void check_momentum(const char* scheduler, double* momentum) {
  if (!momentum) fail(scheduler, "optimizer", "one with momentum or beta1, or no cycle_momentum", "one without");
}

// The optimizer, whose rates of now are to be the base rates, once all is checked.
Optimizer& with_first_rates(Optimizer& optimizer, const std::vector<double>& base_lrs, const std::vector<double>& max_lrs,
                            const CyclicLROptions& options) {
  const std::vector<double> low = for_groups("CyclicLR", "base_lr", base_lrs, optimizer.num_groups());
  for (double lr : low) check_member("CyclicLR", "base_lr", {.least = 0}, lr);
  for (double lr : for_groups("CyclicLR", "max_lr", max_lrs, optimizer.num_groups())) check_member("CyclicLR", "max_lr", {.least = 0}, lr);
  at_least(1, "CyclicLR", "step_size_up", options.step_size_up);
  at_least(1, "CyclicLR", "step_size_down", options.step_size_down.value_or(1));
  if (!options.scale_fn && options.mode != "triangular" && options.mode != "triangular2" && options.mode != "exp_range")
    fail("CyclicLR", "mode", "triangular, triangular2 or exp_range", options.mode);
  for (size_t g = 0; g < low.size(); ++g) optimizer.set_lr(low[g], g);
  return optimizer;
}
}  // namespace

CyclicLR::CyclicLR(Optimizer& optimizer, double base_lr, double max_lr, CyclicLROptions options)
    : CyclicLR(optimizer, std::vector<double>{base_lr}, std::vector<double>{max_lr}, std::move(options)) {}
CyclicLR::CyclicLR(Optimizer& optimizer, std::vector<double> base_lrs, std::vector<double> max_lrs, CyclicLROptions options)
    : LRScheduler(with_first_rates(optimizer, base_lrs, max_lrs, options)),
      options_(std::move(options)),
      low_lrs_(for_groups("CyclicLR", "base_lr", std::move(base_lrs), optimizer.num_groups())),
      max_lrs_(for_groups("CyclicLR", "max_lr", std::move(max_lrs), optimizer.num_groups())) {
  if (options_.cycle_momentum)
    for (size_t g = 0; g < optimizer.num_groups(); ++g) check_momentum("CyclicLR", momentum_of(g));
}

// The share of the way from base to maximum.
double CyclicLR::height(int64_t step) const {
  const double up = double(options_.step_size_up), total = up + double(options_.step_size_down.value_or(options_.step_size_up));
  const double cycle = std::floor(1 + double(step) / total), x = 1 + double(step) / total - cycle, ratio = up / total;
  const double part = x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
  if (options_.scale_fn) return part * options_.scale_fn(options_.scale_by_step ? double(step) : cycle);
  if (options_.mode == "triangular2") return part / std::pow(2.0, cycle - 1);
  return options_.mode == "exp_range" ? part * std::pow(options_.gamma, double(step)) : part;
}

double CyclicLR::lr_at(int64_t step, double base_lr) const { return group_lr_at(0, step, base_lr); }
double CyclicLR::group_lr_at(size_t group, int64_t step, double) const {
  return low_lrs_[group] + (max_lrs_[group] - low_lrs_[group]) * height(step);
}
double CyclicLR::next_lr(size_t group, int64_t step, double, double base_lr) const { return step == 0 ? base_lr : group_lr_at(group, step, base_lr); }
void CyclicLR::moved(int64_t step) {
  set_base_lrs(low_lrs_);
  if (!options_.cycle_momentum) return;
  for (size_t g = 0; g < low_lrs_.size(); ++g)
    *momentum_of(g) = options_.max_momentum - (options_.max_momentum - options_.base_momentum) * height(step);
}

namespace {
int64_t steps_of(const OneCycleLROptions& options) {
  if (options.total_steps) return *options.total_steps;
  if (!options.epochs) fail("OneCycleLR", "epochs", "a number, as there is no total_steps", "none");
  if (!options.steps_per_epoch) fail("OneCycleLR", "steps_per_epoch", "a number, as there is no total_steps", "none");
  const int64_t epochs = at_least(1, "OneCycleLR", "epochs", *options.epochs),
                steps = at_least(1, "OneCycleLR", "steps_per_epoch", *options.steps_per_epoch);
  int64_t product;
  if (__builtin_mul_overflow(epochs, steps, &product)) fail("OneCycleLR", "epochs * steps_per_epoch", "a number of 64 bits", "more");
  return product;
}
OneCycleLROptions without_total_steps(OneCycleLROptions options) {
  options.total_steps.reset();
  return options;
}
OneCycleLROptions without_max_lr(OneCycleLROptions options) {
  options.max_lr.reset();
  return options;
}
}  // namespace

OneCycleLR::OneCycleLR(Optimizer& optimizer, double max_lr, int64_t total_steps, OneCycleLROptions options)
    : OneCycleLR(optimizer, std::vector<double>{max_lr}, total_steps, std::move(options)) {}
OneCycleLR::OneCycleLR(Optimizer& optimizer, double max_lr, OneCycleLROptions options)
    : OneCycleLR(optimizer, max_lr, steps_of(options), without_total_steps(options)) {}
OneCycleLR::OneCycleLR(Optimizer& optimizer, OneCycleLROptions options)
    : OneCycleLR(optimizer, detail::option_given("OneCycleLR", "max_lr", options.max_lr), without_max_lr(options)) {}
OneCycleLR::OneCycleLR(Optimizer& optimizer, std::vector<double> max_lrs, int64_t total_steps, OneCycleLROptions options)
    : LRScheduler(optimizer),
      options_(detail::without("total_steps", &OneCycleLROptions::total_steps, detail::without("max_lr", &OneCycleLROptions::max_lr, options))),
      max_lrs_(for_groups("OneCycleLR", "max_lr", std::move(max_lrs), optimizer.num_groups())),
      total_steps_(at_least(1, "OneCycleLR", "total_steps", total_steps)) {
  for (double lr : max_lrs_) check_member("OneCycleLR", "max_lr", {.least = 0}, lr);
  check_member("OneCycleLR", "pct_start", {.least = 0, .most = 1}, options_.pct_start);
  check_member("OneCycleLR", "div_factor", {.above = 0}, options_.div_factor);
  check_member("OneCycleLR", "final_div_factor", {.above = 0}, options_.final_div_factor);
  if (options_.anneal_strategy != "cos" && options_.anneal_strategy != "linear")
    fail("OneCycleLR", "anneal_strategy", "cos or linear", options_.anneal_strategy);
  if (options_.cycle_momentum)
    for (size_t g = 0; g < optimizer.num_groups(); ++g) check_momentum("OneCycleLR", momentum_of(g));
  std::vector<double> first = max_lrs_;
  for (double& lr : first) lr /= options_.div_factor;
  set_base_lrs(first, /*for_others=*/true);
}

// Where a step lies: which two of the rates (first, highest, last) and momenta it is between, and how far.
struct OneCycleLR::Stretch {
  enum Rate { First, Highest, Last } from, to;
  bool momentum_falls, momentum_rises;
  double share;
};
OneCycleLR::Stretch OneCycleLR::stretch_at(int64_t step) const {
  if (step > total_steps_) fail("OneCycleLR", "step", "at most total_steps, " + std::to_string(total_steps_), std::to_string(step));
  const double peak = options_.pct_start * double(total_steps_) - 1, end = double(total_steps_ - 1), at = double(step);
  const auto share = [&](double begin, double finish) { return finish == begin ? 1 : std::min(1.0, (at - begin) / (finish - begin)); };
  if (at <= peak) return {Stretch::First, Stretch::Highest, true, false, share(0, peak)};
  if (!options_.three_phase) return {Stretch::Highest, Stretch::Last, false, true, share(peak, end)};
  const double back = 2 * peak;
  if (at <= back) return {Stretch::Highest, Stretch::First, false, true, share(peak, back)};
  return {Stretch::First, Stretch::Last, false, false, share(back, end)};
}
double OneCycleLR::between(double from, double to, double share) const {
  return options_.anneal_strategy == "linear" ? from + (to - from) * share : to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share));
}

double OneCycleLR::lr_at(int64_t step, double base_lr) const { return group_lr_at(0, step, base_lr); }
double OneCycleLR::group_lr_at(size_t group, int64_t step, double) const {
  const double highest = max_lrs_[group], first = highest / options_.div_factor, rates[] = {first, highest, first / options_.final_div_factor};
  const Stretch stretch = stretch_at(step);
  return between(rates[stretch.from], rates[stretch.to], stretch.share);
}
double OneCycleLR::next_lr(size_t group, int64_t step, double, double base_lr) const { return group_lr_at(group, step, base_lr); }
void OneCycleLR::moved(int64_t step) {
  if (!options_.cycle_momentum) return;
  const Stretch stretch = stretch_at(step);
  const double low = options_.base_momentum, high = options_.max_momentum;
  const double momentum = between(stretch.momentum_rises ? low : high, stretch.momentum_falls ? low : high, stretch.share);
  for (size_t g = 0; g < max_lrs_.size(); ++g) *momentum_of(g) = momentum;
}

}  // namespace lazuli::optim
