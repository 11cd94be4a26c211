#include <algorithm>

#include "lazuli/nn/module/registry.h"
#include "tests/catch.h"
#include "tests/nn/nn_test.h"

// Every name of PyTorch's modules, and what goes with them.
using namespace lazuli;

namespace {
const std::vector<std::string> kModules{"AdaptiveAvgPool1d",
                                        "AdaptiveAvgPool2d",
                                        "AdaptiveAvgPool3d",
                                        "AdaptiveLogSoftmaxWithLoss",
                                        "AdaptiveMaxPool1d",
                                        "AdaptiveMaxPool2d",
                                        "AdaptiveMaxPool3d",
                                        "AlphaDropout",
                                        "AvgPool1d",
                                        "AvgPool2d",
                                        "AvgPool3d",
                                        "BatchNorm1d",
                                        "BatchNorm2d",
                                        "BatchNorm3d",
                                        "BCELoss",
                                        "BCEWithLogitsLoss",
                                        "Bilinear",
                                        "CELU",
                                        "ChannelShuffle",
                                        "CircularPad1d",
                                        "CircularPad2d",
                                        "CircularPad3d",
                                        "ConstantPad1d",
                                        "ConstantPad2d",
                                        "ConstantPad3d",
                                        "Conv1d",
                                        "Conv2d",
                                        "Conv3d",
                                        "ConvTranspose1d",
                                        "ConvTranspose2d",
                                        "ConvTranspose3d",
                                        "CosineEmbeddingLoss",
                                        "CosineSimilarity",
                                        "CrossEntropyLoss",
                                        "CTCLoss",
                                        "Dropout",
                                        "Dropout1d",
                                        "Dropout2d",
                                        "Dropout3d",
                                        "ELU",
                                        "Embedding",
                                        "EmbeddingBag",
                                        "FeatureAlphaDropout",
                                        "Flatten",
                                        "Fold",
                                        "FractionalMaxPool2d",
                                        "FractionalMaxPool3d",
                                        "GaussianNLLLoss",
                                        "GELU",
                                        "GLU",
                                        "GroupNorm",
                                        "GRU",
                                        "GRUCell",
                                        "Hardshrink",
                                        "Hardsigmoid",
                                        "Hardswish",
                                        "Hardtanh",
                                        "HingeEmbeddingLoss",
                                        "HuberLoss",
                                        "Identity",
                                        "InstanceNorm1d",
                                        "InstanceNorm2d",
                                        "InstanceNorm3d",
                                        "KLDivLoss",
                                        "L1Loss",
                                        "LayerNorm",
                                        "LazyBatchNorm1d",
                                        "LazyBatchNorm2d",
                                        "LazyBatchNorm3d",
                                        "LazyConv1d",
                                        "LazyConv2d",
                                        "LazyConv3d",
                                        "LazyConvTranspose1d",
                                        "LazyConvTranspose2d",
                                        "LazyConvTranspose3d",
                                        "LazyInstanceNorm1d",
                                        "LazyInstanceNorm2d",
                                        "LazyInstanceNorm3d",
                                        "LazyLinear",
                                        "LeakyReLU",
                                        "Linear",
                                        "LocalResponseNorm",
                                        "LogSigmoid",
                                        "LogSoftmax",
                                        "LPPool1d",
                                        "LPPool2d",
                                        "LPPool3d",
                                        "LSTM",
                                        "LSTMCell",
                                        "MarginRankingLoss",
                                        "MaxPool1d",
                                        "MaxPool2d",
                                        "MaxPool3d",
                                        "MaxUnpool1d",
                                        "MaxUnpool2d",
                                        "MaxUnpool3d",
                                        "Mish",
                                        "MSELoss",
                                        "MultiheadAttention",
                                        "MultiLabelMarginLoss",
                                        "MultiLabelSoftMarginLoss",
                                        "MultiMarginLoss",
                                        "NLLLoss",
                                        "PairwiseDistance",
                                        "PixelShuffle",
                                        "PixelUnshuffle",
                                        "PoissonNLLLoss",
                                        "PReLU",
                                        "ReflectionPad1d",
                                        "ReflectionPad2d",
                                        "ReflectionPad3d",
                                        "ReLU",
                                        "ReLU6",
                                        "ReplicationPad1d",
                                        "ReplicationPad2d",
                                        "ReplicationPad3d",
                                        "RMSNorm",
                                        "RNN",
                                        "RNNBase",
                                        "RNNCell",
                                        "RReLU",
                                        "SELU",
                                        "Sigmoid",
                                        "SiLU",
                                        "SmoothL1Loss",
                                        "SoftMarginLoss",
                                        "Softmax",
                                        "Softmax2d",
                                        "Softmin",
                                        "Softplus",
                                        "Softshrink",
                                        "Softsign",
                                        "SyncBatchNorm",
                                        "Tanh",
                                        "Tanhshrink",
                                        "Threshold",
                                        "Transformer",
                                        "TransformerDecoder",
                                        "TransformerDecoderLayer",
                                        "TransformerEncoder",
                                        "TransformerEncoderLayer",
                                        "TripletMarginLoss",
                                        "TripletMarginWithDistanceLoss",
                                        "Unflatten",
                                        "Unfold",
                                        "Upsample",
                                        "UpsamplingBilinear2d",
                                        "UpsamplingNearest2d",
                                        "ZeroPad1d",
                                        "ZeroPad2d",
                                        "ZeroPad3d"};
// A base class, which nobody makes.
constexpr const char* kBase = "RNNBase";

template <class... T>
constexpr size_t named_types() {
  return sizeof...(T);
}
}  // namespace

