#include "model.h"

using namespace lazuli;

ResidualBlock::ResidualBlock(int64_t in, int64_t out, int64_t stride)
    : conv1(this, "conv1", in, out, 3, nn::ConvOptions{.stride = stride, .padding = 1, .bias = false}),
      norm1(this, "norm1", out),
      conv2(this, "conv2", out, out, 3, nn::ConvOptions{.padding = 1, .bias = false}),
      norm2(this, "norm2", out) {
  if (stride != 1 || in != out) {
    shortcut->push_back(nn::Conv2d(in, out, 1, {.stride = stride, .bias = false}));
    shortcut->push_back(nn::BatchNorm2d(out));
  }
}

ResNet::ResNet(int64_t width, int64_t blocks, int64_t classes)
    : stem(this, "stem", 1, width, 3, nn::ConvOptions{.padding = 1, .bias = false}),
      norm(this, "norm", width),
      classifier(this, "classifier", 8 * width, classes) {
  int64_t in = width;
  for (int64_t out : {2 * width, 4 * width, 8 * width})
    for (int64_t block = 0; block < blocks; ++block) {
      stages->push_back(ResidualBlock(in, out, /*stride=*/in == out ? 1 : 2));
      in = out;
    }
}
