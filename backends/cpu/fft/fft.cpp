// Transforms along one dimension: as many lines at a time as fit the cache are brought side by side, transformed together and written back. Blocks of lines go to threads; a single long
// line is shared by them stage by stage. Real lines of even length n are read as n / 2 complex numbers (Sorensen et al., Real-valued fast Fourier transform algorithms, 1987).
#include <algorithm>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/fft/fft_lines.h"
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

// Where the lines of a block begin, in real numbers.
struct Block {
  int64_t in[kMostLines], out[kMostLines], count = 0, lines = 0;
};

// f(from, to) for shares of the rows [0, n) of `lines` values each, in parallel where there are enough of them to matter; f(j, l) for all values.
template <class F>
void for_rows(int64_t n, int64_t lines, F&& f) {
  parallel_for(0, n, std::max<int64_t>(1, 32768 / lines), f);
}
template <class F>
void for_values(int64_t n, int64_t lines, F&& f) {
  for_rows(n, lines, [&](int64_t from, int64_t to) {
    for (int64_t j = from; j < to; ++j)
      for (int64_t l = 0; l < lines; ++l) f(j, l);
  });
}
template <class T>
void clear_unused(Split<T> data, int64_t n, const Block& block) {
  if (block.count == block.lines) return;
  for (int64_t j = 0; j < n; ++j)
    for (int64_t l = block.count; l < block.lines; ++l) data.re[j * block.lines + l] = data.im[j * block.lines + l] = T(0);
}

// Numbers [0, n) of each line, `step` apart, times `scale` on the way back.
template <class T>
void bring(const T* in, int64_t step, const Block& block, int64_t n, Split<T> data) {
  const FftLines<const T> at{in, block.in, block.count, block.lines, step};
  for_rows(n, block.count, [&](int64_t from, int64_t to) { fft_gather(at, data, from, to); });
}
template <class T>
void write_back(Split<T> data, T scale, int64_t n, T* out, int64_t step, const Block& block) {
  const FftLines<T> at{out, block.out, block.count, block.lines, step};
  for_rows(n, block.count, [&](int64_t from, int64_t to) { fft_scatter(data, scale, at, from, to); });
}

template <class T>
void complex_lines(const Problem<T>& problem, const Block& block, Split<T> data, Split<T> spare) {
  const int64_t lines = block.lines;
  clear_unused(data, problem.n, block);
  bring(static_cast<const T*>(problem.in), 2 * problem.in_stride, block, problem.n, data);
  const Split<T> result =
      problem.forward ? transform(*problem.plan, data, spare, lines) : transform(*problem.plan, data.swapped(), spare.swapped(), lines).swapped();
  write_back(result, problem.scale, problem.n, static_cast<T*>(problem.out), 2 * problem.out_stride, block);
}

template <class T>
void real_lines(const Problem<T>& problem, const Block& block, Split<T> data, Split<T> spare) {
  const T* in = static_cast<const T*>(problem.in);
  T* out = static_cast<T*>(problem.out);
  const int64_t lines = block.lines, half = problem.n / 2;
  const bool even = problem.turn != nullptr;
  const T scale = problem.scale, imaginary = problem.forward ? scale : -scale;  // the backward transform is the conjugate
  clear_unused(data, even ? half : problem.n, block);
  if (even && problem.in_stride == 1) bring(in, 2, block, half, data);
  else
    for_values(even ? half : problem.n, block.count, [&](int64_t j, int64_t l) {
      const T* x = in + block.in[l] + (even ? 2 * j : j) * problem.in_stride;
      data.re[j * lines + l] = x[0];
      data.im[j * lines + l] = even ? x[problem.in_stride] : T(0);
    });
  const Split<T> z = transform(*problem.plan, data, spare, lines);
  if (!even)
    return for_values(half + 1, block.count, [&](int64_t k, int64_t l) {
      T* y = out + block.out[l] + 2 * k * problem.out_stride;
      y[0] = scale * z.re[k * lines + l];
      y[1] = k ? imaginary * z.im[k * lines + l] : T(0);
    });
  const Split<T> result = z.re == data.re ? spare : data;
  for_rows(half + 1, block.count,
           [&](int64_t from, int64_t to) { fft_unfold(z, *problem.turn, half, scale / 2, imaginary / 2, lines, result, from, to); });
  write_back(result, T(1), half + 1, out, 2 * problem.out_stride, block);
}

template <class T>
void hermitian_lines(const Problem<T>& problem, const Block& block, Split<T> data, Split<T> spare) {
  const T* in = static_cast<const T*>(problem.in);
  T* out = static_cast<T*>(problem.out);
  const int64_t lines = block.lines, n = problem.n, half = n / 2;
  const bool even = problem.turn != nullptr;
  const T sign = problem.forward ? T(-1) : T(1);  // the forward transform is the backward one of the conjugate
  clear_unused(even ? spare : data, even ? half + 1 : n, block);
  if (even) {
    bring(in, 2 * problem.in_stride, block, half + 1, spare);
    std::fill_n(spare.im, lines, T(0));
    std::fill_n(spare.im + half * lines, lines, T(0));
    for_rows(half, block.count, [&](int64_t from, int64_t to) { fft_fold(spare, *problem.turn, half, sign, lines, data, from, to); });
  } else {
    for_values(half + 1, block.count, [&](int64_t k, int64_t l) {
      const T* x = in + block.in[l] + 2 * k * problem.in_stride;
      const T im = k ? sign * x[1] : T(0);
      data.re[k * lines + l] = x[0];
      data.im[k * lines + l] = im;
      if (k == 0) return;
      data.re[(n - k) * lines + l] = x[0];
      data.im[(n - k) * lines + l] = -im;
    });
  }
  const Split<T> z = transform(*problem.plan, data.swapped(), spare.swapped(), lines).swapped();
  if (even && problem.out_stride == 1) return write_back(z, problem.scale, half, out, 2, block);
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
  Problem<T> problem{n, forward, T(scale), in.strides()[dim], out.strides()[dim], in.address(), out.address(), fft_plan<T>(halved ? n / 2 : n), {}};
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
    const int64_t values = (reach + 1) * most;  // real lines have a number more at their end
    Tensor work = new_tensor({4, values}, dtype_of<T>());
    T* memory = static_cast<T*>(work.address());
    const Split<T> data{memory, memory + values}, spare{memory + 2 * values, memory + 3 * values};
    for (int64_t b = from; b < to; ++b) {
      Block block;
      block.lines = most;
      loops.run(b * most, std::min(total, (b + 1) * most), [&](std::array<int64_t, 2> at, int64_t count) {
        for (int64_t i = 0; i < count; ++i, ++block.count) {
          block.in[block.count] = (from_real ? 1 : 2) * (at[0] + i * loops.inner_stride(0));
          block.out[block.count] = (to_real ? 1 : 2) * (at[1] + i * loops.inner_stride(1));
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
