#pragma once
#include "lazuli/core/factory.h"

namespace lazuli {

/// The tensors one after another along `dim`, in the dtype to which all promote. All have the same sizes elsewhere; 1-d tensors without elements are passed over.
Tensor cat(const std::vector<Tensor>& tensors, int64_t dim = 0);
Tensor concat(const std::vector<Tensor>& tensors, int64_t dim = 0);
inline Tensor concatenate(const std::vector<Tensor>& tensors, int64_t dim = 0) { return cat(tensors, dim); }
/// Tensors of one size as the entries of a new dimension `dim`.
Tensor stack(const std::vector<Tensor>& tensors, int64_t dim = 0);
/// cat along columns (1; 0 for 1-d), rows (0) and depth (2), after atleast_1d, 2d and 3d; 1-d tensors are columns for column_stack.
Tensor hstack(const std::vector<Tensor>& tensors);
Tensor vstack(const std::vector<Tensor>& tensors);
Tensor row_stack(const std::vector<Tensor>& tensors);
Tensor dstack(const std::vector<Tensor>& tensors);
Tensor column_stack(const std::vector<Tensor>& tensors);

}  // namespace lazuli
