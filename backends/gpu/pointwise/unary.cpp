#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/parameters.h"
#include "lazuli/backends/gpu/pointwise/operations.h"
#include "lazuli/core/factory.h"

namespace lazuli::gpu {
namespace {

void unary(UnaryOp op, Tensor& out, const Tensor& a, Params p) {
  const DType t = a.dtype();
  const Operation& operation = unary_operation(op).of(t);
  if (!operation.expression) {
    Tensor no_out = new_tensor({0}, out.dtype()), no_a = new_tensor({0}, t);
    unary_kernel(kCPU, op, no_out, no_a, p);  // refuses the dtype, or else has what is missing here
    return unary_kernel.without_kernel(out.device(), op, out, a, p);
  }
  if (op == UnaryOp::Elu) p.p0 *= p.p1;
  Scalar p0 = p.p0, p1 = p.p1;
  if (is_integral(t) && t != kBool) {
    p0 = op == UnaryOp::Hardtanh ? saturated(p.p0, t) : whole(p.p0);
    p1 = op == UnaryOp::Hardtanh ? saturated(p.p1, t) : Scalar(int64_t(p.p1));
  }
  pointwise(operation, out, {&a}, p0, p1, parameter_dtype(t));
}

}  // namespace

void register_unary(DeviceType type) { unary_kernel.set(type, &unary); }

}  // namespace lazuli::gpu
