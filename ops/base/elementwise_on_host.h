#pragma once
#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"

/// Elementwise functions that are rare enough to have no kernel: computed by the host, whatever the device.
namespace lazuli {

namespace detail {
inline constexpr int64_t kHostGrain = 512;  // elements worth a thread
inline DType host_dtype(const char* op, DType promoted) {
  DType dtype = float_type(promoted);
  if (dtype != kFloat32 && dtype != kFloat64) fail_dtype(op, "self", "float32, float64 or integers", promoted);
  return dtype;
}
template <class T>
const T* host_data(Tensor& memory, const Tensor& t, const Shape& sizes) {
  memory = dense(expanded(casted(moved(t, kCPU), dtype_of<T>()), sizes));
  return memory.const_data_ptr<T>();
}
// Calls f(T*) with room for out's elements, which are float or double.
template <class F>
void write_on_host(const char* op, Tensor& out, F f) {
  count_host_loop(op, out.device());
  const Tensor host = out.device().is_cpu() ? out : new_tensor(out.sizes(), out.dtype());
  if (out.dtype() == kFloat32) f(static_cast<float*>(host.address()));
  else f(static_cast<double*>(host.address()));
  if (!out.device().is_cpu()) copy_kernel(out.device(), out, moved(host, out.device()));
}
}  // namespace detail

/// f(x) in x's precision; integers become the default dtype. `f` takes a float and a double.
template <class F>
Tensor elementwise_on_host(const char* op, const Tensor& x, F f) {
  DType dtype = detail::host_dtype(op, x.dtype());
  if (x.device().is_meta()) return new_tensor(x.sizes(), dtype, kMeta);
  if (batching::is_batched(x)) {
    const std::vector<BatchLevel> levels = batching::levels(x);
    return batching::hide_all(elementwise_on_host(op, batching::whole(x, levels), f), levels);
  }
  const Tensor out = new_tensor(x.sizes(), dtype, x.device());
  host_function(op, {out}, {x.detach()}, [op, f](std::span<Tensor> outputs, std::span<const Tensor> inputs) {
    detail::write_on_host(op, outputs[0], [&]<class T>(T* result) {
      Tensor memory;
      const T* in = detail::host_data<T>(memory, inputs[0], inputs[0].sizes());
      parallel_for(0, outputs[0].numel(), detail::kHostGrain, [&](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; ++i) result[i] = T(f(in[i]));
      });
    });
  });
  return out;
}
/// Orders of polynomials are gone through one after the other.
inline constexpr int64_t kMostOrder = 1 << 16;

/// f(x, n) for a whole number n, broadcast and promoted. Throws Error for an order above 65536 or NaN; those below 0 are all -1.
template <class F>
Tensor elementwise_on_host(const char* op, const Tensor& x, const Tensor& n, F f) {
  DType dtype = detail::host_dtype(op, result_type(x, n));
  Device device = common_device(op, {&x, &n});
  Shape sizes = broadcast_shapes(x.sizes(), n.sizes(), op);
  if (device.is_meta()) return new_tensor(sizes, dtype, kMeta);
  if (batching::is_batched(x) || batching::is_batched(n)) {
    const std::vector<BatchLevel> levels = batching::levels_of_both(x, n);
    return batching::hide_all(elementwise_on_host(op, batching::whole(expanded(x, sizes), levels), batching::whole(expanded(n, sizes), levels), f),
                              levels);
  }
  const Tensor out = new_tensor(sizes, dtype, device);
  host_function(op, {out}, {x.detach(), n.detach()}, [op, f](std::span<Tensor> outputs, std::span<const Tensor> inputs) {
    const Shape& sizes = outputs[0].sizes();
    detail::write_on_host(op, outputs[0], [&]<class T>(T* result) {
      Tensor memory, more;
      const T *in = detail::host_data<T>(memory, inputs[0], sizes), *order = detail::host_data<T>(more, inputs[1], sizes);
      for (int64_t i = 0; i < sizes.numel(); ++i)
        if (!(order[i] <= T(kMostOrder))) fail(op, "n", "orders of at most " + std::to_string(kMostOrder), std::to_string(order[i]));
      parallel_for(0, sizes.numel(), detail::kHostGrain, [&](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; ++i) result[i] = T(f(in[i], int64_t(std::max(order[i], T(-1)))));
      });
    });
  });
  return out;
}

}  // namespace lazuli
