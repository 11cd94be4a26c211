// Batch norm of [n, c] or [n, c, l], dense, or channels-last (which is [n * l, c]). Columns: lanes across channels; up to 256 rows, a tile of channels is normalised at once
// while it is in the cache, parallel over tiles; more rows: statistics of blocks of 256 rows, combined in order, then a second pass, parallel over blocks.
// Segments: statistics of groups of images per channel, combined in order, then a second pass.
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "lazuli/backends/cpu/dense.h"
#include "lazuli/backends/cpu/network/normalization.h"
#include "lazuli/backends/cpu/network/normalization_kernels.h"
#include "lazuli/backends/cpu/reduce/reduction_kernels.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kGrain = 16384;  // elements
constexpr int64_t kRows = 256;     // of a block of columns
constexpr int64_t kTile = 128;     // of channels that a thread takes with all their rows
constexpr int64_t kRun = 8192;     // elements of a channel's group of segments

/// How [n, c, spatial..] lies in memory.
struct Layout {
  int64_t n = 0, c = 0, l = 1;
  bool columns = false;  // channels side by side

  // Whether channels-last strides are dense.
  static bool channels_last(const Tensor& t) {
    const Shape &sizes = t.sizes(), &strides = t.strides();
    int64_t expected = sizes[1];
    if (sizes.size() < 3 || strides[1] != 1) return false;
    for (int64_t d = sizes.size() - 1; d >= 0; --d) {
      if (d == 1) continue;
      if (sizes[d] != 1 && strides[d] != expected) return false;
      expected *= sizes[d];
    }
    return true;
  }
  Layout(const Tensor& t, bool last) {
    const Shape& sizes = t.sizes();
    n = sizes[0];
    c = sizes[1];
    for (int64_t d = 2; d < sizes.size(); ++d) l *= sizes[d];
    columns = last || l == 1;
    if (columns) {
      n *= l;
      l = 1;
    }
  }
  int64_t per_channel() const { return n * l; }
};

/// A vector of channels as the compute type, converted from whatever the tensor holds; `fill` where it is undefined.
template <class C>
class Channels {
 public:
  Channels(const Tensor& t, int64_t c, C fill) {
    if (t.defined()) {
      tensor_ = dense(t, dtype_of<C>());
      data_ = pointer<C>(tensor_);
    } else {
      owned_.assign(c, fill);
      data_ = owned_.data();
    }
  }
  const C& operator[](int64_t i) const { return data_[i]; }

 private:
  Tensor tensor_;
  std::vector<C> owned_;
  const C* data_;
};

/// A result per channel.
template <class C>
void write_channels(Tensor& t, const C* values, int64_t c) {
  if (!t.defined()) return;
  const int64_t stride = t.strides()[0];
  dispatch(t.dtype(), [&](auto e) {
    using E = decltype(e);
    E* to = static_cast<E*>(t.address());
    for (int64_t i = 0; i < c; ++i) to[i * stride] = convert<E>(values[i]);
  });
}
template <class C>
void blend_channels(Tensor& t, const C* values, int64_t c, double momentum, double factor) {
  if (!t.defined()) return;
  const int64_t stride = t.strides()[0];
  dispatch(t.dtype(), [&](auto e) {
    using E = decltype(e);
    E* to = static_cast<E*>(t.address());
    if constexpr (is_float_type<E>)
      for (int64_t i = 0; i < c; ++i) to[i * stride] = E(Compute<E>((1 - momentum) * double(to[i * stride]) + momentum * factor * double(values[i])));
  });
}

/// Calls f(first channel, width) for tiles of channels, in parallel where there is enough work.
template <class F>
void for_tiles(const Layout& layout, F&& f) {
  const int64_t tile = std::clamp<int64_t>((layout.c / 2 + 63) / 64 * 64, 64, kTile), tiles = (layout.c + tile - 1) / tile;
  parallel_for(0, tiles, std::max<int64_t>(1, kGrain / std::max<int64_t>(layout.n * tile, 1)), [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) f(i * tile, std::min(tile, layout.c - i * tile));
  });
}

