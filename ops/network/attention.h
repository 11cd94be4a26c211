#pragma once
#include <tuple>

#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/random/generator.h"
#include "lazuli/core/tensor.h"

/// Attention: softmax(scale * query @ key^T + mask) @ value (Vaswani and others 2017, https://arxiv.org/abs/1706.03762). Floating point; halves are used at float32.
namespace lazuli {

struct ScaledDotProductAttentionOptions {
  OptionalTensor attn_mask = {};  // broadcast to [.., l, s]: bool, true where a query may see a key, or of the query's dtype, added to the products
  double dropout_p = 0;           // weights are dropped with this probability, in training or not
  bool is_causal = false;         // query i sees the keys 0 .. i; then no attn_mask
  std::optional<double> scale = {};  // 1 / sqrt(e) unless given
  bool enable_gqa =
      false;  // dimension -3 of query, the heads, may be a multiple of that of key and of value, whose heads then serve several in a row
  std::optional<Generator> generator = {};
  template <class O = ScaledDotProductAttentionOptions>
  static constexpr auto members() {
    return Members{member("attn_mask", &O::attn_mask), member("dropout_p", &O::dropout_p),   member("is_causal", &O::is_causal),
                   member("scale", &O::scale),         member("enable_gqa", &O::enable_gqa), member("generator", &O::generator)};
  }
};
namespace with_options {
Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value, ScaledDotProductAttentionOptions options);
}
/// query [.., l, e], key [.., s, e], value [.., s, ev] -> [.., l, ev]; leading sizes broadcast. A row that sees no key gives zeros, and gradients of zeros.
/// Needs memory in proportion to l and to s, not to l * s, forward and backward.
/// Throws Error for sizes and dtypes that do not fit, and for dropout_p outside [0, 1).
template <class AttnMask = ScaledDotProductAttentionOptions>
Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value, AttnMask attn_mask = {}, double dropout_p = 0,
                                    bool is_causal = false, std::optional<double> scale = {}, bool enable_gqa = false,
                                    const std::optional<Generator>& generator = {}) {
  return with_options::scaled_dot_product_attention(
      query, key, value, by_position<ScaledDotProductAttentionOptions>(std::move(attn_mask), dropout_p, is_causal, scale, enable_gqa, generator));
}

/// The parameters of attention with several heads, for queries of e features.
struct MultiHeadAttentionWeights {
  Tensor in_proj_weight = {};                                         // [3 e, e]: those of query, key and value; undefined: the next three
  Tensor q_proj_weight = {}, k_proj_weight = {}, v_proj_weight = {};  // [e, e], [e, features of key], [e, features of value]
  OptionalTensor in_proj_bias = {};                                   // [3 e]
  OptionalTensor bias_k = {}, bias_v = {};                            // [1, 1, e]: one more key and value, the same for all samples
  Tensor out_proj_weight = {};                                        // [e, e]
  OptionalTensor out_proj_bias = {};                                  // [e]
};
struct MultiHeadAttentionOptions {
  OptionalTensor key_padding_mask = {};         // [n, s] (or [s]): true at keys that nobody sees, or numbers to be added
  OptionalTensor attn_mask = {};                // [l, s] or [n * heads, l, s]: true where a query does not see a key, or numbers to be added
  OptionalTensor static_k = {}, static_v = {};  // [n * heads, s, e / heads], in place of what the projections give
  bool add_zero_attn = false;                   // one more key and value, of zeros
  double dropout_p = 0;                         // of the weights, in training
  bool training = true;
  bool need_weights = true;
  bool average_attn_weights = true;  // over the heads
  bool is_causal = false;            // query i sees the keys 0 .. i; with an attn_mask, this says only that it is such a mask
};
/// Attention with `num_heads` heads: query [l, n, e], key [s, n, ..], value [s, n, ..], or all without n -> the result [l, n, e], and the weights [n, l, s] (each head's: [n, heads, l, s])
/// or an undefined tensor. Unlike in scaled_dot_product_attention, true in a mask hides. Throws Error for sizes and dtypes that do not fit.
std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& query, const Tensor& key, const Tensor& value, int64_t num_heads,
                                                        const MultiHeadAttentionWeights& weights, const MultiHeadAttentionOptions& options = {});

}  // namespace lazuli
