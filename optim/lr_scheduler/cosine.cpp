#include "lazuli/optim/lr_scheduler/cosine.h"

#include <cmath>
#include <numbers>

#include "lazuli/optim/lr_scheduler/checks.h"

namespace lazuli::optim {
namespace {
// 1 + cos(pi * part)
double height(double part) { return 1 + std::cos(std::numbers::pi * part); }
}  // namespace

CosineAnnealingLR::CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min)
    : LRScheduler(optimizer), T_max_(at_least(1, "CosineAnnealingLR", "T_max", T_max)), eta_min_(eta_min) {}
double CosineAnnealingLR::lr_at(int64_t step, double base_lr) const {
  return eta_min_ + (base_lr - eta_min_) * height(double(step) / double(T_max_)) / 2;
}
double CosineAnnealingLR::next_lr(size_t, int64_t step, double lr, double base_lr) const {
  if (step == 0) return lr;
  // Out of the minimum, where the factor would be of 0, it rises by the base rate's share.
  if ((step - 1) % (2 * T_max_) == T_max_) return lr + (base_lr - eta_min_) * (1 - std::cos(std::numbers::pi / double(T_max_))) / 2;
  return eta_min_ + (lr - eta_min_) * (height(double(step) / double(T_max_)) / height(double(step - 1) / double(T_max_)));
}

CosineAnnealingWarmRestarts::CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult, double eta_min)
    : LRScheduler(optimizer),
      T_0_(at_least(1, "CosineAnnealingWarmRestarts", "T_0", T_0)),
      T_mult_(at_least(1, "CosineAnnealingWarmRestarts", "T_mult", T_mult)),
      eta_min_(eta_min) {}
double CosineAnnealingWarmRestarts::lr_at(int64_t step, double base_lr) const {
  int64_t since = step, length = T_0_;
  if (T_mult_ == 1) since %= length;
  while (since >= length) {
    since -= length;
    if (__builtin_mul_overflow(length, T_mult_, &length)) length = INT64_MAX;
  }
  return eta_min_ + (base_lr - eta_min_) * height(double(since) / double(length)) / 2;
}

}  // namespace lazuli::optim
