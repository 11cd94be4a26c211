#pragma once
#include "lazuli/ops/ops.h"

/// PyTorch's torch.nn.functional: the same functions under its names.
namespace lazuli::nn::functional {

using lazuli::adaptive_avg_pool1d, lazuli::adaptive_avg_pool2d, lazuli::adaptive_avg_pool3d, lazuli::avg_pool1d, lazuli::avg_pool2d,
    lazuli::avg_pool3d;
using lazuli::adaptive_max_pool1d, lazuli::adaptive_max_pool2d, lazuli::adaptive_max_pool3d, lazuli::adaptive_max_pool1d_with_indices,
    lazuli::adaptive_max_pool2d_with_indices, lazuli::adaptive_max_pool3d_with_indices;
using lazuli::affine_grid, lazuli::grid_sample, lazuli::interpolate, lazuli::upsample, lazuli::upsample_bilinear, lazuli::upsample_nearest;
using lazuli::alpha_dropout, lazuli::dropout, lazuli::dropout1d, lazuli::dropout2d, lazuli::dropout3d, lazuli::feature_alpha_dropout;
using lazuli::batch_norm, lazuli::batch_norm_relu, lazuli::group_norm, lazuli::instance_norm, lazuli::layer_norm, lazuli::local_response_norm,
    lazuli::normalize, lazuli::rms_norm;
using lazuli::binary_cross_entropy, lazuli::binary_cross_entropy_with_logits, lazuli::cosine_embedding_loss, lazuli::cross_entropy,
    lazuli::gaussian_nll_loss;
using lazuli::celu, lazuli::elu, lazuli::gelu, lazuli::glu, lazuli::hardshrink, lazuli::hardsigmoid, lazuli::hardswish, lazuli::hardtanh,
    lazuli::leaky_relu;
using lazuli::channel_shuffle, lazuli::fold, lazuli::pad, lazuli::pixel_shuffle, lazuli::pixel_unshuffle, lazuli::unfold;
using lazuli::conv1d, lazuli::conv2d, lazuli::conv3d, lazuli::conv_tbc, lazuli::conv_transpose1d, lazuli::conv_transpose2d, lazuli::conv_transpose3d;
using lazuli::cosine_similarity, lazuli::pairwise_distance;
using lazuli::ctc_loss;
using lazuli::embedding, lazuli::embedding_bag, lazuli::one_hot;
using lazuli::fractional_max_pool2d, lazuli::fractional_max_pool3d, lazuli::fractional_max_pool2d_with_indices,
    lazuli::fractional_max_pool3d_with_indices;
using lazuli::gumbel_softmax, lazuli::log_softmax, lazuli::softmax, lazuli::softmin;
using lazuli::hinge_embedding_loss, lazuli::huber_loss, lazuli::kl_div, lazuli::l1_loss, lazuli::margin_ranking_loss, lazuli::mse_loss,
    lazuli::multi_margin_loss;
using lazuli::linear, lazuli::linear_cross_entropy;
using lazuli::logsigmoid, lazuli::mish, lazuli::prelu, lazuli::relu, lazuli::relu6, lazuli::rrelu, lazuli::selu, lazuli::sigmoid, lazuli::silu,
    lazuli::softplus;
using lazuli::lp_pool1d, lazuli::lp_pool2d, lazuli::lp_pool3d, lazuli::max_unpool1d, lazuli::max_unpool2d, lazuli::max_unpool3d;
using lazuli::max_pool1d, lazuli::max_pool2d, lazuli::max_pool3d, lazuli::max_pool1d_with_indices, lazuli::max_pool2d_with_indices,
    lazuli::max_pool3d_with_indices;
using lazuli::multi_head_attention_forward, lazuli::scaled_dot_product_attention;
using lazuli::multilabel_margin_loss, lazuli::multilabel_soft_margin_loss, lazuli::nll_loss, lazuli::poisson_nll_loss, lazuli::smooth_l1_loss;
using lazuli::relu_, lazuli::elu_, lazuli::hardtanh_, lazuli::leaky_relu_, lazuli::rrelu_, lazuli::threshold_;
using lazuli::soft_margin_loss, lazuli::triplet_margin_loss, lazuli::triplet_margin_with_distance_loss;
using lazuli::softshrink, lazuli::softsign, lazuli::tanh, lazuli::tanhshrink, lazuli::threshold;

/// PyTorch's name of logsigmoid here.
inline Tensor log_sigmoid(const Tensor& self) { return logsigmoid(self); }

}  // namespace lazuli::nn::functional
