#pragma once
#include <optional>
#include <vector>

#include "lazuli/core/described.h"
#include "lazuli/core/state_dict.h"

namespace lazuli::optim {
class Optimizer;
}

namespace lazuli::amp {

struct GradScalerOptions {
  Device device = DeviceType::CPU;
  double init_scale = 65536, growth_factor = 2, backoff_factor = 0.5;
  int64_t growth_interval = 2000;  // steps in a row without inf or NaN after which the scale grows
  bool enabled = true;             // false: everything is passed through
  static constexpr auto members() {
    using O = GradScalerOptions;
    return Members{member("init_scale", &O::init_scale, {.above = 0}), member("growth_factor", &O::growth_factor, {.above = 1}),
                   member("backoff_factor", &O::backoff_factor, {.above = 0, .below = 1}),
                   member("growth_interval", &O::growth_interval, {.least = 1}), member("enabled", &O::enabled)};
  }
};

/// Scales losses, so that gradients in float16 do not vanish, and leaves out steps whose gradients have an inf or a NaN.
///   amp::GradScaler scaler;
///   for (...) {
///     optimizer.zero_grad();
///     Tensor loss = [&] { amp::autocast guard("cuda"); return cross_entropy(net(x), y); }();
///     scaler.scale(loss).backward();
///     scaler.unscale_(optimizer);                       // only to look at the gradients, or to clip them
///     nn::utils::clip_grad_norm_(net.parameters(), 1);
///     scaler.step(optimizer);
///     scaler.update();
///   }
/// bfloat16 has the range of float32 and needs no scaler.
class GradScaler {
 public:
  /// Throws Error for options out of range.
  explicit GradScaler(const GradScalerOptions& options = {});
  explicit GradScaler(Device device, double init_scale = 65536, double growth_factor = 2, double backoff_factor = 0.5, int64_t growth_interval = 2000,
                      bool enabled = true);
  GradScaler(Device device, const GradScalerOptions& options);

  /// The outputs times the scale.
  Tensor scale(const Tensor& outputs) const;
  std::vector<Tensor> scale(const std::vector<Tensor>& outputs) const;
  /// Divides the gradients of the optimizer's parameters by the scale and looks whether all are finite; `step` does so itself where it was not done.
  /// Throws Error (State) when that was done since the last `update`, and (Type) for float16 gradients: parameters are to be float32.
  void unscale_(optim::Optimizer& optimizer);
  /// `optimizer.step()`, unless a gradient is inf or NaN. Whether it stepped. Throws Error (State) for a second one since the last `update`.
  bool step(optim::Optimizer& optimizer);
  /// Once all optimizers have stepped: the scale times `backoff_factor` where a gradient was not finite, and times `growth_factor` after `growth_interval` updates in a row
  /// without; or `new_scale`. Throws Error (State) where no optimizer has stepped or been unscaled.
  void update(std::optional<double> new_scale = {});

  /// 1 when not enabled.
  double get_scale() const { return options_.enabled ? scale_ : 1; }
  double get_growth_factor() const { return options_.growth_factor; }
  double get_backoff_factor() const { return options_.backoff_factor; }
  int64_t get_growth_interval() const { return options_.growth_interval; }
  bool is_enabled() const { return options_.enabled; }
  // Throw Error for values out of range.
  void set_growth_factor(double factor);
  void set_backoff_factor(double factor);
  void set_growth_interval(int64_t interval);

  /// "scale", "growth_factor", "backoff_factor", "growth_interval", "_growth_tracker", 0-d float64 each; empty when not enabled.
  StateDict state_dict() const;
  /// Throws Error, before anything has changed, for a name that is missing or a value out of range.
  void load_state_dict(const StateDict& state);

 private:
  enum class Stage : uint8_t { Unscaled, Stepped };
  struct PerOptimizer {
    const optim::Optimizer* optimizer;
    Stage stage;
    bool found_inf;
  };
  PerOptimizer* find(const optim::Optimizer& optimizer);
  GradScalerOptions options_;
  double scale_;
  int64_t growth_tracker_ = 0;
  std::vector<PerOptimizer> seen_;  // since the last update
};

}  // namespace lazuli::amp
