#pragma once
#include <string_view>

#include "lazuli/core/tensor.h"

/// Rows of a table by index. Indices are int64 or int32; one out of range is an Error (Index).
namespace lazuli {

/// weight[input], sizes of input and then [d], for weight [vocabulary, d]. Rows of `padding_idx` (negative: from the end) get no gradient;
/// `max_norm` first scales rows that are used
/// and longer (by norm_type) down to it, in place; `scale_grad_by_freq` divides a row's gradient by how often its index occurs.
Tensor embedding(const Tensor& input, const Tensor& weight, std::optional<int64_t> padding_idx = {}, std::optional<double> max_norm = {},
                 double norm_type = 2, bool scale_grad_by_freq = false);
/// Sums, means or maxima ("sum", "mean", "max") of the rows of bags of indices: each row of a 2-d input, or the runs of a 1-d one that begin at
/// `offsets`. Empty bags give 0.
/// `per_sample_weights` ("sum" only) scale the rows; indices equal to padding_idx count for nothing; `include_last_offset`: the last offset is the
/// end.
Tensor embedding_bag(const Tensor& input, const Tensor& weight, const OptionalTensor& offsets = {}, std::optional<double> max_norm = {},
                     double norm_type = 2, bool scale_grad_by_freq = false, std::string_view mode = "mean",
                     const OptionalTensor& per_sample_weights = {}, bool include_last_offset = false, std::optional<int64_t> padding_idx = {});
/// int64 zeros of the sizes of self and then [num_classes], with a 1 at each value. num_classes -1: one more than the greatest value.
/// Throws Error for a negative value or one that is not below num_classes.
Tensor one_hot(const Tensor& self, int64_t num_classes = -1);

}  // namespace lazuli
