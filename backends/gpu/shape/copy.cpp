#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/pointwise/pointwise.h"
#include "lazuli/core/threads/stream.h"

namespace lazuli::gpu {
namespace {

// Floats reach small integers through int64, so that -1.0 is 255 as a uint8; complex to real drops the imaginary part.
Operation conversion(DType from, DType to) {
  if (is_complex(to) && is_complex(from))
    return {"converted(a)", {"DEVICE O converted(A a) { O z; z.re = (O_REAL)a.re; z.im = (O_REAL)a.im; return z; }\n"}};
  if (is_complex(to)) return {"converted(a)", {"DEVICE O converted(A_COMPUTE a) { O z; z.re = (O_REAL)a; z.im = 0; return z; }\n"}};
  const bool narrow = !is_integral(from) && is_integral(to) && item_size(to) < 4;
  if (is_complex(from)) return {to == kBool ? "(a.re != 0 || a.im != 0)" : narrow ? "(O_COMPUTE)(int64)a.re" : "(O_COMPUTE)a.re"};
  if (to == kBool) return {"(a != 0)"};
  if (narrow) return {"(O_COMPUTE)(int64)a"};
  return {"(O_COMPUTE)a"};
}

void copy(Tensor& out, const Tensor& in) {
  if (out.numel() == 0) return;
  DType from = in.dtype(), to = out.dtype();
  if (from != to) return pointwise(conversion(from, to), out, {&in}, 0, 0, kFloat32);
  if (out.is_contiguous() && in.is_contiguous()) {
    if (out.address() != in.address())
      driver_of(out.device())
          .copy_within(out.address(), out.device().index, in.address(), in.device().index, out.nbytes(), current_stream_handle(out.device()), false);
    return;
  }
  pointwise({"a"}, out, {&in}, 0, 0, kFloat32);
}

void fill(Tensor& out, const Scalar& value) {
  DType t = out.dtype();
  if (is_complex(t)) {
    const Scalar im = value.is_complex() ? Scalar(value.to<complex128>().im) : Scalar(0.0);
    return pointwise({"complex_of(p0, p1)"}, out, {}, value.to<double>(), im, real_dtype(t));
  }
  if (t == kBool) return pointwise({"(O_COMPUTE)p0"}, out, {}, value.to<bool>(), 0, t);
  pointwise({"(O_COMPUTE)p0"}, out, {}, is_integral(t) ? Scalar(value.to<int64_t>()) : Scalar(value.to<double>()), 0, t);
}

}  // namespace

void register_copy(DeviceType type) {
  copy_kernel.set(type, &copy);
  fill_kernel.set(type, &fill);
}

}  // namespace lazuli::gpu
