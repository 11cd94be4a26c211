// Reductions of integers and bool, accumulated in int64. The order of what is folded does not matter: plain loops, which the compiler makes vectors of. Rows and columns as in reduction_engine.h.
#include <algorithm>
#include <limits>

#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/reduce/reduction_integer_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/reduce/reduction_kernels.h"
#include "lazuli/core/slots/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

template <Fold kFold>
constexpr int64_t kFirst = kFold == Fold::Prod  ? 1
                           : kFold == Fold::Max ? std::numeric_limits<int64_t>::min()
                           : kFold == Fold::Min ? std::numeric_limits<int64_t>::max()
                                                : 0;

template <Fold kFold>
HWY_INLINE int64_t Folded(int64_t a, int64_t b) {
  if constexpr (kFold == Fold::Prod) return int64_t(uint64_t(a) * uint64_t(b));
  else if constexpr (kFold == Fold::Max) return a < b ? b : a;
  else if constexpr (kFold == Fold::Min) return b < a ? b : a;
  else return int64_t(uint64_t(a) + uint64_t(b));
}

template <Fold kFold, class T>
HWY_INLINE int64_t Mapped(T x) {
  if constexpr (kFold == Fold::CountNonzero) return x != T(0);
  else return int64_t(x);
}

template <Fold kFold, class T>
struct Integers {
  static void Rows(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
    constexpr int64_t kLanes = 32;
    for (int64_t r = 0; r < rows; ++r) {
      const T* row = static_cast<const T*>(in) + r * row_stride;
      int64_t result = static_cast<int64_t*>(accumulators)[r], i = 0;
      if (n >= 2 * kLanes) {
        int64_t lanes[kLanes];
        for (int64_t k = 0; k < kLanes; ++k) lanes[k] = kFirst<kFold>;
        for (; i + kLanes <= n; i += kLanes) {
#pragma omp simd
          for (int64_t k = 0; k < kLanes; ++k) lanes[k] = Folded<kFold>(lanes[k], Mapped<kFold>(row[i + k]));
        }
        for (int64_t k = 0; k < kLanes; ++k) result = Folded<kFold>(result, lanes[k]);
      }
      for (; i < n; ++i) result = Folded<kFold>(result, Mapped<kFold>(row[i]));
      static_cast<int64_t*>(accumulators)[r] = result;
    }
  }
  static void Columns(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
    int64_t* to = static_cast<int64_t*>(accumulators);
    for (int64_t r = 0; r < rows; ++r) {
      const T* row = static_cast<const T*>(in) + r * row_stride;
#pragma omp simd
      for (int64_t j = 0; j < n; ++j) to[j] = Folded<kFold>(to[j], Mapped<kFold>(row[j]));
    }
  }
  static void Init(void* accumulators, int64_t n) { std::fill_n(static_cast<int64_t*>(accumulators), n, kFirst<kFold>); }
  static void Combine(void* accumulators, const void* other, int64_t n) {
    int64_t* to = static_cast<int64_t*>(accumulators);
    for (int64_t i = 0; i < n; ++i) to[i] = Folded<kFold>(to[i], static_cast<const int64_t*>(other)[i]);
  }
  static constexpr ReduceKernel kKernel{sizeof(int64_t), Init, Rows, Columns, Combine};
};

// Those of bool are counted eight at a time.
void CountRows(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
  for (int64_t r = 0; r < rows; ++r) static_cast<int64_t*>(accumulators)[r] += count_true(static_cast<const bool*>(in) + r * row_stride, n);
}
constexpr ReduceKernel kCount{sizeof(int64_t), Integers<Fold::Sum, bool>::Init, CountRows, Integers<Fold::Sum, bool>::Columns,
                              Integers<Fold::Sum, bool>::Combine};

}  // namespace

const ReduceKernel* IntegerKernel(Fold fold, DType dtype) {
  if (dtype == kBool && (fold == Fold::Sum || fold == Fold::NanSum || fold == Fold::CountNonzero)) return &kCount;
  return dispatch(dtype, [&](auto zero) -> const ReduceKernel* {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T>) {
      switch (fold) {
        case Fold::Sum:
        case Fold::NanSum: return &Integers<Fold::Sum, T>::kKernel;
        case Fold::CountNonzero: return &Integers<Fold::CountNonzero, T>::kKernel;
        case Fold::Prod: return &Integers<Fold::Prod, T>::kKernel;
        case Fold::Max: return &Integers<Fold::Max, T>::kKernel;
        case Fold::Min: return &Integers<Fold::Min, T>::kKernel;
        default: break;
      }
    }
    return nullptr;
  });
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(IntegerKernel);
const ReduceKernel* integer_reduce_kernel(Fold fold, DType dtype) { return HWY_DYNAMIC_DISPATCH(IntegerKernel)(fold, dtype); }
}  // namespace lazuli::cpu
#endif
