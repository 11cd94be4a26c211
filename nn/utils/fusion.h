#pragma once
#include "lazuli/nn/batchnorm.h"
#include "lazuli/nn/convolution.h"
#include "lazuli/nn/linear.h"

/// Batch norms folded into the layer before them, for inference: one layer that computes what both do in evaluation.
namespace lazuli::nn::utils {

/// Weight and bias that do what a convolution with these (no bias: undefined) followed by a batch norm with these statistics does:
///   w' = w scale,  b' = (b - mean) scale + bn_bias,  scale = bn_weight / sqrt(var + eps).
/// `transpose`: of a transposed convolution, in groups or not. An undefined bn_weight stands for ones, bn_bias for zeros. Throws Error for undefined or unfitting statistics.
std::pair<Tensor, Tensor> fuse_conv_bn_weights(const Tensor& weight, const Tensor& bias, const Tensor& running_mean, const Tensor& running_var,
                                               double eps, const Tensor& bn_weight = {}, const Tensor& bn_bias = {}, bool transpose = false);
std::pair<Tensor, Tensor> fuse_linear_bn_weights(const Tensor& weight, const Tensor& bias, const Tensor& running_mean, const Tensor& running_var,
                                                 double eps, const Tensor& bn_weight = {}, const Tensor& bn_bias = {});

namespace detail {
void fuse_into(Conv& conv, const BatchNorm& bn);
void fuse_into(ConvTranspose& conv, const BatchNorm& bn);
void fuse_into(Linear& linear, const BatchNorm& bn);
void check_fusable(const char* op, const Module& layer, const BatchNorm& bn);
}  // namespace detail

/// A copy of the convolution (transposed or not) that does what both do, one after the other. Throws Error for a module in training, and for a batch norm without statistics.
template <class C>
requires std::is_base_of_v<Conv, C> || std::is_base_of_v<ConvTranspose, C> C fuse_conv_bn_eval(const C& conv, const BatchNorm& bn) {
  detail::check_fusable("fuse_conv_bn_eval", conv, bn);
  C fused = clone(conv);
  detail::fuse_into(fused, bn);
  return fused;
}
/// The same for a linear layer, whose out_features are the features of the batch norm, or whose batch norm has one.
Linear fuse_linear_bn_eval(const Linear& linear, const BatchNorm& bn);

}  // namespace lazuli::nn::utils
