#include "lazuli/tests/record/random_networks.h"

namespace lazuli::test {
namespace {

using Net = RandomNetwork;
using Layer = Net::Layer;

// Of inputs of so many dimensions, the first for samples and the second for channels; 0: of any.
struct LayerKind {
  int64_t dims;
  std::function<Layer(Net&, const Tensor&)> make;
};

int64_t channels(const Tensor& x) { return x.size(1); }
int64_t last(const Tensor& x) { return x.size(-1); }
std::string of_rank(const char* name, int64_t dims) { return name + std::to_string(dims - 2) + "d"; }

LayerKind plain(int64_t dims, const std::string& name, const std::vector<Value>& args = {}, const Kwargs& kwargs = {}) {
  return {dims, [=](Net& net, const Tensor&) { return net.layer(name, args, kwargs); }};
}
// Made of the number of channels, or of features.
LayerKind sized(int64_t dims, const std::string& name, int64_t (*size)(const Tensor&), const std::vector<Value>& more = {},
                const Kwargs& kwargs = {}) {
  return {dims, [=](Net& net, const Tensor& x) {
            std::vector<Value> args{size(x)};
            args.insert(args.end(), more.begin(), more.end());
            return net.layer(name, args, kwargs);
          }};
}

void add_pointwise(std::vector<LayerKind>& all) {
  for (const char* name : {"ReLU",      "ReLU6",    "SELU",    "SiLU",         "Mish",       "Hardsigmoid", "Hardswish",  "ELU",  "CELU",
                           "LeakyReLU", "RReLU",    "Sigmoid", "Tanh",         "LogSigmoid", "Softsign",    "Tanhshrink", "GELU", "Softplus",
                           "PReLU",     "Identity", "Dropout", "AlphaDropout", "Hardtanh",   "Hardshrink",  "Softshrink"})
    all.push_back(plain(0, name));
  all.push_back(plain(3, "FeatureAlphaDropout", {0.2}));
  all.push_back(plain(0, "Threshold", {0.1, 0.2}));
  for (const char* name : {"Softmax", "LogSoftmax", "Softmin"}) all.push_back(plain(0, name, {1}));
  all.push_back(plain(4, "Softmax2d"));
  all.push_back({3, [](Net& net, const Tensor&) -> Layer {
                   return [glu = net.layer("GLU", {1})](const Tensor& t) { return glu(cat({t, t * 0.5}, 1)); };
                 }});
  all.push_back(plain(0, "Flatten"));
  all.push_back({0, [](Net& net, const Tensor& x) { return net.layer("Unflatten", {1, Shape{1, channels(x)}}); }});
}

void add_linear(std::vector<LayerKind>& all) {
  all.push_back(sized(0, "Linear", last, {5}));
  all.push_back(plain(0, "LazyLinear", {6}));
  all.push_back({2, [](Net& net, const Tensor& x) -> Layer {
                   auto bilinear = net.make<nn::Bilinear>("Bilinear", {last(x), last(x), 4});
                   return [bilinear](const Tensor& t) { return (*bilinear)(t, tanh(t)); };
                 }});
  const auto tokens = [](const Tensor& x) { return remainder((x.detach() * 4).to(kInt64), 7); };
  all.push_back({2, [tokens](Net& net, const Tensor&) -> Layer {
                   auto embedding = net.make<nn::Embedding>("Embedding", {7, 4});
                   return [embedding, tokens](const Tensor& x) { return (*embedding)(tokens(x)); };
                 }});
  all.push_back({2, [tokens](Net& net, const Tensor&) -> Layer {
                   auto bag = net.make<nn::EmbeddingBag>("EmbeddingBag", {7, 4}, {{"mode", net.chance(2) ? "sum" : "max"}});
                   return [bag, tokens](const Tensor& x) { return (*bag)(tokens(x)); };
                 }});
}

void add_norms(std::vector<LayerKind>& all) {
  for (const char* name : {"LayerNorm", "RMSNorm"}) all.push_back(sized(0, name, last));
  all.push_back({0, [](Net& net, const Tensor& x) { return net.layer("GroupNorm", {1, channels(x)}); }});
  all.push_back(plain(3, "LocalResponseNorm", {2}));
  all.push_back(sized(4, "SyncBatchNorm", channels));
  all.push_back(sized(2, "BatchNorm1d", channels, {}, {{"momentum", Value()}}));
  for (int64_t dims : {3, 4, 5}) {
    all.push_back(plain(dims, of_rank("Dropout", dims), {0.25}));
    for (const char* name : {"BatchNorm", "BatchNormReLU", "InstanceNorm"}) all.push_back(sized(dims, of_rank(name, dims), channels));
    for (const char* name : {"LazyBatchNorm", "LazyInstanceNorm"}) all.push_back(plain(dims, of_rank(name, dims)));
  }
}

void add_windows(std::vector<LayerKind>& all) {
  for (int64_t dims : {3, 4, 5}) {
    all.push_back(sized(dims, of_rank("Conv", dims), channels, {3, 3}, {{"padding", 1}}));
    all.push_back(sized(dims, of_rank("ConvTranspose", dims), channels, {2, 2}));
    all.push_back(plain(dims, of_rank("LazyConv", dims), {4, 2}, {{"stride", 2}}));
    all.push_back(plain(dims, of_rank("LazyConvTranspose", dims), {2, 2}));
    for (const char* name : {"MaxPool", "AvgPool", "AdaptiveMaxPool", "AdaptiveAvgPool"}) all.push_back(plain(dims, of_rank(name, dims), {2}));
    all.push_back(plain(dims, of_rank("LPPool", dims), {2, 2}));
    for (const char* name : {"ReflectionPad", "ReplicationPad", "CircularPad", "ZeroPad"}) all.push_back(plain(dims, of_rank(name, dims), {1}));
    all.push_back(plain(dims, of_rank("ConstantPad", dims), {1, 0.5}));
    all.push_back({dims, [dims](Net& net, const Tensor&) -> Layer {
                     auto pool = net.make<nn::Module>(of_rank("MaxPool", dims), {2});
                     auto unpool = net.make<nn::BinaryModule>(of_rank("MaxUnpool", dims), {2});
                     return [pool, unpool](const Tensor& x) {
                       const auto [values, places] = dynamic_cast<nn::PoolingWithIndices&>(*pool).forward_with_indices(x);
                       return (*unpool)(values, places);
                     };
                   }});
    if (dims > 3) all.push_back(plain(dims, of_rank("FractionalMaxPool", dims), {2}, {{"output_size", 2}}));
  }
  all.push_back({4, [](Net& net, const Tensor& x) -> Layer {
                   const Layer unfold = net.layer("Unfold", {2}), fold = net.layer("Fold", {Shape{x.size(2), x.size(3)}, 2});
                   return [=](const Tensor& t) { return fold(unfold(t)); };
                 }});
  all.push_back({4, [](Net& net, const Tensor&) -> Layer {
                   const Layer unshuffle = net.layer("PixelUnshuffle", {2}), shuffle = net.layer("PixelShuffle", {2});
                   return [=](const Tensor& t) { return shuffle(tanh(unshuffle(t.repeat({1, 1, 2, 2})))); };
                 }});
  all.push_back({4, [](Net& net, const Tensor&) -> Layer {
                   return [shuffle = net.layer("ChannelShuffle", {2})](const Tensor& t) { return shuffle(cat({t, t * 0.5}, 1)); };
                 }});
  all.push_back(plain(4, "Upsample", {}, {{"scale_factor", 1.5}, {"mode", "bilinear"}}));
  all.push_back(plain(4, "UpsamplingNearest2d", {}, {{"size", 5}}));
  all.push_back(plain(4, "UpsamplingBilinear2d", {}, {{"size", 5}}));
}

template <class M>
LayerKind recurrent(const char* name) {
  return {3, [=](Net& net, const Tensor& x) -> Layer {
            auto layers =
                net.make<M>(name, {last(x), 3}, {{"num_layers", 1 + net.chance(2)}, {"bidirectional", net.chance(2) == 1}, {"batch_first", true}});
            return [layers](const Tensor& t) { return std::get<0>((*layers)(t)); };
          }};
}
template <class M>
LayerKind cell(const char* name) {
  return {3, [=](Net& net, const Tensor& x) -> Layer {
            auto one = net.make<M>(name, {last(x), 3});
            return [one](const Tensor& t) {
              auto state = (*one)(t.select(1, 0));
              for (int64_t k = 1; k < t.size(1); ++k) state = (*one)(t.select(1, k), state);
              if constexpr (std::is_same_v<decltype(state), Tensor>) return state;
              else return std::get<0>(state) + std::get<1>(state);
            };
          }};
}

void add_sequences(std::vector<LayerKind>& all) {
  all.push_back(recurrent<nn::RNN>("RNN"));
  all.push_back(recurrent<nn::LSTM>("LSTM"));
  all.push_back(recurrent<nn::GRU>("GRU"));
  all.push_back(cell<nn::RNNCell>("RNNCell"));
  all.push_back(cell<nn::LSTMCell>("LSTMCell"));
  all.push_back(cell<nn::GRUCell>("GRUCell"));
  all.push_back({3, [](Net& net, const Tensor& x) -> Layer {
                   auto attention = net.make<nn::MultiheadAttention>("MultiheadAttention", {last(x), 1}, {{"batch_first", true}, {"dropout", 0.1}});
                   return [attention](const Tensor& t) { return std::get<0>((*attention)(t, t, t)); };
                 }});
  const Kwargs small{{"dim_feedforward", 4}, {"batch_first", true}};
  all.push_back({3, [small](Net& net, const Tensor& x) -> Layer {
                   auto layer = net.make<nn::TransformerEncoderLayer>("TransformerEncoderLayer", {last(x), 1}, small);
                   return [layer](const Tensor& t) { return (*layer)(t); };
                 }});
  all.push_back({3, [small](Net& net, const Tensor& x) -> Layer {
                   auto layer = net.make<nn::TransformerDecoderLayer>("TransformerDecoderLayer", {last(x), 1}, small);
                   return [layer](const Tensor& t) { return (*layer)(t, t); };
                 }});
  all.push_back({3, [small](Net& net, const Tensor& x) -> Layer {
                   auto part = nn::make_module("TransformerEncoderLayer", {last(x), 1}, small);
                   auto encoder = net.make<nn::TransformerEncoder>("TransformerEncoder", {2}, {}, {{"encoder_layer", part}});
                   return [encoder](const Tensor& t) { return (*encoder)(t); };
                 }});
  all.push_back({3, [small](Net& net, const Tensor& x) -> Layer {
                   auto part = nn::make_module("TransformerDecoderLayer", {last(x), 1}, small);
                   auto decoder = net.make<nn::TransformerDecoder>("TransformerDecoder", {1}, {}, {{"decoder_layer", part}});
                   return [decoder](const Tensor& t) { return (*decoder)(t, t); };
                 }});
  all.push_back({3, [small](Net& net, const Tensor& x) -> Layer {
                   Kwargs k = small;
                   k.emplace_back("d_model", last(x));
                   for (const char* name : {"nhead", "num_encoder_layers", "num_decoder_layers"}) k.emplace_back(name, 1);
                   auto transformer = net.make<nn::Transformer>("Transformer", {}, k);
                   return [transformer](const Tensor& t) { return (*transformer)(t, t); };
                 }});
}

const std::vector<LayerKind>& layer_table() {
  static const auto* table = [] {
    auto* all = new std::vector<LayerKind>;
    for (auto add : {add_pointwise, add_linear, add_norms, add_windows, add_sequences}) add(*all);
    return all;
  }();
  return *table;
}

// ---- losses ----

using LossKind = std::function<Net::Loss(Net&)>;

// Of the outputs and a target, which `target(numbers, classes)` gives.
template <class F>
LossKind with_target(const char* name, F target) {
  return [=](Net& net) -> Net::Loss {
    auto loss = net.make<nn::BinaryModule>(name);
    return [=](const Tensor& o, const Tensor& numbers, const Tensor& classes) { return (*loss)(o, target(numbers, classes)); };
  };
}
template <class F>
LossKind of_three(const char* name, F arguments) {
  return [=](Net& net) -> Net::Loss {
    auto loss = net.make<nn::TernaryModule>(name);
    return [=](const Tensor& o, const Tensor& numbers, const Tensor&) {
      const auto [a, b, c] = arguments(o, numbers);
      return (*loss)(a, b, c);
    };
  };
}
// Of what `probabilities(outputs)` makes of the outputs.
template <class P>
LossKind behind(P probabilities, const LossKind& kind) {
  return [=](Net& net) -> Net::Loss {
    return [probabilities, loss = kind(net)](const Tensor& o, const Tensor& n, const Tensor& c) { return loss(probabilities(o), n, c); };
  };
}

const std::vector<LossKind>& loss_table() {
  static const auto* table = [] {
    auto* all = new std::vector<LossKind>;
    const auto numbers = [](const Tensor& n, const Tensor&) { return n; };
    const auto classes = [](const Tensor&, const Tensor& c) { return c; };
    const auto signs = [](const Tensor& n, const Tensor&) { return sign(n); };
    const auto some = [](const Tensor& n, const Tensor&) { return (n > 0).to(n.dtype()); };
    const auto logarithms = [](const Tensor& o) { return log_softmax(o, 1); };
    using Three = std::tuple<Tensor, Tensor, Tensor>;
    for (const char* name : {"MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"}) all->push_back(with_target(name, numbers));
    for (const char* name : {"CrossEntropyLoss", "MultiMarginLoss"}) all->push_back(with_target(name, classes));
    all->push_back(behind(logarithms, with_target("NLLLoss", classes)));
    all->push_back(behind(logarithms, with_target("KLDivLoss", [](const Tensor& n, const Tensor&) { return softmax(n, 1); })));
    all->push_back(behind([](const Tensor& o) { return sigmoid(o); }, with_target("BCELoss", some)));
    for (const char* name : {"BCEWithLogitsLoss", "MultiLabelSoftMarginLoss"}) all->push_back(with_target(name, some));
    all->push_back(with_target("PoissonNLLLoss", [](const Tensor& n, const Tensor&) { return n.abs(); }));
    for (const char* name : {"SoftMarginLoss", "HingeEmbeddingLoss"}) all->push_back(with_target(name, signs));
    all->push_back(with_target("MultiLabelMarginLoss", [](const Tensor&, const Tensor& c) {
      return cat({c.unsqueeze(1), full({c.size(0), 3}, -1, {.dtype = kInt64})}, 1);
    }));
    all->push_back(of_three("GaussianNLLLoss", [](const Tensor& o, const Tensor& n) { return Three(o, n, sigmoid(n) + 0.1); }));
    all->push_back(
        of_three("MarginRankingLoss", [](const Tensor& o, const Tensor& n) { return Three(o.select(1, 0), o.select(1, 1), sign(n.select(1, 0))); }));
    all->push_back(of_three("CosineEmbeddingLoss", [](const Tensor& o, const Tensor& n) { return Three(o, n, sign(n.select(1, 0))); }));
    for (const char* name : {"TripletMarginLoss", "TripletMarginWithDistanceLoss"})
      all->push_back(of_three(name, [](const Tensor& o, const Tensor& n) { return Three(o, n, flip(n, {0})); }));
    for (const char* name : {"CosineSimilarity", "PairwiseDistance"})
      all->push_back([kind = with_target(name, numbers)](Net& net) -> Net::Loss {
        return [loss = kind(net)](const Tensor& o, const Tensor& n, const Tensor& c) { return loss(o, n, c).mean(); };
      });
    all->push_back([](Net& net) -> Net::Loss {
      auto loss = net.make<nn::CTCLoss>("CTCLoss");
      return [loss](const Tensor& o, const Tensor&, const Tensor& c) {
        const int64_t n = o.size(0);
        const Tensor steps = log_softmax(stack({o, o * 0.5, -o}), 2), targets = clamp_min(c, 1).unsqueeze(1);
        return (*loss)(steps, targets, Shape::filled(n, 3), Shape::filled(n, 1));
      };
    });
    all->push_back([](Net& net) -> Net::Loss {
      auto loss = net.make<nn::LinearCrossEntropyLoss>("LinearCrossEntropyLoss", {4, 4});
      return [loss](const Tensor& o, const Tensor&, const Tensor& c) { return (*loss)(o, c); };
    });
    all->push_back([](Net& net) -> Net::Loss {
      auto loss = net.make<nn::AdaptiveLogSoftmaxWithLoss>("AdaptiveLogSoftmaxWithLoss", {4, 4, Shape{2}});
      return [loss](const Tensor& o, const Tensor&, const Tensor& c) { return (*loss)(o, c).loss; };
    });
    return all;
  }();
  return *table;
}

}  // namespace

size_t RandomNetwork::layer_kinds() { return layer_table().size(); }
size_t RandomNetwork::loss_kinds() { return loss_table().size(); }

RandomNetwork::Layer RandomNetwork::layer(const std::string& name, const std::vector<Value>& args, const Kwargs& kwargs) {
  return [module = make<nn::Module>(name, args, kwargs)](const Tensor& x) { return (*module)(x); };
}

void RandomNetwork::add(Layer layer, Tensor& x) {
  no_grad guard;
  x = layer(x);
  layers_.push_back(std::move(layer));
}

// [n, ...] as so many dimensions, of few elements.
void RandomNetwork::bring_to(int64_t dims, Tensor& x) {
  static const Shape kSizes[] = {{8}, {4, 6}, {4, 4, 6}, {2, 4, 4, 4}};
  const Shape sizes = kSizes[dims - 2];
  if (x.dim() == dims && x.numel() <= 1024 && (dims == 2 || amin(tensor(x.sizes().vec())).item<int64_t>() >= 4)) return;
  if (x.dim() > 2) add(layer("Flatten"), x);
  add(layer("Linear", {x.size(1), sizes.numel()}), x);
  if (dims > 2) add(layer("Unflatten", {1, sizes}), x);
}

RandomNetwork::RandomNetwork(uint64_t seed, const std::vector<size_t>& layers, size_t loss) : bits_(seed) {
  manual_seed(seed);
  Tensor x = randn({4, 8});
  add(layer("Linear", {8, 8}), x);
  for (size_t k : layers) {
    const LayerKind& kind = layer_table()[k];
    bring_to(kind.dims ? kind.dims : 2 + chance(4), x);
    add(kind.make(*this, x), x);
  }
  bring_to(2, x);
  add(layer("Linear", {x.size(1), 4}), x);
  loss_ = loss_table()[loss](*this);
}

Tensor RandomNetwork::outputs(const Tensor& samples) const {
  Tensor x = samples;
  for (const Layer& layer : layers_) x = layer(x);
  return x;
}

std::vector<Tensor> RandomNetwork::parameters() const {
  std::vector<Tensor> all;
  for (const auto& module : modules_)
    for (const Tensor& p : module->parameters()) all.push_back(p);
  return all;
}
std::vector<Tensor> RandomNetwork::buffers() const {
  std::vector<Tensor> all;
  for (const auto& module : modules_)
    for (const Tensor& b : module->buffers()) all.push_back(b);
  return all;
}

}  // namespace lazuli::test
