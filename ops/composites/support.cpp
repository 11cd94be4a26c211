#include "lazuli/ops/composites/support.h"

#include "lazuli/core/slots/pointwise_codes.h"

namespace lazuli::composites {

Tensor number(const Scalar& value, DType dtype, Device device) { return filled(Shape(), value, dtype, device); }

Tensor filled(const Shape& sizes, const Scalar& value, DType dtype, Device device) {
  Tensor t = new_tensor(sizes, dtype, device);
  if (t.numel()) fill_kernel(device, t, value);
  return t;
}

Tensor counted(int64_t n, Device device, int64_t first) {
  Tensor t = new_tensor(n, kInt64, device);
  if (n) arange_kernel(device, t, first, 1);
  return t;
}

Tensor apply(UnaryOp op, const Tensor& a, Params p) {
  Tensor out = new_tensor(a.sizes(), about(op).result_dtype(a.dtype()), a.device());
  if (out.numel()) unary_kernel(out.device(), op, out, a, p);
  return out;
}

Tensor apply(BinaryOp op, const Tensor& a, const Tensor& b) {
  const Shape sizes = broadcast_shapes(a.sizes(), b.sizes());
  Tensor out = new_tensor(sizes, about(op).result_dtype(a.dtype()), a.device());
  if (out.numel()) binary_kernel(out.device(), op, out, expanded(a, sizes), expanded(b, sizes), Params());
  return out;
}

Tensor apply(BinaryOp op, const Tensor& a, const Scalar& b) { return apply(op, a, number(b, a.dtype(), a.device())); }

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  const Shape sizes = broadcast_shapes(broadcast_shapes(condition.sizes(), a.sizes()), b.sizes());
  Tensor out = new_tensor(sizes, a.dtype(), a.device());
  if (out.numel()) ternary_kernel(out.device(), TernaryOp::Where, out, expanded(condition, sizes), expanded(a, sizes), expanded(b, sizes), Params());
  return out;
}

Tensor reduced(ReduceOp op, const Tensor& in, const Shape& sizes, DType dtype) {
  Tensor out = new_tensor(sizes, dtype, in.device());
  if (out.numel()) reduce_kernel(out.device(), op, out, in);
  return out;
}

Tensor reduced(ReduceOp op, const Tensor& in, int64_t dim) {
  Shape sizes = in.sizes();
  sizes[dim] = 1;
  return reduced(op, in, sizes, in.dtype());
}

void write(Tensor& out, const Tensor& value) {
  if (out.numel()) copy_kernel(out.device(), out, expanded(value, out.sizes()));
}

Tensor reshaped(const Tensor& t, const Shape& sizes) { return alias(t, sizes, contiguous_strides(sizes), t.storage_offset()); }

Tensor narrowed(const Tensor& t, int64_t dim, int64_t start, int64_t length) {
  Shape sizes = t.sizes();
  sizes[dim] = length;
  return alias(t, sizes, t.strides(), t.storage_offset() + start * t.strides()[dim]);
}

Tensor along(const Tensor& vector, int64_t dim, int64_t rank) {
  Shape sizes = Shape::filled(rank, 1), strides = Shape::filled(rank, 0);
  sizes[dim] = vector.sizes()[0];
  strides[dim] = vector.strides()[0];
  return alias(vector, sizes, strides, vector.storage_offset());
}

}  // namespace lazuli::composites