TEST_CASE("every module of PyTorch's is in the table of modules", "[nn][names]") {
  const std::vector<std::string> listed = nn::list_modules();
  std::vector<std::string> missing;
  for (const std::string& name : kModules)
    if (name != kBase && std::ranges::count(listed, name) == 0) missing.push_back(name);
  CHECK(missing == std::vector<std::string>());
  for (const std::string& name : listed) CHECK(std::ranges::count(listed, name) == 1);
}

TEST_CASE("containers, parameter classes, hooks and options have PyTorch's names", "[nn][names]") {
  using namespace nn;
  CHECK(named_types<Module, Sequential, ModuleList, ModuleDict, ParameterList, ParameterDict, Parameter, Buffer, UninitializedParameter,
                    UninitializedBuffer>() == 10);
  CHECK(named_types<ForwardPreHook, ForwardHook, BackwardPreHook, BackwardHook, ParameterRegistrationHook, BufferRegistrationHook,
                    ModuleRegistrationHook, RemovableHandle>() == 8);
  CHECK(named_types<ActivationOptions, ThresholdOptions, ELUOptions, CELUOptions, GELUOptions, GLUOptions, HardshrinkOptions, SoftshrinkOptions,
                    HardtanhOptions, LeakyReLUOptions, PReLUOptions, RReLUOptions, SoftmaxOptions, LogSoftmaxOptions, SoftminOptions,
                    SoftplusOptions>() == 16);
  CHECK(named_types<MaxPool1dOptions, MaxPool2dOptions, MaxPool3dOptions, MaxUnpool1dOptions, MaxUnpool2dOptions, MaxUnpool3dOptions,
                    AvgPool1dOptions, AvgPool2dOptions, AvgPool3dOptions, LPPool1dOptions, LPPool2dOptions, LPPool3dOptions, AdaptiveMaxPool1dOptions,
                    AdaptiveMaxPool2dOptions, AdaptiveMaxPool3dOptions, FractionalMaxPoolOptions>() == 16);
  CHECK(named_types<MSELossOptions, L1LossOptions, SmoothL1LossOptions, HuberLossOptions, SoftMarginLossOptions, MultiLabelMarginLossOptions,
                    HingeEmbeddingLossOptions, MarginRankingLossOptions, CosineEmbeddingLossOptions, CosineSimilarityOptions,
                    PairwiseDistanceOptions>() == 11);
  CHECK(named_types<BatchNormOptions, InstanceNormOptions, LayerNormOptions, GroupNormOptions, RMSNormOptions, LocalResponseNormOptions,
                    LinearOptions, BilinearOptions, ConvOptions, ConvTransposeOptions, LazyConvOptions, LazyConvTransposeOptions, DropoutOptions,
                    EmbeddingOptions, EmbeddingBagOptions, FlattenOptions, FoldOptions, UnfoldOptions>() == 18);
  CHECK(named_types<ParameterOptions, BufferOptions, UninitializedOptions, RecurseOptions, NamedRecurseOptions, NamedModulesOptions,
                    NumParametersOptions, StateDictOptions, TrainOptions>() == 9);
}

