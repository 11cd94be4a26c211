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

void ternary_number(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, const Scalar& number_b, const Scalar& number_c) {
  const DType t = out.dtype();
  auto element = [t](const Scalar& number) { return is_integral(t) ? stored(number, t) : number; };
  if (!b.defined() && !c.defined()) {
    if (is_complex(t)) return ternary_number_kernel.without_kernel(out.device(), op, out, a, b, c, number_b, number_c);
    return pointwise(operation(op, t), out, {&a}, element(number_b), element(number_c), parameter_dtype(t), NumberOperand::BandC);
  }
  const Scalar& number = b.defined() ? number_c : number_b;
  const complex128 z = is_complex(t) ? number.to<complex128>() : complex128();
  pointwise(operation(op, t), out, {&a, b.defined() ? &b : &c}, is_complex(t) ? Scalar(z.re) : element(number), z.im, parameter_dtype(t),
            b.defined() ? NumberOperand::C : NumberOperand::B);
}

}  // namespace

void register_ternary(DeviceType type) {
  ternary_kernel.set(type, &ternary);
  ternary_number_kernel.set(type, &ternary_number);
}

}  // namespace lazuli::gpu
