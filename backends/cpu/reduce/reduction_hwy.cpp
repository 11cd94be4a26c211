// Sums, products and extremes of float, double, Half and BFloat16. `rows`: a contiguous row of n to one accumulator, vector lanes along the row, in blocks.
// `columns`: rows of n <= 1024 to n accumulators, vector lanes along the columns, eight rows at a time into a buffer of n that is flushed every 256 rows.
// Lanes hold float (double for double), accumulators are double, so that rounding errors stay those of short sums.
#include "lazuli/backends/cpu/reduce/reduction_kernels.h"

#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/reduce/reduction_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/simd_load-inl.h"

#ifndef LAZULI_REDUCE_HWY_ONCE
#define LAZULI_REDUCE_HWY_ONCE
#include <algorithm>
#include <limits>
#endif

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

template <class C>
constexpr C identity_of(Fold f) {
  if (f == Fold::Prod) return C(1);
  if (f == Fold::Max || f == Fold::AbsMax) return -std::numeric_limits<C>::infinity();
  if (f == Fold::Min || f == Fold::AbsMin) return std::numeric_limits<C>::infinity();
  return C(0);
}

template <Fold F, class D, class V = hn::Vec<D>>
HWY_INLINE V mapped(D d, V v) {
  if constexpr (F == Fold::NanSum) return hn::IfThenZeroElse(hn::IsNaN(v), v);
  else if constexpr (F == Fold::SumSquares) return hn::Mul(v, v);
  else if constexpr (F == Fold::SumAbs || F == Fold::AbsMax || F == Fold::AbsMin) return hn::Abs(v);
  else if constexpr (F == Fold::CountNonzero)
    return hn::IfThenZeroElse(hn::Eq(v, hn::Zero(d)), hn::Set(d, 1));  // not Ne: on some targets that is false for NaN
  else return v;
}

// A NaN on either side wins: a > b or a is NaN chooses a, everything else (b is NaN) chooses b.
template <Fold F, class V>
HWY_INLINE V folded(V a, V b) {
  if constexpr (F == Fold::Prod) return hn::Mul(a, b);
  else if constexpr (F == Fold::Max || F == Fold::AbsMax) return hn::IfThenElse(hn::Or(hn::Gt(a, b), hn::IsNaN(a)), a, b);
  else if constexpr (F == Fold::Min || F == Fold::AbsMin) return hn::IfThenElse(hn::Or(hn::Lt(a, b), hn::IsNaN(a)), a, b);
  else return hn::Add(a, b);
}
template <Fold F>
HWY_INLINE double folded_scalar(double a, double b) {
  if constexpr (F == Fold::Prod) return a * b;
  else if constexpr (F == Fold::Max || F == Fold::AbsMax) return a > b || a != a ? a : b;
  else if constexpr (F == Fold::Min || F == Fold::AbsMin) return a < b || a != a ? a : b;
  else return a + b;
}

template <Fold F, class D>
HWY_INLINE double fold_lanes(D d, hn::Vec<D> v) {
  if constexpr (F == Fold::Sum || F == Fold::NanSum || F == Fold::SumSquares || F == Fold::SumAbs || F == Fold::CountNonzero) {
    return sum_of(d, v);
  } else {
    HWY_ALIGN hn::TFromD<D> lanes[HWY_MAX_BYTES / sizeof(hn::TFromD<D>)];
    hn::Store(v, d, lanes);
    double result = lanes[0];
    for (size_t i = 1; i < hn::Lanes(d); ++i) result = folded_scalar<F>(result, lanes[i]);
    return result;
  }
}

template <Fold F, class T>
HWY_INLINE double fold_block(const T* in, int64_t n) {
  using C = Compute<T>;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d);
  auto at = [&](int64_t i) HWY_ATTR { return mapped<F>(d, load(d, in + i)); };
  auto a0 = hn::Set(d, identity_of<C>(F));
  int64_t i = 0;
  if (n >= 8 * lanes) {
    auto a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
    for (; i + 8 * lanes <= n; i += 8 * lanes) {
      a0 = folded<F>(a0, at(i));
      a1 = folded<F>(a1, at(i + lanes));
      a2 = folded<F>(a2, at(i + 2 * lanes));
      a3 = folded<F>(a3, at(i + 3 * lanes));
      a4 = folded<F>(a4, at(i + 4 * lanes));
      a5 = folded<F>(a5, at(i + 5 * lanes));
      a6 = folded<F>(a6, at(i + 6 * lanes));
      a7 = folded<F>(a7, at(i + 7 * lanes));
    }
    a0 = folded<F>(folded<F>(folded<F>(a0, a1), folded<F>(a2, a3)), folded<F>(folded<F>(a4, a5), folded<F>(a6, a7)));
  }
  for (; i + lanes <= n; i += lanes) a0 = folded<F>(a0, at(i));
  if (i < n) {
    auto tail = load_tail(d, in + i, n - i, F == Fold::AbsMax ? C(0) : identity_of<C>(F));
    a0 = folded<F>(a0, mapped<F>(d, tail));
  }
  return fold_lanes<F>(d, a0);
}

template <Fold F, class T>
void fold_rows(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  // 32 additions in each of eight vectors of lanes, so that wide and narrow ones are as exact.
  const int64_t block = 256 * int64_t(hn::Lanes(hn::ScalableTag<Compute<T>>()));
  double* acc = static_cast<double*>(accumulators);
  for (int64_t r = 0; r < rows; ++r) {
    const T* row = static_cast<const T*>(in) + r * row_stride;
    for (int64_t i = 0; i < n; i += block) acc[r] = folded_scalar<F>(acc[r], fold_block<F>(row + i, std::min(block, n - i)));
  }
}

