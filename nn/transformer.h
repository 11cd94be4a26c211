#pragma once
#include "lazuli/nn/attention.h"
#include "lazuli/nn/decoding.h"
#include "lazuli/nn/dropout.h"
#include "lazuli/nn/module/containers.h"
#include "lazuli/nn/normalization.h"

/// Layers and models of Vaswani and others 2017 (https://arxiv.org/abs/1706.03762). src [s, n, e], tgt [t, n, e], or [n, s, e] with `batch_first`, or without n.
/// Masks: bool, true where hidden, or numbers to be added; of attention [l, s] or [n * heads, l, s], of padding [n, s] (or [s]). A call with a causal flag and no mask hides later keys.
namespace lazuli::nn {

enum class TransformerActivation : uint8_t { Relu, Gelu };
constexpr auto names_of(TransformerActivation) {
  return enum_names<TransformerActivation>({{TransformerActivation::Relu, "relu"}, {TransformerActivation::Gelu, "gelu"}});
}

struct TransformerEncoderLayerOptions {
  int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  Choice<TransformerActivation> activation = TransformerActivation::Relu;
  double layer_norm_eps = 1e-5;
  bool batch_first = false;
  bool norm_first = false;  // norms before attention and feed-forward instead of after
  bool bias = true;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = TransformerEncoderLayerOptions>
  static constexpr auto members() {
    return Members{member("dim_feedforward", &O::dim_feedforward, {.least = 1}),
                   member("dropout", &O::dropout, {.least = 0, .below = 1}),
                   member("activation", &O::activation),
                   member("layer_norm_eps", &O::layer_norm_eps, {.least = 0}),
                   member("batch_first", &O::batch_first),
                   member("norm_first", &O::norm_first),
                   member("bias", &O::bias)};
  }
};
using TransformerDecoderLayerOptions = TransformerEncoderLayerOptions;

/// What a call of an encoder, or of one of its layers, takes besides its input.
struct TransformerEncoderEncodeOptions {
  OptionalTensor mask = {}, src_key_padding_mask = {};
  bool is_causal = false;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(mask, src_key_padding_mask);
  }
};
using TransformerEncoderLayerEncodeOptions = TransformerEncoderEncodeOptions;
/// The same of a decoder.
struct TransformerDecoderDecodeOptions {
  OptionalTensor tgt_mask = {}, memory_mask = {}, tgt_key_padding_mask = {}, memory_key_padding_mask = {};
  bool tgt_is_causal = false, memory_is_causal = false;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
  }
};
using TransformerDecoderLayerDecodeOptions = TransformerDecoderDecodeOptions;

/// x = norm1(x + attention(x)); x = norm2(x + linear2(activation(linear1(x)))), with dropout after attention, activation and linear2.
class TransformerEncoderLayer : public ModuleOf<TransformerEncoderLayer> {
 public:
  using Options = TransformerEncoderLayerOptions;
  TransformerEncoderLayer(int64_t d_model, int64_t nhead, const TransformerEncoderLayerOptions& options = {});
  template <class... A>
  requires detail::ByPosition<TransformerEncoderLayerOptions, A...> TransformerEncoderLayer(int64_t d_model, int64_t nhead, const A&... options)
      : TransformerEncoderLayer(d_model, nhead, detail::positional<TransformerEncoderLayerOptions>(options...)) {}
  template <class N>
  requires detail::ByPosition<TransformerEncoderLayerOptions, N> TransformerEncoderLayer(int64_t d_model, int64_t nhead, const N& dim_feedforward,
                                                                                         const TransformerEncoderLayerOptions& rest)
      : TransformerEncoderLayer(d_model, nhead, detail::positional_and(rest, dim_feedforward)) {}
  template <class N, class D>
  requires detail::ByPosition<TransformerEncoderLayerOptions, N, D> TransformerEncoderLayer(int64_t d_model, int64_t nhead, const N& dim_feedforward,
                                                                                            const D& dropout,
                                                                                            const TransformerEncoderLayerOptions& rest)
      : TransformerEncoderLayer(d_model, nhead, detail::positional_and(rest, dim_feedforward, dropout)) {}
  explicit TransformerEncoderLayer(...) = delete;  // (d_model, nhead, {.dim_feedforward, .dropout, .activation, .layer_norm_eps, ..})
  template <class M = TransformerEncoderLayer>
  static constexpr auto arguments() {
    return Members{member("d_model", &M::d_model), member("nhead", &M::nhead)};
  }
  Tensor forward(const Tensor& src, const TransformerEncoderLayerEncodeOptions& options = {});
  Tensor encode(const Tensor& src, const TransformerEncoderLayerEncodeOptions& o = {});

  int64_t d_model, nhead;
  TransformerEncoderLayerOptions options;
  Child<MultiheadAttention> self_attn;
  Child<Linear> linear1;
  Child<Dropout> dropout;
  Child<Linear> linear2;
  Child<LayerNorm> norm1, norm2;
  Child<Dropout> dropout1, dropout2;

