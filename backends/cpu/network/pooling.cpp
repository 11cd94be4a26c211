// Pooling over images seen as [outer, depth, height, width, inner]: row-major ones have all their channels in outer and inner 1, those with channels last have them in inner. Parallel over
// rows of the output, gradients over outer and pieces of inner. The innermost loops go over channels, or where there are none inside over the output places of a row.
#include <cmath>
#include <limits>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/network/pooling_kernels.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/core/slots/pool_windows.h"
#include "lazuli/core/slots/window_slots.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 16384;  // elements read by a thread, at least
constexpr int64_t kInner = 64;     // channels in a piece

// As [outer, in[0], in[1], in[2], inner] -> [outer, out[0], out[1], out[2], inner].
struct Geometry {
  int64_t outer, inner, in[3] = {1, 1, 1}, out[3] = {1, 1, 1};
  PoolWindows windows[3];
  int64_t reads = 1;        // of the greatest window
  bool rows_slide = false;  // the windows of a row are a kernel's, which moves on by `stride`
  int64_t kernel = 0, stride = 0, padding = 0, dilation = 1;

  Geometry(const Tensor& image, const Tensor& pooled, bool channels_last)
      : outer(image.sizes()[0] * (channels_last ? 1 : image.sizes()[1])), inner(channels_last ? image.sizes()[1] : 1) {
    const int64_t rank = image.dim() - 2;
    for (int64_t d = 0; d < rank; ++d) in[3 - rank + d] = image.sizes()[d + 2], out[3 - rank + d] = pooled.sizes()[d + 2];
  }
  Geometry(const Tensor& image, const Tensor& pooled, bool channels_last, const Shape& given_kernel, const Shape& given_stride,
           const Shape& given_padding, const Shape* given_dilation, bool count_padding)
      : Geometry(image, pooled, channels_last) {
    const int64_t rank = image.dim() - 2;
    for (int64_t d = 0; d < 3; ++d) {
      const int64_t at = d - (3 - rank);
      windows[d] = at < 0 ? PoolWindows::adaptive(1, 1)
                          : PoolWindows::of(at, in[d], out[d], given_kernel, given_stride, given_padding, given_dilation, count_padding);
      reads *= windows[d].longest();
    }
    if (given_kernel.empty() || inner != 1 || in_size() > std::numeric_limits<int32_t>::max()) return;
    rows_slide = true;
    kernel = given_kernel[rank - 1], stride = given_stride[rank - 1], padding = given_padding[rank - 1];
    if (given_dilation) dilation = (*given_dilation)[rank - 1];
  }
  int64_t rows() const { return outer * out[0] * out[1]; }
  int64_t in_size() const { return in[0] * in[1] * in[2] * inner; }
  int64_t out_size() const { return out[0] * out[1] * out[2] * inner; }
  int64_t row_grain() const { return std::max<int64_t>(1, kGrain / std::max<int64_t>(1, out[2] * reads * inner)); }
  int64_t count(int64_t z, int64_t y, int64_t x) const {
    return windows[0].count[size_t(z)] * windows[1].count[size_t(y)] * windows[2].count[size_t(x)];
  }

