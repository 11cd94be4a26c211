#include "lazuli/nn/batchnorm.h"

#include "lazuli/autograd/checkpoint.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/core/factory.h"
#include "lazuli/nn/instancenorm.h"
#include "lazuli/nn/module/factory.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/network/normalization.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn {

namespace {
constexpr const char* kNorm = "BatchNorm";
BatchNormOptions batch_norm_options(const InstanceNormOptions& o) {
  detail::Factory("InstanceNorm", o);  // checks
  return {o.eps, o.momentum, o.affine, o.track_running_stats, o.bias, o.device, o.dtype};
}
}  // namespace

FeatureNorm::FeatureNorm(int64_t features, const BatchNormOptions& o)
    : num_features(features),
      options(o),
      weight(this, "weight", detail::Factory(kNorm, o).full(o.affine, {features}, 1)),
      bias(this, "bias", detail::Factory(kNorm, o).full(o.affine && o.bias, {features}, 0)),
      running_mean(this, "running_mean", detail::Factory(kNorm, o).full(o.track_running_stats, {features}, 0)),
      running_var(this, "running_var", detail::Factory(kNorm, o).full(o.track_running_stats, {features}, 1)),
      num_batches_tracked(this, "num_batches_tracked", detail::Factory(kNorm, o).counter(o.track_running_stats)) {}

FeatureNorm::FeatureNorm(Lazy, const BatchNormOptions& o)
    : num_features(0),
      options(o),
      weight(this, "weight", detail::Factory(kNorm, o).parameter(o.affine)),
      bias(this, "bias", detail::Factory(kNorm, o).parameter(o.affine && o.bias)),
      running_mean(this, "running_mean", detail::Factory(kNorm, o).buffer(o.track_running_stats)),
      running_var(this, "running_var", detail::Factory(kNorm, o).buffer(o.track_running_stats)),
      num_batches_tracked(this, "num_batches_tracked", detail::Factory(kNorm, o).counter(o.track_running_stats)) {}

void FeatureNorm::check_rank(const Tensor& input, int64_t least, int64_t most) const {
  if (input.dim() >= least && input.dim() <= most) return;
  std::string ranks = std::to_string(least) + "D" + (most > least ? " or " + std::to_string(most) + "D" : "");
  fail(class_name(), "input", ranks + " input", std::to_string(input.dim()) + "D input of sizes " + to_string(input.sizes()));
}

void FeatureNorm::check_features(const Tensor& input, int64_t dim) const {
  const Tensor& sized = running_mean.defined() ? static_cast<const Tensor&>(running_mean) : weight;
  if (sized.defined() && sized.numel() != input.sizes()[dim])
    fail(class_name(), "input", std::to_string(sized.numel()) + " features in dimension " + std::to_string(dim),
         std::to_string(input.sizes()[dim]) + " (sizes " + to_string(input.sizes()) + ")");
}

namespace {
struct Running {
  Tensor mean, var;
};
}  // namespace

template <class Function>
Tensor BatchNorm::run(const Tensor& input, Function function) {
  check_rank(input);
  check_features(input, 1);
  bool training = is_training(), update = training && num_batches_tracked.defined() && !autograd::is_recomputing();
  Running running{running_mean, running_var};
  const bool average = update && !options.momentum;  // of all batches: first those of this one alone
  if (average) running = {zeros_like(running_mean), zeros_like(running_var)};
  Tensor out = function(BatchNormFunctionOptions{.weight = given(weight),
                                                 .bias = given(bias),
                                                 .training = training || !running_mean.defined(),
                                                 .momentum = average ? 1 : options.momentum.value_or(0),
                                                 .eps = options.eps},
                        running);
  if (update) add_(num_batches_tracked, 1);
  if (average) {
    no_grad guard;
    const Tensor share = reciprocal(num_batches_tracked.to(running_mean.dtype()));
    running_mean.lerp_(running.mean, share);
    running_var.lerp_(running.var, share);
  }
  return out;
}
Tensor BatchNorm::forward(const Tensor& input) {
  if (synchronized && detail::sum_over_ranks && (is_training() || !running_mean.defined()) && !input.device().is_meta()) return run_over_ranks(input);
  return run(input, [&](const BatchNormFunctionOptions& o, const Running& r) { return batch_norm(input, given(r.mean), given(r.var), o); });
}
Tensor BatchNorm::relu_of(const Tensor& input, const Tensor& residual) {
  if (synchronized && detail::sum_over_ranks) return relu(residual.defined() ? BatchNorm::forward(input) + residual : BatchNorm::forward(input));
  return run(input, [&](const BatchNormFunctionOptions& o, const Running& r) {
    return batch_norm_relu(input, given(residual), given(r.mean), given(r.var), o);
  });
}

Tensor (*detail::sum_over_ranks)(const Tensor& own) = nullptr;

