// searchsorted: a binary search per value, parallel over values. bincount: one pass in order.
#include <algorithm>
#include <string>
#include <vector>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/index/sort.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

// The first position whose element is >= x (right: > x). Comparisons with NaN are false, so that a NaN goes to the end. Which half goes on is as good as random: nothing branches on it.
template <bool kRight, class T>
int64_t position_of(const T* sorted, int64_t n, T x) {
  using C = Compute<T>;
  const auto before = [=](T element) { return kRight ? !(C(element) > C(x)) : !(C(element) >= C(x)); };
  const T* first = sorted;
  for (; n > 1; n -= n / 2) first += before(first[n / 2 - 1]) ? n / 2 : 0;
  return first - sorted + (n == 1 && before(*first));
}

template <bool kRight, class T>
void search(int64_t* out, const T* sorted, int64_t n, const T* values, int64_t per_line, int64_t from, int64_t to) {
  for (int64_t i = from; i < to;) {
    const int64_t end = std::min(to, (i / per_line + 1) * per_line);
    for (const T* line = sorted + i / per_line * n; i < end; ++i) out[i - from] = position_of<kRight>(line, n, values[i]);
  }
}

constexpr int64_t kFewBins = 4096;

// Adds how often each number below `bins` occurs. Equal neighbours are counted in lanes of their own, so that none waits for the one before to be stored.
void count_in_lanes(int64_t* counts, int64_t bins, const int64_t* numbers, int64_t n) {
  constexpr int64_t kLanes = 4;
  std::vector<int64_t> lanes(static_cast<size_t>(kLanes * bins));
  for (int64_t i = 0; i < n; ++i) ++lanes[size_t(i % kLanes * bins + numbers[i])];
  for (int64_t lane = 0; lane < kLanes; ++lane)
    for (int64_t b = 0; b < bins; ++b) counts[b] += lanes[size_t(lane * bins + b)];
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
      constexpr int64_t kPiece = 512;
      parallel_for(0, v.numel(), 1024, [&](int64_t begin, int64_t stop) {
        int64_t places[kPiece];
        for (int64_t from = begin; from < stop; from += kPiece) {
          const int64_t to = std::min(from + kPiece, stop);
          if (right) search<true>(places, sp, n, vp, per_line, from, to);
          else search<false>(places, sp, n, vp, per_line, from, to);
          if (out.dtype() == kInt32) std::copy(places, places + (to - from), pointer<int32_t>(result.tensor()) + from);
          else std::copy(places, places + (to - from), pointer<int64_t>(result.tensor()) + from);
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
      if constexpr (std::same_as<T, int64_t>)
        if (!wp && bins <= std::min(n, kFewBins)) return count_in_lanes(to, bins, p, n);
      for (int64_t i = 0; i < n; ++i) to[p[i]] = T(Compute<T>(to[p[i]]) + (wp ? Compute<T>(wp[i]) : Compute<T>(1)));
    }
  });
  result.commit();
}

}  // namespace lazuli::cpu