template <Fold F, class C>
HWY_INLINE void flush(double* acc, const C* buffer, int64_t n) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<C, decltype(d)> dc;
  int64_t i = 0;
  for (; i + int64_t(hn::Lanes(d)) <= n; i += hn::Lanes(d)) {
    const auto a = hn::LoadU(d, acc + i);
    if constexpr (sizeof(C) == 8) hn::StoreU(folded<F>(a, hn::LoadU(dc, buffer + i)), d, acc + i);
    else hn::StoreU(folded<F>(a, hn::PromoteTo(d, hn::LoadU(dc, buffer + i))), d, acc + i);
  }
  for (; i < n; ++i) acc[i] = folded_scalar<F>(acc[i], buffer[i]);
}

template <Fold F, class T>
void fold_wide_columns(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  using C = Compute<T>;
  constexpr int64_t kRows = 256;
  const hn::ScalableTag<C> d;
  const int64_t lanes = hn::Lanes(d), whole = n / lanes * lanes;
  HWY_ALIGN C buffer[kMaxTile];
  for (int64_t block = 0; block < rows; block += kRows) {
    const int64_t count = std::min(kRows, rows - block);
    const T* data = static_cast<const T*>(in) + block * row_stride;
    for (int64_t j = 0; j < whole; j += lanes) hn::Store(mapped<F>(d, load(d, data + j)), d, buffer + j);
    int64_t r = 1;
    for (; r + 8 <= count; r += 8) {
      for (int64_t j = 0; j < whole; j += lanes) {
        auto at = [&](int64_t k) HWY_ATTR { return mapped<F>(d, load(d, data + (r + k) * row_stride + j)); };
        auto v = folded<F>(folded<F>(folded<F>(at(0), at(1)), folded<F>(at(2), at(3))), folded<F>(folded<F>(at(4), at(5)), folded<F>(at(6), at(7))));
        hn::Store(folded<F>(hn::Load(d, buffer + j), v), d, buffer + j);
      }
    }
    for (; r < count; ++r)
      for (int64_t j = 0; j < whole; j += lanes)
        hn::Store(folded<F>(hn::Load(d, buffer + j), mapped<F>(d, load(d, data + r * row_stride + j))), d, buffer + j);
    if (whole < n) {
      auto total = hn::Set(d, identity_of<C>(F));
      for (r = 0; r < count;) {
        auto some = hn::Set(d, identity_of<C>(F));
        for (const int64_t end = std::min<int64_t>(r + 16, count); r < end; ++r)
          some = folded<F>(some, mapped<F>(d, load_tail(d, data + r * row_stride + whole, n - whole, C(0))));
        total = folded<F>(total, some);
      }
      store_tail(total, d, buffer + whole, n - whole);
    }
    flush<F>(static_cast<double*>(accumulators), buffer, n);
  }
}

// Narrow rows without gaps are taken several at a time as one row of about 1024, so that memory is read in long runs and no lane idles.
template <Fold F, class T>
void fold_columns(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  const int64_t together = kMaxTile / n, wide = together * n, wide_rows = rows / together;
  if (row_stride == n && together >= 2 && wide_rows >= 16) {
    double sums[kMaxTile];
    std::fill_n(sums, wide, identity_of<double>(F));
    fold_wide_columns<F, T>(sums, in, wide_rows, wide, wide);
    for (int64_t k = 0; k < together; ++k) flush<F>(static_cast<double*>(accumulators), sums + k * n, n);
    in = static_cast<const T*>(in) + wide_rows * wide;
    rows -= wide_rows * together;
  }
  fold_wide_columns<F, T>(accumulators, in, rows, row_stride, n);
}

template <Fold F>
void fold_init(void* accumulators, int64_t n) {
  std::fill_n(static_cast<double*>(accumulators), n, identity_of<double>(F));
}
template <Fold F>
void fold_combine(void* accumulators, const void* other, int64_t n) {
  flush<F>(static_cast<double*>(accumulators), static_cast<const double*>(other), n);
}

template <class T>
const ReduceKernel& kernel_of(Fold fold) {
#define LAZULI_FOLD(F) \
  { sizeof(double), fold_init<Fold::F>, fold_rows<Fold::F, T>, fold_columns<Fold::F, T>, fold_combine<Fold::F> }
  static constexpr ReduceKernel kernels[] = {LAZULI_FOLD(Sum),          LAZULI_FOLD(NanSum), LAZULI_FOLD(SumSquares), LAZULI_FOLD(SumAbs),
                                             LAZULI_FOLD(CountNonzero), LAZULI_FOLD(Prod),   LAZULI_FOLD(Max),        LAZULI_FOLD(Min),
                                             LAZULI_FOLD(AbsMax),       LAZULI_FOLD(AbsMin)};
#undef LAZULI_FOLD
  return kernels[int(fold)];
}

const ReduceKernel* FloatReduceKernel(Fold fold, DType dtype) {
  switch (dtype) {
    case kFloat16: return &kernel_of<Half>(fold);
    case kBFloat16: return &kernel_of<BFloat16>(fold);
    case kFloat32: return &kernel_of<float>(fold);
    default: return &kernel_of<double>(fold);
  }
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FloatReduceKernel);
const ReduceKernel& float_reduce_kernel(Fold fold, DType dtype) { return *HWY_DYNAMIC_DISPATCH(FloatReduceKernel)(fold, dtype); }
}  // namespace lazuli::cpu
#endif
