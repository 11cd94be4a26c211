#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/parameters.h"
#include "lazuli/backends/gpu/pointwise/operations.h"

namespace lazuli::gpu {
namespace {

void unary(UnaryOp op, Tensor& out, const Tensor& a, Params p) {
  const DType t = a.dtype();
  Scalar p0 = p.p0, p1 = p.p1;
  if (is_integral(t) && t != kBool) {
    p0 = op == UnaryOp::Hardtanh ? saturated(p.p0, t) : whole(p.p0);
    p1 = op == UnaryOp::Hardtanh ? saturated(p.p1, t) : Scalar(int64_t(p.p1));
  }
  pointwise(operation(op, t), out, {&a}, p0, p1, parameter_dtype(t));
}

}  // namespace

void register_unary(DeviceType type) { unary_kernel.set(type, &unary); }

}  // namespace lazuli::gpu
