#include "lazuli/nn/decoding.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/nn/transformer.h"
#include "lazuli/ops/network/attention_support.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn {

namespace {

// `kept` [n, heads, room, width] with `more` written behind the first `length` positions, in new memory where the room is used up.
Tensor with(const Tensor& kept, int64_t length, const Tensor& more, const char* argument) {
  const int64_t wanted = length + more.size(2);
  Tensor all = kept;
  if (kept.defined()) {
    Shape sizes = kept.sizes();
    sizes[2] = more.size(2);
    if (!(sizes == more.sizes())) fail("KeyValueCache", argument, "sizes " + to_string(sizes), to_string(more.sizes()));
  }
  if (!kept.defined() || kept.size(2) < wanted) {
    constexpr int64_t kLeast = 16;
    Shape sizes = more.sizes();
    sizes[2] = std::max({kLeast, wanted, 2 * (kept.defined() ? kept.size(2) : 0)});
    all = empty(sizes, more.options());
    if (length) all.narrow(2, 0, length).copy_(kept.narrow(2, 0, length));
  }
  all.narrow(2, length, more.size(2)).copy_(more);
  return all;
}

// [n, t, e] as [n, heads, t, e / heads], and back.
Tensor by_head(const Tensor& x, int64_t heads) { return x.view({x.size(0), x.size(1), heads, x.size(2) / heads}).transpose(1, 2); }
Tensor joined(const Tensor& x) { return x.transpose(1, 2).flatten(2); }

Tensor looked_back(MultiheadAttention& attention, const Tensor& x, KeyValueCache& seen) {
  const int64_t heads = attention.num_heads, t = x.size(1);
  const std::vector<Tensor> qkv = chunk(linear(x, attention.in_proj_weight, given(attention.in_proj_bias)), 3, -1);
  const auto [key, value] = seen.append(by_head(qkv[1], heads), by_head(qkv[2], heads));
  const OptionalTensor mask = t == 1 ? none : OptionalTensor(attention::causal_mask(t, seen.length(), x.device(), seen.length() - t));
  return attention.out_proj(joined(scaled_dot_product_attention(by_head(qkv[0], heads), key, value, mask)));
}

Tensor looked_over(MultiheadAttention& attention, const Tensor& x, const Tensor& memory, KeyValueCache& seen, const OptionalTensor& padding) {
  const int64_t heads = attention.num_heads, e = attention.embed_dim;
  auto projected = [&](const Tensor& from, int64_t first, int64_t count) {
    const Tensor& bias = attention.in_proj_bias;
    return linear(from, attention.in_proj_weight.narrow(0, first * e, count * e),
                  bias.defined() ? OptionalTensor(bias.narrow(0, first * e, count * e)) : none);
  };
  if (seen.length() == 0) {
    const std::vector<Tensor> kv = chunk(projected(memory, 1, 2), 2, -1);
    seen.append(by_head(kv[0], heads), by_head(kv[1], heads));
  }
  const auto [key, value] = seen.all();
  OptionalTensor mask;
  if (padding && padding->defined())
    mask = (padding->dtype() == kBool ? logical_not(*padding) : padding->to(x.dtype())).view({-1, 1, 1, key.size(2)});
  return attention.out_proj(joined(scaled_dot_product_attention(by_head(projected(x, 0, 1), heads), key, value, mask)));
}

}  // namespace

