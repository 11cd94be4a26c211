#include "lazuli/optim/swa_utils.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lazuli/core/error.h"

namespace lazuli::optim::swa_utils {

SWALR::SWALR(Optimizer& optimizer, double swa_lr, int64_t anneal_epochs, Anneal anneal_strategy)
    : LRScheduler(optimizer), swa_lr_(swa_lr), anneal_epochs_(anneal_epochs), anneal_(anneal_strategy) {
  if (anneal_epochs < 0) fail("SWALR", "anneal_epochs", "a number that is not negative", std::to_string(anneal_epochs));
}
double SWALR::lr_at(int64_t step, double base_lr) const {
  const double t = anneal_epochs_ == 0 ? 1 : std::min(1.0, double(step) / double(anneal_epochs_));
  const double share = anneal_ == Anneal::Cos ? (1 - std::cos(std::numbers::pi * t)) / 2 : t;
  return swa_lr_ * share + base_lr * (1 - share);
}

}  // namespace lazuli::optim::swa_utils
