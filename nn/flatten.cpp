#include "lazuli/nn/flatten.h"

#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli::nn {

Tensor Flatten::forward(const Tensor& input) { return flatten(input, options.start_dim, options.end_dim); }
Tensor Unflatten::forward(const Tensor& input) { return unflatten(input, dim, unflattened_size); }

void list_shapes(ModuleTable& table) { table.add<Flatten, Unflatten>(); }

}  // namespace lazuli::nn
