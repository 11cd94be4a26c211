#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/optional_tensor.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/network/attention.h"
#include "lazuli/ops/network/attention_support.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/shape/split.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

constexpr const char* kName = "multi_head_attention_forward";
using Weights = MultiHeadAttentionWeights;
using Options = MultiHeadAttentionOptions;

std::string sizes_of(const Tensor& t) { return "sizes " + to_string(t.sizes()); }

/// linear of [l, n, e], in `count` parts. The rows are gone through as they lie: what is a transposed [n, l, e] is not copied, nor is its gradient.
std::vector<Tensor> projections(const Tensor& x, int64_t count, const Tensor& weight, const OptionalTensor& bias) {
  const bool turn = !x.is_contiguous() && x.transpose(0, 1).is_contiguous();
  const Tensor all = linear(turn ? x.transpose(0, 1) : x, weight, bias);
  std::vector<Tensor> parts = count == 1 ? std::vector{all} : chunk(all, count, -1);  // whose gradients are joined, not added up
  if (turn)
    for (Tensor& part : parts) part = part.transpose(0, 1);
  return parts;
}
Tensor projection(const Tensor& x, const Tensor& weight, const OptionalTensor& bias) { return projections(x, 1, weight, bias)[0]; }

/// Query [l, n, e], key and value [s, n, ..], with what their projections make of them: [l, n, e] and [s, n, e].
struct Projected {
  Tensor query, key, value;
};
Projected project(const Tensor& query, const Tensor& key, const Tensor& value, const Weights& w) {
  const int64_t e = query.size(-1);
  auto bias = [&](int64_t i, int64_t count = 1) { return w.in_proj_bias ? OptionalTensor(w.in_proj_bias->narrow(0, i * e, count * e)) : none; };
  if (!w.in_proj_weight.defined())
    return {projection(query, w.q_proj_weight, bias(0)), projection(key, w.k_proj_weight, bias(1)), projection(value, w.v_proj_weight, bias(2))};
  // As few products as there are different inputs.
  auto weight = [&](int64_t i, int64_t count = 1) { return w.in_proj_weight.narrow(0, i * e, count * e); };
  if (key.is_same(value) && query.is_same(key)) {
    const std::vector<Tensor> all = projections(query, 3, w.in_proj_weight, w.in_proj_bias);
    return {all[0], all[1], all[2]};
  }
  if (key.is_same(value)) {
    const std::vector<Tensor> both = projections(key, 2, weight(1, 2), bias(1, 2));
    return {projection(query, weight(0), bias(0)), both[0], both[1]};
  }
  return {projection(query, weight(0), bias(0)), projection(key, weight(1), bias(1)), projection(value, weight(2), bias(2))};
}

void check_mask(const char* argument, const Tensor& mask) {
  if (mask.dtype() != kBool && !mask.is_floating_point()) fail(ErrorKind::Type, kName, argument, "a bool or floating point mask", name(mask.dtype()));
}

/// What hides keys as one mask [n or 1, heads or 1, l or 1, s], of numbers or, hidden being false, bool; none where nothing hides. Keys after the inputs' own are seen by all.
OptionalTensor merged_mask(const Options& o, bool causal, int64_t n, int64_t heads, int64_t l, int64_t s, int64_t more, const Tensor& like) {
  std::vector<Tensor> masks;
  if (o.key_padding_mask) {
    Tensor mask = *o.key_padding_mask;
    check_mask("key_padding_mask", mask);
    if (mask.dim() == 1) mask = mask.unsqueeze(0);
    if (!(mask.sizes() == Shape{n, s})) fail(kName, "key_padding_mask", "sizes " + to_string(Shape{n, s}), sizes_of(*o.key_padding_mask));
    masks.push_back(mask.view({n, 1, 1, s}));
  }
  if (o.attn_mask) {
    const Tensor& mask = *o.attn_mask;
    check_mask("attn_mask", mask);
    if (mask.sizes() == Shape{l, s}) masks.push_back(mask.unsqueeze(0).unsqueeze(0));
    else if (mask.sizes() == Shape{n * heads, l, s}) masks.push_back(mask.reshape({n, heads, l, s}));
    else fail(kName, "attn_mask", "sizes " + to_string(Shape{l, s}) + " or " + to_string(Shape{n * heads, l, s}), sizes_of(mask));
  } else if (causal) {
    masks.push_back(logical_not(attention::causal_mask(l, s, like.device())).unsqueeze(0).unsqueeze(0));
  }
  if (masks.empty()) return none;
  bool numbers = false;
  for (const Tensor& m : masks) numbers |= m.dtype() != kBool;
  Tensor merged;
  for (Tensor m : masks) {
    if (numbers)
      m = m.dtype() == kBool ? masked_fill(zeros(m.sizes(), {.dtype = like.dtype(), .device = like.device()}), m, Scalar(-INFINITY))
                             : to(m, like.dtype());
    if (!merged.defined()) merged = m;
    else merged = numbers ? merged + m : logical_or(merged, m);
  }
  if (more) {
    Shape sizes = merged.sizes();
    sizes[3] = more;
    merged = cat({merged, zeros(sizes, {.dtype = merged.dtype(), .device = merged.device()})}, 3);
  }
  return numbers ? merged : logical_not(merged);
}

