#include "lazuli/training/early_stopping.h"

#include <limits>
#include <string>

#include "lazuli/core/error.h"

namespace lazuli::training {

EarlyStopping::EarlyStopping(const EarlyStoppingOptions& options) : options_(options) {
  if (options.patience < 0) fail("EarlyStopping", "patience", "at least 0", std::to_string(options.patience));
  if (!(options.min_delta >= 0)) fail("EarlyStopping", "min_delta", "at least 0", std::to_string(options.min_delta));
  reset();
}

void EarlyStopping::reset() {
  best_ = options_.maximize ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  bad_epochs_ = 0;
  seen_ = false;
}

void EarlyStopping::restore(double best, int64_t bad_epochs) { best_ = best, bad_epochs_ = bad_epochs, seen_ = true; }

bool EarlyStopping::update(double value) {
  seen_ = true;
  if (options_.maximize ? value > best_ + options_.min_delta : value < best_ - options_.min_delta) best_ = value, bad_epochs_ = 0;
  else ++bad_epochs_;
  return should_stop();
}

}  // namespace lazuli::training
