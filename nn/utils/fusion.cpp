#include "lazuli/nn/utils/fusion.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn::utils {

namespace {
struct Affine {
  Tensor scale, shift;  // y = x scale + shift
};
Affine affine_of(const char* op, const Tensor& mean, const Tensor& var, double eps, const Tensor& weight, const Tensor& bias) {
  if (!mean.defined() || !var.defined()) fail(ErrorKind::State, op, "bn", "a batch norm that tracks running statistics", "one without");
  Tensor scale = rsqrt(var + eps);
  if (weight.defined()) scale = scale * weight;
  const Tensor shift = -mean * scale;
  return {scale, bias.defined() ? shift + bias : shift};
}
Tensor fused_bias(const Affine& bn, const Tensor& bias, DType dtype) { return (bias.defined() ? bias * bn.scale + bn.shift : bn.shift).to(dtype); }

template <class Layer>
void set_fused(Layer& layer, const std::pair<Tensor, Tensor>& fused) {
  const bool trains = layer.weight.requires_grad();
  layer.weight = Parameter(fused.first, trains);
  layer.bias = Parameter(fused.second, layer.bias.defined() ? layer.bias.requires_grad() : trains);
  layer.options.bias = true;
}
}  // namespace

std::pair<Tensor, Tensor> fuse_conv_bn_weights(const Tensor& weight, const Tensor& bias, const Tensor& mean, const Tensor& var, double eps,
                                               const Tensor& bn_weight, const Tensor& bn_bias, bool transpose) {
  const char* op = "fuse_conv_bn_weights";
  no_grad guard;
  const Affine bn = affine_of(op, mean, var, eps, bn_weight, bn_bias);
  const int64_t features = bn.scale.numel(), own = weight.size(transpose ? 1 : 0), groups = transpose && own ? features / own : 1;
  if (own * groups != features || (transpose && weight.size(0) % groups))
    fail(op, "weight", "a weight of " + std::to_string(features) + " output channels, those of the batch norm", "sizes " + to_string(weight.sizes()));
  Shape sizes = weight.sizes();
  Shape factor;
  for (int64_t i = 0; i < weight.dim(); ++i) factor.push_back(1);
  Tensor fused;
  if (!transpose) {
    factor[0] = features;
    fused = weight * bn.scale.reshape(factor);
  } else {  // [in, out / groups, ..] as [groups, in / groups, out / groups, the rest]
    const Tensor grouped = weight.reshape({groups, weight.size(0) / groups, own, -1});
    fused = (grouped * bn.scale.reshape({groups, 1, own, 1})).reshape(sizes);
  }
  return {fused.to(weight.dtype()), fused_bias(bn, bias, weight.dtype())};
}

std::pair<Tensor, Tensor> fuse_linear_bn_weights(const Tensor& weight, const Tensor& bias, const Tensor& mean, const Tensor& var, double eps,
                                                 const Tensor& bn_weight, const Tensor& bn_bias) {
  const char* op = "fuse_linear_bn_weights";
  no_grad guard;
  const Affine bn = affine_of(op, mean, var, eps, bn_weight, bn_bias);
  if (bn.scale.numel() != 1 && bn.scale.numel() != weight.size(0))
    fail(op, "weight", "a weight of " + std::to_string(bn.scale.numel()) + " outputs, the features of the batch norm",
         "sizes " + to_string(weight.sizes()));
  const Tensor b = fused_bias(bn, bias, weight.dtype());
  return {(weight * bn.scale.unsqueeze(-1)).to(weight.dtype()), b.numel() == weight.size(0) ? b : b.expand({weight.size(0)}).clone()};
}

namespace detail {
void check_fusable(const char* op, const Module& layer, const BatchNorm& bn) {
  if (layer.is_training() || bn.is_training()) fail(ErrorKind::State, op, "", "modules in evaluation mode, eval()", "one in training");
  if (!bn.running_mean.defined()) fail(ErrorKind::State, op, "bn", "a batch norm that tracks running statistics", "one without");
}
void fuse_into(Conv& conv, const BatchNorm& bn) {
  set_fused(conv, fuse_conv_bn_weights(conv.weight, conv.bias, bn.running_mean, bn.running_var, bn.options.eps, bn.weight, bn.bias));
}
void fuse_into(ConvTranspose& conv, const BatchNorm& bn) {
  set_fused(conv, fuse_conv_bn_weights(conv.weight, conv.bias, bn.running_mean, bn.running_var, bn.options.eps, bn.weight, bn.bias, true));
}
void fuse_into(Linear& linear, const BatchNorm& bn) {
  set_fused(linear, fuse_linear_bn_weights(linear.weight, linear.bias, bn.running_mean, bn.running_var, bn.options.eps, bn.weight, bn.bias));
}
}  // namespace detail

Linear fuse_linear_bn_eval(const Linear& linear, const BatchNorm& bn) {
  detail::check_fusable("fuse_linear_bn_eval", linear, bn);
  Linear fused = clone(linear);
  detail::fuse_into(fused, bn);
  return fused;
}

}  // namespace lazuli::nn::utils