/// Calls f(first row, rows, first channel, width) for blocks of rows and tiles of channels.
template <class F>
void for_blocks(const Layout& layout, F&& f) {
  const int64_t blocks = (layout.n + kRows - 1) / kRows;
  parallel_for(0, blocks, std::max<int64_t>(1, kGrain / (kRows * layout.c)), [&](int64_t from, int64_t to) {
    for (int64_t b = from; b < to; ++b)
      for (int64_t j = 0; j < layout.c; j += kNormTile) f(b * kRows, std::min(kRows, layout.n - b * kRows), j, std::min(kNormTile, layout.c - j));
  });
}

/// Calls f(group, channel, first image, images) for groups of images of each channel; `groups` of them.
struct Groups {
  int64_t images, count;
  explicit Groups(const Layout& layout) : images(std::clamp<int64_t>(kRun / layout.l, 1, layout.n)), count((layout.n + images - 1) / images) {}
};
template <class F>
void for_groups(const Layout& layout, const Groups& groups, F&& f) {
  parallel_for(0, groups.count * layout.c, std::max<int64_t>(1, kGrain / (groups.images * layout.l)), [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) {
      const int64_t group = i / layout.c, first = group * groups.images;
      f(group, i % layout.c, first, std::min(groups.images, layout.n - first));
    }
  });
}

/// In memory order for the passes that write: f(image, channel).
template <class F>
void for_segments(const Layout& layout, F&& f) {
  parallel_for(0, layout.n * layout.c, std::max<int64_t>(1, kGrain / layout.l), [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) f(i / layout.c, i % layout.c);
  });
}

template <class T>
struct Forward {
  using C = Compute<T>;
  const BatchNormLoops<T>& loops = batch_norm_loops<T>();
  const Layout& layout;
  T* out;
  const T* in;
  const Channels<C>&weight, &bias;
  double eps;
  C *mean, *m2, *rstd;  // m2: the variance in the end
  bool relu = false;
  const T* residual = nullptr;  // with relu; may be null

  // From mean and m2 of all elements to variance, rstd, scale and shift.
  void finish(int64_t j) const {
    m2[j] /= C(layout.per_channel());
    rstd[j] = C(1 / std::sqrt(double(m2[j]) + eps));
  }
  void affine(int64_t row, int64_t rows, int64_t first, int64_t width) const {
    C scale[kNormTile], shift[kNormTile];
    for (int64_t j = 0; j < width; ++j) {
      scale[j] = rstd[first + j] * weight[first + j];
      shift[j] = bias[first + j];
    }
    const int64_t at = row * layout.c + first;
    if (relu) loops.column_affine_relu(out + at, in + at, residual ? residual + at : nullptr, rows, layout.c, width, mean + first, scale, shift);
    else loops.column_affine(out + at, in + at, rows, layout.c, width, mean + first, scale, shift);
  }
  void normalise() const {
    if (layout.columns) return for_blocks(layout, [&](int64_t row, int64_t rows, int64_t first, int64_t width) { affine(row, rows, first, width); });
    for_segments(layout, [&](int64_t i, int64_t j) {
      const int64_t at = (i * layout.c + j) * layout.l;
      if (relu) loops.segment_affine_relu(out + at, in + at, residual ? residual + at : nullptr, layout.l, mean[j], rstd[j] * weight[j], bias[j]);
      else loops.segment_affine(out + at, in + at, 1, 0, layout.l, mean[j], rstd[j] * weight[j], bias[j]);
    });
  }

