#pragma once
#include "lazuli/core/factory.h"

/// Memory of a given layout.
namespace lazuli {

/// Uninitialised, of these sizes, whose dimensions lie in memory in the order that `physical_layout` names them, outermost first; each once.
Tensor empty_permuted(const Shape& sizes, const Shape& physical_layout, const CreationOptions& options = {});
/// empty_strided on the device and in the dtype of self.
Tensor new_empty_strided(const Tensor& self, const Shape& sizes, const Shape& strides, const CreationOptions& options = {});
/// Gives self these sizes, row-major from where it starts: its elements in the order of memory, those beyond them uninitialised. Where its memory is too small it gets new memory, which
/// views of the old one do not see. Throws Error where self requires grad.
Tensor& resize_(const Tensor& self, const Shape& sizes);
Tensor& resize_as_(const Tensor& self, const Tensor& like);

/// Whether two tensors of these sizes must be broadcast to meet: whether the sizes differ.
inline bool needs_broadcast(const Shape& a, const Shape& b) { return !(a == b); }

}  // namespace lazuli