  // f(place in the flattened input dimensions) for the window of an output place, in order.
  template <class F>
  void each_read(int64_t z, int64_t y, int64_t x, F f) const {
    for (int64_t i = windows[0].begin[size_t(z)]; i < windows[0].end[size_t(z)]; i += windows[0].step)
      for (int64_t j = windows[1].begin[size_t(y)]; j < windows[1].end[size_t(y)]; j += windows[1].step) {
        const int64_t row = (i * in[1] + j) * in[2];
        for (int64_t k = windows[2].begin[size_t(x)]; k < windows[2].end[size_t(x)]; k += windows[2].step) f(row + k);
      }
  }
  // f(place of the first, number, step) for the runs of a window's places along the last dimension, in order.
  template <class F>
  void each_run(int64_t z, int64_t y, int64_t x, F f) const {
    const PoolWindows& last = windows[2];
    const int64_t begin = last.begin[size_t(x)], count = (last.end[size_t(x)] - begin + last.step - 1) / last.step;
    for (int64_t i = windows[0].begin[size_t(z)]; i < windows[0].end[size_t(z)]; i += windows[0].step)
      for (int64_t j = windows[1].begin[size_t(y)]; j < windows[1].end[size_t(y)]; j += windows[1].step)
        f((i * in[1] + j) * in[2] + begin, count, last.step);
  }
  int64_t first_read(int64_t z, int64_t y, int64_t x) const {
    return (windows[0].begin[size_t(z)] * in[1] + windows[1].begin[size_t(y)]) * in[2] + windows[2].begin[size_t(x)];
  }
  // f(first output place, end, input place of the first) for all reads of an output row whose windows slide: place x of the output reads `stride` further than x - 1.
  template <class F>
  void each_row_read(int64_t z, int64_t y, F f) const {
    // The places of a window that any of them reads: of a kernel far greater than the image the others are not visited.
    const int64_t before = std::max<int64_t>(padding - (out[2] - 1) * stride, 0);
    const int64_t first = (before + dilation - 1) / dilation, last = std::min(kernel, (in[2] - 1 + padding) / dilation + 1);
    for (int64_t i = windows[0].begin[size_t(z)]; i < windows[0].end[size_t(z)]; i += windows[0].step)
      for (int64_t j = windows[1].begin[size_t(y)]; j < windows[1].end[size_t(y)]; j += windows[1].step)
        for (int64_t k = first; k < last; ++k) {
          const int64_t at = k * dilation - padding;  // read by place 0
          const int64_t from = at < 0 ? (-at + stride - 1) / stride : 0, end = at < in[2] ? std::min(out[2], (in[2] - 1 - at) / stride + 1) : 0;
          if (from < end) f(from, end, (i * in[1] + j) * in[2] + from * stride + at);
        }
  }
  // How many rows the windows of this row have where they are one or two, of two columns and all inside; else 0.
  int64_t rows_of_pairs(int64_t z, int64_t y) const {
    const auto rows = [&](int d, int64_t at) { return windows[d].end[size_t(at)] - windows[d].begin[size_t(at)]; };
    const bool pairs = kernel == 2 && padding == 0 && dilation == 1 && windows[1].step == 1 && rows(0, z) == 1 && (out[2] - 1) * stride + 2 <= in[2];
    return pairs && rows(1, y) <= 2 ? rows(1, y) : 0;
  }
  // f(outer, z, y, place of its first element) for output rows [from, to).
  template <class F>
  void each_row(int64_t from, int64_t to, F f) const {
    int64_t y = from % out[1], z = from / out[1] % out[0], o = from / out[1] / out[0];
    for (int64_t row = from; row < to; ++row) {
      f(o, z, y, row * out[2] * inner);
      if (++y < out[1]) continue;
      y = 0;
      if (++z < out[0]) continue;
      z = 0, ++o;
    }
  }
  // f(outer, z, y, x, place of the output) for all places of rows [from, to).
  template <class F>
  void each_place(int64_t from, int64_t to, F f) const {
    for (int64_t row = from; row < to; ++row) {
      const int64_t y = row % out[1], z = row / out[1] % out[0], o = row / out[1] / out[0];
      for (int64_t x = 0; x < out[2]; ++x) f(o, z, y, x, (row * out[2] + x) * inner);
    }
  }
};

Tensor new_laid_out(const Shape& sizes, DType dtype, bool channels_last) {
  return channels_last ? new_strided(sizes, channels_last_strides(sizes), dtype) : new_tensor(sizes, dtype);
}
bool lies_so(const Tensor& t, bool channels_last) { return channels_last ? is_channels_last(t) : t.is_contiguous(); }
Tensor laid_out(const Tensor& t, DType dtype, bool channels_last) {
  if (lies_so(t, channels_last) && t.dtype() == dtype) return t;
  Tensor copy = new_laid_out(t.sizes(), dtype, channels_last);
  copy_kernel(kCPU, copy, t);
  return copy;
}
// An output in such a layout, and of that dtype: itself or a tensor that is copied to it at the end.
class Written {
 public:
  Written(Tensor& out, DType dtype, bool channels_last) : out_(out) {
    if (out.defined()) tensor_ = lies_so(out, channels_last) && out.dtype() == dtype ? out : new_laid_out(out.sizes(), dtype, channels_last);
  }
  void commit() {
    if (tensor_.defined() && !tensor_.is_same(out_)) copy_kernel(kCPU, out_, tensor_);
  }
  const Tensor& tensor() const { return tensor_; }
  template <class T>
  T* data() const {
    return pointer<T>(tensor_);
  }

