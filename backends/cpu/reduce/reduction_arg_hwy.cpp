// Arg-reductions across columns: best[j], index[j] take in element j of a row where it is better; lanes along the columns. The place of a value in a row.
#include "lazuli/backends/cpu/reduce/reduction_arg.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/reduce/reduction_arg_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/simd_load-inl.h"

#ifndef LAZULI_REDUCE_ARG_HWY_ONCE
#define LAZULI_REDUCE_ARG_HWY_ONCE
#include <algorithm>
#include <type_traits>
#endif

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

// x wins if it is better, or the first NaN. Eight rows at a time, so that memory is read in order.
template <bool kMax, class T, class C, class I>
void arg_rows(C* best, I* index, const T* in, int64_t rows, int64_t row_stride, int64_t n) {
  const hn::ScalableTag<C> d;
  const hn::RebindToSigned<decltype(d)> di;
  const int64_t lanes = hn::Lanes(d);
  for (int64_t first = 0; first < rows; first += 8)
    for (int64_t j = 0; j < n; j += lanes) {
      const int64_t width = n - j, last = std::min<int64_t>(first + 8, rows);
      auto at = [&](int64_t r)
                    HWY_ATTR { return width >= lanes ? load(d, in + r * row_stride + j) : load_tail(d, in + r * row_stride + j, width, C(0)); };
      auto b = first ? hn::Load(d, best + j) : at(0);
      auto where = first ? hn::Load(di, index + j) : hn::Zero(di);
      for (int64_t r = first; r < last; ++r) {
        const auto x = at(r);
        const auto better = hn::Or(kMax ? hn::Gt(x, b) : hn::Lt(x, b), hn::IsNaN(x));
        const auto take = hn::AndNot(hn::IsNaN(b), better);
        b = hn::IfThenElse(take, x, b);
        where = hn::IfThenElse(hn::RebindMask(di, take), hn::Set(di, I(r)), where);
      }
      hn::Store(b, d, best + j);
      hn::Store(where, di, index + j);
    }
}

// The first position of the value (a NaN: of any NaN); it is there.
template <class T>
int64_t find(const T* row, int64_t n, Compute<T> value) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  const auto v = hn::Set(d, value);
  const bool nan = value != value;
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto x = load(d, row + i);
    const auto hit = nan ? hn::IsNaN(x) : hn::Eq(x, v);
    if (const auto k = hn::FindFirstTrue(d, hit); k >= 0) return i + k;
  }
  for (; i < n; ++i)
    if (const C x = C(row[i]); nan ? x != x : x == value) break;
  return i;
}

template <class T>
void arg_columns(bool max, Compute<T>* best, void* index, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  using I = std::conditional_t<sizeof(Compute<T>) == 8, int64_t, int32_t>;
  (max ? arg_rows<true, T, Compute<T>, I> : arg_rows<false, T, Compute<T>, I>)(best, static_cast<I*>(index), static_cast<const T*>(in), rows,
                                                                               row_stride, n);
}

void ArgColumns(bool max, DType dtype, void* best, void* index, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  switch (dtype) {
    case kFloat16: return arg_columns<Half>(max, static_cast<float*>(best), index, in, rows, row_stride, n);
    case kBFloat16: return arg_columns<BFloat16>(max, static_cast<float*>(best), index, in, rows, row_stride, n);
    case kFloat32: return arg_columns<float>(max, static_cast<float*>(best), index, in, rows, row_stride, n);
    default: return arg_columns<double>(max, static_cast<double*>(best), index, in, rows, row_stride, n);
  }
}

int64_t FindValue(DType dtype, const void* row, int64_t n, double value) {
  switch (dtype) {
    case kFloat16: return find(static_cast<const Half*>(row), n, float(value));
    case kBFloat16: return find(static_cast<const BFloat16*>(row), n, float(value));
    case kFloat32: return find(static_cast<const float*>(row), n, float(value));
    default: return find(static_cast<const double*>(row), n, value);
  }
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(ArgColumns);
HWY_EXPORT(FindValue);
int64_t find_value(DType dtype, const void* row, int64_t n, double value) { return HWY_DYNAMIC_DISPATCH(FindValue)(dtype, row, n, value); }
void arg_columns_float(bool max, DType dtype, void* best, void* index, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  HWY_DYNAMIC_DISPATCH(ArgColumns)(max, dtype, best, index, in, rows, row_stride, n);
}
}  // namespace lazuli::cpu
#endif