TEST_CASE("modules are listed with prefixes, and shared parts as often as they are there", "[nn][names]") {
  auto shared = std::make_shared<nn::Linear>(2, 2);
  nn::Sequential net;
  net.push_back(shared).push_back(shared);
  auto names = [](const auto& entries) {
    std::vector<std::string> all;
    for (const auto& entry : entries) all.push_back(entry.first);
    return all;
  };
  using Names = std::vector<std::string>;
  CHECK(names(net.named_parameters({.prefix = "net"})) == Names{"net.0.weight", "net.0.bias"});
  CHECK(names(net.named_parameters({.remove_duplicate = false})) == Names{"0.weight", "0.bias", "1.weight", "1.bias"});
  CHECK(names(net.named_parameters({.recurse = false})).empty());
  CHECK(names(shared->named_parameters({.prefix = "fc", .recurse = false})) == Names{"fc.weight", "fc.bias"});
  CHECK(names(net.named_modules({.prefix = "net"})) == Names{"net", "net.0"});
  CHECK(names(net.named_modules({.remove_duplicate = false})) == Names{"", "0", "1"});
  CHECK(names(nn::BatchNorm1d(2).named_buffers({.prefix = "bn"})) == Names{"bn.running_mean", "bn.running_var", "bn.num_batches_tracked"});
  CHECK(names(shared->state_dict({.prefix = "fc"})) == Names{"fc.weight", "fc.bias"});
  CHECK_FALSE(shared->state_dict().at("weight").requires_grad());
  CHECK(shared->state_dict({.keep_vars = true}).at("weight").is_same(shared->weight));
  shared->weight.requires_grad_(false);
  CHECK(net.num_parameters({.only_trainable = true}) == 2);
  CHECK_FALSE(net.train({.mode = false}).is_training());
}

TEST_CASE("parameter classes and containers of parameters", "[nn][names]") {
  CHECK_FALSE(nn::Parameter(ones({2}), nn::ParameterOptions{.requires_grad = false}).requires_grad());
  const nn::UninitializedParameter later;
  later.materialize({2, 3});
  CHECK(later.sizes() == Shape{2, 3});
  CHECK_THROWS_AS(later.materialize({2, 3}), Error);
  const nn::UninitializedBuffer statistics;
  statistics.materialize({4}, {}, kFloat64);
  CHECK(statistics.dtype() == kFloat64);
  struct Counter : nn::Module {
    nn::Buffer kept{this, "kept", zeros({1})}, dropped{this, "dropped", zeros({1}), nn::BufferOptions{.persistent = false}};
  } counter;
  CHECK(counter.state_dict().size() == 1);

  nn::ParameterList list({ones({1}), ones({2})});
  list.append(list[0]);
  int64_t elements = 0;
  for (const Tensor& p : list) elements += p.numel();
  CHECK(elements == 4);
  CHECK(list.values().size() == 3);
  list.clear();
  CHECK(list.empty());
  const nn::ParameterDict dict({{"a", ones({1})}, {"b", ones({2})}});
  std::string names;
  for (const auto& [name, p] : dict) names += name + std::to_string(p.numel());
  CHECK(names == "a1b2");
}

