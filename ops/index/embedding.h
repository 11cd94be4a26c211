#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// Rows of a table by index. Indices are int64 or int32; one out of range is an Error (Index).
namespace lazuli {

struct EmbeddingFunctionOptions {
  std::optional<int64_t> padding_idx = {};  // its row is not trained (a module's begins as zeros); negative: from the end
  std::optional<double> max_norm = {};
  double norm_type = 2;
  bool scale_grad_by_freq = false;
  bool sparse = false;  // taken as PyTorch's programs give it; the gradient is dense with the same numbers, and optim::SparseAdam takes it
  template <class O = EmbeddingFunctionOptions>
  static constexpr auto members() {
    return Members{member("padding_idx", &O::padding_idx), member("max_norm", &O::max_norm), member("norm_type", &O::norm_type),
                   member("scale_grad_by_freq", &O::scale_grad_by_freq)};
  }
};
namespace with_options {
Tensor embedding(const Tensor& input, const Tensor& weight, EmbeddingFunctionOptions options);
}
/// weight[input], sizes of input and then [d], for weight [vocabulary, d]. Rows of `padding_idx` (negative: from the end) get no gradient;
/// `max_norm` first scales rows that are used
/// and longer (by norm_type) down to it, in place; `scale_grad_by_freq` divides a row's gradient by how often its index occurs.
template <class PaddingIdx = EmbeddingFunctionOptions>
Tensor embedding(const Tensor& input, const Tensor& weight, PaddingIdx padding_idx = {}, std::optional<double> max_norm = {}, double norm_type = 2,
                 bool scale_grad_by_freq = false) {
  return with_options::embedding(input, weight,
                                 by_position<EmbeddingFunctionOptions>(std::move(padding_idx), max_norm, norm_type, scale_grad_by_freq));
}

struct EmbeddingBagFunctionOptions {
  OptionalTensor offsets = {};  // [bags], where each begins in a 1-d input
  std::optional<double> max_norm = {};
  double norm_type = 2;
  bool scale_grad_by_freq = false;
  std::string mode = "mean";  // or "sum", "max"
  OptionalTensor per_sample_weights = {};
  bool include_last_offset = false;
  std::optional<int64_t> padding_idx = {};
  template <class O = EmbeddingBagFunctionOptions>
  static constexpr auto members() {
    return Members{member("offsets", &O::offsets),
                   member("max_norm", &O::max_norm),
                   member("norm_type", &O::norm_type),
                   member("scale_grad_by_freq", &O::scale_grad_by_freq),
                   member("mode", &O::mode),
                   member("per_sample_weights", &O::per_sample_weights),
                   member("include_last_offset", &O::include_last_offset),
                   member("padding_idx", &O::padding_idx)};
  }
};
namespace with_options {
Tensor embedding_bag(const Tensor& input, const Tensor& weight, EmbeddingBagFunctionOptions options);
}
/// Sums, means or maxima ("sum", "mean", "max") of the rows of bags of indices: each row of a 2-d input, or the runs of a 1-d one that begin at
/// `offsets`. Empty bags give 0.
/// `per_sample_weights` ("sum" only) scale the rows; indices equal to padding_idx count for nothing; `include_last_offset`: the last offset is the
/// end.
template <class Offsets = EmbeddingBagFunctionOptions>
Tensor embedding_bag(const Tensor& input, const Tensor& weight, Offsets offsets = {}) {
  return with_options::embedding_bag(input, weight, by_position<EmbeddingBagFunctionOptions>(std::move(offsets)));
}
/// int64 zeros of the sizes of self and then [num_classes], with a 1 at each value. num_classes -1: one more than the greatest value.
/// Throws Error for a negative value or one that is not below num_classes.
Tensor one_hot(const Tensor& self, int64_t num_classes = -1);

}  // namespace lazuli
