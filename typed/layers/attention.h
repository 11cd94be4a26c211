#pragma once
#include "lazuli/nn/attention.h"
#include "lazuli/nn/transformer.h"
#include "lazuli/typed/layer.h"
#include "lazuli/typed/rules/network.h"

/// Attention over typed tokens: [length, features], [length, batch, features], or [batch, length, features] with `batch_first`.
namespace lazuli::typed {

namespace rules {
/// The query's shape, for a key and a value of one length.
constexpr Ruling attended(Writer& say, const Extents& query, const Extents& key, const Extents& value, int64_t features) {
  for (const Extents* each : {&query, &key, &value})
    if (const Ruling fits = tokens(say, *each, features); fits.mistake != Mistake::none) return fits;
  const Ruling fits = alike(say, key, value);
  if (fits.mistake != Mistake::none) return fits;
  if (query.rank != key.rank) return alike(say, query, key);
  return query;
}
}  // namespace rules

/// The result of attention, and its weights (undefined unless asked for).
template <int64_t features, int64_t heads>
class MultiheadAttention : public nn::MultiheadAttention {
  static constexpr bool divided = features % heads == 0;  // by name: a compiler says less about it
  static_assert(divided, "MultiheadAttention: features are a multiple of heads");

 public:
  explicit MultiheadAttention(const nn::MultiheadAttentionOptions& options = {}) : nn::MultiheadAttention(features, heads, options) {}
  MultiheadAttention remade() const { return MultiheadAttention(options); }
  std::string class_name() const override { return "MultiheadAttention"; }

  template <AnyTyped Q, AnyTyped K, AnyTyped V>
  using Output = Result<"MultiheadAttention",
                        FirstRefusal<SameDType<ElementOfTensor<Q>, ElementOfTensor<K>>, SameDType<ElementOfTensor<K>, ElementOfTensor<V>>,
                                     OneDevice<WhereOf<Q>, WhereOf<K>>,
                                     Ruled<&rules::attended, ShapeOfTensor<Q>, ShapeOfTensor<K>, ShapeOfTensor<V>, Number<features>>>,
                        ElementOfTensor<Q>, Together<WhereOf<Q>, TogetherOf<K, V>>>;
  using nn::MultiheadAttention::forward;
  template <AnyTyped Q, AnyTyped K, AnyTyped V, class Out = Output<Q, K, V>>
  requires(Out::fine) auto forward(const Q& query, const K& key, const V& value, const nn::MultiheadAttnOptions& o = {})
      -> std::tuple<decltype(Out::make()), Tensor> {
    auto [output, weights] = nn::MultiheadAttention::forward(query.untyped(), key.untyped(), value.untyped(), o);
    return {{Unchecked(), std::move(output)}, std::move(weights)};
  }
  template <AnyTyped Q, AnyTyped K, AnyTyped V, class Out = Output<Q, K, V>>
  requires(!Out::fine) auto forward(const Q&, const K&, const V&, const nn::MultiheadAttnOptions& = {}) -> decltype(Out::make());
  template <AnyTyped Q, AnyTyped K, AnyTyped V, class Out = Output<Q, K, V>>
  requires(Out::fine) auto operator()(const Q& query, const K& key, const V& value, const nn::MultiheadAttnOptions& o = {}) {
    return nn::call(*this, query, key, value, o);
  }
  template <AnyTyped Q, AnyTyped K, AnyTyped V, class Out = Output<Q, K, V>>
  requires(!Out::fine) auto operator()(const Q&, const K&, const V&, const nn::MultiheadAttnOptions& = {}) -> decltype(Out::make());
  template <class... A>
  requires(sizeof...(A) < 3 || sizeof...(A) > 4) auto operator()(A&&...)
      -> decltype(Refused<"MultiheadAttention", "(query, key, value, options = {})", Given<>, A...>::make());
};

/// Of `features` and `heads`; the feed-forward layer's width, batch_first and the like are options.
template <int64_t features, int64_t heads>
class TransformerEncoderLayer : public nn::TransformerEncoderLayer {
  static_assert(features % heads == 0, "TransformerEncoderLayer: features are a multiple of heads");

 public:
  explicit TransformerEncoderLayer(const nn::TransformerEncoderLayerOptions& options = {}) : nn::TransformerEncoderLayer(features, heads, options) {}
  TransformerEncoderLayer remade() const { return TransformerEncoderLayer(options); }
  std::string class_name() const override { return "TransformerEncoderLayer"; }

  template <AnyTyped X>
  using Output = Floating<"TransformerEncoderLayer", &rules::tokens, X, Number<features>>;
  using nn::TransformerEncoderLayer::forward;
  template <AnyTyped X, class Out = Output<X>>
  requires(Out::fine) auto forward(const X& input, const nn::TransformerEncoderLayerEncodeOptions& o = {}) -> decltype(Out::make()) {
    return {Unchecked(), nn::TransformerEncoderLayer::forward(input.untyped(), o)};
  }
  template <AnyTyped X, class Out = Output<X>>
  requires(!Out::fine) auto forward(const X&, const nn::TransformerEncoderLayerEncodeOptions& = {}) -> decltype(Out::make());
  template <AnyTyped X, class Out = Output<X>>
  requires(Out::fine) auto operator()(const X& input, const nn::TransformerEncoderLayerEncodeOptions& o = {}) -> decltype(Out::make()) {
    return nn::call(*this, input, o);
  }
  template <AnyTyped X, class Out = Output<X>>
  requires(!Out::fine) auto operator()(const X&, const nn::TransformerEncoderLayerEncodeOptions& = {}) -> decltype(Out::make());
  Tensor operator()(const Tensor& input, const nn::TransformerEncoderLayerEncodeOptions& o = {}) { return nn::call(*this, input, o); }
};

}  // namespace lazuli::typed
