#pragma once
#include <cstdint>

namespace lazuli::training {

struct EarlyStoppingOptions {
  /// It stops after so many values in a row that were no better than the best before; 0 as 1.
  int64_t patience = 3;
  /// By how much a value has to be better to count.
  double min_delta = 0;
  /// Whether more is better, as of an accuracy.
  bool maximize = false;
};

/// Says when a value no longer becomes better. NaN is never better.
///   if (stopping.update(validation_loss)) break;
class EarlyStopping {
 public:
  /// Throws Error for a negative patience or min_delta.
  explicit EarlyStopping(const EarlyStoppingOptions& options = {});
  /// With an epoch's value; whether to stop now.
  bool update(double value);
  bool should_stop() const { return bad_epochs_ > 0 && bad_epochs_ >= options_.patience; }
  /// Whether the last value was the best so far.
  bool improved() const { return seen_ && bad_epochs_ == 0; }
  double best() const { return best_; }
  int64_t bad_epochs() const { return bad_epochs_; }
  void reset();
  /// Goes on where another one was.
  void restore(double best, int64_t bad_epochs);

 private:
  EarlyStoppingOptions options_;
  double best_;
  int64_t bad_epochs_ = 0;
  bool seen_ = false;
};

}  // namespace lazuli::training
