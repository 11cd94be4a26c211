#pragma once
#include "lazuli/torch/options.h"

/// Options of tables of rows, and of the functions that read them.
namespace torch::nn {

struct EmbeddingOptions : detail::Chain<lazuli::nn::EmbeddingOptions, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_POSITION(num_embeddings, 0)
  LAZULI_TORCH_POSITION(embedding_dim, 1)
  LAZULI_TORCH_OPTION(EmbeddingOptions, padding_idx)
  LAZULI_TORCH_OPTION(EmbeddingOptions, max_norm)
  LAZULI_TORCH_OPTION(EmbeddingOptions, norm_type)
  LAZULI_TORCH_OPTION(EmbeddingOptions, scale_grad_by_freq)
  LAZULI_TORCH_OPTION(EmbeddingOptions, sparse)
};
struct EmbeddingFromPretrainedOptions {
  bool freeze_ = true;
  lazuli::nn::EmbeddingOptions options = {};
  EmbeddingFromPretrainedOptions& freeze(bool value) { return freeze_ = value, *this; }
  LAZULI_TORCH_OPTION(EmbeddingFromPretrainedOptions, padding_idx)
  LAZULI_TORCH_OPTION(EmbeddingFromPretrainedOptions, max_norm)
  LAZULI_TORCH_OPTION(EmbeddingFromPretrainedOptions, norm_type)
  LAZULI_TORCH_OPTION(EmbeddingFromPretrainedOptions, scale_grad_by_freq)
  LAZULI_TORCH_OPTION(EmbeddingFromPretrainedOptions, sparse)
};
struct EmbeddingBagFromPretrainedOptions {
  bool freeze_ = true;
  lazuli::nn::EmbeddingBagOptions options = {};
  EmbeddingBagFromPretrainedOptions& freeze(bool value) { return freeze_ = value, *this; }
  LAZULI_TORCH_OPTION(EmbeddingBagFromPretrainedOptions, mode)
  LAZULI_TORCH_OPTION(EmbeddingBagFromPretrainedOptions, max_norm)
  LAZULI_TORCH_OPTION(EmbeddingBagFromPretrainedOptions, norm_type)
  LAZULI_TORCH_OPTION(EmbeddingBagFromPretrainedOptions, scale_grad_by_freq)
  LAZULI_TORCH_OPTION(EmbeddingBagFromPretrainedOptions, include_last_offset)
  EmbeddingBagFromPretrainedOptions& sparse(bool) { return *this; }  // the gradient is dense with the same numbers
  LAZULI_TORCH_OPTION(EmbeddingBagFromPretrainedOptions, padding_idx)
};
struct EmbeddingBagOptions : detail::Chain<lazuli::nn::EmbeddingBagOptions, int64_t, int64_t> {
  using Chain::Chain;
  LAZULI_TORCH_OPTION(EmbeddingBagOptions, mode)
  LAZULI_TORCH_OPTION(EmbeddingBagOptions, max_norm)
  LAZULI_TORCH_OPTION(EmbeddingBagOptions, norm_type)
  LAZULI_TORCH_OPTION(EmbeddingBagOptions, scale_grad_by_freq)
  LAZULI_TORCH_OPTION(EmbeddingBagOptions, include_last_offset)
  EmbeddingBagOptions& sparse(bool) { return *this; }  // the gradient is dense with the same numbers
  LAZULI_TORCH_OPTION(EmbeddingBagOptions, padding_idx)
};

namespace functional {
struct EmbeddingFuncOptions {
  lazuli::EmbeddingFunctionOptions options = {};
  LAZULI_TORCH_OPTION(EmbeddingFuncOptions, padding_idx)
  LAZULI_TORCH_OPTION(EmbeddingFuncOptions, max_norm)
  LAZULI_TORCH_OPTION(EmbeddingFuncOptions, norm_type)
  LAZULI_TORCH_OPTION(EmbeddingFuncOptions, scale_grad_by_freq)
  LAZULI_TORCH_OPTION(EmbeddingFuncOptions, sparse)
};
struct EmbeddingBagFuncOptions {
  lazuli::EmbeddingBagFunctionOptions options = {};
  LAZULI_TORCH_OPTION(EmbeddingBagFuncOptions, offsets)
  LAZULI_TORCH_OPTION(EmbeddingBagFuncOptions, max_norm)
  LAZULI_TORCH_OPTION(EmbeddingBagFuncOptions, norm_type)
  LAZULI_TORCH_OPTION(EmbeddingBagFuncOptions, scale_grad_by_freq)
  LAZULI_TORCH_OPTION(EmbeddingBagFuncOptions, mode)
  LAZULI_TORCH_OPTION(EmbeddingBagFuncOptions, per_sample_weights)
  LAZULI_TORCH_OPTION(EmbeddingBagFuncOptions, include_last_offset)
  LAZULI_TORCH_OPTION(EmbeddingBagFuncOptions, padding_idx)
  EmbeddingBagFuncOptions& sparse(bool) { return *this; }
};
}  // namespace functional

}  // namespace torch::nn
