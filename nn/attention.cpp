#include "lazuli/nn/attention.h"

#include "lazuli/nn/module/factory.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/network/attention.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli::nn {

namespace {
Tensor fresh(const MultiheadAttentionOptions& o, bool wanted, const Shape& sizes) {
  return detail::Factory("MultiheadAttention", o).empty(wanted, sizes);
}
bool one_width(int64_t embed_dim, const MultiheadAttentionOptions& o) {
  return o.kdim.value_or(embed_dim) == embed_dim && o.vdim.value_or(embed_dim) == embed_dim;
}
int64_t divisor(int64_t embed_dim, int64_t num_heads) {
  if (embed_dim < 1) fail("MultiheadAttention", "embed_dim", "a positive number", written(embed_dim));
  if (num_heads < 1 || embed_dim % num_heads)
    fail("MultiheadAttention", "num_heads", "a divisor of embed_dim " + written(embed_dim), written(num_heads));
  return num_heads;
}
}  // namespace

MultiheadAttention::MultiheadAttention(int64_t embed, int64_t heads, const MultiheadAttentionOptions& o)
    : embed_dim(embed),
      num_heads(divisor(embed, heads)),
      options(detail::checked("MultiheadAttention", o)),
      in_proj_weight(this, "in_proj_weight", fresh(o, one_width(embed, o), {3 * embed, embed})),
      q_proj_weight(this, "q_proj_weight", fresh(o, !one_width(embed, o), {embed, embed})),
      k_proj_weight(this, "k_proj_weight", fresh(o, !one_width(embed, o), {embed, o.kdim.value_or(embed)})),
      v_proj_weight(this, "v_proj_weight", fresh(o, !one_width(embed, o), {embed, o.vdim.value_or(embed)})),
      in_proj_bias(this, "in_proj_bias", fresh(o, o.bias, {3 * embed})),
      out_proj(this, "out_proj", embed, embed, detail::as_whole(o, LinearOptions{.bias = o.bias})),
      bias_k(this, "bias_k", fresh(o, o.add_bias_kv, {1, 1, embed})),
      bias_v(this, "bias_v", fresh(o, o.add_bias_kv, {1, 1, embed})) {
  reset_parameters();
}

void MultiheadAttention::reset_parameters() {
  for (const Parameter* weight : {&in_proj_weight, &q_proj_weight, &k_proj_weight, &v_proj_weight})
    if (weight->defined()) init::xavier_uniform_(*weight, 1, InitStream().generator());
  if (in_proj_bias.defined()) init::zeros_(in_proj_bias);
  if (out_proj->bias.defined()) init::zeros_(out_proj->bias);
  for (const Parameter* bias : {&bias_k, &bias_v})
    if (bias->defined()) init::xavier_normal_(*bias, 1, InitStream().generator());
}

std::tuple<Tensor, Tensor> MultiheadAttention::forward(const Tensor& given_query, const Tensor& given_key, const Tensor& given_value,
                                                       const MultiheadAttnOptions& o) {
  Tensor query = given_query, key = given_key, value = given_value;
  const bool turn = options.batch_first && query.defined() && query.dim() == 3;
  if (turn) {
    auto turned = [](const Tensor& t) { return t.defined() && t.dim() == 3 ? t.transpose(0, 1) : t; };
    query = turned(given_query);
    key = given_key.is_same(given_query) ? query : turned(given_key);  // so that one product serves what is the same
    value = given_value.is_same(given_key) ? key : turned(given_value);
  }
  auto [out, weights] = multi_head_attention_forward(query, key, value, num_heads,
                                                     {.in_proj_weight = in_proj_weight,
                                                      .q_proj_weight = q_proj_weight,
                                                      .k_proj_weight = k_proj_weight,
                                                      .v_proj_weight = v_proj_weight,
                                                      .in_proj_bias = given(in_proj_bias),
                                                      .bias_k = given(bias_k),
                                                      .bias_v = given(bias_v),
                                                      .out_proj_weight = out_proj->weight,
                                                      .out_proj_bias = given(out_proj->bias)},
                                                     {.key_padding_mask = o.key_padding_mask,
                                                      .attn_mask = o.attn_mask,
                                                      .static_k = {},
                                                      .static_v = {},
                                                      .add_zero_attn = options.add_zero_attn,
                                                      .dropout_p = options.dropout,
                                                      .training = is_training(),
                                                      .need_weights = o.need_weights,
                                                      .average_attn_weights = o.average_attn_weights,
                                                      .is_causal = o.is_causal});
  return {turn ? out.transpose(0, 1) : out, weights};
}

void list_attention(ModuleTable& table) { table.add<MultiheadAttention>(); }

}  // namespace lazuli::nn
