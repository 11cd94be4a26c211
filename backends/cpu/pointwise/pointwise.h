#pragma once
#include <initializer_list>

#include "lazuli/backends/cpu/pointwise/loops.h"
#include "lazuli/core/slots.h"

/// The engine under every elementwise kernel: what it takes to run a loop over tensors of any strides, in pieces on threads, with half types converted to
/// float32 and back on the way.
namespace lazuli::cpu {

/// Runs `loop` over tensors of equal sizes.
void run_pointwise(const PointwiseLoop& loop, Tensor& out, std::initializer_list<const Tensor*> inputs, const Params& p);

/// The same with the common case first: contiguous tensors of the loop's own dtypes, small enough for one thread.
template <class... In>
inline void pointwise(const PointwiseLoop& loop, Tensor& out, const Params& p, const In&... inputs) {
  const TensorBody& o = *out.body();
  int k = 0;
  const bool direct = o.contiguous && o.dtype == loop.out && o.numel <= int64_t(loop.cost) &&
                      ((inputs.body()->contiguous && inputs.body()->dtype == loop.in[k++]) && ...);
  if (!direct) return run_pointwise(loop, out, {&inputs...}, p);
  const void* in[] = {inputs.address()...};
  loop.run(out.address(), in, o.numel, p);
}

}  // namespace lazuli::cpu
