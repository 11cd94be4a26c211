#pragma once
#include "lazuli/torch/names.h"

/// Functions whose optional arguments are a struct in the library, with these by position in ATen's order, and the forms that ATen has beside the library's.
namespace torch {

inline Tensor binary_cross_entropy_with_logits(const Tensor& self, const Tensor& target, const lazuli::OptionalTensor& weight,
                                               const lazuli::OptionalTensor& pos_weight = {}, Reduction reduction = Reduction::Mean) {
  return lazuli::binary_cross_entropy_with_logits(self, target, {.weight = weight, .pos_weight = pos_weight, .reduction = reduction});
}
/// Lengths are tensors or lists of numbers.
template <class Lengths>
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Lengths& input_lengths, const Lengths& target_lengths,
                std::same_as<int64_t> auto blank, Reduction reduction = Reduction::Mean, bool zero_infinity = false) {
  return lazuli::ctc_loss(log_probs, targets, input_lengths, target_lengths,
                          {.blank = blank, .reduction = reduction, .zero_infinity = zero_infinity});
}
template <class Lengths>
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Lengths& input_lengths, const Lengths& target_lengths,
                std::same_as<int> auto blank, Reduction reduction = Reduction::Mean, bool zero_infinity = false) {
  return ctc_loss(log_probs, targets, input_lengths, target_lengths, int64_t(blank), reduction, zero_infinity);
}
inline Tensor multi_margin_loss(const Tensor& self, const Tensor& target, const Scalar& p, const Scalar& margin = 1,
                                const lazuli::OptionalTensor& weight = {}, Reduction reduction = Reduction::Mean) {
  return lazuli::multi_margin_loss(self, target, {.p = p.to<int64_t>(), .margin = margin.to<double>(), .weight = weight, .reduction = reduction});
}
inline Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full, double eps, Reduction reduction) {
  return lazuli::poisson_nll_loss(input, target, {.log_input = log_input, .full = full, .eps = eps, .reduction = reduction});
}

/// The rows of `weight` at `indices`. padding_idx -1: none.
inline Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx = -1, bool scale_grad_by_freq = false, bool = false) {
  return lazuli::embedding(indices, weight,
                           lazuli::EmbeddingFunctionOptions{.padding_idx = padding_idx == -1 ? std::optional<int64_t>() : padding_idx,
                                                            .scale_grad_by_freq = scale_grad_by_freq});
}

// Norms whose last argument, about cuDNN, says nothing here.
inline Tensor batch_norm(const Tensor& input, const lazuli::OptionalTensor& weight, const lazuli::OptionalTensor& bias,
                         const lazuli::OptionalTensor& running_mean, const lazuli::OptionalTensor& running_var, bool training, double momentum,
                         double eps, bool) {
  return lazuli::batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps);
}
inline Tensor instance_norm(const Tensor& input, const lazuli::OptionalTensor& weight, const lazuli::OptionalTensor& bias,
                            const lazuli::OptionalTensor& running_mean, const lazuli::OptionalTensor& running_var, bool use_input_stats,
                            double momentum, double eps, bool) {
  return lazuli::instance_norm(input, {.running_mean = running_mean,
                                       .running_var = running_var,
                                       .weight = weight,
                                       .bias = bias,
                                       .use_input_stats = use_input_stats,
                                       .momentum = momentum,
                                       .eps = eps});
}
inline Tensor layer_norm(const Tensor& input, const Shape& normalized_shape, const lazuli::OptionalTensor& weight, const lazuli::OptionalTensor& bias,
                         double eps, bool) {
  return lazuli::layer_norm(input, normalized_shape, weight, bias, eps);
}
inline Tensor group_norm(const Tensor& input, int64_t num_groups, const lazuli::OptionalTensor& weight, const lazuli::OptionalTensor& bias,
                         double eps, bool) {
  return lazuli::group_norm(input, num_groups, weight, bias, eps);
}

