// searchsorted: a binary search per value, parallel over values. bincount: one pass in order.
#include <algorithm>
#include <string>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/index/sort.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

// The first position whose element is >= x (right: > x). Comparisons with NaN are false, so that a NaN goes to the end.
template <class T>
int64_t position_of(const T* sorted, int64_t n, T x, bool right) {
  using C = Compute<T>;
  int64_t low = 0, high = n;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const C m = C(sorted[middle]);
    if (right ? !(m > C(x)) : !(m >= C(x))) low = middle + 1;
    else high = middle;
  }
  return low;
}

}  // namespace

void searchsorted(Tensor& out, const Tensor& sorted, const Tensor& values, bool right) {
  const DType dtype = sorted.dtype();
  if (is_complex(dtype) || dtype == kBool) refuse_dtype("searchsorted", dtype);
  if (values.numel() == 0) return;
  const Tensor s = dense(sorted), v = dense(values, dtype);
  DenseOut result(out);
  const int64_t n = s.sizes().back(), per_line = s.sizes().size() == 1 || v.sizes().empty() ? v.numel() : v.sizes().back();
  dispatch(dtype, [&](auto t) {
    using T = decltype(t);
    if constexpr (!is_complex_type<T>) {
      const T *sp = pointer<T>(s), *vp = pointer<T>(v);
      parallel_for(0, v.numel(), 1024, [&](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; ++i) {
          const int64_t p = position_of(sp + i / per_line * n, n, vp[i], right);
          if (out.dtype() == kInt32) pointer<int32_t>(result.tensor())[i] = int32_t(p);
          else pointer<int64_t>(result.tensor())[i] = p;
        }
      });
    }
  });
  result.commit();
}

void bincount(Tensor& out, const Tensor& in, const Tensor& weights) {
  if (!is_integral(in.dtype()) || in.dtype() == kBool) refuse_dtype("bincount", in.dtype());
  const Tensor x = dense(in, kInt64);
  const int64_t* p = pointer<int64_t>(x);
  const int64_t n = x.numel(), bins = out.numel();
  for (int64_t i = 0; i < n; ++i)
    if (p[i] < 0 || p[i] >= bins)
      fail(ErrorKind::Argument, "bincount", "input", "integers in [0, " + std::to_string(bins) + ")",
           std::to_string(p[i]) + " at position " + std::to_string(i));
  DenseOut result(out);
  if (!result.tensor().is_same(out)) copy_kernel(kCPU, result.tensor(), out);
  const Tensor w = weights.defined() ? dense(weights, out.dtype()) : weights;
  dispatch(out.dtype(), [&](auto t) {
    using T = decltype(t);
    T* to = pointer<T>(result.tensor());
    if constexpr (!is_complex_type<T> && !std::same_as<T, bool>) {
      const T* wp = pointer<T>(w);
      for (int64_t i = 0; i < n; ++i) to[p[i]] = T(Compute<T>(to[p[i]]) + (wp ? Compute<T>(wp[i]) : Compute<T>(1)));
    }
  });
  result.commit();
}

}  // namespace lazuli::cpu
