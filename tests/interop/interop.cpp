// interop write DIR | interop read DIR: what scripts/interop.sh holds against Python's packages. `write` makes files for check.py, `read` looks at those that it made.
#include <fmt/format.h>

#include <cstring>

#include "lazuli/data/tokenizer/tokenizer.h"
#include "lazuli/examples/models/bert.h"
#include "lazuli/examples/models/gpt2.h"
#include "lazuli/examples/models/resnet.h"
#include "lazuli/examples/models/weights.h"
#include "lazuli/io/onnx.h"
#include "lazuli/lazuli.h"
#include "lazuli/training/training.h"

namespace {

using namespace lazuli;

int wrong = 0;
void check(bool right, const std::string& what) {
  fmt::print("  {} {}\n", right ? "ok   " : "WRONG", what);
  wrong += !right;
}

// ---- files of tensors

StateDict some_tensors(bool with_bfloat16) {
  StateDict all;
  for (DType dtype : {kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64})
    if (dtype != kBFloat16 || with_bfloat16)
      all.set(std::string(name(dtype)), dtype == kBool ? (arange(6) % 2).to(kBool).view({2, 3}) : arange(6).to(dtype).view({2, 3}));
  all.set("empty", zeros({0, 4}));
  all.set("number", full({}, 2.5));
  all.set("turned", arange(6).to(kFloat32).view({3, 2}).t());
  return all;
}
void compare(const std::string& format, const StateDict& read, const StateDict& expected) {
  for (const auto& [name, tensor] : expected) {
    const Tensor* there = read.find(name);
    check(there && there->sizes() == tensor.sizes() && there->dtype() == tensor.dtype() && equal(*there, tensor), format + " " + name);
  }
}

// ---- optimizers: gradients that depend on the step alone, so that both sides see the same

struct Trained {
  explicit Trained(bool matrices_only) {
    if (matrices_only) params.pop_back();
  }
  std::vector<Tensor> params{(arange(12).to(kFloat32) / 7 - 0.5).view({4, 3}).requires_grad_(), (arange(3).to(kFloat32) / 3).requires_grad_()};
  int step = 0;
  void train(optim::Optimizer& optimizer, int until) {
    for (; step < until; ++step) {
      const auto closure = [&] {
        optimizer.zero_grad();
        const Tensor loss = ((params[0] - 1).pow(4).sum() + (params[1] - 2).pow(4).sum()) / 10;
        loss.backward();
        return loss;
      };
      if (std::string_view(optimizer.name()) == "LBFGS") {
        optimizer.step(closure);
        continue;
      }
      double phase = step;
      for (Tensor& p : params) p.set_grad(cos(arange(p.numel()).to(kFloat32) * 0.7 + phase++).view(p.sizes()).contiguous());
      optimizer.step();
    }
  }
};

using Make = std::unique_ptr<optim::Optimizer> (*)(const std::vector<Tensor>& params);
template <class O, auto options>
std::unique_ptr<optim::Optimizer> make(const std::vector<Tensor>& params) {
  return std::make_unique<O>(params, options());
}
struct Case {
  const char* name;
  Make make;
  bool matrices_only = false, in_torch = true;
};
// The same options stand in check.py.
const Case kCases[] = {
    {"SGD", make<optim::SGD, [] { return optim::SGDOptions{.lr = 0.1, .momentum = 0.9, .weight_decay = 0.01, .nesterov = true}; }>},
    {"Adam", make<optim::Adam, [] { return optim::AdamOptions{.lr = 0.02, .weight_decay = 0.01, .amsgrad = true}; }>},
    {"AdamW", make<optim::AdamW, [] { return optim::AdamWOptions{.lr = 0.02}; }>},
    {"Adamax", make<optim::Adamax, [] { return optim::AdamaxOptions{.lr = 0.02}; }>},
    {"NAdam", make<optim::NAdam, [] { return optim::NAdamOptions{.lr = 0.02}; }>},
    {"RAdam", make<optim::RAdam, [] { return optim::RAdamOptions{.lr = 0.02}; }>},
    {"SparseAdam", make<optim::SparseAdam, [] { return optim::SparseAdamOptions{.lr = 0.02}; }>},
    {"Adagrad", make<optim::Adagrad, [] { return optim::AdagradOptions{.lr = 0.05, .lr_decay = 0.01}; }>},
    {"Adadelta", make<optim::Adadelta, [] { return optim::AdadeltaOptions{.lr = 0.5}; }>},
    {"RMSprop", make<optim::RMSprop, [] { return optim::RMSpropOptions{.lr = 0.02, .momentum = 0.5, .centered = true}; }>},
    {"Rprop", make<optim::Rprop, [] { return optim::RpropOptions{.lr = 0.02}; }>},
    {"ASGD", make<optim::ASGD, [] { return optim::ASGDOptions{.lr = 0.05, .t0 = 5}; }>},
    {"Adafactor", make<optim::Adafactor, [] { return optim::AdafactorOptions{.lr = 0.05}; }>},
    {"LBFGS", make<optim::LBFGS, [] { return optim::LBFGSOptions{.lr = 0.3, .max_iter = 2}; }>},
    {"Muon", make<optim::Muon, [] { return optim::MuonOptions{.lr = 0.02}; }>, true},
    {"Lion", make<optim::Lion, [] { return optim::LionOptions{.lr = 0.01, .weight_decay = 0.1}; }>, false, false},  // its formula stands in check.py
};

StateDict params_of(const Trained& trained) {
  StateDict all;
  for (size_t p = 0; p < trained.params.size(); ++p) all.set(std::to_string(p), trained.params[p].detach());
  return all;
}

const std::vector<std::string> kTexts{"the cat sat on the mat, the cat's hat", "naïve café über straße 你好 🙂🙂",
                                      "aaaa aaaa aaaaaaa banana 12345\n\n bandana"};
const std::string kSentence = "the banana's hat<|end|> 你好, don't  go\n\n now 🙂";

// ---- ONNX: models with an input and what they make of it

struct Block : nn::Module {
  nn::Child<nn::Conv2d> conv{this, "conv", 4, 4, 3, nn::ConvOptions{.padding = "same", .dilation = 2}};
  nn::Child<nn::BatchNorm2d> norm{this, "norm", 4};
  Tensor forward(const Tensor& x) { return relu(norm(conv(x)) + x); }
};
struct Joined : nn::Module {
  nn::Child<nn::Conv2d> left{this, "left", 2, 3, 1}, right{this, "right", 2, 5, 3, nn::ConvOptions{.stride = 2, .padding = 1}};
  nn::Child<nn::AvgPool2d> pool{this, "pool", 3, nn::AvgPool2d::Options{.stride = 2, .padding = 1}};
  nn::Child<nn::Linear> fc{this, "fc", 8 * 16, 4};
  Tensor forward(const Tensor& x) { return fc(tanh(cat({left(pool(x)), right(x)}, 1)).flatten(1)); }
};
// The outputs of a recurrent module beside its last states.
template <class M>
struct Read : nn::Module {
  nn::Child<M> cells;
  nn::Child<nn::Linear> fc;
  explicit Read(const typename M::Options& o) : cells(this, "cells", 3, 4, o), fc(this, "fc", 4, 2) {}
  Tensor forward(const Tensor& x) {
    const auto made = cells(x);
    const Tensor& last = [&]() -> const Tensor& {
      if constexpr (std::is_same_v<M, nn::LSTM>) return std::get<1>(std::get<1>(made));
      else return std::get<1>(made);
    }();
    return cat({std::get<0>(made).reshape({-1, 4}), last.reshape({-1, 4}), fc(last).reshape({-1, 4})}, 0);
  }
};
// A sentence is read, and another one written from the state that it leaves.
struct Translation : nn::Module {
  nn::Child<nn::LSTM> encoder{this, "encoder", 3, 4, nn::RNNBaseOptions{.num_layers = 2}},
      decoder{this, "decoder", 3, 4, nn::RNNBaseOptions{.num_layers = 2}};
  Tensor forward(const Tensor& x) { return std::get<0>(decoder(x, std::get<1>(encoder(x)))); }
};
struct LearnedState : nn::Module {
  nn::Child<nn::GRU> cells{this, "cells", 3, 4, nn::RNNBaseOptions{.batch_first = true, .bidirectional = true}};
  nn::Child<nn::Linear> last{this, "last", 8, 4};
  nn::Child<nn::RNN> more{this, "more", 8, 4, nn::RNNOptions{.batch_first = true}};
  nn::Parameter first{this, "first", randn({2, 1, 4})};
  Tensor forward(const Tensor& x) {
    const Tensor y = std::get<0>(cells(x, first.expand({2, x.size(0), 4})));
    return std::get<0>(more(y, last(y.mean(1)).unsqueeze(0))) * y.mean({1, 2}, true);
  }
};
struct Attention : nn::Module {
  nn::Child<nn::MultiheadAttention> attend{this, "attend", 8, 2};
  nn::Child<nn::Linear> fc{this, "fc", 8, 8};
  bool causal = true;
  Tensor forward(const Tensor& x) { return std::get<0>(attend(x, fc(x), x, nn::MultiheadAttnOptions{.is_causal = causal})) + x; }
};
// Keys that nobody sees, keys that a query does not see, and numbers that are added to the scores of each head.
struct MaskedAttention : nn::Module {
  nn::Child<nn::TransformerEncoder> encoder{this, "encoder", nn::TransformerEncoderLayer(8, 2, {.dim_feedforward = 16, .batch_first = true}), 2};
  nn::Child<nn::MultiheadAttention> attend{this, "attend", 8, 2, nn::MultiheadAttentionOptions{.batch_first = true}};
  Tensor last = arange(5) == 4, next = triu(ones({5, 5}), 1).to(kBool), near = -(arange(5).view({5, 1}) - arange(5)).abs().to(kFloat32);
  Tensor forward(const Tensor& x) {
    const int64_t n = x.size(0);
    const Tensor y = encoder(x, nn::TransformerEncoderEncodeOptions{.mask = next, .src_key_padding_mask = last.expand({n, 5})});
    const Tensor slopes = stack({near, near / 2}).repeat({n, 1, 1});
    return std::get<0>(attend(y, y, y, nn::MultiheadAttnOptions{.attn_mask = slopes}));
  }
};
void write_model(const std::string& folder, const std::string& name, nn::Module& model, const Tensor& example, const Tensor& input) {
  model.train();
  if (example.is_floating_point()) model(randn(example.sizes()));  // running statistics of their own
  model.eval();
  export_onnx(model, example, folder + "/" + name + ".onnx");
  save_npy(input, folder + "/" + name + "_input.npy");
  no_grad guard;
  save_npy(model(input), folder + "/" + name + "_output.npy");
}
void write_models(const std::string& folder) {
  manual_seed(3);
  nn::Sequential cnn{nn::Conv2d(1, 4, 3, nn::ConvOptions{.stride = 2, .padding = {1, 0}, .groups = 1}),
                     nn::BatchNorm2d(4),
                     nn::ReLU(),
                     Block(),
                     nn::MaxPool2d(2),
                     nn::AdaptiveAvgPool2d(1),
                     nn::Flatten(),
                     nn::Linear(4, 5),
                     nn::LayerNorm(5),
                     nn::GELU(),
                     nn::Dropout(),
                     nn::Softmax(1)};
  write_model(folder, "cnn", cnn, randn({2, 1, 16, 15}), randn({3, 1, 16, 15}));
  Joined joined;
  write_model(folder, "joined", joined, randn({2, 2, 8, 8}), randn({5, 2, 8, 8}));
  nn::Sequential decoder{nn::ConvTranspose2d(3, 4, 3, nn::ConvTransposeOptions{.stride = 2, .padding = 1, .output_padding = 1}),
                         nn::PReLU(4),
                         nn::Hardswish(),
                         nn::Conv2d(4, 2, 1),
                         nn::Mish(),
                         nn::Softplus(),
                         nn::LeakyReLU(0.2),
                         nn::ELU(0.7),
                         nn::SELU(),
                         nn::Hardsigmoid(),
                         nn::Hardtanh(-0.5, 0.6),
                         nn::SiLU(),
                         nn::CELU(1.5),
                         nn::ReLU6(),
                         nn::Softsign(),
                         nn::Sigmoid(),
                         nn::LogSigmoid()};
  write_model(folder, "decoder", decoder, randn({1, 3, 4, 5}), randn({2, 3, 4, 5}));
  nn::Sequential words{nn::Embedding(10, 4), nn::Linear(4, 3), nn::GELU("tanh"), nn::LogSoftmax(-1)};
  write_model(folder, "words", words, randint(10, {2, 6}), randint(10, {4, 6}));
  nn::Sequential series{nn::Conv1d(2, 3, 3), nn::BatchNorm1d(3), nn::MaxPool1d(3, nn::MaxPoolOptions{.stride = 2, .padding = 1, .ceil_mode = true}),
                        nn::AdaptiveAvgPool1d(3)};
  write_model(folder, "series", series, randn({2, 2, 13}), randn({1, 2, 13}));
  nn::TransformerEncoder encoder(
      nn::TransformerEncoderLayer(8, 2, {.dim_feedforward = 16, .activation = nn::TransformerActivation::Gelu, .batch_first = true}), 2);
  nn::Sequential texts{nn::Embedding(10, 8), std::move(encoder), nn::Linear(8, 10)};
  write_model(folder, "encoder", texts, randint(10, {2, 6}), randint(10, {3, 6}));
  Attention attention;
  write_model(folder, "attention", attention, randn({5, 2, 8}), randn({5, 2, 8}));
  MaskedAttention masked;
  write_model(folder, "masked_attention", masked, randn({2, 5, 8}), randn({3, 5, 8}));
  Read<nn::LSTM> lstm({.num_layers = 2, .batch_first = true, .bidirectional = true});
  write_model(folder, "lstm", lstm, randn({2, 5, 3}), randn({2, 5, 3}));
  Read<nn::GRU> gru({.bias = false});
  write_model(folder, "gru", gru, randn({5, 2, 3}), randn({5, 2, 3}));
  Read<nn::RNN> rnn({.num_layers = 2, .nonlinearity = nn::Nonlinearity::Relu});
  write_model(folder, "rnn", rnn, randn({5, 2, 3}), randn({5, 2, 3}));
  Translation translation;
  write_model(folder, "translation", translation, randn({5, 2, 3}), randn({5, 2, 3}));
  LearnedState learned;
  write_model(folder, "learned_state", learned, randn({2, 5, 3}), randn({2, 5, 3}));
}

// ---- TensorBoard

void write_events(const std::string& folder) {
  training::SummaryWriter writer(folder + "/runs");
  for (int64_t step = 0; step < 3; ++step) writer.add_scalar("loss/train", 1.0 / double(step + 1), step);
  writer.add_histogram("weights", arange(100).to(kFloat32) / 50 - 1, 3);
  writer.add_image("picture", (arange(3 * 4 * 5) * 4).to(kUInt8).view({3, 4, 5}), 4);
  writer.add_text("note", "first run", 5);
  writer.add_graph(nn::Sequential{nn::Linear(2, 3), nn::ReLU()});
}

// ---- public architectures in their sizes, with random weights of PyTorch (scripts/model_cases.py --full)

template <class Model, class Run>
void compare_model(const std::string& folder, const std::string& name, Model&& model, const std::string& file, const std::vector<RenameRule>& renamed,
                   Run run) {
  examples::load_weights(model, folder + "/" + file, renamed);
  model.eval();
  no_grad guard;
  const StateDict c = load_safetensors(folder + "/" + name + "_case.safetensors");
  const Tensor made = run(model, c), expected = c.at("output");
  const double most = ((made - expected).abs().max() / expected.abs().max()).template item<double>();
  check(most <= 1e-5, fmt::format("{} gives what PyTorch gives, to {:.1e} of the largest number", name, most));
}
void compare_models(const std::string& folder) {
  const auto of_input = [](auto& model, const StateDict& c) { return model(c.at("input")); };
  compare_model(folder, "resnet18", examples::ResNet(), "resnet18.pt", {}, of_input);
  compare_model(folder, "gpt2", examples::GPT2({.vocab_size = 1000, .n_positions = 64, .n_embd = 256, .n_layer = 6, .n_head = 8}), "gpt2.safetensors",
                {{"^transformer.", ""}}, of_input);
  examples::BertOptions minilm = examples::BertOptions::minilm();
  minilm.vocab_size = 1000;
  compare_model(folder, "bert", examples::Bert(minilm), "bert.safetensors", {{"^bert.", ""}},
                [](auto& model, const StateDict& c) { return model(c.at("input"), c.at("mask"), c.at("types")).last_hidden_state; });
}

void write(const std::string& folder) {
  write_events(folder);
  write_models(folder);
  save_safetensors(some_tensors(true), folder + "/lazuli.safetensors");
  save_torch(some_tensors(true), folder + "/lazuli.pt");
  save_npz(some_tensors(false), folder + "/lazuli.npz", true);
  save_npy(some_tensors(false).at("turned"), folder + "/lazuli.npy");
  for (const Case& c : kCases) {
    Trained trained(c.matrices_only);
    auto optimizer = c.make(trained.params);
    trained.train(*optimizer, 10);
    if (c.in_torch) {
      const TorchObject half = TorchObject::dict({{"params", params_of(trained)}, {"optimizer", torch_state_dict(*optimizer)}});
      save_torch(half, folder + "/" + c.name + "_10.pt");
    }
    trained.train(*optimizer, 20);
    save_torch(params_of(trained), folder + "/" + c.name + "_20.pt");
  }
  const auto tokenizer = data::BPETokenizer::train(kTexts, {.vocab_size = 290, .min_frequency = 2, .special_tokens = {"<|end|>"}});
  tokenizer.save(folder + "/lazuli_tokenizer.json");
  save_npy(tensor(tokenizer.encode(kSentence)), folder + "/lazuli_tokens.npy");
}

void read(const std::string& folder) {
  compare("safetensors", load_safetensors(folder + "/theirs.safetensors"), some_tensors(true));
  compare("pt", load_torch(folder + "/theirs.pt").to_state_dict(), some_tensors(true));
  compare("npz", load_npz(folder + "/theirs.npz"), some_tensors(false));
  compare("npy", {{"turned", load_npy(folder + "/theirs.npy")}}, {{"turned", some_tensors(false).at("turned")}});
  for (const Case& c : kCases) {
    if (!c.in_torch) continue;
    Trained trained(c.matrices_only);
    auto optimizer = c.make(trained.params);
    const TorchObject half = load_torch(folder + "/" + c.name + "_theirs_10.pt");
    for (size_t p = 0; p < trained.params.size(); ++p) {
      no_grad guard;
      trained.params[p].copy_(half.at("params").at(std::to_string(p)).to_tensor());
    }
    optimizer->load_state_dict(half.at("optimizer").to_state_dict());
    trained.step = 10;
    trained.train(*optimizer, 20);
    const StateDict end = load_torch(folder + "/" + c.name + "_theirs_20.pt").to_state_dict();
    double most = 0;
    for (const auto& [name, tensor] : params_of(trained)) most = std::max(most, (tensor - end.at(name)).abs().max().item<double>());
    check(most <= 1e-6, fmt::format("{} goes on from PyTorch's state, to {:.1e}", c.name, most));
  }
  const auto tokenizer = data::BPETokenizer::load(folder + "/their_tokenizer.json");
  check(equal(tensor(tokenizer.encode(kSentence)), load_npy(folder + "/their_tokens.npy")), "tokenizer of Hugging Face encodes alike");
  check(tokenizer.decode(tokenizer.encode(kSentence), false) == kSentence, "and decodes");
  compare_models(folder + "/models");
  const StateDict gguf = load_gguf(folder + "/theirs.gguf"), plain = load_npz(folder + "/gguf.npz");
  for (const auto& [name, tensor] : plain) check(equal(gguf.at(name).to(kFloat32), tensor), "gguf " + name);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    if (std::strcmp(argv[1], "write") == 0) write(argv[2]);
    else read(argv[2]);
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
    return 1;
  }
  return wrong ? 1 : 0;
}
