#pragma once
#include "lazuli/torch/options.h"

/// Options of recurrent layers, attention and Transformers.
namespace torch::nn {

struct RNNOptions : detail::Chain<lazuli::nn::RNNOptions, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_POSITION(input_size, 0)
  LAZULI_TORCH_POSITION(hidden_size, 1)
  LAZULI_TORCH_OPTION(RNNOptions, num_layers)
  LAZULI_TORCH_OPTION(RNNOptions, nonlinearity)
  LAZULI_TORCH_OPTION(RNNOptions, bias)
  LAZULI_TORCH_OPTION(RNNOptions, batch_first)
  LAZULI_TORCH_OPTION(RNNOptions, dropout)
  LAZULI_TORCH_OPTION(RNNOptions, bidirectional)
};
struct LSTMOptions : detail::Chain<lazuli::nn::RNNBaseOptions, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_POSITION(input_size, 0)
  LAZULI_TORCH_POSITION(hidden_size, 1)
  LAZULI_TORCH_OPTION(LSTMOptions, num_layers)
  LAZULI_TORCH_OPTION(LSTMOptions, bias)
  LAZULI_TORCH_OPTION(LSTMOptions, batch_first)
  LAZULI_TORCH_OPTION(LSTMOptions, dropout)
  LAZULI_TORCH_OPTION(LSTMOptions, bidirectional)
  LAZULI_TORCH_OPTION(LSTMOptions, proj_size)
};
using GRUOptions = LSTMOptions;
struct RNNCellOptions : detail::Chain<lazuli::nn::RNNCellOptions, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_POSITION(input_size, 0)
  LAZULI_TORCH_POSITION(hidden_size, 1)
  LAZULI_TORCH_OPTION(RNNCellOptions, bias)
  LAZULI_TORCH_OPTION(RNNCellOptions, nonlinearity)
};
struct LSTMCellOptions : detail::Chain<lazuli::nn::LSTMCellOptions, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_POSITION(input_size, 0)
  LAZULI_TORCH_POSITION(hidden_size, 1)
  LAZULI_TORCH_OPTION(LSTMCellOptions, bias)
};
using GRUCellOptions = LSTMCellOptions;
struct MultiheadAttentionOptions : detail::Chain<lazuli::nn::MultiheadAttentionOptions, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_OPTION(MultiheadAttentionOptions, dropout)
  LAZULI_TORCH_OPTION(MultiheadAttentionOptions, bias)
  LAZULI_TORCH_OPTION(MultiheadAttentionOptions, add_bias_kv)
  LAZULI_TORCH_OPTION(MultiheadAttentionOptions, add_zero_attn)
  LAZULI_TORCH_OPTION(MultiheadAttentionOptions, kdim)
  LAZULI_TORCH_OPTION(MultiheadAttentionOptions, vdim)
};
struct TransformerEncoderLayerOptions : detail::Chain<lazuli::nn::TransformerEncoderLayerOptions, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_POSITION(d_model, 0)
  LAZULI_TORCH_POSITION(nhead, 1)
  LAZULI_TORCH_OPTION(TransformerEncoderLayerOptions, dim_feedforward)
  LAZULI_TORCH_OPTION(TransformerEncoderLayerOptions, dropout)
  LAZULI_TORCH_OPTION(TransformerEncoderLayerOptions, activation)
};
using TransformerDecoderLayerOptions = TransformerEncoderLayerOptions;
struct TransformerOptions : detail::Chain<lazuli::nn::TransformerOptions> {
  TransformerOptions() = default;
  TransformerOptions(int64_t d_model, int64_t nhead) { options.d_model = d_model, options.nhead = nhead; }
  TransformerOptions(int64_t d_model, int64_t nhead, int64_t encoder_layers, int64_t decoder_layers) : TransformerOptions(d_model, nhead) {
    options.num_encoder_layers = encoder_layers, options.num_decoder_layers = decoder_layers;
  }
  LAZULI_TORCH_OPTION(TransformerOptions, d_model)
  LAZULI_TORCH_OPTION(TransformerOptions, nhead)
  LAZULI_TORCH_OPTION(TransformerOptions, num_encoder_layers)
  LAZULI_TORCH_OPTION(TransformerOptions, num_decoder_layers)
  LAZULI_TORCH_OPTION(TransformerOptions, dim_feedforward)
  LAZULI_TORCH_OPTION(TransformerOptions, dropout)
  LAZULI_TORCH_OPTION(TransformerOptions, activation)
};

}  // namespace torch::nn
