#include "lazuli/nn/decoding.h"

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
bool close(const Tensor& a, const Tensor& b) { return a.sizes() == b.sizes() && allclose(a, b, 1e-5, 1e-5); }
}  // namespace

TEST_CASE("a decoder that keeps what it has seen gives what it gives at once", "[nn][transformer]") {
  manual_seed(1);
  no_grad guard;
  for (bool batch_first : {true, false})
    for (bool norm_first : {true, false}) {
      INFO(batch_first << norm_first);
      nn::TransformerDecoder decoder(nn::TransformerDecoderLayer(8, 2, {.dim_feedforward = 16, .batch_first = batch_first, .norm_first = norm_first}),
                                     2, {.norm = std::make_shared<nn::LayerNorm>(Shape{8})});
      decoder.eval();
      const int64_t along = batch_first ? 1 : 0;
      const Shape sizes = batch_first ? Shape{3, 21, 8} : Shape{21, 3, 8};
      const Tensor tgt = randn(sizes), memory = randn(batch_first ? Shape{3, 4, 8} : Shape{4, 3, 8});
      const Tensor padding = tensor({0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1}, kInt64).reshape({3, 4}).to(kBool);
      const Tensor expected = decoder(tgt, memory, nn::TransformerDecoderDecodeOptions{.memory_key_padding_mask = padding, .tgt_is_causal = true});
      nn::DecoderCache seen;
      std::vector<Tensor> parts;
      for (int64_t from = 0; from < 21;) {
        const int64_t count = from == 0 ? 3 : from == 3 ? 2 : 1;  // a prompt, then some, then one by one
        parts.push_back(decoder.decode_next(tgt.narrow(along, from, count), memory, seen, padding));
        from += count;
        CHECK(seen.length() == from);
      }
      CHECK(close(cat(parts, along), expected));
    }
}

TEST_CASE("candidates of a search go on with the past of those that they come from", "[nn][transformer]") {
  manual_seed(2);
  inference_mode guard;
  nn::Transformer model({.d_model = 8, .nhead = 2, .num_encoder_layers = 1, .num_decoder_layers = 2, .dim_feedforward = 16, .batch_first = true});
  model.eval();
  const Tensor memory = randn({2, 3, 8}), past = randn({2, 4, 8}), next = randn({3, 1, 8}), from = tensor({1, 1, 0}, kInt64);
  nn::DecoderCache seen;
  model.decode_next(past, memory, seen);
  seen.select(from);
  const Tensor got = model.decode_next(next, memory.index_select(0, from), seen);
  const Tensor whole = model.decode(cat({past.index_select(0, from), next}, 1), memory.index_select(0, from), {.tgt_is_causal = true});
  CHECK(close(got, whole.narrow(1, 4, 1)));
  seen.clear();
  CHECK(seen.length() == 0);
}

TEST_CASE("one text without a dimension of samples is decoded, too, and what cannot be is an Error", "[nn][transformer]") {
  manual_seed(3);
  nn::TransformerDecoder decoder(nn::TransformerDecoderLayer(4, 1, {.dim_feedforward = 8}), 1);
  const Tensor tgt = randn({2, 4}), memory = randn({3, 4});
  nn::DecoderCache seen;
  CHECK(says(error_of([&] { decoder.decode_next(tgt, memory, seen); }), "expected a decoder in eval mode"));
  decoder.eval();
  CHECK(says(error_of([&] { decoder.decode_next(tgt, memory, seen); }), "decode in no_grad or inference mode"));
  seen.clear();
  no_grad guard;
  const Tensor expected = decoder(tgt, memory, nn::TransformerDecoderDecodeOptions{.tgt_is_causal = true});
  CHECK(close(cat({decoder.decode_next(tgt.narrow(0, 0, 1), memory, seen), decoder.decode_next(tgt.narrow(0, 1, 1), memory, seen)}), expected));
  CHECK(says(error_of([&] { decoder.decode_next(randn({2, 3}), memory, seen); }), "argument 'tgt'"));
  CHECK(says(error_of([&] { decoder.decode_next(randn({1, 2, 4}), randn({3, 2, 4}), seen); }), "argument 'key'"));
  nn::KeyValueCache cache;
  cache.append(randn({1, 2, 1, 4}), randn({1, 2, 1, 4}));
  CHECK(says(error_of([&] {
               cache.append(randn({1, 2, 1, 5}), randn({1, 2, 1, 4}));
             }),
             "argument 'key': expected sizes [1, 2, 1, 4], got [1, 2, 1, 5]"));
  CHECK(cache.length() == 1);
}

TEST_CASE("stacks of layers are made of a layer that goes on living, and a norm", "[nn][transformer]") {
  nn::TransformerEncoderLayer layer(8, 2, 16);
  nn::TransformerEncoder encoder(layer, 2), normed(layer, 2, nn::LayerNorm(8));
  CHECK(encoder.named_parameters().size() == 2 * layer.named_parameters().size());
  CHECK(normed.state_dict().contains("norm.weight"));
  CHECK(equal(encoder.get_parameter("layers.1.linear1.weight"), layer.linear1->weight));
  CHECK(!encoder.get_parameter("layers.1.linear1.weight").is_same(layer.linear1->weight));
  nn::TransformerDecoderLayer step(8, 2, 16);
  nn::TransformerDecoder decoder(step, 2, nn::LayerNorm(8));
  CHECK(decoder(randn({3, 1, 8}), randn({4, 1, 8})).sizes() == Shape{3, 1, 8});
}
