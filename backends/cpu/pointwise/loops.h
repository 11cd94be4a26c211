#pragma once
#include <cstdint>
#include <tuple>
#include <utility>

#include "lazuli/core/number.h"
#include "lazuli/core/slots/codes.h"

/// Loops over contiguous elements of one set of dtypes: what elementwise kernels are made of. pointwise.h runs them over tensors.
namespace lazuli::cpu {

/// out[i] = f(in[0][i], in[1][i], ...) for i in [0, n), everything contiguous; `out` may be one of the inputs.
using Loop = void (*)(void* out, const void* const* in, int64_t n, const Params& p);

/// What one element costs: cheap loops run at the speed of memory, math ones take some vector instructions, scalar ones tens of nanoseconds.
/// The value is the least number of elements worth a thread of their own.
enum class Cost : uint32_t { Cheap = 32768, Math = 12288, Scalar = 512 };

/// A loop with the dtypes that it reads and writes. Tensors of other dtypes are converted chunk by chunk.
struct PointwiseLoop {
  Loop run = nullptr;
  DType in[3] = {kFloat32, kFloat32, kFloat32};
  DType out = kFloat32;
  Cost cost = Cost::Cheap;
};

/// The loop that converts elements: `out` of dtype `to`, one input of dtype `from`. Equal dtypes copy bytes.
Loop conversion(DType from, DType to);

/// The plain loop over a functor that does not throw: out[i] = F()(in0[i], ..., p).
template <class F, class Out, class... In>
void map_loop(void* out, const void* const* in, int64_t n, const Params& params) {
  const Params p = params;  // a local copy that stores to `out` cannot change
  auto* o = static_cast<Out*>(out);
  [&]<size_t... k>(std::index_sequence<k...>) {
    const std::tuple<const In*...> a{static_cast<const In*>(in[k])...};
#pragma omp simd
    for (int64_t i = 0; i < n; i++) o[i] = Out(F()(std::get<k>(a)[i]..., p));
  }
  (std::index_sequence_for<In...>());
}

template <class Out, class... In, class F>
PointwiseLoop make_loop(Cost cost, F) {
  PointwiseLoop loop{&map_loop<F, Out, In...>, {}, dtype_of<Out>(), cost};
  int k = 0;
  ((loop.in[k++] = dtype_of<In>()), ...);
  return loop;
}

}  // namespace lazuli::cpu