 private:
  Tensor& out_;
  Tensor tensor_;
};

template <class T>
bool is_nan(T v) {
  if constexpr (is_float_type<T>) return v != v;
  else return false;
}
template <class T>
T lowest() {
  if constexpr (is_float_type<T>) return T(-std::numeric_limits<float>::infinity());
  else return std::numeric_limits<T>::lowest();
}

// best[i] and its place at[i] where values[i * stride] is greater, or NaN.
template <class T>
void raise(Compute<T>* __restrict best, int32_t* __restrict at, const T* __restrict values, int64_t stride, int64_t n, int32_t place, int32_t step) {
  const auto one = [&](int64_t i, T value) {
    const Compute<T> v = Compute<T>(value);
    const bool greater = (v > best[i]) | is_nan(v);
    best[i] = greater ? v : best[i];
    at[i] = greater ? place + int32_t(i) * step : at[i];
  };
  int64_t i = 0;
  if constexpr (std::is_same_v<T, float>)
    if (stride == step && stride <= 2) i = pooling_loops().raise[stride - 1](best, at, values, n, place);
  if (stride == 1)
    for (; i < n; ++i) one(i, values[i]);
  else
    for (; i < n; ++i) one(i, values[i * stride]);
}

// out[x] = max(in[2 x], in[2 x + 1]), which the compiler makes vectors of.
template <class T>
void greatest_of_neighbours(T* __restrict out, const T* __restrict in, int64_t n) {
#pragma omp simd
  for (int64_t x = 0; x < n; ++x) {
    const Compute<T> a = Compute<T>(in[2 * x]), b = Compute<T>(in[2 * x + 1]);
    out[x] = T((b > a) | is_nan(b) ? b : a);
  }
}

// Windows of 2 x 2, the commonest, or of one row of two, in one pass: `top` is the first row of `width` elements, whose first has that place. Which element is the greatest is as good as
// random, so that nothing branches on it.
template <int kRows, class T>
void greatest_of_pairs(T* __restrict out, int64_t* __restrict indices, const T* __restrict top, int64_t width, int64_t stride, int64_t n,
                       int64_t place) {
  if constexpr (kRows == 1) {
    if (!indices && stride == 2) return greatest_of_neighbours(out, top, n);
    for (int64_t x = 0; x < n; ++x) {
      const Compute<T> a = Compute<T>(top[x * stride]), b = Compute<T>(top[x * stride + 1]);
      const int64_t second = (b > a) | is_nan(b);
      out[x] = top[x * stride + second];
      if (indices) indices[x] = place + x * stride + second;
    }
    return;
  }
  const int64_t others[] = {1, width, width + 1};
  for (int64_t x = 0; x < n; ++x, top += stride, place += stride) {
    int64_t at = 0;
    for (int k = 0; k < 3; ++k) {
      const Compute<T> v = Compute<T>(top[others[k]]);
      at ^= (at ^ others[k]) & -int64_t((v > Compute<T>(top[at])) | is_nan(v));
    }
    out[x] = top[at];
    if (indices) indices[x] = place + at;
  }
}

