// Pooling one dimension after the other, the last one first, and in each one read of all windows after the other: with strict comparisons that finds what a walk through each window in
// row-major order finds.
#include <limits>

#include "lazuli/core/slots/pool_windows.h"
#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {
namespace {

Tensor on_device(const std::vector<int64_t>& values, DType dtype, Device device) {
  Tensor t = new_tensor(int64_t(values.size()), kInt64);
  std::copy(values.begin(), values.end(), static_cast<int64_t*>(t.address()));
  return casted(moved(t, device), dtype);
}

// Read k of each window: where, and whether there is one (undefined: in all of them).
struct Read {
  Tensor places, valid;
  Read(const PoolWindows& windows, int64_t k, int64_t dim, int64_t rank, Device device) {
    std::vector<int64_t> at, there;
    bool all = true;
    for (size_t o = 0; o < windows.begin.size(); ++o) {
      const int64_t place = windows.begin[o] + k * windows.step;
      there.push_back(place < windows.end[o]);
      all &= place < windows.end[o];
      at.push_back(there.back() ? place : windows.begin[o]);
    }
    places = on_device(at, kInt64, device);
    if (!all) valid = along(on_device(there, kBool, device), dim, rank);
  }
};

Tensor selected(const Tensor& t, int64_t dim, const Tensor& places) {
  Shape sizes = t.sizes();
  sizes[dim] = places.sizes()[0];
  Tensor out = new_tensor(sizes, t.dtype(), t.device());
  if (out.numel()) index_select_kernel(out.device(), out, t, dim, places);
  return out;
}

Scalar least(DType t) {
  if (is_floating_point(t)) return -std::numeric_limits<double>::infinity();
  return t == kUInt8   ? int64_t(0)
         : t == kInt8  ? int64_t(std::numeric_limits<int8_t>::lowest())
         : t == kInt16 ? int64_t(std::numeric_limits<int16_t>::lowest())
         : t == kInt32 ? int64_t(std::numeric_limits<int32_t>::lowest())
                       : std::numeric_limits<int64_t>::lowest();
}

// The number of elements of each mean, in `dtype`, to be broadcast over the images.
Tensor counts(const std::vector<PoolWindows>& windows, DType dtype, Device device) {
  const int64_t rank = int64_t(windows.size());
  Tensor all = number(1, dtype, device);
  for (int64_t d = 0; d < rank; ++d) {
    std::vector<int64_t> at_least_one = windows[size_t(d)].count;
    for (int64_t& n : at_least_one) n = std::max<int64_t>(n, 1);
    all = times(all, along(on_device(at_least_one, dtype, device), d + 2, rank + 2));
  }
  return all;
}

std::vector<PoolWindows> windows_of(const Tensor& in, const Tensor& out, const Shape& kernel, const Shape& stride, const Shape& padding,
                                    const Shape* dilation, bool count_padding) {
  std::vector<PoolWindows> all;
  for (int64_t d = 0; d < in.dim() - 2; ++d)
    all.push_back(PoolWindows::of(d, in.sizes()[d + 2], out.sizes()[d + 2], kernel, stride, padding, dilation, count_padding));
  return all;
}

}  // namespace

void max_pool(Tensor& out, Tensor& indices, const Tensor& in, const Shape& kernel, const Shape& stride, const Shape& padding, const Shape& dilation) {
  const Device device = in.device();
  const auto windows = windows_of(in, out, kernel, stride, padding, &dilation, false);
  Shape spatial = in.sizes();
  spatial[0] = spatial[1] = 1;
  Tensor values = in, places = reshaped(counted(spatial.numel(), device), spatial);
  for (int64_t d = in.dim() - 1; d >= 2; --d) {
    const PoolWindows& w = windows[size_t(d - 2)];
    Tensor best, best_at;
    for (int64_t k = 0; k < std::max<int64_t>(w.longest(), 1); ++k) {
      const Read read(w, k, d, in.dim(), device);
      Tensor x = selected(values, d, read.places), at = selected(places, d, read.places);
      if (k == 0) {
        best = read.valid.defined() ? where(read.valid, x, number(least(in.dtype()), in.dtype(), device)) : x, best_at = at;
        continue;
      }
      Tensor greater = apply(BinaryOp::Gt, x, best);
      if (in.is_floating_point()) greater = apply(BinaryOp::LogicalOr, greater, apply(BinaryOp::Ne, x, x));
      if (read.valid.defined()) greater = apply(BinaryOp::LogicalAnd, greater, read.valid);
      best = where(greater, x, best), best_at = where(greater, at, best_at);
    }
    values = best, places = best_at;
  }
  write(out, values);
  if (indices.defined()) write(indices, places);
}

