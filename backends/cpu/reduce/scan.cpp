// cumsum, cumprod, logcumsumexp, cummax, cummin: lines along `dim`, any strides. Neighbouring lines that lie side by side are walked together, row by row,
// in tiles of 256; other lines one at a time, parallel over lines. A long dense line is scanned in blocks, which begin with what those before them come to: parallel over blocks, and four of them at a time, since one
// waits for each of its steps. Blocks do not depend on the number of threads. Floating point sums run in double, as PyTorch's do.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/strided_loops.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 8192, kTile = 256, kBlock = 4096, kTogether = 4;

using Offsets = std::array<int64_t, 3>;  // in, out, indices

template <class T>
struct Sum {
  Accumulator<T> value{};
  T step(T x) {
    if constexpr (is_complex_type<T>) value = complex128(value.re + x.re, value.im + x.im);
    else if constexpr (std::integral<T>) value = int64_t(uint64_t(value) + uint64_t(x));
    else value += double(x);
    return convert<T>(value);
  }
  // What follows after `before`.
  void start_after(const Sum& before) {
    if constexpr (is_complex_type<T>) value = complex128(before.value.re + value.re, before.value.im + value.im);
    else if constexpr (std::integral<T>) value = int64_t(uint64_t(before.value) + uint64_t(value));
    else value = before.value + value;
  }
};

template <class T>
struct Product {
  Accumulator<T> value = Accumulator<T>(1);
  void times(Accumulator<T> x) {
    if constexpr (is_complex_type<T>) value = complex128(value.re * x.re - value.im * x.im, value.re * x.im + value.im * x.re);
    else if constexpr (std::integral<T>) value = int64_t(uint64_t(value) * uint64_t(x));
    else value *= x;
  }
  T step(T x) {
    times(convert<Accumulator<T>>(x));
    return convert<T>(value);
  }
  void start_after(const Product& before) { times(before.value); }
};

// log(exp(a) + exp(b)) = max + log1p(exp(min - max)); equal infinities stay themselves
inline double log_add_exp(double a, double b) {
  if (a != a || b != b) return a + b;
  const double high = std::max(a, b), low = std::min(a, b);
  return std::isinf(high) && high == low ? high : high + std::log1p(std::exp(low - high));
}
// The same for complex numbers: the real parts decide which is larger.
inline complex128 log_add_exp(complex128 a, complex128 b) {
  if (a.re != a.re || a.im != a.im) return a;
  if (b.re != b.re || b.im != b.im) return b;
  const complex128 high = a.re >= b.re ? a : b, low = a.re >= b.re ? b : a;
  if (std::isinf(low.re) && low.re < 0) return high;
  if (std::isinf(high.re) && high.re == low.re)
    return complex128(high.re, std::atan2(std::sin(high.im) + std::sin(low.im), std::cos(high.im) + std::cos(low.im)));
  const double r = std::exp(low.re - high.re), re = 1 + r * std::cos(low.im - high.im), im = r * std::sin(low.im - high.im);
  return complex128(high.re + std::log(std::hypot(re, im)), high.im + std::atan2(im, re));
}

template <class T>
struct LogSumExp {
  Accumulator<T> value = Accumulator<T>(-std::numeric_limits<double>::infinity());
  T step(T x) {
    value = log_add_exp(value, convert<Accumulator<T>>(x));
    return convert<T>(value);
  }
  void start_after(const LogSumExp& before) { value = log_add_exp(before.value, value); }
};

// kTogether blocks from `block` on, or those that are left of a line of n: f(state of a block, its place in the line) goes through them side by side.
template <class State, class F>
void scan_blocks(State* states, int64_t block, int64_t n, F&& f) {
  const int64_t begin = block * kBlock;
  if (begin + kTogether * kBlock <= n) {
    for (int64_t r = begin; r < begin + kBlock; ++r)
      for (int64_t k = 0; k < kTogether; ++k) f(states[k], r + k * kBlock);
    return;
  }
  for (int64_t r = begin; r < n; ++r) f(states[(r - begin) / kBlock], r);
}

template <class T, class State>
void scan_long_line(T* out, const T* in, int64_t n) {
  const int64_t blocks = (n + kBlock - 1) / kBlock, groups = (blocks + kTogether - 1) / kTogether;
  std::vector<State> states(size_t(groups * kTogether));
  const auto for_groups = [&](auto f) {
    parallel_for(0, groups, 1, [&](int64_t from, int64_t to) {
      for (int64_t g = from; g < to; ++g) {
        State local[kTogether];  // where no store to `out` can be thought to change them
        std::copy_n(states.data() + g * kTogether, kTogether, local);
        scan_blocks(local, g * kTogether, n, f);
        std::copy_n(local, kTogether, states.data() + g * kTogether);
      }
    });
  };
  for_groups([=](State& s, int64_t r) { s.step(in[r]); });  // what each block comes to
  State before;
  for (State& s : states) {
    State start = before;
    s.start_after(before);
    before = s;
    s = start;
  }
  for_groups([=](State& s, int64_t r) { out[r] = s.step(in[r]); });
}

