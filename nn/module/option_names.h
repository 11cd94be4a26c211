#pragma once
#include "lazuli/nn/activation.h"
#include "lazuli/nn/batchnorm.h"
#include "lazuli/nn/convolution.h"
#include "lazuli/nn/dropout.h"
#include "lazuli/nn/instancenorm.h"
#include "lazuli/nn/loss.h"
#include "lazuli/nn/margin_loss.h"
#include "lazuli/nn/pooling.h"
#include "lazuli/nn/recurrent.h"

/// One struct of options serves several modules; here it has the name of each of them, as `MaxPool2dOptions{.stride = 2}`.
namespace lazuli::nn {

// Activations.
using ActivationOptions = InplaceOptions;
using ReLUOptions = InplaceOptions;
using ReLU6Options = InplaceOptions;
using SELUOptions = InplaceOptions;
using SiLUOptions = InplaceOptions;
using MishOptions = InplaceOptions;
using HardswishOptions = InplaceOptions;
using HardsigmoidOptions = InplaceOptions;
using ThresholdOptions = InplaceOptions;
using HardshrinkOptions = ShrinkOptions;
using SoftshrinkOptions = ShrinkOptions;
using LogSoftmaxOptions = SoftmaxOptions;
using SoftminOptions = SoftmaxOptions;

// Pooling.
using MaxPool1dOptions = MaxPoolOptions;
using MaxPool2dOptions = MaxPoolOptions;
using MaxPool3dOptions = MaxPoolOptions;
using MaxUnpool1dOptions = MaxUnpoolOptions;
using MaxUnpool2dOptions = MaxUnpoolOptions;
using MaxUnpool3dOptions = MaxUnpoolOptions;
using AvgPool2dOptions = AvgPoolOptions;
using AvgPool3dOptions = AvgPoolOptions;
using LPPool1dOptions = LPPoolOptions;
using LPPool2dOptions = LPPoolOptions;
using LPPool3dOptions = LPPoolOptions;
using AdaptiveMaxPool1dOptions = AdaptiveMaxPoolOptions;
using AdaptiveMaxPool2dOptions = AdaptiveMaxPoolOptions;
using AdaptiveMaxPool3dOptions = AdaptiveMaxPoolOptions;

// Losses.
using MSELossOptions = LossOptions;
using L1LossOptions = LossOptions;
using SoftMarginLossOptions = LossOptions;
using MultiLabelMarginLossOptions = LossOptions;

// Linear and convolution.
using BilinearOptions = LinearOptions;
using Conv1dOptions = ConvOptions;
using Conv2dOptions = ConvOptions;
using Conv3dOptions = ConvOptions;
using ConvTranspose1dOptions = ConvTransposeOptions;
using ConvTranspose2dOptions = ConvTransposeOptions;
using ConvTranspose3dOptions = ConvTransposeOptions;
using LazyConvOptions = ConvOptions;
using LazyConvTransposeOptions = ConvTransposeOptions;

// Normalization and dropout.
using BatchNorm1dOptions = BatchNormOptions;
using BatchNorm2dOptions = BatchNormOptions;
using BatchNorm3dOptions = BatchNormOptions;
using SyncBatchNormOptions = BatchNormOptions;
using InstanceNorm1dOptions = InstanceNormOptions;
using InstanceNorm2dOptions = InstanceNormOptions;
using InstanceNorm3dOptions = InstanceNormOptions;
using Dropout1dOptions = DropoutOptions;
using Dropout2dOptions = DropoutOptions;
using Dropout3dOptions = DropoutOptions;
using AlphaDropoutOptions = DropoutOptions;
using FeatureAlphaDropoutOptions = DropoutOptions;

// Recurrent.
using LSTMOptions = RNNBaseOptions;
using GRUOptions = RNNBaseOptions;

}  // namespace lazuli::nn
