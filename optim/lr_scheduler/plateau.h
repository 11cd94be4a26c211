#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/optim/lr_scheduler/group_rates.h"

namespace lazuli::optim {

struct ReduceLROnPlateauOptions {
  /// "min": less is better; "max": more is.
  std::string mode = "min";
  double factor = 0.1;
  int64_t patience = 10;
  /// By how much a value must be better than the best to count: as a share of it ("rel") or as it is ("abs").
  double threshold = 1e-4;
  std::string threshold_mode = "rel";
  int64_t cooldown = 0;
  double min_lr = 0, eps = 1e-8;
  template <class O = ReduceLROnPlateauOptions>
  static constexpr auto members() {
    return Members{member("mode", &O::mode),
                   member("factor", &O::factor, {.least = 0, .below = 1}),
                   member("patience", &O::patience, {.least = 0}),
                   member("threshold", &O::threshold),
                   member("threshold_mode", &O::threshold_mode),
                   member("cooldown", &O::cooldown, {.least = 0}),
                   member("min_lr", &O::min_lr, {.least = 0}),
                   member("eps", &O::eps, {.least = 0})};
  }
};

/// Multiplies all groups' rates by `factor`, down to `min_lr`, when a value has not become better for more than `patience` steps; after that it does not count for `cooldown` steps.
/// A reduction by no more than `eps` is left out.
class ReduceLROnPlateau {
 public:
  explicit ReduceLROnPlateau(Optimizer& optimizer, ReduceLROnPlateauOptions options = {});
  /// One for each group in place of `options.min_lr`.
  ReduceLROnPlateau(Optimizer& optimizer, ReduceLROnPlateauOptions options, std::vector<double> min_lrs);
  /// `ReduceLROnPlateau(adam, "min", 0.5, 3)`.
  template <class... O>
  requires(sizeof...(O) > 0 && lazuli::detail::ByPosition<ReduceLROnPlateauOptions, O...>)
      ReduceLROnPlateau(Optimizer& optimizer, const O&... options)
      : ReduceLROnPlateau(optimizer, lazuli::detail::positional<ReduceLROnPlateauOptions>(options...)) {}
  explicit ReduceLROnPlateau(...) = delete;  // (optimizer, {.mode, .factor, .patience, .threshold, ..}, [min_lrs])
  ReduceLROnPlateau(const ReduceLROnPlateau&) = delete;
  ReduceLROnPlateau& operator=(const ReduceLROnPlateau&) = delete;
  /// With the value of this epoch, such as the loss on the validation set. NaN is never better.
  void step(double metric);
  int64_t current_step() const { return step_; }
  int64_t last_epoch() const { return step_; }
  double best() const { return best_; }
  int64_t num_bad_epochs() const { return bad_epochs_; }
  /// Of every group, `get_last_lr()[0]`, or of one.
  GroupRates get_last_lr() const { return GroupRates(optimizer_); }
  double get_last_lr(size_t group) const { return optimizer_.lr(group); }
  /// "ReduceLROnPlateau(step=3, lr=[0.01], best=0.5)".
  friend std::string to_string(const ReduceLROnPlateau& scheduler);
  friend std::ostream& operator<<(std::ostream& stream, const ReduceLROnPlateau& scheduler);
  /// As 0-d float64, with the groups' rates.
  StateDict state_dict() const;
  /// Throws Error for other names, before anything has changed.
  void load_state_dict(const StateDict& state);

 private:
  bool better(double metric) const;
  Optimizer& optimizer_;
  ReduceLROnPlateauOptions options_;
  std::vector<double> min_lrs_;
  double best_;
  int64_t step_ = 0, bad_epochs_ = 0, cooldown_left_ = 0;
};

}  // namespace lazuli::optim
