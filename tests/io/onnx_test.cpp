#include "lazuli/io/onnx.h"

#include <algorithm>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using test::TemporaryFolder;
using Texts = std::vector<std::string>;

namespace {

/// A message of Protocol Buffers: the fields of a number, in order.
struct Message {
  std::vector<std::pair<uint64_t, std::string>> fields;
  std::vector<std::pair<uint64_t, uint64_t>> numbers;
  explicit Message(std::string_view bytes) {
    size_t at = 0;
    const auto varint = [&] {
      uint64_t value = 0;
      for (int shift = 0;; shift += 7) {
        const auto byte = uint8_t(bytes.at(at++));
        value |= uint64_t(byte & 127) << shift;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.size()) {
      const uint64_t tag = varint();
      if (tag % 8 == 0) numbers.emplace_back(tag / 8, varint());
      else if (tag % 8 == 5) at += 4;
      else {
        REQUIRE(tag % 8 == 2);
        const uint64_t size = varint();
        REQUIRE(size <= bytes.size() - at);
        fields.emplace_back(tag / 8, bytes.substr(at, size));
        at += size;
      }
    }
  }
  Texts all(uint64_t field) const {
    Texts texts;
    for (const auto& [number, text] : fields)
      if (number == field) texts.push_back(text);
    return texts;
  }
};

struct Exported {
  Texts operators, initializers;
  bool connected = true;  // every input was made before
};
Exported exported(nn::Module& model, const Tensor& example) {
  TemporaryFolder folder;
  export_onnx(model, example, folder.file("m.onnx"));
  const Message file(test::read_bytes(folder.file("m.onnx")));
  const Message graph(file.all(7).at(0));
  Exported result;
  Texts known{"input"};
  for (const std::string& bytes : graph.all(5)) known.push_back(Message(bytes).all(8).at(0)), result.initializers.push_back(known.back());
  for (const std::string& bytes : graph.all(1)) {
    const Message node(bytes);
    result.operators.push_back(node.all(4).at(0));
    for (const std::string& input : node.all(1))  // an empty one is not given
      if (!input.empty()) result.connected &= std::find(known.begin(), known.end(), input) != known.end();
    for (const std::string& output : node.all(2)) known.push_back(output);
  }
  result.connected &= known.back() == "output";
  return result;
}

struct Block : nn::Module {
  nn::Child<nn::Conv2d> conv{this, "conv", 4, 4, 3, nn::ConvOptions{.padding = 1}};
  nn::Child<nn::BatchNorm2d> norm{this, "norm", 4};
  Tensor forward(const Tensor& x) { return relu(norm(conv(x)) + x); }
};
struct Scaled : nn::Module {
  nn::Child<nn::Linear> fc{this, "fc", 3, 3};
  Tensor forward(const Tensor& x) { return fc(x) * 2; }
};
struct Alpha : nn::Module {
  nn::Child<nn::Linear> fc{this, "fc", 3, 3};
  Tensor forward(const Tensor& x) { return add(fc(x), x, 3); }
};
struct Pooled : nn::Module {
  nn::Child<nn::Conv2d> conv{this, "conv", 1, 3, 1};
  Tensor forward(const Tensor& x) {
    const Tensor y = conv(x);
    return y.mean({2, 3}) + y.sum(3, true).squeeze(3).sum(2);
  }
};
struct Sorted : nn::Module {
  nn::Child<nn::Linear> fc{this, "fc", 3, 3};
  Tensor forward(const Tensor& x) { return fc(cumsum(x, 1)); }
};

}  // namespace

TEST_CASE("A model of modules becomes nodes that hang together, with its parameters by name", "[io]") {
  nn::Sequential net{nn::Conv2d(1, 4, 3),      nn::BatchNorm2d(4), nn::ReLU(true), nn::MaxPool2d(2),  Block(),
                     nn::AdaptiveAvgPool2d(1), nn::Flatten(),      nn::Dropout(),  nn::LazyLinear(5), nn::GELU(),
                     nn::LayerNorm(5),         nn::LeakyReLU(0.2), nn::Softmax(1)};
  net.train();
  const Exported e = exported(net, randn({2, 1, 12, 12}));
  CHECK(e.operators == Texts{"Conv", "BatchNormalization", "Relu", "MaxPool", "Conv", "BatchNormalization", "Add", "Relu", "GlobalAveragePool",
                             "Flatten", "Identity", "Gemm", "Gelu", "LayerNormalization", "LeakyRelu", "Softmax", "Identity"});
  CHECK(e.connected);
  CHECK(net.is_training());
  CHECK(net[7].is_training());
  for (const auto& [name, tensor] : net.state_dict())
    if (!name.ends_with("num_batches_tracked")) CHECK(std::count(e.initializers.begin(), e.initializers.end(), name) == 1);
}

TEST_CASE("Words go through an embedding, and linear layers over more dimensions", "[io]") {
  nn::Sequential net{nn::Embedding(10, 4), nn::Linear(4, 3), nn::SiLU(), nn::Tanh()};
  const Exported e = exported(net, randint(10, {2, 6}));
  CHECK(e.operators == Texts{"Gather", "Transpose", "MatMul", "Add", "Sigmoid", "Mul", "Tanh", "Identity"});
  CHECK(e.connected);
}

TEST_CASE("Attention and recurrent modules become nodes; their outputs and last states can be used", "[io]") {
  nn::TransformerEncoder encoder(nn::TransformerEncoderLayer(8, 2, {.dim_feedforward = 16, .batch_first = true}), 1);
  nn::Sequential texts{nn::Embedding(10, 8), std::move(encoder)};
  const Exported e = exported(texts, randint(10, {2, 6}));
  CHECK(e.connected);
  CHECK(std::count(e.operators.begin(), e.operators.end(), "Softmax") == 1);
  CHECK(std::count(e.operators.begin(), e.operators.end(), "LayerNormalization") == 2);
  CHECK(std::count(e.initializers.begin(), e.initializers.end(), "1.layers.0.self_attn.in_proj_weight") == 1);

  struct Last : nn::Module {
    nn::Child<nn::LSTM> cells{this, "cells", 3, 4, nn::RNNBaseOptions{.num_layers = 2, .batch_first = true, .bidirectional = true}};
    nn::Child<nn::Linear> fc{this, "fc", 4, 2};
    Tensor first = zeros({4, 2, 4});
    Tensor forward(const Tensor& x) { return fc(std::get<0>(std::get<1>(cells(x, nn::LSTMState{first, first})))); }
  } last;
  const Exported states = exported(last, randn({2, 5, 3}));
  CHECK(states.connected);
  CHECK(std::count(states.operators.begin(), states.operators.end(), "LSTM") == 2);
  CHECK(states.operators.back() == "Identity");

  TemporaryFolder folder;
  const auto told = [&](nn::Module& model, const Tensor& example) { return error_of([&] { export_onnx(model, example, folder.file("m.onnx")); }); };
  last.first = randn({4, 1, 4}).expand({4, 2, 4});
  const Exported expanded = exported(last, randn({2, 5, 3}));
  CHECK(expanded.connected);
  CHECK(std::count(expanded.operators.begin(), expanded.operators.end(), "Expand") == 2);
  last.first = randn({4, 2, 4});
  CHECK(says(told(last, randn({2, 5, 3})),
             "recurrent modules whose first state comes from the input or is one for all sequences, got cells. with others"));
}

TEST_CASE("Masks of attention are numbers in the file, the same for all sequences", "[io]") {
  struct Masked : nn::Module {
    nn::Child<nn::MultiheadAttention> attend{this, "attend", 4, 2};
    nn::MultiheadAttnOptions masks;
    Tensor forward(const Tensor& x) { return std::get<0>(attend(x, x, x, masks)); }
  } masked;
  TemporaryFolder folder;
  const auto told = [&](const nn::MultiheadAttnOptions& masks) {
    masked.masks = masks;
    return error_of([&] { export_onnx(masked, randn({3, 2, 4}), folder.file("m.onnx")); });
  };
  const Tensor far = tensor({0, 0, 1, 0, 0, 0, 1, 0, 0}).view({3, 3}).to(kBool), last = tensor({0, 0, 1, 0, 0, 1}).view({2, 3}).to(kBool);
  masked.masks = {};
  const std::vector<std::string> plain = exported(masked, randn({3, 2, 4})).operators;
  for (const nn::MultiheadAttnOptions& masks : {nn::MultiheadAttnOptions{.attn_mask = -randn({3, 3}).abs()},
                                                {.attn_mask = far},
                                                {.attn_mask = randn({1, 2, 3, 3}).expand({2, 2, 3, 3}).reshape({4, 3, 3})},
                                                {.key_padding_mask = last},
                                                {.key_padding_mask = last, .attn_mask = far},
                                                {.key_padding_mask = last, .is_causal = true},
                                                {.is_causal = true}}) {
    masked.masks = masks;
    const Exported e = exported(masked, randn({3, 2, 4}));
    CHECK(e.connected);
    CHECK(std::count(e.operators.begin(), e.operators.end(), "Add") == std::count(plain.begin(), plain.end(), "Add") + 1);
  }
  CHECK(says(told({.attn_mask = randn({4, 3, 3})}), "masks that are the same for all sequences of a batch, got attend.attn_mask with others"));
  CHECK(says(told({.key_padding_mask = tensor({0, 0, 1, 0, 1, 1}).view({2, 3}).to(kBool)}), "got attend.key_padding_mask with others"));
}

TEST_CASE("Reductions between modules become nodes", "[io]") {
  Pooled pooled;
  const Exported e = exported(pooled, randn({2, 1, 4, 5}));
  CHECK(e.operators == Texts{"Conv", "ReduceMean", "ReduceSum", "Squeeze", "ReduceSum", "Add", "Identity"});
  CHECK(e.connected);
}

TEST_CASE("What cannot be exported is an error that names it, and leaves no file and no hook", "[io]") {
  TemporaryFolder folder;
  const auto told = [&](nn::Module& model, const Tensor& example) { return error_of([&] { export_onnx(model, example, folder.file("m.onnx")); }); };
  Scaled scaled;
  Alpha alpha;
  Sorted sorted;
  CHECK(says(told(scaled, ones({2, 3})), "'mul'"));
  CHECK(says(told(alpha, ones({2, 3})), "'add' with other arguments"));
  CHECK(says(told(sorted, ones({2, 3})), "'cumsum'"));
  nn::Sequential reflect{nn::Conv2d(1, 1, 3, nn::ConvOptions{.padding = 1, .padding_mode = nn::PaddingMode::Reflect})};
  CHECK(says(told(reflect, ones({1, 1, 5, 5})), "0.padding_mode"));
  CHECK(folder.count() == 0);
  CHECK(scaled(ones({2, 3})).sizes() == Shape{2, 3});
}
