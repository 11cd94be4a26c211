#include "lazuli/autograd/support.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"

// What the tape asks of operators (autograd/support.h); read_view and write_view stand in view.cpp.
namespace lazuli::support {

Tensor add(const Tensor& a, const Tensor& b) { return lazuli::add(a, b); }
void add_in_place(Tensor& a, const Tensor& b) {
  if (b.numel()) binary_kernel(a.device(), BinaryOp::Add, a, a, b, Params());
  a.storage()->bump_version();
}
Tensor clone(const Tensor& t) { return t.is_contiguous() ? lazuli::clone(t) : lazuli::contiguous(t); }
Tensor cat(const std::vector<Tensor>& tensors) { return lazuli::cat(tensors); }
Tensor sum_to_size(const Tensor& t, const Shape& sizes) { return lazuli::sum_to_size(t, sizes); }
Tensor cast(const Tensor& t, DType dtype) { return lazuli::to(t, dtype); }
Tensor to_device(const Tensor& t, Device device) { return lazuli::to(t, device); }
Tensor ones_like(const Tensor& t) {
  Tensor out = new_tensor(t.sizes(), t.dtype(), t.device());
  if (out.numel()) fill_kernel(out.device(), out, 1);
  return out;
}
Tensor zeros(const Shape& sizes, DType dtype, Device device) {
  Tensor out = new_tensor(sizes, dtype, device);
  if (out.numel()) fill_kernel(device, out, 0);
  return out;
}
bool has_nan(const Tensor& t) {
  if (t.numel() == 0 || t.device().is_meta() || !is_differentiable(t.dtype())) return false;
  Tensor nan = new_tensor(t.sizes(), kBool, t.device()), any = new_tensor(Shape::filled(t.dim(), 1), kBool, t.device());
  unary_kernel(t.device(), UnaryOp::IsNan, nan, t, Params());
  reduce_kernel(t.device(), ReduceOp::Any, any, nan);
  return batching::any_true(any);
}

}  // namespace lazuli::support
