#include "bert.h"

using namespace lazuli;

namespace examples {

namespace {
nn::LayerNormOptions norm_options(const BertOptions& o) { return {.eps = o.layer_norm_eps}; }
}  // namespace

BertLayer::SelfAttention::SelfAttention(const BertOptions& o)
    : query(this, "query", o.hidden_size, o.hidden_size),
      key(this, "key", o.hidden_size, o.hidden_size),
      value(this, "value", o.hidden_size, o.hidden_size),
      heads(o.num_attention_heads) {
  if (o.hidden_size % heads) fail("Bert", "num_attention_heads", "a divisor of hidden_size " + std::to_string(o.hidden_size), std::to_string(heads));
}

Tensor BertLayer::SelfAttention::forward(const Tensor& x, const OptionalTensor& mask) {
  const int64_t n = x.size(0), t = x.size(1), features = x.size(2);
  auto of_heads = [&](const Tensor& y) { return y.view({n, t, heads, features / heads}).transpose(1, 2); };
  const Tensor seen = scaled_dot_product_attention(of_heads(query(x)), of_heads(key(x)), of_heads(value(x)), mask);
  return seen.transpose(1, 2).reshape({n, t, features});
}

BertLayer::Output::Output(int64_t in, const BertOptions& o)
    : dense(this, "dense", in, o.hidden_size), norm(this, "LayerNorm", o.hidden_size, norm_options(o)) {}

BertLayer::BertLayer(const BertOptions& o)
    : attention(this, "attention", o), intermediate(this, "intermediate", o), output(this, "output", o.intermediate_size, o) {}

Tensor BertLayer::forward(const Tensor& x, const OptionalTensor& mask) {
  const Tensor seen = attention(x, mask);
  return output(intermediate(seen), seen);
}

Bert::Embeddings::Embeddings(const BertOptions& o)
    : word_embeddings(this, "word_embeddings", o.vocab_size, o.hidden_size),
      position_embeddings(this, "position_embeddings", o.max_position_embeddings, o.hidden_size),
      token_type_embeddings(this, "token_type_embeddings", o.type_vocab_size, o.hidden_size),
      norm(this, "LayerNorm", o.hidden_size, norm_options(o)) {}

Tensor Bert::Embeddings::forward(const Tensor& tokens, const Tensor& types) {
  return norm(word_embeddings(tokens) + position_embeddings(arange(tokens.size(1), tokens.device())) + token_type_embeddings(types));
}

Bert::Encoder::Encoder(const BertOptions& o) {
  for (int64_t i = 0; i < o.num_hidden_layers; ++i) layer->push_back(BertLayer(o));
}

Tensor Bert::Encoder::forward(const Tensor& x, const OptionalTensor& mask) {
  Tensor y = x;
  for (int64_t i = 0; i < int64_t(layer->size()); ++i) y = nn::call(layer->at<BertLayer>(i), y, mask);
  return y;
}

Bert::Bert(const BertOptions& o) : embeddings(this, "embeddings", o), encoder(this, "encoder", o), pooler(this, "pooler", o) {}

BertResult Bert::forward(const Tensor& tokens, const OptionalTensor& attention_mask, const OptionalTensor& token_type_ids) {
  OptionalTensor mask;
  if (attention_mask)
    mask = attention_mask->ne(0).view({tokens.size(0), 1, 1, tokens.size(1)}).expand({tokens.size(0), 1, tokens.size(1), tokens.size(1)});
  const Tensor hidden = encoder(embeddings(tokens, token_type_ids ? *token_type_ids : zeros_like(tokens)), mask);
  return {hidden, pooler(hidden)};
}

Tensor sentence_embedding(const Tensor& last_hidden_state, const Tensor& attention_mask) {
  const Tensor weight = attention_mask.to(last_hidden_state.dtype()).unsqueeze(-1);
  return normalize((last_hidden_state * weight).sum(1) / weight.sum(1).clamp_min(1e-9), 2, 1);
}

}  // namespace examples
