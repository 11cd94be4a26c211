#pragma once
#include "lazuli/torch/layers.h"

/// Holders of attention and transformers, whose masks stand by position.
namespace torch::nn {

class MultiheadAttentionImpl : public detail::Layer<lazuli::nn::MultiheadAttention> {
 public:
  using Layer::forward, Layer::Layer;
  std::tuple<Tensor, Tensor> forward(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& key_padding_mask,
                                     bool need_weights = true, const Tensor& attn_mask = {}, bool average_attn_weights = true) {
    return forward(query, key, value,
                   {.key_padding_mask = detail::given(key_padding_mask),
                    .need_weights = need_weights,
                    .attn_mask = detail::given(attn_mask),
                    .average_attn_weights = average_attn_weights});
  }
};
TORCH_MODULE(MultiheadAttention);
namespace detail {
inline lazuli::nn::TransformerEncoderEncodeOptions encode_masks(const Tensor& mask, const Tensor& padding) { return {given(mask), given(padding)}; }
inline lazuli::nn::TransformerDecoderDecodeOptions decode_masks(const Tensor& tgt_mask, const Tensor& memory_mask, const Tensor& tgt_padding,
                                                                const Tensor& memory_padding) {
  return {given(tgt_mask), given(memory_mask), given(tgt_padding), given(memory_padding)};
}
/// An encoder, or a layer of one, whose masks stand by position.
template <class Base>
class Encoding : public Base {
 public:
  using Base::Base, Base::forward;
  Tensor forward(const Tensor& src, const Tensor& mask, const Tensor& padding = {}) { return forward(src, encode_masks(mask, padding)); }
};
/// The same of a decoder.
template <class Base>
class Decoding : public Base {
 public:
  using Base::Base, Base::forward;
  Tensor forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask, const Tensor& memory_mask = {}, const Tensor& tgt_padding = {},
                 const Tensor& memory_padding = {}) {
    return forward(tgt, memory, decode_masks(tgt_mask, memory_mask, tgt_padding, memory_padding));
  }
};
/// A part that another may be put in place of in libtorch: `transformer->encoder.forward(src)`, with masks by position.
template <class M>
struct Part : lazuli::nn::Child<M> {
  Part(const lazuli::nn::Child<M>& child) : lazuli::nn::Child<M>(child) {}
  template <class R = Tensor>
  R forward(const Tensor& src, const Tensor& mask = {}, const Tensor& padding = {}) const requires std::is_same_v<M, lazuli::nn::TransformerEncoder> {
    return (*this)(src, encode_masks(mask, padding));
  }
  template <class R = Tensor>
  R forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask = {}, const Tensor& memory_mask = {}, const Tensor& tgt_padding = {},
            const Tensor& memory_padding = {}) const requires std::is_same_v<M, lazuli::nn::TransformerDecoder> {
    return (*this)(tgt, memory, decode_masks(tgt_mask, memory_mask, tgt_padding, memory_padding));
  }
};
}  // namespace detail
using TransformerEncoderLayerImpl = detail::Encoding<detail::Layer<lazuli::nn::TransformerEncoderLayer>>;
TORCH_MODULE(TransformerEncoderLayer);
using TransformerDecoderLayerImpl = detail::Decoding<detail::Layer<lazuli::nn::TransformerDecoderLayer>>;
TORCH_MODULE(TransformerDecoderLayer);
class TransformerImpl : public detail::Layer<lazuli::nn::Transformer> {
 public:
  using Layer::forward, Layer::Layer;
  detail::Part<lazuli::nn::TransformerEncoder> encoder{Layer::encoder};
  detail::Part<lazuli::nn::TransformerDecoder> decoder{Layer::decoder};
  Tensor forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask, const Tensor& tgt_mask = {}, const Tensor& memory_mask = {},
                 const Tensor& src_padding = {}, const Tensor& tgt_padding = {}, const Tensor& memory_padding = {}) {
    return forward(src, tgt,
                   {detail::given(src_mask), detail::given(tgt_mask), detail::given(memory_mask), detail::given(src_padding),
                    detail::given(tgt_padding), detail::given(memory_padding)});
  }
};
TORCH_MODULE(Transformer);

namespace detail {
/// How many copies of a layer stand in a row, and what follows them.
template <class Self, class Layer, class LayerOptions>
struct StackOptions {
  StackOptions(const Layer& stacked, int64_t num_layers) : layer(stacked), layers(num_layers) {}
  StackOptions(const LayerOptions& layer_options, int64_t num_layers) : StackOptions(Layer(layer_options), num_layers) {}
  /// A holder, or an AnyModule.
  template <class M>
  requires requires(const M& m) { std::shared_ptr<AnyModuleBase>(m.ptr()); }
  Self& norm(const M& module) { return norm_ = module.ptr(), static_cast<Self&>(*this); }
  template <class Impl>
  std::shared_ptr<Impl> make() const {
    return std::make_shared<Impl>(layer, layers, norm_);
  }
  Layer layer;
  int64_t layers;
  std::shared_ptr<AnyModuleBase> norm_;
};
}  // namespace detail
struct TransformerEncoderOptions : detail::StackOptions<TransformerEncoderOptions, TransformerEncoderLayer, TransformerEncoderLayerOptions> {
  using StackOptions::StackOptions;
};
struct TransformerDecoderOptions : detail::StackOptions<TransformerDecoderOptions, TransformerDecoderLayer, TransformerDecoderLayerOptions> {
  using StackOptions::StackOptions;
};
/// Copies of a layer in a row.
class TransformerEncoderImpl : public detail::Encoding<Extended<lazuli::nn::TransformerEncoder>> {
 public:
  TransformerEncoderImpl(const TransformerEncoderLayer& layer, int64_t num_layers, const std::shared_ptr<AnyModuleBase>& norm = {})
      : Encoding(std::shared_ptr<lazuli::nn::TransformerEncoderLayer>(layer.ptr()), num_layers, lazuli::nn::TransformerEncoderOptions{.norm = norm}) {
  }
  std::string class_name() const override { return "TransformerEncoder"; }
};
class TransformerEncoder : public ModuleHolder<TransformerEncoderImpl> {
 public:
  using ModuleHolder::ModuleHolder;
  TransformerEncoder(const TransformerEncoderLayer& layer, int64_t num_layers)
      : ModuleHolder(std::make_shared<TransformerEncoderImpl>(layer, num_layers)) {}
};

class TransformerDecoderImpl : public detail::Decoding<Extended<lazuli::nn::TransformerDecoder>> {
 public:
  TransformerDecoderImpl(const TransformerDecoderLayer& layer, int64_t num_layers, const std::shared_ptr<AnyModuleBase>& norm = {})
      : Decoding(std::shared_ptr<lazuli::nn::TransformerDecoderLayer>(layer.ptr()), num_layers, lazuli::nn::TransformerDecoderOptions{.norm = norm}) {
  }
  std::string class_name() const override { return "TransformerDecoder"; }
};
class TransformerDecoder : public ModuleHolder<TransformerDecoderImpl> {
 public:
  using ModuleHolder::ModuleHolder;
  TransformerDecoder(const TransformerDecoderLayer& layer, int64_t num_layers)
      : ModuleHolder(std::make_shared<TransformerDecoderImpl>(layer, num_layers)) {}
};

}  // namespace torch::nn
