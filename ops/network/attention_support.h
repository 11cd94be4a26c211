#pragma once
#include <optional>

#include "lazuli/core/random/generator.h"
#include "lazuli/core/tensor.h"

/// What the operators of attention.h share, and the composite that their tests hold them against.
namespace lazuli::attention {

/// Whole attention from differentiable operators, with every weight in memory: softmax(scale * query @ key^T + mask) and that times value, of inputs [.., l, e], [.., s, e], [.., s, ev].
/// mask: true where seen, or numbers to add; a row that sees nothing has weights of zeros.
struct Composite {
  Tensor out, weights;
};
Composite composite(const Tensor& query, const Tensor& key, const Tensor& value, const OptionalTensor& mask, double scale, double dropout_p = 0);

/// Bool [l, s], true where column <= row.
Tensor causal_mask(int64_t l, int64_t s, Device device, int64_t first_row = 0);
/// softmax of the last dimension of `scores` with `mask` put on; zeros in rows where nothing is seen.
Tensor masked_softmax(const Tensor& scores, const OptionalTensor& mask);
/// Throws Error for a probability outside [0, 1).
void check_dropout(const char* op, double dropout_p);

}  // namespace lazuli::attention