Tensor given_heads(const char* argument, const Tensor& t, int64_t n, int64_t heads, int64_t width) {
  need_defined(kName, t, argument);
  if (t.dim() != 3 || t.size(0) != n * heads || t.size(2) != width)
    fail(kName, argument, "sizes [" + std::to_string(n * heads) + ", s, " + std::to_string(width) + "]", sizes_of(t));
  return t.reshape({n, heads, t.size(1), width});
}

void check(const Tensor& query, const Tensor& key, const Tensor& value, int64_t heads, const Weights& w) {
  std::pair<const Tensor*, const char*> inputs[] = {{&query, "query"}, {&key, "key"}, {&value, "value"}};
  for (auto [t, argument] : inputs) {
    need_floating_point(kName, *t, argument);
    if (t->dim() != query.dim() || (t->dim() != 2 && t->dim() != 3))
      fail(kName, argument, "2 or 3 dimensions, as many as the query has", sizes_of(*t));
  }
  if (heads < 1 || query.size(-1) % heads)
    fail(kName, "num_heads", "a divisor of the query's " + std::to_string(query.size(-1)) + " features", std::to_string(heads));
  if (value.size(0) != key.size(0)) fail(kName, "value", "as many values as keys, " + std::to_string(key.size(0)), sizes_of(value));
  if (query.dim() == 3)
    for (auto [t, argument] : {std::pair{&key, "key"}, std::pair{&value, "value"}})
      if (t->size(1) != query.size(1)) fail(kName, argument, "the query's " + std::to_string(query.size(1)) + " samples", sizes_of(*t));
  need_defined(kName, w.out_proj_weight, "out_proj_weight");
  const int64_t e = query.size(-1);
  if (w.in_proj_weight.defined()) {
    if (!(w.in_proj_weight.sizes() == Shape{3 * e, e}))
      fail(kName, "in_proj_weight", "sizes " + to_string(Shape{3 * e, e}), sizes_of(w.in_proj_weight));
  } else {
    need_defined(kName, w.q_proj_weight, "q_proj_weight");
    need_defined(kName, w.k_proj_weight, "k_proj_weight");
    need_defined(kName, w.v_proj_weight, "v_proj_weight");
  }
  if (w.in_proj_bias && !(w.in_proj_bias->sizes() == Shape{3 * e}))
    fail(kName, "in_proj_bias", "sizes " + to_string(Shape{3 * e}), sizes_of(*w.in_proj_bias));
  if (w.bias_k.has_value() != w.bias_v.has_value())
    fail(kName, w.bias_k ? "bias_v" : "bias_k", "both of bias_k and bias_v, or neither", "one of them");
}

}  // namespace

