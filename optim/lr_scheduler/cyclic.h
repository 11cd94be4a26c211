#pragma once
#include "lazuli/optim/lr_scheduler/scheduler.h"

namespace lazuli::optim {

struct CyclicLROptions {
  int64_t step_size_up = 2000;
  /// Left out: as many as up.
  std::optional<int64_t> step_size_down = {};
  /// "triangular", "triangular2" (each cycle half as high) or "exp_range" (gamma^step as high).
  std::string mode = "triangular";
  double gamma = 1;
  /// In place of the mode: the height at a cycle, counted from 1, or where `scale_by_step` at a step.
  std::function<double(double)> scale_fn = {};
  bool scale_by_step = false;
  bool cycle_momentum = true;
  double base_momentum = 0.8, max_momentum = 0.9;
};

/// From base_lr up to max_lr and down again, over and over (Smith, 2015, https://arxiv.org/abs/1506.01186); the optimizer's own rates count for nothing, but step 0 is
/// where schedulers that were made before began. With `cycle_momentum` the momentum
/// (or beta1) goes the other way, from max_momentum to base_momentum and back.
/// Rates are one for all groups or one for each. Throws Error for an optimizer without momentum where that is to be cycled.
class CyclicLR : public LRScheduler {
 public:
  CyclicLR(Optimizer& optimizer, double base_lr, double max_lr, CyclicLROptions options = {});
  CyclicLR(Optimizer& optimizer, std::vector<double> base_lrs, std::vector<double> max_lrs, CyclicLROptions options = {});
  explicit CyclicLR(...) = delete;  // (optimizer, base_lr, max_lr, {.step_size_up, .step_size_down, .mode, .gamma, ..})
  /// By the first group's rates.
  double lr_at(int64_t step, double base_lr) const override;

 protected:
  double group_lr_at(size_t group, int64_t step, double base_lr) const override;
  double next_lr(size_t group, int64_t step, double lr, double base_lr) const override;
  void moved(int64_t step) override;

 private:
  double height(int64_t step) const;
  CyclicLROptions options_;
  std::vector<double> low_lrs_, max_lrs_;
};

struct OneCycleLROptions {
  /// For constructors that do not take them by position; beside one by position they are an Error. total_steps may be left to `epochs` and `steps_per_epoch`.
  std::optional<double> max_lr = {};
  std::optional<int64_t> total_steps = {};
  /// In place of total_steps: their product.
  std::optional<int64_t> epochs = {}, steps_per_epoch = {};
  /// The share of the steps that go up.
  double pct_start = 0.3;
  /// "cos" or "linear".
  std::string anneal_strategy = "cos";
  bool cycle_momentum = true;
  double base_momentum = 0.85, max_momentum = 0.95;
  /// The first rate is max_lr / div_factor, the last that / final_div_factor.
  double div_factor = 25, final_div_factor = 1e4;
  /// Down to the first rate in as many steps as up, then to the last; or at once to the last.
  bool three_phase = false;
};

/// Once up to max_lr and down to much less than the first rate (Smith and Topin, 2017, https://arxiv.org/abs/1708.07120), in total_steps steps, usually one a batch; with `cycle_momentum` the
/// momentum (or beta1) goes the other way. Throws Error for an optimizer without momentum where that is to be cycled, and for a step beyond total_steps.
class OneCycleLR : public LRScheduler {
 public:
  OneCycleLR(Optimizer& optimizer, double max_lr, int64_t total_steps, OneCycleLROptions options = {});
  OneCycleLR(Optimizer& optimizer, std::vector<double> max_lrs, int64_t total_steps, OneCycleLROptions options = {});
  /// options.total_steps steps, or options.epochs * options.steps_per_epoch.
  OneCycleLR(Optimizer& optimizer, double max_lr, OneCycleLROptions options);
  /// `{.max_lr = 0.1, .total_steps = 100}`.
  OneCycleLR(Optimizer& optimizer, OneCycleLROptions options);
  explicit OneCycleLR(...) = delete;  // (optimizer, max_lr, total_steps, {.pct_start, .anneal_strategy, .cycle_momentum, ..})
  /// By the first group's rate.
  double lr_at(int64_t step, double base_lr) const override;

 protected:
  double group_lr_at(size_t group, int64_t step, double base_lr) const override;
  double next_lr(size_t group, int64_t step, double lr, double base_lr) const override;
  void moved(int64_t step) override;

 private:
  struct Stretch;
  Stretch stretch_at(int64_t step) const;
  double between(double from, double to, double share) const;
  OneCycleLROptions options_;
  std::vector<double> max_lrs_;
  int64_t total_steps_;
};

}  // namespace lazuli::optim
