#include "lazuli/nn/batchnorm.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/factory.h"
#include "lazuli/nn/init.h"
#include "lazuli/nn/print.h"
#include "lazuli/ops/arithmetic.h"
#include "lazuli/ops/creation.h"
#include "lazuli/ops/normalization.h"

namespace lazuli::nn {

using detail::py;

BatchNorm::BatchNorm(int64_t features, const BatchNormOptions& o)
    : num_features(features), options(o), weight(this, "weight", o.affine ? ones({features}) : Tensor()), bias(this, "bias", o.affine ? zeros({features}) : Tensor()),
      running_mean(this, "running_mean", o.track_running_stats ? zeros({features}) : Tensor()),
      running_var(this, "running_var", o.track_running_stats ? ones({features}) : Tensor()),
      num_batches_tracked(this, "num_batches_tracked", o.track_running_stats ? zeros({}, kInt64) : Tensor()) {}

BatchNorm::BatchNorm(Lazy, const BatchNormOptions& o)
    : num_features(0), options(o), weight(this, "weight", o.affine ? Tensor(UninitializedParameter()) : Tensor()),
      bias(this, "bias", o.affine ? Tensor(UninitializedParameter()) : Tensor()),
      running_mean(this, "running_mean", o.track_running_stats ? Tensor(UninitializedBuffer()) : Tensor()),
      running_var(this, "running_var", o.track_running_stats ? Tensor(UninitializedBuffer()) : Tensor()),
      num_batches_tracked(this, "num_batches_tracked", o.track_running_stats ? zeros({}, kInt64) : Tensor()) {}

void BatchNorm::check_rank(const Tensor& input, int64_t least, int64_t most) const {
  if (input.dim() >= least && input.dim() <= most) return;
  std::string ranks = std::to_string(least) + "D" + (most > least ? " or " + std::to_string(most) + "D" : "");
  fail(class_name(), "input", ranks + " input", std::to_string(input.dim()) + "D input of sizes " + to_string(input.sizes()));
}

Tensor BatchNorm::forward(const Tensor& input) {
  check_input(input);
  const Tensor& sized = running_mean.defined() ? static_cast<const Tensor&>(running_mean) : weight;
  if (sized.defined() && sized.numel() != input.size(1))
    fail(class_name(), "input", std::to_string(sized.numel()) + " features in dimension 1", std::to_string(input.size(1)) + " (sizes " + to_string(input.sizes()) + ")");
  bool training = is_training(), update = training && num_batches_tracked.defined();
  double factor = options.momentum.value_or(0);
  if (update && !options.momentum && !num_batches_tracked.device().is_meta()) factor = 1.0 / double(num_batches_tracked.item<int64_t>() + 1);
  Tensor out = batch_norm(input, given(running_mean), given(running_var), given(weight), given(bias), training || !running_mean.defined(), factor, options.eps);
  if (update) add_(num_batches_tracked, 1);
  return out;
}

void BatchNorm::reset_running_stats() {
  if (!running_mean.defined()) return;
  init::zeros_(running_mean);
  init::ones_(running_var);
  init::zeros_(num_batches_tracked);
}
void BatchNorm::reset_parameters() {
  reset_running_stats();
  if (weight.defined()) init::ones_(weight);
  if (bias.defined()) init::zeros_(bias);
}

std::string BatchNorm::extra_repr() const {
  return py(num_features) + ", eps=" + py(options.eps) + ", momentum=" + py(options.momentum) + ", affine=" + py(options.affine) +
         ", track_running_stats=" + py(options.track_running_stats);
}

void BatchNorm::initialize(const Tensor& input) {
  check_input(input);
  num_features = input.size(1);
  auto give = [&](const Tensor& t, double value) {
    if (!t.defined() || !t.body()->uninitialized) return;
    materialize_uninitialized(t, {num_features});
    init::constant_(t, value);
  };
  give(weight, 1);
  give(bias, 0);
  give(running_mean, 0);
  give(running_var, 1);
}
bool BatchNorm::adopt_sizes() {
  for (const Tensor* t : {static_cast<const Tensor*>(&weight), static_cast<const Tensor*>(&bias), static_cast<const Tensor*>(&running_mean), static_cast<const Tensor*>(&running_var)})
    if (t->defined()) {
      if (t->body()->uninitialized) return false;
      num_features = t->numel();
    }
  return num_features != 0;
}

template <class Base>
Tensor LazyBatchNorm<Base>::forward(const Tensor& input) {
  ensure_initialized(input);
  return Base::forward(input);
}
template <class Base>
void LazyBatchNorm<Base>::initialize_parameters(const Tensor& input) {
  this->initialize(input);
}
template <class Base>
void LazyBatchNorm<Base>::state_loaded() {
  if (!is_initialized() && this->adopt_sizes()) set_initialized();
}
template <class Base>
std::string LazyBatchNorm<Base>::class_name() const {
  std::string name = Module::class_name();
  return is_initialized() && name.starts_with("Lazy") ? name.substr(4) : name;
}
template class LazyBatchNorm<BatchNorm1d>;
template class LazyBatchNorm<BatchNorm2d>;
template class LazyBatchNorm<BatchNorm3d>;

}  // namespace lazuli::nn
