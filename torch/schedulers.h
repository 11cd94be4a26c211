#pragma once
#include "lazuli/torch/optimizer.h"

namespace torch::optim {

/// What sets learning rates: one of the library's, or a class of a program's whose `get_lrs` tells the rates of all groups at each step.
class LRScheduler {
 public:
  explicit LRScheduler(lazuli::optim::Optimizer& optimizer) : optimizer_(optimizer) {}
  virtual ~LRScheduler() = default;
  virtual void step() {
    const std::vector<double> lrs = get_lrs();
    if (lrs.size() != optimizer_.num_groups())
      lazuli::fail("LRScheduler", "get_lrs", std::to_string(optimizer_.num_groups()) + " rates, one for each group", std::to_string(lrs.size()));
    const detail::Rates rates(optimizer_);
    for (size_t g = 0; g < lrs.size(); ++g) optimizer_.set_lr(lrs[g], g);
    ++step_count_;
  }

 protected:
  virtual std::vector<double> get_lrs() { return get_current_lrs(); }
  std::vector<double> get_current_lrs() const {
    const detail::Rates rates(optimizer_);
    std::vector<double> lrs;
    for (size_t g = 0; g < optimizer_.num_groups(); ++g) lrs.push_back(optimizer_.lr(g));
    return lrs;
  }
  lazuli::optim::Optimizer& optimizer_;
  unsigned step_count_ = 0;
};
namespace detail {
/// A scheduler of the library's: rates are as in Python.
template <class L>
class Scheduled : public L, public LRScheduler {
 public:
  template <class... A>
  explicit Scheduled(lazuli::optim::Optimizer& optimizer, A&&... arguments)
      : L(with_rates(optimizer), std::forward<A>(arguments)...), LRScheduler(optimizer) {
    const Rates rates(optimizer);
    if (optimizer.num_groups()) (void)optimizer.lr();  // the first rates are set
  }
  void step() override {
    const Rates rates(optimizer_);
    L::step();
  }

 private:
  static lazuli::optim::Optimizer& with_rates(lazuli::optim::Optimizer& optimizer) {
    const Rates rates(optimizer);
    return optimizer;
  }
};
}  // namespace detail
using StepLR = detail::Scheduled<lazuli::optim::StepLR>;
using MultiStepLR = detail::Scheduled<lazuli::optim::MultiStepLR>;
using ExponentialLR = detail::Scheduled<lazuli::optim::ExponentialLR>;
using CosineAnnealingLR = detail::Scheduled<lazuli::optim::CosineAnnealingLR>;
using LambdaLR = detail::Scheduled<lazuli::optim::LambdaLR>;
/// The rate times `factor` when a value has got no better for more than `patience` steps.
class ReduceLROnPlateauScheduler : public lazuli::optim::ReduceLROnPlateau {
 public:
  enum SchedulerMode { min, max };
  enum ThresholdMode { rel, abs };
  explicit ReduceLROnPlateauScheduler(lazuli::optim::Optimizer& optimizer, SchedulerMode mode = min, double factor = 0.1, int64_t patience = 10,
                                      double threshold = 1e-4, ThresholdMode threshold_mode = rel, int64_t cooldown = 0,
                                      const std::vector<float>& min_lr = {}, double eps = 1e-8, bool /*verbose*/ = false)
      : ReduceLROnPlateau(optimizer, {.mode = mode == min ? "min" : "max",
                                      .factor = factor,
                                      .patience = patience,
                                      .threshold = threshold,
                                      .threshold_mode = threshold_mode == rel ? "rel" : "abs",
                                      .cooldown = cooldown,
                                      .min_lr = min_lr.empty() ? 0.0 : double(min_lr[0]),
                                      .eps = eps}),
        optimizer_(optimizer) {}
  void step(double metric) {
    const detail::Rates rates(optimizer_);
    ReduceLROnPlateau::step(metric);
  }

 private:
  lazuli::optim::Optimizer& optimizer_;
};

}  // namespace torch::optim
