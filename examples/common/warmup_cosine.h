#pragma once
#include <algorithm>
#include <cmath>

#include "lazuli/lazuli.h"

namespace examples {

/// The learning rate rises in a line over the first steps, then falls as half a cosine to a hundredth; for `set_step` with the number of the step.
class WarmupCosine : public lazuli::optim::LRScheduler {
 public:
  WarmupCosine(lazuli::optim::Optimizer& optimizer, int64_t steps, int64_t warmup)
      : LRScheduler(optimizer), steps_(std::max<int64_t>(1, steps)), warmup_(std::clamp<int64_t>(warmup, 0, steps_ - 1)) {}
  double lr_at(int64_t step, double base_lr) const override {
    if (step < warmup_) return base_lr * double(step + 1) / double(warmup_);
    const double done = std::min(1.0, double(step - warmup_) / double(steps_ - warmup_));
    return base_lr * (0.01 + 0.99 * (1 + std::cos(done * 3.14159265358979)) / 2);
  }

 private:
  int64_t steps_, warmup_;
};

}  // namespace examples
