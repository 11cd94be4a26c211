// arg_reduce: in seen as lines along `dim`. Lines of stride 1: block by block the extreme (with the reduction's SIMD kernel), then the place where it stands.
// Lines across contiguous columns: all columns of a tile at once. Parallel over lines or tiles; one long line is cut into parts of fixed size.
#include "lazuli/backends/cpu/reduce/reduction_arg.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/reduce/reduction_kernels.h"
#include "lazuli/backends/cpu/strided_loops.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 16384;
constexpr int64_t kPart = 65536;

template <class T>
bool is_nan(T x) {
  if constexpr (is_reduced_float<T>) return float(x) != float(x);
  else return x != x;
}

/// Whether x displaces best: better, or a NaN where there is none yet.
template <bool kMax, class T>
bool displaces(T x, T best) {
  if constexpr (is_float_type<T>) {
    if (is_nan(best)) return false;
    if (is_nan(x)) return true;
  }
  using C = Compute<T>;
  return kMax ? C(x) > C(best) : C(x) < C(best);
}

template <class T>
struct Best {
  T value;
  int64_t index;
};

template <bool kMax, class T>
Best<T> best_of_line(const T* in, int64_t begin, int64_t end, int64_t stride) {
  Best<T> best{in[begin * stride], begin};
  if constexpr (is_float_type<T>) {
    if (stride == 1 && end - begin >= 32) {
      constexpr int64_t kBlock = 1024;
      const ReduceKernel& kernel = float_reduce_kernel(kMax ? Fold::Max : Fold::Min, dtype_of<T>());
      for (int64_t i = begin; i < end && !is_nan(best.value); i += kBlock) {
        const int64_t n = std::min(kBlock, end - i);
        double extreme = kMax ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
        kernel.rows(&extreme, in + i, 1, 0, n);
        const T found = convert<T>(extreme);
        if (!displaces<kMax>(found, best.value)) continue;
        const int64_t at = i + find_value(dtype_of<T>(), in + i, n, extreme);
        best = {in[at], at};
      }
      return best;
    }
  }
  for (int64_t i = begin + 1; i < end; ++i)
    if (displaces<kMax>(in[i * stride], best.value)) best = {in[i * stride], i};
  return best;
}

template <bool kMax, class T>
Best<T> best_of_long_line(const T* in, int64_t n, int64_t stride) {
  const int64_t parts = (n + kPart - 1) / kPart;
  std::vector<Best<T>> found(parts);
  parallel_for(0, parts, 1, [&](int64_t from, int64_t to) {
    for (int64_t p = from; p < to; ++p) found[p] = best_of_line<kMax>(in, p * kPart, std::min(n, (p + 1) * kPart), stride);
  });
  Best<T> best = found[0];
  for (const Best<T>& b : found)
    if (displaces<kMax>(b.value, best.value)) best = b;
  return best;
}

template <class T, bool kMax>
struct Lines {
  const T* in;
  int64_t* out;
  T* values;  // may be null
  int64_t n, stride;

  void write(const std::array<int64_t, 3>& at, const Best<T>& best) const {
    out[at[1]] = best.index;
    if (values) values[at[2]] = best.value;
  }

  // `count` columns that lie side by side
  void columns(std::array<int64_t, 3> at, int64_t count, int64_t out_stride, int64_t value_stride) const {
    constexpr int64_t kTile = 1024;
    for (; count > 0; count -= kTile, at[0] += kTile, at[1] += kTile * out_stride, at[2] += kTile * value_stride) {
      const int64_t width = std::min(count, kTile);
      if constexpr (is_float_type<T>) {
        using C = Compute<T>;
        using I = std::conditional_t<sizeof(C) == 8, int64_t, int32_t>;
        alignas(64) C best[kTile];
        alignas(64) I index[kTile];
        arg_columns_float(kMax, dtype_of<T>(), best, index, in + at[0], n, stride, width);
        for (int64_t j = 0; j < width; ++j) write({0, at[1] + j * out_stride, at[2] + j * value_stride}, {T(best[j]), index[j]});
      } else {
        T best[kTile];
        int64_t index[kTile] = {};
        std::copy_n(in + at[0], width, best);
        for (int64_t r = 1; r < n; ++r) {
          const T* row = in + at[0] + r * stride;
          for (int64_t j = 0; j < width; ++j) {
            const bool take = kMax ? row[j] > best[j] : row[j] < best[j];
            best[j] = take ? row[j] : best[j];
            index[j] = take ? r : index[j];
          }
        }
        for (int64_t j = 0; j < width; ++j) write({0, at[1] + j * out_stride, at[2] + j * value_stride}, {best[j], index[j]});
      }
    }
  }

  void run(const StridedLoops<3>& loops) const {
    const int64_t lines = loops.numel();
    if (lines == 1 && n > kPart) return write({0, 0, 0}, best_of_long_line<kMax>(in, n, stride));
    parallel_for(0, lines, std::max<int64_t>(1, kGrain / n), [&](int64_t from, int64_t to) {
      loops.run(from, to, [&](std::array<int64_t, 3> at, int64_t count) {
        if (loops.inner_stride(0) == 1 && stride != 1 && count >= 4 && n < (int64_t(1) << 31))
          return columns(at, count, loops.inner_stride(1), loops.inner_stride(2));
        for (int64_t i = 0; i < count; ++i) {
          write(at, best_of_line<kMax>(in + at[0], 0, n, stride));
          for (int k = 0; k < 3; ++k) at[k] += loops.inner_stride(k);
        }
      });
    });
  }
};

}  // namespace

void arg_reduce(ArgReduceOp op, Tensor& out, Tensor& values, const Tensor& in, int64_t dim) {
  const char* name = op == ArgReduceOp::Argmax ? "argmax" : "argmin";
  if (is_complex(in.dtype()) || (in.dtype() == kBool && !values.defined())) refuse_dtype(name, in.dtype());
  const int64_t rank = in.sizes().size(), n = rank ? in.sizes()[dim] : 1;
  StridedLoops<3> loops;
  for (int64_t d = 0; d < rank; ++d)
    if (d != dim) loops.add(in.sizes()[d], {in.strides()[d], out.strides()[d], values.defined() ? values.strides()[d] : 0});
  if (loops.numel() == 0 || n == 0) return;
  dispatch(in.dtype(), [&](auto t) {
    using T = decltype(t);
    if constexpr (!is_complex_type<T>) {
      const T* from = static_cast<const T*>(in.address());
      T* value = values.defined() ? static_cast<T*>(values.address()) : nullptr;
      const int64_t stride = rank ? in.strides()[dim] : 1;
      if (op == ArgReduceOp::Argmax) Lines<T, true>{from, static_cast<int64_t*>(out.address()), value, n, stride}.run(loops);
      else Lines<T, false>{from, static_cast<int64_t*>(out.address()), value, n, stride}.run(loops);
    }
  });
}

}  // namespace lazuli::cpu
