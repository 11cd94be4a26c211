#pragma once
#include "lazuli/torch/containers.h"

/// libtorch's FuncOptions: what its functions take besides tensors, by setters in a chain.
namespace torch::nn::functional {

// Those that are the modules' own.
using CrossEntropyFuncOptions = CrossEntropyLossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using MSELossFuncOptions = LossOptions;
using L1LossFuncOptions = LossOptions;
using SoftMarginLossFuncOptions = LossOptions;
using SmoothL1LossFuncOptions = SmoothL1LossOptions;
using HuberLossFuncOptions = HuberLossOptions;
using KLDivFuncOptions = KLDivLossOptions;
using BinaryCrossEntropyFuncOptions = BCELossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;
using ReLUFuncOptions = InplaceOptions;
using LeakyReLUFuncOptions = LeakyReLUOptions;
using ELUFuncOptions = ELUOptions;
using GELUFuncOptions = GELUOptions;
using HardtanhFuncOptions = HardtanhOptions;
using SoftplusFuncOptions = SoftplusOptions;
using MaxPool1dFuncOptions = MaxPoolOptions;
using MaxPool2dFuncOptions = MaxPoolOptions;
using MaxPool3dFuncOptions = MaxPoolOptions;
using AvgPool1dFuncOptions = AvgPool1dOptions;
using AvgPool2dFuncOptions = AvgPoolOptions;
using AvgPool3dFuncOptions = AvgPoolOptions;
using AdaptiveAvgPool1dFuncOptions = AdaptivePoolOptions;
using AdaptiveAvgPool2dFuncOptions = AdaptivePoolOptions;
using AdaptiveMaxPool2dFuncOptions = AdaptivePoolOptions;

using AdaptiveAvgPool3dFuncOptions = AdaptivePoolOptions;
using AdaptiveMaxPool1dFuncOptions = AdaptivePoolOptions;
using AdaptiveMaxPool3dFuncOptions = AdaptivePoolOptions;
using ReLU6FuncOptions = InplaceOptions;
using SELUFuncOptions = InplaceOptions;
using CELUFuncOptions = ELUOptions;
using GLUFuncOptions = GLUOptions;
using HardshrinkFuncOptions = ShrinkOptions;
using SoftshrinkFuncOptions = ShrinkOptions;
using ThresholdFuncOptions = ThresholdOptions;
using LPPool1dFuncOptions = LPPool1dOptions;
using LPPool2dFuncOptions = LPPool2dOptions;
using LPPool3dFuncOptions = LPPool3dOptions;
using LocalResponseNormFuncOptions = LocalResponseNormOptions;
using PairwiseDistanceFuncOptions = PairwiseDistanceOptions;
using PoissonNLLLossFuncOptions = PoissonNLLLossOptions;
using MultiMarginLossFuncOptions = MultiMarginLossOptions;
using MultilabelMarginLossFuncOptions = LossOptions;
using MultilabelSoftMarginLossFuncOptions = MultiLabelSoftMarginLossOptions;

struct SoftmaxFuncOptions : SoftmaxOptions {
  using SoftmaxOptions::SoftmaxOptions;
  SoftmaxFuncOptions& dtype(Dtype value) { return type = value, *this; }
  optional<Dtype> type = {};
};
using LogSoftmaxFuncOptions = SoftmaxFuncOptions;
using SoftminFuncOptions = SoftmaxFuncOptions;
struct DropoutFuncOptions {
  lazuli::DropoutFunctionOptions options = {};
  LAZULI_TORCH_OPTION(DropoutFuncOptions, p)
  LAZULI_TORCH_OPTION(DropoutFuncOptions, training)
  DropoutFuncOptions& inplace(bool value) { return inplace_ = value, *this; }
  bool inplace_ = false;
};
using Dropout2dFuncOptions = DropoutFuncOptions;
using Dropout3dFuncOptions = DropoutFuncOptions;
struct AlphaDropoutFuncOptions {
  lazuli::AlphaDropoutFunctionOptions options = {};
  LAZULI_TORCH_OPTION(AlphaDropoutFuncOptions, p)
  LAZULI_TORCH_OPTION(AlphaDropoutFuncOptions, training)
  AlphaDropoutFuncOptions& inplace(bool value) { return inplace_ = value, *this; }
  bool inplace_ = false;
};
using FeatureAlphaDropoutFuncOptions = AlphaDropoutFuncOptions;
struct RReLUFuncOptions {
  lazuli::RReLUFunctionOptions options = {};
  LAZULI_TORCH_OPTION(RReLUFuncOptions, lower)
  LAZULI_TORCH_OPTION(RReLUFuncOptions, upper)
  LAZULI_TORCH_OPTION(RReLUFuncOptions, training)
  RReLUFuncOptions& inplace(bool value) { return inplace_ = value, *this; }
  bool inplace_ = false;
};
struct ConvTransposeFuncOptions {
  lazuli::ConvTransposeFunctionOptions options = {};
  LAZULI_TORCH_OPTION(ConvTransposeFuncOptions, bias)
  LAZULI_TORCH_OPTION(ConvTransposeFuncOptions, stride)
  LAZULI_TORCH_OPTION(ConvTransposeFuncOptions, padding)
  LAZULI_TORCH_OPTION(ConvTransposeFuncOptions, output_padding)
  LAZULI_TORCH_OPTION(ConvTransposeFuncOptions, groups)
  LAZULI_TORCH_OPTION(ConvTransposeFuncOptions, dilation)
};
using ConvTranspose1dFuncOptions = ConvTransposeFuncOptions;
using ConvTranspose2dFuncOptions = ConvTransposeFuncOptions;
using ConvTranspose3dFuncOptions = ConvTransposeFuncOptions;
struct ConvFuncOptions {
  lazuli::ConvFunctionOptions options = {};
  LAZULI_TORCH_OPTION(ConvFuncOptions, bias)
  LAZULI_TORCH_OPTION(ConvFuncOptions, stride)
  LAZULI_TORCH_OPTION(ConvFuncOptions, padding)
  LAZULI_TORCH_OPTION(ConvFuncOptions, dilation)
  LAZULI_TORCH_OPTION(ConvFuncOptions, groups)
};
using Conv1dFuncOptions = ConvFuncOptions;
using Conv2dFuncOptions = ConvFuncOptions;
using Conv3dFuncOptions = ConvFuncOptions;
struct BatchNormFuncOptions {
  lazuli::BatchNormFunctionOptions options = {};
  LAZULI_TORCH_OPTION(BatchNormFuncOptions, weight)
  LAZULI_TORCH_OPTION(BatchNormFuncOptions, bias)
  LAZULI_TORCH_OPTION(BatchNormFuncOptions, training)
  BatchNormFuncOptions& momentum(optional<double> value) { return options.momentum = value.value_or(0), *this; }
  LAZULI_TORCH_OPTION(BatchNormFuncOptions, eps)
};
struct LayerNormFuncOptions {
  explicit LayerNormFuncOptions(const std::vector<int64_t>& shape) : normalized_shape(shape) {}
  Shape normalized_shape;
  lazuli::LayerNormFunctionOptions options = {};
  LAZULI_TORCH_OPTION(LayerNormFuncOptions, weight)
  LAZULI_TORCH_OPTION(LayerNormFuncOptions, bias)
  LAZULI_TORCH_OPTION(LayerNormFuncOptions, eps)
};
struct GroupNormFuncOptions {
  explicit GroupNormFuncOptions(int64_t groups) : num_groups(groups) {}
  int64_t num_groups;
  lazuli::GroupNormFunctionOptions options = {};
  LAZULI_TORCH_OPTION(GroupNormFuncOptions, weight)
  LAZULI_TORCH_OPTION(GroupNormFuncOptions, bias)
  LAZULI_TORCH_OPTION(GroupNormFuncOptions, eps)
};
struct InstanceNormFuncOptions {
  lazuli::InstanceNormFunctionOptions options = {};
  LAZULI_TORCH_OPTION(InstanceNormFuncOptions, running_mean)
  LAZULI_TORCH_OPTION(InstanceNormFuncOptions, running_var)
  LAZULI_TORCH_OPTION(InstanceNormFuncOptions, weight)
  LAZULI_TORCH_OPTION(InstanceNormFuncOptions, bias)
  LAZULI_TORCH_OPTION(InstanceNormFuncOptions, use_input_stats)
  LAZULI_TORCH_OPTION(InstanceNormFuncOptions, momentum)
  LAZULI_TORCH_OPTION(InstanceNormFuncOptions, eps)
};
struct GridSampleFuncOptions {
  lazuli::GridSampleOptions options = {};
  LAZULI_TORCH_OPTION(GridSampleFuncOptions, mode)
  LAZULI_TORCH_OPTION(GridSampleFuncOptions, padding_mode)
  LAZULI_TORCH_OPTION(GridSampleFuncOptions, align_corners)
};
struct MaxUnpoolFuncOptions {
  MaxUnpoolFuncOptions(const Shape& size) : kernel_size(size) {}
  Shape kernel_size;
  lazuli::MaxUnpoolFunctionOptions options = {};
  LAZULI_TORCH_OPTION(MaxUnpoolFuncOptions, stride)
  LAZULI_TORCH_OPTION(MaxUnpoolFuncOptions, padding)
  LAZULI_TORCH_OPTION(MaxUnpoolFuncOptions, output_size)
};
using MaxUnpool1dFuncOptions = MaxUnpoolFuncOptions;
using MaxUnpool2dFuncOptions = MaxUnpoolFuncOptions;
using MaxUnpool3dFuncOptions = MaxUnpoolFuncOptions;
struct GumbelSoftmaxFuncOptions {
  double tau_ = 1;
  bool hard_ = false;
  int64_t dim_ = -1;
  GumbelSoftmaxFuncOptions& tau(double value) { return tau_ = value, *this; }
  GumbelSoftmaxFuncOptions& hard(bool value) { return hard_ = value, *this; }
  GumbelSoftmaxFuncOptions& dim(int64_t value) { return dim_ = value, *this; }
};
struct PixelShuffleFuncOptions {
  PixelShuffleFuncOptions(int64_t value) : factor(value) {}
  int64_t factor;
};
using PixelUnshuffleFuncOptions = PixelShuffleFuncOptions;
using UnfoldFuncOptions = UnfoldOptions;
using FoldFuncOptions = FoldOptions;
using CTCLossFuncOptions = CTCLossOptions;
using TripletMarginLossFuncOptions = TripletMarginLossOptions;
using HingeEmbeddingLossFuncOptions = HingeEmbeddingLossOptions;
using CosineEmbeddingLossFuncOptions = CosineEmbeddingLossOptions;
using MarginRankingLossFuncOptions = MarginRankingLossOptions;
using CosineSimilarityFuncOptions = CosineSimilarityOptions;
struct NormalizeFuncOptions {
  lazuli::NormalizeOptions options = {};
  LAZULI_TORCH_OPTION(NormalizeFuncOptions, p)
  LAZULI_TORCH_OPTION(NormalizeFuncOptions, dim)
  LAZULI_TORCH_OPTION(NormalizeFuncOptions, eps)
};
struct InterpolateFuncOptions {
  lazuli::InterpolateOptions options = {};
  InterpolateFuncOptions& size(const std::vector<int64_t>& value) { return options.size = Shape(value), *this; }
  InterpolateFuncOptions& scale_factor(const std::vector<double>& value) {
    lazuli::SizeRatio ratio;
    ratio.assign(value.begin(), value.end());
    return options.scale_factor = ratio, *this;
  }
  InterpolateFuncOptions& mode(const std::string& value) { return options.mode = value, *this; }
  LAZULI_TORCH_OPTION(InterpolateFuncOptions, align_corners)
  LAZULI_TORCH_OPTION(InterpolateFuncOptions, recompute_scale_factor)
  LAZULI_TORCH_OPTION(InterpolateFuncOptions, antialias)
};
struct PadFuncOptions {
  explicit PadFuncOptions(const Shape& sizes) : pad(sizes) {}
  PadFuncOptions& mode(const std::string& value) { return words = value, *this; }
  PadFuncOptions& value(double number) { return fill = number, *this; }
  Shape pad;
  std::string words = "constant";
  optional<double> fill = {};
};

}  // namespace torch::nn::functional
