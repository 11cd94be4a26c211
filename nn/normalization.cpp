#include "lazuli/ops/network/normalization.h"

#include "lazuli/nn/module/factory.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/nn/normalization.h"

namespace lazuli::nn {

LayerNorm::LayerNorm(const Shape& sizes, const LayerNormOptions& o)
    : WithOptions(o),
      normalized_shape(sizes),
      weight(this, "weight", detail::Factory("LayerNorm", o).full(o.elementwise_affine, sizes, 1)),
      bias(this, "bias", detail::Factory("LayerNorm", o).full(o.elementwise_affine && o.bias, sizes, 0)) {}
Tensor LayerNorm::forward(const Tensor& input) { return layer_norm(input, normalized_shape, {given(weight), given(bias), options.eps}); }
void LayerNorm::reset_parameters() {
  if (weight.defined()) init::ones_(weight);
  if (bias.defined()) init::zeros_(bias);
}
std::string LayerNorm::extra_repr() const {
  return written(normalized_shape) + ", eps=" + written(options.eps) + ", elementwise_affine=" + written(options.elementwise_affine);
}

RMSNorm::RMSNorm(const Shape& sizes, const RMSNormOptions& o)
    : WithOptions(o), normalized_shape(sizes), weight(this, "weight", detail::Factory("RMSNorm", o).full(o.elementwise_affine, sizes, 1)) {}
Tensor RMSNorm::forward(const Tensor& input) { return rms_norm(input, normalized_shape, given(weight), options.eps); }
void RMSNorm::reset_parameters() {
  if (weight.defined()) init::ones_(weight);
}
std::string RMSNorm::extra_repr() const {
  return written(normalized_shape) + ", eps=" + written(options.eps) + ", elementwise_affine=" + written(options.elementwise_affine);
}

GroupNorm::GroupNorm(int64_t groups, int64_t channels, const GroupNormOptions& o)
    : WithOptions(o),
      num_groups(groups),
      num_channels(channels),
      weight(this, "weight", detail::Factory("GroupNorm", o).full(o.affine, {channels}, 1)),
      bias(this, "bias", detail::Factory("GroupNorm", o).full(o.affine && o.bias, {channels}, 0)) {
  if (groups < 1 || channels % groups) fail("GroupNorm", "num_groups", "a divisor of num_channels " + written(channels), written(groups));
}
Tensor GroupNorm::forward(const Tensor& input) { return group_norm(input, num_groups, {given(weight), given(bias), options.eps}); }
void GroupNorm::reset_parameters() {
  if (weight.defined()) init::ones_(weight);
  if (bias.defined()) init::zeros_(bias);
}
std::string GroupNorm::extra_repr() const {
  return written(num_groups) + ", " + written(num_channels) + ", eps=" + written(options.eps) + ", affine=" + written(options.affine);
}

Tensor LocalResponseNorm::forward(const Tensor& input) { return local_response_norm(input, size, options); }
std::string LocalResponseNorm::extra_repr() const {
  return written(size) + ", alpha=" + written(options.alpha) + ", beta=" + written(options.beta) + ", k=" + written(options.k);
}

void list_normalizations(ModuleTable& table) { table.add<LayerNorm, RMSNorm, GroupNorm, LocalResponseNorm>(); }

}  // namespace lazuli::nn
