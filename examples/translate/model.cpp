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

Tensor Translator::embed(const Tensor& text) const { return tokens(text) + positions(arange(text.size(1), text.device())); }

Tensor Translator::decode(const Tensor& known, const Tensor& memory, const Tensor& source) {
  return classifier(transformer->decode(embed(known), memory, {.memory_key_padding_mask = source.eq(kPadding), .tgt_is_causal = true}));
}

Tensor Translator::forward(const Tensor& source, const Tensor& known) {
  Tensor memory = transformer->encode(embed(source), {.src_key_padding_mask = source.eq(kPadding)});
  return decode(known, memory, source);
}

Tensor Translator::translate(const Tensor& source, int64_t count) {
  inference_mode guard;
  Tensor memory = transformer->encode(embed(source), {.src_key_padding_mask = source.eq(kPadding)});
  Tensor known = full({source.size(0), 1}, kBegin, {.dtype = kInt64, .device = source.device()});
  for (int64_t i = 0; i < count; ++i) {
    Tensor next = decode(known, memory, source).select(1, -1).argmax(1, true);
    known = cat({known, next}, 1);
  }
  return known.narrow(1, 1, count);
}
