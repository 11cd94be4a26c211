#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {

void matmul_fused(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, UnaryOp activation, const Tensor& other, BinaryOp op, Params p) {
  const Device device = out.device();
  matmul_kernel(device, out, a, b, bias, 0, 1);
  if (other.defined()) binary_kernel(device, op, out, out, other, p);
  else if (activation != UnaryOp::Positive) unary_kernel(device, activation, out, out, p);
}

void register_product() { matmul_fused_kernel.set_composite(matmul_fused); }

}  // namespace lazuli::composites
