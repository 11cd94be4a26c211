#include "model.h"

using namespace lazuli;

Translator::Translator(const TranslatorOptions& o)
    : tokens(this, "tokens", kTokens, o.features),
      positions(this, "positions", o.width, o.features),
      transformer(this, "transformer",
                  nn::TransformerOptions{.d_model = o.features,
                                         .nhead = o.heads,
                                         .num_encoder_layers = o.layers,
                                         .num_decoder_layers = o.layers,
                                         .dim_feedforward = 4 * o.features,
                                         .dropout = 0,
                                         .batch_first = true,
                                         .norm_first = true}),
      classifier(this, "classifier", o.features, kTokens) {}

Tensor Translator::embed(const Tensor& text, int64_t first) const {
  return tokens(text) + positions(arange(first, first + text.size(1), 1, text.device()));
}

Tensor Translator::forward(const Tensor& source, const Tensor& known) {
  const Tensor padding = source.eq(kPadding);
  Tensor memory = transformer->encode(embed(source), {.src_key_padding_mask = padding});
  return classifier(transformer->decode(embed(known), memory, {.memory_key_padding_mask = padding, .tgt_is_causal = true}));
}

Tensor Translator::translate(const Tensor& source, int64_t count) {
  inference_mode guard;
  const Tensor padding = source.eq(kPadding);
  Tensor memory = transformer->encode(embed(source), {.src_key_padding_mask = padding});
  Tensor last = full({source.size(0), 1}, kBegin, {.dtype = kInt64, .device = source.device()});
  nn::DecoderCache seen;
  std::vector<Tensor> found;
  for (int64_t i = 0; i < count; ++i) {
    last = classifier(transformer->decode_next(embed(last, i), memory, seen, padding)).argmax(-1);
    found.push_back(last);
  }
  return cat(found, 1);
}
