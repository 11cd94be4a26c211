#include "lazuli/nn/module/factory.h"

#include "lazuli/nn/module/registry.h"
#include "lazuli/nn/nn.h"
#include "tests/catch.h"
#include "tests/nn/nn_test.h"

// Options that say of which dtype a module's parameters and buffers are made, and where.
using namespace lazuli;
using nn_test::message;

namespace {
struct Case {
  const char* name;
  std::vector<Value> args;
  Shape input;  // of lazy ones: what they find their sizes from
};
const std::vector<Case>& cases() {
  static const std::vector<Case> all{{"Linear", {3, 4}, {}},
                                     {"LazyLinear", {4}, {2, 3}},
                                     {"Bilinear", {3, 4, 5}, {}},
                                     {"Conv1d", {2, 4, 3}, {}},
                                     {"Conv2d", {2, 4, 3}, {}},
                                     {"Conv3d", {2, 4, 3}, {}},
                                     {"ConvTranspose1d", {2, 4, 3}, {}},
                                     {"ConvTranspose2d", {2, 4, 3}, {}},
                                     {"ConvTranspose3d", {2, 4, 3}, {}},
                                     {"LazyConv1d", {4, 3}, {1, 2, 5}},
                                     {"LazyConv2d", {4, 3}, {1, 2, 5, 5}},
                                     {"LazyConv3d", {4, 3}, {1, 2, 5, 5, 5}},
                                     {"LazyConvTranspose1d", {4, 3}, {1, 2, 5}},
                                     {"LazyConvTranspose2d", {4, 3}, {1, 2, 5, 5}},
                                     {"LazyConvTranspose3d", {4, 3}, {1, 2, 5, 5, 5}},
                                     {"BatchNorm1d", {4}, {}},
                                     {"BatchNorm2d", {4}, {}},
                                     {"BatchNorm3d", {4}, {}},
                                     {"SyncBatchNorm", {4}, {}},
                                     {"BatchNormReLU1d", {4}, {}},
                                     {"BatchNormReLU2d", {4}, {}},
                                     {"BatchNormReLU3d", {4}, {}},
                                     {"InstanceNorm1d", {4, 1e-5, 0.1, true, true}, {}},
                                     {"InstanceNorm2d", {4, 1e-5, 0.1, true, true}, {}},
                                     {"InstanceNorm3d", {4, 1e-5, 0.1, true, true}, {}},
                                     {"LazyBatchNorm1d", {}, {2, 4, 3}},
                                     {"LazyBatchNorm2d", {}, {2, 4, 3, 3}},
                                     {"LazyBatchNorm3d", {}, {2, 4, 3, 3, 3}},
                                     {"LazyInstanceNorm1d", {}, {2, 4, 3}},
                                     {"LazyInstanceNorm2d", {}, {2, 4, 3, 3}},
                                     {"LazyInstanceNorm3d", {}, {2, 4, 3, 3, 3}},
                                     {"LayerNorm", {4}, {}},
                                     {"RMSNorm", {4}, {}},
                                     {"GroupNorm", {2, 4}, {}},
                                     {"Embedding", {5, 4}, {}},
                                     {"EmbeddingBag", {5, 4}, {}},
                                     {"RNN", {3, 4}, {}},
                                     {"LSTM", {3, 4}, {}},
                                     {"GRU", {3, 4}, {}},
                                     {"RNNCell", {3, 4}, {}},
                                     {"LSTMCell", {3, 4}, {}},
                                     {"GRUCell", {3, 4}, {}},
                                     {"MultiheadAttention", {4, 2}, {}},
                                     {"TransformerEncoderLayer", {4, 2}, {}},
                                     {"TransformerDecoderLayer", {4, 2}, {}},
                                     {"Transformer", {4, 2, 1, 1, 8}, {}},
                                     {"PReLU", {}, {}},
                                     {"LinearCrossEntropyLoss", {3, 4}, {}},
                                     {"AdaptiveLogSoftmaxWithLoss", {8, 20, Value(Shape{5, 10})}, {}}};
  return all;
}
std::vector<Tensor> tensors_of(nn::Module& module) {
  std::vector<Tensor> all = module.parameters();
  for (const Tensor& t : module.buffers()) all.push_back(t);
  return all;
}
void check_made(nn::Module& module, DType dtype, Device device) {
  const std::vector<Tensor> tensors = tensors_of(module);
  CHECK_FALSE(tensors.empty());
  for (const Tensor& t : tensors) {
    CHECK(t.dtype() == (t.dtype() == kInt64 ? kInt64 : dtype));  // num_batches_tracked counts
    CHECK(t.device() == device);
  }
}
}  // namespace

