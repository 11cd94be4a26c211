#pragma once
#include "lazuli/nn/module/options.h"

namespace lazuli::nn {

struct FlattenOptions {
  int64_t start_dim = 1, end_dim = -1;
  template <class O = FlattenOptions>
  static constexpr auto members() {
    return Members{member("start_dim", &O::start_dim), member("end_dim", &O::end_dim)};
  }
};
/// Joins the dimensions from start_dim to end_dim; by default all but the batch.
class Flatten : public WithOptions<FlattenOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Flatten(int64_t start_dim = 1, int64_t end_dim = -1) : WithOptions(FlattenOptions{start_dim, end_dim}) {}
  template <class = void>
  explicit Flatten(...) = delete;  // Flatten([start_dim], [end_dim]) or Flatten({.start_dim, .end_dim})
  Tensor forward(const Tensor& input) override;
};
/// Splits dimension `dim` into sizes `unflattened_size`, one of which may be -1.
class Unflatten : public TensorModule {
 public:
  Unflatten(int64_t which, const Shape& sizes) : dim(which), unflattened_size(sizes) {}
  explicit Unflatten(...) = delete;  // Unflatten(which, sizes)
  template <class M = Unflatten>
  static constexpr auto arguments() {
    return Members{member("dim", &M::dim), member("unflattened_size", &M::unflattened_size)};
  }
  Tensor forward(const Tensor& input) override;
  int64_t dim;
  Shape unflattened_size;
};

}  // namespace lazuli::nn