// The mean first, then the squares of what differs from it: exact where a sum of squares would cancel.
Tensor BatchNorm::run_over_ranks(const Tensor& input) {
  return run(input, [&](const BatchNormFunctionOptions& o, Running& r) {
    const Tensor x = is_floating_point(input.dtype()) && item_size(input.dtype()) == 2 ? input.to(kFloat32) : input;
    Shape others{0}, sizes = Shape::filled(x.dim(), 1);
    for (int64_t d = 2; d < x.dim(); ++d) others.push_back(d);
    sizes[1] = x.size(1);
    const Tensor own_count =
        full({1}, double(x.numel() / std::max(x.size(1), int64_t(1))), CreationOptions{.dtype = x.dtype(), .device = x.device()});
    const Tensor sums = detail::sum_over_ranks(cat({sum(x, others), own_count}));
    const double count = sums.slice(0, x.size(1)).item<double>();
    if (count <= 1) fail(class_name(), "input", "more than one value a feature in training", "sizes " + to_string(input.sizes()));
    const Tensor mean = sums.slice(0, 0, x.size(1)) / count;
    const Tensor centred = x - mean.view(sizes);
    const Tensor var = detail::sum_over_ranks(sum(centred * centred, others)) / count;
    Tensor out = centred * rsqrt(var + o.eps).view(sizes);
    if (weight.defined()) out = out * weight.view(sizes);
    if (bias.defined()) out = out + bias.view(sizes);
    if (is_training() && running_mean.defined() && !autograd::is_recomputing()) {
      no_grad guard;
      r.mean.lerp_(mean.detach().to(running_mean.dtype()), o.momentum);
      r.var.lerp_((var.detach() * (count / (count - 1))).to(running_var.dtype()), o.momentum);
    }
    return out.to(input.dtype());
  });
}

Module& SyncBatchNorm::convert_sync_batchnorm(Module& module) {
  for (Module* m : module.modules())
    if (auto* norm = dynamic_cast<BatchNorm*>(m)) norm->synchronized = true;
  return module;
}

void FeatureNorm::reset_running_stats() {
  if (!running_mean.defined()) return;
  init::zeros_(running_mean);
  init::ones_(running_var);
  init::zeros_(num_batches_tracked);
}
void FeatureNorm::reset_parameters() {
  reset_running_stats();
  if (weight.defined()) init::ones_(weight);
  if (bias.defined()) init::zeros_(bias);
}

std::string FeatureNorm::extra_repr() const {
  return written(num_features) + ", eps=" + written(options.eps) + ", momentum=" + written(options.momentum) + ", affine=" + written(options.affine) +
         ", track_running_stats=" + written(options.track_running_stats);
}

void FeatureNorm::initialize(const Tensor& input) {
  check_rank(input);
  num_features = features_of(input);
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
bool FeatureNorm::adopt_sizes() {
  for (const Tensor* t : {static_cast<const Tensor*>(&weight), static_cast<const Tensor*>(&bias), static_cast<const Tensor*>(&running_mean),
                          static_cast<const Tensor*>(&running_var)})
    if (t->defined()) {
      if (t->body()->uninitialized) return false;
      num_features = t->numel();
    }
  return num_features != 0;
}

template <class Base, class Options>
Tensor LazyFeatureNorm<Base, Options>::forward(const Tensor& input) {
  ensure_initialized(input);
  return Base::forward(input);
}
template <class Base, class Options>
void LazyFeatureNorm<Base, Options>::initialize_parameters(const Tensor& input) {
  this->initialize(input);
}
template <class Base, class Options>
void LazyFeatureNorm<Base, Options>::state_loaded() {
  if (!is_initialized() && this->adopt_sizes()) set_initialized();
}
template <class Base, class Options>
std::string LazyFeatureNorm<Base, Options>::class_name() const {
  std::string name = Module::class_name();
  return is_initialized() && name.starts_with("Lazy") ? name.substr(4) : name;
}

InstanceNorm::InstanceNorm(int64_t features, const InstanceNormOptions& o) : FeatureNorm(features, batch_norm_options(o)) {}
InstanceNorm::InstanceNorm(Lazy lazy, const InstanceNormOptions& o) : FeatureNorm(lazy, batch_norm_options(o)) {}

Tensor InstanceNorm::forward(const Tensor& input) {
  check_rank(input);
  bool batched = input.dim() == batched_rank();
  check_features(input, batched ? 1 : 0);
  Tensor out = instance_norm(batched ? input : input.unsqueeze(0), {.running_mean = given(running_mean),
                                                                    .running_var = given(running_var),
                                                                    .weight = given(weight),
                                                                    .bias = given(bias),
                                                                    .use_input_stats = is_training() || !options.track_running_stats,
                                                                    .momentum = options.momentum.value_or(0),
                                                                    .eps = options.eps});
  return batched ? out : out.squeeze(Shape{0});
}

template class LazyFeatureNorm<BatchNorm1d>;
template class LazyFeatureNorm<BatchNorm2d>;
template class LazyFeatureNorm<BatchNorm3d>;
template class LazyFeatureNorm<InstanceNorm1d, LazyInstanceNormOptions>;
template class LazyFeatureNorm<InstanceNorm2d, LazyInstanceNormOptions>;
template class LazyFeatureNorm<InstanceNorm3d, LazyInstanceNormOptions>;

void list_batch_norms(ModuleTable& table) {
  table.add<BatchNorm1d, BatchNorm2d, BatchNorm3d, BatchNormReLU1d, BatchNormReLU2d, BatchNormReLU3d, SyncBatchNorm, LazyBatchNorm1d, LazyBatchNorm2d,
            LazyBatchNorm3d>();
  table.add<InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, LazyInstanceNorm1d, LazyInstanceNorm2d, LazyInstanceNorm3d>();
}

}  // namespace lazuli::nn