TEST_CASE("one struct of options has the name of each module that takes it", "[nn][names]") {
  CHECK(nn::Conv2d(3, 4, 3, nn::Conv2dOptions{.stride = 2}).options.stride == Shape{2, 2});
  CHECK(nn::ConvTranspose1d(3, 4, 3, nn::ConvTranspose1dOptions{.stride = 2}).options.stride == Shape{2});
  CHECK(nn::BatchNorm2d(3, nn::BatchNorm2dOptions{.eps = 1e-3}).options.eps == 1e-3);
  CHECK(nn::Dropout2d(nn::Dropout2dOptions{.p = 0.1}).options.p == 0.1);
  CHECK(nn::LSTM(3, 4, nn::LSTMOptions{.num_layers = 2}).options.num_layers == 2);
}

TEST_CASE("a module's options may stand by position, in PyTorch's order", "[nn][names]") {
  const nn::Conv2d conv(1, 32, 3, 2, 1);
  CHECK(conv.options.stride == Shape{2, 2});
  CHECK(to_string(conv) == to_string(nn::Conv2d(1, 32, 3, {.stride = 2, .padding = 1})));
  CHECK(nn::ConvTranspose2d(8, 4, 4, 2, 1).options.padding == Shape{1, 1});
  CHECK(nn::MaxPool2d(3, 2, 1).options.stride == Shape{2});
  CHECK(nn::AvgPool2d(3, 1)(ones({1, 1, 5, 5})).sizes() == Shape{1, 1, 3, 3});
  CHECK(nn::BatchNorm2d(8, 0.8).options.eps == 0.8);
  CHECK(nn::LayerNorm(8, 1e-6).options.eps == 1e-6);
  CHECK(nn::GroupNorm(2, 8, 1e-6).options.eps == 1e-6);
  CHECK(nn::LSTM(10, 20, 2).options.num_layers == 2);
  CHECK(nn::RNN(10, 20, 2, "relu").options.nonlinearity == nn::Nonlinearity::Relu);
  CHECK(nn::Embedding(10, 3, 0).options.padding_idx == 0);
  CHECK(nn::MultiheadAttention(8, 2, 0.1).options.dropout == 0.1);
  const nn::TransformerEncoderLayer layer(8, 2, 16, 0.0, "gelu");
  CHECK(layer.options.dim_feedforward == 16);
  CHECK(layer.options.activation == nn::TransformerActivation::Gelu);
  CHECK(nn::CosineSimilarity(0)(ones({2, 3}), ones({2, 3})).sizes() == Shape{3});
  struct Net : nn::Module {
    nn::Child<nn::Conv2d> conv{this, "conv", 1, 4, 3, 1, 1};
    nn::Child<nn::MaxPool2d> pool{this, "pool", 2, 2};
    Tensor forward(const Tensor& x) { return pool(conv(x)); }
  };
  Net net;
  CHECK(net(ones({1, 1, 8, 8})).sizes() == Shape{1, 4, 4, 4});
  // a bool is no number, and a fraction counts nothing
  CHECK_FALSE(std::is_constructible_v<nn::MaxPool2d, int, bool>);
  CHECK_FALSE(std::is_constructible_v<nn::LSTM, int, int, double>);
  CHECK_FALSE(std::is_constructible_v<nn::BatchNorm2d, int, double, double, int>);
  CHECK_THROWS_AS(nn::Conv2d(1, 32, 3, 0), Error);
}

