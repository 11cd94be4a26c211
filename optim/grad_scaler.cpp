#include "lazuli/optim/grad_scaler.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/optim/optimizer.h"

namespace lazuli::amp {

namespace {
GradScalerOptions checked(const GradScalerOptions& options) {
  check_members("GradScaler", options);
  return options;
}
}  // namespace

GradScaler::GradScaler(Device device, double init_scale, double growth_factor, double backoff_factor, int64_t growth_interval, bool enabled)
    : GradScaler(GradScalerOptions{device, init_scale, growth_factor, backoff_factor, growth_interval, enabled}) {}
GradScaler::GradScaler(Device device, const GradScalerOptions& o)
    : GradScaler(device, o.init_scale, o.growth_factor, o.backoff_factor, o.growth_interval, o.enabled) {}
GradScaler::GradScaler(const GradScalerOptions& options) : options_(checked(options)), scale_(options.init_scale) {}

Tensor GradScaler::scale(const Tensor& outputs) const {
  if (!options_.enabled) return outputs;
  if (!lazuli::detail::step_observer) return mul(outputs, Scalar(scale_));
  // In a recorded step the scale is a tensor that is filled anew each time.
  const bool is_half = outputs.dtype() == kFloat16 || outputs.dtype() == kBFloat16;
  Tensor factor = new_tensor({}, is_half ? kFloat32 : outputs.dtype(), outputs.device());
  const EachStep<Scalar> now([this] { return Scalar(scale_); });
  fill_kernel(factor.device(), factor, now.value);
  return is_half ? mul(outputs.to(kFloat32), factor).to(outputs.dtype()) : mul(outputs, factor);
}
std::vector<Tensor> GradScaler::scale(const std::vector<Tensor>& outputs) const {
  std::vector<Tensor> scaled;
  for (const Tensor& t : outputs) scaled.push_back(scale(t));
  return scaled;
}

GradScaler::PerOptimizer* GradScaler::find(const optim::Optimizer& optimizer) {
  for (PerOptimizer& p : seen_)
    if (p.optimizer == &optimizer) return &p;
  return nullptr;
}

void GradScaler::unscale_(optim::Optimizer& optimizer) {
  // Whether a step follows depends on the gradients: what the scaler does with them runs in a replay as it is.
  if (StepObserver* observer = lazuli::detail::step_observer) return observer->region("unscale_", [this, &optimizer] { unscale_(optimizer); });
  if (!options_.enabled) return;
  if (const PerOptimizer* p = find(optimizer))
    fail(ErrorKind::State, "unscale_", "optimizer", "one whose gradients are still scaled",
         p->stage == Stage::Unscaled ? "one that was unscaled since the last update()" : "one that has stepped since the last update()");
  std::vector<Tensor> grads;
  for (size_t g = 0; g < optimizer.num_groups(); ++g)
    for (const Tensor& p : optimizer.params(g))
      if (Tensor grad = p.body()->uninitialized ? Tensor() : p.grad(); grad.defined()) {
        if (grad.dtype() == kFloat16)
          fail(ErrorKind::Type, "unscale_", "optimizer", "parameters in float32, whose gradients can be unscaled", "a gradient in float16");
        grads.push_back(grad);
      }
  no_grad unrecorded;
  Tensor all_finite;
  for (Tensor& grad : grads) {
    grad.mul_(Scalar(1 / scale_));
    Tensor finite = all(isfinite(grad));
    if (all_finite.defined()) finite = logical_and(finite, all_finite.to(finite.device()));  // read once, so that a device is waited for once
    all_finite = finite;
  }
  seen_.push_back({&optimizer, Stage::Unscaled, all_finite.defined() && !all_finite.item<bool>()});
}

bool GradScaler::step(optim::Optimizer& optimizer) {
  if (StepObserver* observer = lazuli::detail::step_observer) {
    const auto stepped = std::make_shared<bool>();
    observer->region("GradScaler step", [this, &optimizer, stepped] { *stepped = step(optimizer); });
    return *stepped;
  }
  if (!options_.enabled) {
    optimizer.step();
    return true;
  }
  if (!find(optimizer)) unscale_(optimizer);
  PerOptimizer& p = *find(optimizer);
  if (p.stage == Stage::Stepped) fail(ErrorKind::State, "step", "optimizer", "one that has not stepped since the last update()", "one that has");
  if (!p.found_inf) optimizer.step();
  p.stage = Stage::Stepped;
  return !p.found_inf;
}

void GradScaler::update(std::optional<double> new_scale) {
  if (StepObserver* observer = lazuli::detail::step_observer) return observer->region("GradScaler update", [this, new_scale] { update(new_scale); });
  if (!options_.enabled) return;
  if (new_scale) {
    if (!(*new_scale > 0)) fail("update", "new_scale", "a number above 0", std::to_string(*new_scale));
    scale_ = *new_scale;
  } else {
    if (seen_.empty()) fail(ErrorKind::State, "update", "", "an optimizer that has stepped since the last update()", "none");
    bool found_inf = false;
    for (const PerOptimizer& p : seen_) found_inf |= p.found_inf;
    if (found_inf) {
      scale_ *= options_.backoff_factor;
      growth_tracker_ = 0;
    } else if (++growth_tracker_ == options_.growth_interval) {
      if (const double grown = scale_ * options_.growth_factor; float(grown) <= 3e38f) scale_ = grown;
      growth_tracker_ = 0;
    }
  }
  seen_.clear();
}

namespace {
template <class T>
void set(GradScalerOptions& options, T GradScalerOptions::*member, T value) {
  GradScalerOptions changed = options;
  changed.*member = value;
  options = checked(changed);
}
}  // namespace
void GradScaler::set_growth_factor(double factor) { set(options_, &GradScalerOptions::growth_factor, factor); }
void GradScaler::set_backoff_factor(double factor) { set(options_, &GradScalerOptions::backoff_factor, factor); }
void GradScaler::set_growth_interval(int64_t interval) { set(options_, &GradScalerOptions::growth_interval, interval); }

StateDict GradScaler::state_dict() const {
  if (!options_.enabled) return {};
  using optim::detail::stored;
  return {{"scale", stored(scale_)},
          {"growth_factor", stored(options_.growth_factor)},
          {"backoff_factor", stored(options_.backoff_factor)},
          {"growth_interval", stored(options_.growth_interval)},
          {"_growth_tracker", stored(growth_tracker_)}};
}

void GradScaler::load_state_dict(const StateDict& state) {
  if (!options_.enabled) return;
  GradScalerOptions read = options_;
  int64_t tracker = 0;
  auto restore = [&](const char* name, auto& into) { optim::detail::restore("GradScaler", name, state.at(name), into); };
  restore("scale", read.init_scale);
  restore("growth_factor", read.growth_factor);
  restore("backoff_factor", read.backoff_factor);
  restore("growth_interval", read.growth_interval);
  restore("_growth_tracker", tracker);
  scale_ = checked(read).init_scale;
  growth_tracker_ = tracker;
  options_.growth_factor = read.growth_factor;
  options_.backoff_factor = read.backoff_factor;
  options_.growth_interval = read.growth_interval;
}

}  // namespace lazuli::amp
