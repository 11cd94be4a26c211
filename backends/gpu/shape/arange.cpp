#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/host_copy.h"
#include "lazuli/backends/gpu/program.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::gpu {
namespace {

const Source kSource{"arange", R"gpu(
KERNEL(arange)(BUFFER(T, out), int64 n, M start, M step) {
  OPEN(T, out);
  const int64 i = GLOBAL_ID;
  if (i < n) T_STORE(out, i, (T_COMPUTE)(start + (M)i * step));
}
)gpu",
                     true};

void arange(Tensor& out, const Scalar& start, const Scalar& step) {
  if (out.numel() == 0) return;
  Device device = out.device();
  const bool integers = is_integral(out.dtype());
  if (!integers && !driver_of(device).has_float64(device.index)) {  // the contract's double exists on the host only
    Tensor host = new_tensor(out.sizes(), out.dtype());
    arange_kernel(kCPU, host, start, step);
    return copy_from_host(out, host);
  }
  const DType computed = integers ? kInt64 : kFloat64;
  Arguments args;
  args.buffer(out).value(out.numel()).number(computed, start).number(computed, step);
  Variant(kSource, "arange", device).type("T", out.dtype()).type("M", computed).run(Grid::items(out.numel()), args);
}

}  // namespace

void register_arange(DeviceType type) {
  arange_kernel.set(type, &arange, DTypeSet{kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64});
}

}  // namespace lazuli::gpu