std::pair<Tensor, Tensor> KeyValueCache::append(const Tensor& key, const Tensor& value) {
  for (const auto& [t, argument] : {std::pair{&key, "key"}, std::pair{&value, "value"}}) {
    if (t->dim() != 4) fail("KeyValueCache", argument, "4 dimensions [n, heads, t, e]", to_string(t->sizes()));
    if (t->requires_grad())
      fail(ErrorKind::State, "KeyValueCache", argument, "a tensor without gradient: decode in no_grad or inference mode", "one that requires grad");
  }
  if (key.size(2) != value.size(2))
    fail("KeyValueCache", "value", "as many positions as keys, " + std::to_string(key.size(2)), std::to_string(value.size(2)));
  Tensor keys = with(key_, length_, key, "key");
  value_ = with(value_, length_, value, "value");
  key_ = std::move(keys);
  length_ += key.size(2);
  return all();
}
std::pair<Tensor, Tensor> KeyValueCache::all() const {
  if (!key_.defined()) return {};
  return {key_.narrow(2, 0, length_), value_.narrow(2, 0, length_)};
}
void KeyValueCache::select(const Tensor& samples) {
  if (!key_.defined()) return;
  const auto [key, value] = all();
  key_ = index_select(key, 0, samples);
  value_ = index_select(value, 0, samples);
}

int64_t DecoderCache::length() const { return layers.empty() ? 0 : layers[0].self.length(); }
void DecoderCache::select(const Tensor& samples) {
  for (Layer& layer : layers) layer.self.select(samples), layer.memory.select(samples);
}
void DecoderCache::clear() { layers.clear(); }

Tensor TransformerDecoderLayer::decode_next(const Tensor& tgt, const Tensor& memory, DecoderCache::Layer& cache, const OptionalTensor& padding) {
  const auto look_back = [&](const Tensor& x) { return looked_back(*self_attn, x, cache.self); };
  const auto look_over = [&](const Tensor& x) { return looked_over(*multihead_attn, x, memory, cache.memory, padding); };
  Tensor x = tgt;
  if (options.norm_first) {
    x = x + look_back(norm1(x));
    x = x + look_over(norm2(x));
    return x + feed_forward(norm3(x));
  }
  x = norm1(x + look_back(x));
  x = norm2(x + look_over(x));
  return norm3(x + feed_forward(x));
}

Tensor TransformerDecoder::decode_next(const Tensor& tgt, const Tensor& memory, DecoderCache& cache, const OptionalTensor& memory_key_padding_mask) {
  const char* op = "TransformerDecoder.decode_next";
  if (is_training()) fail(ErrorKind::State, op, "", "a decoder in eval mode", "one in training mode");
  const auto& first = static_cast<TransformerDecoderLayer&>((*layers)[0]);
  for (const auto& [t, argument] : {std::pair{&tgt, "tgt"}, std::pair{&memory, "memory"}})
    if (!t->defined() || (t->dim() != 3 && t->dim() != 2) || t->size(-1) != first.d_model || t->dim() != tgt.dim())
      fail(op, argument, "2 or 3 dimensions, the last of " + std::to_string(first.d_model),
           t->defined() ? to_string(t->sizes()) : "an undefined tensor");
  // Inside, samples come first.
  const bool single = tgt.dim() == 2, turn = !single && !first.options.batch_first;
  const auto in = [&](const Tensor& t) { return single ? t.unsqueeze(0) : turn ? t.transpose(0, 1) : t; };
  Tensor x = in(tgt);
  const Tensor seen = in(memory);
  if (x.size(0) != seen.size(0)) fail(op, "memory", std::to_string(x.size(0)) + " samples, as tgt has", std::to_string(seen.size(0)));
  if (cache.layers.empty()) cache.layers.resize(layers->size());
  if (cache.layers.size() != layers->size())
    fail(op, "cache", "one of a decoder of " + std::to_string(layers->size()) + " layers", std::to_string(cache.layers.size()));
  size_t i = 0;
  for (Module& layer : *layers) x = static_cast<TransformerDecoderLayer&>(layer).decode_next(x, seen, cache.layers[i++], memory_key_padding_mask);
  for (auto& [name, module] : named_children())
    if (name == "norm") x = (*module)(x);
  return single ? x.squeeze(Shape{0}) : turn ? x.transpose(0, 1) : x;
}

Tensor Transformer::decode_next(const Tensor& tgt, const Tensor& memory, DecoderCache& cache, const OptionalTensor& memory_key_padding_mask) {
  return decoder->decode_next(tgt, memory, cache, memory_key_padding_mask);
}

}  // namespace lazuli::nn