TEST_CASE("options of layers are given by name", "[nn][names]") {
  CHECK(nn::Conv2d(1, 2, 3, {.padding = "same", .padding_mode = "reflect"}).options.padding_mode == nn::PaddingMode::Reflect);
  CHECK(nn::RNN(3, 4, {.nonlinearity = "relu"}).options.nonlinearity == nn::Nonlinearity::Relu);
  CHECK(nn::TransformerEncoderLayer(8, 2, {.activation = "gelu", .batch_first = true}).options.activation == nn::TransformerActivation::Gelu);
  CHECK_THROWS_WITH(nn::RNN(3, 4, {.nonlinearity = "selu"}), Contains("one of 'tanh', 'relu', got 'selu'"));
  Tensor a = empty({8, 4}), b = empty({8, 4});
  nn::init::kaiming_normal_(a, {.mode = "fan_out", .nonlinearity = "relu", .generator = Generator(3)});
  nn::init::kaiming_normal_(b, 0, nn::init::FanMode::Out, "relu", Generator(3));
  CHECK(equal(a, b));
  nn::init::trunc_normal_(a, {.std = 0.02, .generator = Generator(4)});
  nn::init::trunc_normal_(b, 0, 0.02, -2, 2, Generator(4));
  CHECK(equal(a, b));
  nn::init::normal_(a, {.mean = 3, .std = 0});
  CHECK(equal(a, full({8, 4}, 3.0)));
  nn::init::uniform_(a, {.a = 2, .b = 2.5});
  CHECK((a >= 2).all().item<bool>());
  nn::init::xavier_uniform_(a, {.gain = 2, .generator = Generator(5)});
  nn::init::xavier_uniform_(b, 2, Generator(5));
  CHECK(equal(a, b));
}

TEST_CASE("parts that a program names while it runs", "[nn][names]") {
  struct Net : nn::Module {
    nn::Child<nn::ModuleList> blocks{this, "blocks"};
    nn::Child<nn::ModuleDict> heads{this, "heads"};
    std::shared_ptr<nn::Linear> last;
    Net() {
      for (int i = 0; i < 2; ++i) blocks->push_back(nn::Linear(4, 4));
      heads->set("value", nn::Linear(4, 1));
      last = register_module("last", std::make_shared<nn::Linear>(1, 3));
      add_module("unused", nn::ReLU());
    }
    Tensor forward(Tensor x) {
      for (nn::Module& block : blocks) x = block(x);
      return last->forward(heads["value"](blocks[0](x)));
    }
  };
  Net net;
  CHECK(net(ones({2, 4})).sizes() == Shape{2, 3});
  CHECK(net.named_children().size() == 4);
  nn::Sequential named;
  named.push_back("fc", nn::Linear(4, 3)).push_back("act", nn::ReLU());
  named.add_module("out", nn::Linear(3, 2));
  CHECK(named(ones({2, 4})).sizes() == Shape{2, 2});
  CHECK(named.state_dict().contains("out.weight"));
  CHECK_THROWS_AS(named.push_back("fc", nn::ReLU()), Error);
}

TEST_CASE("options by name follow options by position", "[nn][names]") {
  CHECK(to_string(nn::Conv2d(3, 8, 3, 1, 1, {.bias = false})) == to_string(nn::Conv2d(3, 8, 3, {.padding = 1, .bias = false})));
  CHECK(to_string(nn::Conv2d(3, 8, 3, 2, {.padding = 1})) == to_string(nn::Conv2d(3, 8, 3, {.stride = 2, .padding = 1})));
  CHECK(to_string(nn::Conv2d(3, 8, 3, 1, "same", {.bias = false})) == to_string(nn::Conv2d(3, 8, 3, {.padding = "same", .bias = false})));
  CHECK(to_string(nn::ConvTranspose2d(16, 8, 4, 1, 0, {.bias = false})) == to_string(nn::ConvTranspose2d(16, 8, 4, {.bias = false})));
  CHECK(to_string(nn::MaxPool2d(3, 2, {.padding = 1})) == to_string(nn::MaxPool2d(3, {.stride = 2, .padding = 1})));
  CHECK(to_string(nn::AvgPool2d(3, 2, 1, {.ceil_mode = true})) == to_string(nn::AvgPool2d(3, {.stride = 2, .padding = 1, .ceil_mode = true})));
  CHECK(to_string(nn::LSTM(3, 4, 2, {.batch_first = true})) == to_string(nn::LSTM(3, 4, {.num_layers = 2, .batch_first = true})));
  CHECK(to_string(nn::GRU(3, 4, 2, {.bidirectional = true})) == to_string(nn::GRU(3, 4, {.num_layers = 2, .bidirectional = true})));
  CHECK(nn::MultiheadAttention(8, 2, 0.25, {.batch_first = true}).options.dropout == 0.25);
  static_assert(std::is_constructible_v<nn::LSTM, int, int, int, nn::RNNBaseOptions>);
  static_assert(!std::is_constructible_v<nn::LSTM, int, int, double, nn::RNNBaseOptions>);  // nor are two layers and a half
  const nn::TransformerEncoderLayer layer(8, 2, 16, 0.25, {.norm_first = true});
  CHECK((layer.options.dim_feedforward == 16 && layer.options.dropout == 0.25 && layer.options.norm_first));
  struct Net : nn::Module {
    nn::Child<nn::Conv2d> conv{this, "conv", 3, 8, 3, 1, 1, {.bias = false}};
    nn::Child<nn::LSTM> lstm{this, "lstm", 3, 4, 2, {.batch_first = true}};
    nn::Child<nn::AdaptiveAvgPool2d> pool{this, "pool", {1, 2}};
  } net;
  CHECK(to_string(*net.conv) == to_string(nn::Conv2d(3, 8, 3, 1, 1, {.bias = false})));
  CHECK((net.lstm->options.num_layers == 2 && net.lstm->options.batch_first));
  CHECK(to_string(*net.pool) == "AdaptiveAvgPool2d(output_size=(1, 2))");
}

