#pragma once
#include "lazuli/lazuli.h"

/// y = relu(x' + norm2(conv2(relu(norm1(conv1(x)))))), where x' is x, or a 1x1 convolution of it where channels or places change in number
/// (He and others 2015, https://arxiv.org/abs/1512.03385). Norm, addition and relu are one pass.
struct ResidualBlock : lazuli::nn::Module {
  lazuli::nn::Child<lazuli::nn::Conv2d> conv1;
  lazuli::nn::Child<lazuli::nn::BatchNormReLU2d> norm1;
  lazuli::nn::Child<lazuli::nn::Conv2d> conv2;
  lazuli::nn::Child<lazuli::nn::BatchNormReLU2d> norm2;
  lazuli::nn::Child<lazuli::nn::Sequential> shortcut{this, "shortcut"};

  ResidualBlock(int64_t in, int64_t out, int64_t stride);
  lazuli::Tensor forward(const lazuli::Tensor& x) { return norm2(conv2(norm1(conv1(x))), shortcut(x)); }
};

/// A convolution to `width` channels, then three stages of residual blocks, each of twice the channels and half the height and width of what comes before; the mean over all
/// places goes to the classes.
struct ResNet : lazuli::nn::Module {
  lazuli::nn::Child<lazuli::nn::Conv2d> stem;
  lazuli::nn::Child<lazuli::nn::BatchNormReLU2d> norm;
  lazuli::nn::Child<lazuli::nn::Sequential> stages{this, "stages"};
  lazuli::nn::Child<lazuli::nn::Linear> classifier;

  ResNet(int64_t width, int64_t blocks, int64_t classes);
  lazuli::Tensor forward(const lazuli::Tensor& x) { return classifier(mean(stages(norm(stem(x))), {2, 3})); }
};