  void train() const {
    if (layout.columns && layout.n <= kRows) {
      return for_tiles(layout, [&](int64_t first, int64_t width) {
        loops.column_stats(in + first, layout.n, layout.c, width, mean + first, m2 + first);
        for (int64_t j = first; j < first + width; ++j) finish(j);
        affine(0, layout.n, first, width);
      });
    }
    std::unique_ptr<MomentState[]> parts;
    int64_t count;
    if (layout.columns) {
      count = (layout.n + kRows - 1) / kRows;
      parts.reset(new MomentState[count * layout.c]);
      const ReduceKernel& moments = moment_kernel(dtype_of<T>());
      for_blocks(layout, [&](int64_t row, int64_t rows, int64_t first, int64_t width) {
        MomentState* part = parts.get() + row / kRows * layout.c + first;
        moments.init(part, width);
        moments.columns(part, in + row * layout.c + first, rows, layout.c, width);
      });
    } else {
      const Groups groups(layout);
      count = groups.count;
      parts.reset(new MomentState[count * layout.c]);
      for_groups(layout, groups, [&](int64_t group, int64_t j, int64_t first, int64_t images) {
        const auto s = loops.segment_stats(in + (first * layout.c + j) * layout.l, images, layout.c * layout.l, layout.l);
        parts[group * layout.c + j] = {double(images * layout.l), s.first, s.second};
      });
    }
    parallel_for(0, layout.c, std::max<int64_t>(1, 1024 / count), [&](int64_t from, int64_t to) {
      for (int64_t j = from; j < to; ++j) {
        MomentState total = parts[j];
        for (int64_t p = 1; p < count; ++p) total.add(parts[p * layout.c + j]);
        mean[j] = C(total.mean);
        m2[j] = C(total.m2);
        finish(j);
      }
    });
    normalise();
  }
};

template <class T>
struct Backward {
  using C = Compute<T>;
  const BatchNormLoops<T>& loops = batch_norm_loops<T>();
  const Layout& layout;
  T* grad_in;  // may be null
  const T *grad, *in;
  const Channels<C>&mean, &rstd, &weight;
  bool training;
  double *sum, *deviation;  // sum(grad), sum(grad * (in - mean)) by channel
  // Through a ReLU: what it gave, and where the gradient before it goes; grad_in may be the same place. Null without one.
  const T* out = nullptr;
  T* masked = nullptr;

  struct Factors {
    C a, b, c;
  };
  // grad_in = a (grad - b - c (in - mean)): a = w rstd, b = sum(grad) / n, c = rstd^2 sum(grad (in - mean)) / n; in evaluation b = c = 0
  Factors factors(int64_t j) const {
    const double n = double(layout.per_channel()), r = rstd[j];
    return {C(rstd[j] * weight[j]), training ? C(sum[j] / n) : C(0), training ? C(r * r * deviation[j] / n) : C(0)};
  }
  void columns(int64_t row, int64_t rows, int64_t first, int64_t width) const {
    C a[kNormTile], b[kNormTile], c[kNormTile];
    for (int64_t j = 0; j < width; ++j) {
      const Factors f = factors(first + j);
      a[j] = f.a, b[j] = f.b, c[j] = f.c;
    }
    const int64_t at = row * layout.c + first;
    loops.column_grad_in(grad_in + at, (masked ? masked : grad) + at, in + at, rows, layout.c, width, &mean[first], a, b, c);
  }
  void column_sums(int64_t row, int64_t rows, int64_t first, int64_t width, double* sums, double* deviations) const {
    C s[kNormTile], d[kNormTile];
    const int64_t at = row * layout.c + first;
    if (masked) loops.column_relu_sums(masked + at, grad + at, out + at, in + at, rows, layout.c, width, &mean[first], s, d);
    else loops.column_grad_sums(grad + at, in + at, rows, layout.c, width, &mean[first], s, d);
    for (int64_t j = 0; j < width; ++j) {
      sums[first + j] = s[j];
      deviations[first + j] = d[j];
    }
  }