TEST_CASE("every module with parameters makes them of the dtype and on the device of its options", "[nn][options]") {
  for (const Case& c : cases()) {
    INFO(c.name);
    manual_seed(3);
    const auto module = nn::make_module(c.name, c.args, {{"dtype", kFloat64}});
    const Tensor after = rand({3});
    if (!c.input.empty()) (*module)(randn(c.input, kFloat64));
    check_made(*module, kFloat64, kCPU);
    if (std::string_view(c.name) != "SyncBatchNorm") check_made(*module->clone(), kFloat64, kCPU);

    manual_seed(3);
    const auto plain = nn::make_module(c.name, c.args);
    CHECK(equal(rand({3}), after));  // as many random numbers
    CHECK(nn::to_string(*plain).find("dtype") == std::string::npos);

    const auto meta = nn::make_module(c.name, c.args, {{"device", "meta"}, {"dtype", kBFloat16}});
    if (!c.input.empty()) (*meta)(empty(c.input, {.dtype = kBFloat16, .device = kMeta}));
    check_made(*meta, kBFloat16, kMeta);

    CHECK(message([&] {
            nn::make_module(c.name, c.args, {{"dtype", kInt32}});
          }).find("argument 'dtype': expected a floating point or complex dtype, got int32") != std::string::npos);
  }
}

TEST_CASE("a module that takes no dtype has no parameters", "[nn][options]") {
  const std::vector<std::vector<Value>> tries{{}, {2}, {2, 2}, {2, 2, 2}, {0.5}};
  size_t known = 0;
  for (const std::string& name : nn::list_modules()) {
    INFO(name);
    bool listed = false;
    for (const Case& c : cases()) listed |= c.name == name;
    known += listed;
    if (listed) continue;
    for (const auto& args : tries) {
      std::shared_ptr<nn::Module> module;
      try {
        module = nn::make_module(name, args);
      } catch (const Error&) { continue; }  // takes others
      CHECK(tensors_of(*module).empty());
    }
  }
  CHECK(known >= 40);
}

TEST_CASE("dtype and device stand in braces behind a module's other options", "[nn][options]") {
  const nn::Linear linear(3, 4, {.bias = false, .dtype = kFloat64});
  CHECK(linear.weight.dtype() == kFloat64);
  const nn::Conv2d conv(3, 8, 3, 2, 1, {.bias = false, .device = "meta", .dtype = kFloat16});
  CHECK((conv.weight.device() == kMeta && conv.weight.dtype() == kFloat16 && conv.options.stride == Shape{2, 2}));
  CHECK(nn::LSTM(3, 4, 2, {.device = kMeta}).flat_weights()[7].device() == kMeta);
  struct Net : nn::Module {
    nn::Child<nn::LayerNorm> norm{this, "norm", {2, 3}, {.dtype = kFloat64}};
    nn::Child<nn::LazyLinear> out{this, "out", 2, {.dtype = kFloat64}};
    Tensor forward(const Tensor& x) { return out(norm(x)); }
  };
  Net net;
  CHECK(net(randn({4, 2, 3}, kFloat64)).dtype() == kFloat64);
  // Embedding's options are those of its rows.
  CHECK(nn::Embedding(5, 4, {.padding_idx = 1, .dtype = kFloat64}).weight.select(0, 1).eq(0).all().item<bool>());
}

TEST_CASE("modules that say neither take the thread's dtype and device", "[nn][options]") {
  const DefaultDeviceGuard on_meta(kMeta);
  const DefaultDTypeGuard in_double(kFloat64);
  CHECK((nn::Linear(3, 4).weight.device() == kMeta && nn::GRU(3, 4).flat_weights()[0].dtype() == kFloat64));
  nn::LazyConv2d lazy(4, 3);
  lazy(empty({1, 2, 5, 5}));
  CHECK((lazy.weight.device() == kMeta && lazy.weight.dtype() == kFloat64));
  CHECK(nn::Conv2d(2, 4, 3, {.device = "cpu"}).weight.device() == kCPU);
}