template <class T>
void max_pool_of(const Geometry& g, T* out, int64_t* indices, const T* in) {
  parallel_for(0, g.rows(), g.row_grain(), [&](int64_t from, int64_t to) {
    const int64_t lanes = g.rows_slide ? g.out[2] : g.inner;
    std::vector<Compute<T>> best(static_cast<size_t>(lanes));
    std::vector<int32_t> at(static_cast<size_t>(lanes));
    const auto store = [&](int64_t place) {
      for (int64_t i = 0; i < lanes; ++i) out[place + i] = T(best[size_t(i)]);
      for (int64_t i = 0; indices && i < lanes; ++i) indices[place + i] = at[size_t(i)];
    };
    if (g.rows_slide) {
      return g.each_row(from, to, [&](int64_t o, int64_t z, int64_t y, int64_t place) {
        if (const int64_t rows = g.rows_of_pairs(z, y)) {
          const int64_t first = g.first_read(z, y, 0);
          if constexpr (std::is_same_v<T, float>)
            if (g.stride == 2 && pooling_loops().greatest_of_pairs[rows - 1](out + place, indices ? at.data() : nullptr, in + o * g.in_size() + first,
                                                                             g.in[2], lanes, int32_t(first))) {
              for (int64_t i = 0; indices && i < lanes; ++i) indices[place + i] = at[size_t(i)];
              return;
            }
          const auto greatest = rows == 1 ? &greatest_of_pairs<1, T> : &greatest_of_pairs<2, T>;
          return greatest(out + place, indices ? indices + place : nullptr, in + o * g.in_size() + first, g.in[2], g.stride, lanes, first);
        }
        for (int64_t x = 0; x < lanes; ++x) best[size_t(x)] = Compute<T>(lowest<T>()), at[size_t(x)] = int32_t(g.first_read(z, y, x));
        g.each_row_read(z, y, [&](int64_t first, int64_t end, int64_t read) {
          raise(best.data() + first, at.data() + first, in + o * g.in_size() + read, g.stride, end - first, int32_t(read), int32_t(g.stride));
        });
        store(place);
      });
    }
    if (g.inner == 1) {
      return g.each_place(from, to, [&](int64_t o, int64_t z, int64_t y, int64_t x, int64_t place) {
        Compute<T> greatest = Compute<T>(lowest<T>());
        int64_t where = g.first_read(z, y, x);
        g.each_run(z, y, x, [&](int64_t read, int64_t count, int64_t step) {
          const T* values = in + o * g.in_size() + read;
          for (int64_t i = 0; i < count; ++i) {
            const Compute<T> v = Compute<T>(values[i * step]);
            if ((v > greatest) | is_nan(v)) greatest = v, where = read + i * step;
          }
        });
        out[place] = T(greatest);
        if (indices) indices[place] = where;
      });
    }
    if constexpr (std::is_same_v<T, float>) {
      const PoolingLoops& loops = pooling_loops();
      std::vector<const float*> reads;
      std::vector<int32_t> read_at;
      return g.each_place(from, to, [&](int64_t o, int64_t z, int64_t y, int64_t x, int64_t place) {
        reads.clear(), read_at.clear();
        g.each_read(z, y, x, [&](int64_t read) { reads.push_back(in + o * g.in_size() + read * g.inner), read_at.push_back(int32_t(read)); });
        if (reads.empty()) {  // a window in the padding alone
          std::fill_n(out + place, lanes, lowest<T>());
          for (int64_t i = 0; indices && i < lanes; ++i) indices[place + i] = g.first_read(z, y, x);
          return;
        }
        loops.greatest(out + place, indices ? at.data() : nullptr, reads.data(), read_at.data(), int64_t(reads.size()), lanes);
        for (int64_t i = 0; indices && i < lanes; ++i) indices[place + i] = at[size_t(i)];
      });
    }
    g.each_place(from, to, [&](int64_t o, int64_t z, int64_t y, int64_t x, int64_t place) {
      std::fill(best.begin(), best.end(), Compute<T>(lowest<T>()));
      std::fill(at.begin(), at.end(), int32_t(g.first_read(z, y, x)));
      g.each_read(z, y, x, [&](int64_t read) { raise(best.data(), at.data(), in + o * g.in_size() + read * g.inner, 1, g.inner, int32_t(read), 0); });
      store(place);
    });
  });
}

void max_pool(Tensor& out, Tensor& indices, const Tensor& in, const Shape& kernel, const Shape& stride, const Shape& padding, const Shape& dilation) {
  const bool last = is_channels_last(in);
  const Geometry g(in, out, last, kernel, stride, padding, &dilation, false);
  const Tensor image = laid_out(in, in.dtype(), last);
  if (g.in_size() / g.inner > std::numeric_limits<int32_t>::max())
    fail(ErrorKind::NotSupported, "max_pool", "self", "images of less than 2^31 places", to_string(in.sizes()));
  Written values(out, out.dtype(), last), places(indices, kInt64, last);
  dispatch(in.dtype(), [&]<class T>(T) {
    if constexpr (is_complex_type<T> || std::is_same_v<T, bool>) refuse_dtype("max_pool", in.dtype());
    else max_pool_of(g, values.data<T>(), places.data<int64_t>(), pointer<T>(image));
  });
  values.commit(), places.commit();
}

// f(outer, first channel, end) for pieces of the channels.
template <class F>
void each_piece(const Geometry& g, int64_t work, F f) {
  const int64_t pieces = (g.inner + kInner - 1) / kInner;
  parallel_for(0, g.outer * pieces, std::max<int64_t>(1, kGrain / std::max<int64_t>(1, work * std::min(g.inner, kInner))),
               [&](int64_t from, int64_t to) {
                 for (int64_t i = from; i < to; ++i) {
                   const int64_t first = i % pieces * kInner;
                   f(i / pieces, first, std::min(first + kInner, g.inner));
                 }
               });
}

