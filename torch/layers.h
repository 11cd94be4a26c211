#pragma once
#include "lazuli/torch/activation_options.h"
#include "lazuli/torch/embedding_options.h"
#include "lazuli/torch/loss_options.h"
#include "lazuli/torch/sequence_options.h"
#include "lazuli/torch/shown_options.h"

/// Holders of the library's modules: `torch::nn::Linear fc(4, 8); fc->weight; fc(x)`. NAMEImpl is the module itself.
namespace torch::nn {

namespace detail {
/// One of the library's layers: it keeps its name and what it prints.
template <class L>
class Layer : public Extended<L> {
 public:
  using Extended<L>::Extended;
  Layer() = default;
  Layer(Layer&& other) noexcept : Extended<L>(std::move(other)) {}  // its options are its own
  std::string class_name() const override { return lazuli::nn::detail::class_name(typeid(L)); }
  std::string extra_repr() const override {
    const L& layer = *this;
    std::string text = layer.L::extra_repr();
    if constexpr (requires { lazuli::print_members(layer.options); })
      if (text.empty()) text = lazuli::print_members(layer.options);
    return text;
  }
  ShownOptions<L> options{this};
};

/// None for an undefined tensor, as libtorch's functions take masks.
inline lazuli::OptionalTensor given(const Tensor& tensor) { return tensor.defined() ? lazuli::OptionalTensor(tensor) : std::nullopt; }
}  // namespace detail

// One holder and its Impl.
#define LAZULI_TORCH_LAYER(Name)                      \
  using Name##Impl = detail::Layer<lazuli::nn::Name>; \
  TORCH_MODULE(Name)

LAZULI_TORCH_LAYER(Linear);
LAZULI_TORCH_LAYER(Bilinear);
LAZULI_TORCH_LAYER(Identity);
LAZULI_TORCH_LAYER(Flatten);
LAZULI_TORCH_LAYER(Conv1d);
LAZULI_TORCH_LAYER(Conv2d);
LAZULI_TORCH_LAYER(Conv3d);
LAZULI_TORCH_LAYER(ConvTranspose1d);
LAZULI_TORCH_LAYER(ConvTranspose2d);
LAZULI_TORCH_LAYER(ConvTranspose3d);
LAZULI_TORCH_LAYER(BatchNorm1d);
LAZULI_TORCH_LAYER(BatchNorm2d);
LAZULI_TORCH_LAYER(BatchNorm3d);
LAZULI_TORCH_LAYER(InstanceNorm1d);
LAZULI_TORCH_LAYER(InstanceNorm2d);
LAZULI_TORCH_LAYER(InstanceNorm3d);
LAZULI_TORCH_LAYER(LayerNorm);
LAZULI_TORCH_LAYER(GroupNorm);
LAZULI_TORCH_LAYER(LocalResponseNorm);
LAZULI_TORCH_LAYER(MaxPool1d);
LAZULI_TORCH_LAYER(MaxPool2d);
LAZULI_TORCH_LAYER(MaxPool3d);
LAZULI_TORCH_LAYER(MaxUnpool1d);
LAZULI_TORCH_LAYER(MaxUnpool2d);
LAZULI_TORCH_LAYER(MaxUnpool3d);
LAZULI_TORCH_LAYER(AvgPool1d);
LAZULI_TORCH_LAYER(AvgPool2d);
LAZULI_TORCH_LAYER(AvgPool3d);
LAZULI_TORCH_LAYER(LPPool1d);
LAZULI_TORCH_LAYER(LPPool2d);
LAZULI_TORCH_LAYER(LPPool3d);
LAZULI_TORCH_LAYER(AdaptiveAvgPool1d);
LAZULI_TORCH_LAYER(AdaptiveAvgPool2d);
LAZULI_TORCH_LAYER(AdaptiveAvgPool3d);
LAZULI_TORCH_LAYER(AdaptiveMaxPool1d);
LAZULI_TORCH_LAYER(AdaptiveMaxPool2d);
LAZULI_TORCH_LAYER(AdaptiveMaxPool3d);
LAZULI_TORCH_LAYER(Dropout);
LAZULI_TORCH_LAYER(Dropout2d);
LAZULI_TORCH_LAYER(Dropout3d);
LAZULI_TORCH_LAYER(FeatureAlphaDropout);
LAZULI_TORCH_LAYER(AlphaDropout);
LAZULI_TORCH_LAYER(ReLU);
LAZULI_TORCH_LAYER(ReLU6);
LAZULI_TORCH_LAYER(SELU);
LAZULI_TORCH_LAYER(SiLU);
LAZULI_TORCH_LAYER(Mish);
LAZULI_TORCH_LAYER(ELU);
LAZULI_TORCH_LAYER(CELU);
LAZULI_TORCH_LAYER(LeakyReLU);
LAZULI_TORCH_LAYER(PReLU);
LAZULI_TORCH_LAYER(GELU);
LAZULI_TORCH_LAYER(GLU);
LAZULI_TORCH_LAYER(Hardtanh);
LAZULI_TORCH_LAYER(Sigmoid);
LAZULI_TORCH_LAYER(LogSigmoid);
LAZULI_TORCH_LAYER(Tanh);
LAZULI_TORCH_LAYER(Softplus);
LAZULI_TORCH_LAYER(Softsign);
LAZULI_TORCH_LAYER(Softmax);
LAZULI_TORCH_LAYER(LogSoftmax);
LAZULI_TORCH_LAYER(Softmin);
LAZULI_TORCH_LAYER(Softmax2d);
LAZULI_TORCH_LAYER(Threshold);
LAZULI_TORCH_LAYER(Hardshrink);
LAZULI_TORCH_LAYER(Softshrink);
LAZULI_TORCH_LAYER(Tanhshrink);
LAZULI_TORCH_LAYER(RReLU);
LAZULI_TORCH_LAYER(Hardsigmoid);
LAZULI_TORCH_LAYER(Hardswish);
LAZULI_TORCH_LAYER(Upsample);
LAZULI_TORCH_LAYER(PixelShuffle);
LAZULI_TORCH_LAYER(ReflectionPad1d);
LAZULI_TORCH_LAYER(ReflectionPad2d);
LAZULI_TORCH_LAYER(ReplicationPad2d);
LAZULI_TORCH_LAYER(ZeroPad2d);
LAZULI_TORCH_LAYER(ZeroPad1d);
LAZULI_TORCH_LAYER(ZeroPad3d);
LAZULI_TORCH_LAYER(ConstantPad1d);
LAZULI_TORCH_LAYER(ConstantPad2d);
LAZULI_TORCH_LAYER(ConstantPad3d);
LAZULI_TORCH_LAYER(ReflectionPad3d);
LAZULI_TORCH_LAYER(ReplicationPad1d);
LAZULI_TORCH_LAYER(ReplicationPad3d);
LAZULI_TORCH_LAYER(PixelUnshuffle);
LAZULI_TORCH_LAYER(Unfold);
LAZULI_TORCH_LAYER(Fold);
LAZULI_TORCH_LAYER(Unflatten);
namespace detail {
/// A recurrent layer, with packed sequences under the name that libtorch has for them.
template <class L>
class Recurrent : public Layer<L> {
 public:
  using Layer<L>::Layer;
  std::vector<Tensor> all_weights() const { return this->flat_weights(); }
  template <class... A>
  auto forward_with_packed_input(const lazuli::nn::utils::rnn::PackedSequence& input, const A&... state) {
    return this->forward(input, state...);
  }
};
}  // namespace detail
using RNNImpl = detail::Recurrent<lazuli::nn::RNN>;
using LSTMImpl = detail::Recurrent<lazuli::nn::LSTM>;
using GRUImpl = detail::Recurrent<lazuli::nn::GRU>;
TORCH_MODULE(RNN);
TORCH_MODULE(LSTM);
TORCH_MODULE(GRU);
LAZULI_TORCH_LAYER(RNNCell);
LAZULI_TORCH_LAYER(LSTMCell);
LAZULI_TORCH_LAYER(GRUCell);
LAZULI_TORCH_LAYER(CosineSimilarity);
LAZULI_TORCH_LAYER(PairwiseDistance);
LAZULI_TORCH_LAYER(MSELoss);
LAZULI_TORCH_LAYER(L1Loss);
LAZULI_TORCH_LAYER(SmoothL1Loss);
LAZULI_TORCH_LAYER(HuberLoss);
LAZULI_TORCH_LAYER(CrossEntropyLoss);
LAZULI_TORCH_LAYER(NLLLoss);
LAZULI_TORCH_LAYER(BCELoss);
LAZULI_TORCH_LAYER(BCEWithLogitsLoss);
LAZULI_TORCH_LAYER(KLDivLoss);
LAZULI_TORCH_LAYER(SoftMarginLoss);
LAZULI_TORCH_LAYER(CTCLoss);
LAZULI_TORCH_LAYER(TripletMarginLoss);
LAZULI_TORCH_LAYER(TripletMarginWithDistanceLoss);
LAZULI_TORCH_LAYER(AdaptiveLogSoftmaxWithLoss);
LAZULI_TORCH_LAYER(HingeEmbeddingLoss);
LAZULI_TORCH_LAYER(CosineEmbeddingLoss);
LAZULI_TORCH_LAYER(MarginRankingLoss);
LAZULI_TORCH_LAYER(MultiMarginLoss);
LAZULI_TORCH_LAYER(MultiLabelMarginLoss);
LAZULI_TORCH_LAYER(MultiLabelSoftMarginLoss);
LAZULI_TORCH_LAYER(PoissonNLLLoss);
LAZULI_TORCH_LAYER(GaussianNLLLoss);
#undef LAZULI_TORCH_LAYER

namespace detail {
/// A holder of a table, which may be made from its rows.
template <class Self, class L>
class TableHolder : public ModuleHolder<Layer<L>> {
 public:
  using ModuleHolder<Layer<L>>::ModuleHolder;
  static Self from_pretrained(const Tensor& rows, bool freeze = true) { return from_pretrained(rows, freeze, {}); }
  /// With the options of an EmbeddingFromPretrainedOptions or EmbeddingBagFromPretrainedOptions.
  template <class O>
  requires requires(O o) { o.freeze_; }
  static Self from_pretrained(const Tensor& rows, const O& o) { return from_pretrained(rows, o.freeze_, o.options); }