  void run(bool need_sums) const {
    if (layout.columns && layout.n <= kRows) {
      return for_tiles(layout, [&](int64_t first, int64_t width) {
        if (need_sums) column_sums(0, layout.n, first, width, sum, deviation);
        if (grad_in) columns(0, layout.n, first, width);
      });
    }
    if (need_sums) {
      const Groups groups(layout);
      const int64_t count = layout.columns ? (layout.n + kRows - 1) / kRows : groups.count, c = layout.c;
      std::unique_ptr<double[]> parts(new double[count * 2 * c]);
      if (layout.columns) {
        for_blocks(layout, [&](int64_t row, int64_t rows, int64_t first, int64_t width) {
          double* part = parts.get() + row / kRows * 2 * c;
          column_sums(row, rows, first, width, part, part + c);
        });
      } else {
        for_groups(layout, groups, [&](int64_t group, int64_t j, int64_t first, int64_t images) {
          const int64_t at = (first * c + j) * layout.l;
          const auto s = masked ? loops.segment_relu_sums(masked + at, grad + at, out + at, in + at, images, c * layout.l, layout.l, mean[j])
                                : loops.segment_grad_sums(grad + at, in + at, images, c * layout.l, layout.l, mean[j]);
          parts[group * 2 * c + j] = s.first;
          parts[group * 2 * c + c + j] = s.second;
        });
      }
      std::fill_n(sum, c, 0.0);
      std::fill_n(deviation, c, 0.0);
      for (int64_t p = 0; p < count; ++p)
        for (int64_t j = 0; j < c; ++j) {
          sum[j] += parts[p * 2 * c + j];
          deviation[j] += parts[p * 2 * c + c + j];
        }
    }
    if (!grad_in) return;
    if (layout.columns) return for_blocks(layout, [&](int64_t row, int64_t rows, int64_t first, int64_t width) { columns(row, rows, first, width); });
    for_segments(layout, [&](int64_t i, int64_t j) {
      const int64_t at = (i * layout.c + j) * layout.l;
      const Factors f = factors(j);
      loops.segment_grad_in(grad_in + at, (masked ? masked : grad) + at, in + at, 1, 0, layout.l, mean[j], f.a, f.b, f.c);
    });
  }
};

/// The output in the layout that was chosen: itself or a contiguous stand-in.
struct Result {
  Tensor& out;
  Tensor tensor;
  Result(Tensor& o, bool last) : out(o), tensor(!o.defined() || last || o.is_contiguous() ? o : new_tensor(o.sizes(), o.dtype())) {}
  void commit() {
    if (tensor.defined() && !tensor.is_same(out)) copy_kernel(kCPU, out, tensor);
  }
};

/// `t` in the layout that was chosen, and of `dtype`.
Tensor laid_out(const Tensor& t, bool last, DType dtype) {
  if (!last || !t.defined()) return t.defined() ? dense(t, dtype) : t;
  if (Layout::channels_last(t) && t.dtype() == dtype) return t;
  Tensor copy = new_strided(t.sizes(), channels_last_strides(t.sizes()), dtype);
  copy_kernel(kCPU, copy, t);
  return copy;
}

void normalise(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, bool relu, const Tensor& residual, const Tensor& weight, const Tensor& bias,
               Tensor& running_mean, Tensor& running_var, bool training, double momentum, double eps) {
  for_float("batch_norm", in.dtype(), [&](auto t) {
    using T = decltype(t);
    using C = Compute<T>;
    const bool last = Layout::channels_last(in) && Layout::channels_last(out);
    const Layout layout(in, last);
    if (in.numel() == 0) return;
    const Tensor x = last ? in : dense(in), added = laid_out(residual, last, in.dtype());
    Result y(out, last);
    const Channels<C> w(weight, layout.c, C(1)), b(bias, layout.c, C(0));
    std::unique_ptr<C[]> stats(new C[3 * layout.c]);
    C *means = stats.get(), *vars = means + layout.c, *rstds = vars + layout.c;
    const Forward<T> forward{.layout = layout,
                             .out = pointer<T>(y.tensor),
                             .in = pointer<T>(x),
                             .weight = w,
                             .bias = b,
                             .eps = eps,
                             .mean = means,
                             .m2 = vars,
                             .rstd = rstds,
                             .relu = relu,
                             .residual = pointer<T>(added)};
    if (training) {
      forward.train();
      const double n = double(layout.per_channel());
      blend_channels(running_mean, means, layout.c, momentum, 1);
      blend_channels(running_var, vars, layout.c, momentum, n / (n - 1));
    } else {
      const Channels<C> m(running_mean, layout.c, C(0)), v(running_var, layout.c, C(1));
      for (int64_t j = 0; j < layout.c; ++j) {
        means[j] = m[j];
        rstds[j] = C(1 / std::sqrt(double(v[j]) + eps));
      }
      forward.normalise();
    }
    write_channels(mean, means, layout.c);
    write_channels(rstd, rstds, layout.c);
    y.commit();
  });
}