void max_pool_backward(Tensor& grad_in, const Tensor& grad, const Tensor& indices) {
  const DType dtype = wide(grad.dtype());
  const Device device = grad.device();
  if (!scatter_kernel.supports(device, dtype)) return max_pool_backward_kernel.decline(device, grad_in, grad, indices);
  const int64_t planes = grad.sizes()[0] * grad.sizes()[1], each = grad.numel() / std::max<int64_t>(planes, 1);
  Tensor sums = filled({planes, grad_in.numel() / std::max<int64_t>(planes, 1)}, 0, dtype, device);
  if (grad.numel())
    scatter_kernel(device, ScatterOp::Add, sums, 1, reshaped(dense(indices), {planes, each}), reshaped(dense(widened(grad)), {planes, each}));
  write(grad_in, reshaped(sums, grad_in.sizes()));
}

void average_pool(Tensor& out, const Tensor& in, const Shape& kernel, const Shape& stride, const Shape& padding, bool count_padding,
                  int64_t divisor) {
  const Device device = in.device();
  const auto windows = windows_of(in, out, kernel, stride, padding, nullptr, count_padding);
  const DType dtype = is_integral(in.dtype()) ? kInt64 : wide(in.dtype());
  Tensor sums = casted(in, dtype);
  for (int64_t d = in.dim() - 1; d >= 2; --d) {
    const PoolWindows& w = windows[size_t(d - 2)];
    Tensor sum;
    for (int64_t k = 0; k < std::max<int64_t>(w.longest(), 1); ++k) {
      const Read read(w, k, d, in.dim(), device);
      Tensor x = selected(sums, d, read.places);
      if (read.valid.defined()) x = where(read.valid, x, number(0, dtype, device));
      sum = sum.defined() ? plus(sum, x) : x;
    }
    sums = sum;
  }
  const Tensor by = divisor ? number(divisor, dtype, device) : counts(windows, dtype, device);
  write(out, apply(is_integral(dtype) ? BinaryOp::DivTrunc : BinaryOp::Div, sums, by));
}

void average_pool_backward(Tensor& grad_in, const Tensor& grad, const Shape& kernel, const Shape& stride, const Shape& padding, bool count_padding,
                           int64_t divisor) {
  const Device device = grad.device();
  const auto windows = windows_of(grad_in, grad, kernel, stride, padding, nullptr, count_padding);
  const DType dtype = wide(grad.dtype());
  Tensor g = over(widened(grad), divisor ? number(divisor, dtype, device) : counts(windows, dtype, device));
  for (int64_t d = 2; d < grad.dim(); ++d) {
    const PoolWindows& w = windows[size_t(d - 2)];
    Shape sizes = g.sizes();
    sizes[d] = grad_in.sizes()[d];
    Tensor sums = filled(sizes, 0, dtype, device);
    for (int64_t k = 0; k < w.longest(); ++k) {
      const Read read(w, k, d, grad.dim(), device);
      const Tensor part = read.valid.defined() ? where(read.valid, g, number(0, dtype, device)) : g;
      if (part.numel()) index_add_kernel(device, ScatterOp::Add, sums, d, read.places, part, 1);
    }
    g = sums;
  }
  write(grad_in, g);
}

void register_pooling() {
  max_pool_kernel.set_composite(max_pool);
  max_pool_backward_kernel.set_composite(max_pool_backward);
  average_pool_kernel.set_composite(average_pool);
  average_pool_backward_kernel.set_composite(average_pool_backward);
}

}  // namespace lazuli::composites
