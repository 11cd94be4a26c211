// Reductions of complex numbers (in complex128), log-sum-exp (maximum and sum in double), and counts of bools.
// Plain loops in memory order; rows and columns as in reduce_engine.h.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/reduce/reduction_kernels.h"
#include "lazuli/backends/cpu/reduce/softmax_kernels.h"

namespace lazuli::cpu {
namespace {

/// Kernel functions from a State with `add(T)`; one value at a time.
template <class State, class T>
struct StateKernel {
  static void rows(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
    for (int64_t r = 0; r < rows; ++r) {
      State state = static_cast<State*>(accumulators)[r];
      const T* row = static_cast<const T*>(in) + r * row_stride;
      for (int64_t i = 0; i < n; ++i) state.add(row[i]);
      static_cast<State*>(accumulators)[r] = state;
    }
  }
  static void columns(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
    for (int64_t r = 0; r < rows; ++r) {
      const T* row = static_cast<const T*>(in) + r * row_stride;
      for (int64_t j = 0; j < n; ++j) static_cast<State*>(accumulators)[j].add(row[j]);
    }
  }
  static void init(void* accumulators, int64_t n) { std::fill_n(static_cast<State*>(accumulators), n, State()); }
  static void combine(void* accumulators, const void* other, int64_t n) {
    for (int64_t i = 0; i < n; ++i) static_cast<State*>(accumulators)[i].add(static_cast<const State*>(other)[i]);
  }
  static constexpr ReduceKernel kernel{sizeof(State), init, rows, columns, combine};
};

template <Fold F>
struct ComplexState {
  complex128 value = F == Fold::Prod     ? complex128(1)
                     : F == Fold::AbsMax ? complex128(-std::numeric_limits<double>::infinity())
                     : F == Fold::AbsMin ? complex128(std::numeric_limits<double>::infinity())
                                         : complex128();
  template <class T>
  void add(Complex<T> x) {
    if constexpr (F == Fold::SumSquares) value.re += double(x.re) * x.re + double(x.im) * x.im;
    else if constexpr (F == Fold::SumAbs) value.re += std::hypot(x.re, x.im);
    else if constexpr (F == Fold::CountNonzero) value.re += x.re != 0 || x.im != 0;
    else if constexpr (F == Fold::AbsMax || F == Fold::AbsMin) extreme(std::hypot(x.re, x.im));
    else if constexpr (F == Fold::Prod) value = complex128(value.re * x.re - value.im * x.im, value.re * x.im + value.im * x.re);
    else value = complex128(value.re + x.re, value.im + x.im);
  }
  void add(const ComplexState& other) {
    if constexpr (F == Fold::AbsMax || F == Fold::AbsMin) extreme(other.value.re);
    else if constexpr (F == Fold::Prod) add(other.value);
    else value = complex128(value.re + other.value.re, value.im + other.value.im);
  }
  void extreme(double x) {
    if (x != x || (F == Fold::AbsMax ? x > value.re : x < value.re)) value.re = x;
  }
};

struct LogSumExpOf : LogSumExpState {
  LogSumExpOf() : LogSumExpState{-std::numeric_limits<double>::infinity(), 0} {}
};

/// Rows and columns by the loops of softmax.
template <class T>
struct LogSumExpKernel {
  static void rows(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
    for (int64_t r = 0; r < rows; ++r) {
      LogSumExpState row;
      exp_sum_row(dtype_of<T>(), static_cast<const T*>(in) + r * row_stride, n, &row.max, &row.sum);
      static_cast<LogSumExpState*>(accumulators)[r].add(row);
    }
  }
  static void columns(void* accumulators, const void* in, int64_t rows, int64_t row_stride, int64_t n) {
    constexpr int64_t kRows = 4096;  // sums in float lanes end here
    double max[kSoftmaxTile], sum[kSoftmaxTile];
    for (int64_t r = 0; r < rows; r += kRows)
      for (int64_t j = 0; j < n; j += kSoftmaxTile) {
        const int64_t width = std::min(kSoftmaxTile, n - j);
        exp_sum_columns(dtype_of<T>(), static_cast<const T*>(in) + r * row_stride + j, std::min(kRows, rows - r), row_stride, width, max, sum);
        for (int64_t k = 0; k < width; ++k) static_cast<LogSumExpState*>(accumulators)[j + k].add(LogSumExpState{max[k], sum[k]});
      }
  }
  static constexpr ReduceKernel kernel{sizeof(LogSumExpState), StateKernel<LogSumExpOf, double>::init, rows, columns,
                                       StateKernel<LogSumExpOf, double>::combine};
};

template <class T>
struct ComplexMoments : ComplexMomentState {
  ComplexMoments() : ComplexMomentState{0, 0, 0, 0} {}
  // Welford's step, for the real and the imaginary part
  void add(Complex<T> x) {
    count += 1;
    const double dr = x.re - mean_re, di = x.im - mean_im;
    mean_re += dr / count;
    mean_im += di / count;
    m2 += dr * (x.re - mean_re) + di * (x.im - mean_im);
  }
  void add(const ComplexMoments& other) {
    if (other.count == 0) return;
    const double n = count + other.count, dr = other.mean_re - mean_re, di = other.mean_im - mean_im, share = other.count / n;
    mean_re += dr * share;
    mean_im += di * share;
    m2 += other.m2 + (dr * dr + di * di) * count * share;
    count = n;
  }
};

template <class T>
const ReduceKernel* complex_kernel_of(Fold fold) {
  switch (fold) {
    case Fold::Sum: return &StateKernel<ComplexState<Fold::Sum>, T>::kernel;
    case Fold::SumSquares: return &StateKernel<ComplexState<Fold::SumSquares>, T>::kernel;
    case Fold::SumAbs: return &StateKernel<ComplexState<Fold::SumAbs>, T>::kernel;
    case Fold::CountNonzero: return &StateKernel<ComplexState<Fold::CountNonzero>, T>::kernel;
    case Fold::Prod: return &StateKernel<ComplexState<Fold::Prod>, T>::kernel;
    case Fold::AbsMax: return &StateKernel<ComplexState<Fold::AbsMax>, T>::kernel;
    case Fold::AbsMin: return &StateKernel<ComplexState<Fold::AbsMin>, T>::kernel;
    default: return nullptr;
  }
}

}  // namespace

// exp(m) * s + exp(m') * s', with the larger of the two maxima taken out; infinite maxima would give inf - inf
void LogSumExpState::add(const LogSumExpState& other) {
  if (other.max != other.max || max != max) {
    max = std::numeric_limits<double>::quiet_NaN();
  } else if (other.max > max) {
    sum = other.sum + (std::isinf(max) || std::isinf(other.max) ? 0 : sum * std::exp(max - other.max));
    max = other.max;
  } else if (!std::isinf(max)) {
    sum += other.sum * std::exp(other.max - max);
  }
}

double LogSumExpState::result() const { return std::isinf(max) || max != max ? max : max + std::log(sum); }

// Words of eight bytes, each 0 or 1: 255 of them add up without a carry between the bytes.
int64_t count_true(const bool* p, int64_t n) {
  int64_t count = 0, i = 0;
  while (i + 8 <= n) {
    uint64_t sums = 0, word;
    for (const int64_t end = i + std::min<int64_t>((n - i) / 8, 255) * 8; i < end; i += 8) {
      std::memcpy(&word, p + i, 8);
      sums += word;
    }
    constexpr uint64_t kEven = 0x00ff00ff00ff00ff;
    count += int64_t(((sums & kEven) + (sums >> 8 & kEven)) * 0x0001000100010001 >> 48);
  }
  for (; i < n; ++i) count += p[i];
  return count;
}

const ReduceKernel* complex_reduce_kernel(Fold fold, DType dtype) {
  return dtype == kComplex64 ? complex_kernel_of<complex64>(fold) : complex_kernel_of<complex128>(fold);
}

const ReduceKernel& log_sum_exp_kernel(DType dtype) {
  switch (dtype) {
    case kFloat16: return LogSumExpKernel<Half>::kernel;
    case kBFloat16: return LogSumExpKernel<BFloat16>::kernel;
    case kFloat32: return LogSumExpKernel<float>::kernel;
    default: return LogSumExpKernel<double>::kernel;
  }
}

const ReduceKernel& complex_moment_kernel(DType dtype) {
  return dtype == kComplex64 ? StateKernel<ComplexMoments<float>, complex64>::kernel : StateKernel<ComplexMoments<double>, complex128>::kernel;
}

}  // namespace lazuli::cpu
