#include "lazuli/nn/attention.h"

#include <cmath>

#include "lazuli/autograd/autograd.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/nn/transformer.h"
#include "tests/catch.h"
#include "tests/nn/nn_test.h"

using namespace lazuli;
using nn_test::close;
using nn_test::message;
using nn_test::parameter_names;
using nn_test::same;

namespace {
nn::TransformerOptions small(bool batch_first = false) {
  nn::TransformerOptions o;
  o.d_model = 8, o.nhead = 2, o.num_encoder_layers = 2, o.num_decoder_layers = 2, o.dim_feedforward = 12, o.dropout = 0, o.batch_first = batch_first;
  return o;
}
}  // namespace

TEST_CASE("MultiheadAttention has PyTorch's parameters and first values", "[nn]") {
  nn::MultiheadAttention plain(8, 2);
  REQUIRE(parameter_names(plain) == std::vector<std::string>{"in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"});
  REQUIRE(plain.in_proj_weight.sizes() == Shape{24, 8});
  REQUIRE(amax(abs(plain.in_proj_weight)).item<double>() <= std::sqrt(6.0 / 32));
  REQUIRE(same(plain.in_proj_bias, zeros({24})));
  REQUIRE(same(plain.out_proj->bias, zeros({8})));
  nn::MultiheadAttention other(8, 2, {.bias = false, .add_bias_kv = true, .kdim = 6, .vdim = 5});
  REQUIRE(parameter_names(other) ==
          std::vector<std::string>{"q_proj_weight", "k_proj_weight", "v_proj_weight", "bias_k", "bias_v", "out_proj.weight"});
  REQUIRE(other.v_proj_weight.sizes() == Shape{8, 5});
  REQUIRE_THROWS_AS(nn::MultiheadAttention(8, 3), Error);
  REQUIRE_THROWS_AS(nn::MultiheadAttention(8, 2, {.dropout = -0.1}), Error);
}

TEST_CASE("MultiheadAttention: batch first, one sample, clones, and by name", "[nn]") {
  nn::MultiheadAttention attention(8, 2, {.batch_first = true});
  Tensor x = randn({3, 5, 8});
  auto [out, weights] = attention(x, x, x);
  REQUIRE(out.sizes() == x.sizes());
  REQUIRE(weights.sizes() == Shape{3, 5, 5});
  auto [one, one_weights] = attention(x[1], x[1], x[1]);
  REQUIRE(close(one, out[1]));
  REQUIRE(close(one_weights, weights[1]));
  nn::MultiheadAttention copy = nn::clone(attention);
  REQUIRE(close(std::get<0>(copy(x, x, x)), out));
  auto made = nn::make_module("MultiheadAttention", {8, 2}, {{"batch_first", true}});
  made->load_state_dict(attention.state_dict());
  REQUIRE(close(std::get<0>(dynamic_cast<nn::MultiheadAttention&>(*made)(x, x, x)), out));
}

TEST_CASE("MultiheadAttention with batch first copies neither its input nor its result", "[nn]") {
  struct Copies : EventListener {
    int count = 0;
    void call_begins(const SlotCall& call) override { count += std::string(call.slot.name) == "copy"; }
  } copies;
  nn::MultiheadAttention attention(8, 2, {.batch_first = true}), turned(8, 2);
  turned.load_state_dict(attention.state_dict());
  const Tensor x = randn({4, 5, 8}).requires_grad_();
  Tensor out, grad;
  {
    const Listening listening(copies);
    out = std::get<0>(attention(x, x, x, {.need_weights = false}));
    grad = autograd::grad({out}, {x}, {.grad_outputs = {out}})[0];
  }
  CHECK(out.is_contiguous());
  CHECK(copies.count == 3);  // the gradients of query, key and value, into one
  const Tensor y = x.transpose(0, 1).contiguous();
  const Tensor expected = std::get<0>(turned(y, y, y, {.need_weights = false}));
  CHECK(close(out, expected.transpose(0, 1)));
  CHECK(close(grad, autograd::grad({expected}, {x}, {.grad_outputs = {expected}})[0]));
}

TEST_CASE("attention's weights are dropped in training only", "[nn]") {
  nn::MultiheadAttention attention(8, 2, {.dropout = 0.5});
  Tensor x = randn({5, 3, 8});
  auto run = [&] { return std::get<0>(attention(x, x, x)); };
  REQUIRE_FALSE(close(run(), run()));
  attention.eval();
  REQUIRE(close(run(), run()));
}

