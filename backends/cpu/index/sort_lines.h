#pragma once
#include <array>

#include "lazuli/backends/cpu/index/sort_keys.h"
#include "lazuli/backends/cpu/strided_loops.h"

/// What the kernels that put lines in order share.
namespace lazuli::cpu {

/// The lines of values, indices and in, which share all dimensions but `dim`.
struct Lines {
  StridedLoops<3> loops;
  int64_t n, k;  // elements of a line of the input and of the results
  int64_t value_step, index_step, in_step;

  Lines(const Tensor& values, const Tensor& indices, const Tensor& in, int64_t dim) {
    const int64_t rank = in.sizes().size();
    for (int64_t d = 0; d < rank; ++d)
      if (d != dim) loops.add(in.sizes()[d], {values.strides()[d], indices.strides()[d], in.strides()[d]});
    n = rank ? in.sizes()[dim] : 1;
    k = rank ? values.sizes()[dim] : 1;
    value_step = rank ? values.strides()[dim] : 0;
    index_step = rank ? indices.strides()[dim] : 0;
    in_step = rank ? in.strides()[dim] : 0;
  }

  // Calls f(value offset, index offset, in offset) for lines [from, to).
  template <class F>
  void run(int64_t from, int64_t to, F&& f) const {
    loops.run(from, to, [&](std::array<int64_t, 3> at, int64_t count) {
      for (int64_t i = 0; i < count; ++i) {
        f(at[0], at[1], at[2]);
        for (int j = 0; j < 3; ++j) at[j] += loops.inner_stride(j);
      }
    });
  }
};

/// Calls f(T(), Item()) for a dtype that has an order.
template <class F>
void for_ordered(const char* op, DType dtype, int64_t n, F&& f) {
  if (is_complex(dtype)) refuse_dtype(op, dtype);
  dispatch(dtype, [&](auto t) {
    using T = decltype(t);
    if constexpr (!is_complex_type<T>) {
      if constexpr (sizeof(T) < 8) {
        if (n < (int64_t(1) << 32)) return f(t, PackedItem());
      }
      f(t, WideItem());
    }
  });
}

}  // namespace lazuli::cpu