 private:
  Tensor attend(const Tensor& x, const TransformerEncoderLayerEncodeOptions& options);
  Tensor feed_forward(const Tensor& x);
};

/// As TransformerEncoderLayer, with attention to the encoder's result `memory` between the two.
class TransformerDecoderLayer : public ModuleOf<TransformerDecoderLayer> {
 public:
  using Options = TransformerDecoderLayerOptions;
  TransformerDecoderLayer(int64_t d_model, int64_t nhead, const TransformerDecoderLayerOptions& options = {});
  template <class... A>
  requires detail::ByPosition<TransformerEncoderLayerOptions, A...> TransformerDecoderLayer(int64_t d_model, int64_t nhead, const A&... options)
      : TransformerDecoderLayer(d_model, nhead, detail::positional<TransformerEncoderLayerOptions>(options...)) {}
  template <class N>
  requires detail::ByPosition<TransformerDecoderLayerOptions, N> TransformerDecoderLayer(int64_t d_model, int64_t nhead, const N& dim_feedforward,
                                                                                         const TransformerDecoderLayerOptions& rest)
      : TransformerDecoderLayer(d_model, nhead, detail::positional_and(rest, dim_feedforward)) {}
  template <class N, class D>
  requires detail::ByPosition<TransformerDecoderLayerOptions, N, D> TransformerDecoderLayer(int64_t d_model, int64_t nhead, const N& dim_feedforward,
                                                                                            const D& dropout,
                                                                                            const TransformerDecoderLayerOptions& rest)
      : TransformerDecoderLayer(d_model, nhead, detail::positional_and(rest, dim_feedforward, dropout)) {}
  explicit TransformerDecoderLayer(...) = delete;  // (d_model, nhead, {.dim_feedforward, .dropout, .activation, .layer_norm_eps, ..})
  template <class M = TransformerDecoderLayer>
  static constexpr auto arguments() {
    return Members{member("d_model", &M::d_model), member("nhead", &M::nhead)};
  }
  Tensor forward(const Tensor& tgt, const Tensor& memory, const TransformerDecoderLayerDecodeOptions& options = {});
  Tensor decode(const Tensor& tgt, const Tensor& memory, const TransformerDecoderLayerDecodeOptions& o = {});
  /// As TransformerDecoder::decode_next, of [n, t, e].
  Tensor decode_next(const Tensor& tgt, const Tensor& memory, DecoderCache::Layer& cache, const OptionalTensor& memory_key_padding_mask = {});

  int64_t d_model, nhead;
  TransformerDecoderLayerOptions options;
  Child<MultiheadAttention> self_attn, multihead_attn;
  Child<Linear> linear1;
  Child<Dropout> dropout;
  Child<Linear> linear2;
  Child<LayerNorm> norm1, norm2, norm3;
  Child<Dropout> dropout1, dropout2, dropout3;

 private:
  Tensor attend(const Tensor& x, const TransformerDecoderLayerDecodeOptions& options);
  Tensor attend_to(const Tensor& x, const Tensor& memory, const TransformerDecoderLayerDecodeOptions& options);
  Tensor feed_forward(const Tensor& x);
};

struct TransformerEncoderOptions {
  std::shared_ptr<Module> norm = {};  // after the last layer: a LayerNorm, or any module of one tensor to one
  bool enable_nested_tensor = true;   // PyTorch's; of no meaning here
  bool mask_check = true;             // likewise
  template <class O = TransformerEncoderOptions>
  static constexpr auto members() {
    return Members{member("enable_nested_tensor", &O::enable_nested_tensor), member("mask_check", &O::mask_check)};
  }
};
struct TransformerDecoderOptions {
  std::shared_ptr<Module> norm = {};
};

/// Clones of a layer in a row, then `norm` where there is one.
class TransformerEncoder : public ModuleOf<TransformerEncoder> {
 public:
  /// Throws Error for no layer, or fewer than one of them.
  TransformerEncoder(const std::shared_ptr<TransformerEncoderLayer>& encoder_layer, int64_t num_layers,
                     const TransformerEncoderOptions& options = {});
  TransformerEncoder(const TransformerEncoderLayer& encoder_layer, int64_t num_layers, const TransformerEncoderOptions& options = {});
  /// `norm`: any module of one tensor to one.
  template <class Layer, class M>
  requires requires(M&& m) { detail::hold(std::forward<M>(m)); }
  TransformerEncoder(Layer&& encoder_layer, int64_t num_layers, M&& norm)
      : TransformerEncoder(std::forward<Layer>(encoder_layer), num_layers, TransformerEncoderOptions{.norm = detail::hold(std::forward<M>(norm))}) {}
  TransformerEncoder remade() const;
  Tensor forward(const Tensor& src, const TransformerEncoderEncodeOptions& options = {});
  Tensor encode(const Tensor& src, const TransformerEncoderEncodeOptions& o = {});

  Child<ModuleList> layers;

 private:
  TransformerEncoder();
};