template <class T>
void clear(const Geometry& g, T* image, int64_t first, int64_t end) {
  if (g.inner == 1) {
    std::fill_n(image, g.in_size(), T(0));
    return;
  }
  for (int64_t i = 0; i < g.in_size(); i += g.inner) std::fill(image + i + first, image + i + end, T(0));
}

void max_pool_backward(Tensor& grad_in, const Tensor& grad, const Tensor& indices) {
  const bool last = is_channels_last(grad_in);
  const Geometry g(grad_in, grad, last);
  const DType dtype = grad.dtype() == kFloat64 ? kFloat64 : kFloat32;
  const Tensor from = laid_out(grad, dtype, last), places = laid_out(indices, kInt64, last);
  Written out(grad_in, dtype, last);
  const auto run = [&]<class T>(T) {
    const T* values = pointer<T>(from);
    const int64_t* at = pointer<int64_t>(places);
    each_piece(g, g.in_size() / std::max<int64_t>(g.inner, 1), [&](int64_t o, int64_t first, int64_t end) {
      T* image = out.data<T>() + o * g.in_size();
      clear(g, image, first, end);
      for (int64_t i = o * g.out_size(); i < (o + 1) * g.out_size(); i += g.inner)
        for (int64_t c = first; c < end; ++c) image[at[i + c] * g.inner + c] += values[i + c];
    });
  };
  if (dtype == kFloat64) run(double());
  else run(float());
  out.commit();
}

// What sums are collected in: float for floats, as PyTorch does.
template <class T>
using Sum = std::conditional_t<is_float_type<T>, Compute<T>, int64_t>;

template <class T>
void add(Sum<T>* __restrict sums, const T* __restrict values, int64_t stride, int64_t n) {
  if (stride == 1)
    for (int64_t i = 0; i < n; ++i) sums[i] += Sum<T>(values[i]);
  else
    for (int64_t i = 0; i < n; ++i) sums[i] += Sum<T>(values[i * stride]);
}

// In lanes, which the compiler makes vectors of.
template <class T>
Sum<T> sum_of_run(const T* values, int64_t n, int64_t step) {
  constexpr int64_t kLanes = 8;
  Sum<T> lanes[kLanes] = {}, sum = 0;
  int64_t i = 0;
  for (; step == 1 && i + kLanes <= n; i += kLanes)
    for (int64_t k = 0; k < kLanes; ++k) lanes[k] += Sum<T>(values[i + k]);
  for (; i < n; ++i) sum += Sum<T>(values[i * step]);
  for (const Sum<T> lane : lanes) sum += lane;
  return sum;
}

template <class T>
void average_pool_of(const Geometry& g, T* out, const T* in, int64_t divisor) {
  const auto by = [&](int64_t z, int64_t y, int64_t x) { return Sum<T>(divisor ? divisor : std::max<int64_t>(g.count(z, y, x), 1)); };
  parallel_for(0, g.rows(), g.row_grain(), [&](int64_t from, int64_t to) {
    std::vector<Sum<T>> sums(static_cast<size_t>(g.rows_slide ? g.out[2] : g.inner));
    if (g.rows_slide) {
      return g.each_row(from, to, [&](int64_t o, int64_t z, int64_t y, int64_t place) {
        std::fill(sums.begin(), sums.end(), Sum<T>(0));
        g.each_row_read(
            z, y, [&](int64_t first, int64_t end, int64_t read) { add(sums.data() + first, in + o * g.in_size() + read, g.stride, end - first); });
        for (int64_t x = 0; x < g.out[2]; ++x) out[place + x] = T(sums[size_t(x)] / by(z, y, x));
      });
    }
    g.each_place(from, to, [&](int64_t o, int64_t z, int64_t y, int64_t x, int64_t place) {
      const T* image = in + o * g.in_size();
      if (g.inner == 1) {
        Sum<T> sum = 0;
        g.each_run(z, y, x, [&](int64_t read, int64_t count, int64_t step) { sum += sum_of_run(image + read, count, step); });
        out[place] = T(sum / by(z, y, x));
        return;
      }
      std::fill(sums.begin(), sums.end(), Sum<T>(0));
      g.each_read(z, y, x, [&](int64_t read) { add(sums.data(), image + read * g.inner, 1, g.inner); });
      for (int64_t c = 0; c < g.inner; ++c) out[place + c] = T(sums[size_t(c)] / by(z, y, x));
    });
  });
}

