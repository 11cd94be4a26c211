#pragma once
#include "lazuli/torch/options.h"

namespace torch::nn::detail {

/// What a layer was made of, as libtorch shows it: `conv->options.stride()`, `fc->options.in_features()`, and `conv->options.groups(2)` to set one. Members of the layer's options, or of the layer
/// itself where it takes them by position.
template <class L>
class ShownOptions {
 public:
  explicit ShownOptions(L* layer) : layer_(layer) {}
  ShownOptions(const ShownOptions&) = delete;

#define LAZULI_TORCH_KEPT(name)                                              \
  const auto& name() const requires requires(const L& l) { l.options.name; } \
  { return layer_->options.name; }                                           \
  auto& name() requires requires(const L& l) { l.options.name; }             \
  { return layer_->options.name; }                                           \
  template <class V>                                                         \
  requires requires(L & l, const V& v) { l.options.name = v; }               \
  ShownOptions& name(const V& value) { return layer_->options.name = value, *this; }
#define LAZULI_TORCH_GIVEN(name)                                                       \
  const auto& name() const requires(                                                   \
      !requires(const L& l) { l.options.name; } && requires(const L& l) { l.name; }) { \
    return layer_->name;                                                               \
  }
#define LAZULI_TORCH_EITHER(name) LAZULI_TORCH_KEPT(name) LAZULI_TORCH_GIVEN(name)
  LAZULI_TORCH_GIVEN(in_features)
  LAZULI_TORCH_GIVEN(out_features)
  LAZULI_TORCH_GIVEN(in1_features)
  LAZULI_TORCH_GIVEN(in2_features)
  LAZULI_TORCH_GIVEN(in_channels)
  LAZULI_TORCH_GIVEN(out_channels)
  LAZULI_TORCH_GIVEN(num_features)
  LAZULI_TORCH_GIVEN(num_groups)
  LAZULI_TORCH_GIVEN(num_channels)
  LAZULI_TORCH_GIVEN(normalized_shape)
  LAZULI_TORCH_GIVEN(num_embeddings)
  LAZULI_TORCH_GIVEN(embedding_dim)
  LAZULI_TORCH_GIVEN(input_size)
  LAZULI_TORCH_GIVEN(hidden_size)
  LAZULI_TORCH_GIVEN(embed_dim)
  LAZULI_TORCH_GIVEN(num_heads)
  LAZULI_TORCH_EITHER(kernel_size)
  LAZULI_TORCH_EITHER(output_size)
  LAZULI_TORCH_EITHER(p)
  LAZULI_TORCH_EITHER(dim)
  LAZULI_TORCH_EITHER(size)
  LAZULI_TORCH_EITHER(num_layers)
  LAZULI_TORCH_KEPT(stride)
  LAZULI_TORCH_KEPT(padding)
  LAZULI_TORCH_KEPT(output_padding)
  LAZULI_TORCH_KEPT(dilation)
  LAZULI_TORCH_KEPT(groups)
  LAZULI_TORCH_KEPT(bias)
  LAZULI_TORCH_KEPT(padding_mode)
  LAZULI_TORCH_KEPT(eps)
  LAZULI_TORCH_KEPT(momentum)
  LAZULI_TORCH_KEPT(affine)
  LAZULI_TORCH_KEPT(elementwise_affine)
  LAZULI_TORCH_KEPT(track_running_stats)
  LAZULI_TORCH_KEPT(ceil_mode)
  LAZULI_TORCH_KEPT(count_include_pad)
  LAZULI_TORCH_KEPT(divisor_override)
  LAZULI_TORCH_KEPT(inplace)
  LAZULI_TORCH_KEPT(negative_slope)
  LAZULI_TORCH_KEPT(alpha)
  LAZULI_TORCH_KEPT(beta)
  LAZULI_TORCH_KEPT(threshold)
  LAZULI_TORCH_KEPT(value)
  LAZULI_TORCH_KEPT(lambda)
  LAZULI_TORCH_KEPT(approximate)
  LAZULI_TORCH_KEPT(min_val)
  LAZULI_TORCH_KEPT(max_val)
  LAZULI_TORCH_KEPT(start_dim)
  LAZULI_TORCH_KEPT(end_dim)
  LAZULI_TORCH_KEPT(mode)
  LAZULI_TORCH_KEPT(scale_factor)
  LAZULI_TORCH_KEPT(align_corners)
  LAZULI_TORCH_KEPT(upscale_factor)
  LAZULI_TORCH_KEPT(downscale_factor)
  LAZULI_TORCH_KEPT(padding_idx)
  LAZULI_TORCH_KEPT(max_norm)
  LAZULI_TORCH_KEPT(norm_type)
  LAZULI_TORCH_KEPT(scale_grad_by_freq)
  LAZULI_TORCH_KEPT(include_last_offset)
  LAZULI_TORCH_KEPT(batch_first)
  LAZULI_TORCH_KEPT(bidirectional)
  LAZULI_TORCH_KEPT(dropout)
  LAZULI_TORCH_KEPT(proj_size)
  LAZULI_TORCH_KEPT(nonlinearity)
  LAZULI_TORCH_KEPT(weight)
  LAZULI_TORCH_KEPT(reduction)
  LAZULI_TORCH_KEPT(ignore_index)
  LAZULI_TORCH_KEPT(label_smoothing)
  LAZULI_TORCH_KEPT(margin)
  LAZULI_TORCH_KEPT(delta)
  LAZULI_TORCH_KEPT(full)
  LAZULI_TORCH_KEPT(log_input)
  LAZULI_TORCH_KEPT(log_target)
  LAZULI_TORCH_KEPT(blank)
  LAZULI_TORCH_KEPT(zero_infinity)
#undef LAZULI_TORCH_EITHER
#undef LAZULI_TORCH_GIVEN
#undef LAZULI_TORCH_KEPT

  /// A layer that is made of the same: `Linear twin(fc->options)`.
  template <class Impl>
  requires std::is_base_of_v<L, Impl> std::shared_ptr<Impl> make()
  const {
    auto made = std::dynamic_pointer_cast<Impl>(layer_->clone());
    if constexpr (requires { made->reset_parameters(); }) made->reset_parameters();
    return made;
  }

 private:
  L* layer_;
};

}  // namespace torch::nn::detail
