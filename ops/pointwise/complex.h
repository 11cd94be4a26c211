#pragma once
#include "lazuli/core/factory.h"

/// Complex numbers.
namespace lazuli {

/// The complex conjugate; self itself when it is real. Computed at once: a tensor never carries a conjugation to be done later.
Tensor conj(const Tensor& self);
Tensor conj_physical(const Tensor& self);
Tensor& conj_physical_(const Tensor& self);
Tensor resolve_conj(const Tensor& self);
Tensor resolve_neg(const Tensor& self);
/// The real part as a view (self itself when it is real) and the imaginary part as a view. `imag` throws Error for real tensors.
Tensor real(const Tensor& self);
Tensor imag(const Tensor& self);
/// A complex tensor seen as a real one with a last dimension of 2, and the reverse. `view_as_complex` throws Error unless the last dimension has size 2 and stride 1, the
/// other strides and the offset are even, and the dtype is float32 or float64.
Tensor view_as_real(const Tensor& self);
Tensor view_as_complex(const Tensor& self);
/// The angle in the complex plane, in (-pi, pi]; for real numbers 0 or pi (NaN for NaN).
Tensor angle(const Tensor& self);
/// real + i imag, and abs * (cos(angle) + i sin(angle)): of two tensors of one dtype, float32 or float64 (`complex` of float16 too in PyTorch, which has half complex).
Tensor complex(const Tensor& real, const Tensor& imag);
Tensor polar(const Tensor& abs, const Tensor& angle);

}  // namespace lazuli