TEST_CASE("encoder and decoder are clones of a layer in a row", "[nn]") {
  nn::TransformerEncoderLayer layer(8, 2, {.dim_feedforward = 12, .dropout = 0});
  Tensor x = randn({5, 3, 8});
  Tensor once = layer(x), twice = layer(once);
  auto norm = std::make_shared<nn::LayerNorm>(Shape{8});
  nn::TransformerEncoder encoder(std::move(layer), 2, {.norm = norm});
  REQUIRE(close(encoder.encode(x), (*norm)(twice)));
  REQUIRE(parameter_names(encoder).back() == "norm.bias");
  REQUIRE_FALSE(encoder.get_parameter("layers.0.linear1.weight").is_same(encoder.get_parameter("layers.1.linear1.weight")));
  nn::TransformerEncoder copy = nn::clone(encoder);
  REQUIRE(close(copy(x), encoder(x)));
  REQUIRE_FALSE(copy.get_parameter("layers.0.linear1.weight").is_same(encoder.get_parameter("layers.0.linear1.weight")));
  std::shared_ptr<nn::TransformerEncoderLayer> nothing;
  REQUIRE_THROWS_AS(nn::TransformerEncoder(nothing, 2), Error);
  REQUIRE_THROWS_AS(nn::TransformerEncoder(nn::TransformerEncoderLayer(8, 2), 0), Error);
  nn::TransformerDecoder decoder(nn::TransformerDecoderLayer(8, 2, {.dropout = 0, .activation = nn::TransformerActivation::Gelu}), 2);
  REQUIRE(decoder(x, randn({4, 3, 8})).sizes() == x.sizes());
  REQUIRE(parameter_names(decoder).size() == 36);
}

TEST_CASE("modules that take modules are made by name", "[nn]") {
  auto layer = nn::make_module("TransformerDecoderLayer", {8, 2}, {{"dropout", 0.0}});
  auto decoder = nn::make_module("TransformerDecoder", {3}, {}, {{"decoder_layer", layer}});
  REQUIRE(decoder->named_parameters().size() == 54);
  REQUIRE(message([&] {
            nn::make_module("TransformerEncoder", {3}, {}, {{"encoder_layer", layer}});
          }).find("a TransformerEncoderLayer") != std::string::npos);
  REQUIRE(message([&] { nn::make_module("TransformerEncoder", {3}); }).find("encoder_layer") != std::string::npos);
  REQUIRE(message([&] { nn::make_module("Linear", {3, 2}, {}, {{"decoder_layer", layer}}); }).find("decoder_layer") != std::string::npos);
}

TEST_CASE("Transformer: a run is encode and decode, a causal target does not see what follows", "[nn]") {
  manual_seed(3);
  nn::Transformer model(small());
  Tensor src = randn({5, 3, 8}), tgt = randn({4, 3, 8});
  nn::TransformerRunOptions causal{.tgt_mask = nn::Transformer::generate_square_subsequent_mask(4)};
  Tensor y = model(src, tgt, causal);
  REQUIRE(y.sizes() == tgt.sizes());
  REQUIRE(close(model.decode(tgt, model.encode(src), causal), y));
  nn::TransformerRunOptions flag;
  flag.tgt_is_causal = true;
  REQUIRE(close(model(src, tgt, flag), y));
  REQUIRE(close(model(src, tgt.narrow(0, 0, 2), flag), y.narrow(0, 0, 2)));
  // Padding of the source is not seen.
  Tensor padding = zeros({3, 5}, {.dtype = kBool});
  padding.narrow(1, 3, 2).fill_(true);
  nn::TransformerRunOptions padded = flag;
  padded.src_key_padding_mask = padding, padded.memory_key_padding_mask = padding;
  REQUIRE(close(model(src, tgt, padded), model(src.narrow(0, 0, 3), tgt, flag)));
  // Batch first: the same values turned.
  nn::Transformer turned(small(true));
  turned.load_state_dict(model.state_dict());
  REQUIRE(close(turned(src.transpose(0, 1), tgt.transpose(0, 1), flag).transpose(0, 1), y));
  REQUIRE(close(nn::clone(model)(src, tgt, flag), y));
  REQUIRE_THROWS_AS(model(randn({5, 3, 7}), tgt), Error);
  REQUIRE_THROWS_AS(model(src, Tensor()), Error);
  REQUIRE(same(nn::Transformer::generate_square_subsequent_mask(2), tensor({{0.0, -INFINITY}, {0.0, 0.0}}, kFloat32)));
}

TEST_CASE("a Transformer learns to reverse", "[nn]") {
  manual_seed(1);
  nn::TransformerOptions o = small();
  o.num_encoder_layers = o.num_decoder_layers = 1;
  nn::Transformer model(o);
  Tensor src = randn({4, 6, 8}), tgt = src.flip({0});
  double first = 0, last = 0;
  for (int step = 0; step < 30; ++step) {
    Tensor loss = mse_loss(model(src, zeros_like(tgt) + src.mean(0, true)), tgt);
    (step ? last : first) = loss.item<double>();
    model.zero_grad();
    loss.backward();
    no_grad guard;
    for (Tensor p : model.parameters())
      if (p.grad().defined()) p.sub_(p.grad(), 0.05);
  }
  REQUIRE(last < 0.95 * first);
}
