#pragma once
#include "lazuli/optim/lr_scheduler/scheduler.h"

namespace lazuli::optim {

struct CosineAnnealingLROptions {
  std::optional<int64_t> T_max = {};  // has to be given
  double eta_min = 0;
};
/// eta_min + (base - eta_min) * (1 + cos(pi * step / T_max)) / 2 (Loshchilov and Hutter, 2016, https://arxiv.org/abs/1608.03983, without restarts).
class CosineAnnealingLR : public LRScheduler {
 public:
  CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min = 0);
  CosineAnnealingLR(Optimizer& optimizer, const CosineAnnealingLROptions& o)
      : CosineAnnealingLR(optimizer, detail::option_given("CosineAnnealingLR", "T_max", o.T_max), o.eta_min) {}
  CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, const CosineAnnealingLROptions& rest)
      : CosineAnnealingLR(optimizer, T_max, detail::without("T_max", &CosineAnnealingLROptions::T_max, rest).eta_min) {}
  explicit CosineAnnealingLR(...) = delete;  // CosineAnnealingLR(optimizer, T_max, [eta_min])
  double lr_at(int64_t step, double base_lr) const override;

 protected:
  double next_lr(size_t group, int64_t step, double lr, double base_lr) const override;

 private:
  int64_t T_max_;
  double eta_min_;
};

struct CosineAnnealingWarmRestartsOptions {
  std::optional<int64_t> T_0 = {};  // has to be given
  int64_t T_mult = 1;
  double eta_min = 0;
};
/// The same with restarts (the article above): after T_0 steps from the base rate again, and each time after T_mult times as many. What others set in between is overwritten.
class CosineAnnealingWarmRestarts : public LRScheduler {
 public:
  CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult = 1, double eta_min = 0);
  CosineAnnealingWarmRestarts(Optimizer& optimizer, const CosineAnnealingWarmRestartsOptions& o)
      : CosineAnnealingWarmRestarts(optimizer, detail::option_given("CosineAnnealingWarmRestarts", "T_0", o.T_0), o.T_mult, o.eta_min) {}
  CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, const CosineAnnealingWarmRestartsOptions& rest)
      : CosineAnnealingWarmRestarts(optimizer, T_0, detail::without("T_0", &CosineAnnealingWarmRestartsOptions::T_0, rest).T_mult, rest.eta_min) {}
  explicit CosineAnnealingWarmRestarts(...) = delete;  // CosineAnnealingWarmRestarts(optimizer, T_0, [T_mult], [eta_min])
  double lr_at(int64_t step, double base_lr) const override;

 protected:
  double next_lr(size_t, int64_t step, double, double base_lr) const override { return lr_at(step, base_lr); }

 private:
  int64_t T_0_, T_mult_;
  double eta_min_;
};

}  // namespace lazuli::optim