void average_pool(Tensor& out, const Tensor& in, const Shape& kernel, const Shape& stride, const Shape& padding, bool count_padding,
                  int64_t divisor) {
  const bool last = is_channels_last(in);
  const Geometry g(in, out, last, kernel, stride, padding, nullptr, count_padding);
  const Tensor image = laid_out(in, in.dtype(), last);
  Written means(out, out.dtype(), last);
  if (kernel.empty() && g.inner == 1 && g.out_size() == 1 && g.in_size() > 0 && is_floating_point(in.dtype())) {  // one place for each image
    Tensor mean = alias(means.tensor(), {g.outer, 1}, {1, 1}, means.tensor().storage_offset());
    reduce_kernel(kCPU, ReduceOp::Mean, mean, alias(image, {g.outer, g.in_size()}, {g.in_size(), 1}, image.storage_offset()));
    return means.commit();
  }
  dispatch(in.dtype(), [&]<class T>(T) {
    if constexpr (is_complex_type<T> || std::is_same_v<T, bool>) refuse_dtype("average_pool", in.dtype());
    else average_pool_of(g, means.data<T>(), pointer<T>(image), divisor);
  });
  means.commit();
}

void average_pool_backward(Tensor& grad_in, const Tensor& grad, const Shape& kernel, const Shape& stride, const Shape& padding, bool count_padding,
                           int64_t divisor) {
  const bool last = is_channels_last(grad_in);
  const Geometry g(grad_in, grad, last, kernel, stride, padding, nullptr, count_padding);
  const DType dtype = grad.dtype() == kFloat64 ? kFloat64 : kFloat32;
  const Tensor from = laid_out(grad, dtype, last);
  Written out(grad_in, dtype, last);
  const auto run = [&]<class T>(T) {
    const int64_t rows = g.out[0] * g.out[1];
    each_piece(g, rows * g.out[2] * g.reads, [&](int64_t o, int64_t first, int64_t end) {
      T* image = out.data<T>() + o * g.in_size();
      clear(g, image, first, end);
      if (g.rows_slide) {
        std::vector<T> shares(static_cast<size_t>(g.out[2]));
        return g.each_row(o * rows, (o + 1) * rows, [&](int64_t, int64_t z, int64_t y, int64_t at) {
          for (int64_t x = 0; x < g.out[2]; ++x)
            shares[size_t(x)] = pointer<T>(from)[at + x] / T(divisor ? divisor : std::max<int64_t>(g.count(z, y, x), 1));
          g.each_row_read(z, y, [&](int64_t begin, int64_t stop, int64_t read) {
            T* __restrict to = image + read;
            const T* __restrict share = shares.data() + begin;
            if (g.stride == 1)
              for (int64_t i = 0; i < stop - begin; ++i) to[i] += share[i];
            else
              for (int64_t i = 0; i < stop - begin; ++i) to[i * g.stride] += share[i];
          });
        });
      }
      g.each_place(o * rows, (o + 1) * rows, [&](int64_t, int64_t z, int64_t y, int64_t x, int64_t at) {
        const T by = T(divisor ? divisor : std::max<int64_t>(g.count(z, y, x), 1));
        const T* values = pointer<T>(from) + at;
        if (g.inner == 1)
          return g.each_run(z, y, x, [&, share = values[0] / by](int64_t place, int64_t count, int64_t step) {
            for (int64_t i = 0; i < count; ++i) image[place + i * step] += share;
          });
        g.each_read(z, y, x, [&](int64_t place) {
          for (int64_t c = first; c < end; ++c) image[place * g.inner + c] += values[c] / by;
        });
      });
    });
  };
  if (dtype == kFloat64) run(double());
  else run(float());
  out.commit();
}

}  // namespace

void register_pooling() {
  max_pool_kernel.set(DeviceType::CPU, &max_pool);
  max_pool_backward_kernel.set(DeviceType::CPU, &max_pool_backward);
  average_pool_kernel.set(DeviceType::CPU, &average_pool);
  average_pool_backward_kernel.set(DeviceType::CPU, &average_pool_backward);
}

}  // namespace lazuli::cpu
