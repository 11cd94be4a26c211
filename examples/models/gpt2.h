#pragma once
#include "lazuli/lazuli.h"

namespace examples {

/// Hugging Face's Conv1D: a linear layer whose weight lies the other way round, [in, out].
struct Conv1D : lazuli::nn::Module {
  lazuli::nn::Parameter weight, bias;
  Conv1D(int64_t in, int64_t out);
  lazuli::Tensor forward(const lazuli::Tensor& x) { return matmul(x, weight) + bias; }
};

struct GPT2Options {
  int64_t vocab_size = 50257, n_positions = 1024, n_embd = 768, n_layer = 12, n_head = 12;
  double layer_norm_epsilon = 1e-5;
};

struct GPT2Attention : lazuli::nn::Module {
  lazuli::nn::Child<Conv1D> c_attn, c_proj;
  int64_t heads;
  explicit GPT2Attention(const GPT2Options& options);
  lazuli::Tensor forward(const lazuli::Tensor& x);
};
struct GPT2MLP : lazuli::nn::Module {
  lazuli::nn::Child<Conv1D> c_fc, c_proj;
  explicit GPT2MLP(const GPT2Options& options);
  lazuli::Tensor forward(const lazuli::Tensor& x) { return c_proj(gelu(c_fc(x), "tanh")); }
};
struct GPT2Block : lazuli::nn::Module {
  lazuli::nn::Child<lazuli::nn::LayerNorm> ln_1;
  lazuli::nn::Child<GPT2Attention> attn;
  lazuli::nn::Child<lazuli::nn::LayerNorm> ln_2;
  lazuli::nn::Child<GPT2MLP> mlp;
  explicit GPT2Block(const GPT2Options& options);
  lazuli::Tensor forward(const lazuli::Tensor& x);
};

/// GPT-2 (Radford and others 2019) with Hugging Face's names: tokens [n, t] -> scores [n, t, vocab_size] of the token that follows each. Files have the names with "transformer." before them or
/// without: rename {{"^transformer.", ""}} gives those of here. The head is `wte`.
struct GPT2 : lazuli::nn::Module {
  lazuli::nn::Child<lazuli::nn::Embedding> wte, wpe;
  lazuli::nn::Child<lazuli::nn::Sequential> h{this, "h"};
  lazuli::nn::Child<lazuli::nn::LayerNorm> ln_f;
  explicit GPT2(const GPT2Options& options = {});
  /// What the head gets: [n, t, n_embd].
  lazuli::Tensor features(const lazuli::Tensor& tokens);
  lazuli::Tensor forward(const lazuli::Tensor& tokens) { return linear(features(tokens), wte->weight); }
};

}  // namespace examples
