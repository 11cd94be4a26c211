#pragma once
#include "lazuli/nn/linear.h"

/// Attention with several heads (Vaswani and others 2017, https://arxiv.org/abs/1706.03762); ops/network/attention.h has the operators.
namespace lazuli::nn {

struct MultiheadAttentionOptions {
  double dropout = 0;                           // of the weights, in training
  bool bias = true;                             // of the projections
  bool add_bias_kv = false;                     // one more key and value, trained
  bool add_zero_attn = false;                   // one more key and value, of zeros
  std::optional<int64_t> kdim = {}, vdim = {};  // features of key and value; embed_dim unless given
  bool batch_first = false;                     // [n, l, e] instead of [l, n, e]
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = MultiheadAttentionOptions>
  static constexpr auto members() {
    return Members{member("dropout", &O::dropout, {.least = 0, .below = 1}),
                   member("bias", &O::bias),
                   member("add_bias_kv", &O::add_bias_kv),
                   member("add_zero_attn", &O::add_zero_attn),
                   member("kdim", &O::kdim, {.least = 1}),
                   member("vdim", &O::vdim, {.least = 1}),
                   member("batch_first", &O::batch_first)};
  }
};

/// What a call of MultiheadAttention takes besides its tensors.
struct MultiheadAttnOptions {
  OptionalTensor key_padding_mask = {};  // [n, s] (or [s]): true at keys that nobody sees, or numbers to be added
  bool need_weights = true;
  OptionalTensor attn_mask = {};     // [l, s] or [n * heads, l, s]: true where a query does not see a key, or numbers to be added
  bool average_attn_weights = true;  // over the heads
  bool is_causal = false;            // query i sees the keys 0 .. i; with an attn_mask, this says only that it is such a mask
  template <class Used = void>
  auto tensors() {
    return tied<Used>(key_padding_mask, attn_mask);
  }
};

/// query [l, n, embed_dim], key [s, n, kdim], value [s, n, vdim], or all without n -> the result [l, n, embed_dim], and the weights [n, l, s] (each head's: [n, heads, l, s]; not
/// asked for: undefined). Without need_weights it needs memory in proportion to l and s.
/// The projections' weights begin as xavier_uniform_, their biases as zeros, bias_k and bias_v as xavier_normal_.
class MultiheadAttention : public ModuleOf<MultiheadAttention> {
 public:
  using Options = MultiheadAttentionOptions;
  /// Throws Error where num_heads does not divide embed_dim.
  MultiheadAttention(int64_t embed_dim, int64_t num_heads, const MultiheadAttentionOptions& options = {});
  template <class... A>
  requires detail::ByPosition<MultiheadAttentionOptions, A...> MultiheadAttention(int64_t embed_dim, int64_t num_heads, const A&... options)
      : MultiheadAttention(embed_dim, num_heads, detail::positional<MultiheadAttentionOptions>(options...)) {}
  template <class D>
  requires detail::ByPosition<MultiheadAttentionOptions, D> MultiheadAttention(int64_t embed_dim, int64_t num_heads, const D& dropout,
                                                                               const MultiheadAttentionOptions& rest)
      : MultiheadAttention(embed_dim, num_heads, detail::positional_and(rest, dropout)) {}
  explicit MultiheadAttention(...) = delete;  // (embed_dim, num_heads, {.dropout, .bias, .add_bias_kv, .add_zero_attn, .kdim, .vdim, .batch_first})
  template <class M = MultiheadAttention>
  static constexpr auto arguments() {
    return Members{member("embed_dim", &M::embed_dim, {.least = 1}), member("num_heads", &M::num_heads, {.least = 1})};
  }
  std::tuple<Tensor, Tensor> forward(const Tensor& query, const Tensor& key, const Tensor& value, const MultiheadAttnOptions& options = {});
  void reset_parameters();

  int64_t embed_dim, num_heads;
  MultiheadAttentionOptions options;
  Parameter in_proj_weight;                               // [3 embed_dim, embed_dim]; with another kdim or vdim the next three instead
  Parameter q_proj_weight, k_proj_weight, v_proj_weight;  // [embed_dim, ..]
  Parameter in_proj_bias;                                 // [3 embed_dim]
  Child<Linear> out_proj;
  Parameter bias_k, bias_v;  // [1, 1, embed_dim]
};

}  // namespace lazuli::nn
