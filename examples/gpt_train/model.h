#pragma once
#include <vector>

#include "lazuli/lazuli.h"

/// Each byte looks at itself and those before it.
struct CausalSelfAttention : lazuli::nn::Module {
  lazuli::nn::Child<lazuli::nn::Linear> query_key_value, projection;
  int64_t heads;

  CausalSelfAttention(int64_t features, int64_t head_count);
  lazuli::Tensor forward(const lazuli::Tensor& x);  // [n, t, features] -> the same
  /// The same of bytes that follow those which `seen` has.
  lazuli::Tensor next(const lazuli::Tensor& x, lazuli::nn::KeyValueCache& seen);

 private:
  lazuli::Tensor heads_of(const lazuli::Tensor& x);  // [query, key, value: 3, n, heads, t, features of a head]
  lazuli::Tensor joined(const lazuli::Tensor& seen);
};

/// x = x + attention(norm1(x)); x = x + feed_forward(norm2(x))
struct Block : lazuli::nn::Module {
  lazuli::nn::Child<lazuli::nn::LayerNorm> norm1;
  lazuli::nn::Child<CausalSelfAttention> attention;
  lazuli::nn::Child<lazuli::nn::LayerNorm> norm2;
  lazuli::nn::Child<lazuli::nn::Sequential> feed_forward;
  lazuli::nn::Child<lazuli::nn::Dropout> dropout;

  Block(int64_t features, int64_t heads, double dropout);
  lazuli::Tensor forward(const lazuli::Tensor& x);
  lazuli::Tensor next(const lazuli::Tensor& x, lazuli::nn::KeyValueCache& seen);
};

struct GptOptions {
  int64_t layers, heads, features, context;
  double dropout;
  int64_t vocabulary = 256;
};

/// A decoder-only Transformer (Radford and others 2019) over bytes, or tokens: [n, t] of 0 .. vocabulary - 1, t at most `context` -> scores [n, t, vocabulary] of the one that follows each.
struct Gpt : lazuli::nn::Module {
  lazuli::nn::Child<lazuli::nn::Embedding> bytes, positions;
  lazuli::nn::Child<lazuli::nn::Sequential> blocks{this, "blocks"};
  lazuli::nn::Child<lazuli::nn::LayerNorm> norm;
  int64_t context;

  explicit Gpt(const GptOptions& options);
  lazuli::Tensor forward(const lazuli::Tensor& text);
  /// Scores [n, 256] of the byte after `text`, whose bytes follow those that `seen` has, one cache for each block.
  lazuli::Tensor next(const lazuli::Tensor& text, std::vector<lazuli::nn::KeyValueCache>& seen);

  /// `prompt` and `count` more that follow it, one after the other, each drawn by its probability at that temperature.
  std::vector<int64_t> write(std::vector<int64_t> prompt, int64_t count, double temperature, const lazuli::Generator& random);
};
