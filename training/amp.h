#pragma once
#include "lazuli/autograd/autocast.h"
#include "lazuli/optim/grad_scaler.h"
#include "lazuli/optim/optimizer.h"
#include "lazuli/training/trainer_options.h"

namespace lazuli::training {

/// Mixed precision for a Trainer: forward passes under amp::autocast, and for float16 losses scaled by an amp::GradScaler, whose state is in the checkpoints.
///   training::Trainer trainer({.max_epochs = 10, .precision = std::make_shared<training::AutocastPrecision>("cuda")});
class AutocastPrecision : public MixedPrecision {
 public:
  /// `dtype`: float16 or bfloat16; left out, autocast's for that kind of device. Throws Error for others, and for options of the scaler out of range.
  explicit AutocastPrecision(Device device, std::optional<DType> dtype = {}, amp::GradScalerOptions scaler = {})
      : device_(device), dtype_(dtype.value_or(amp::get_autocast_dtype(device))), scaler_(chosen(scaler, device, dtype_)) {
    const amp::autocast checked(device_, dtype_);
  }
  std::shared_ptr<void> forward_guard() override { return std::make_shared<amp::autocast>(device_, dtype_); }
  void backward(const Tensor& loss) override { scaler_.scale(loss).backward(); }
  void unscale(optim::Optimizer& optimizer) override { scaler_.unscale_(optimizer); }
  void step(optim::Optimizer& optimizer) override {
    scaler_.step(optimizer);
    scaler_.update();
  }
  StateDict state_dict() const override { return scaler_.state_dict(); }
  void load_state_dict(const StateDict& state) override { scaler_.load_state_dict(state); }
  const amp::GradScaler& scaler() const { return scaler_; }

 private:
  // bfloat16 has the range of float32: nothing to scale.
  static amp::GradScalerOptions chosen(amp::GradScalerOptions options, Device device, DType dtype) {
    options.device = device;
    options.enabled = options.enabled && dtype == kFloat16;
    return options;
  }
  Device device_;
  DType dtype_;
  amp::GradScaler scaler_;
};

}  // namespace lazuli::training