// Recurrent layers by their sequences, states and parameters.
inline auto lstm(const Tensor& input, const std::vector<Tensor>& hx, const std::vector<Tensor>& params, bool has_biases, int64_t num_layers,
                 double dropout, bool train, bool bidirectional, bool batch_first) {
  return lazuli::lstm(input, hx, params, {has_biases, num_layers, dropout, train, bidirectional, batch_first});
}
#define LAZULI_TORCH_RECURRENT(name)                                                                                                              \
  inline auto name(const Tensor& input, const Tensor& hx, const std::vector<Tensor>& params, bool has_biases, int64_t num_layers, double dropout, \
                   bool train, bool bidirectional, bool batch_first) {                                                                            \
    return lazuli::name(input, hx, params, {has_biases, num_layers, dropout, train, bidirectional, batch_first});                                 \
  }
LAZULI_TORCH_RECURRENT(gru)
LAZULI_TORCH_RECURRENT(rnn_tanh)
LAZULI_TORCH_RECURRENT(rnn_relu)
#undef LAZULI_TORCH_RECURRENT

// Maxima and where they are.
inline std::tuple<Tensor, Tensor> adaptive_max_pool1d(const Tensor& self, const lazuli::AdaptiveSize& output_size) {
  return detail::two(lazuli::adaptive_max_pool1d_with_indices(self, output_size));
}
inline std::tuple<Tensor, Tensor> adaptive_max_pool2d(const Tensor& self, const lazuli::AdaptiveSize& output_size) {
  return detail::two(lazuli::adaptive_max_pool2d_with_indices(self, output_size));
}
inline std::tuple<Tensor, Tensor> adaptive_max_pool3d(const Tensor& self, const lazuli::AdaptiveSize& output_size) {
  return detail::two(lazuli::adaptive_max_pool3d_with_indices(self, output_size));
}
/// Divides gradients by the scale and tells in `found_inf` whether one is not finite; then the scale for the next step, which grows after `interval` steps without.
inline void _amp_foreach_non_finite_check_and_unscale_(const std::vector<Tensor>& grads, Tensor& found_inf, const Tensor& inv_scale) {
  const lazuli::no_grad guard;
  const double inverse = inv_scale.item<double>();  // as a number, for float16 has none as small
  for (const Tensor& grad : grads) {
    Tensor g = grad.detach();
    if (!lazuli::isfinite(g).all().item<bool>()) found_inf.fill_(1);
    g.mul_(inverse);
  }
}
inline Tensor& _amp_update_scale_(Tensor& scale, Tensor& growth_tracker, const Tensor& found_inf, double growth, double backoff, int64_t interval) {
  const lazuli::no_grad guard;
  if (found_inf.item<double>() != 0) return growth_tracker.fill_(0), scale.mul_(backoff);
  if (growth_tracker.add_(1).item<int64_t>() < interval) return scale;
  growth_tracker.fill_(0);
  if (lazuli::isfinite(scale * growth).all().item<bool>()) scale.mul_(growth);
  return scale;
}

inline Tensor bartlett_window(int64_t length, const TensorOptions& options) { return lazuli::bartlett_window(length, true, options); }
inline Tensor blackman_window(int64_t length, const TensorOptions& options) { return lazuli::blackman_window(length, true, options); }
inline Tensor hamming_window(int64_t length, bool periodic, double alpha, double beta = 0.46, const TensorOptions& options = {}) {
  return lazuli::hamming_window(length, {.periodic = periodic, .alpha = alpha, .beta = beta}, options);
}
inline Tensor kaiser_window(int64_t length, std::same_as<bool> auto periodic, double beta = 12, const TensorOptions& options = {}) {
  return lazuli::kaiser_window(length, {.periodic = periodic, .beta = beta}, options);
}

/// Of a tensor of values or one number.
template <class Values>
Tensor searchsorted(const Tensor& sorted_sequence, const Values& values, lazuli::SearchsortedOptions options) {
  return lazuli::searchsorted(sorted_sequence, values, std::move(options));
}
template <class Values>
Tensor searchsorted(const Tensor& sorted_sequence, const Values& values, bool out_int32 = false, bool right = false,
                    std::optional<std::string_view> side = {}, const lazuli::OptionalTensor& sorter = {}) {
  lazuli::SearchsortedOptions options{.out_int32 = out_int32, .right = right, .sorter = sorter};
  if (side) options.side = std::string(*side);
  return lazuli::searchsorted(sorted_sequence, values, options);
}
/// For the fractions q, a number or a tensor.
template <class Q>
Tensor quantile(const Tensor& self, const Q& q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) {
  return lazuli::quantile(self, q, lazuli::QuantileOptions{.dim = dim, .keepdim = keepdim, .interpolation = std::string(interpolation)});
}
template <class Q>
Tensor nanquantile(const Tensor& self, const Q& q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) {
  return lazuli::nanquantile(self, q, lazuli::QuantileOptions{.dim = dim, .keepdim = keepdim, .interpolation = std::string(interpolation)});
}

