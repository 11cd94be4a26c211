#include "lazuli/nn/transformer.h"

#include <cmath>

#include "lazuli/autograd/checkpoint.h"
#include "lazuli/nn/module/factory.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/network/attention_support.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn {

namespace {

Tensor activated(TransformerActivation activation, const Tensor& x) { return activation == TransformerActivation::Gelu ? gelu(x) : relu(x); }
MultiheadAttentionOptions attention_options(const TransformerEncoderLayerOptions& o) {
  return {.dropout = o.dropout, .bias = o.bias, .batch_first = o.batch_first, .device = o.device, .dtype = o.dtype};
}
LinearOptions linear_options(const TransformerEncoderLayerOptions& o) { return {.bias = o.bias, .device = o.device, .dtype = o.dtype}; }
LayerNormOptions norm_options(const TransformerEncoderLayerOptions& o) {
  return {.eps = o.layer_norm_eps, .bias = o.bias, .device = o.device, .dtype = o.dtype};
}
MultiheadAttnOptions attn_options(const OptionalTensor& mask, const OptionalTensor& padding, bool is_causal) {
  return {.key_padding_mask = padding, .need_weights = false, .attn_mask = mask, .average_attn_weights = true, .is_causal = is_causal};
}
const TransformerEncoderLayerOptions& checked(const char* module, const TransformerEncoderLayerOptions& o) { return detail::checked(module, o); }

}  // namespace

TransformerEncoderLayer::TransformerEncoderLayer(int64_t model, int64_t heads, const TransformerEncoderLayerOptions& o)
    : d_model(model),
      nhead(heads),
      options(checked("TransformerEncoderLayer", o)),
      self_attn(this, "self_attn", d_model, nhead, attention_options(o)),
      linear1(this, "linear1", d_model, o.dim_feedforward, linear_options(o)),
      dropout(this, "dropout", o.dropout),
      linear2(this, "linear2", o.dim_feedforward, d_model, linear_options(o)),
      norm1(this, "norm1", Shape{d_model}, norm_options(o)),
      norm2(this, "norm2", Shape{d_model}, norm_options(o)),
      dropout1(this, "dropout1", o.dropout),
      dropout2(this, "dropout2", o.dropout) {}

Tensor TransformerEncoderLayer::attend(const Tensor& x, const TransformerEncoderLayerEncodeOptions& o) {
  return dropout1(std::get<0>(self_attn(x, x, x, attn_options(o.mask, o.src_key_padding_mask, o.is_causal))));
}
Tensor TransformerEncoderLayer::feed_forward(const Tensor& x) { return dropout2(linear2(dropout(activated(options.activation, linear1(x))))); }
Tensor TransformerEncoderLayer::forward(const Tensor& src, const TransformerEncoderLayerEncodeOptions& o) {
  Tensor x = src;
  if (options.norm_first) {
    x = x + attend(norm1(x), o);
    return x + feed_forward(norm2(x));
  }
  x = norm1(x + attend(x, o));
  return norm2(x + feed_forward(x));
}

TransformerDecoderLayer::TransformerDecoderLayer(int64_t model, int64_t heads, const TransformerDecoderLayerOptions& o)
    : d_model(model),
      nhead(heads),
      options(checked("TransformerDecoderLayer", o)),
      self_attn(this, "self_attn", d_model, nhead, attention_options(o)),
      multihead_attn(this, "multihead_attn", d_model, nhead, attention_options(o)),
      linear1(this, "linear1", d_model, o.dim_feedforward, linear_options(o)),
      dropout(this, "dropout", o.dropout),
      linear2(this, "linear2", o.dim_feedforward, d_model, linear_options(o)),
      norm1(this, "norm1", Shape{d_model}, norm_options(o)),
      norm2(this, "norm2", Shape{d_model}, norm_options(o)),
      norm3(this, "norm3", Shape{d_model}, norm_options(o)),
      dropout1(this, "dropout1", o.dropout),
      dropout2(this, "dropout2", o.dropout),
      dropout3(this, "dropout3", o.dropout) {}

