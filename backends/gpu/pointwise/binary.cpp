#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/parameters.h"
#include "lazuli/backends/gpu/pointwise/operations.h"

namespace lazuli::gpu {
namespace {

void binary(BinaryOp op, Tensor& out, const Tensor& a, const Tensor& b, Params p) {
  const DType t = a.dtype();
  const bool integers = is_integral(t);
  pointwise(operation(op, t), out, {&a, &b}, integers ? whole(p.p0) : Scalar(p.p0), integers ? whole(p.p1) : Scalar(p.p1), parameter_dtype(t));
}

void binary_number(BinaryOp op, Tensor& out, const Tensor& a, const Scalar& number, bool number_first) {
  const DType t = a.dtype();
  Scalar real = number, imaginary = 0;
  if (is_integral(t)) {
    real = stored(number, t);
  } else if (is_complex(t)) {
    const complex128 z = number.to<complex128>();
    real = z.re, imaginary = z.im;
  }
  pointwise(operation(op, t), out, {&a}, real, imaginary, parameter_dtype(t), number_first ? NumberOperand::A : NumberOperand::B);
}

}  // namespace

void register_binary(DeviceType type) {
  binary_kernel.set(type, &binary);
  binary_number_kernel.set(type, &binary_number);
}

}  // namespace lazuli::gpu
