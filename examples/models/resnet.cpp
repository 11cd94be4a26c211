#include "resnet.h"

using namespace lazuli;

namespace examples {

BasicBlock::BasicBlock(int64_t in, int64_t out, int64_t stride)
    : conv1(this, "conv1", in, out, 3, nn::ConvOptions{.stride = stride, .padding = 1, .bias = false}),
      bn1(this, "bn1", out),
      conv2(this, "conv2", out, out, 3, nn::ConvOptions{.padding = 1, .bias = false}),
      bn2(this, "bn2", out) {
  if (stride == 1 && in == out) return;
  downsample->push_back(nn::Conv2d(in, out, 1, {.stride = stride, .bias = false}));
  downsample->push_back(nn::BatchNorm2d(out));
}

ResNet::ResNet(const ResNetOptions& o)
    : conv1(this, "conv1", 3, o.width, 7, nn::ConvOptions{.stride = 2, .padding = 3, .bias = false}),
      bn1(this, "bn1", o.width),
      maxpool(this, "maxpool", 3, nn::MaxPoolOptions{.stride = 2, .padding = 1}),
      fc(this, "fc", 8 * o.width, o.classes) {
  if (o.blocks.size() != 4) fail("ResNet", "blocks", "the numbers of blocks of four stages", std::to_string(o.blocks.size()));
  int64_t in = o.width, out = o.width;
  nn::Child<nn::Sequential>* stages[] = {&layer1, &layer2, &layer3, &layer4};
  for (size_t stage = 0; stage < 4; ++stage, out *= 2)
    for (int64_t block = 0; block < o.blocks[stage]; ++block, in = out)
      (*stages[stage])->push_back(BasicBlock(in, out, /*stride=*/stage > 0 && block == 0 ? 2 : 1));
}

Tensor ResNet::features(const Tensor& images) {
  const Tensor x = maxpool(relu(bn1(conv1(images))));
  return layer4(layer3(layer2(layer1(x)))).mean({2, 3});
}

}  // namespace examples
