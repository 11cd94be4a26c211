// Transforms along one dimension: as many lines at a time as fit the cache are brought side by side, transformed together and written back. Blocks of lines go to threads; a single long
// line is shared by them stage by stage. Real lines of even length n are read as n / 2 complex numbers (Sorensen et al., Real-valued fast Fourier transform algorithms, 1987).
#include <algorithm>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/fft/fft_plan.h"
#include "lazuli/backends/cpu/strided_loops.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/fft_slots.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kMostLines = 16, kWorkBytes = 256 << 10;

template <class T>
struct Problem {
  int64_t n;  // of the transform as it was asked for
  bool forward;
  T scale;
  int64_t in_stride, out_stride;  // along the line, in elements
  const void* in;
  void* out;
  std::shared_ptr<const FftPlan<T>> plan;
  std::shared_ptr<const Roots<T>> turn;  // of real lines of even length
};

// Where the lines of a block begin, in elements.
struct Block {
  int64_t in[kMostLines], out[kMostLines], count = 0, lines = 0;
};

// f(j) over rows [0, n) of `lines` values each, in parallel where there are enough of them to matter; f(j, l) over all values.
template <class F>
void for_rows(int64_t n, int64_t lines, F&& f) {
  parallel_for(0, n, std::max<int64_t>(1, 32768 / lines), [&](int64_t from, int64_t to) {
    for (int64_t j = from; j < to; ++j) f(j);
  });
}
template <class F>
void for_values(int64_t n, int64_t lines, F&& f) {
  for_rows(n, lines, [&](int64_t j) {
    for (int64_t l = 0; l < lines; ++l) f(j, l);
  });
}
template <class T>
void clear_unused(Split<T> data, int64_t n, const Block& block) {
  if (block.count == block.lines) return;
  for (int64_t j = 0; j < n; ++j)
    for (int64_t l = block.count; l < block.lines; ++l) data.re[j * block.lines + l] = data.im[j * block.lines + l] = T(0);
}

template <class T>
void complex_lines(const Problem<T>& problem, const Block& block, Split<T> data, Split<T> spare) {
  const T* in = static_cast<const T*>(problem.in);
  T* out = static_cast<T*>(problem.out);
  const int64_t lines = block.lines;
  clear_unused(data, problem.n, block);
  for_values(problem.n, block.count, [&](int64_t j, int64_t l) {
    const T* x = in + 2 * (block.in[l] + j * problem.in_stride);
    data.re[j * lines + l] = x[0];
    data.im[j * lines + l] = x[1];
  });
  const Split<T> result =
      problem.forward ? transform(*problem.plan, data, spare, lines) : transform(*problem.plan, data.swapped(), spare.swapped(), lines).swapped();
  for_values(problem.n, block.count, [&](int64_t k, int64_t l) {
    T* y = out + 2 * (block.out[l] + k * problem.out_stride);
    y[0] = problem.scale * result.re[k * lines + l];
    y[1] = problem.scale * result.im[k * lines + l];
  });
}

// exp(-2 pi i k / n) for k <= n / 2 from those of the first quarter turn.
template <class T>
Complex<T> turned(const Roots<T>& quarter, int64_t k, int64_t n) {
  if (4 * k <= n) return {quarter.re[size_t(k)], quarter.im[size_t(k)]};
  const int64_t mirrored = n / 2 - k;
  return {-quarter.re[size_t(mirrored)], quarter.im[size_t(mirrored)]};
}

// With z the transform of x[2j] + i x[2j + 1] over m = n / 2:  out[k] = (z[k] + conj z[m - k]) / 2 - i/2 exp(-2 pi i k / n) (z[k] - conj z[m - k])
template <class T>
void real_lines(const Problem<T>& problem, const Block& block, Split<T> data, Split<T> spare) {
  const T* in = static_cast<const T*>(problem.in);
  T* out = static_cast<T*>(problem.out);
  const int64_t lines = block.lines, half = problem.n / 2;
  const bool even = problem.turn != nullptr;
  const T scale = problem.scale, imaginary = problem.forward ? scale : -scale;  // the backward transform is the conjugate
  clear_unused(data, even ? half : problem.n, block);
  for_values(even ? half : problem.n, block.count, [&](int64_t j, int64_t l) {
    const T* x = in + block.in[l] + (even ? 2 * j : j) * problem.in_stride;
    data.re[j * lines + l] = x[0];
    data.im[j * lines + l] = even ? x[problem.in_stride] : T(0);
  });
  const Split<T> z = transform(*problem.plan, data, spare, lines);
  const auto at = [&](int64_t k, int64_t l) { return out + 2 * (block.out[l] + k * problem.out_stride); };
  if (!even)
    return for_values(half + 1, block.count, [&](int64_t k, int64_t l) {
      at(k, l)[0] = scale * z.re[k * lines + l];
      at(k, l)[1] = k ? imaginary * z.im[k * lines + l] : T(0);
    });
  for_rows(half + 1, block.count, [&](int64_t k) {
    if (k == 0 || k == half) {
      for (int64_t l = 0; l < block.count; ++l) {
        at(k, l)[0] = scale * (k ? z.re[l] - z.im[l] : z.re[l] + z.im[l]);
        at(k, l)[1] = 0;
      }
      return;
    }
    const auto [w_re, w_im] = turned(*problem.turn, k, problem.n);
    const T *re = z.re + k * lines, *im = z.im + k * lines, *mirrored_re = z.re + (half - k) * lines, *mirrored_im = z.im + (half - k) * lines;
    for (int64_t l = 0; l < block.count; ++l) {
      const T sum_re = re[l] + mirrored_re[l], sum_im = im[l] - mirrored_im[l], apart_re = im[l] + mirrored_im[l],
              apart_im = mirrored_re[l] - re[l];  // -i (z[k] - conj z[m - k])
      at(k, l)[0] = scale / 2 * (sum_re + w_re * apart_re - w_im * apart_im);
      at(k, l)[1] = imaginary / 2 * (sum_im + w_re * apart_im + w_im * apart_re);
    }
  });
}