// `out` undefined: without a ReLU. Else `grad_before`, which is defined then, becomes the gradient before it.
void gradients(Tensor& grad_in, Tensor& grad_before, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& out, const Tensor& in,
               const Tensor& mean, const Tensor& rstd, const Tensor& weight, bool training) {
  for_float("batch_norm_backward", in.dtype(), [&](auto t) {
    using T = decltype(t);
    using C = Compute<T>;
    const bool last = Layout::channels_last(in) && Layout::channels_last(grad) && (!grad_in.defined() || Layout::channels_last(grad_in)) &&
                      (!grad_before.defined() || Layout::channels_last(grad_before));
    const Layout layout(in, last);
    std::vector<double> sums(2 * layout.c);
    const Channels<C> m(mean, layout.c, C(0)), r(rstd, layout.c, C(1)), w(weight, layout.c, C(1));
    if (in.numel() > 0) {
      const Tensor x = last ? in : dense(in), g = laid_out(grad, last, in.dtype()), y = laid_out(out, last, in.dtype());
      Result result(grad_in, last), before(grad_before, last);
      const bool shared = grad_before.defined() && grad_in.defined() && grad_before.is_same(grad_in);
      const Backward<T> backward{.layout = layout,
                                 .grad_in = pointer<T>(result.tensor),
                                 .grad = pointer<T>(g),
                                 .in = pointer<T>(x),
                                 .mean = m,
                                 .rstd = r,
                                 .weight = w,
                                 .training = training,
                                 .sum = sums.data(),
                                 .deviation = sums.data() + layout.c,
                                 .out = pointer<T>(y),
                                 .masked = pointer<T>(shared ? result.tensor : before.tensor)};
      backward.run(training || out.defined() || grad_weight.defined() || grad_bias.defined());
      result.commit();
      if (!shared) before.commit();
    }
    for (int64_t j = 0; j < layout.c; ++j) sums[layout.c + j] *= double(r[j]);
    write_channels(grad_weight, sums.data() + layout.c, layout.c);
    write_channels(grad_bias, sums.data(), layout.c);
  });
}

}  // namespace

void batch_norm(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, Tensor& running_mean,
                Tensor& running_var, bool training, double momentum, double eps) {
  normalise(out, mean, rstd, in, false, Tensor(), weight, bias, running_mean, running_var, training, momentum, eps);
}
void batch_norm_relu(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& residual, const Tensor& weight, const Tensor& bias,
                     Tensor& running_mean, Tensor& running_var, bool training, double momentum, double eps) {
  normalise(out, mean, rstd, in, true, residual, weight, bias, running_mean, running_var, training, momentum, eps);
}

void batch_norm_backward(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                         const Tensor& rstd, const Tensor& weight, bool training) {
  Tensor none_before;
  gradients(grad_in, none_before, grad_weight, grad_bias, grad, Tensor(), in, mean, rstd, weight, training);
}
void batch_norm_relu_backward(Tensor& grad_in, Tensor& grad_residual, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& out,
                              const Tensor& in, const Tensor& mean, const Tensor& rstd, const Tensor& weight, bool training) {
  Tensor before = grad_residual.defined() ? grad_residual : grad_in;  // from the gradient before the ReLU to that of the input in one place
  if (!before.defined()) before = new_strided(in.sizes(), in.strides(), in.dtype());
  gradients(grad_in, before, grad_weight, grad_bias, grad, out, in, mean, rstd, weight, training);
}

}  // namespace lazuli::cpu
