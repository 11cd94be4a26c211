#pragma once
#include "lazuli/lazuli.h"

namespace examples {

struct BertOptions {
  int64_t vocab_size = 30522, max_position_embeddings = 512, type_vocab_size = 2;
  int64_t hidden_size = 768, num_hidden_layers = 12, num_attention_heads = 12, intermediate_size = 3072;
  double layer_norm_eps = 1e-12;
  /// all-MiniLM-L6-v2.
  static BertOptions minilm() { return {.hidden_size = 384, .num_hidden_layers = 6, .intermediate_size = 1536}; }
};

struct BertLayer : lazuli::nn::Module {
  // Hugging Face's "attention.self.query" and so on.
  struct SelfAttention : lazuli::nn::Module {
    lazuli::nn::Child<lazuli::nn::Linear> query, key, value;
    int64_t heads;
    explicit SelfAttention(const BertOptions& o);
    lazuli::Tensor forward(const lazuli::Tensor& x, const lazuli::OptionalTensor& mask);
  };
  /// LayerNorm(residual + dense(x)).
  struct Output : lazuli::nn::Module {
    lazuli::nn::Child<lazuli::nn::Linear> dense;
    lazuli::nn::Child<lazuli::nn::LayerNorm> norm;
    Output(int64_t in, const BertOptions& o);
    lazuli::Tensor forward(const lazuli::Tensor& x, const lazuli::Tensor& residual) { return norm(residual + dense(x)); }
  };
  struct Attention : lazuli::nn::Module {
    lazuli::nn::Child<SelfAttention> self;
    lazuli::nn::Child<Output> output;
    explicit Attention(const BertOptions& o) : self(this, "self", o), output(this, "output", o.hidden_size, o) {}
    lazuli::Tensor forward(const lazuli::Tensor& x, const lazuli::OptionalTensor& mask) { return output(self(x, mask), x); }
  };
  struct Intermediate : lazuli::nn::Module {
    lazuli::nn::Child<lazuli::nn::Linear> dense;
    explicit Intermediate(const BertOptions& o) : dense(this, "dense", o.hidden_size, o.intermediate_size) {}
    lazuli::Tensor forward(const lazuli::Tensor& x) { return gelu(dense(x)); }
  };
  lazuli::nn::Child<Attention> attention;
  lazuli::nn::Child<Intermediate> intermediate;
  lazuli::nn::Child<Output> output;
  explicit BertLayer(const BertOptions& o);
  lazuli::Tensor forward(const lazuli::Tensor& x, const lazuli::OptionalTensor& mask);
};

/// What BERT makes of a text: a vector for each token [n, t, hidden_size], and one for all, from the first [n, hidden_size].
struct BertResult {
  lazuli::Tensor last_hidden_state, pooler_output;
  auto tensors() { return std::tie(last_hidden_state, pooler_output); }
};

/// BERT (Devlin and others 2018, https://arxiv.org/abs/1810.04805), and MiniLM, with Hugging Face's names; those of files with a head begin with "bert.": rename {{"^bert.", ""}}.
struct Bert : lazuli::nn::ModuleOf<Bert> {
  struct Embeddings : lazuli::nn::Module {
    lazuli::nn::Child<lazuli::nn::Embedding> word_embeddings, position_embeddings, token_type_embeddings;
    lazuli::nn::Child<lazuli::nn::LayerNorm> norm;
    explicit Embeddings(const BertOptions& o);
    lazuli::Tensor forward(const lazuli::Tensor& tokens, const lazuli::Tensor& types);
  };
  struct Encoder : lazuli::nn::Module {
    lazuli::nn::Child<lazuli::nn::ModuleList> layer{this, "layer"};
    explicit Encoder(const BertOptions& o);
    lazuli::Tensor forward(const lazuli::Tensor& x, const lazuli::OptionalTensor& mask);
  };
  struct Pooler : lazuli::nn::Module {
    lazuli::nn::Child<lazuli::nn::Linear> dense;
    explicit Pooler(const BertOptions& o) : dense(this, "dense", o.hidden_size, o.hidden_size) {}
    lazuli::Tensor forward(const lazuli::Tensor& x) { return tanh(dense(x.select(1, 0))); }
  };
  lazuli::nn::Child<Embeddings> embeddings;
  lazuli::nn::Child<Encoder> encoder;
  lazuli::nn::Child<Pooler> pooler;
  explicit Bert(const BertOptions& o = {});
  /// tokens [n, t]; attention_mask [n, t]: 1 where there is a token, 0 where there is padding; token_type_ids [n, t], 0 unless given.
  BertResult forward(const lazuli::Tensor& tokens, const lazuli::OptionalTensor& attention_mask = {},
                     const lazuli::OptionalTensor& token_type_ids = {});
};

/// The vector of a text that sentence-transformers makes: the mean over its tokens, of length 1. [n, t, hidden_size] -> [n, hidden_size].
lazuli::Tensor sentence_embedding(const lazuli::Tensor& last_hidden_state, const lazuli::Tensor& attention_mask);

}  // namespace examples
