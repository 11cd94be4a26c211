#include "lazuli/optim/swa_utils.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lazuli/core/error.h"

namespace lazuli::optim::swa_utils {

SWALR::SWALR(Optimizer& optimizer, double swa_lr, int64_t anneal_epochs, Choice<Anneal> anneal_strategy)
    : LRScheduler(optimizer), swa_lr_(swa_lr), anneal_epochs_(anneal_epochs), anneal_(anneal_strategy) {
  if (anneal_epochs < 0) fail("SWALR", "anneal_epochs", "a number that is not negative", std::to_string(anneal_epochs));
}
double SWALR::share_at(int64_t step) const {
  const double t = anneal_epochs_ == 0 ? 1 : std::min(1.0, double(step) / double(anneal_epochs_));
  return anneal_ == Anneal::Cos ? (1 - std::cos(std::numbers::pi * t)) / 2 : t;
}
double SWALR::lr_at(int64_t step, double base_lr) const {
  const double share = share_at(step);
  return swa_lr_ * share + base_lr * (1 - share);
}
// The rate that this one comes from is what it would have been with the share of the step before.
double SWALR::next_lr(size_t, int64_t step, double lr, double) const {
  const double before = step == 0 || anneal_epochs_ == 0 ? 0 : share_at(step - 1);
  return before == 1 ? swa_lr_ : lr_at(step, (lr - before * swa_lr_) / (1 - before));
}

}  // namespace lazuli::optim::swa_utils
