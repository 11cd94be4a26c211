#pragma once
#include <memory>

#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

/// Sets the learning rate of every group from the number of steps taken (usually epochs): that of step 0 once it is made, the next at each `step()`, usually after each epoch.
/// One of your own derives from it and overrides `lr_at`.
class LRScheduler {
 public:
  virtual ~LRScheduler();
  LRScheduler(const LRScheduler&) = delete;
  LRScheduler& operator=(const LRScheduler&) = delete;
  void step() { set_step(step_ + 1); }
  /// Steps taken so far; `set_step` goes to any of them, as when training resumes.
  int64_t current_step() const { return step_; }
  void set_step(int64_t step);
  /// The step and the groups' base rates, as 0-d float64. An optimizer that was loaded from a file has the rate of its last step, not its base rate; load the scheduler too.
  StateDict state_dict() const;
  /// Throws Error for other names, before anything has changed.
  void load_state_dict(const StateDict& state);
  double get_last_lr(size_t group = 0) const { return optimizer_.lr(group); }
  /// The rate at a step for a group whose rate was `base_lr` when the scheduler was made.
  virtual double lr_at(int64_t step, double base_lr) const = 0;

 protected:
  explicit LRScheduler(Optimizer& optimizer);

 private:
  Optimizer& optimizer_;
  std::vector<double> base_lrs_;
  int64_t step_ = 0;
  std::shared_ptr<std::function<void()>> first_;  // sets the rates of step 0, when the optimizer is next used: until then the class may not be whole
};

/// base * gamma^(step / step_size), rounded down.
class StepLR : public LRScheduler {
 public:
  StepLR(Optimizer& optimizer, int64_t step_size, double gamma = 0.1);
  double lr_at(int64_t step, double base_lr) const override;

 private:
  int64_t step_size_;
  double gamma_;
};

/// From start_factor * base to end_factor * base over total_iters steps, then constant.
class LinearLR : public LRScheduler {
 public:
  explicit LinearLR(Optimizer& optimizer, double start_factor = 1.0 / 3, double end_factor = 1, int64_t total_iters = 5);
  double lr_at(int64_t step, double base_lr) const override;

 private:
  double start_factor_, end_factor_;
  int64_t total_iters_;
};

/// eta_min + (base - eta_min) * (1 + cos(pi * step / T_max)) / 2 (Loshchilov and Hutter, 2016, https://arxiv.org/abs/1608.03983, without restarts).
class CosineAnnealingLR : public LRScheduler {
 public:
  CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min = 0);
  double lr_at(int64_t step, double base_lr) const override;

 private:
  int64_t T_max_;
  double eta_min_;
};

}  // namespace lazuli::optim
