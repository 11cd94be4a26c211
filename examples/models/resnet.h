#pragma once
#include "lazuli/lazuli.h"

namespace examples {

/// y = relu(x' + bn2(conv2(relu(bn1(conv1(x)))))), x' the input, or `downsample` of it.
struct BasicBlock : lazuli::nn::Module {
  lazuli::nn::Child<lazuli::nn::Conv2d> conv1;
  lazuli::nn::Child<lazuli::nn::BatchNorm2d> bn1;
  lazuli::nn::Child<lazuli::nn::Conv2d> conv2;
  lazuli::nn::Child<lazuli::nn::BatchNorm2d> bn2;
  lazuli::nn::Child<lazuli::nn::Sequential> downsample{this, "downsample"};

  BasicBlock(int64_t in, int64_t out, int64_t stride);
  lazuli::Tensor forward(const lazuli::Tensor& x) { return relu(downsample(x) + bn2(conv2(relu(bn1(conv1(x)))))); }
};

struct ResNetOptions {
  std::vector<int64_t> blocks = {2, 2, 2, 2};  // ResNet-18; {3, 4, 6, 3} is ResNet-34
  int64_t width = 64;                          // channels of the first stage
  int64_t classes = 1000;
};

/// ResNet-18 (He and others 2015, https://arxiv.org/abs/1512.03385) with torchvision's names. Images [n, 3, h, w], normalized as the weights want it (ImageNet's: mean 0.485, 0.456, 0.406, std
/// 0.229, 0.224, 0.225), h and w of 32 and more -> scores [n, classes].
struct ResNet : lazuli::nn::Module {
  lazuli::nn::Child<lazuli::nn::Conv2d> conv1;
  lazuli::nn::Child<lazuli::nn::BatchNorm2d> bn1;
  lazuli::nn::Child<lazuli::nn::MaxPool2d> maxpool;
  lazuli::nn::Child<lazuli::nn::Sequential> layer1{this, "layer1"}, layer2{this, "layer2"}, layer3{this, "layer3"}, layer4{this, "layer4"};
  lazuli::nn::Child<lazuli::nn::Linear> fc;

  explicit ResNet(const ResNetOptions& options = {});
  /// What the head gets: [n, 8 width].
  lazuli::Tensor features(const lazuli::Tensor& images);
  lazuli::Tensor forward(const lazuli::Tensor& images) { return fc(features(images)); }
};

}  // namespace examples
