#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/parameters.h"
#include "lazuli/backends/gpu/pointwise/operations.h"
#include "lazuli/core/factory.h"

namespace lazuli::gpu {
namespace {

void binary(BinaryOp op, Tensor& out, const Tensor& a, const Tensor& b, Params p) {
  const DType t = a.dtype();
  const Operation& operation = binary_operation(op).of(t);
  const bool of_half = (op == BinaryOp::Complex || op == BinaryOp::Polar) && item_size(t) < 4;
  if (!operation.expression || of_half) {
    Tensor no_out = new_tensor({0}, out.dtype()), no_a = new_tensor({0}, t), no_b = new_tensor({0}, t);
    binary_kernel(kCPU, op, no_out, no_a, no_b, p);  // refuses the dtype, or else has what is missing here
    return binary_kernel.without_kernel(out.device(), op, out, a, b, p);
  }
  if (op == BinaryOp::EluGrad) p.p0 *= p.p1;
  const bool integers = is_integral(t);
  pointwise(operation, out, {&a, &b}, integers ? whole(p.p0) : Scalar(p.p0), integers ? whole(p.p1) : Scalar(p.p1), parameter_dtype(t));
}

}  // namespace

void register_binary(DeviceType type) { binary_kernel.set(type, &binary); }

}  // namespace lazuli::gpu
