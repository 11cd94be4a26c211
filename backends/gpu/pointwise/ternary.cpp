#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/parameters.h"
#include "lazuli/backends/gpu/pointwise/operations.h"

namespace lazuli::gpu {
namespace {

void ternary(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, Params p) {
  const DType t = out.dtype();
  const Scalar p0 = is_integral(t) ? Scalar(int64_t(p.p0)) : Scalar(p.p0);
  pointwise(operation(op, t), out, {&a, &b, &c}, p0, 0, parameter_dtype(t));
}

}  // namespace

void register_ternary(DeviceType type) { ternary_kernel.set(type, &ternary); }

}  // namespace lazuli::gpu