// The reverse: z[k] = (x[k] + conj x[m - k]) + i exp(2 pi i k / n) (x[k] - conj x[m - k]), whose backward transform over m has out[2j] + i out[2j + 1].
template <class T>
void hermitian_lines(const Problem<T>& problem, const Block& block, Split<T> data, Split<T> spare) {
  const T* in = static_cast<const T*>(problem.in);
  T* out = static_cast<T*>(problem.out);
  const int64_t lines = block.lines, n = problem.n, half = n / 2;
  const bool even = problem.turn != nullptr;
  const T sign = problem.forward ? T(-1) : T(1);  // the forward transform is the backward one of the conjugate
  clear_unused(data, even ? half : n, block);
  if (even) {
    for_rows(half, block.count, [&](int64_t k) {
      const auto [w_re, w_im] = turned(*problem.turn, k, n);
      for (int64_t l = 0; l < block.count; ++l) {
        const T* x = in + 2 * (block.in[l] + k * problem.in_stride);
        const T* mirrored = in + 2 * (block.in[l] + (half - k) * problem.in_stride);
        const T x_im = k ? sign * x[1] : T(0), mirrored_im = k ? sign * mirrored[1] : T(0);
        const T apart_re = x[0] - mirrored[0], apart_im = x_im + mirrored_im;
        const T turned_re = w_re * apart_re + w_im * apart_im, turned_im = w_re * apart_im - w_im * apart_re;
        data.re[k * lines + l] = x[0] + mirrored[0] - turned_im;
        data.im[k * lines + l] = x_im - mirrored_im + turned_re;
      }
    });
  } else {
    for_values(half + 1, block.count, [&](int64_t k, int64_t l) {
      const T* x = in + 2 * (block.in[l] + k * problem.in_stride);
      const T im = k ? sign * x[1] : T(0);
      data.re[k * lines + l] = x[0];
      data.im[k * lines + l] = im;
      if (k == 0) return;
      data.re[(n - k) * lines + l] = x[0];
      data.im[(n - k) * lines + l] = -im;
    });
  }
  const Split<T> z = transform(*problem.plan, data.swapped(), spare.swapped(), lines).swapped();
  for_values(even ? half : n, block.count, [&](int64_t j, int64_t l) {
    T* y = out + block.out[l] + (even ? 2 * j : j) * problem.out_stride;
    y[0] = problem.scale * z.re[j * lines + l];
    if (even) y[problem.out_stride] = problem.scale * z.im[j * lines + l];
  });
}

template <class T>
void run(Tensor& out, const Tensor& in, int64_t dim, bool forward, double scale) {
  const bool from_real = !in.is_complex(), to_real = !out.is_complex();
  const int64_t n = from_real ? in.sizes()[dim] : out.sizes()[dim];
  const bool halved = (from_real || to_real) && n % 2 == 0;
  Problem<T> problem{n, forward, T(scale), in.strides()[dim], out.strides()[dim], in.data(), out.data(), fft_plan<T>(halved ? n / 2 : n), {}};
  if (halved) problem.turn = fft_quarter_turn<T>(n);

  StridedLoops<2> loops;
  for (int64_t d = 0; d < out.dim(); ++d)
    if (d != dim) loops.add(out.sizes()[d], {in.strides()[d], out.strides()[d]});
  const int64_t total = loops.numel(), reach = problem.plan->reach();
  if (total == 0) return;
  int64_t most = std::clamp<int64_t>(kWorkBytes / (4 * reach * int64_t(sizeof(T))), 1, kMostLines);
  while (most & (most - 1)) most &= most - 1;
  if (total < most) most = total <= 2 ? total : (total + 3) / 4 * 4;
  const int64_t blocks = (total + most - 1) / most, grain = std::max<int64_t>(1, 8192 / (n * most));
  parallel_for(0, blocks, grain, [&](int64_t from, int64_t to) {
    Tensor work = new_tensor({4, reach * most}, dtype_of<T>());
    T* memory = static_cast<T*>(work.data());
    const Split<T> data{memory, memory + reach * most}, spare{memory + 2 * reach * most, memory + 3 * reach * most};
    for (int64_t b = from; b < to; ++b) {
      Block block;
      block.lines = most;
      loops.run(b * most, std::min(total, (b + 1) * most), [&](std::array<int64_t, 2> at, int64_t count) {
        for (int64_t i = 0; i < count; ++i, ++block.count) {
          block.in[block.count] = at[0] + i * loops.inner_stride(0);
          block.out[block.count] = at[1] + i * loops.inner_stride(1);
        }
      });
      if (from_real) real_lines(problem, block, data, spare);
      else if (to_real) hermitian_lines(problem, block, data, spare);
      else complex_lines(problem, block, data, spare);
    }
  });
}

void fft(Tensor& out, const Tensor& in, int64_t dim, bool forward, double scale) {
  if (out.dtype() == kFloat64 || out.dtype() == kComplex128) run<double>(out, in, dim, forward, scale);
  else run<float>(out, in, dim, forward, scale);
}

}  // namespace

void register_fft() { fft_kernel.set(DeviceType::CPU, fft, {kFloat32, kFloat64, kComplex64, kComplex128}); }

}  // namespace lazuli::cpu
