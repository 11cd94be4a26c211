#pragma once
#include "lazuli/lazuli.h"

namespace bench {
using namespace lazuli;

/// Norms before attention and feed-forward.
struct GptBlock : nn::Module {
  int64_t heads;
  nn::Child<nn::LayerNorm> n1;
  nn::Child<nn::Linear> qkv, proj;
  nn::Child<nn::LayerNorm> n2;
  nn::Child<nn::Linear> up, down;
  GptBlock(int64_t d, int64_t heads_)
      : heads(heads_),
        n1(this, "n1", d),
        qkv(this, "qkv", d, 3 * d),
        proj(this, "proj", d, d),
        n2(this, "n2", d),
        up(this, "up", d, 4 * d),
        down(this, "down", 4 * d, d) {}
  Tensor forward(const Tensor& given) {
    Tensor x = given;
    const int64_t n = x.size(0), t = x.size(1), d = x.size(2);
    std::vector<Tensor> parts = unbind(qkv(n1(x)).view({n, t, 3, heads, d / heads}).permute({2, 0, 3, 1, 4}), 0);
    Tensor a = scaled_dot_product_attention(parts[0], parts[1], parts[2], {.is_causal = true});
    x = x + proj(a.transpose(1, 2).reshape({n, t, d}));
    return x + down(gelu(up(n2(x))));
  }
};

/// Learned positions, an output matrix of its own.
struct Gpt : nn::Module {
  nn::Child<nn::Embedding> tok;
  nn::Parameter pos;
  nn::Child<nn::Sequential> blocks;
  nn::Child<nn::LayerNorm> norm;
  nn::Child<nn::Linear> head;
  Gpt(int64_t vocabulary, int64_t d, int64_t heads, int64_t layers, int64_t length)
      : tok(this, "tok", vocabulary, d),
        pos(this, "pos", zeros({length, d})),
        blocks(this, "blocks"),
        norm(this, "norm", d),
        head(this, "head", d, vocabulary, {.bias = false}) {
    for (int64_t i = 0; i < layers; ++i) blocks->push_back(GptBlock(d, heads));
  }
  Tensor forward(const Tensor& ids) { return head(norm(blocks(tok(ids) + pos))); }
};

}  // namespace bench
