#include "lazuli/ops/reduce/hash.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

Tensor hash_tensor(const Tensor& self, const DimList& dims, bool keepdim, int64_t mode) {
  constexpr const char* op = "hash_tensor";
  refuse_complex(op, self);
  if (mode != 0) fail(op, "mode", "0", std::to_string(mode));
  const uint64_t mask = reduction::mask_of(dims, self.dim(), op);
  Tensor out = new_tensor(reduction::reduced_sizes(self.sizes(), mask, keepdim), kInt64, self.device());
  if (out.numel() == 0 || self.device().is_meta()) return out;
  Shape order;  // reduced dimensions last
  for (bool reduced : {false, true})
    for (int64_t d = 0; d < self.dim(); ++d)
      if (bool(mask >> d & 1) == reduced) order.push_back(d);
  const int64_t n = reduction::count_of(self.sizes(), mask);
  host_function(op, {out}, {self.detach()}, [order, n](std::span<Tensor> outputs, std::span<const Tensor> inputs) {
    const Tensor& in = inputs[0];
    count_host_loop(op, in.device());
    const Tensor rows = dense(casted(moved(in, kCPU), is_integral(in.dtype()) ? kInt64 : kFloat64).permute(order));
    const auto* bits = static_cast<const int64_t*>(rows.address());
    Tensor& out = outputs[0];
    Tensor hashes = new_tensor(out.sizes(), kInt64);
    auto* to = static_cast<int64_t*>(hashes.address());
    parallel_for(0, out.numel(), std::max<int64_t>(1, 16384 / std::max<int64_t>(n, 1)), [&](int64_t from, int64_t end) {
      for (int64_t i = from; i < end; ++i) {
        int64_t hash = 0;
        for (int64_t j = 0; j < n; ++j) hash ^= bits[i * n + j];  // float64 has the same bytes
        to[i] = hash;
      }
    });
    copy_kernel(out.device(), out, moved(hashes, out.device()));
  });
  return out;
}

void register_hash(OpTable& table) {
  table.add("hash_tensor(Tensor self, int[] dim=[], *, bool keepdim=False, int mode=0) -> Tensor",
            [](const Tensor& x, const Shape& d, bool k, int64_t m) { return hash_tensor(x, d, k, m); });
}

}  // namespace lazuli