// Reductions of all elements in another dtype, and `unbiased` of all.
inline Tensor sum(const Tensor& self, std::same_as<DType> auto dtype) { return lazuli::sum(self, {}, false, dtype); }
inline Tensor mean(const Tensor& self, std::same_as<DType> auto dtype) { return lazuli::mean(self, {}, false, dtype); }
inline Tensor prod(const Tensor& self, std::same_as<DType> auto dtype) { return lazuli::prod(self, {}, false, dtype); }
inline Tensor std(const Tensor& self, std::same_as<bool> auto unbiased) { return lazuli::std(self, {}, unbiased); }
inline Tensor var(const Tensor& self, std::same_as<bool> auto unbiased) { return lazuli::var(self, {}, unbiased); }
inline std::tuple<Tensor, Tensor> std_mean(const Tensor& self, std::same_as<bool> auto unbiased) { return lazuli::std_mean(self, {}, unbiased); }
inline std::tuple<Tensor, Tensor> var_mean(const Tensor& self, std::same_as<bool> auto unbiased) { return lazuli::var_mean(self, {}, unbiased); }

// Of the sizes of another, in a layout that is asked for.
#define LAZULI_TORCH_LIKE(name)                                                                                     \
  inline Tensor name##_like(const Tensor& self, const TensorOptions& options, std::optional<MemoryFormat> format) { \
    Tensor like = lazuli::name##_like(self, options);                                                               \
    if (!format || *format == MemoryFormat::Preserve) return like;                                                  \
    return like.detach().contiguous(*format).requires_grad_(like.requires_grad());                                  \
  }                                                                                                                 \
  inline Tensor name##_like(const Tensor& self, std::same_as<MemoryFormat> auto format) { return name##_like(self, {}, format); }
LAZULI_TORCH_LIKE(empty)
LAZULI_TORCH_LIKE(zeros)
LAZULI_TORCH_LIKE(ones)
LAZULI_TORCH_LIKE(rand)
LAZULI_TORCH_LIKE(randn)
#undef LAZULI_TORCH_LIKE
/// Transforms along several dimensions: sizes, dimensions, norm.
namespace fft {
using namespace lazuli::fft;
}
#define LAZULI_TORCH_FFT(name, Dims, defaults)                                                                                            \
  namespace fft {                                                                                                                         \
  using lazuli::fft::name;                                                                                                                \
  inline Tensor name(const Tensor& self, const std::same_as<Shape> auto& s) { return lazuli::fft::name(self, {.s = s}); }                 \
  inline Tensor name(const Tensor& self, const lazuli::OptionalShape& s, const lazuli::Dims& dim, std::optional<std::string> norm = {}) { \
    return lazuli::fft::name(self, {.s = s, .dim = dim, .norm = std::move(norm)});                                                        \
  }                                                                                                                                       \
  }                                                                                                                                       \
  inline Tensor fft_##name(const Tensor& self, const lazuli::OptionalShape& s = {}, const lazuli::Dims& dim = defaults,                   \
                           std::optional<std::string> norm = {}) {                                                                        \
    return fft::name(self, s, dim, std::move(norm));                                                                                      \
  }
#define LAZULI_TORCH_FFTS(name)                             \
  LAZULI_TORCH_FFT(name##2, Shape, (lazuli::Shape{-2, -1})) \
  LAZULI_TORCH_FFT(name##n, OptionalShape, {})
LAZULI_TORCH_FFTS(fft)
LAZULI_TORCH_FFTS(ifft)
LAZULI_TORCH_FFTS(rfft)
LAZULI_TORCH_FFTS(irfft)
LAZULI_TORCH_FFTS(hfft)
LAZULI_TORCH_FFTS(ihfft)
#undef LAZULI_TORCH_FFTS
#undef LAZULI_TORCH_FFT

}  // namespace torch