template <class T, class State>
void scan_lines(T* out, const T* in, int64_t n, const StridedLoops<3>& loops, int64_t in_stride, int64_t out_stride) {
  if (in_stride == 1 && out_stride == 1 && n >= 4 * kTogether * kBlock)
    return loops.run(0, loops.numel(), [&](Offsets at, int64_t count) {
      for (int64_t i = 0; i < count; ++i)
        scan_long_line<T, State>(out + at[1] + i * loops.inner_stride(1), in + at[0] + i * loops.inner_stride(0), n);
    });
  parallel_for(0, loops.numel(), std::max<int64_t>(1, kGrain / n), [&](int64_t from, int64_t to) {
    loops.run(from, to, [&](Offsets at, int64_t count) {
      const int64_t step_in = loops.inner_stride(0), step_out = loops.inner_stride(1);
      if (step_in == 1 && step_out == 1 && count >= 4) {
        for (int64_t begin = 0; begin < count; begin += kTile) {
          const int64_t width = std::min(kTile, count - begin);
          State states[kTile];
          for (int64_t r = 0; r < n; ++r) {
            const T* x = in + at[0] + begin + r * in_stride;
            T* y = out + at[1] + begin + r * out_stride;
            for (int64_t j = 0; j < width; ++j) y[j] = states[j].step(x[j]);
          }
        }
        return;
      }
      for (int64_t i = 0; i < count; ++i) {
        State state;
        const T* x = in + at[0] + i * step_in;
        T* y = out + at[1] + i * step_out;
        for (int64_t r = 0; r < n; ++r) y[r * out_stride] = state.step(x[r * in_stride]);
      }
    });
  });
}

// The running extreme and where it stands: the latest of equals, and of NaNs once there is one.
template <bool kMax, class T>
void scan_extremes(T* out, int64_t* index, const T* in, int64_t n, const StridedLoops<3>& loops, int64_t in_stride, int64_t out_stride,
                   int64_t index_stride) {
  using C = Compute<T>;
  parallel_for(0, loops.numel(), std::max<int64_t>(1, kGrain / n), [&](int64_t from, int64_t to) {
    loops.run(from, to, [&](Offsets at, int64_t count) {
      for (int64_t i = 0; i < count; ++i) {
        const T* x = in + at[0] + i * loops.inner_stride(0);
        T* y = out + at[1] + i * loops.inner_stride(1);
        int64_t* k = index + at[2] + i * loops.inner_stride(2);
        C best = C(x[0]);
        int64_t where = 0;
        for (int64_t r = 0; r < n; ++r) {
          const C v = C(x[r * in_stride]);
          if (v != v || (kMax ? v >= best : v <= best)) {
            best = v;
            where = r;
          }
          y[r * out_stride] = T(best);
          k[r * index_stride] = where;
        }
      }
    });
  });
}

const char* name_of(ScanOp op) {
  constexpr const char* names[] = {"cumsum", "cumprod", "logcumsumexp", "cummax", "cummin"};
  return names[int(op)];
}

void scan(ScanOp op, Tensor& out, Tensor& indices, const Tensor& in, int64_t dim) {
  const DType dtype = out.dtype();
  const bool extreme = op == ScanOp::Max || op == ScanOp::Min;
  if (extreme ? is_complex(dtype) : dtype == kBool) refuse_dtype(name_of(op), dtype);
  if (op == ScanOp::LogSumExp && is_integral(dtype)) refuse_dtype(name_of(op), dtype);
  const Tensor x = in.dtype() == dtype ? in : dense(in, dtype);
  const int64_t rank = out.sizes().size(), n = rank ? out.sizes()[dim] : 1;
  StridedLoops<3> loops;
  for (int64_t d = 0; d < rank; ++d)
    if (d != dim) loops.add(out.sizes()[d], {x.strides()[d], out.strides()[d], extreme ? indices.strides()[d] : 0});
  if (loops.numel() == 0 || n == 0) return;
  const int64_t in_stride = rank ? x.strides()[dim] : 0, out_stride = rank ? out.strides()[dim] : 0,
                index_stride = rank && extreme ? indices.strides()[dim] : 0;
  dispatch(dtype, [&](auto t) {
    using T = decltype(t);
    T* to = static_cast<T*>(out.address());
    const T* from = static_cast<const T*>(x.address());
    if constexpr (!is_complex_type<T>) {
      if (op == ScanOp::Max)
        return scan_extremes<true>(to, static_cast<int64_t*>(indices.address()), from, n, loops, in_stride, out_stride, index_stride);
      if (op == ScanOp::Min)
        return scan_extremes<false>(to, static_cast<int64_t*>(indices.address()), from, n, loops, in_stride, out_stride, index_stride);
    }
    if constexpr (!std::same_as<T, bool>) {
      if (op == ScanOp::Sum) return scan_lines<T, Sum<T>>(to, from, n, loops, in_stride, out_stride);
      if (op == ScanOp::Prod) return scan_lines<T, Product<T>>(to, from, n, loops, in_stride, out_stride);
    }
    if constexpr (is_float_type<T> || is_complex_type<T>) {
      if (op == ScanOp::LogSumExp) scan_lines<T, LogSumExp<T>>(to, from, n, loops, in_stride, out_stride);
    }
  });
}

}  // namespace

void register_scan() { scan_kernel.set(DeviceType::CPU, scan); }

}  // namespace lazuli::cpu
