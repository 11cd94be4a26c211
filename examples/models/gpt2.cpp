#include "gpt2.h"

using namespace lazuli;

namespace examples {

namespace {
nn::LayerNormOptions norm_options(const GPT2Options& o) { return {.eps = o.layer_norm_epsilon}; }
}  // namespace

Conv1D::Conv1D(int64_t in, int64_t out) : weight(this, "weight", randn({in, out}) * 0.02), bias(this, "bias", zeros({out})) {}

GPT2Attention::GPT2Attention(const GPT2Options& o)
    : c_attn(this, "c_attn", o.n_embd, 3 * o.n_embd), c_proj(this, "c_proj", o.n_embd, o.n_embd), heads(o.n_head) {
  if (o.n_embd % o.n_head) fail("GPT2", "n_head", "a divisor of n_embd " + std::to_string(o.n_embd), std::to_string(o.n_head));
}

Tensor GPT2Attention::forward(const Tensor& x) {
  const int64_t n = x.size(0), t = x.size(1), features = x.size(2);
  const Tensor split = c_attn(x).view({n, t, 3, heads, features / heads}).permute({2, 0, 3, 1, 4});  // [3, n, heads, t, features of a head]
  const Tensor seen = scaled_dot_product_attention(split[0], split[1], split[2], {.is_causal = true});
  return c_proj(seen.transpose(1, 2).reshape({n, t, features}));
}

GPT2MLP::GPT2MLP(const GPT2Options& o) : c_fc(this, "c_fc", o.n_embd, 4 * o.n_embd), c_proj(this, "c_proj", 4 * o.n_embd, o.n_embd) {}

GPT2Block::GPT2Block(const GPT2Options& o)
    : ln_1(this, "ln_1", o.n_embd, norm_options(o)), attn(this, "attn", o), ln_2(this, "ln_2", o.n_embd, norm_options(o)), mlp(this, "mlp", o) {}

Tensor GPT2Block::forward(const Tensor& x) {
  const Tensor y = x + attn(ln_1(x));
  return y + mlp(ln_2(y));
}

GPT2::GPT2(const GPT2Options& o)
    : wte(this, "wte", o.vocab_size, o.n_embd), wpe(this, "wpe", o.n_positions, o.n_embd), ln_f(this, "ln_f", o.n_embd, norm_options(o)) {
  for (int64_t i = 0; i < o.n_layer; ++i) h->push_back(GPT2Block(o));
}

Tensor GPT2::features(const Tensor& tokens) { return ln_f(h(wte(tokens) + wpe(arange(tokens.size(1), tokens.device())))); }

}  // namespace examples
