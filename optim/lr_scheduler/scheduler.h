#pragma once
#include <iosfwd>
#include <memory>

#include "lazuli/core/described.h"
#include "lazuli/core/error.h"
#include "lazuli/optim/lr_scheduler/group_rates.h"

namespace lazuli::optim {

namespace detail {
/// Of a scheduler's options. Throws Error for one that was left out and has no default.
template <class T>
const T& option_given(const char* scheduler, const char* option, const std::optional<T>& value) {
  if (!value) fail(ErrorKind::Argument, scheduler, option, "a value", "none");
  return *value;
}
/// The rest of options, of which one stands by position. Throws Error where that is given by name, too.
template <class Options, class T>
const Options& without(const char* option, std::optional<T> Options::*place, const Options& rest) {
  if (rest.*place) lazuli::detail::fail_given_twice(option);
  return rest;
}
}  // namespace detail

/// Sets the learning rate of every group from the number of steps taken (usually epochs): that of step 0 once it is made, the next at each `step()`, usually after each epoch.
/// The base rates are the groups' rates when the optimizer's first scheduler was made. Several can be chained by calling `step()` of each: one that finds a rate which it has not set goes on
/// from there, as all of PyTorch's do. One of your own derives from it and overrides `lr_at`.
class LRScheduler {
 public:
  virtual ~LRScheduler();
  LRScheduler(const LRScheduler&) = delete;
  LRScheduler& operator=(const LRScheduler&) = delete;
  void step() { advance(step_ + 1); }
  /// Steps taken so far; `set_step` goes to any of them, as if nobody else had set the rates.
  int64_t current_step() const { return step_; }
  /// PyTorch's name of the same.
  int64_t last_epoch() const { return step_; }
  void set_step(int64_t step);
  /// The step, the groups' base rates and their rates of now, as 0-d float64. An optimizer that was loaded from a file has the rate of its last step, not its base rate; load the scheduler too.
  StateDict state_dict() const;
  /// Goes on exactly where the saved one was. Throws Error for other names, before anything has changed.
  void load_state_dict(const StateDict& state);
  /// Of every group, `get_last_lr()[0]`, or of one.
  GroupRates get_last_lr() const { return GroupRates(optimizer_); }
  double get_last_lr(size_t group) const { return optimizer_.lr(group); }
  /// "StepLR(step=3, lr=[0.01])": the class, the steps taken, and the rate of each group.
  friend std::string to_string(const LRScheduler& scheduler);
  friend std::ostream& operator<<(std::ostream& stream, const LRScheduler& scheduler);
  /// The rate at a step for a group whose base rate is `base_lr`, with nothing chained.
  virtual double lr_at(int64_t step, double base_lr) const = 0;

 protected:
  explicit LRScheduler(Optimizer& optimizer);
  /// For a scheduler that another one is made of: what is moved from is of no use any more.
  LRScheduler(LRScheduler&& other) noexcept;
  /// The same for one group, for schedulers that treat them differently.
  virtual double group_lr_at(size_t /*group*/, int64_t step, double base_lr) const { return lr_at(step, base_lr); }
  /// The rate at a step from the one before, `lr`, which others have a share in; at step 0 `lr` is what others have made of the base rate.
  virtual double next_lr(size_t group, int64_t step, double lr, double base_lr) const;
  /// The rate with which it begins after others, as part of a sequence; `lr` is theirs. By itself that of step 0.
  virtual double restart_lr(size_t group, double /*lr*/) const { return group_lr_at(group, 0, base_lrs_[group]); }
  /// Those that it is made of.
  virtual std::vector<LRScheduler*> parts() const;
  /// What else changes with a step.
  virtual void moved(int64_t /*step*/) {}

  Optimizer& optimizer() const { return optimizer_; }
  double base_lr(size_t group) const { return base_lrs_[group]; }
  /// From now on each rate comes from the one before.
  void go_from_last() { from_last_ = true; }
  /// In place of the optimizer's rates; where `for_others`, for schedulers too that are made later.
  void set_base_lrs(const std::vector<double>& lrs, bool for_others = false);
  /// Sets the base rates again, before the first step: what other schedulers have made of them is taken back.
  void take_back();
  /// Null where the optimizer's group has neither momentum nor beta1.
  double* momentum_of(size_t group) const { return optimizer_.momentum_of(group); }

 private:
  friend class ComposedScheduler;
  void advance(int64_t step);
  std::vector<std::pair<std::string, LRScheduler*>> named_parts() const;  // theirs too
  Optimizer& optimizer_;
  std::vector<double> base_lrs_, last_lrs_;
  int64_t step_ = 0;
  bool from_last_ = false;                        // somebody else sets rates, too
  std::shared_ptr<std::function<void()>> first_;  // sets the rates of step 0, when the optimizer is next used: until then the class may not be whole
};

}  // namespace lazuli::optim