TEST_CASE("numbers in braces behind a kernel are strides, not the first two options", "[nn][names]") {
  CHECK(nn::Conv2d(1, 2, 3, {2, 1}).options.stride == Shape{2, 1});
  CHECK(to_string(nn::Conv2d(1, 2, 3, {2, 1}, {1, 0}, {.bias = false})) ==
        to_string(nn::Conv2d(1, 2, 3, {.stride = {2, 1}, .padding = {1, 0}, .bias = false})));
  CHECK(nn::ConvTranspose2d(1, 2, 3, {2, 1}).options.stride == Shape{2, 1});
  CHECK(nn::LazyConv2d(2, 3, {2, 1}).options.stride == Shape{2, 1});
  CHECK(nn::MaxPool2d(3, {2, 1}).options.stride == Shape{2, 1});
  CHECK(nn::MaxPool2d({3, 2}, {2, 1}).kernel_size == Shape{3, 2});
  CHECK(nn::AvgPool2d(3, {2, 1}).options.stride == Shape{2, 1});
  CHECK(nn::MaxUnpool2d(3, {2, 1}).options.stride == Shape{2, 1});
  CHECK(nn::Conv2d(1, 2, 3, {}).options.stride == Shape{1, 1});
  CHECK(nn::MaxPool2d(3, {}).options.stride.empty());
}

TEST_CASE("parts of another module, and members that get their values later", "[nn][names]") {
  struct Net : nn::Module {
    nn::Child<nn::Linear> fc{this, "fc", 2, 3};
    nn::Parameter scale{this, "scale"};
    nn::Buffer mean{this, "mean"};
    Net() {
      scale = ones({3});
      mean = zeros({3});
    }
    Tensor forward(const Tensor& x) { return fc(x) * scale; }
  } net;
  CHECK((net.scale.requires_grad() && net.get_parameter("scale").is_same(net.scale)));
  CHECK(net.state_dict().keys() == std::vector<std::string>{"scale", "mean", "fc.weight", "fc.bias"});

  nn::Sequential features(net.fc, nn::ReLU());
  CHECK(features.at<nn::Linear>(0).weight.is_same(net.fc->weight));
  auto make = []() -> nn::Sequential { return {nn::Linear(2, 3), nn::ReLU()}; };
  CHECK(make().size() == 2);
  nn::ModuleDict heads;
  heads.insert("a", nn::Linear(2, 3)).insert("b", net.fc);
  CHECK(heads.keys() == std::vector<std::string>{"a", "b"});
  CHECK((net.training() && !net.eval().training()));
}
