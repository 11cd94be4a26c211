#include "lazuli/bench/training.h"
#include "lazuli/record/freeze.h"

// Image networks and a convolution alone.
namespace bench {
using namespace lazuli;

namespace {

Tensor channels_last(const Tensor& image) { return contiguous(image, MemoryFormat::ChannelsLast); }

nn::Conv2d convolution(int64_t in, int64_t out, int64_t kernel, int64_t stride) {
  return nn::Conv2d(in, out, kernel, {.stride = stride, .padding = kernel / 2, .bias = false});
}

/// The basic block of ResNet.
struct Block : nn::Module {
  nn::Child<nn::Conv2d> c1;
  nn::Child<nn::BatchNormReLU2d> b1;
  nn::Child<nn::Conv2d> c2;
  nn::Child<nn::BatchNormReLU2d> b2;
  nn::Child<nn::Sequential> shortcut;
  Block(int64_t in, int64_t out, int64_t stride)
      : c1(this, "c1", convolution(in, out, 3, stride)),
        b1(this, "b1", out),
        c2(this, "c2", convolution(out, out, 3, 1)),
        b2(this, "b2", out),
        shortcut(this, "short") {
    if (in == out && stride == 1) return;
    shortcut->push_back(convolution(in, out, 1, stride));
    shortcut->push_back(nn::BatchNorm2d(out));
  }
  Tensor forward(const Tensor& x) {
    Tensor y = b1(c1(x));
    return b2(c2(y), shortcut(x));
  }
};

/// Two blocks for each width, the later widths at half the size.
void add_blocks(nn::Sequential& model, int64_t in, const std::vector<int64_t>& widths, int64_t classes) {
  int64_t stride = 1;
  for (int64_t width : widths) {
    model.push_back(Block(in, width, stride));
    model.push_back(Block(width, width, 1));
    in = width;
    stride = 2;
  }
  model.push_back(nn::AdaptiveAvgPool2d(1));
  model.push_back(nn::Flatten());
  model.push_back(nn::Linear(in, classes));
}

nn::Sequential small_resnet() {
  nn::Sequential model{convolution(3, 32, 3, 1), nn::BatchNormReLU2d(32)};
  add_blocks(model, 32, {32, 64, 128}, 10);
  return model;
}

nn::Sequential resnet18() {
  nn::Sequential model{convolution(3, 64, 7, 2), nn::BatchNormReLU2d(64), nn::MaxPool2d(3, {.stride = 2, .padding = 1})};
  add_blocks(model, 64, {64, 128, 256, 512}, 1000);
  return model;
}

void infer(const Options& options, nn::Sequential& model, const Tensor& x, const std::string& metric) {
  model.eval();
  no_grad guard;
  emit(options, metric, double(x.size(0)) / seconds_per_call(options, [&] { model(x); }), "samples/s");
  if (!x.device().is_cpu()) return;
  const Frozen frozen = freeze(model, {x});
  emit(options, metric + "_frozen", double(x.size(0)) / seconds_per_call(options, [&] { frozen(x); }), "samples/s");
}

}  // namespace

void cnn(const Options& options) {
  nn::Sequential model = small_resnet();
  model.to(options.device);
  Tensor x = channels_last(randn({64, 3, 32, 32})).to(options.device), y = randint(10, {64}).to(options.device);
  optim::SGD sgd(model.parameters(), {.lr = 0.01, .momentum = 0.9});
  train(
      options, sgd, [&] { return cross_entropy(model(x), y); }, 64, "train", "samples/s");
  sgd.zero_grad();
  infer(options, model, x, "infer");
}

void resnet18_infer(const Options& options) {
  nn::Sequential model = resnet18();
  model.to(options.device);
  for (int64_t batch : {1, 8})
    infer(options, model, channels_last(randn({batch, 3, 224, 224})).to(options.device), "infer_b" + std::to_string(batch));
}

void conv2d(const Options& options) {
  Tensor x = channels_last(randn({16, 64, 56, 56})).to(options.device).requires_grad_(),
         w = randn({64, 64, 3, 3}).to(options.device).requires_grad_();
  const double gflop = 2e-9 * 16 * 64 * 56 * 56 * 64 * 9;
  const auto forward = [&] { return lazuli::conv2d(x, w, {.padding = 1}); };
  {
    no_grad guard;
    emit(options, "fwd", gflop / seconds_per_call(options, [&] { forward(); }), "GFLOP/s");
  }
  Tensor y = forward(), g = channels_last(randn(y.sizes())).to(options.device);
  emit(options, "bwd",
       2 * gflop /
           seconds_per_call(options,
                            [&] {
                              autograd::grad({y}, {x, w}, {.grad_outputs = {g}, .retain_graph = true});
                            }),
       "GFLOP/s");
}

}  // namespace bench
