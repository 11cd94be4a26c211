// searchsorted: a bisection per value. bincount: counts are integers, which atomics add in any order to the same sum; weights go through index_add, in order.
// randperm: the contract is Fisher and Yates's shuffle, a chain of exchanges, which the host walks faster than any one work item.
#include "lazuli/backends/gpu/dense.h"
#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/host_copy.h"
#include "lazuli/backends/gpu/program.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::gpu {
namespace {

const Source kSearch{"searchsorted", R"gpu(
// The first position whose element is >= x (right: > x). Comparisons with NaN are false, so that a NaN goes to the end.
KERNEL(searchsorted)(BUFFER(O, out), INPUT(T, sorted), INPUT(T, values), int64 count, int64 n, int64 per_line, int right) {
  OPEN(O, out);
  OPEN_INPUT(T, sorted);
  OPEN_INPUT(T, values);
  const int64 i = GLOBAL_ID;
  if (i >= count) return;
  const T_COMPUTE x = T_LOAD(values, i);
  const int64 line = i / per_line * n;
  int64 low = 0, high = n;
  while (low < high) {
    const int64 middle = low + (high - low) / 2;
    const T_COMPUTE m = T_LOAD(sorted, line + middle);
    if (right ? !(m > x) : !(m >= x)) low = middle + 1;
    else high = middle;
  }
  out[i] = (O)low;
}
)gpu"};

const Source kCount{"bincount", R"gpu(
KERNEL(count)(BUFFER(int, counts), INPUT(T, in), ERRORS(errors), int64 n, int64 bins, int64 step) {
  OPEN(int, counts);
  OPEN_INPUT(T, in);
  const int64 i = GLOBAL_ID;
  if (i >= n) return;
  const int64 v = (int64)in[i * step];
  if (v < 0 || v >= bins) REPORT_INDEX(errors, v, bins);
  else ATOMIC_ADD_INT(counts + v, 1);
}

KERNEL(add)(BUFFER(O, out), INPUT(int, counts), int64 bins, int64 step) {
  OPEN(O, out);
  OPEN_INPUT(int, counts);
  const int64 i = GLOBAL_ID;
  if (i < bins) O_STORE(out, i * step, (O_COMPUTE)(O_LOAD(out, i * step) + (O_COMPUTE)counts[i]));
}
)gpu"};

void searchsorted(Tensor& out, const Tensor& sorted, const Tensor& values, bool right) {
  if (values.numel() == 0) return;
  Device device = out.device();
  const Tensor s = dense(sorted, sorted.dtype()), v = dense(values, sorted.dtype());
  Tensor result = out.is_contiguous() ? out : new_tensor(out.sizes(), out.dtype(), device);
  Arguments args;
  args.buffer(result).buffer(s).buffer(v).value(v.numel()).value(s.sizes().back());
  args.value(s.dim() == 1 || v.dim() == 0 ? v.numel() : v.sizes().back()).value(int32_t(right));
  Variant(kSearch, "searchsorted", device).type("O", out.dtype()).type("T", s.dtype()).run(Grid::items(v.numel()), args);
  if (!result.is_same(out)) copy_kernel(device, out, result);
}

void bincount(Tensor& out, const Tensor& in, const Tensor& weights) {
  const int64_t n = in.numel(), bins = out.numel();
  if (n == 0) return;
  Device device = out.device();
  if (!is_integral(in.dtype()) || in.dtype() == kBool || n > INT32_MAX) return bincount_kernel.without_kernel(device, out, in, weights);
  if (weights.defined()) return index_add_kernel(device, ScatterOp::Add, out, 0, in, dense(weights, out.dtype()), 1.0);
  Tensor counts = new_tensor({bins}, kInt32, device);
  fill_kernel(device, counts, 0);
  auto variant = [&](const char* kernel) { return Variant(kCount, kernel, device).type("T", in.dtype()).type("O", out.dtype()); };
  Arguments count, add;
  count.buffer(counts).buffer(in);
  driver_of(device).add_error_buffer(count, "bincount", device.index);
  count.value(n).value(bins).value(in.dim() ? in.strides()[0] : 0);
  variant("count").run(Grid::items(n), count);
  add.buffer(out).buffer(counts).value(bins).value(out.strides()[0]);
  variant("add").run(Grid::items(bins), add);
}

void randperm(Tensor& out, const PhiloxState& state) {
  if (out.numel() == 0) return;
  Tensor host = new_tensor(out.sizes(), kInt64);
  randperm_kernel(kCPU, host, state);
  copy_from_host(out, host);
}

}  // namespace

void register_sort_search(DeviceType type) {
  const DTypeSet numbers{kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64};
  searchsorted_kernel.set(type, &searchsorted, numbers);
  bincount_kernel.set(type, &bincount, numbers);
  randperm_kernel.set(type, &randperm);
}

}  // namespace lazuli::gpu
