// One row of an arg-reduction across columns: best[j], index[j] take in element j of row `r` where it is better; lanes along the columns.
#include "lazuli/backends/cpu/reduce_arg.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/reduce_arg_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/simd_load-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

// x wins if it is better, or the first NaN
template <bool kMax, class T, class C, class I>
void arg_rows(C* best, I* index, const T* in, int64_t rows, int64_t row_stride, int64_t n) {
  const hn::ScalableTag<C> d;
  const hn::RebindToSigned<decltype(d)> di;
  const int64_t lanes = hn::Lanes(d);
  for (int64_t j = 0; j < n; j += lanes) {
    const int64_t width = n - j;
    auto at = [&](int64_t r) HWY_ATTR { return width >= lanes ? load(d, in + r * row_stride + j) : load_tail(d, in + r * row_stride + j, width, C(0)); };
    auto b = at(0);
    auto where = hn::Zero(di);
    for (int64_t r = 1; r < rows; ++r) {
      const auto x = at(r);
      const auto better = hn::Or(kMax ? hn::Gt(x, b) : hn::Lt(x, b), hn::IsNaN(x));
      const auto take = hn::AndNot(hn::IsNaN(b), better);
      b = hn::IfThenElse(take, x, b);
      where = hn::IfThenElse(hn::RebindMask(di, take), hn::Set(di, I(r)), where);
    }
    if (width >= lanes) {
      hn::StoreU(b, d, best + j);
      hn::StoreU(where, di, index + j);
    } else {
      store_tail(b, d, best + j, width);
      store_tail(where, di, index + j, width);
    }
  }
}

template <class T>
void arg_columns(bool max, Compute<T>* best, void* index, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  using I = std::conditional_t<sizeof(Compute<T>) == 8, int64_t, int32_t>;
  (max ? arg_rows<true, T, Compute<T>, I> : arg_rows<false, T, Compute<T>, I>)(best, static_cast<I*>(index), static_cast<const T*>(in), rows, row_stride, n);
}

void ArgColumns(bool max, DType dtype, void* best, void* index, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  switch (dtype) {
    case kFloat16: return arg_columns<Half>(max, static_cast<float*>(best), index, in, rows, row_stride, n);
    case kBFloat16: return arg_columns<BFloat16>(max, static_cast<float*>(best), index, in, rows, row_stride, n);
    case kFloat32: return arg_columns<float>(max, static_cast<float*>(best), index, in, rows, row_stride, n);
    default: return arg_columns<double>(max, static_cast<double*>(best), index, in, rows, row_stride, n);
  }
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(ArgColumns);
void arg_columns_float(bool max, DType dtype, void* best, void* index, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  HWY_DYNAMIC_DISPATCH(ArgColumns)(max, dtype, best, index, in, rows, row_stride, n);
}
}  // namespace lazuli::cpu
#endif
