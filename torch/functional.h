#pragma once
#include "lazuli/torch/functional_options.h"

/// torch::nn::functional: the library's functions, which also take libtorch's FuncOptions.
namespace torch::nn::functional {

using namespace lazuli::nn::functional;
using lazuli::nn::functional::adaptive_avg_pool1d, lazuli::nn::functional::adaptive_avg_pool2d, lazuli::nn::functional::adaptive_max_pool2d,
    lazuli::nn::functional::avg_pool1d, lazuli::nn::functional::avg_pool2d, lazuli::nn::functional::avg_pool3d, lazuli::nn::functional::batch_norm,
    lazuli::nn::functional::binary_cross_entropy, lazuli::nn::functional::binary_cross_entropy_with_logits, lazuli::nn::functional::conv1d,
    lazuli::nn::functional::conv2d, lazuli::nn::functional::conv3d, lazuli::nn::functional::cross_entropy, lazuli::nn::functional::dropout,
    lazuli::nn::functional::dropout2d, lazuli::nn::functional::elu, lazuli::nn::functional::gelu, lazuli::nn::functional::hardtanh,
    lazuli::nn::functional::huber_loss, lazuli::nn::functional::interpolate, lazuli::nn::functional::kl_div, lazuli::nn::functional::l1_loss,
    lazuli::nn::functional::layer_norm, lazuli::nn::functional::leaky_relu, lazuli::nn::functional::log_softmax, lazuli::nn::functional::max_pool1d,
    lazuli::nn::functional::max_pool2d, lazuli::nn::functional::max_pool3d, lazuli::nn::functional::mse_loss, lazuli::nn::functional::nll_loss,
    lazuli::nn::functional::normalize, lazuli::nn::functional::pad, lazuli::nn::functional::relu, lazuli::nn::functional::smooth_l1_loss,
    lazuli::nn::functional::group_norm, lazuli::nn::functional::instance_norm, lazuli::nn::functional::grid_sample,
    lazuli::nn::functional::max_pool1d_with_indices, lazuli::nn::functional::max_pool2d_with_indices, lazuli::nn::functional::max_pool3d_with_indices,
    lazuli::nn::functional::max_unpool1d, lazuli::nn::functional::max_unpool2d, lazuli::nn::functional::max_unpool3d,
    lazuli::nn::functional::gumbel_softmax, lazuli::nn::functional::pixel_shuffle, lazuli::nn::functional::pixel_unshuffle,
    lazuli::nn::functional::unfold, lazuli::nn::functional::fold, lazuli::nn::functional::ctc_loss, lazuli::nn::functional::triplet_margin_loss,
    lazuli::nn::functional::hinge_embedding_loss, lazuli::nn::functional::cosine_embedding_loss, lazuli::nn::functional::margin_ranking_loss,
    lazuli::nn::functional::cosine_similarity, lazuli::nn::functional::soft_margin_loss, lazuli::nn::functional::softmax,
    lazuli::nn::functional::softplus, lazuli::nn::functional::adaptive_avg_pool3d, lazuli::nn::functional::adaptive_max_pool1d,
    lazuli::nn::functional::adaptive_max_pool3d, lazuli::nn::functional::relu6, lazuli::nn::functional::selu, lazuli::nn::functional::celu,
    lazuli::nn::functional::glu, lazuli::nn::functional::hardshrink, lazuli::nn::functional::softshrink, lazuli::nn::functional::threshold,
    lazuli::nn::functional::lp_pool1d, lazuli::nn::functional::lp_pool2d, lazuli::nn::functional::lp_pool3d,
    lazuli::nn::functional::local_response_norm, lazuli::nn::functional::pairwise_distance, lazuli::nn::functional::poisson_nll_loss,
    lazuli::nn::functional::multi_margin_loss, lazuli::nn::functional::multilabel_margin_loss, lazuli::nn::functional::multilabel_soft_margin_loss,
    lazuli::nn::functional::dropout3d, lazuli::nn::functional::alpha_dropout, lazuli::nn::functional::feature_alpha_dropout,
    lazuli::nn::functional::conv_transpose1d, lazuli::nn::functional::conv_transpose2d, lazuli::nn::functional::conv_transpose3d,
    lazuli::nn::functional::embedding, lazuli::nn::functional::embedding_bag, lazuli::nn::functional::rrelu,
    lazuli::nn::functional::softmin;  // which have another form here

inline Tensor cross_entropy(const Tensor& x, const Tensor& y, const CrossEntropyFuncOptions& o) { return lazuli::cross_entropy(x, y, o.options); }
inline Tensor nll_loss(const Tensor& x, const Tensor& y, const NLLLossFuncOptions& o) { return lazuli::nll_loss(x, y, o.options); }
inline Tensor mse_loss(const Tensor& x, const Tensor& y, const MSELossFuncOptions& o) { return lazuli::mse_loss(x, y, o.options.reduction); }
inline Tensor l1_loss(const Tensor& x, const Tensor& y, const L1LossFuncOptions& o) { return lazuli::l1_loss(x, y, o.options.reduction); }
inline Tensor mse_loss(const Tensor& x, const Tensor& y, Word reduction) { return lazuli::mse_loss(x, y, Reduction(reduction)); }
inline Tensor l1_loss(const Tensor& x, const Tensor& y, Word reduction) { return lazuli::l1_loss(x, y, Reduction(reduction)); }
inline Tensor soft_margin_loss(const Tensor& x, const Tensor& y, const LossOptions& o) { return lazuli::soft_margin_loss(x, y, o.options.reduction); }
inline Tensor smooth_l1_loss(const Tensor& x, const Tensor& y, const SmoothL1LossFuncOptions& o) {
  return lazuli::smooth_l1_loss(x, y, o.options.reduction, o.options.beta);
}
inline Tensor smooth_l1_loss(const Tensor& x, const Tensor& y, const SmoothL1LossFuncOptions& o, double beta) {
  return lazuli::smooth_l1_loss(x, y, o.options.reduction, beta);
}
using lazuli::bilinear;
inline Tensor huber_loss(const Tensor& x, const Tensor& y, const HuberLossFuncOptions& o) {
  return lazuli::huber_loss(x, y, o.options.reduction, o.options.delta);
}
inline Tensor kl_div(const Tensor& x, const Tensor& y, const KLDivFuncOptions& o) {
  return lazuli::kl_div(x, y, o.options.reduction, o.options.log_target);
}
inline Tensor binary_cross_entropy(const Tensor& x, const Tensor& y, const BinaryCrossEntropyFuncOptions& o) {
  return lazuli::binary_cross_entropy(x, y, o.options.weight, o.options.reduction);
}
inline Tensor binary_cross_entropy_with_logits(const Tensor& x, const Tensor& y, const BinaryCrossEntropyWithLogitsFuncOptions& o) {
  return lazuli::binary_cross_entropy_with_logits(x, y, o.options);
}

inline Tensor relu(const Tensor& x, const ReLUFuncOptions& o) { return o.options.inplace ? lazuli::relu_(x) : lazuli::relu(x); }
inline Tensor leaky_relu(const Tensor& x, const LeakyReLUFuncOptions& o) {
  return o.options.inplace ? lazuli::leaky_relu_(x, o.options.negative_slope) : lazuli::leaky_relu(x, o.options.negative_slope);
}
inline Tensor elu(const Tensor& x, const ELUFuncOptions& o) {
  return o.options.inplace ? lazuli::elu_(x, o.options.alpha) : lazuli::elu(x, o.options.alpha);
}
inline Tensor gelu(const Tensor& x, const GELUFuncOptions& o) { return lazuli::gelu(x, o.options.approximate); }
inline Tensor hardtanh(const Tensor& x, const HardtanhFuncOptions& o) {
  return o.options.inplace ? lazuli::hardtanh_(x, o.options.min_val, o.options.max_val) : lazuli::hardtanh(x, o.options.min_val, o.options.max_val);
}
inline Tensor softplus(const Tensor& x, const SoftplusFuncOptions& o) { return lazuli::softplus(x, o.options.beta, o.options.threshold); }
inline Tensor softmax(const Tensor& x, const SoftmaxFuncOptions& o) { return lazuli::softmax(x, *o.options.dim, o.type); }
inline Tensor log_softmax(const Tensor& x, const LogSoftmaxFuncOptions& o) { return lazuli::log_softmax(x, *o.options.dim, o.type); }
namespace detail {
/// What was dropped from `input`, there where it is asked for: no backward of these reads it.
inline Tensor placed(bool inplace, const Tensor& input, Tensor dropped) { return inplace ? input.copy_(dropped) : dropped; }
}  // namespace detail
inline Tensor dropout(const Tensor& x, const DropoutFuncOptions& o) { return detail::placed(o.inplace_, x, lazuli::dropout(x, o.options)); }
inline Tensor dropout2d(const Tensor& x, const Dropout2dFuncOptions& o) { return detail::placed(o.inplace_, x, lazuli::dropout2d(x, o.options)); }

inline lazuli::MaxPoolFunctionOptions pooled(const MaxPoolOptions& o) {
  return {.stride = o.options.stride, .padding = o.options.padding, .dilation = o.options.dilation, .ceil_mode = o.options.ceil_mode};
}
inline Tensor max_pool1d(const Tensor& x, const MaxPool1dFuncOptions& o) { return lazuli::max_pool1d(x, std::get<0>(o.positional), pooled(o)); }
inline Tensor max_pool2d(const Tensor& x, const MaxPool2dFuncOptions& o) { return lazuli::max_pool2d(x, std::get<0>(o.positional), pooled(o)); }
inline Tensor max_pool3d(const Tensor& x, const MaxPool3dFuncOptions& o) { return lazuli::max_pool3d(x, std::get<0>(o.positional), pooled(o)); }
inline Tensor avg_pool1d(const Tensor& x, const AvgPool1dFuncOptions& o) { return lazuli::avg_pool1d(x, std::get<0>(o.positional), o.options); }
inline Tensor avg_pool2d(const Tensor& x, const AvgPool2dFuncOptions& o) { return lazuli::avg_pool2d(x, std::get<0>(o.positional), o.options); }
inline Tensor avg_pool3d(const Tensor& x, const AvgPool3dFuncOptions& o) { return lazuli::avg_pool3d(x, std::get<0>(o.positional), o.options); }
inline Tensor adaptive_avg_pool1d(const Tensor& x, const AdaptiveAvgPool1dFuncOptions& o) { return lazuli::adaptive_avg_pool1d(x, o.output_size); }
inline Tensor adaptive_avg_pool2d(const Tensor& x, const AdaptiveAvgPool2dFuncOptions& o) { return lazuli::adaptive_avg_pool2d(x, o.output_size); }
inline Tensor adaptive_max_pool2d(const Tensor& x, const AdaptiveMaxPool2dFuncOptions& o) { return lazuli::adaptive_max_pool2d(x, o.output_size); }
inline Tensor conv1d(const Tensor& x, const Tensor& w, const Conv1dFuncOptions& o) { return lazuli::conv1d(x, w, o.options); }
inline Tensor conv2d(const Tensor& x, const Tensor& w, const Conv2dFuncOptions& o) { return lazuli::conv2d(x, w, o.options); }
inline Tensor conv3d(const Tensor& x, const Tensor& w, const Conv3dFuncOptions& o) { return lazuli::conv3d(x, w, o.options); }
inline Tensor batch_norm(const Tensor& x, const Tensor& mean, const Tensor& var, const BatchNormFuncOptions& o) {
  return lazuli::batch_norm(x, mean, var, o.options);
}
inline Tensor layer_norm(const Tensor& x, const LayerNormFuncOptions& o) { return lazuli::layer_norm(x, o.normalized_shape, o.options); }
inline Tensor group_norm(const Tensor& x, const GroupNormFuncOptions& o) { return lazuli::group_norm(x, o.num_groups, o.options); }
inline Tensor instance_norm(const Tensor& x, const InstanceNormFuncOptions& o = {}) { return lazuli::instance_norm(x, o.options); }
inline Tensor grid_sample(const Tensor& x, const Tensor& grid, const GridSampleFuncOptions& o) { return lazuli::grid_sample(x, grid, o.options); }
inline std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& x, const MaxPool1dFuncOptions& o) {
  return lazuli::max_pool1d_with_indices(x, std::get<0>(o.positional), pooled(o));
}
inline std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& x, const MaxPool2dFuncOptions& o) {
  return lazuli::max_pool2d_with_indices(x, std::get<0>(o.positional), pooled(o));
}
inline std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& x, const MaxPool3dFuncOptions& o) {
  return lazuli::max_pool3d_with_indices(x, std::get<0>(o.positional), pooled(o));
}
inline Tensor max_unpool1d(const Tensor& x, const Tensor& i, const MaxUnpool1dFuncOptions& o) {
  return lazuli::max_unpool1d(x, i, o.kernel_size, o.options);
}
inline Tensor max_unpool2d(const Tensor& x, const Tensor& i, const MaxUnpool2dFuncOptions& o) {
  return lazuli::max_unpool2d(x, i, o.kernel_size, o.options);
}
inline Tensor max_unpool3d(const Tensor& x, const Tensor& i, const MaxUnpool3dFuncOptions& o) {
  return lazuli::max_unpool3d(x, i, o.kernel_size, o.options);
}
inline Tensor gumbel_softmax(const Tensor& x, const GumbelSoftmaxFuncOptions& o) { return lazuli::gumbel_softmax(x, o.tau_, o.hard_, o.dim_); }
inline Tensor pixel_shuffle(const Tensor& x, const PixelShuffleFuncOptions& o) { return lazuli::pixel_shuffle(x, o.factor); }
inline Tensor pixel_unshuffle(const Tensor& x, const PixelUnshuffleFuncOptions& o) { return lazuli::pixel_unshuffle(x, o.factor); }
inline Tensor unfold(const Tensor& x, const UnfoldFuncOptions& o) { return lazuli::unfold(x, std::get<0>(o.positional), o.options); }
inline Tensor fold(const Tensor& x, const FoldFuncOptions& o) {
  return lazuli::fold(x, std::get<0>(o.positional), std::get<1>(o.positional), o.options);
}
template <class L>
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const L& input_lengths, const L& target_lengths, const CTCLossFuncOptions& o) {
  return lazuli::ctc_loss(log_probs, targets, input_lengths, target_lengths, o.options);
}
inline Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, const TripletMarginLossFuncOptions& o) {
  return lazuli::triplet_margin_loss(anchor, positive, negative, o.options);
}
inline Tensor hinge_embedding_loss(const Tensor& x, const Tensor& y, const HingeEmbeddingLossFuncOptions& o) {
  return lazuli::hinge_embedding_loss(x, y, o.options.margin, o.options.reduction);
}
inline Tensor cosine_embedding_loss(const Tensor& a, const Tensor& b, const Tensor& y, const CosineEmbeddingLossFuncOptions& o) {
  return lazuli::cosine_embedding_loss(a, b, y, o.options.margin, o.options.reduction);
}
inline Tensor margin_ranking_loss(const Tensor& a, const Tensor& b, const Tensor& y, const MarginRankingLossFuncOptions& o) {
  return lazuli::margin_ranking_loss(a, b, y, o.options.margin, o.options.reduction);
}
inline Tensor cosine_similarity(const Tensor& a, const Tensor& b, const CosineSimilarityFuncOptions& o) {
  return lazuli::cosine_similarity(a, b, o.options.dim, o.options.eps);
}
inline Tensor normalize(const Tensor& x, const NormalizeFuncOptions& o) { return lazuli::normalize(x, o.options); }
inline Tensor interpolate(const Tensor& x, const InterpolateFuncOptions& o) { return lazuli::interpolate(x, o.options); }
inline Tensor pad(const Tensor& x, const PadFuncOptions& o) { return lazuli::pad(x, o.pad, o.words, o.fill ? optional<Scalar>(*o.fill) : nullopt); }
inline Tensor adaptive_avg_pool3d(const Tensor& x, const AdaptiveAvgPool3dFuncOptions& o) { return lazuli::adaptive_avg_pool3d(x, o.output_size); }
inline Tensor adaptive_max_pool1d(const Tensor& x, const AdaptiveMaxPool1dFuncOptions& o) { return lazuli::adaptive_max_pool1d(x, o.output_size); }
inline Tensor adaptive_max_pool3d(const Tensor& x, const AdaptiveMaxPool3dFuncOptions& o) { return lazuli::adaptive_max_pool3d(x, o.output_size); }
inline Tensor relu6(const Tensor& x, const ReLU6FuncOptions& o) { return o.options.inplace ? lazuli::relu6_(x) : lazuli::relu6(x); }
inline Tensor selu(const Tensor& x, const SELUFuncOptions& o) { return o.options.inplace ? lazuli::selu_(x) : lazuli::selu(x); }
inline Tensor celu(const Tensor& x, const CELUFuncOptions& o) {
  return o.options.inplace ? lazuli::celu_(x, o.options.alpha) : lazuli::celu(x, o.options.alpha);
}
inline Tensor glu(const Tensor& x, const GLUFuncOptions& o) { return lazuli::glu(x, o.options.dim); }
inline Tensor hardshrink(const Tensor& x, const HardshrinkFuncOptions& o) { return lazuli::hardshrink(x, o.options.lambd); }
inline Tensor softshrink(const Tensor& x, const SoftshrinkFuncOptions& o) { return lazuli::softshrink(x, o.options.lambd); }
inline Tensor threshold(const Tensor& x, const ThresholdFuncOptions& o) {
  return o.inplace_ ? lazuli::threshold_(x, o.threshold_, o.value_) : lazuli::threshold(x, o.threshold_, o.value_);
}
inline Tensor softmin(const Tensor& x, const SoftmaxFuncOptions& o) { return lazuli::softmin(x, *o.options.dim, o.type); }
inline Tensor lp_pool1d(const Tensor& x, const LPPool1dFuncOptions& o) {
  return lazuli::lp_pool1d(x, std::get<0>(o.positional), std::get<1>(o.positional), o.options);
}
inline Tensor lp_pool2d(const Tensor& x, const LPPool2dFuncOptions& o) {
  return lazuli::lp_pool2d(x, std::get<0>(o.positional), std::get<1>(o.positional), o.options);
}
inline Tensor lp_pool3d(const Tensor& x, const LPPool3dFuncOptions& o) {
  return lazuli::lp_pool3d(x, std::get<0>(o.positional), std::get<1>(o.positional), o.options);
}
inline Tensor local_response_norm(const Tensor& x, const LocalResponseNormFuncOptions& o) {
  return lazuli::local_response_norm(x, std::get<0>(o.positional), o.options);
}
inline Tensor pairwise_distance(const Tensor& a, const Tensor& b, const PairwiseDistanceFuncOptions& o) {
  return lazuli::pairwise_distance(a, b, o.options);
}
inline Tensor poisson_nll_loss(const Tensor& x, const Tensor& y, const PoissonNLLLossFuncOptions& o) {
  return lazuli::poisson_nll_loss(x, y, o.options);
}
inline Tensor multi_margin_loss(const Tensor& x, const Tensor& y, const MultiMarginLossFuncOptions& o) {
  return lazuli::multi_margin_loss(x, y, o.options);
}
inline Tensor multilabel_margin_loss(const Tensor& x, const Tensor& y, const MultilabelMarginLossFuncOptions& o) {
  return lazuli::multilabel_margin_loss(x, y, o.options.reduction);
}
inline Tensor multilabel_soft_margin_loss(const Tensor& x, const Tensor& y, const MultilabelSoftMarginLossFuncOptions& o) {
  return lazuli::multilabel_soft_margin_loss(x, y, o.options.weight, o.options.reduction);
}
inline Tensor dropout3d(const Tensor& x, const Dropout3dFuncOptions& o) { return detail::placed(o.inplace_, x, lazuli::dropout3d(x, o.options)); }
inline Tensor alpha_dropout(const Tensor& x, const AlphaDropoutFuncOptions& o) {
  return detail::placed(o.inplace_, x, lazuli::alpha_dropout(x, o.options));
}
inline Tensor feature_alpha_dropout(const Tensor& x, const FeatureAlphaDropoutFuncOptions& o) {
  return detail::placed(o.inplace_, x, lazuli::feature_alpha_dropout(x, o.options));
}
inline Tensor conv_transpose1d(const Tensor& x, const Tensor& w, const ConvTranspose1dFuncOptions& o) {
  return lazuli::conv_transpose1d(x, w, o.options);
}
inline Tensor conv_transpose2d(const Tensor& x, const Tensor& w, const ConvTranspose2dFuncOptions& o) {
  return lazuli::conv_transpose2d(x, w, o.options);
}
inline Tensor conv_transpose3d(const Tensor& x, const Tensor& w, const ConvTranspose3dFuncOptions& o) {
  return lazuli::conv_transpose3d(x, w, o.options);
}
inline Tensor embedding(const Tensor& x, const Tensor& w, const EmbeddingFuncOptions& o) { return lazuli::embedding(x, w, o.options); }
inline Tensor embedding_bag(const Tensor& x, const Tensor& w, const EmbeddingBagFuncOptions& o) { return lazuli::embedding_bag(x, w, o.options); }
inline Tensor rrelu(const Tensor& x, const RReLUFuncOptions& o) { return o.inplace_ ? lazuli::rrelu_(x, o.options) : lazuli::rrelu(x, o.options); }

}  // namespace torch::nn::functional

#undef LAZULI_TORCH_OPTION