Tensor TransformerDecoderLayer::attend(const Tensor& x, const TransformerDecoderLayerDecodeOptions& o) {
  return dropout1(std::get<0>(self_attn(x, x, x, attn_options(o.tgt_mask, o.tgt_key_padding_mask, o.tgt_is_causal))));
}
Tensor TransformerDecoderLayer::attend_to(const Tensor& x, const Tensor& memory, const TransformerDecoderLayerDecodeOptions& o) {
  return dropout2(std::get<0>(multihead_attn(x, memory, memory, attn_options(o.memory_mask, o.memory_key_padding_mask, o.memory_is_causal))));
}
Tensor TransformerDecoderLayer::feed_forward(const Tensor& x) { return dropout3(linear2(dropout(activated(options.activation, linear1(x))))); }
Tensor TransformerDecoderLayer::forward(const Tensor& tgt, const Tensor& memory, const TransformerDecoderLayerDecodeOptions& o) {
  Tensor x = tgt;
  if (options.norm_first) {
    x = x + attend(norm1(x), o);
    x = x + attend_to(norm2(x), memory, o);
    return x + feed_forward(norm3(x));
  }
  x = norm1(x + attend(x, o));
  x = norm2(x + attend_to(x, memory, o));
  return norm3(x + feed_forward(x));
}

namespace {
template <class Layer>
void add_clones(const char* module, const char* argument, const std::shared_ptr<Layer>& layer, int64_t num_layers, ModuleList& layers) {
  if (!layer) fail(module, argument, "a layer", "none");
  if (num_layers < 1) fail(module, "num_layers", "at least 1", written(num_layers));
  detail::know_class(*layer);
  for (int64_t i = 0; i < num_layers; ++i) layers.push_back_shared(layer->clone());
}
// The module that may stand after the last layer.
Tensor normed(const Module& stack, const Tensor& x) {
  for (auto& [name, module] : stack.named_children())
    if (name == "norm") return (*module)(x);
  return x;
}
}  // namespace

TransformerEncoder::TransformerEncoder(const std::shared_ptr<TransformerEncoderLayer>& layer, int64_t num_layers, const TransformerEncoderOptions& o)
    : TransformerEncoder() {
  add_clones("TransformerEncoder", "encoder_layer", layer, num_layers, *layers);
  if (o.norm) add_module("norm", o.norm);
}
Tensor TransformerEncoder::forward(const Tensor& src, const TransformerEncoderEncodeOptions& o) {
  Tensor x = src;
  for (Module& module : *layers) {
    auto& layer = static_cast<TransformerEncoderLayer&>(module);
    if (autograd::has_memory_budget()) x = autograd::checkpoint([&layer, o](const Tensor& t) { return layer(t, o); }, x);
    else x = layer(x, o);
  }
  return normed(*this, x);
}

TransformerDecoder::TransformerDecoder(const std::shared_ptr<TransformerDecoderLayer>& layer, int64_t num_layers, const TransformerDecoderOptions& o)
    : TransformerDecoder() {
  add_clones("TransformerDecoder", "decoder_layer", layer, num_layers, *layers);
  if (o.norm) add_module("norm", o.norm);
}
Tensor TransformerDecoder::forward(const Tensor& tgt, const Tensor& memory, const TransformerDecoderDecodeOptions& o) {
  Tensor x = tgt;
  for (Module& module : *layers) {
    auto& layer = static_cast<TransformerDecoderLayer&>(module);
    if (autograd::has_memory_budget()) x = autograd::checkpoint([&layer, o](const Tensor& t, const Tensor& m) { return layer(t, m, o); }, x, memory);
    else x = layer(x, memory, o);
  }
  return normed(*this, x);
}

Transformer::Transformer(const TransformerOptions& o)
    : options(detail::checked("Transformer", o)),
      encoder(this, "encoder", TransformerEncoderLayer(o.d_model, o.nhead, o.layer()), o.num_encoder_layers,
              TransformerEncoderOptions{.norm = std::make_shared<LayerNorm>(Shape{o.d_model}, norm_options(o.layer()))}),
      decoder(this, "decoder", TransformerDecoderLayer(o.d_model, o.nhead, o.layer()), o.num_decoder_layers,
              TransformerDecoderOptions{.norm = std::make_shared<LayerNorm>(Shape{o.d_model}, norm_options(o.layer()))}) {
  reset_parameters();
}
void Transformer::reset_parameters() {
  for (const Tensor& p : parameters())
    if (p.dim() > 1) init::xavier_uniform_(p, 1, InitStream().generator());
}
Tensor Transformer::encode(const Tensor& src, const TransformerRunOptions& o) {
  if (!src.defined() || src.dim() == 0 || src.size(-1) != options.d_model)
    fail("Transformer", "src", "sizes [.., " + written(options.d_model) + "]", src.defined() ? to_string(src.sizes()) : "an undefined tensor");
  return encoder(src, TransformerEncoderEncodeOptions{o.src_mask, o.src_key_padding_mask, o.src_is_causal});
}
Tensor Transformer::decode(const Tensor& tgt, const Tensor& memory, const TransformerRunOptions& o) {
  if (!tgt.defined() || tgt.dim() == 0 || tgt.size(-1) != options.d_model)
    fail("Transformer", "tgt", "sizes [.., " + written(options.d_model) + "]", tgt.defined() ? to_string(tgt.sizes()) : "an undefined tensor");
  return decoder(tgt, memory,
                 TransformerDecoderDecodeOptions{o.tgt_mask, o.memory_mask, o.tgt_key_padding_mask, o.memory_key_padding_mask, o.tgt_is_causal,
                                                 o.memory_is_causal});
}
Tensor Transformer::forward(const Tensor& src, const Tensor& tgt, const TransformerRunOptions& o) { return decode(tgt, encode(src, o), o); }
Tensor Transformer::generate_square_subsequent_mask(int64_t size, DType dtype, Device device) {
  if (size < 0) fail("Transformer.generate_square_subsequent_mask", "size", "a number that is not negative", written(size));
  return masked_fill(full({size, size}, -INFINITY, {.dtype = dtype, .device = device}), attention::causal_mask(size, size, device), 0);
}

