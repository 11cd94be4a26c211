// self[i] += alpha * values[i] over contiguous rows of floating point elements, lanes along the row; Half and BFloat16 round after each addition.
// And the check of indices.
#include "lazuli/backends/cpu/index/index_loops.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/index/indexing_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/simd_load-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

template <class T, class Sum = T>
void add_row(void* self, const void* values, int64_t n, double alpha) {
  const hn::ScalableTag<Compute<T>> d;
  const int64_t lanes = hn::Lanes(d);
  Sum* to = static_cast<Sum*>(self);
  const T* from = static_cast<const T*>(values);
  const auto a = hn::Set(d, Compute<T>(alpha));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) store(hn::MulAdd(a, load(d, from + i), load(d, to + i)), d, to + i);
  if (i < n) store_tail(hn::MulAdd(a, load_tail(d, from + i, n - i, 0), load_tail(d, to + i, n - i, 0)), d, to + i, n - i);
}

AddRow AddRowOf(DType dtype) {
  switch (dtype) {
    case kFloat16: return add_row<Half>;
    case kBFloat16: return add_row<BFloat16>;
    case kFloat32: return add_row<float>;
    default: return add_row<double>;
  }
}

AddRow AddToFloatRowOf(DType half) { return half == kFloat16 ? add_row<Half, float> : add_row<BFloat16, float>; }

bool AllBelow(const int64_t* values, int64_t n, int64_t size) {
  const hn::ScalableTag<int64_t> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const auto zero = hn::Zero(d), last = hn::Set(d, size - 1);
  auto bad = zero;
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(d, values + i);
    bad = hn::Or(bad, hn::Or(hn::VecFromMask(d, hn::Lt(v, zero)), hn::VecFromMask(d, hn::Gt(v, last))));
  }
  bool good = hn::AllTrue(d, hn::Eq(bad, zero));
  for (; i < n; ++i) good &= values[i] >= 0 && values[i] < size;
  return good;
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(AddRowOf);
HWY_EXPORT(AddToFloatRowOf);
HWY_EXPORT(AllBelow);
AddRow add_row_of(DType dtype) { return HWY_DYNAMIC_DISPATCH(AddRowOf)(dtype); }
AddRow add_to_float_row_of(DType half) { return HWY_DYNAMIC_DISPATCH(AddToFloatRowOf)(half); }
bool all_below(const int64_t* values, int64_t n, int64_t size) { return HWY_DYNAMIC_DISPATCH(AllBelow)(values, n, size); }
}  // namespace lazuli::cpu
#endif
