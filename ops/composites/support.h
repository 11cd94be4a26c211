#pragma once
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/composites.h"

/// What the composites are written with: slot calls that return new tensors. Operands broadcast to each other and are of one dtype.
namespace lazuli::composites {

/// Half types compute in float32, others in themselves.
inline DType wide(DType t) { return t == kFloat16 || t == kBFloat16 ? kFloat32 : t; }
inline Tensor widened(const Tensor& t) { return casted(t, wide(t.dtype())); }

/// A 0-d tensor, for it broadcasts to all.
Tensor number(const Scalar& value, DType dtype, Device device);
Tensor filled(const Shape& sizes, const Scalar& value, DType dtype, Device device);
/// 0, 1, .. n-1 in int64.
Tensor counted(int64_t n, Device device, int64_t first = 0);

Tensor apply(UnaryOp op, const Tensor& a, Params p = {});
Tensor apply(BinaryOp op, const Tensor& a, const Tensor& b);
Tensor apply(BinaryOp op, const Tensor& a, const Scalar& b);
inline Tensor plus(const Tensor& a, const Tensor& b) { return apply(BinaryOp::Add, a, b); }
inline Tensor plus(const Tensor& a, double b) { return apply(BinaryOp::Add, a, b); }
inline Tensor minus(const Tensor& a, const Tensor& b) { return apply(BinaryOp::Sub, a, b); }
inline Tensor times(const Tensor& a, const Tensor& b) { return apply(BinaryOp::Mul, a, b); }
inline Tensor times(const Tensor& a, double b) { return apply(BinaryOp::Mul, a, b); }
inline Tensor over(const Tensor& a, const Tensor& b) { return apply(BinaryOp::Div, a, b); }
inline Tensor over(const Tensor& a, double b) { return apply(BinaryOp::Div, a, b); }
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);

/// Reduced to `sizes`, of the same rank, through the slot; the dtype is that of the operator's result, or as said.
Tensor reduced(ReduceOp op, const Tensor& in, const Shape& sizes, DType dtype);
/// Over one dimension, which stays with size 1.
Tensor reduced(ReduceOp op, const Tensor& in, int64_t dim);

/// out = value, cast and broadcast.
void write(Tensor& out, const Tensor& value);
/// A view of a contiguous tensor.
Tensor reshaped(const Tensor& t, const Shape& sizes);
Tensor narrowed(const Tensor& t, int64_t dim, int64_t start, int64_t length);
/// A vector as sizes of `rank` dimensions, all of them 1 but `dim`.
Tensor along(const Tensor& vector, int64_t dim, int64_t rank);

}  // namespace lazuli::composites
