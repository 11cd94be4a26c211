#pragma once
#include "lazuli/nn/module/module.h"

namespace lazuli::nn {

/// Joins the dimensions from start_dim to end_dim; by default all but the batch.
class Flatten : public TensorModule {
 public:
  explicit Flatten(int64_t start = 1, int64_t end = -1) : start_dim(start), end_dim(end) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  int64_t start_dim, end_dim;
};
/// Splits dimension `dim` into sizes `unflattened_size`, one of which may be -1.
class Unflatten : public TensorModule {
 public:
  Unflatten(int64_t which, const Shape& sizes) : dim(which), unflattened_size(sizes) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  int64_t dim;
  Shape unflattened_size;
};

}  // namespace lazuli::nn