Tensor TransformerEncoderLayer::encode(const Tensor& src, const TransformerEncoderLayerEncodeOptions& o) { return call(*this, src, o); }
Tensor TransformerDecoderLayer::decode(const Tensor& tgt, const Tensor& memory, const TransformerDecoderLayerDecodeOptions& o) {
  return call(*this, tgt, memory, o);
}
Tensor TransformerEncoder::encode(const Tensor& src, const TransformerEncoderEncodeOptions& o) { return call(*this, src, o); }
Tensor TransformerDecoder::decode(const Tensor& tgt, const Tensor& memory, const TransformerDecoderDecodeOptions& o) {
  return call(*this, tgt, memory, o);
}
Tensor Transformer::run(const Tensor& src, const Tensor& tgt, const TransformerRunOptions& o) { return call(*this, src, tgt, o); }
TransformerEncoder::TransformerEncoder() : layers(this, "layers") {}
TransformerEncoder::TransformerEncoder(const TransformerEncoderLayer& layer, int64_t num_layers, const TransformerEncoderOptions& o)
    : TransformerEncoder(std::make_shared<TransformerEncoderLayer>(nn::clone(layer)), num_layers, o) {}
TransformerEncoder TransformerEncoder::remade() const { return {}; }
TransformerDecoder::TransformerDecoder() : layers(this, "layers") {}
TransformerDecoder::TransformerDecoder(const TransformerDecoderLayer& layer, int64_t num_layers, const TransformerDecoderOptions& o)
    : TransformerDecoder(std::make_shared<TransformerDecoderLayer>(nn::clone(layer)), num_layers, o) {}
TransformerDecoder TransformerDecoder::remade() const { return {}; }

namespace {
template <class Stack, class Layer, class Options>
std::shared_ptr<Module> make_stack(detail::BoxedArguments& boxed, const char* argument) {
  auto layer = boxed.module<Layer>(argument);
  if (!layer) boxed.fail_missing(argument);
  int64_t num_layers = 0;
  if (!boxed.read("num_layers", num_layers)) boxed.fail_missing("num_layers");
  Options options;
  options.norm = boxed.module<Module>("norm");
  if constexpr (Described<Options>) for_each_member(options, [&](const auto& m, auto& value) { boxed.read(m.name, value); });
  boxed.done();
  return detail::hold(std::make_shared<Stack>(layer, num_layers, options));
}
std::shared_ptr<Module> make_encoder(detail::BoxedArguments& boxed) {
  return make_stack<TransformerEncoder, TransformerEncoderLayer, TransformerEncoderOptions>(boxed, "encoder_layer");
}
std::shared_ptr<Module> make_decoder(detail::BoxedArguments& boxed) {
  return make_stack<TransformerDecoder, TransformerDecoderLayer, TransformerDecoderOptions>(boxed, "decoder_layer");
}
std::string print_nothing(const Module&) { return {}; }
}  // namespace

void list_transformers(ModuleTable& table) {
  table.add<TransformerEncoderLayer, TransformerDecoderLayer, Transformer>();
  table.entries.push_back({"TransformerEncoder", &typeid(TransformerEncoder), &make_encoder, &print_nothing});
  table.entries.push_back({"TransformerDecoder", &typeid(TransformerDecoder), &make_decoder, &print_nothing});
}

}  // namespace lazuli::nn