 private:
  static Self from_pretrained(const Tensor& rows, bool freeze, const typename L::Options& options) {
    Self table(rows.size(0), rows.size(1), options);
    lazuli::no_grad guard;
    table->weight.copy_(rows);
    table->weight.requires_grad_(!freeze);
    return table;
  }
};
}  // namespace detail
using EmbeddingImpl = detail::Layer<lazuli::nn::Embedding>;
class Embedding : public detail::TableHolder<Embedding, lazuli::nn::Embedding> {
 public:
  using TableHolder::TableHolder;
};
using EmbeddingBagImpl = detail::Layer<lazuli::nn::EmbeddingBag>;
class EmbeddingBag : public detail::TableHolder<EmbeddingBag, lazuli::nn::EmbeddingBag> {
 public:
  using TableHolder::TableHolder;
};

namespace init {
using namespace lazuli::nn::init;
}
namespace utils {
using namespace lazuli::nn::utils;
/// The norm as a number.
inline double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type = 2, bool error_if_nonfinite = false) {
  return lazuli::nn::utils::clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite).item<double>();
}
inline double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type = 2, bool error_if_nonfinite = false) {
  return clip_grad_norm_(std::vector<Tensor>{parameter}, max_norm, norm_type, error_if_nonfinite);
}
}  // namespace utils

}  // namespace torch::nn