class TransformerDecoder : public ModuleOf<TransformerDecoder> {
 public:
  /// Throws Error for no layer, or fewer than one of them.
  TransformerDecoder(const std::shared_ptr<TransformerDecoderLayer>& decoder_layer, int64_t num_layers,
                     const TransformerDecoderOptions& options = {});
  TransformerDecoder(const TransformerDecoderLayer& decoder_layer, int64_t num_layers, const TransformerDecoderOptions& options = {});
  /// `norm`: any module of one tensor to one.
  template <class Layer, class M>
  requires requires(M&& m) { detail::hold(std::forward<M>(m)); }
  TransformerDecoder(Layer&& decoder_layer, int64_t num_layers, M&& norm)
      : TransformerDecoder(std::forward<Layer>(decoder_layer), num_layers, TransformerDecoderOptions{.norm = detail::hold(std::forward<M>(norm))}) {}
  TransformerDecoder remade() const;
  Tensor forward(const Tensor& tgt, const Tensor& memory, const TransformerDecoderDecodeOptions& options = {});
  Tensor decode(const Tensor& tgt, const Tensor& memory, const TransformerDecoderDecodeOptions& o = {});
  /// The positions `tgt` that follow those which `cache` has seen, which begins empty and belongs to this decoder and `memory`: the same as the last positions of `decode` with
  /// tgt_is_causal of all of them, without computing the former again. Layers' parts are used without their hooks. Throws Error in training mode and where gradients are wanted.
  Tensor decode_next(const Tensor& tgt, const Tensor& memory, DecoderCache& cache, const OptionalTensor& memory_key_padding_mask = {});

  Child<ModuleList> layers;

 private:
  TransformerDecoder();
};

struct TransformerOptions {
  int64_t d_model = 512;
  int64_t nhead = 8;
  int64_t num_encoder_layers = 6, num_decoder_layers = 6;
  int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  Choice<TransformerActivation> activation = TransformerActivation::Relu;
  double layer_norm_eps = 1e-5;
  bool batch_first = false;
  bool norm_first = false;
  bool bias = true;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = TransformerOptions>
  static constexpr auto members() {
    return Members{member("d_model", &O::d_model, {.least = 1}),
                   member("nhead", &O::nhead, {.least = 1}),
                   member("num_encoder_layers", &O::num_encoder_layers, {.least = 1}),
                   member("num_decoder_layers", &O::num_decoder_layers, {.least = 1}),
                   member("dim_feedforward", &O::dim_feedforward, {.least = 1}),
                   member("dropout", &O::dropout, {.least = 0, .below = 1}),
                   member("activation", &O::activation),
                   member("layer_norm_eps", &O::layer_norm_eps, {.least = 0}),
                   member("batch_first", &O::batch_first),
                   member("norm_first", &O::norm_first),
                   member("bias", &O::bias)};
  }
  TransformerEncoderLayerOptions layer() const {
    return {dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias, device, dtype};
  }
};

/// What a call of Transformer takes besides its inputs.
struct TransformerRunOptions {
  OptionalTensor src_mask = {}, tgt_mask = {}, memory_mask = {}, src_key_padding_mask = {}, tgt_key_padding_mask = {}, memory_key_padding_mask = {};
  bool src_is_causal = false, tgt_is_causal = false, memory_is_causal = false;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(src_mask, tgt_mask, memory_mask, src_key_padding_mask, tgt_key_padding_mask, memory_key_padding_mask);
  }
};

/// An encoder of src and a decoder of tgt that attends to what it made, each with a LayerNorm at its end -> [t, n, d_model]. Matrices begin as xavier_uniform_.
class Transformer : public ModuleOf<Transformer> {
 public:
  using Options = TransformerOptions;
  explicit Transformer(const TransformerOptions& options = {});
  template <class... A>
  requires detail::ByPosition<TransformerOptions, A...>
  explicit Transformer(const A&... options) : Transformer(detail::positional<TransformerOptions>(options...)) {}
  template <class = void>
  explicit Transformer(...) = delete;  // Transformer({.d_model, .nhead, .num_encoder_layers, .num_decoder_layers, ..})
  /// Throws Error for a number of features other than d_model.
  Tensor forward(const Tensor& src, const Tensor& tgt, const TransformerRunOptions& options = {});
  Tensor run(const Tensor& src, const Tensor& tgt, const TransformerRunOptions& o = {});
  /// The encoder's part of a run, and the decoder's: src is encoded once for many calls of decode.
  Tensor encode(const Tensor& src, const TransformerRunOptions& options = {});
  Tensor decode(const Tensor& tgt, const Tensor& memory, const TransformerRunOptions& options = {});
  /// Its decoder's, one position (or some) after the other.
  Tensor decode_next(const Tensor& tgt, const Tensor& memory, DecoderCache& cache, const OptionalTensor& memory_key_padding_mask = {});
  /// [size, size], to be added: 0 where column <= row, -infinity after.
  static Tensor generate_square_subsequent_mask(int64_t size, DType dtype = kFloat32, Device device = kCPU);
  void reset_parameters();

  TransformerOptions options;
  Child<TransformerEncoder> encoder;
  Child<TransformerDecoder> decoder;
};

}  // namespace lazuli::nn
