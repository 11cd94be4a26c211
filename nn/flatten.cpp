#include "lazuli/nn/flatten.h"

#include "lazuli/nn/module/print.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli::nn {

using detail::py;

Tensor Flatten::forward(const Tensor& input) { return flatten(input, start_dim, end_dim); }
std::string Flatten::extra_repr() const { return "start_dim=" + py(start_dim) + ", end_dim=" + py(end_dim); }
Tensor Unflatten::forward(const Tensor& input) { return unflatten(input, dim, unflattened_size); }
std::string Unflatten::extra_repr() const { return "dim=" + py(dim) + ", unflattened_size=" + py(unflattened_size); }

}  // namespace lazuli::nn