std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& given_query, const Tensor& given_key, const Tensor& given_value, int64_t heads,
                                                        const MultiHeadAttentionWeights& weights_given,
                                                        const MultiHeadAttentionOptions& options_given) {
  MultiHeadAttentionWeights w = weights_given;
  MultiHeadAttentionOptions o = options_given;
  undefined_is_none(w.in_proj_bias, w.bias_k, w.bias_v, w.out_proj_bias, o.key_padding_mask, o.attn_mask, o.static_k, o.static_v);
  check(given_query, given_key, given_value, heads, w);
  attention::check_dropout(kName, o.dropout_p);
  const bool batched = given_query.dim() == 3;
  Tensor query = given_query, key = given_key, value = given_value;
  if (!batched) {
    query = query.unsqueeze(1);
    key = given_key.is_same(given_query) ? query : key.unsqueeze(1);
    value = given_value.is_same(given_key) ? key : value.unsqueeze(1);
  }
  const int64_t l = query.size(0), n = query.size(1), e = query.size(2), width = e / heads;

  auto [q, k, v] = project(query, key, value, w);
  int64_t s = key.size(0), more = 0;
  if (w.bias_k) {
    if (o.static_k || o.static_v) fail(kName, "static_k", "none with bias_k", "one");
    k = cat({k, w.bias_k->expand({1, n, e})}, 0);
    v = cat({v, w.bias_v->expand({1, n, e})}, 0);
    ++more;
  }
  auto by_head = [&](const Tensor& t) { return t.reshape({t.size(0), n, heads, width}).permute({1, 2, 0, 3}); };  // [n, heads, .., width]
  q = by_head(q);
  k = o.static_k ? given_heads("static_k", *o.static_k, n, heads, width) : by_head(k);
  v = o.static_v ? given_heads("static_v", *o.static_v, n, heads, width) : by_head(v);
  if (o.static_k) s = k.size(2);
  if (v.size(2) != k.size(2)) fail(kName, "static_v", "as many values as keys, " + std::to_string(k.size(2)), sizes_of(v));
  if (o.add_zero_attn) {
    Tensor nothing = zeros({n, heads, 1, width}, {.dtype = k.dtype(), .device = k.device()});
    k = cat({k, nothing}, 2);
    v = cat({v, nothing}, 2);
    ++more;
  }

  const bool plain_causal = o.is_causal && !o.attn_mask && !o.key_padding_mask && !o.need_weights && !more;
  OptionalTensor mask = merged_mask(o, o.is_causal && !plain_causal, n, heads, l, s, more, q);
  const double dropout_p = o.training ? o.dropout_p : 0;
  Tensor out, weights;
  if (o.need_weights) {
    attention::Composite whole = attention::composite(q, k, v, mask, width ? 1 / std::sqrt(double(width)) : 1, dropout_p);
    out = whole.out;
    weights = o.average_attn_weights ? mean(whole.weights, 1) : whole.weights;
    if (!batched) weights = weights.squeeze(Shape{0});
  } else {
    out = scaled_dot_product_attention(q, k, v, mask, dropout_p, plain_causal);
  }
  out = projection(out.permute({2, 0, 1, 3}).reshape({l, n, e}), w.out_proj_weight, w.out_proj_bias);
  return {batched ? out : out.squeeze(Shape{1}), weights};
}

void register_multi_head_attention(OpTable& table) {
  table.add(
      "multi_head_attention_forward(Tensor query, Tensor key, Tensor value, int embed_dim_to_check, int num_heads, Tensor? in_proj_weight, Tensor? "
      "in_proj_bias, Tensor? bias_k, Tensor? bias_v, bool add_zero_attn, float dropout_p, Tensor out_proj_weight, Tensor? out_proj_bias, bool "
      "training=True, Tensor? key_padding_mask=None, bool need_weights=True, Tensor? attn_mask=None, bool use_separate_proj_weight=False, Tensor? "
      "q_proj_weight=None, Tensor? k_proj_weight=None, Tensor? v_proj_weight=None, Tensor? static_k=None, Tensor? static_v=None, bool "
      "average_attn_weights=True, bool is_causal=False) -> (Tensor, Tensor)",
      +[](const Tensor& query, const Tensor& key, const Tensor& value, int64_t embed_dim, int64_t num_heads, const OptionalTensor& in_proj_weight,
          const OptionalTensor& in_proj_bias, const OptionalTensor& bias_k, const OptionalTensor& bias_v, bool add_zero_attn, double dropout_p,
          const Tensor& out_proj_weight, const OptionalTensor& out_proj_bias, bool training, const OptionalTensor& key_padding_mask,
          bool need_weights, const OptionalTensor& attn_mask, bool separate, const OptionalTensor& q, const OptionalTensor& k,
          const OptionalTensor& v, const OptionalTensor& static_k, const OptionalTensor& static_v, bool average_attn_weights, bool is_causal) {
        need_defined(kName, query, "query", key, "key", value, "value", out_proj_weight, "out_proj_weight");
        if (query.dim() == 0 || query.size(-1) != embed_dim)
          fail(kName, "query", std::to_string(embed_dim) + " features, as embed_dim_to_check says", sizes_of(query));
        auto in = [](bool used, const OptionalTensor& t) { return used && t ? *t : Tensor(); };
        return multi_head_attention_forward(query, key, value, num_heads,
                                            {.in_proj_weight = in(!separate, in_proj_weight),
                                             .q_proj_weight = in(separate, q),
                                             .k_proj_weight = in(separate, k),
                                             .v_proj_weight = in(separate, v),
                                             .in_proj_bias = in_proj_bias,
                                             .bias_k = bias_k,
                                             .bias_v = bias_v,
                                             .out_proj_weight = out_proj_weight,
                                             .out_proj_bias = out_proj_bias},
                                            {.key_padding_mask = key_padding_mask,
                                             .attn_mask = attn_mask,
                                             .static_k = static_k,
                                             .static_v = static_v,
                                             .add_zero_attn = add_zero_attn,
                                             .dropout_p = dropout_p,
                                             .training = training,
                                             .need_weights = need_weights,
                                             .average_attn_weights = average_attn_weights,
                                             .is_causal = is_causal});
      });
}

}  // namespace lazuli
