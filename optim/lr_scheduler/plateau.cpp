#include "lazuli/optim/lr_scheduler/plateau.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "lazuli/core/slots/step_observer.h"
#include "lazuli/optim/lr_scheduler/checks.h"

namespace lazuli::optim {

namespace {
constexpr const char* kName = "ReduceLROnPlateau";
}

ReduceLROnPlateau::ReduceLROnPlateau(Optimizer& optimizer, ReduceLROnPlateauOptions options)
    : ReduceLROnPlateau(optimizer, options, std::vector<double>{options.min_lr}) {}
ReduceLROnPlateau::ReduceLROnPlateau(Optimizer& optimizer, ReduceLROnPlateauOptions options, std::vector<double> min_lrs)
    : optimizer_(optimizer),
      options_(std::move(options)),
      min_lrs_(for_groups(kName, "min_lr", std::move(min_lrs), optimizer.num_groups())),
      best_(options_.mode == "min" ? INFINITY : -INFINITY) {
  check_members(kName, options_);
  for (double lr : min_lrs_) lazuli::detail::check_member(kName, "min_lr", {.least = 0}, lr);
  if (options_.mode != "min" && options_.mode != "max") fail(kName, "mode", "min or max", options_.mode);
  if (options_.threshold_mode != "rel" && options_.threshold_mode != "abs") fail(kName, "threshold_mode", "rel or abs", options_.threshold_mode);
}

bool ReduceLROnPlateau::better(double metric) const {
  const bool relative = options_.threshold_mode == "rel";
  if (options_.mode == "min") return metric < (relative ? best_ * (1 - options_.threshold) : best_ - options_.threshold);
  return metric > (relative ? best_ * (1 + options_.threshold) : best_ + options_.threshold);
}

void ReduceLROnPlateau::step(double metric) {
  if (StepObserver* observer = lazuli::detail::step_observer) observer->refuse(kName, "goes by a number of this one step: step it outside");
  ++step_;
  if (better(metric)) best_ = metric, bad_epochs_ = 0;
  else ++bad_epochs_;
  if (cooldown_left_ > 0) --cooldown_left_, bad_epochs_ = 0;
  if (bad_epochs_ <= options_.patience) return;
  for (size_t g = 0; g < min_lrs_.size(); ++g) {
    const double before = optimizer_.lr(g), now = std::max(before * options_.factor, min_lrs_[g]);
    if (before - now > options_.eps) optimizer_.set_lr(now, g);
  }
  cooldown_left_ = options_.cooldown;
  bad_epochs_ = 0;
}

std::string to_string(const ReduceLROnPlateau& scheduler) {
  return fmt::format("{}(step={}, lr={}, best={})", kName, scheduler.step_, to_string(scheduler.get_last_lr()),
                     lazuli::to_string(Scalar(scheduler.best_)));
}
std::ostream& operator<<(std::ostream& stream, const ReduceLROnPlateau& scheduler) { return stream << to_string(scheduler); }

StateDict ReduceLROnPlateau::state_dict() const {
  StateDict state{{"step", detail::stored(step_)},
                  {"best", detail::stored(best_)},
                  {"num_bad_epochs", detail::stored(bad_epochs_)},
                  {"cooldown_counter", detail::stored(cooldown_left_)}};
  for (size_t g = 0; g < min_lrs_.size(); ++g) state.set("lr." + std::to_string(g), detail::stored(optimizer_.lr(g)));
  return state;
}

void ReduceLROnPlateau::load_state_dict(const StateDict& state) {
  int64_t step = 0, bad = 0, cooldown = 0;
  double best = 0;
  std::vector<double> lrs(min_lrs_.size());
  const auto read = [&](const std::string& name, auto& value) { detail::restore(kName, name, state.at(name), value); };
  read("step", step);
  read("best", best);
  read("num_bad_epochs", bad);
  read("cooldown_counter", cooldown);
  for (size_t g = 0; g < lrs.size(); ++g) read("lr." + std::to_string(g), lrs[g]);
  if (state.size() != 4 + lrs.size())
    fail(kName, "state", "the rates of " + std::to_string(lrs.size()) + " groups", std::to_string(state.size()) + " entries");
  step_ = step, best_ = best, bad_epochs_ = bad, cooldown_left_ = cooldown;
  for (size_t g = 0; g < lrs.size(); ++g) optimizer_.set_lr(lrs[g], g);
}

}  // namespace lazuli::optim
